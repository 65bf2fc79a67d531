"""Which fields a group may use for a letter on a topic, and why not (purpose binding).

The catalogue says which fields exist, the register which of them the topic's activity admitted
(art. 5(1)(b) and (c) GDPR). Special categories are never selected on (art. 9(1)).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from django.apps import apps
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.datamap.fields import CatalogueField, catalogue
from akkoord.register.models import ProcessingActivity, Purpose
from akkoord.register.queries import activities_using, fields_admitted, known_fields
from akkoord.segments.naming import name_in, taken_names
from akkoord.segments.refusals import SegmentError

TEXT, NUMBER, DATE = "text", "number", "date"
COMPANY, RELATION = "company", "relation"
# Choices are asked for as `chose topic`, never as a field.
_NO_FIELDS = frozenset({"standing", "standing_since"})
_OWN_KINDS = {"number": NUMBER, "date": DATE}


@dataclass(frozen=True, slots=True)
class SegmentField:
    """A field by its key: its name in the reader's language, its kind, where it stands.

    `stored` is None for an own field. `allowed`: whether the topic may use it. `yes_since`: only
    of who said yes to the topic since then (art. 6(4)); None: of everybody.
    """

    key: str
    label: str
    kind: str
    stored: CatalogueField | None
    special: bool
    allowed: bool
    yes_since: datetime | None = None


def fields_for(purpose: Purpose) -> dict[str, SegmentField]:
    """Every field that a group could name, by key; three queries."""
    admitted = fields_admitted(purpose.activity_key)
    by_yes = {key: since for key, since in admitted.items() if since}
    found = {
        key: SegmentField(
            key, str(each.label), _kind(each), each, each.special, _may(key, each, admitted)
        )
        for key, each in catalogue().items()
        if key not in _NO_FIELDS
    }
    for own in known_fields():
        if own.is_own and own.key not in found:
            found[own.key] = SegmentField(
                own.key,
                own.name,
                _OWN_KINDS.get(own.value_kind, TEXT),
                None,
                own.is_special,
                own.key in admitted and not own.is_special,
            )
    if COMPANY not in found and (relation := catalogue().get(RELATION)):
        # The other side of a relation: whoever may use the one may use the other.
        named = replace(relation, column="company__name")
        allowed = _may(RELATION, relation, admitted)
        found[COMPANY] = SegmentField(COMPANY, _("Company"), TEXT, named, False, allowed)
        if RELATION in by_yes:
            by_yes[COMPANY] = by_yes[RELATION]
    for key, since in by_yes.items():
        if key in found:
            found[key] = replace(found[key], yes_since=since)
    return found


def _may(key: str, each: CatalogueField, admitted: Iterable[str]) -> bool:
    return key in admitted and not each.special


def model_of(field: CatalogueField) -> type[models.Model]:
    """The model of the table in which a field stands."""
    for model in apps.get_models():
        if model._meta.db_table == field.table:
            return model
    raise LookupError(field.table)


def _kind(field: CatalogueField) -> str:
    column = model_of(field)._meta.get_field(field.column)
    if isinstance(column, models.DateField):  # a moment too
        return DATE
    numbers = (models.DecimalField, models.IntegerField, models.FloatField)
    return NUMBER if isinstance(column, numbers) else TEXT


def usable_field(
    name: str, fields: dict[str, SegmentField], purpose: Purpose, place: int
) -> SegmentField:
    """The field, or SegmentError: unknown, outside the purpose, or of a special category."""
    field = fields.get(name)
    if field is None:
        near = _near(name, fields)
        known = _("Do you mean “%(near)s”?") % {"near": near} if near else _fields_there(fields)
        raise SegmentError(
            "unknown-field",
            place,
            _("There is no field “%(name)s”.") % {"name": name} + " " + known,
        )
    if field.special:
        raise SegmentError(
            "special-category",
            place,
            _(
                "“%(field)s” says something very personal. Groups are never made by it, whatever "
                "people agreed to. Ask who is interested with a topic of its own."
            )
            % {"field": field.label},
        )
    if not field.allowed:
        bound = fields.get(RELATION, field) if field.key == COMPANY and field.stored else field
        raise SegmentError("field-outside-purpose", place, _outside(bound, purpose))
    return field


def _fields_there(fields: dict[str, SegmentField]) -> str:
    return _("You can use: %(names)s.") % {"names": ", ".join(sorted(_names(fields)))}


def _near(name: str, fields: dict[str, SegmentField]) -> str:
    """The field that was perhaps meant, spelled almost right in either language."""
    language = get_language() or ""
    keys = [key for key, each in fields.items() if each.allowed]
    taken = taken_names()
    spelled = {name_in(key, each, taken): key for key in keys for each in ("en", "nl")}
    found = get_close_matches(name, list(spelled), 1)
    return name_in(spelled[found[0]], language, taken) if found else ""


def _names(fields: dict[str, SegmentField]) -> list[str]:
    """What the fields that may be used are called in the reader's language."""
    language = get_language() or ""
    taken = taken_names()
    return [name_in(key, language, taken) for key, each in fields.items() if each.allowed]


def _outside(field: SegmentField, purpose: Purpose) -> str:
    """Why not, and what to do."""
    keys = [key for key in activities_using(field.key) if key != purpose.activity_key]
    names = [
        activity.name
        for activity in ProcessingActivity.objects.filter(key__in=keys, valid_to=None).order_by(
            "name_nl"
        )
    ]
    why = (
        _("“%(field)s” was asked for: %(names)s. This letter may not use it.")
        % {"field": field.label, "names": ", ".join(names)}
        if names
        else _("“%(field)s” was not asked for this topic, so this letter may not use it.")
        % {"field": field.label}
    )
    return (
        why
        + " "
        + _(
            "Does this topic need it? Then add the field to the topic, with the reason. From then "
            "on your form and privacy statement say so."
        )
    )
