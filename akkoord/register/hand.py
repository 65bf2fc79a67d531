"""Verbs on activities that happen outside Akkoord: make, change, publish, end (art. 30).

A change is a new version with a reason; a draft that was never published is written on in place.
Nothing is deleted: what no longer happens ends, and stays readable.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.law.purpose_rules import Outcome, Weighed
from akkoord.law.register_rules import Element
from akkoord.law.states import Basis
from akkoord.law.terms import law_day
from akkoord.register.actions import ask_anew
from akkoord.register.activity_values import TEXTS, checked_values
from akkoord.register.completeness import lacks_of, refuse_emptied
from akkoord.register.example_tables import AUTHORITIES, IN_EUROPE, Example
from akkoord.register.example_trades import EXAMPLES
from akkoord.register.models import ProcessingActivity, Purpose, Recipient
from akkoord.register.nobody import refuse_persons
from akkoord.register.publishing import OWN as OWN
from akkoord.register.publishing import end_activity as end_activity
from akkoord.register.publishing import note_activity
from akkoord.register.publishing import publish_activity as publish_activity
from akkoord.register.publishing import write_versions as write_versions
from akkoord.register.purpose_changes import (
    Words,
    data_of_activity,
    demand_topic,
    judged,
    write_change,
)
from akkoord.register.reasons import SHORTEST_REASON
from akkoord.register.reasons import because as because
from akkoord.register.receiving import refuse_blocked
from akkoord.register.recipient_changes import tell_changed
from akkoord.register.refused import RegisterRefused
from akkoord.register.term_queries import rules_now
from akkoord.trail.actions import Actor

PURPOSE = frozenset({"purpose_nl", "purpose_en"})


@transaction.atomic
def make_activity(
    *, values: Mapping[str, Any], at: datetime, actor: Actor, key: str = ""
) -> ProcessingActivity:
    """A new activity, as a draft. Refuses one without a name, and texts that name people.

    `key`: the code that it had in another register; another one when that is taken.
    """
    values = checked_values(values)
    name = values.get("name_nl") or values.get("name_en") or ""
    if not name:
        raise RegisterRefused("name", _("Give it a name."))
    activity = ProcessingActivity.objects.create(
        key=_free_key(key or f"{OWN}{slugify(name) or 'activity'}"),
        is_system=False,
        valid_from=at,
        changed_by=actor.id,
        **values,
    )
    note_activity("activity.make", activity, values, at=at, actor=actor)
    return activity


@transaction.atomic
def make_from_example(
    *, example_key: str, at: datetime, actor: Actor, clients: list[str] | None = None
) -> ProcessingActivity:
    """A draft, filled in as most organisations do it; a processor's without clients is refused."""
    example = EXAMPLES.get(example_key)
    if example is None:
        raise RegisterRefused("example", _("There is no such example."))
    values: dict[str, Any] = {
        "legal_basis": str(example.basis),
        "subjects": list(example.subjects),
        "role": example.role,
        "clients": clients or [],
        "data_nl": [each[0] for each in example.data],
        "data_en": [each[1] for each in example.data],
        "receivers_nl": [each[0] for each in example.receivers],
        "receivers_en": [each[1] for each in example.receivers],
    }
    for name in TEXTS:
        values[f"{name}_nl"], values[f"{name}_en"] = (
            getattr(example, name) if name != "transfers" else _stays(example)
        )
    if example.no_receivers[0]:
        language = translation.get_language() or "nl"
        values["blanks"] = {Element.RECIPIENTS: example.no_receivers[language == "en"]}
    return make_activity(values=values, at=at, actor=actor)


def _stays(example: Example) -> tuple[str, str]:
    """Dutch authorities work in Europe; where others are nobody knows but who works with them, so
    the step asks (art. 30(1)(e))."""
    is_known = bool(example.receivers) and AUTHORITIES.issuperset(example.receivers)
    return IN_EUROPE if is_known else ("", "")


def _free_key(wanted: str) -> str:
    base = slugify(wanted)[:70]
    taken = set(
        ProcessingActivity.objects.filter(key__startswith=base).values_list("key", flat=True)
    )
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 1000))) if key not in taken)


@transaction.atomic
def change_activity(
    *,
    key: str,
    values: Mapping[str, Any],
    reason: str,
    at: datetime,
    actor: Actor,
    weighed: Weighed | None = None,
    companies: set[str] | None = None,
) -> ProcessingActivity:
    """New words for an activity: a new version, with why; a draft is written on in place.

    Another purpose of what was published asks the questions of art. 6(4); where people must say
    yes anew, an older yes to its topic counts no more. `companies`: the keys of those that receive
    its data from now on (None: as it is). Refuses an ended activity, no reason once it was
    published, what leaves an element empty that said something (INV-29), texts that name people,
    questions without answers (NeedsWeighing), answers that do not allow it, a term in words beside
    a rule for it, and for an activity that Akkoord performs all but its proof, purpose, safety and
    reasons for blanks.
    """
    old = ProcessingActivity.objects.select_for_update().filter(key=key, valid_to=None).first()
    if old is None:
        raise RegisterRefused("", _("This is no longer in the register."))
    checked = checked_values({"role": old.role, "clients": old.clients, **values})
    changed = {name: value for name, value in checked.items() if getattr(old, name) != value}
    is_published = old.published_at is not None
    lacked = lacks_of(key) if is_published else ()
    new = old
    if changed.get("term_nl"):
        _refuse_second_term(key)
    if changed:
        new = _rewrite(old, changed, reason, weighed, at=at, actor=actor)
    if companies is not None and _give(key, companies, at=at):
        if is_published:
            _demand_reason(reason)
        note_activity("activity.change", new, ("recipients",), at=at, actor=actor)
        tell_changed([key], at=at, actor=actor)
        because(reason)
    if is_published:
        refuse_emptied(key, lacked)
    return new


def _refuse_second_term(key: str) -> None:
    """A term in words beside a rule that clears by itself would say two things (art. 5(1)(e))."""
    rule = next(iter(rules_now([key])), None)
    if rule is not None:
        raise RegisterRefused(
            "term",
            _("A rule says this already: “%(rule)s”. Change the rule, at “How long”.")
            % {"rule": rule.criterion},
        )


def _rewrite(
    old: ProcessingActivity,
    changed: Mapping[str, Any],
    reason: str,
    weighed: Weighed | None,
    *,
    at: datetime,
    actor: Actor,
) -> ProcessingActivity:
    """A draft in place; what was published as a new version, with why."""
    if old.published_at is None:
        for name, value in changed.items():
            setattr(old, name, value)
        old.save(update_fields=list(changed))
        note_activity("activity.change", old, changed, at=at, actor=actor)
        because(reason)
        return old
    _demand_reason(reason)
    if not PURPOSE.isdisjoint(changed):
        _weigh(old, changed, weighed, at=at, actor=actor)
    new = _next_version(old, changed, reason=reason, at=at, actor=actor)
    note_activity("activity.change", new, changed, at=at, actor=actor)
    because(reason)
    return new


def _demand_reason(reason: str) -> None:
    """Raise RegisterRefused when what stands in the register changes and nobody says why."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise RegisterRefused("reason", _("Say in a few words why this changes."))
    refuse_persons({"reason": reason})


def _weigh(
    old: ProcessingActivity,
    changed: Mapping[str, Any],
    weighed: Weighed | None,
    *,
    at: datetime,
    actor: Actor,
) -> None:
    """What the answers say of another purpose, written down; a topic asks its people anew."""
    outcome = judged(data_of_activity(old), weighed, field="purpose")
    after = {name: changed.get(name, getattr(old, name)) for name in PURPOSE}
    if outcome is Outcome.CONSENT_ANEW and changed.get("legal_basis", old.legal_basis) != (
        Basis.CONSENT
    ):
        demand_topic(old.key, field="purpose")
    topic = Purpose.objects.filter(activity_key=old.key, ended_at=None).first()
    if outcome is Outcome.CONSENT_ANEW and topic is not None:
        ask_anew(topic, description=(after["purpose_nl"], after["purpose_en"]), at=at, actor=actor)
    write_change(
        activity_key=old.key,
        words=Words(old.purpose_nl, old.purpose_en, after["purpose_nl"], after["purpose_en"]),
        outcome=outcome,
        weighed=weighed or Weighed(),
        at=at,
        actor=actor,
    )


def _next_version(
    old: ProcessingActivity,
    changed: Mapping[str, Any],
    *,
    reason: str,
    at: datetime,
    actor: Actor,
) -> ProcessingActivity:
    """End the old row and add the new one."""
    old.valid_to = at
    old.save(update_fields=["valid_to"])
    same = {
        each.attname: getattr(old, each.attname)
        for each in ProcessingActivity._meta.concrete_fields
        if each.attname not in ("id", "version", "valid_from", "valid_to")
    }
    return ProcessingActivity.objects.create(
        **{
            **same,
            **changed,
            "version": old.version + 1,
            "valid_from": at,
            "changed_by": actor.id,
            "change_reason": reason.strip()[:300],
        }
    )


def choose_recipients(
    *, key: str, wanted: set[str], at: datetime, actor: Actor, reason: str = ""
) -> None:
    """Say which known companies receive data of an activity; the register follows.

    Refuses as `change_activity` does: without a reason when it was published, among others.
    """
    change_activity(key=key, values={}, companies=wanted, reason=reason, at=at, actor=actor)


def _give(key: str, wanted: set[str], *, at: datetime) -> bool:
    """Let just these companies receive its data; whether that is another answer than before."""
    changed = False
    touched = Recipient.objects.filter(Q(activity_keys__contains=[key]) | Q(key__in=wanted))
    for each in touched.filter(valid_to=None).select_for_update().order_by("id"):
        has, should = key in each.activity_keys, each.key in wanted
        if has == should:
            continue
        if should:
            refuse_blocked(each, "companies", law_day(at))
        rest = [other for other in each.activity_keys if other != key]
        each.activity_keys = [*rest, key] if should else rest
        each.save(update_fields=["activity_keys"])
        changed = True
    return changed
