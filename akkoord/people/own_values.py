"""What somebody answered in fields of the organisation's own: shown, and corrected (art. 16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.holds import held_people
from akkoord.law.field_rules import FieldKind, fits, stored_as
from akkoord.law.sensitive import classes_in
from akkoord.people.actions import PersonRefused
from akkoord.people.models import OwnFieldValue
from akkoord.register.models import ActivityField, PersonalDataField
from akkoord.register.queries import fields_in_use
from akkoord.trail.actions import Actor, record_change

PREFIX = "own_"
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """An own field of somebody: what is kept, and what their answer is called now."""

    field: PersonalDataField
    value: str
    shown: str
    is_used: bool


def answers_of(person_id: UUID) -> list[Answer]:
    """What somebody answered, by the name of the field; two queries."""
    used = {field.id for field in fields_in_use()}
    found = OwnFieldValue.objects.filter(person_id=person_id).select_related("field")
    return [
        Answer(each.field, each.value, each.field.shown(each.value), each.field_id in used)
        for each in found.order_by("field__name_nl")
    ]


@transaction.atomic
def correct_answers(
    *, person_id: UUID, answers: Mapping[str, str], at: datetime, actor: Actor
) -> list[str]:
    """Correct answers in own fields, by key; an empty one goes. Returns the keys that changed.

    Refuses a value that is not of the field's kind or not among its choices, one that gives away
    sensitive data (INV-32), and a field that no activity uses (INV-31).
    """
    fields = {field.key: field for field in fields_in_use()}
    known = {
        each.field.key: each
        for each in OwnFieldValue.objects.select_for_update(of=("self",))
        .filter(person_id=person_id)
        .select_related("field")
    }
    changed = []
    for key, typed in answers.items():
        value = typed.strip()
        if value == (known[key].value if key in known else ""):
            continue
        if not value:
            known[key].delete()
        else:
            _keep(person_id, fields.get(key), key, value, at=at)
        changed.append(key)
    if changed:
        record_change(
            actor=actor,
            action="person.correct",
            object_kind="person",
            object_id=person_id,
            subject_id=person_id,
            fields=changed,
            at=at,
        )
    return changed


def _keep(
    person_id: UUID, field: PersonalDataField | None, key: str, value: str, *, at: datetime
) -> None:
    if field is None:
        raise PersonRefused(
            PREFIX + key,
            _("Nothing uses this field any more, so it may only be emptied (art. 5(1)(c) GDPR)."),
        )
    if not fits(field.value_kind, value, field.choices_nl):
        raise PersonRefused(PREFIX + key, WRONG[field.value_kind]())
    if field.value_kind == FieldKind.TEXT and classes_in(value, header=field.name_nl):
        raise PersonRefused(
            PREFIX + key, _("This is sensitive data. You may not write it down (art. 9 GDPR).")
        )
    OwnFieldValue.objects.update_or_create(
        person_id=person_id,
        field=field,
        defaults={"value": stored_as(field.value_kind, value), "updated_at": at},
    )


WRONG = {
    FieldKind.CHOICE.value: lambda: _("Choose one of the words in this list."),
    FieldKind.NUMBER.value: lambda: _("This must be a number."),
    FieldKind.DATE.value: lambda: _("This must be a day."),
    FieldKind.YES_NO.value: lambda: _("Choose yes or no."),
}


# Question: which answers stand aside of records that were joined? Those of this field go.
_SET_ASIDE = """
UPDATE people_joining SET before = jsonb_set(before, '{aside}', (
         SELECT coalesce(jsonb_agg(a), '[]'::jsonb) FROM jsonb_array_elements(before->'aside') AS a
          WHERE NOT (a->>'table' = %(table)s
                     AND (a->>'row')::jsonb->>'field_id' = %(field)s)))
 WHERE jsonb_typeof(before->'aside') = 'array' AND NOT person_id = ANY(%(held)s::uuid[])
   AND EXISTS (SELECT FROM jsonb_array_elements(before->'aside') AS a
                WHERE a->>'table' = %(table)s AND (a->>'row')::jsonb->>'field_id' = %(field)s)
"""


@transaction.atomic
def end_own_field(*, field_key: str, at: datetime, actor: Actor) -> int:
    """Ask a field no more: nothing uses it, and what people answered goes (art. 5(1)(c) and (e)).

    How many answers went; of who is held for a legal claim they stay until
    the clean-up. A form that shows it still must be published again; until then what is
    typed there is not kept. A second time changes nothing.
    """
    field = (
        PersonalDataField.objects.select_for_update()
        # One of a special category closes with its exception (`register.exceptions`).
        .filter(key=field_key, is_own=True, is_special=False, ended_at=None)
        .first()
    )
    if field is None:
        return 0
    field.ended_at = at
    field.save(update_fields=["ended_at"])
    ActivityField.objects.filter(field=field, ended_at=None).update(ended_at=at)
    held = held_people()
    mine = OwnFieldValue.objects.filter(field=field)
    gone, _per_table = mine.exclude(person_id__in=held).delete()
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"field": str(field.id), "held": held}
        values["table"] = OwnFieldValue._meta.db_table
        cursor.execute(_SET_ASIDE, values)
    record_change(
        actor=actor,
        action="field.end",
        object_kind="personal-data-field",
        object_id=field.id,
        at=at,
        fields=(field_key,),
    )
    return gone
