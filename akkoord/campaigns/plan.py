"""A letter that starts by itself: plan, move, take off, start, or ask when the time was missed.

Nothing is decided beforehand: at the start the check before sending runs again, and the gate is
asked for each person at hand-over, as for a letter that is sent at once.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from akkoord.campaigns.ab import check_spread, start_test
from akkoord.campaigns.actions import (
    CampaignRefused,
    check_stands_alone,
    check_was_seen,
    preflight_campaign,
    send_campaign,
)
from akkoord.campaigns.models import AbTest, Campaign, Plan
from akkoord.law.schedule_rules import is_missed, judge_moment
from akkoord.law.states import Channel
from akkoord.law.zones import EARLIEST
from akkoord.messages.dispatch import DispatchRefused, check_own_clock, say_of_registers
from akkoord.messages.models import LetterRun
from akkoord.register.field_lock import fields_stay
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor, record_change

CHANGED, OTHER_SENDER = "changed", "other-sender"


@transaction.atomic
def plan_campaign(
    *,
    campaign_id: UUID,
    starts_at: datetime,
    at: datetime,
    actor: Actor,
    spread_minutes: int = 0,
    rests_at_night: bool = False,
    by_own_clock: bool = False,
    registers: str = "",
    version: int | None = None,
) -> Plan:
    """Have a campaign start by itself at a moment; a second time moves it.

    Refuses one that was sent, a moment that is past or more than a year away, and whatever the
    check before sending blocks now. `by_own_clock`: at this hour for each, by the country of their
    address, where the topic may use it. `registers`: of letters on paper, which are made into one
    file to print then; they are not spread. `version`: the one that was on the screen; another one
    since is refused.
    """
    fields_stay()
    campaign = _locked(campaign_id)
    if campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent already."))
    check_was_seen(campaign, version)
    if campaign.channel == Channel.POST:
        _check_post(registers, is_spread=bool(spread_minutes) or by_own_clock)
    letters = _letters(campaign, spread_minutes=spread_minutes, by_own_clock=by_own_clock)
    if judge_moment(starts_at, now=at).problem is not None:
        raise CampaignRefused("", _("Choose a moment that lies ahead, within a year."))
    blocking = [each for letter in letters for each in preflight_campaign(letter, at=at).blocking]
    if blocking:
        raise CampaignRefused("", " ".join(dict.fromkeys(each.sentence for each in blocking)))
    if by_own_clock:
        try:
            check_own_clock(campaign.purpose, campaign.also_topics)
        except DispatchRefused as refusal:
            raise CampaignRefused("by_own_clock", refusal.sentence, (refusal.code,)) from None
    plan, _made = Plan.objects.update_or_create(
        campaign=campaign,
        defaults={
            "state": Plan.State.PLANNED,
            "starts_at": starts_at,
            "spread_minutes": spread_minutes,
            "rests_at_night": rests_at_night,
            "by_own_clock": by_own_clock,
            "registers": registers,
            "version": campaign.version,
            "sender": _sender(),
            "problems": [],
            "planned_by": actor.id,
            "planned_at": at,
        },
    )
    _record("campaign.plan", campaign, actor=actor, at=at)
    return plan


def _check_post(registers: str, *, is_spread: bool) -> None:
    if is_spread:
        raise CampaignRefused("", _("Letters on paper are made at once. Choose only a day."))
    if registers not in LetterRun.Registers.values:
        raise CampaignRefused("registers", say_of_registers(), ("registers-not-said",))


def _letters(campaign: Campaign, *, spread_minutes: int, by_own_clock: bool) -> list[Campaign]:
    """What leaves then: the letter, or both its versions, which are compared from that moment."""
    test = AbTest.objects.filter(campaign=campaign).select_related("other__purpose").first()
    if test is None:
        check_stands_alone(campaign)
        return [campaign]
    if by_own_clock:
        raise CampaignRefused(
            "", _("Two versions leave at one moment for all. Choose a time, or spread them.")
        )
    check_spread(test, spread_minutes)
    return [campaign, test.other]


@transaction.atomic
def take_off_plan(*, campaign_id: UUID, at: datetime, actor: Actor) -> bool:
    """A campaign no longer starts by itself; answers whether it would have."""
    campaign = _locked(campaign_id)
    gone, _rows = Plan.objects.filter(campaign=campaign).delete()
    if gone:
        _record("campaign.unplan", campaign, actor=actor, at=at)
    return bool(gone)


def start_planned(*, at: datetime) -> dict[str, int]:
    """Start every campaign whose moment has come; how many started, were missed, did not start."""
    due = _due(at)
    counts = {"started": 0, Plan.State.MISSED.value: 0, Plan.State.STOPPED.value: 0}
    for campaign_id in list(due.order_by("starts_at").values_list("campaign_id", flat=True)):
        if became := _start(campaign_id, at=at):
            counts[became] += 1
    return counts


def _due(at: datetime) -> QuerySet[Plan]:
    """Whose moment has come. By the clock of who gets it the first are due before Amsterdam is."""
    return Plan.objects.filter(state=Plan.State.PLANNED).filter(
        Q(starts_at__lte=at) | Q(by_own_clock=True, starts_at__lte=at + EARLIEST)
    )


@transaction.atomic
def _start(campaign_id: UUID, *, at: datetime) -> str:
    """Start one, if it is still to start; answers what became of it."""
    campaign = _locked(campaign_id)
    plan = _due(at).filter(campaign=campaign).first()
    if plan is None or campaign.dispatch_id is not None:
        return ""
    if is_missed(plan.starts_at, at=at):
        return _keep(plan, Plan.State.MISSED, [], at=at)
    if problems := _changed_since(campaign, plan):
        return _keep(plan, Plan.State.STOPPED, problems, at=at)
    try:
        with transaction.atomic():
            _send(campaign, plan, at=at)
    except CampaignRefused as refusal:
        return _keep(plan, Plan.State.STOPPED, list(refusal.codes) or ["refused"], at=at)
    return "started"


def _send(campaign: Campaign, plan: Plan, *, at: datetime) -> None:
    """It leaves, or comparing its two versions begins; with that the plan goes."""
    system, by = Actor.system(), plan.planned_by
    if AbTest.objects.filter(campaign=campaign).exists():
        start_test(
            campaign_id=campaign.id,
            at=at,
            actor=system,
            approved_by=by,
            spread_minutes=plan.spread_minutes,
            rests_at_night=plan.rests_at_night,
        )
        return
    send_campaign(
        campaign_id=campaign.id,
        at=at,
        actor=system,
        approved_by=by,
        spread_minutes=plan.spread_minutes,
        rests_at_night=plan.rests_at_night,
        registers=plan.registers,
        own_clock_at=plan.starts_at if plan.by_own_clock else None,
    )


def _changed_since(campaign: Campaign, plan: Plan) -> list[str]:
    """What is no longer as it was approved; the check before sending finds the rest."""
    found = []
    if campaign.version != plan.version:
        found.append(CHANGED)
    if _sender() != plan.sender:
        found.append(OTHER_SENDER)
    return found


def _keep(plan: Plan, state: str, problems: list[str], *, at: datetime) -> str:
    """The plan stays, for a person to decide."""
    plan.state = state
    plan.problems = [code[:60] for code in problems]
    plan.save(update_fields=["state", "problems"])
    _record(f"campaign.plan-{state}", plan.campaign, actor=Actor.system(), at=at)
    return str(state)


def _locked(campaign_id: UUID) -> Campaign:
    return (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("purpose")
        .get(id=campaign_id)
    )


def _sender() -> str:
    house = organisation()
    return house.sender_email if house else ""


def _record(action: str, campaign: Campaign, *, actor: Actor, at: datetime) -> None:
    record_change(actor=actor, action=action, object_kind="campaign", object_id=campaign.id, at=at)
