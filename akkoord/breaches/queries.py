"""Named reads of leaks: the list, one leak as its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.breaches import words
from akkoord.breaches.clock import left_words, running
from akkoord.breaches.facts import advice_of, known_parts, people_of, records_of
from akkoord.breaches.forms import SeverityForm
from akkoord.breaches.models import Breach, BreachLesson, BreachNotice, BreachStep
from akkoord.breaches.told import told_kinds
from akkoord.law.breach_rules import (
    TELLS_AUTHORITY,
    Cause,
    Decision,
    Nature,
    Part,
    System,
    advised_decision,
    hours_left,
)
from akkoord.law.severity import SeverityAdvice
from akkoord.law.terms import law_day
from akkoord.register.models import Recipient
from akkoord.register.queries import current_activities
from akkoord.trail.queries import staff_names

PAGE = 50


@dataclass(frozen=True, slots=True)
class BreachRow:
    """A leak as the list shows it."""

    breach: Breach
    people: int
    decision: str
    left: str
    is_late: bool
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BreachPage:
    """One page of leaks, newest first, and the key of the next."""

    rows: list[BreachRow]
    next_key: str


def breach_by_id(breach_id: UUID) -> Breach | None:
    """One leak, or None."""
    return Breach.objects.filter(id=breach_id).first()


def breaches(*, is_drill: bool = False, year: int = 0, state: str = "") -> QuerySet[Breach]:
    """The register of leaks, newest first; drills stand apart."""
    found = Breach.objects.filter(is_drill=is_drill).order_by("-id")
    if year in years():
        found = found.filter(aware_at__year=year)
    if state in Breach.State.values:
        found = found.filter(state=state)
    return found


def breaches_page(
    *, is_drill: bool = False, year: int = 0, state: str = "", after: str = ""
) -> BreachPage:
    """Fifty leaks; two statements."""
    found = breaches(is_drill=is_drill, year=year, state=state)
    if after:
        try:
            found = found.filter(id__lt=UUID(after))
        except ValueError:
            found = found.none()
    rows = list(found[: PAGE + 1])
    page = rows_of(rows[:PAGE])
    return BreachPage(page, str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def rows_of(found: Sequence[Breach]) -> list[BreachRow]:
    """Leaks as the list and the files show them; one statement for all."""
    told = dict(
        BreachNotice.objects.filter(breach__in=found, kind="first").values_list("breach_id", "at")
    )
    now = timezone.now()
    return [
        BreachRow(
            breach=each,
            people=people_of(each),
            decision=decision_word(each.decision),
            left=left_words(hours_left(each.due_at, now)),
            is_late=now > each.due_at,
            told_at=told.get(each.id),
        )
        for each in found
    ]


def years() -> list[int]:
    """The years in which somebody noticed a leak, newest first."""
    found = Breach.objects.dates("aware_at", "year", order="DESC")
    return [each.year for each in found]


def decision_word(decision: str) -> str:
    """What was decided, in words; empty: nothing yet."""
    return str(words.DECISIONS[Decision(decision)]) if decision else ""


@dataclass(frozen=True, slots=True)
class SeverityShown:
    """The score with its parts, and what they advise."""

    advice: SeverityAdvice
    parts: list[tuple[str, str, str]]  # question, answer, number
    level: str
    means: str
    flags: list[str]
    advised: Decision
    advised_word: str


def severity_shown(breach: Breach) -> SeverityShown | None:
    """The severity explained; None: its questions have no answer yet."""
    advice = advice_of(breach, on=law_day(breach.changed_at))
    if advice is None:
        return None
    decision = advised_decision(advice)
    return SeverityShown(
        advice=advice,
        parts=_parts(breach),
        level=str(words.SEVERITIES[advice.severity]),
        means=str(words.SEVERITY_MEANS[advice.severity]),
        flags=[str(words.FLAGS[flag]) for flag in sorted(advice.flags)],
        advised=decision,
        advised_word=str(words.DECISIONS[decision]),
    )


def _parts(breach: Breach) -> list[tuple[str, str, str]]:
    asked = SeverityForm.base_fields
    lists: tuple[tuple[str, Any], ...] = (
        ("context", words.CONTEXTS),
        ("identification", words.IDENTIFICATIONS),
        ("confidentiality", words.CONFIDENTIALITIES),
        ("integrity", words.INTEGRITIES),
        ("availability", words.AVAILABILITIES),
    )
    found = []
    for name, choices in lists:
        value = getattr(breach, name)
        key = value if name == "context" else value.normalize()
        sign = "× " if name == "identification" else "" if name == "context" else "+ "
        found.append((str(asked[name].label), str(choices[key]), f"{sign}{_short(value)}"))
    if breach.is_malicious:
        found.append((str(asked["is_malicious"].label), "", "+ 0,5"))
    return found


def _short(value: Any) -> str:
    text = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else str(value)
    return (text or "0").replace(".", ",")


@dataclass(frozen=True, slots=True)
class StepShown:
    """A line of the log in words."""

    at: datetime
    what: str
    by: str


def log_of(breach: Breach, limit: int = 100) -> list[StepShown]:
    """The log of a leak, newest first; two statements."""
    steps = list(BreachStep.objects.filter(breach=breach).order_by("-id")[:limit])
    names = staff_names({each.actor_id for each in steps if each.actor_id})
    return [
        StepShown(
            each.at,
            str(words.STEP_WORDS.get(each.code, each.code)),
            names.get(each.actor_id, "") if each.actor_id else "",
        )
        for each in steps
    ]


def lessons_of(breach: Breach) -> list[BreachLesson]:
    """What was learnt, oldest first."""
    return list(breach.lessons.order_by("id"))


def open_actions() -> QuerySet[BreachLesson]:
    """What must still be done after leaks and drills, by day."""
    return (
        BreachLesson.objects.filter(done_at=None)
        .exclude(action="")
        .select_related("breach")
        .order_by("due_on", "id")
    )


def notices_of(breach: Breach) -> list[BreachNotice]:
    """Who was told, oldest first."""
    return list(breach.notices.order_by("id"))


def activity_choices() -> list[tuple[str, str]]:
    """What data are kept for, as the register says it today."""
    return sorted(
        ((each.key, each.name) for each in current_activities()), key=lambda pair: pair[1].lower()
    )


def recipient_choices() -> list[tuple[str, str]]:
    """Companies that get data, as the register names them today."""
    found = Recipient.objects.filter(valid_to=None).order_by("name", "id")
    return [(str(each.id), each.name) for each in found]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is still to be filled in before anybody can decide."""

    word: str
    step: str
    is_known: bool


_STEP_OF = {
    Part.WHAT: "what",
    Part.NATURES: "kind",
    Part.SYSTEMS: "kind",
    Part.WHO: "who",
    Part.SEVERITY: "severity",
    Part.CONSEQUENCES: "severity",
    Part.MEASURES: "severity",
}


def parts_of(breach: Breach) -> list[NextStep]:
    """Each question with whether it has an answer."""
    known = known_parts(breach)
    return [NextStep(str(words.PART_WORDS[part]), _STEP_OF[part], part in known) for part in Part]


def done_steps(breach: Breach) -> set[int]:
    """The steps of the guided form of which every question has an answer; counted from 1."""
    parts = parts_of(breach)
    order = ("what", "kind", "who", "severity")
    found = {
        place
        for place, step in enumerate(order, start=1)
        if all(each.is_known for each in parts if each.step == step)
    }
    return found | ({5} if breach.decision else set())


def to_do(breach: Breach) -> list[str]:
    """What the decision asks that was not done yet: codes of the page's buttons."""
    kinds = told_kinds(breach)
    found = []
    if breach.decision in TELLS_AUTHORITY and "first" not in kinds:
        found.append("authority")
    if breach.decision == Decision.PERSONS and not kinds & {"people", "post", "public"}:
        found.append("people")
    return found


def open_leaks() -> QuerySet[Breach]:
    """Real leaks that nobody has decided, or of which the AP must know and does not yet."""
    return running().filter(is_drill=False)


def figures(since: date) -> dict[str, int]:
    """How many leaks, how many told to the AP and to people since a day; one statement."""
    found = Breach.objects.filter(is_drill=False, aware_at__date__gte=since).aggregate(
        leaks=Count("id"),
        undecided=Count("id", filter=Q(state=Breach.State.OPEN)),
        authority=Count("id", filter=Q(decision__in=[each.value for each in TELLS_AUTHORITY])),
        people=Count("id", filter=Q(decision=Decision.PERSONS)),
    )
    return {name: int(number) for name, number in found.items()}


def step_labels() -> list[str]:
    """The steps of the guided form."""
    return [_("What"), _("What kind"), _("Who"), _("How bad"), _("Decide")]


def kinds_of(breach: Breach) -> dict[str, Any]:
    """What kind of leak it is and where, in words; no statement."""
    return {
        "natures": [str(words.NATURES[Nature(each)]) for each in breach.natures],
        "systems": [str(words.SYSTEMS[System(each)]) for each in breach.systems],
        "cause": str(words.CAUSES[Cause(breach.cause)]) if breach.cause else "",
    }


def words_of(breach: Breach) -> dict[str, Any]:
    """The closed lists of a leak in words, for its page."""
    recipient = (
        Recipient.objects.filter(id=breach.recipient_id).values_list("name", flat=True).first()
        if breach.recipient_id
        else ""
    )
    names = staff_names({each for each in (breach.begun_by, breach.decided_by) if each})
    return {
        **kinds_of(breach),
        "recipient": recipient or "",
        "people": people_of(breach),
        "records": records_of(breach),
        "begun_by": names.get(breach.begun_by, "") if breach.begun_by else "",
        "decided_by": names.get(breach.decided_by, "") if breach.decided_by else "",
    }
