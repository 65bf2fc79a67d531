"""Which fields a form may ask, each with its purpose and the reason for it (INV-31, art. 5(1)(c)).

The register admits a field to an activity and says why (`ActivityField`); the field catalogue says
for which classes of purposes the code keeps it. A form asks what both allow to one of its
activities, and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.datamap.fields import catalogue
from akkoord.law.form_rules import fields_needed
from akkoord.register.form_activities import proposed
from akkoord.register.models import ActivityField, PersonalDataField, ProcessingActivity
from akkoord.register.presets import FIELDS, ActivityPreset

ALWAYS = "email"


@dataclass(frozen=True, slots=True)
class Input:
    """How a field is asked: what kind of value, what a browser may fill in, how long."""

    kind: str = "text"  # text choice number date yes-no
    autocomplete: str = "off"
    limit: int = 120


INPUTS: Mapping[str, Input] = MappingProxyType(
    {
        "first_name": Input(autocomplete="given-name"),
        "last_name": Input(autocomplete="family-name", limit=160),
        "language": Input(kind="choice", limit=5),
        "street": Input(autocomplete="street-address", limit=160),
        "postcode": Input(autocomplete="postal-code", limit=12),
        "city": Input(autocomplete="address-level2", limit=80),
        "country": Input(kind="choice", autocomplete="country", limit=2),
    }
)
"""The fields of the catalogue that a person can be asked; own fields come from the register."""

COUNTRIES = ("NL", "BE", "DE", "FR", "LU")


@dataclass(frozen=True, slots=True)
class AskableField:
    """A field that may stand on a form. `needed_by` names the activities that need it."""

    key: str
    label: str
    why: str
    needed_by: tuple[str, ...]
    kind: str
    is_own: bool
    choices: tuple[tuple[str, str], ...] = ()  # of an own field: what is kept, its words

    @property
    def hint(self) -> str:
        """What it is for and why it is asked, in a line for the maker of the form."""
        return f"{', '.join(self.needed_by)}: {self.why}"


def askable_fields(activity_keys: Sequence[str], language: str) -> list[AskableField]:
    """The fields that a form with these activities may ask besides the address, in order.

    A handful of queries, however many fields there are.
    """
    register = _register(activity_keys)
    needed = register.needed()
    english = language == "en"
    found: dict[str, AskableField] = {}
    for use in register.uses:
        key, field = use.field.key, use.field
        if key not in needed or not is_askable(field):
            continue
        name = register.names[use.activity_key][english]
        if key in found:
            known = found[key]
            found[key] = replace(known, needed_by=(*known.needed_by, name))
            continue
        found[key] = AskableField(
            key=key,
            label=field.name_en if english else field.name_nl,
            why=use.why_en if english else use.why_nl,
            needed_by=(name,),
            kind=field.value_kind if field.is_own else INPUTS[key].kind,
            is_own=field.is_own,
            choices=tuple(field.choices_in(language)),
        )
    order = [*INPUTS]
    return sorted(
        found.values(),
        key=lambda each: (order.index(each.key) if each.key in order else len(order), each.label),
    )


def is_askable(field: PersonalDataField) -> bool:
    """Whether somebody can be asked this at a form: sensitive data never (art. 9)."""
    return not field.is_special and (field.is_own or field.key in INPUTS)


@dataclass(frozen=True, slots=True)
class _Register:
    """What the register says of some activities, in their order: fields, classes, names."""

    uses: list[ActivityField]
    classes: dict[str, set[str]]
    names: dict[str, tuple[str, str]]  # nl, en

    def needed(self) -> frozenset[str]:
        """The fields that the register and the code both allow."""
        admitted: dict[str, set[str]] = {}
        for use in self.uses:
            admitted.setdefault(use.activity_key, set()).add(use.field.key)
        serves = {key: set(field.purposes) for key, field in catalogue().items()}
        return fields_needed(admitted, self.classes, serves)


def _register(activity_keys: Sequence[str]) -> _Register:
    """Read the register; of an activity that will be entered with the form, its preset."""
    keys = list(dict.fromkeys(activity_keys))
    known = {
        each.key: each for each in ProcessingActivity.objects.filter(key__in=keys, valid_to=None)
    }
    uses = list(
        ActivityField.objects.filter(
            activity_key__in=list(known),
            ended_at=None,
            field__ended_at=None,
            field__is_special=False,
        ).select_related("field")
    )
    classes = {key: set(each.purpose_classes) for key, each in known.items()}
    names = {key: (each.name_nl, each.name_en) for key, each in known.items()}
    for key in keys:
        preset = None if key in known else proposed(key)
        if preset is not None:
            classes[key] = set(preset.purpose_classes)
            names[key] = (preset.name.nl, preset.name.en)
            uses += _proposed_uses(preset)
    return _Register(sorted(uses, key=lambda each: keys.index(each.activity_key)), classes, names)


def _proposed_uses(preset: ActivityPreset) -> list[ActivityField]:
    """The fields of a preset as rows that are not stored."""
    fields = {each.key: each for each in FIELDS}
    return [
        ActivityField(
            activity_key=preset.key,
            field=PersonalDataField(
                key=use.key,
                name_nl=fields[use.key].name.nl,
                name_en=fields[use.key].name.en,
                category=fields[use.key].category,
            ),
            why_nl=use.why.nl,
            why_en=use.why.en,
        )
        for use in preset.fields
    ]


def needed_fields(activity_keys: Sequence[str]) -> frozenset[str]:
    """The keys of all fields that one of these activities may use now (INV-31)."""
    return _register(activity_keys).needed()


def field_shown(field: AskableField) -> dict[str, Any]:
    """A field as it stands in a frozen snapshot: its words, its reason, how it is asked."""
    how = INPUTS.get(field.key, Input(kind=field.kind))
    return {
        "key": field.key,
        "label": field.label,
        "why": field.why,
        "purposes": list(field.needed_by),
        "kind": field.kind,
        "autocomplete": how.autocomplete,
        "limit": how.limit,
        "choices": [list(pair) for pair in field.choices] or choices_of(field.key),
        "is_own": field.is_own,
    }


def choices_of(key: str) -> list[list[str]]:
    """What can be chosen, in the language that is active; empty: anything can be typed."""
    if key == "language":
        return [["nl", "Nederlands"], ["en", "English"]]
    if key == "country":
        names = {
            "NL": _("Netherlands"),
            "BE": _("Belgium"),
            "DE": _("Germany"),
            "FR": _("France"),
            "LU": _("Luxembourg"),
        }
        return [[code, names[code]] for code in COUNTRIES]
    return []


def fields_shown(
    activity_keys: Sequence[str], wanted: Iterable[str], language: str
) -> list[dict[str, Any]]:
    """The wanted fields that may be asked, as they stand in a snapshot."""
    asked = set(wanted)
    with translation.override(language):
        return [
            field_shown(each)
            for each in askable_fields(activity_keys, language)
            if each.key in asked
        ]
