"""Verbs of assessments (art. 35): say whether one is needed, write it, decide."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.checkup.dpia_queries import (
    Looked,
    activities,
    asked_before,
    entry_of,
    looked_at,
    missing_in,
    outline_of,
    risks_of,
)
from akkoord.checkup.models import Assessment, Risk, Screening
from akkoord.checkup.refused import CheckUpRefused
from akkoord.law.dpia_rules import (
    SHORTEST,
    Consultation,
    Criterion,
    Decision,
    Level,
    Listed,
    Part,
    RiskFacts,
    Standing,
    is_needed,
    must_ask_authority,
    needs_reason,
    open_decisions,
)
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day
from akkoord.register.models import PersonalDataField
from akkoord.register.nobody import sentence_about
from akkoord.trail.actions import Actor, record_change

LONGEST = 8000
NOT_ASKED = Consultation()
TEXTS: Final = frozenset({Part.DESCRIPTION, Part.NECESSITY, Part.RIGHTS, Part.OFFICER, Part.PEOPLE})


@transaction.atomic
def screen_activity(
    *,
    key: str,
    criteria: Collection[str],
    listed: Collection[str],
    reason: str,
    at: datetime,
    actor: Actor,
) -> Screening:
    """Say which criteria an activity meets; the rule says whether an assessment is needed.

    Refuses (CheckUpRefused) an activity that is not in the register, nobody who answers for it, a
    text that names somebody, and no reason where one is asked: somebody denies what Akkoord sees
    or what was said before, or calls one criterion not enough. An assessment that goes ahead and
    is needed no longer ends; a decision against the activity stays.
    """
    found = looked_at(key, law_day(at))
    if found is None or found.entry.is_ended:
        raise CheckUpRefused("", _("This is no longer in the register."))
    if actor.id is None:
        raise CheckUpRefused("", _("Somebody of your staff must answer for this."))
    reason = _clean("reason", reason)
    last = found.screening
    before = (*last.criteria, *last.listed) if last else ()
    if needs_reason(criteria, listed, found.seen, before) and len(reason) < SHORTEST:
        raise CheckUpRefused("reason", _("Say why in a whole sentence."))
    return _enter(key, criteria, listed, found.seen, reason, at=at, actor=actor)


@transaction.atomic
def confirm_unremarkable(*, shown: Collection[str], at: datetime, actor: Actor) -> int:
    """Agree that what Akkoord does itself needs no assessment, where it sees one criterion at most.

    What happens outside Akkoord, or with fields of one's own, is asked one by one: nobody can see
    it here. Only what was `shown` (`mark_of`), and stands as it did. How many there were.
    """
    if actor.id is None:
        raise CheckUpRefused("", _("Somebody of your staff must answer for this."))
    found = [each for each in unremarkable(law_day(at)) if mark_of(each) in shown]
    reason = _("Akkoord does this itself, and sees no two of the nine criteria in it.")
    for each in found:
        _enter(each.entry.key, each.seen, (), each.seen, reason, at=at, actor=actor)
    return len(found)


def unremarkable(on: date) -> list[Looked]:
    """What may be confirmed together."""
    own = set(PersonalDataField.objects.filter(is_own=True).values_list("key", flat=True))
    return [
        each
        for each in activities(on)
        if each.standing is Standing.UNSEEN
        and (each.entry.is_system or each.entry.content.get("fields"))
        and not own & {one["key"] for one in each.entry.content.get("fields") or ()}
        and not is_needed(each.seen, ())
    ]


def mark_of(looked: Looked) -> str:
    """The entry of the register in the version that somebody saw, and what was seen of it."""
    return ":".join((looked.entry.key, str(looked.entry.number), *looked.seen))


def _enter(
    key: str,
    criteria: Collection[str],
    listed: Collection[str],
    seen: Collection[str],
    reason: str,
    *,
    at: datetime,
    actor: Actor,
) -> Screening:
    older = Screening.objects.select_for_update().filter(activity_key=key)
    last = older.order_by("-version").first()
    older.filter(replaced_at=None).update(replaced_at=at)
    made = Screening.objects.create(
        activity_key=key,
        version=last.version + 1 if last else 1,
        criteria=[each.value for each in Criterion if each.value in criteria],
        listed=[each.value for each in Listed if each.value in listed],
        seen=list(seen),
        reason=reason,
        is_needed=is_needed(criteria, listed),
        made_at=at,
        made_by=actor.id,
    )
    if not made.is_needed:
        living = Assessment.objects.filter(activity_key=key, replaced_at=None)
        living.filter(decision=Decision.GO).update(replaced_at=at)
    _note("dpia.screen", made, ("criteria",), at=at, actor=actor)
    return made


@transaction.atomic
def begin_assessment(*, key: str, at: datetime, actor: Actor) -> Assessment:
    """Begin an assessment, or a version that goes on from the last; a draft that is there stays.

    Refuses an activity of which nobody said that it needs one.
    """
    found = _needed(key, at)
    if found.draft is not None:
        return found.draft
    last = Assessment.objects.filter(activity_key=key).order_by("-version").first()
    kept = {each.value: getattr(last, each.value) if last else "" for each in TEXTS}
    made = Assessment.objects.create(
        activity_key=key,
        version=last.version + 1 if last else 1,
        begun_at=at,
        begun_by=actor.id,
        **kept,
    )
    for risk in risks_of(last).values() if last else ():
        risk.pk, risk.assessment = None, made
        risk.id = Risk._meta.pk.get_default()
        risk.save(force_insert=True)
    _note("dpia.begin", made, (), at=at, actor=actor)
    return made


@transaction.atomic
def write_part(*, key: str, part: str, text: str, at: datetime, actor: Actor) -> Assessment:
    """Write one part of the draft. Refuses a text that says hardly anything or names somebody."""
    if part not in TEXTS:
        raise CheckUpRefused("", _("There is no such step."))
    text = _clean("text", text)
    if len(text) < SHORTEST:
        raise CheckUpRefused("text", _("Write at least a whole sentence here."))
    draft = _draft(key, at)
    setattr(draft, part, text)
    draft.save(update_fields=[part])
    _note("dpia.write", draft, (part,), at=at, actor=actor)
    return draft


@transaction.atomic
def write_risk(*, key: str, facts: RiskFacts, at: datetime, actor: Actor) -> Risk:
    """Write one of the three risks of the draft.

    Refuses texts that say hardly anything or name somebody, levels that are none, and measures
    that would make the risk greater.
    """
    texts = {
        name: _clean(name, getattr(facts, name)) for name in ("sources", "impacts", "measures")
    }
    for name, text in texts.items():
        if len(text) < SHORTEST:
            raise CheckUpRefused(name, _("Write at least a whole sentence here."))
    levels = {
        name: getattr(facts, name)
        for name in ("severity", "likelihood", "left_severity", "left_likelihood")
    }
    for name, level in levels.items():
        if level not in set(Level):
            raise CheckUpRefused(name, _("Choose one of the four."))
    if facts.grows:
        raise CheckUpRefused(
            "left_severity", _("Measures make a risk no greater. Choose the same or less.")
        )
    draft = _draft(key, at)
    risk, _made = Risk.objects.update_or_create(
        assessment=draft, feared=facts.feared, defaults={**texts, **levels}
    )
    _note("dpia.write", draft, (facts.feared,), at=at, actor=actor)
    return risk


@transaction.atomic
def decide(
    *,
    key: str,
    decision: str,
    reason: str,
    review_on: date,
    asked: Consultation = NOT_ASKED,
    at: datetime,
    actor: Actor,
) -> Assessment:
    """Decide on the draft: from now on it never changes, and the version before it ends.

    Refuses an activity that ended or needs none, a draft with an empty part, to go ahead while a
    high risk stays and the AP neither answered nor let its term pass (art. 36), a decision of
    nobody, without a reason, and a review that is past or later than three years.
    """
    draft, today = _draft(key, at), law_day(at)
    if actor.id is None:
        raise CheckUpRefused("", _("Somebody of your staff must answer for this."))
    if missing_in(draft):
        raise CheckUpRefused("", _("Fill in every step first."))
    advice = _clean("advice", asked.advice)
    _refuse_decision(draft, decision, asked, today)
    reason = _clean("reason", reason)
    if len(reason) < SHORTEST:
        raise CheckUpRefused("reason", _("Say why in a whole sentence."))
    last_day = term_end("dpia-review", today)
    if review_on <= today or (last_day is not None and review_on > last_day):
        raise CheckUpRefused("review_on", _("Choose a day within three years."))
    entry = entry_of(draft)
    Assessment.objects.filter(activity_key=key, replaced_at=None).exclude(id=draft.id).update(
        replaced_at=at
    )
    draft.entry_number = entry.number if entry else 0
    draft.outline = outline_of(entry) if entry else []
    draft.decision, draft.decision_reason, draft.review_on = decision, reason, review_on
    draft.asked_on, draft.answered_on, draft.advice = asked.asked_on, asked.answered_on, advice
    draft.decided_at, draft.decided_by = at, actor.id
    draft.save()
    _note("dpia.decide", draft, (decision,), at=at, actor=actor)
    return draft


def _refuse_decision(draft: Assessment, decision: str, asked: Consultation, today: date) -> None:
    """Refuse what may not be decided now, and days of the AP that cannot be."""
    facts = [each.facts for each in risks_of(draft).values()]
    if decision not in set(Decision):
        raise CheckUpRefused("decision", _("Choose a decision."))
    was_asked = asked_before(draft.activity_key) is not None
    if decision not in open_decisions(facts, was_asked=was_asked):
        raise CheckUpRefused(
            "decision",
            _("A high risk stays. Then the AP must be asked before you begin (art. 36)."),
        )
    if wrong := asked.wrong_day(today):
        raise CheckUpRefused(wrong, _("This day cannot be right."))
    if decision == Decision.GO and must_ask_authority(facts) and not asked.is_over(today):
        raise CheckUpRefused(
            "advice" if asked.answered_on else "answered_on",
            _(
                "A high risk stays. Write down when the AP answered and what it advised, or wait "
                "until fourteen weeks after the question (art. 36)."
            ),
        )


def _needed(key: str, at: datetime) -> Looked:
    """The activity, which happens and of which somebody said that it needs an assessment."""
    found = looked_at(key, law_day(at))
    if found is None or found.entry.is_ended:
        raise CheckUpRefused("", _("This is no longer in the register."))
    if found.screening is None or not found.screening.is_needed:
        raise CheckUpRefused("", _("First say which criteria it meets."))
    return found


def _draft(key: str, at: datetime) -> Assessment:
    """The draft, locked. Refuses as `_needed` does, and when there is none."""
    _needed(key, at)
    found = Assessment.objects.select_for_update().filter(activity_key=key, decided_at=None).first()
    if found is None:
        raise CheckUpRefused("", _("There is no assessment under way."))
    return found


def _clean(name: str, text: str) -> str:
    """A text that may stand in the dossier: of groups, never of somebody (INV-30)."""
    text = text.strip()
    if len(text) > LONGEST:
        raise CheckUpRefused(name, _("This is too long. At most 8,000 characters."))
    if sentence := sentence_about(text):
        raise CheckUpRefused(name, sentence)
    return text


def _note(
    action: str,
    made: Screening | Assessment,
    fields: tuple[str, ...],
    *,
    at: datetime,
    actor: Actor,
) -> None:
    record_change(
        actor=actor, action=action, object_kind="dpia", object_id=made.id, fields=fields, at=at
    )
