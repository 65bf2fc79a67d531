"""Whom the lines of a list mean: a few queries however many lines there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from akkoord.datamap.holds import holds_on
from akkoord.law.list_rules import left_out
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person, PersonAlias
from akkoord.rights.list_models import ErasureListRow
from akkoord.rights.list_reading import Cell, ListLine
from akkoord.rights.models import RightsRequest

Outcome = ErasureListRow.Outcome
_CHANNELS = {
    Cell.EMAIL: (Channel.EMAIL,),
    Cell.PHONE: (Channel.PHONE, Channel.SMS),
}


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """What became of one line; by which kinds of cell it was looked up."""

    line: int
    column: str
    outcome: str
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People on a list who stay for now: held for a claim, frozen, or waiting for an answer."""

    held: frozenset[UUID]
    frozen: frozenset[UUID]
    waiting: frozenset[UUID]

    @property
    def everybody(self) -> frozenset[UUID]:
        """All of them."""
        return self.held | self.frozen | self.waiting


def match_lines(lines: Sequence[ListLine], seen: set[UUID] | None = None) -> list[MatchedLine]:
    """Each line with whom it means; somebody is meant once, by their first line.

    `seen`: who was meant before, by an earlier part of the same file; it grows.
    """
    people = _people_by(lines)
    seen = set() if seen is None else seen
    matched = []
    for line in lines:
        found = _match(line, people, seen)
        if found.person_id is not None:
            seen.add(found.person_id)
        matched.append(found)
    return matched


def _match(
    line: ListLine, people: Mapping[tuple[Cell, str], set[UUID]], seen: Collection[UUID]
) -> MatchedLine:
    """Somebody is found only when everything that the line says leads to them, and to nobody else:
    a wrong cell would have somebody else forgotten for good."""
    if not line.clues:
        return MatchedLine(line.line, "", Outcome.UNREADABLE)
    who = [people.get(clue, set()) for clue in line.clues]
    meant = set[UUID]().union(*who)
    told = line.clues[0][0].value
    if not meant:
        return MatchedLine(line.line, told, Outcome.NOT_FOUND)
    if len(meant) > 1:
        return MatchedLine(line.line, told, Outcome.SEVERAL)
    if not line.is_one and not all(who):
        nobodys = line.clues[who.index(set())][0].value
        return MatchedLine(line.line, nobodys, Outcome.IN_PART)
    if meant & set(seen):
        return MatchedLine(line.line, told, Outcome.DOUBLE)
    return MatchedLine(line.line, told, Outcome.FOUND, *meant)


def _people_by(lines: Iterable[ListLine]) -> dict[tuple[Cell, str], set[UUID]]:
    """Who is meant by each address, number and reference."""
    wanted: dict[Cell, set[str]] = defaultdict(set)
    for line in lines:
        for cell, text in line.clues:
            wanted[cell].add(text)
    found: dict[tuple[Cell, str], set[UUID]] = defaultdict(set)
    for cell, channels in _CHANNELS.items():
        for text, people in _by_address(wanted[cell], channels).items():
            found[cell, text] |= people
    numbers = Person.objects.filter(customer_number__in=wanted[Cell.NUMBER])
    for number, person in numbers.values_list("customer_number", "id"):
        found[Cell.NUMBER, number].add(person)
    for text, person in _by_reference(wanted[Cell.REFERENCE]):
        found[Cell.REFERENCE, text].add(person)
    return found


def _by_address(texts: set[str], channels: Sequence[str]) -> dict[str, set[UUID]]:
    """Whose address it is now; whose it was only when it is nobody's any more."""
    if not texts:
        return {}
    living: dict[str, set[UUID]] = defaultdict(set)
    former: dict[str, set[UUID]] = defaultdict(set)
    points = ContactPoint.objects.filter(normalised__in=texts, channel__in=channels)
    for text, ended, person in points.values_list("normalised", "ended_at", "person_id"):
        (living if ended is None else former)[text].add(person)
    return former | living


def _by_reference(texts: set[str]) -> list[tuple[str, UUID]]:
    """A person's own id, a former one, or the reference of a request of theirs."""
    ids = [UUID(each) for each in texts if not each.startswith("AK-")]
    found = [(str(each), each) for each in _known(ids)]
    aliases = PersonAlias.objects.filter(old_id__in=ids)
    found += [(str(old), new) for old, new in aliases.values_list("old_id", "person_id")]
    requests = RightsRequest.objects.filter(
        reference__in=[each for each in texts if each.startswith("AK-")], subject_id__isnull=False
    )
    rows = requests.values_list("reference", "subject_id")
    return found + [(reference, who) for reference, who in rows if who is not None]


def _known(ids: Sequence[UUID]) -> list[UUID]:
    return list(Person.objects.filter(id__in=ids).values_list("id", flat=True)) if ids else []


def left_out_of(people: Sequence[UUID]) -> LeftOut:
    """Who of these stays for now, each for the first reason that holds; three queries."""
    held = {each.person_id for each in holds_on(people)} & set(people)
    frozen = set(
        Person.objects.filter(id__in=people, restricted_at__isnull=False).values_list(
            "id", flat=True
        )
    )
    asked: dict[UUID, set[str]] = defaultdict(set)
    open_ones = RightsRequest.objects.filter(
        subject_id__in=people, state=RightsRequest.State.OPEN, subject_id__isnull=False
    )
    for person, kinds in open_ones.values_list("subject_id", "kinds"):
        if person is not None:
            asked[person].update(kinds)
    waiting = {person for person, kinds in asked.items() if left_out(kinds)}
    return LeftOut(
        held=frozenset(held),
        frozen=frozenset(frozen - held),
        waiting=frozenset(waiting - frozen - held),
    )
