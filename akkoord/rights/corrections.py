"""What was corrected of whom, and to what: for the companies that got it (art. 16, 19; INV-37).

The trail knows which fields were corrected, never to what; the new value stands in the record. So
whoever corrects, the person on their own page or staff, the companies hear it by themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from akkoord.datamap.ids import first_id
from akkoord.law.request_rules import RequestKind
from akkoord.people.models import ContactPoint, OwnFieldValue, Person, PersonAlias, PostalAddress
from akkoord.rights.models import CorrectionMark, RecipientNotice, RequestPart, RightsRequest
from akkoord.rights.recipients import tell_recipients
from akkoord.trail.models import Change

AT_ONCE = 1000
SETTLED = timedelta(minutes=10)  # what was begun before this was written down, or never will be
Changes = Mapping[UUID, Mapping[str, str]]
# The columns of a postal address are one thing to who prints it on an envelope.
_PARTS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("street", "house_number", "postcode", "city", "country"), "address")
)
_OF_PERSON = ("given_name", "family_name", "language")


def corrected(
    *, since: datetime, until: datetime, person_ids: Sequence[UUID] | None = None
) -> dict[UUID, dict[str, str]]:
    """The new values of what was corrected in this time, by person and field; a few statements.

    `person_ids`: only of these; None: of everybody. What was emptied has an empty new value. What
    was corrected in a record that was joined since is of the record that stayed.
    """
    fields: dict[UUID, set[str]] = defaultdict(set)
    told = Change.objects.filter(
        action="person.correct",
        at__gt=since,
        at__lte=until,
        id__gte=first_id(since),
        subject_id__isnull=False,
    )
    moved = ContactPoint.objects.filter(
        Q(source="address-change"), verified_at__gt=since, verified_at__lte=until
    )
    if person_ids is not None:
        former = PersonAlias.objects.filter(person_id__in=person_ids).values_list("old_id")
        told = told.filter(Q(subject_id__in=person_ids) | Q(subject_id__in=former))
        moved = moved.filter(person_id__in=person_ids)
    changes = list(told.values_list("subject_id", "fields"))
    joined = dict(
        PersonAlias.objects.filter(old_id__in={person for person, _names in changes}).values_list(
            "old_id", "person_id"
        )
    )
    for person, names in changes:
        if person is not None:
            fields[joined.get(person, person)] |= {_PARTS.get(each, each) for each in names}
    for person, channel in moved.values_list("person_id", "channel"):
        fields[person].add(channel)
    values = _values(list(fields))
    return {
        person: {name: values[person].get(name, "") for name in sorted(names)}
        for person, names in fields.items()
        if person in values
    }


def _values(person_ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Every field of these people as it is now; four statements."""
    found: dict[UUID, dict[str, str]] = {}
    for each in Person.objects.filter(id__in=person_ids):
        found[each.id] = {name: getattr(each, name) for name in _OF_PERSON}
    for door in PostalAddress.objects.filter(person_id__in=person_ids, ended_at=None):
        line = f"{door.street} {door.house_number}, {door.postcode} {door.city}"
        found[door.person_id]["address"] = line.strip(" ,")
    points = ContactPoint.objects.filter(
        person_id__in=person_ids, ended_at=None, channel__in=["email", "phone"]
    )
    for person, channel, value in points.order_by("created_at").values_list(
        "person_id", "channel", "value"
    ):
        found[person][channel] = value
    own = OwnFieldValue.objects.filter(person_id__in=person_ids)
    for person, key, value in own.values_list("person_id", "field__key", "value"):
        found[person][key] = value
    return found


@transaction.atomic
def tell_corrections(*, at: datetime) -> int:
    """Tell the companies what was corrected since the last time; how many notices.

    One notice per company for a thousand people. What a request for correction is about waits for
    that request: its answer tells them. The first time only notes where to begin. The last minutes
    wait for the next time: a correction says when it was begun, and is seen when it is committed.
    """
    until = at - SETTLED
    mark, is_new = CorrectionMark.objects.select_for_update().get_or_create(
        id=1, defaults={"until": until}
    )
    if is_new or until <= mark.until:
        return 0
    changes = corrected(since=mark.until, until=until)
    for person in _told_by_a_request(changes, since=mark.until):
        changes.pop(person, None)
    people = sorted(changes)
    count = 0
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        count += tell_recipients(
            kind=RecipientNotice.Kind.RECTIFICATION,
            person_ids=some,
            at=at,
            changes={each: changes[each] for each in some},
        )
    mark.until = until
    mark.save(update_fields=["until"])
    return count


def _told_by_a_request(people: Iterable[UUID], *, since: datetime) -> set[UUID]:
    """Who of these asks for a correction that is open, or was answered in this time."""
    parts = RequestPart.objects.filter(
        Q(state=RequestPart.State.OPEN) | Q(decided_at__gt=since),
        kind=RequestKind.RECTIFICATION,
        request__subject_id__in=list(people),
    ).exclude(request__state=RightsRequest.State.WAITING_IDENTITY)
    found = parts.values_list("request__subject_id", flat=True)
    return {each for each in found if each is not None}
