"""Rules, runs and stores as pages show them: finished words for codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from akkoord.datamap.declaration import declaration_of, declarations, personal_stores
from akkoord.datamap.dpv import CATEGORIES, PURPOSE_CLASSES
from akkoord.datamap.fields import catalogue
from akkoord.datamap.labels import column_label, store_label
from akkoord.law.parameters import Unit, parameter_entry
from akkoord.law.retention_rules import Term
from akkoord.law.terms import law_day
from akkoord.register.models import RetentionRule
from akkoord.register.term_queries import activity_names
from akkoord.register.terms import length_words
from akkoord.retention.due import FIELDS
from akkoord.retention.forms import EFFECTS, TRIGGERS
from akkoord.retention.models import RetentionRun
from akkoord.retention.store_terms import FILES, Ends, StoreTerm, term_of
from akkoord.trail.queries import staff_names


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One version of a rule."""

    rule: RetentionRule
    about: str
    term: str
    trigger: str
    effect: str
    by: str


def rule_lines(rules: Sequence[RetentionRule]) -> list[RuleLine]:
    """Versions of rules, as they are read."""
    names = staff_names({each.changed_by for each in rules if each.changed_by})
    return [
        RuleLine(
            rule=each,
            about=str(CATEGORIES[each.category].label) if each.category in CATEGORIES else "",
            term=length_words(each.term),
            trigger=str(TRIGGERS.get(each.trigger, each.trigger)),  # type: ignore[call-overload]
            effect=str(EFFECTS.get(each.action, each.action)),  # type: ignore[call-overload]
            by=names.get(each.changed_by, "") if each.changed_by else "",
        )
        for each in rules
    ]


@dataclass(frozen=True, slots=True)
class RunLineShown:
    """What a clean-up did by one rule."""

    about: str
    what: str
    people: int
    rows: int


def run_lines(run: RetentionRun) -> list[RunLineShown]:
    """The lines of a run in words, those of people first."""
    names = activity_names()
    fields = {key: str(each.label) for key, each in catalogue().items()}
    lines = []
    for each in run.lines.all():
        if each.effect == FIELDS and each.store:
            about, what = fields.get(each.store, each.store), _("emptied")
        elif each.store:
            about, what = _store_name(each.store), str(EFFECTS[each.effect])  # type: ignore[index]
        else:
            about = names.get(each.activity_key, each.activity_key)
            what = (
                _("some data went, the person stays")
                if each.effect == FIELDS
                else str(EFFECTS[each.effect])  # type: ignore[index]
            )
        lines.append(RunLineShown(about, what, each.people, each.rows))
    return sorted(lines, key=lambda each: (not each.people, each.about))


@dataclass(frozen=True, slots=True)
class StoreLine:
    """A table or a kind of file, and what ends it."""

    key: str
    name: str
    ends: str
    term: str
    source: str
    is_missing: bool = False


def store_lines() -> list[StoreLine]:
    """Everything that is kept, by what ends it; what nothing ends comes first."""
    lines = [_store_line(each.table, term_of(each)) for each in declarations()]
    lines += [_store_line(f"{folder}/", term) for folder, term in sorted(FILES.items())]
    order = [Ends.TERM, Ends.PERSON, Ends.ACCOUNT, Ends.PARENT, Ends.USE, Ends.PROOF]
    place = {str(each): number for number, each in enumerate(order)}
    return sorted(lines, key=lambda each: (place.get(each.ends, -1), each.name))


def _store_line(key: str, term: StoreTerm | None) -> StoreLine:
    if term is None:
        return StoreLine(key, _store_name(key), "", "", "", is_missing=True)
    words, source = _term_words(term.term)
    name = str(term.label) or _store_name(key)
    return StoreLine(key, name, term.ends, words, source)


def _store_name(key: str) -> str:
    declared = declaration_of(key)
    if declared is not None:
        term = term_of(declared)
        return str(term.label) if term and term.label else capfirst(store_label(declared))
    file = FILES.get(key.rstrip("/"))
    return str(file.label) if file else key


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """One column of a table of people."""

    name: str
    category: str
    purposes: str
    is_provided: bool


@dataclass(frozen=True, slots=True)
class KeptStore:
    """A table of people with what stands in it, and what ends it."""

    line: StoreLine
    columns: Sequence[KeptColumn]


def kept_columns() -> list[KeptStore]:
    """Every column of every table that leads to somebody, from the data map; no statement."""
    found = []
    for store in personal_stores():
        columns = [
            KeptColumn(
                column_label(store, name),
                str(CATEGORIES[each.category].label) if each.category in CATEGORIES else "",
                ", ".join(str(PURPOSE_CLASSES[key].label) for key in each.purposes),
                each.provided,
            )
            for name, each in store.columns.items()
        ]
        found.append(KeptStore(_store_line(store.table, term_of(store)), columns))
    return sorted(found, key=lambda each: (not each.line.is_missing, each.line.name))


def source_words(source: str) -> str:
    """Whose number it is, in short: a law, what is usual, or Akkoord's own choice."""
    parts = [part.split(":")[0].strip() for part in source.split(";")]
    told = [_("usual") if each == "convention" else each for each in parts]
    return ", ".join(each for each in told if not each.startswith("INV-"))


def _term_words(term: str | timedelta) -> tuple[str, str]:
    """A term in words, and whose number it is."""
    if isinstance(term, timedelta):
        if term < timedelta(days=1):
            return _("%(n)s hours") % {"n": term // timedelta(hours=1)}, "Akkoord"
        return length_words(Term(days=term.days)), "Akkoord"
    if not term:
        return "", ""
    try:
        entry = parameter_entry(term, law_day(timezone.now()))
    except LookupError:
        return _("as the rule says"), ""
    unit = {Unit.YEARS: Term(months=entry.value * 12), Unit.MONTHS: Term(months=entry.value)}
    return length_words(unit.get(entry.unit, Term(days=entry.value))), source_words(entry.source)
