"""The field catalogue: every field that is kept, why, how long, and whether it is still used.

Built-in fields come from the data map, own ones from the register; what is used from what is
recorded already (`field_uses`). Nothing of it is written down twice (art. 5(1)(b), (c) and 30).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from akkoord.accounts.access import MAY, Action
from akkoord.accounts.models import Role
from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.dpv import CATEGORIES
from akkoord.datamap.fields import CatalogueField, catalogue
from akkoord.datamap.holds import held_people
from akkoord.law.terms import law_day
from akkoord.law.use_rules import FieldLine, FieldUse, Lack, is_idle, lacks_of, last_use
from akkoord.people.models import OwnFieldValue
from akkoord.register.models import (
    ActivityField,
    PersonalDataField,
    ProcessingActivity,
    RetentionRule,
)
from akkoord.register.own_fields import NEEDED
from akkoord.register.queries import basis_sentence
from akkoord.register.term_queries import rules_now
from akkoord.retention.field_uses import Uses, field_uses, shortened
from akkoord.retention.fields import NOT_BY_THEMSELVES

# Without these nothing arrives, or nobody can be told where we have them from.
NO_QUESTION = frozenset({*NEEDED, *NOT_BY_THEMSELVES, "relation", "question"})

_A_DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """One activity that uses a field."""

    activity_key: str
    name: str
    why: str
    basis: str
    term: str
    since: date


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One field as the catalogue shows it."""

    field: PersonalDataField
    category: str
    source: str
    purposes: Sequence[PurposeLine]
    uses: Sequence[FieldUse]
    last_on: date | None
    lacks: Sequence[Lack]
    asks_to_go: bool

    @property
    def key(self) -> str:
        """The key of the field."""
        return self.field.key

    @property
    def is_used(self) -> bool:
        """Whether anything may use it now."""
        return bool(self.purposes)


@dataclass(frozen=True, slots=True)
class Kept:
    """Of how many people a field is kept, and of how many it stays for a claim."""

    people: int
    held: int


def catalogue_rows(*, at: datetime, key: str = "") -> list[CatalogueRow]:
    """Every field by name, own ones first; or one. A bounded number of statements."""
    fields = PersonalDataField.objects.filter(ended_at=None).order_by("-is_own", "name_nl")
    if key:
        fields = fields.filter(key=key)
    uses = field_uses(at=at)
    lines, known = _lines(), catalogue()
    today = law_day(at)
    return [_row(each, lines[each.key], uses, known.get(each.key), today) for each in fields]


def idle_fields(*, at: datetime) -> list[CatalogueRow]:
    """The fields of which is asked whether they can go: unused for six months."""
    return [each for each in catalogue_rows(at=at) if each.asks_to_go]


def idle_names(*, at: datetime) -> list[str]:
    """What `idle_fields` are called, looked for once a day: for pages that only point at them.

    The letters and sign-ups of two years are not read for every look at the start page. Of one
    that goes, or that nothing may use any more, it shows at once; one statement.
    """
    name = f"retention.idle.{law_day(at)}"
    keys: list[str] | None = cache.get(name)
    if keys is None:
        keys = [each.key for each in idle_fields(at=at)]
        cache.set(name, keys, _A_DAY)
    used = ActivityField.objects.filter(field=OuterRef("pk"), ended_at=None)
    living = PersonalDataField.objects.filter(key__in=keys, ended_at=None)
    kept = living.filter(Q(is_own=True) | Exists(used)).order_by("-is_own", "name_nl")
    return [each.name for each in kept]


def kept_of(field: PersonalDataField) -> Kept:
    """Of how many people an own field is kept."""
    mine = OwnFieldValue.objects.filter(field=field)
    return Kept(mine.count(), mine.filter(person_id__in=held_people()).count())


def who_sees() -> list[str]:
    """The roles that may see what is kept of people."""
    return [str(Role(role).label) for role, may in MAY.items() if Action.READ_PEOPLE in may]


def _row(
    field: PersonalDataField,
    lines: Sequence[tuple[FieldLine, PurposeLine]],
    uses: Uses,
    built_in: CatalogueField | None,
    today: date,
) -> CatalogueRow:
    mine = uses.get(field.key, ())
    # A built-in field that nothing may use is not kept at all (INV-31), so nothing is lacking.
    is_kept = field.is_own or bool(lines)
    is_asked = is_kept and field.key not in NO_QUESTION
    # What may be used since today was not left unused: also a built-in field, made at set-up.
    known_since = max([law_day(field.created_at), *(shown.since for _line, shown in lines)])
    return CatalogueRow(
        field=field,
        category=str(CATEGORIES[field.category].label) if field.category in CATEGORIES else "",
        source=_source(field, built_in),
        purposes=[shown for _line, shown in lines],
        uses=shortened(mine),
        last_on=last_use(mine),
        lacks=lacks_of(field.category, [line for line, _shown in lines]) if is_kept else (),
        asks_to_go=is_asked and is_idle(mine, known_since=known_since, today=today),
    )


def _source(field: PersonalDataField, built_in: CatalogueField | None) -> str:
    """Where it comes from: people themselves, or what Akkoord writes down."""
    if field.source:
        return field.source
    store = declaration_of(built_in.table) if built_in else None
    column = store.columns.get(built_in.column) if store and built_in else None
    if column is not None and not column.provided:
        return _("Akkoord writes it down itself")
    return _("People tell it themselves, or a file brought it")


def _lines() -> Mapping[str, list[tuple[FieldLine, PurposeLine]]]:
    """What the register says of each field, per activity in force; three statements."""
    activities = {each.key: each for each in ProcessingActivity.objects.filter(valid_to=None)}
    rules = {(each.activity_key, each.category): each for each in rules_now()}
    found: dict[str, list[tuple[FieldLine, PurposeLine]]] = defaultdict(list)
    uses = ActivityField.objects.filter(ended_at=None, activity_key__in=activities)
    for use in uses.select_related("field").order_by("admitted_at", "id"):
        activity = activities[use.activity_key]
        rule = _rule(rules, use)
        facts = FieldLine(activity.key, use.why, activity.legal_basis, rule is not None)
        shown = PurposeLine(
            activity.key,
            activity.name,
            use.why,
            basis_sentence(activity.legal_basis) if activity.legal_basis else "",
            rule.criterion if rule else "",
            law_day(use.admitted_at),
        )
        found[use.field.key].append((facts, shown))
    return found


def _rule(
    rules: Mapping[tuple[str, str], RetentionRule], use: ActivityField
) -> RetentionRule | None:
    """The rule that ends a field for an activity: of its category, else of all of it."""
    return rules.get((use.activity_key, use.field.category)) or rules.get((use.activity_key, ""))
