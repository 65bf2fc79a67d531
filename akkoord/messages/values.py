"""What a person's own words are: the fields that a letter may use, and their values for many.

Purpose binding: the field catalogue says which fields exist, the register which of them the
topic's activity admitted, with the reason (art. 5(1)(b) and (c)).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from akkoord.consent.queries import said_yes_since
from akkoord.datamap.fields import CatalogueField, catalogue
from akkoord.messages.conditions import key_of
from akkoord.messages.template import RESERVED, FieldFact
from akkoord.people.models import ContactPoint, OwnFieldValue
from akkoord.register.models import Purpose
from akkoord.register.queries import fields_admitted, fields_by_yes, known_fields

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# What "the" city or purchase of a person is, when there are several: the newest.
_NEWEST = {"people_purchase": "-bought_on", "people_relation": "-since"}


def field_facts(purpose: Purpose, also: Sequence[Purpose] = ()) -> dict[str, FieldFact]:
    """Every merge field there is, with whether the topic may use it, in the reader's language.

    `also`: further topics of the letter; each of them must allow a field.
    """
    allowed = usable_fields((purpose, *also))
    known = catalogue()
    labels = {key: str(field.label) for key, field in known.items()}
    special = {key for key, field in known.items() if field.special}
    for own in known_fields():
        labels[own.key] = own.name
        if own.is_special:
            special.add(own.key)
    return {
        name: _fact(label, is_special=name in special, is_allowed=name in allowed)
        for name, label in labels.items()
        if _NAME.fullmatch(name)
    }


def usable_fields(topics: Sequence[Purpose]) -> frozenset[str]:
    """The fields that each of these topics may use, if only of who said yes since (art. 6(4))."""
    each = [frozenset(fields_admitted(topic.activity_key)) for topic in topics]
    return frozenset.intersection(*each) if each else frozenset()


def yes_guards(topics: Sequence[Purpose]) -> dict[str, Q]:
    """Of whom a field may be read where people gave it for something else: a condition per key."""
    guards: dict[str, Q] = {}
    for topic in topics:
        for key, since in fields_by_yes(topic.activity_key).items():
            guards[key] = guards.get(key, Q()) & said_yes_since(topic, since)
    return guards


def _fact(label: str, *, is_special: bool, is_allowed: bool) -> FieldFact:
    """A field of a special category is no letter's, whatever the register says (art. 9(1))."""
    if is_special:
        why = _(
            "“%(field)s” says something very personal. It never stands in a letter, whatever "
            "people agreed to. Write the letter so that it fits everybody who gets it."
        )
        return FieldFact(False, why % {"field": label}, is_special=True)
    return FieldFact(is_allowed, "" if is_allowed else _explanation(label))


def _explanation(label: str) -> str:
    return _(
        "“%(field)s” was asked for another purpose, so this letter may not use it. Does this topic "
        "need it? Then add the field to the topic, with the reason. From then on your form and "
        "privacy statement say so."
    ) % {"field": label}


def with_values(
    points: QuerySet[ContactPoint],
    slots: Iterable[str],
    conditions: Sequence[Q] = (),
    own_values: Mapping[str, Combinable] | None = None,
    *,
    topics: Sequence[Purpose],
) -> tuple[QuerySet[ContactPoint], list[str]]:
    """The query with one annotation per field, and the annotations' names in the slots' order.

    After them a yes or no per condition of a block. `own_values`: fields of this message alone.
    `topics`: what it is about; of who did not say yes to it since, a field that people gave for
    something else stays empty (art. 6(4)).
    Raises LookupError for a field that does not exist; a compiled message names none of those.
    """
    known = catalogue()
    own = {each.key for each in known_fields() if each.is_own}
    expressions: dict[str, Combinable] = {}
    for name in slots:
        if own_values and name in own_values:
            expressions[f"slot_{name}"] = own_values[name]
        elif name in known:
            expressions[f"slot_{name}"] = _expression(known[name])
        elif name in own:
            values = OwnFieldValue.objects.filter(person=OuterRef("person_id"), field__key=name)
            expressions[f"slot_{name}"] = Subquery(
                values.values("value")[:1], output_field=TextField()
            )
        else:
            raise LookupError(name)
    guards = yes_guards(topics)
    for name in {*slots} & {*guards}:
        value = expressions[f"slot_{name}"]
        expressions[f"slot_{name}"] = Case(When(guards[name], then=value))
    for number, condition in enumerate(conditions):
        expressions[f"shown_{number}"] = Case(
            When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    return points.annotate(**expressions), list(expressions)


def _expression(field: CatalogueField) -> Combinable:
    """How a field is reached from a contact point."""
    if field.table == "people_contactpoint":
        return F(field.column)
    if field.table == "people_person":
        return F(f"person__{field.column}")
    model = _model_of(field.table)
    rows = model._default_manager.filter(**{field.path: OuterRef("person_id")})
    if any(each.name == "ended_at" for each in model._meta.get_fields()):
        rows = rows.filter(ended_at=None)
    newest = rows.order_by(_NEWEST.get(field.table, "-pk"), "-pk")
    return Subquery(newest.values(field.column)[:1])


def _model_of(table: str) -> type[Model]:
    for model in apps.get_models():
        if model._meta.db_table == table:
            return model
    raise LookupError(table)


def text_of(value: Any, language: str) -> str:
    """A value as it stands in a letter in this language."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, str):
        return value
    with translation.override(language):
        if isinstance(value, date | datetime):
            return date_format(value, "j F Y")
        if isinstance(value, Decimal):
            return number_format(value, 2, use_l10n=True)
        return str(value)


def values_for(
    point_ids: Collection[UUID],
    slots: Iterable[str],
    *,
    language: str = "nl",
    conditions: Sequence[Q] = (),
    own_values: Mapping[str, Combinable] | None = None,
    topics: Sequence[Purpose],
) -> dict[UUID, dict[str, str]]:
    """The values of these fields for many people, in one statement; also the plain address.

    `address` is always there: where the letter goes. So are the answers to the conditions.
    """
    wanted = sorted(slots)
    asked = ContactPoint.objects.filter(id__in=list(point_ids))
    points, names = with_values(asked, wanted, conditions, own_values, topics=topics)
    wanted += [key_of(number) for number in range(len(conditions))]
    return {
        point: {"address": address}
        | {name: text_of(value, language) for name, value in zip(wanted, found, strict=True)}
        for point, address, *found in points.values_list("id", "value", *names)
    }


def sample_values(slots: Iterable[str]) -> dict[str, str]:
    """Made-up values for a preview or a test without a person, and links that stop nobody."""
    made_up = {
        "first_name": "Anna",
        "last_name": "de Vries",
        "email": "anna@example.nl",
        "city": "Utrecht",
        "language": "nl",
        "company": "Voorbeeld BV",
    }
    link = f"{settings.BASE_URL}/voorkeuren/"
    return {name: made_up.get(name, f"[{name}]") for name in slots} | dict.fromkeys(RESERVED, link)
