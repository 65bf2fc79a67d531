"""Write down that the AP or the public was told: when, word for word what, under which number."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.ap_form import ap_fields
from akkoord.breaches.log import note
from akkoord.breaches.models import Breach, BreachNotice
from akkoord.breaches.texts import person_in, refusal
from akkoord.law.breach_rules import TELLS_AUTHORITY, Decision, needs_grounds_for_delay
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor


@transaction.atomic
def file_notice(
    *,
    breach_id: UUID,
    told_at: datetime,
    number: str,
    delay_reason: str,
    at: datetime,
    actor: Actor,
) -> BreachNotice:
    """The AP was told, the first time or more (art. 33(1), 33(4)); what stood in it is kept.

    Refuses before the decision, for a drill, for a moment to come or before anybody noticed, and a
    first notice later than 72 hours without grounds for the delay.
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    _refuse_unfit(breach, told_at, at)
    is_first = not breach.notices.filter(kind=BreachNotice.Kind.FIRST).exists()
    if is_first and needs_grounds_for_delay(told_at, breach.due_at) and not delay_reason.strip():
        raise BreachRefused(
            "delay_reason", _("This is later than 72 hours. Write down why (art. 33(1) GDPR).")
        )
    for field, text in (("delay_reason", delay_reason), ("number", number)):
        if field == "delay_reason" and (found := person_in(text, organisation())):
            raise BreachRefused(field, refusal(found))
    if is_first and delay_reason.strip():
        breach.delay_reason = delay_reason.strip()
    breach.changed_at = at
    breach.save()
    fields = ap_fields(breach, is_follow_up=not is_first, by=actor.id)
    kind = BreachNotice.Kind.FIRST if is_first else BreachNotice.Kind.FOLLOW_UP
    notice = BreachNotice.objects.create(
        breach=breach,
        kind=kind,
        at=told_at,
        by=actor.id,
        due_at=breach.due_at,
        number=number.strip(),
        delay_reason=delay_reason.strip() if is_first else "",
        content=[[each.question, each.answer, each.section] for each in fields],
    )
    note(breach, f"notice-{kind}", at=at, actor=actor)
    return notice


def _refuse_unfit(breach: Breach, told_at: datetime, at: datetime) -> None:
    if breach.is_drill:
        raise BreachRefused("", _("This is a drill. Nothing is sent to anybody."))
    if breach.state == Breach.State.CLOSED:
        raise BreachRefused("", _("This leak is closed. Open it again first."))
    if told_at > at:
        raise BreachRefused("told_at", _("This moment is still to come."))
    if told_at < breach.aware_at:
        raise BreachRefused("told_at", _("This is before anybody noticed the leak."))
    # The first notice may go before a decision: in phases (art. 33(4)). Not when decided otherwise.
    if breach.decision and breach.decision not in TELLS_AUTHORITY:
        raise BreachRefused("", _("You decided not to tell the AP. Decide anew first."))


@transaction.atomic
def keep_public(*, breach_id: UUID, text: str, is_open: bool, at: datetime, actor: Actor) -> Breach:
    """Write the public notice, and put it on line or take it off (art. 34(3)(c)).

    Refuses an empty one, one in which a person stands, and to put one on line of a drill or before
    it was decided that people are told.
    """
    breach = Breach.objects.select_for_update().get(id=breach_id)
    if found := person_in(text, organisation()):
        raise BreachRefused("text", refusal(found))
    if is_open:
        _refuse_public(breach, text)
    was_open = breach.public_at is not None
    breach.public_text = text.strip()
    breach.public_at = (breach.public_at or at) if is_open else None
    breach.changed_at = at
    breach.save()
    if is_open and not was_open:
        BreachNotice.objects.create(
            breach=breach,
            kind=BreachNotice.Kind.PUBLIC,
            at=at,
            by=actor.id,
            due_at=breach.due_at,
            content=[["", breach.public_text]],
        )
    code = "public-open" if is_open else "public-close" if was_open else "public-write"
    note(breach, code, at=at, actor=actor)
    return breach


def _refuse_public(breach: Breach, text: str) -> None:
    if not text.strip():
        raise BreachRefused("text", _("Write the notice first."))
    if breach.is_drill:
        raise BreachRefused("", _("This is a drill. Nothing is sent to anybody."))
    if breach.decision != Decision.PERSONS:
        raise BreachRefused("", _("Decide first that the people are told."))
