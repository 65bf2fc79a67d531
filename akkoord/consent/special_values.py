"""What is kept in fields of special categories: written, read, closed and cleared (INV-32).

One role reads and writes it, while the exception is open and what it rests on holds for the very
person; each reading stands in the trail. The guard asks the day and the yes itself, each time:
when either ends the field is closed at once, and the night takes what is left.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.accounts.models import Staff
from akkoord.consent.special_fit import fit_people, not_fit_sentence, written_under
from akkoord.consent.special_models import SpecialValue
from akkoord.datamap.holds import held_people
from akkoord.datamap.ids import uuid7
from akkoord.datamap.sealed_values import ValueGone, open_value, seal_value
from akkoord.law.exception_rules import Asks
from akkoord.law.field_rules import fits, stored_as
from akkoord.law.person_traces import traces_in
from akkoord.law.sensitive import classes_in
from akkoord.law.terms import law_day
from akkoord.people.models import Person
from akkoord.people.own_values import WRONG
from akkoord.register.exception_queries import open_exception, open_exceptions, rule_of
from akkoord.register.models import FieldException, PersonalDataField
from akkoord.trail.actions import Actor, record_change

LONGEST = 200
AT_ONCE = 1000  # rows in one statement


class SpecialRefused(Exception):
    """A value that may not be written or read; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of somebody in one field, opened. `where`: where they made it public.

    `is_gone`: the key does not open it any more; it stands there, so it is named all the same.
    """

    field: PersonalDataField
    value: str
    where: str
    is_gone: bool = False

    @property
    def shown(self) -> str:
        """The value in the reader's language."""
        return _("no longer readable") if self.is_gone else self.field.shown(self.value)


@transaction.atomic
def write_value(
    *,
    person_id: UUID,
    field_key: str,
    value: str,
    at: datetime,
    actor: Actor,
    where: str = "",
) -> None:
    """Write what somebody's answer is, or take it away when it is empty.

    Refuses who is not of the one role, a field that is closed, a person for whom what the
    exception rests on does not hold, and a value of another kind, with a number in it or that
    names somebody. Of who is frozen or held for a claim nothing that stands there is changed or
    taken away (art. 17(3)(e), 18).
    """
    exception = _open_for(field_key, actor, at=at)
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise SpecialRefused("", _("This person is no longer there."))
    _refuse_touching(person, exception)
    value = value.strip()
    if not value:
        SpecialValue.objects.filter(person=person, field=exception.field).delete()
    else:
        _refuse_value(exception, value, where)
        if person.id not in fit_people(exception, [person.id], at=at):
            raise SpecialRefused("", not_fit_sentence(exception))
        keep(exception.field, person.id, value, where=where, source="staff", at=at)
    _note("special.write", person_id, [field_key], at=at, actor=actor)


def _refuse_touching(person: Person, exception: FieldException) -> None:
    """A freeze leaves everything as it is; a hold leaves what stands there."""
    if person.restricted_at is not None:
        raise SpecialRefused("", _("This record is frozen: nothing may be written (art. 18)."))
    stands = SpecialValue.objects.filter(person=person, field=exception.field)
    if stands.exists() and person.id in held_people():
        raise SpecialRefused(
            "",
            _(
                "This person is held for a legal claim. What stands here stays as it is until "
                "the hold is lifted (art. 17(3)(e))."
            ),
        )


def keep(
    field: PersonalDataField,
    person_id: UUID,
    value: str,
    *,
    at: datetime,
    source: str,
    where: str = "",
) -> None:
    """Seal a value that was judged, in the caller's transaction; the one before goes."""
    SpecialValue.objects.filter(person_id=person_id, field=field).delete()
    _sealed(field, person_id, value, at=at, source=source, where=where).save(force_insert=True)


def keep_new(
    field: PersonalDataField, values: Iterable[tuple[UUID, str]], *, at: datetime, source: str
) -> None:
    """The same for many people who have no value here yet, in few statements."""
    rows = (_sealed(field, person, value, at=at, source=source) for person, value in values)
    while batch := list(islice(rows, AT_ONCE)):
        SpecialValue.objects.bulk_create(batch)


def _sealed(
    field: PersonalDataField,
    person_id: UUID,
    value: str,
    *,
    at: datetime,
    source: str,
    where: str = "",
) -> SpecialValue:
    key = uuid7()
    packed = {"value": stored_as(field.value_kind, value), "where": where.strip()[:LONGEST]}
    sealed = seal_value(json.dumps(packed), row_id=key)
    return SpecialValue(
        id=key,
        person_id=person_id,
        field=field,
        sealed=sealed.sealed,
        wrapped_key=sealed.wrapped_key,
        source=source,
        updated_at=at,
    )


def value_problem(exception: FieldException, value: str) -> str:
    """Why this value may not be kept in this field; empty: it may."""
    field = exception.field
    if not fits(field.value_kind, value, field.choices_nl):
        return str(WRONG[field.value_kind]())
    if len(value) > LONGEST:
        return _("At most 200 characters: only what you need.")
    if classes_in(value, header=field.name_nl) - {exception.kind}:
        return _(
            "This says more than this field is for. The exception opens one kind of data, and "
            "never a BSN or data about crimes."
        )
    if any(traces_in(value)):
        return _("This holds an address or a number. Write down only what you need to know.")
    return ""


def _refuse_value(exception: FieldException, value: str, where: str) -> None:
    if problem := value_problem(exception, value):
        raise SpecialRefused("value", problem)
    if rule_of(exception).asks is Asks.SOURCE and not where.strip():
        raise SpecialRefused("where", _("Write down where they made this public themselves."))
    if classes_in(where) - {exception.kind}:
        raise SpecialRefused("where", _("Only where it stands, such as the address of a page."))


def _open_for(field_key: str, actor: Actor, *, at: datetime) -> FieldException:
    """The open exception of a field, for who is of its role."""
    exception = open_exception(field_key, law_day(at))
    # Locked, so that nobody decides anew while something is written under what was decided.
    if exception is None or not (
        FieldException.objects.select_for_update().filter(id=exception.id, ended_at=None).exists()
    ):
        raise SpecialRefused("", _("This field is closed. Nobody reads or writes it (art. 9)."))
    if role_of(actor) != exception.seen_by:
        raise SpecialRefused("", _("This field is opened to another role than yours."))
    return exception


def role_of(actor: Actor) -> str:
    """The role of who acts; nothing for a key of the API, a command or somebody who left."""
    staff = Staff.objects.filter(id=actor.id, is_active=True).first() if actor.id else None
    return staff.role if staff else ""


@transaction.atomic
def read_values(*, person_id: UUID, at: datetime, actor: Actor) -> list[Kept]:
    """What is kept of somebody in the fields that this member of staff's role may read.

    Closed fields, and those that do not rest on anything for this person any more, are left out.
    What was read stands in the trail, by the names of the fields (art. 32, INV-45).
    """
    role = role_of(actor)
    mine = [each for each in open_exceptions(law_day(at)) if role and each.seen_by == role]
    fit = [each for each in mine if fit_people(each, [person_id], at=at)]
    rows = SpecialValue.objects.filter(written_under(fit), person_id=person_id)
    found = [
        _opened_or_gone(each) for each in rows.select_related("field").order_by("field__name_nl")
    ]
    if found:
        keys = [each.field.key for each in found]
        _note("special.read", person_id, keys, at=at, actor=actor)
    return found


def kept_of(person_ids: Sequence[UUID]) -> list[Kept]:
    """All that is kept of somebody, for their own eyes only (art. 15), whatever is closed."""
    rows = SpecialValue.objects.filter(person_id__in=list(person_ids)).select_related("field")
    return [_opened_or_gone(each) for each in rows.order_by("field__name_nl")]


def opened_values(person_ids: Sequence[UUID] | None) -> Iterator[tuple[UUID, str]]:
    """Row by row what is kept, in words: for the person's own copy, and for the scan (None)."""
    rows = SpecialValue.objects.select_related("field").order_by("id")
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    for each in rows.iterator():
        try:
            kept = _opened(each)
        except ValueGone:  # nobody reads it, so it says nothing of anybody; its bytes are scanned
            continue
        where = f" ({kept.where})" if kept.where else ""
        yield each.id, f"{kept.field.name}: {kept.shown}{where}"


def _opened_or_gone(row: SpecialValue) -> Kept:
    """For a page: one value that nobody can open closes neither the page nor the others."""
    try:
        return _opened(row)
    except ValueGone:
        return Kept(row.field, "", "", is_gone=True)


def _opened(row: SpecialValue) -> Kept:
    packed = json.loads(open_value(row.sealed, row.wrapped_key, row_id=row.id))
    return Kept(row.field, packed["value"], packed["where"])


def _note(action: str, person_id: UUID, keys: Iterable[str], *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="person",
        object_id=person_id,
        subject_id=person_id,
        fields=keys,
        at=at,
    )
