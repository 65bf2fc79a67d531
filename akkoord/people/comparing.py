"""Two records side by side before they are joined: per field what stays, and what comes along."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.joining import holdings
from akkoord.datamap.labels import store_label
from akkoord.people.joining import ADDRESS, FIELDS, OWN, Choices
from akkoord.people.joining_steps import Join, join_steps
from akkoord.people.models import (
    ContactPoint,
    OwnFieldValue,
    Person,
    PostalAddress,
    Purchase,
)
from akkoord.trail.actions import Actor

OLD, NEW = "old", "new"


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both, and which of the two is proposed. `name` is empty where nothing is
    chosen: both stay, or the two are the same."""

    name: str
    label: str
    old: str
    new: str
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page shows. `stays`: the record that stays, `goes`: the other."""

    goes: Person
    stays: Person
    rows: list[Row]
    along: list[tuple[str, int]]
    says: list[str]


def compare(goes: Person, stays: Person, *, at: datetime, actor: Actor) -> Comparison:
    """Look at both; nothing is changed."""
    join = Join(old=goes.id, new=stays.id, at=at, actor=actor)
    rows = [*_names(goes, stays), *_addresses(goes, stays), *_answers(goes, stays)]
    rows += _points(goes, stays)
    along = Counter[str]()
    for table, n in holdings(Person, goes.id).items():
        along[_label(table)] += n
    says = [sentence for _key, step in join_steps() for sentence in step.says(join)]
    return Comparison(goes, stays, rows, sorted(along.items()), says)


def _label(table: str) -> str:
    """What a store is called where its own room gave it a name; else: the rest."""
    declared = declaration_of(table)
    model = declared.model if declared else None
    if declared is None or model is None or not isinstance(model._meta.verbose_name, Promise):
        return _("Other lines")
    return capfirst(store_label(declared))


def choices_in(posted: Mapping[str, Any]) -> Choices:
    """Which fields were chosen from the record that goes; anything else stays as it is."""
    names = [*FIELDS, ADDRESS]
    own = [name for name in posted if name.startswith(OWN)]
    return Choices(frozenset(name for name in [*names, *own] if posted.get(name) == OLD))


def _newest(goes: Person, stays: Person) -> str:
    """Whose fields are proposed: the person's own newest word."""
    ours, theirs = ((each.confirmed_at or each.updated_at) for each in (stays, goes))
    return OLD if theirs > ours else NEW


def _row(name: str, label: str, old: str, new: str, newest: str) -> Row:
    """A row; a choice only where the two differ."""
    if not old or not new or old == new:
        return Row("", label, old, new, OLD if old and not new else NEW)
    return Row(name, label, old, new, newest)


def _names(goes: Person, stays: Person) -> list[Row]:
    newest = _newest(goes, stays)
    labels = {
        "given_name": _("First name"),
        "family_name": _("Last name"),
        "language": _("Language"),
        "customer_number": _("Customer number"),
    }
    words = {"nl": _("Dutch"), "en": _("English")}
    rows = []
    for name in FIELDS:
        old, new = (str(getattr(each, name)) for each in (goes, stays))
        if old or new:
            old, new = words.get(old, old), words.get(new, new)
            rows.append(_row(name, labels[name], old, new, newest))
    return rows


def _addresses(goes: Person, stays: Person) -> list[Row]:
    found = PostalAddress.objects.filter(person__in=[goes, stays], ended_at=None)
    sides: dict[UUID, PostalAddress] = {each.person_id: each for each in found.order_by("id")}
    if not sides:
        return []
    old, new = sides.get(goes.id), sides.get(stays.id)
    newest = OLD if old and new and old.created_at > new.created_at else NEW
    return [_row(ADDRESS, _("Postal address"), _in_words(old), _in_words(new), newest)]


def _in_words(address: PostalAddress | None) -> str:
    if address is None:
        return ""
    return f"{address.street} {address.house_number}, {address.postcode} {address.city}"


def _answers(goes: Person, stays: Person) -> list[Row]:
    found = OwnFieldValue.objects.filter(person__in=[goes, stays]).select_related("field")
    by_field: dict[UUID, dict[UUID, OwnFieldValue]] = {}
    for each in found.order_by("field__name_nl"):
        by_field.setdefault(each.field_id, {})[each.person_id] = each
    rows = []
    for field_id, sides in by_field.items():
        old, new = sides.get(goes.id), sides.get(stays.id)
        field = next(iter(sides.values())).field
        newest = OLD if old and new and old.updated_at > new.updated_at else NEW
        shown = [each.field.shown(each.value) if each else "" for each in (old, new)]
        rows.append(_row(f"{OWN}{field_id}", field.name, shown[0], shown[1], newest))
    return rows


def _points(goes: Person, stays: Person) -> list[Row]:
    """Addresses and purchases of both stay; they help to see whether this is one person."""
    points = ContactPoint.objects.filter(person__in=[goes, stays], ended_at=None)
    words = {"email": _("E-mail"), "phone": _("Phone"), "sms": _("Phone")}
    sides: dict[str, dict[UUID, list[str]]] = {}
    for each in points.order_by("created_at"):
        if each.channel in words:
            label = words[each.channel]
            sides.setdefault(label, {}).setdefault(each.person_id, []).append(each.value)
    rows = [
        Row("", label, ", ".join(both.get(goes.id, [])), ", ".join(both.get(stays.id, [])))
        for label, both in sides.items()
    ]
    counts = [str(Purchase.objects.filter(person=each).count()) for each in (goes, stays)]
    return [*rows, Row("", _("Purchases"), *counts)] if counts != ["0", "0"] else rows
