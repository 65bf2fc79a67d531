"""The builder as a page draws it, and as its form comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions, live_topics
from akkoord.segments.builder import (
    ANY,
    CHOSEN,
    GROUP,
    IN_DAYS,
    NEAR,
    OPERATORS,
    SUMS,
    TOPIC,
    WITHOUT_VALUE,
    Choice,
    Row,
    Rules,
    ShownRow,
    read_value,
    tree_of,
)
from akkoord.segments.deeds import FIELDS_OF
from akkoord.segments.fields import DATE, TEXT, SegmentField, fields_for, usable_field
from akkoord.segments.places import FIELD, code_of
from akkoord.segments.queries import Found, count_of
from akkoord.segments.reader import MAX_CONDITIONS
from akkoord.segments.refusals import SegmentError
from akkoord.segments.within import texts_of
from akkoord.segments.words import AFTER_WORDS, DEED_WORDS, LIST_WORDS, OPERATOR_WORDS
from akkoord.segments.writing import text_of


@dataclass(frozen=True, slots=True)
class Builder:
    """All that the builder shows. `text` is the language's, `readable` the reader's own words."""

    purpose: Purpose
    rules: Rules
    outer: list[ShownRow]
    blocks: list[tuple[int, list[ShownRow]]]
    fields: list[tuple[str, list[Choice]]]
    text: str
    readable: str
    found: Found | None
    problem: str


def read_rules(sent: QueryDict | Mapping[str, str]) -> Rules:
    """The rows of a form, and what its button asked."""
    rows = []
    for number in range(MAX_CONDITIONS):
        if f"rij-{number}-veld" not in sent:
            break
        block = sent.get(f"rij-{number}-blok", "0")
        rows.append(
            Row(
                sent.get(f"rij-{number}-veld", "")[:80],
                sent.get(f"rij-{number}-hoe", "")[:20],
                sent.get(f"rij-{number}-wat", "")[:200],
                int(block) if block.isdecimal() and len(block) < 4 else 0,
                sent.get(f"rij-{number}-meer", "")[:10],
            )
        )
    return Rules(tuple(rows), "any" if sent.get("samen") == ANY else "all")


def pressed(rules: Rules, button: str, first: str) -> Rules:
    """The rules after a button: a rule or block more, or one less. `first`: a new rule's field."""
    fresh = Row(first, "")
    if button == "rij":
        return rules.with_row(fresh)
    if button == "blok":
        return rules.with_block(fresh)
    kind, _sep, number = button.rpartition("-")
    if not number.isdecimal() or len(number) > 3:
        return rules
    if kind == "rij":
        return rules.with_row(replace(fresh, block=int(number)))
    return rules.without(int(number)) if kind == "weg" else rules


def first_field(purpose: Purpose) -> str:
    """What a new rule begins with: the first field that the topic may use, else its topics."""
    return next((key for key, each in fields_for(purpose).items() if each.allowed), TOPIC)


def draw(purpose: Purpose, rules: Rules, *, at: datetime, but: str = "") -> Builder:
    """Everything for the page; the counts are asked when every rule is whole.

    `but`: the group that is changed, which cannot stand in itself.
    """
    fields = fields_for(purpose)
    rules = replace(rules, rows=tuple(_fitting(row, fields) for row in rules.rows))
    topics = [
        Choice(each.purpose.slug, each.name) for each in current_versions(list(live_topics()))
    ]
    groups = [Choice(name, name) for name in sorted(texts_of(purpose)) if name != but]
    lists = {TOPIC: topics, GROUP: groups}
    shown = [_shown(n, row, fields, purpose, lists) for n, row in enumerate(rules.rows)]
    tree = tree_of(rules, fields)
    text = text_of(tree) if tree else ""
    found, problem = None, next((each.problem for each in shown if each.problem), "")
    if text and not problem:
        try:
            found = count_of(text, purpose, at=at)
        except SegmentError as refusal:
            problem = refusal.sentence
    return Builder(
        purpose,
        rules,
        [each for each in shown if not each.row.block],
        [(block, [each for each in shown if each.row.block == block]) for block in rules.blocks],
        _fields(fields),
        text,
        text_of(tree, get_language() or "") if tree else "",
        found,
        problem,
    )


def _fields(fields: Mapping[str, SegmentField]) -> list[tuple[str, list[Choice]]]:
    """The fields of the select: those of the topic, the choice of topics, and the others.

    Who picks one of the others reads why it is not for this topic, and what to do.
    """
    known = sorted(fields.values(), key=lambda each: each.label.lower())
    return [
        (_("For this topic"), [Choice(each.key, each.label) for each in known if each.allowed]),
        (_("What people chose"), [Choice(TOPIC, _("a topic"))]),
        (_("Where people live"), [Choice(NEAR, _("distance to a postcode"))]),
        (_("What people did"), [Choice(each, str(DEED_WORDS[each])) for each in DEED_WORDS]),
        (_("Groups"), [Choice(GROUP, _("a saved group"))]),
        (
            _("Not for this topic"),
            [Choice(each.key, each.label) for each in known if not each.allowed],
        ),
    ]


def _fitting(row: Row, fields: Mapping[str, SegmentField]) -> Row:
    """The row with an operator that its field knows."""
    kind = _kind(row, fields)
    return row if row.operator in OPERATORS[kind] else replace(row, operator=OPERATORS[kind][0])


def _kind(row: Row, fields: Mapping[str, SegmentField]) -> str:
    """Which operators a row has: by the kind of its field, or by what stands in its place."""
    if row.field.startswith("@") and row.field in OPERATORS:
        return row.field
    return fields[row.field].kind if row.field in fields else TEXT


def _keys(row: Row) -> tuple[str, ...]:
    """The fields that a row uses."""
    if row.field == NEAR:
        return (FIELD,)
    if row.field.startswith("@"):
        return FIELDS_OF.get(row.field[1:], ())
    return (row.field,)


def _shown(
    number: int,
    row: Row,
    fields: Mapping[str, SegmentField],
    purpose: Purpose,
    lists: Mapping[str, list[Choice]],
) -> ShownRow:
    kind = _kind(row, fields)
    problem = ""
    try:
        for key in _keys(row):
            usable_field(key, dict(fields), purpose, 0)
    except SegmentError as refusal:
        problem = refusal.sentence
    has_value = row.operator not in WITHOUT_VALUE
    is_typed = has_value and row.value.strip() and kind not in CHOSEN
    if not problem and is_typed and read_value(row.value, kind, row.operator) is None:
        problem = _("“{value}” does not fit here.").format(value=row.value)
    more = row.more.strip()
    is_read = code_of(more) if kind == NEAR else read_value(more, DATE, "within")
    if not problem and more and not is_read:
        problem = _("“{value}” does not fit here.").format(value=more)
    return ShownRow(
        number,
        row,
        "days" if row.operator in IN_DAYS else kind.removeprefix("@"),
        tuple(Choice(each, str(OPERATOR_WORDS[each])) for each in OPERATORS[kind]),
        has_value,
        problem,
        tuple(lists.get(kind, ())),
        after=str(AFTER_WORDS.get(kind) or AFTER_WORDS.get(row.operator, "")),
        values_label=str(LIST_WORDS.get(kind, "")),
        has_more=kind in SUMS or kind == NEAR,
        more="postcode" if kind == NEAR else "days",
    )
