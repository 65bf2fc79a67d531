"""What all staff read of somebody, without what tells of a special category (INV-32).

Only the person's own copy has it; staff of the one role read it at its own page, and that is noted.
Nothing here says that there is a field, a yes, a paper or a reading.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.consent.special_guard import ACTS, sealed_of
from akkoord.datamap.export import StoreExport
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import PersonalDataField, PurposeVersion

VALUES = "consent_specialvalue"
EVENTS = "consent_permissionevent"


def sealed_words(person_ids: Sequence[UUID], *, is_own: bool) -> str:
    """What goes of fields of a special category, and what of it stays; never a value (INV-32).

    The person reads which fields; staff, who may see that, for that there is one tells of it.
    """
    sealed = sealed_of(person_ids)
    if is_own:
        said = _("Your answers about %(fields)s, with the keys that open them.") % {
            "fields": ", ".join(sealed.fields)
        }
    else:
        said = _(
            "The sealed answers, with the keys that open them. What they are about is seen by "
            "%(roles)s alone."
        ) % {"roles": ", ".join(sealed.roles)}
    return f"{said} " + _("Of the yes to it only a number without a name is left.")


def without_special(stores: Iterable[StoreExport]) -> list[StoreExport]:
    """The same stores without the rows, and the parts of rows, that name such a field."""
    found = [each for each in stores if each.store != VALUES]
    hidden = _names()
    if not hidden:
        return found
    hidden |= {
        each
        for store in found
        if store.store == EVENTS
        for row in store.rows
        if _is_about(row, hidden)
        for each in (str(row["id"]), (row.get("evidence") or {}).get("file"))
        if each
    }
    cut = [
        replace(
            store,
            rows=tuple(
                {name: _cut(value, hidden) for name, value in row.items()}
                for row in store.rows
                if not _is_about(row, hidden)
            ),
        )
        for store in found
    ]
    return [each for each in cut if each.rows]


def _names() -> set[str]:
    """By what such a field is named: ids of field, purpose and words, and its slug; two queries."""
    found = {
        str(each)
        for row in PurposeVersion.objects.filter(
            purpose__activity_key__startswith=SPECIAL
        ).values_list("id", "purpose_id", "purpose__slug", "purpose__activity_key")
        for each in row
    }
    fields = PersonalDataField.objects.filter(is_special=True).values_list("id", "key")
    for field_id, key in fields:
        found |= {str(field_id), SPECIAL + key}
    return found


def _is_about(row: Mapping[str, Any], hidden: set[str]) -> bool:
    """Whether a whole row is about such a field, or is the note of a reading."""
    action = row.get("action")
    return (isinstance(action, str) and action.startswith(ACTS)) or any(
        value in hidden for value in row.values() if isinstance(value, str)
    )


def _cut(value: Any, hidden: set[str]) -> Any:
    """A list or document without what names such a field."""
    if isinstance(value, list):
        return [_cut(each, hidden) for each in value if not _names_one(each, hidden)]
    if isinstance(value, dict):
        return {
            key: _cut(each, hidden)
            for key, each in value.items()
            if key not in hidden and not _names_one(each, hidden)
        }
    return value


def _names_one(value: Any, hidden: set[str]) -> bool:
    if isinstance(value, list):  # a pair such as channel and scope
        return any(isinstance(each, str) and each in hidden for each in value)
    return isinstance(value, str) and value in hidden
