"""Who came back between an erasure and its proof: what is theirs anew is no trace of before.

Somebody may sign up again a second later, or buy something under the number they had. Their new
rows are lawful; a copy of before in a place that nobody declared still stands in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Lower

from akkoord.datamap.declaration import Whose, declarations
from akkoord.datamap.needles import Kind, Needles, fold
from akkoord.datamap.scan import FILES, Hit
from akkoord.datamap.waiting import reader_of
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.rights.search import needles_without, of_the_house, without_somebody_elses

OF_THE_HOUSE = frozenset({"accounts_staff", "register_organisation"})


@dataclass(frozen=True, slots=True)
class Parted:
    """`gone`: what is nobody's any more, and may stand nowhere. `returned`: what somebody has
    since, and may stand where people's data stands. `stores`: where it is somebody's now."""

    gone: Needles
    returned: Needles
    stores: frozenset[str]


def part_returned(needles: Needles, people: Sequence[UUID]) -> Parted:
    """Part what these people, who are erased, were known by from what somebody has now."""
    gone, stores = without_somebody_elses(needles, people)
    gone, has_devices = needles_without(gone, _devices(gone, people))
    numbers = _numbers(gone, people)
    gone = replace(gone, texts=gone.texts - numbers)
    stores |= {"people_contactpoint"} if has_devices else set()
    stores |= {"people_person"} if numbers else set()
    returned = Needles(
        texts=needles.texts - gone.texts,
        phones=needles.phones - gone.phones,
        residences=needles.residences - gone.residences,
        hashes=needles.hashes - gone.hashes,
        spellings=needles.spellings - gone.spellings,
    )
    if stores & OF_THE_HOUSE:  # written on every letter and page: such an address is no trace
        returned, _found = needles_without(returned, of_the_house(returned, people))
    return Parted(gone, returned, stores)


def _devices(needles: Needles, people: Sequence[UUID]) -> set[str]:
    """The end-points of push messages, as they are looked for, at which somebody reads now: a
    browser that says yes again gets the same one."""
    if not any(kind is Kind.PUSH for kind, _text in needles.texts):
        return set()
    points = ContactPoint.objects.filter(keyed_hash__in=needles.hashes, channel=Channel.PUSH)
    found = set(points.exclude(person_id__in=people).values_list("normalised", flat=True))
    return found | {each.lower() for each in found}


def _numbers(needles: Needles, people: Sequence[UUID]) -> frozenset[tuple[Kind, str]]:
    """The customer numbers of these that somebody has now."""
    wanted = {each for each in needles.texts if each[0] is Kind.CUSTOMER_NUMBER}
    if not wanted:
        return frozenset()
    low = Person.objects.alias(low=Lower("customer_number")).exclude(id__in=people)
    found = low.filter(low__in=[text for _kind, text in wanted])
    numbers = {fold(each) for each in found.values_list("customer_number", flat=True)}
    return frozenset(each for each in wanted if each[1] in numbers)


def strays(hits: Sequence[Hit]) -> list[Hit]:
    """Of what was found of who came back, what stands where no data of people should."""
    cells = {
        (each.table, column)
        for each in declarations()
        for column in (
            *(each.columns if each.whose is Whose.PERSON else ()),
            *each.may_name,
            *each.hashes,
        )
    }
    return [
        each
        for each in hits
        if (each.store, each.place) not in cells and not (each.store == FILES and _waits(each))
    ]


def _waits(hit: Hit) -> bool:
    return reader_of(Path(settings.DATA_DIR) / hit.place) is not None
