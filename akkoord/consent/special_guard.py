"""Who may see that somebody has something in a field of a special category (INV-32).

That there is a yes to "allergy" tells of an allergy. So its paper, its event and what was noted of
a reading are for the one role too, by the latest decision over the field, open or not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from akkoord.consent.models import EvidenceFile, PermissionEvent, SpecialValue
from akkoord.people.queries import all_ids
from akkoord.register.exception_models import SPECIAL
from akkoord.register.exception_words import ROLES
from akkoord.register.models import FieldException, PersonalDataField
from akkoord.trail.models import Change

ACTS = "special."
"""How the acts begin that are noted of these fields."""


def may_see_event(event_id: UUID, role: str) -> bool:
    """Whether this role may see what an event of the ledger says; three queries at most."""
    acts = Change.objects.filter(
        id=event_id, action__startswith=ACTS, subject_id__isnull=False
    ).values_list("fields", flat=True)
    said = _events().filter(id=event_id)
    return _lets({key for keys in acts for key in keys} | _keys(said), role)


def may_see_file(file: EvidenceFile, role: str) -> bool:
    """Whether this role may see a paper; three queries at most."""
    if file.person_id is None:  # a list of several is never an explicit yes to a field
        return True
    mine = _events().filter(person_ref__in=all_ids(file.person_id), evidence__file=str(file.id))
    return _lets(_keys(mine), role)


def papers_apart(person_ids: Sequence[UUID]) -> frozenset[str]:
    """The files behind what these people said about such fields; one query."""
    mine = _events().filter(person_ref__in=list(person_ids), evidence__has_key="file")
    return frozenset(mine.values_list("evidence__file", flat=True))


@dataclass(frozen=True, slots=True)
class Sealed:
    """In which fields something is kept, for the people themselves, and who else may see that."""

    fields: tuple[str, ...]
    roles: tuple[str, ...]


def sealed_of(person_ids: Sequence[UUID]) -> Sealed:
    """What a preview of an erasure must be able to name; no value is opened; two queries."""
    fields = PersonalDataField.objects.filter(
        id__in=SpecialValue.objects.filter(person_id__in=list(person_ids)).values("field_id")
    ).order_by("key")
    found = list(fields)
    last = _latest(FieldException.objects.filter(field__in=found)) if found else []
    return Sealed(
        tuple(each.name for each in found),
        tuple(sorted({str(ROLES.get(each.seen_by, each.seen_by)) for each in last})),
    )


def _events() -> QuerySet[PermissionEvent]:
    return PermissionEvent.objects.filter(
        purpose_version__purpose__activity_key__startswith=SPECIAL
    )


def _keys(events: QuerySet[PermissionEvent]) -> set[str]:
    slugs = events.values_list("purpose_version__purpose__slug", flat=True)
    return {slug.removeprefix(SPECIAL) for slug in slugs}


def _lets(keys: Collection[str], role: str) -> bool:
    """Whether each of these fields is, or was at last, opened to this role."""
    if not keys:
        return True
    last = _latest(FieldException.objects.filter(field__key__in=keys))
    return {each.seen_by for each in last} == {role}


def _latest(exceptions: QuerySet[FieldException]) -> QuerySet[FieldException]:
    """The latest decision over each field."""
    return exceptions.order_by("field_id", "-made_at").distinct("field_id")
