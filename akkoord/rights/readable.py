"""What stands in a cell of a person's data, as people read it: codes become words, ids names.

Only words: which columns there are comes from the data map. A code without a word here is shown
as it is kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akkoord.campaigns.models import Campaign, StepDispatch
from akkoord.consent.models import CollectionPoint
from akkoord.consent.words import channel_word, method_word, state_word
from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.export import StoreExport
from akkoord.imports.models import Import
from akkoord.law.reasons import Reason
from akkoord.law.states import Method, PermissionState
from akkoord.messages.template import without_values
from akkoord.people.models import Company
from akkoord.permission.sentences import sentence_of
from akkoord.register.models import PersonalDataField, PurposeVersion
from akkoord.rights.value_words import ACTS, EVIDENCE, VALUES

Names = Mapping[str, str]
LISTED = 12
"""So many entries of a list in one cell; the file has them all."""


def names_of(stores: Iterable[StoreExport]) -> Names:
    """What the ids in these rows stand for: topics, letters, forms, files; one query per kind."""
    stores = list(stores)
    found = {
        str(row["id"]): str(row["value"])
        for store in stores
        if store.store == "people_contactpoint"
        for row in store.rows
    }
    for columns, name_of in _KINDS:
        ids = {
            each
            for store in stores
            for row in store.rows
            for column in columns
            for each in _ids(row.get(column))
        }
        if ids:
            found |= name_of(ids)
    return found


def _ids(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and _is_uuid(each)]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _topics(ids: set[str]) -> dict[str, str]:
    current = PurposeVersion.objects.filter(purpose_id__in=ids, valid_to=None)
    return {str(each.purpose_id): each.name for each in current.select_related("purpose")}


def _versions(ids: set[str]) -> dict[str, str]:
    return {str(each.id): each.name for each in PurposeVersion.objects.filter(id__in=ids)}


def _letters(ids: set[str]) -> dict[str, str]:
    rows = Campaign.objects.filter(dispatch_id__in=ids).values_list("dispatch_id", "subject")
    of_series = StepDispatch.objects.filter(dispatch_id__in=ids).values_list(
        "dispatch_id", "step__campaign__subject"
    )
    return {str(key): without_values(subject) for key, subject in [*rows, *of_series]}


def _places(ids: set[str]) -> dict[str, str]:
    points = CollectionPoint.objects.filter(id__in=ids).select_related("form")
    return {
        str(each.id): each.form.name if each.form else method_word(each.kind) for each in points
    }


def _files(ids: set[str]) -> dict[str, str]:
    return {str(each.id): each.file_name for each in Import.objects.filter(id__in=ids)}


def _companies(ids: set[str]) -> dict[str, str]:
    return {str(each.id): each.name for each in Company.objects.filter(id__in=ids)}


def _questions(ids: set[str]) -> dict[str, str]:
    return {str(each.pk): each.name for each in PersonalDataField.objects.filter(pk__in=ids)}


_KINDS: tuple[tuple[tuple[str, ...], Callable[[set[str]], dict[str, str]]], ...] = (
    (("purpose_id",), _topics),
    (("purpose_version_id", "purpose_version_ids"), _versions),
    (("dispatch_id",), _letters),
    (("collection_point_id",), _places),
    (("import_file_id",), _files),
    (("company_id",), _companies),
    (("field_id",), _questions),
)


def is_id(value: Any) -> bool:
    """Whether a cell holds nothing but ids."""
    values = value if isinstance(value, list) else [value]
    return bool(values) and len(_ids(value)) == len(values)


def is_named(value: Any, names: Names) -> bool:
    """Whether each id in this cell has a name to show."""
    return all(each in names for each in _ids(value))


def readable(store: str, row: Mapping[str, Any], name: str, names: Names) -> Any:
    """One cell: words, a day, a moment, or the value itself."""
    value = row.get(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        told = [str(_one(store, row, name, each, names)) for each in value]
        more = len(told) - LISTED
        return ", ".join(told[:LISTED]) + (f" … (+{more})" if more > 0 else "")
    return _one(store, row, name, value, names)


def _one(store: str, row: Mapping[str, Any], name: str, value: Any, names: Names) -> Any:
    if not isinstance(value, str):
        return value
    if value in names:
        return names[value]
    return _moment(value) or _choice(store, name, value) or _code(row, name, value) or value


def _choice(store: str, name: str, code: str) -> str:
    """By the choices that the model itself names."""
    declared = declaration_of(store)
    model = declared.model if declared else None
    for field in model._meta.local_concrete_fields if model else ():
        if field.column == name:
            base = getattr(field, "base_field", field)
            return str(dict(base.flatchoices).get(code, ""))
    return ""


def _code(row: Mapping[str, Any], name: str, code: str) -> str:
    """By the words of the rooms for such codes."""
    if name == "channel":
        return channel_word(code)
    if name == "method" and code in set(Method):
        return method_word(code)
    if name == "state" and code in set(PermissionState):
        return state_word(code, str(row.get("basis", "consent")))
    if name == "reason" and code in set(Reason):
        return sentence_of(Reason(code))
    if name == "action":
        return str(ACTS.get(code, ""))
    return str(VALUES.get(name, {}).get(code, ""))


def _moment(text: str) -> datetime | date | None:
    """A day or a moment, when the text is one."""
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        return parse_datetime(text) if "T" in text else parse_date(text)
    except ValueError:
        return None


def entries(value: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """What an answer of several parts says: label, value, and whether it is technical."""
    for key, each in value.items():
        if each in (None, "", [], {}):
            continue
        label, is_technical = _part(key, each)
        told: Any = _moment(each) if isinstance(each, str) else None
        if isinstance(each, dict | list):
            told = ", ".join(map(str, each.values() if isinstance(each, dict) else each))
        code = VALUES.get(key, {}).get(each, "") if isinstance(each, str) else ""
        if isinstance(each, bool):
            told = _("yes") if each else _("no")
        yield label, told or str(code) or each, is_technical


def _part(key: str, value: Any) -> tuple[str, bool]:
    known = EVIDENCE.get(key)
    is_number = key.endswith(("sha256", "_id")) or (isinstance(value, str) and _is_uuid(value))
    if known is not None:
        return str(known), is_number
    return pgettext("column", "Something else") + f" ({key})", True
