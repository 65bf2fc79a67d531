"""Terms of the register: how long, from when, what then; versioned, and never shorter than the law.

What is read here decides what the nightly clean-up does. A rule without a category is that of all
data of its activity; one of a category goes before it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from akkoord.datamap.dpv import CATEGORIES
from akkoord.law.retention_rules import (
    Effect,
    Ending,
    RuleFault,
    Term,
    Trigger,
    contradicts,
    faults_of_rule,
    preset_source,
)
from akkoord.law.terms import law_day
from akkoord.register.actions import RegisterRefused
from akkoord.register.models import ProcessingActivity, RetentionRule
from akkoord.register.nobody import refuse_persons
from akkoord.register.term_queries import without_term
from akkoord.trail.actions import Actor, record_change

TermChanged = Callable[[str, datetime, Actor], None]
_followers: list[TermChanged] = []


def follow_terms(function: TermChanged) -> None:
    """Hear, in the same transaction, that a term of an activity changed (by its key)."""
    if function not in _followers:
        _followers.append(function)


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule as it was typed. Without a category: for all data of the activity."""

    activity_key: str
    trigger: str
    term: Term
    effect: str = Effect.ERASE
    category: str = ""
    reason: str = ""


@transaction.atomic
def change_rule(*, facts: RuleFacts, at: datetime, actor: Actor) -> RetentionRule:
    """A new version of a rule; the old one ends and stays readable. The same again: no version.

    Raises RegisterRefused: what the law fixes is not shortened (AWR 52(4)), what is longer than
    proposed needs a reason (art. 5(1)(e), 5(2) GDPR), no part stays longer than everything, and no
    reason names anybody (INV-30).
    """
    if not ProcessingActivity.objects.filter(key=facts.activity_key, valid_to=None).exists():
        raise RegisterRefused("", _("This processing activity is not there (any more)."))
    _refuse_faults(facts, at)
    _refuse_contradiction(facts)
    refuse_persons({"reason": facts.reason})
    old = (
        RetentionRule.objects.select_for_update()
        .filter(activity_key=facts.activity_key, category=facts.category, valid_to=None)
        .first()
    )
    if old is not None and _is_same(old, facts):
        return old
    if old is not None:
        old.valid_to = at
        old.save(update_fields=["valid_to"])
    rule = RetentionRule.objects.create(
        activity_key=facts.activity_key,
        category=facts.category,
        trigger=facts.trigger,
        months=facts.term.months,
        days=facts.term.days,
        criterion_nl=sentence_of(facts.trigger, facts.term, "nl"),
        criterion_en=sentence_of(facts.trigger, facts.term, "en"),
        action=facts.effect,
        ground=preset_source(facts.activity_key, law_day(at), Trigger(facts.trigger)),
        reason=facts.reason.strip(),
        valid_from=at,
        changed_by=actor.id,
    )
    _trail("retention.rule", rule, at=at, actor=actor)
    _tell(rule, at=at, actor=actor)
    return rule


@transaction.atomic
def end_category_rule(*, rule: RetentionRule, at: datetime, actor: Actor) -> None:
    """A category follows its activity again. Raises RegisterRefused for the activity's own rule,
    and where the activity has none that the category could follow."""
    refusal = RegisterRefused("", _("Without this rule nothing says how long this is kept."))
    if not rule.category:
        raise refusal
    if RetentionRule.objects.filter(id=rule.id, valid_to=None).update(valid_to=at):
        if without_term([rule.activity_key]):
            raise refusal
        _trail("retention.rule-end", rule, at=at, actor=actor)
        _tell(rule, at=at, actor=actor)


def _tell(rule: RetentionRule, *, at: datetime, actor: Actor) -> None:
    for each in _followers:
        each(rule.activity_key, at, actor)


def _trail(action: str, rule: RetentionRule, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="retention-rule",
        object_id=rule.id,
        fields=("trigger", "term", "action", "reason"),
        at=at,
    )


def _is_same(old: RetentionRule, facts: RuleFacts) -> bool:
    return (old.trigger, old.term, old.action, old.reason) == (
        facts.trigger,
        facts.term,
        facts.effect,
        facts.reason.strip(),
    )


def _refuse_faults(facts: RuleFacts, at: datetime) -> None:
    """The first fault, in a sentence at its field."""
    faults = faults_of_rule(
        facts.activity_key,
        trigger=facts.trigger,
        term=facts.term,
        effect=facts.effect,
        reason=facts.reason,
        on=law_day(at),
    )
    for fault in faults:
        raise RegisterRefused(*_fault_words(fault))


def _refuse_contradiction(facts: RuleFacts) -> None:
    """A category that stays longer than everything of its activity: both would be in the register.

    Both ways: the longer part is refused, and the whole that becomes shorter than a part.
    """
    typed = Ending(facts.trigger, facts.term, facts.effect)
    for each in RetentionRule.objects.filter(activity_key=facts.activity_key, valid_to=None):
        standing = Ending(each.trigger, each.term, each.action)
        if facts.category and not each.category and contradicts(typed, standing):
            raise RegisterRefused(
                "length",
                _(
                    "Everything of this goes after %(length)s. A part of it cannot stay longer. "
                    "First make the term of everything longer."
                )
                % {"length": length_words(each.term)},
            )
        if not facts.category and each.category and contradicts(standing, typed):
            raise RegisterRefused(
                "length",
                _(
                    "“%(part)s” stays %(length)s by a rule of its own, longer than everything. "
                    "First end that rule or make it shorter."
                )
                % {"part": _category_word(each.category), "length": length_words(each.term)},
            )


def _category_word(category: str) -> str:
    return str(CATEGORIES[category].label) if category in CATEGORIES else category


def _fault_words(fault: RuleFault) -> tuple[str, str]:
    """The field that a fault stands at, and its sentence."""
    return {
        RuleFault.TRIGGER: ("trigger", _("This cannot start the term of this activity.")),
        RuleFault.EFFECT: ("effect", _("This cannot be done with these data.")),
        RuleFault.SHORTER_THAN_LAW: (
            "length",
            _("The tax law wants seven years after the book year. It may be longer, not shorter."),
        ),
        RuleFault.LONGER_THAN_PROMISED: (
            "length",
            _("This term may be shorter, not longer: nothing else says why you may keep this."),
        ),
        RuleFault.NEEDS_REASON: (
            "reason",
            _("This is longer than usual. Write down why you need it."),
        ),
        RuleFault.NO_TERM: ("length", _("Fill in how long.")),
        RuleFault.TOO_LONG: ("length", _("Fifty years is the most.")),
    }[fault]


def length_words(term: Term) -> str:
    """A term in words, in the reader's language: `3 years`, `30 days`."""
    if term.is_endless:
        return _("no fixed term")
    parts = []
    if term.months and term.months % 12 == 0:
        years = term.months // 12
        parts.append(ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
    elif term.months:
        parts.append(ngettext("%(n)s month", "%(n)s months", term.months) % {"n": term.months})
    if term.days or not parts:
        days = term.days or 0
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    return " ".join(parts)


def trigger_words(trigger: str) -> str:
    """From when a term counts, in the reader's language, as `after …` goes on."""
    return {
        Trigger.WITHDRAWAL: pgettext("term after", "your yes ended"),
        Trigger.LAST_SIGN: pgettext("term after", "we last heard from you"),
        Trigger.LAST_PURCHASE: pgettext("term after", "your last purchase or appointment"),
        Trigger.END_OF_RELATION: pgettext("term after", "you stopped being a customer or member"),
        Trigger.END_OF_BOOK_YEAR: pgettext("term after", "the book year of your purchase"),
        Trigger.ANSWERED: pgettext("term after", "we answered your question"),
        Trigger.CLOSED: pgettext("term after", "we answered your request"),
        Trigger.IMPORT: pgettext("term after", "your data came in"),
        Trigger.RECORDED: pgettext("term after", "it was written down"),
        Trigger.MARKETING_ENDS: pgettext("term after", "we stop sending advertising"),
    }.get(Trigger(trigger), trigger)


def sentence_of(trigger: str, term: Term, language: str) -> str:
    """The term as a notice says it to the person, in `nl` or `en`."""
    with translation.override(language):
        after = trigger_words(trigger)
        if term.is_endless:
            return _("Until %(after)s.") % {"after": after}
        return _("Until %(length)s after %(after)s.") % {
            "length": length_words(term),
            "after": after,
        }
