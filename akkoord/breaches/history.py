"""What changed in the record of a leak, and when: each version beside the one before it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akkoord.breaches import words
from akkoord.breaches.forms import (
    CloseForm,
    DecideForm,
    KindForm,
    OutsideForm,
    SeverityForm,
    WhatForm,
)
from akkoord.breaches.letter_facts import ORDER
from akkoord.breaches.letter_words import SUBJECT
from akkoord.breaches.models import Breach, BreachScope, BreachVersion
from akkoord.breaches.queries import activity_choices, recipient_choices
from akkoord.breaches.who_choices import scope_words
from akkoord.datamap.dpv import CATEGORIES
from akkoord.register.entry_words import Difference, compared
from akkoord.trail.queries import staff_names

MOST: Final = 100  # versions on one page, the newest
_ESTIMATES: Final = frozenset({"persons_outside", "records_outside"})  # none is an answer


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One version: what was done, when and by whom, and what it changed."""

    number: int
    at: datetime
    what: str
    by: str
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class _Names:
    """What keys in the record are called today; asked once for a page."""

    activities: Mapping[str, str]
    recipients: Mapping[str, str]
    ways: Mapping[tuple[str, str], str]


def changes_of(breach: Breach) -> list[ChangeShown]:
    """The changes of a leak, the newest first; a few statements, however many there are."""
    found = list(breach.versions.order_by("-number")[: MOST + 1])
    names = _names(found)
    people = staff_names({each.actor_id for each in found if each.actor_id})
    told = [dict(_lines(each.content, names)) for each in found]
    before: list[dict[str, str]] = [*told[1:], {}]
    return [
        ChangeShown(
            each.number,
            each.at,
            str(words.STEP_WORDS.get(each.code, _("The history begins"))),
            people.get(each.actor_id, "") if each.actor_id else "",
            _differences(old, new),
        )
        for each, new, old in zip(found[:MOST], told, before, strict=False)
    ]


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """The questions whose answer changed, word by word."""
    return [
        Difference(label, *compared(old.get(label, ""), new.get(label, "")))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    ]


def _names(found: list[BreachVersion]) -> _Names:
    ways = [each for one in found for each in one.content.get("ways", ())]
    scopes = {
        (each["kind"], str(each["value"] or "")): BreachScope(
            kind=each["kind"], value=UUID(each["value"]) if each["value"] else None
        )
        for each in ways
    }
    return _Names(
        dict(activity_choices()),
        dict(recipient_choices()),
        {
            (scope.kind, str(scope.value or "")): ": ".join(
                filter(None, (str(scope.get_kind_display()), name))
            )
            for scope, name, _period in scope_words(list(scopes.values()))
        },
    )


def _lines(content: Mapping[str, Any], names: _Names) -> Iterator[tuple[str, str]]:
    """The record as questions with their answers; without an answer: none."""
    for key, label in labels().items():
        if said := _said(key, content.get(key), names):
            yield label, said
    for language, letter in (content.get("letter") or {}).items():
        label = _("Letter in Dutch") if language == "nl" else _("Letter in English")
        yield label, "\n\n".join(filter(None, (letter.get(part) for part in (SUBJECT, *ORDER))))


def labels() -> dict[str, str]:
    """What each column is called: as the forms ask it."""
    asked: dict[str, str] = {}
    for form in (WhatForm, KindForm, OutsideForm, SeverityForm, DecideForm, CloseForm):
        asked |= {name: str(field.label) for name, field in form.base_fields.items()}
    why = asked.pop("reason")
    return {
        **asked,
        "ways": _("Who is affected"),
        "persons": _("People in Akkoord"),
        "records": _("Records in Akkoord"),
        "state": _("How far it is"),
        "advised": _("The advice"),
        "decision_reason": why,
        "delay_reason": _("Why is it later than 72 hours?"),
        "public_text": _("What do you tell everybody?"),
        "public_at": _("The public notice is on line since"),
    }


def _said(key: str, value: Any, names: _Names) -> str:
    """One answer in words; empty: there is none."""
    if value is False or value in (None, "", [], {}) or (value == 0 and key not in _ESTIMATES):
        return ""
    if say := _SAYS.get(key):
        return say(value, names)
    if value is True:
        return _("Yes")
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return str(value)


def _moment(value: str, _names: _Names) -> str:
    moment = parse_datetime(value)
    return date_format(localtime(moment), "j F Y, H:i") if moment else value


def _of(known: Mapping[Any, Any], read: Callable[[Any], Any] = str) -> Callable[..., str]:
    """A closed list in words."""
    return lambda value, _names: str(known.get(read(value), value))


def _several(known: Mapping[Any, Any]) -> Callable[..., str]:
    return lambda value, _names: "; ".join(str(known.get(each, each)) for each in value)


def _scaled(known: Mapping[Decimal, Any]) -> Callable[..., str]:
    """An answer to a question of the formula; what was not answered counts as none."""
    return _of(known, lambda value: Decimal(str(value)))


def _ways(value: Any, names: _Names) -> str:
    return "; ".join(
        f"{names.ways.get((each['kind'], str(each['value'] or '')), each['kind'])}"
        f" ({number_format(each['people'], force_grouping=True)})"
        for each in value
    )


_SAYS: Final[Mapping[str, Callable[..., str]]] = {
    **dict.fromkeys(("aware_at", "happened_from", "happened_to", "public_at"), _moment),
    "natures": _several(words.NATURES),
    "cause": _of(words.CAUSES),
    "systems": _several(words.SYSTEMS),
    "activity_keys": lambda value, names: "; ".join(names.activities.get(x, x) for x in value),
    "recipient_id": lambda value, names: names.recipients.get(value, value),
    "categories": _several({key: each.label for key, each in CATEGORIES.items()}),
    "context": _of(words.CONTEXTS, int),
    "identification": _scaled(words.IDENTIFICATIONS),
    "confidentiality": _scaled(words.CONFIDENTIALITIES),
    "integrity": _scaled(words.INTEGRITIES),
    "availability": _scaled(words.AVAILABILITIES),
    "state": _of(dict(Breach.State.choices)),
    "advised": _of(words.DECISIONS),
    "decision": _of(words.DECISIONS),
    "ways": _ways,
}
