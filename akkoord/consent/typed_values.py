"""What was typed in a form's other fields: kept with the request, the person's once confirmed.

Anybody can type an address, so nothing of it touches a known person before the mailbox answers;
and what nothing that was confirmed needs is not stored at all (INV-31).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Value

from akkoord.consent.form_fields import INPUTS, needed_fields
from akkoord.consent.models import CollectionPoint, Enquiry, SignUp
from akkoord.datamap.holds import held_people
from akkoord.law.field_rules import FieldKind, fits, stored_as
from akkoord.law.sensitive import classes_in, numbers_in
from akkoord.people.addresses import PARTS as POSTAL
from akkoord.people.addresses import replace_address
from akkoord.people.models import OwnFieldValue, Person
from akkoord.register.models import PersonalDataField

_IN_COLUMNS = ("first_name", "last_name")
LONGEST = 500


def typed_at(shown: CollectionPoint, typed: Mapping[str, str]) -> dict[str, str]:
    """The values of fields that stood on this form; names have columns of their own.

    A value that its field cannot have is left out: what the form refuses no other way in keeps.
    """
    fields = {field["key"]: field for field in shown.snapshot.get("fields", ())}
    return {
        key: value.strip()[: fields[key].get("limit", LONGEST)]
        for key, value in typed.items()
        if key in fields
        and key not in _IN_COLUMNS
        and value.strip()
        and fits_asked(fields[key], value.strip())
        and not gives_away(fields[key], value.strip())
    }


def fits_asked(asked: Mapping[str, Any], value: str) -> bool:
    """Whether a value fits a field as it was shown: of its kind, and one of its choices."""
    choices = [kept for kept, _label in asked.get("choices") or ()]
    return fits(asked.get("kind", "text"), value, choices)


def gives_away(asked: Mapping[str, Any], value: str) -> bool:
    """Whether what somebody typed is sensitive: nobody asked it, so it is not kept (INV-32).

    Names and streets are not read for their words: somebody is called Christian.
    """
    label = str(asked.get("label", ""))
    if not asked.get("is_own"):
        return bool(numbers_in(value, header=label))
    is_words = asked.get("kind", FieldKind.TEXT) == FieldKind.TEXT
    return is_words and bool(classes_in(value, header=label))


def take_over(
    person: Person, typed: Mapping[str, str], activity_keys: Sequence[str], *, at: datetime
) -> None:
    """Make the typed values the person's, as far as one of these activities needs them (INV-31).

    A postal address that differs ends the old one. The caller holds the lock of the contact point.
    """
    if not typed:
        return
    needed = needed_fields(activity_keys)
    kept = {key: value for key, value in typed.items() if key in needed}
    if kept.get("language") in ("nl", "en"):
        person.language = kept["language"]
    postal = {key: kept[key] for key in POSTAL if key in kept}
    if postal:
        replace_address(person, postal, at=at)
    _take_own(person, kept, at=at)


def forget_typed(key: str) -> int:
    """Empty a field of one's own in what waits for a confirmation and in questions; how many rows.

    Set-based, in the caller's transaction. Of who is held for a legal claim it stays.
    """
    held = held_people()
    count = 0
    for model in (SignUp, Enquiry):
        found = model._default_manager.filter(typed__has_key=key)
        found = found.exclude(contact_point__person_id__in=held)
        count += found.update(typed=_Without(F("typed"), Value(key)))
    return count


class _Without(Func):
    """A JSON object without one of its keys."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = JSONField()


def _take_own(person: Person, typed: Mapping[str, str], *, at: datetime) -> None:
    wanted = {key: value for key, value in typed.items() if key not in INPUTS}
    if not wanted:
        return
    for field in PersonalDataField.objects.filter(
        key__in=wanted, is_own=True, is_special=False, ended_at=None
    ):
        OwnFieldValue.objects.update_or_create(
            person=person,
            field=field,
            defaults={
                "value": stored_as(field.value_kind, wanted[field.key]),
                "updated_at": at,
            },
        )
