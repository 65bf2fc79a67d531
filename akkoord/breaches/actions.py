"""Verbs of a data leak: begin, write down, decide, close, learn (art. 33, 34 GDPR; INV-41)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.breaches.facts import advice_of, known_parts
from akkoord.breaches.log import note
from akkoord.breaches.models import TEXTS, Breach, BreachLesson
from akkoord.breaches.texts import person_in, refusal
from akkoord.breaches.told import told_kinds
from akkoord.breaches.words import PART_WORDS
from akkoord.law.breach_rules import (
    Decision,
    advised_decision,
    missing_for_decision,
    must_explain,
)
from akkoord.law.deadlines import breach_due
from akkoord.law.terms import law_day
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor

_NUMBERING = 41_072  # one number at a time; any constant of our own


class BreachRefused(Exception):
    """Something that cannot be so; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What somebody decides, and why."""

    decision: Decision
    reason: str
    differs_because: str = ""


# What each step of the form may write.
STEPS: Mapping[str, frozenset[str]] = {
    "what": frozenset(
        ("aware_at", "happened_from", "happened_to", "is_ongoing", "what", "found_how")
    ),
    "kind": frozenset(
        ("natures", "cause", "systems", "activity_keys", "recipient_id", "other_parties")
    ),
    "who": frozenset(("groups", "categories", "persons_outside", "records_outside")),
    "severity": frozenset(
        (
            *("context", "identification", "confidentiality", "integrity", "availability"),
            *("is_malicious", "is_unintelligible", "protection", "consequences", "taken"),
            *("planned", "abroad"),
        )
    ),
}


@transaction.atomic
def begin_breach(
    *, values: Mapping[str, Any], at: datetime, actor: Actor, is_drill: bool = False
) -> Breach:
    """A leak, from the moment that somebody was aware of it; the clock runs (art. 33(1)).

    Any member of staff may. Refuses (BreachRefused) a moment that is still to come.
    """
    breach = Breach(
        is_drill=is_drill, begun_at=at, begun_by=actor.id, reference=_number(at, is_drill)
    )
    _write(breach, "what", values, at)
    breach.save(force_insert=True)
    note(breach, "drill-begin" if is_drill else "begin", at=at, actor=actor)
    return breach


@transaction.atomic
def keep_step(
    *, breach_id: UUID, step: str, values: Mapping[str, Any], at: datetime, actor: Actor
) -> Breach:
    """Keep what one step of the form says; a half answer is kept too.

    Refuses a closed leak, a moment to come, and a text in which somebody stands.
    """
    breach = _open(breach_id)
    changed = _write(breach, step, values, at)
    if changed:
        breach.save()
        note(breach, f"write-{step}", at=at, actor=actor, fields=changed)
    return breach


@transaction.atomic
def decide(*, breach_id: UUID, facts: DecisionFacts, at: datetime, actor: Actor) -> Breach:
    """A person decides whom to tell, with a reason, beside the advice (INV-41).

    Refuses when something is missing that a decision needs, without a reason, and when it differs
    from the advice without saying why. While the leak is not closed it can be decided anew.
    """
    breach = _open(breach_id)
    missing = missing_for_decision(facts.decision, known_parts(breach))
    if missing:
        words = ", ".join(str(PART_WORDS[part]) for part in missing)
        raise BreachRefused("", _("First fill in: %(parts)s.") % {"parts": words})
    if not facts.reason.strip():
        raise BreachRefused("reason", _("Write down why. Without a reason nothing is decided."))
    advice = advice_of(breach, on=law_day(at))
    advised = advised_decision(advice) if advice else None
    if must_explain(facts.decision, advised) and not facts.differs_because.strip():
        raise BreachRefused(
            "differs_because", _("The advice says something else. Write down why you differ.")
        )
    _refuse_person("reason", facts.reason)
    _refuse_person("differs_because", facts.differs_because)
    breach.advised = advised or ""
    breach.decision = facts.decision
    breach.decision_reason = facts.reason.strip()
    breach.differs_because = (
        facts.differs_because.strip() if must_explain(facts.decision, advised) else ""
    )
    breach.decided_at, breach.decided_by = at, actor.id
    breach.state, breach.changed_at = Breach.State.DECIDED, at
    breach.save()
    note(breach, "decide", at=at, actor=actor, fields=("decision", "decision_reason"))
    return breach


@transaction.atomic
def close_breach(*, breach_id: UUID, closing_note: str, at: datetime, actor: Actor) -> Breach:
    """Done: decided, told whom the decision names, nothing left to do but the lessons.

    Refuses one that nobody decided (INV-41, also when nobody is told), and one of which the
    authority or the people were not told although that was decided. A drill tells nobody.
    """
    breach = _open(breach_id)
    if breach.state != Breach.State.DECIDED:
        raise BreachRefused("", _("Decide first, with a reason. Also when you tell nobody."))
    if not breach.is_drill:
        _refuse_untold(breach)
    _refuse_person("closing_note", closing_note)
    breach.closing_note = closing_note.strip()
    breach.state, breach.closed_at, breach.closed_by = Breach.State.CLOSED, at, actor.id
    breach.changed_at = at
    breach.save()
    note(breach, "close", at=at, actor=actor)
    return breach


def _refuse_untold(breach: Breach) -> None:
    told = told_kinds(breach)
    if breach.decision in (Decision.AUTHORITY, Decision.PERSONS) and "first" not in told:
        raise BreachRefused(
            "", _("You decided to tell the AP. Write down under “Tell the AP” when you did.")
        )
    if breach.decision == Decision.PERSONS and not told & {"people", "post", "public"}:
        raise BreachRefused("", _("You decided to tell the people. They do not know yet."))


@transaction.atomic
def reopen_breach(*, breach_id: UUID, at: datetime, actor: Actor) -> Breach:
    """Something new came up: it can be written down and decided anew. Twice is once."""
    breach = Breach.objects.select_for_update().get(id=breach_id)
    if breach.state == Breach.State.CLOSED:
        breach.state, breach.closed_at, breach.closed_by = Breach.State.DECIDED, None, None
        breach.changed_at = at
        breach.save()
        note(breach, "reopen", at=at, actor=actor)
    return breach


@transaction.atomic
def add_lesson(
    *, breach_id: UUID, lesson: str, action: str, due_on: date | None, at: datetime, actor: Actor
) -> BreachLesson:
    """What was learnt, and what will be done by a day; also of one that is closed.

    Refuses a thing to do without a day.
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    if not lesson.strip():
        raise BreachRefused("lesson", _("Write down what you learnt."))
    if action.strip() and due_on is None:
        raise BreachRefused("due_on", _("Choose a day. What has no day is not done."))
    _refuse_person("lesson", lesson)
    _refuse_person("action", action)
    made = BreachLesson.objects.create(
        breach=breach,
        lesson=lesson.strip(),
        action=action.strip(),
        due_on=due_on if action.strip() else None,
        added_at=at,
        added_by=actor.id,
    )
    note(breach, "lesson", at=at, actor=actor)
    return made


@transaction.atomic
def finish_lesson(*, lesson_id: UUID, at: datetime, actor: Actor) -> BreachLesson | None:
    """What was to be done is done. Twice is once."""
    lesson = BreachLesson.objects.select_for_update().filter(id=lesson_id).first()
    if lesson is not None and lesson.done_at is None:
        lesson.done_at, lesson.done_by = at, actor.id
        lesson.save(update_fields=["done_at", "done_by"])
        note(lesson.breach, "lesson-done", at=at, actor=actor)
    return lesson


def _number(at: datetime, is_drill: bool) -> str:
    """The next reference of this year: DL-2026-003, of a drill OEF-2026-001."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
    stem = f"{'OEF' if is_drill else 'DL'}-{law_day(at).year}-"
    last = (
        Breach.objects.filter(reference__startswith=stem)
        .order_by("-reference")
        .values_list("reference", flat=True)
        .first()
    )
    return f"{stem}{int(last.rpartition('-')[2]) + 1 if last else 1:03}"


def _open(breach_id: UUID) -> Breach:
    breach = Breach.objects.select_for_update().get(id=breach_id)
    if breach.state == Breach.State.CLOSED:
        raise BreachRefused("", _("This leak is closed. Open it again first."))
    return breach


def _write(breach: Breach, step: str, values: Mapping[str, Any], at: datetime) -> list[str]:
    """Put the values of a step in the row; which fields changed."""
    unknown = set(values) - STEPS[step]
    if unknown:
        raise ValueError(f"not of this step: {sorted(unknown)}")
    for name, value in values.items():
        if name in TEXTS:
            _refuse_person(name, value)
    changed = [name for name, value in values.items() if getattr(breach, name) != value]
    for name in changed:
        setattr(breach, name, values[name])
    _refuse_unfit_moments(breach, at)
    breach.due_at = breach_due(breach.aware_at)
    breach.changed_at = at
    return changed


def _refuse_unfit_moments(breach: Breach, at: datetime) -> None:
    """Nobody noticed what is still to happen, and nothing ended before it began."""
    if breach.aware_at is None:
        raise BreachRefused("aware_at", _("When did somebody notice it? The clock runs from then."))
    for name in ("aware_at", "happened_from", "happened_to"):
        moment = getattr(breach, name)
        if moment is not None and moment > at:
            raise BreachRefused(name, _("This moment is still to come."))
    if breach.happened_to and breach.happened_from is None:
        raise BreachRefused("happened_from", _("Fill in when it began, too."))
    if breach.happened_to and breach.happened_from and breach.happened_to < breach.happened_from:
        raise BreachRefused("happened_to", _("This is before it began."))
    if breach.happened_from and breach.happened_from > breach.aware_at:
        raise BreachRefused(
            "happened_from", _("This is after you noticed it. One of the two moments is wrong.")
        )


def _refuse_person(field: str, text: str) -> None:
    if found := person_in(text, organisation()):
        raise BreachRefused(field, refusal(found))
