"""Verbs of A/B once it is set up: start, judge when its time has come, choose for the rest, stop.

Every part goes by the pipeline like any letter: the gate is asked for each person at hand-over, and
each run's accounting is exact. Judging and starting the rest are one transaction, so that a worker
that is killed in between leaves a test that is judged again, not one that is judged twice.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.ab_figures import ab_figures
from akkoord.campaigns.ab_groups import REST, A, B, group_name
from akkoord.campaigns.ab_models import MILLION, AbTest
from akkoord.campaigns.ab_set_up import (
    AbFacts,
    check_measure,
    drop_test,
    follow,
    locked,
    record,
    same_letter,
    set_up_test,
)
from akkoord.campaigns.actions import CampaignRefused, preflight_campaign
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.significance import FEWEST, Outcome
from akkoord.campaigns.source import source_of
from akkoord.law.schedule_rules import last_leaves
from akkoord.messages.compile import MessageSource
from akkoord.messages.dispatch import DispatchRefused, cancel_dispatch, start_dispatch
from akkoord.messages.groups import GroupRefused
from akkoord.messages.models import Dispatch, Link
from akkoord.trail.actions import Actor

__all__ = [
    "AbFacts",
    "CampaignRefused",
    "choose_version",
    "drop_test",
    "judge_tests",
    "set_up_test",
    "start_test",
    "stop_test",
]
State, Measure = AbTest.State, AbTest.Measure
_ENDED = (Dispatch.State.FINISHED, Dispatch.State.CANCELLED)


@transaction.atomic
def start_test(
    *,
    campaign_id: UUID,
    at: datetime,
    actor: Actor,
    approved_by: UUID | None = None,
    spread_minutes: int = 0,
    rests_at_night: bool = False,
) -> AbTest:
    """Send both versions to their part of the people; a plan for later goes.

    Refuses whatever the check blocks in either, and parts of fewer than five people.
    `approved_by`: who planned it, when it starts by itself. `spread_minutes`, `rests_at_night`: as
    of one letter; both versions alike, and the rest too, so that only the version differs.
    """
    campaign = locked(campaign_id)
    test = AbTest.objects.select_for_update().filter(campaign=campaign).first()
    if test is None or test.state != State.DRAFT or campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent already."))
    check_spread(test, spread_minutes)
    follow(campaign, test, "", at=at, actor=actor)
    check_measure(campaign, test.measure)
    test.other.refresh_from_db()
    people = _checked(campaign, at=at)
    _checked(test.other, at=at)
    if test.number is not None:
        test.share = min(MILLION // 2, max(1, -(-test.number * MILLION // max(1, people))))
    if people * test.share < FEWEST * MILLION:
        raise CampaignRefused(
            "", _("These are too few people to compare: each version needs at least 5.")
        )
    test.state, test.started_at = State.RUNNING, at
    test.b_starts_at = at + timedelta(hours=test.b_hours_later)
    test.spread_minutes, test.rests_at_night = spread_minutes, rests_at_night
    # The last who get it have as long as the first, also when a night lies in between.
    last = last_leaves(test.b_starts_at, minutes=spread_minutes, rests_at_night=rests_at_night)
    test.decides_at = last + timedelta(hours=test.hours)
    test.save()
    by = Actor.staff(approved_by) if approved_by else actor
    _send(test, campaign, A, at=at, actor=by)
    if not test.b_hours_later:
        _send(test, test.other, B, at=at, actor=by)
    Plan.objects.filter(campaign=campaign).delete()
    record("campaign.ab-start", campaign, actor=actor, at=at)
    return test


def check_spread(test: AbTest, spread_minutes: int) -> None:
    """Refuse to spread versions that differ in the hour at which they leave."""
    if spread_minutes and test.what == AbTest.What.TIME:
        raise CampaignRefused(
            "hours",
            _("These versions differ in the hour, so each leaves at its hour. Choose only a time."),
        )


def _checked(campaign: Campaign, *, at: datetime) -> int:
    """How many may be mailed; refuses what the check blocks."""
    found = preflight_campaign(campaign, at=at)
    if found.blocking:
        raise CampaignRefused(
            "",
            " ".join(each.sentence for each in found.blocking),
            tuple(str(each.code) for each in found.blocking),
        )
    return found.may_be_mailed


def _send(
    test: AbTest,
    letter: Campaign,
    part: str,
    *,
    at: datetime,
    actor: Actor,
    source: MessageSource | None = None,
) -> None:
    """One part of it leaves; its letter stands in no archive, the rest's does."""
    counts = letter.count_clicks or test.measure == Measure.CLICKS
    try:
        letter.dispatch = start_dispatch(
            purpose=letter.purpose,
            also=letter.also_topics,
            source=source or source_of(letter),
            segment=group_name(test, part),
            approved_by=actor.id or letter.created_by,
            at=at,
            counts_clicks=counts,
            has_web_copy=True,
            spread_minutes=test.spread_minutes,
            rests_at_night=test.rests_at_night,
        )
    except (DispatchRefused, GroupRefused) as refusal:
        raise CampaignRefused("", refusal.sentence, (refusal.code,)) from None
    clicks = test.measure == Measure.CLICKS and part != REST
    if clicks and not Link.objects.filter(dispatch=letter.dispatch).exists():
        raise CampaignRefused(
            "",
            _(
                "There is no link in the letter that can be counted. Add one, or choose another "
                "measure."
            ),
        )
    letter.left_archive_at = None if part == REST else at
    letter.save(update_fields=["dispatch", "left_archive_at"])


def judge_tests(*, at: datetime) -> dict[str, int]:
    """Start each B whose time has come, and judge each test whose time is over; how many."""
    counts = {"started": 0, "judged": 0}
    running = AbTest.objects.filter(state=State.RUNNING).order_by("decides_at")
    for test_id in list(running.values_list("id", flat=True)):
        for key, done in _judge(test_id, at=at).items():
            counts[key] += done
    return counts


@transaction.atomic
def _judge(test_id: UUID, *, at: datetime) -> dict[str, int]:
    test = (
        AbTest.objects.select_for_update(of=("self",))
        .select_related("campaign__purpose", "campaign__dispatch", "other__purpose")
        .select_related("other__dispatch", "rest")
        .filter(id=test_id, state=State.RUNNING)
        .first()
    )
    if test is None or test.b_starts_at is None or test.decides_at is None:
        return {}
    if test.other.dispatch is None:
        return {"started": _start_second(test, at=at)} if at >= test.b_starts_at else {}
    runs = (test.campaign.dispatch, test.other.dispatch)
    if at < test.decides_at or any(run is None or run.state not in _ENDED for run in runs):
        return {}  # who still gets it is waited for
    _decide(test, at=at)
    return {"judged": 1}


def _start_second(test: AbTest, *, at: datetime) -> int:
    """B at its own time; what stands in the way by then waits for somebody."""
    try:
        with transaction.atomic():
            _checked(test.other, at=at)
            _send(test, test.other, B, at=at, actor=Actor.system())
    except CampaignRefused as refusal:
        test.state, test.problem = State.ASKS, (refusal.codes or ("refused",))[0][:60]
        test.save(update_fields=["state", "problem"])
        return 0
    return 1


def _decide(test: AbTest, *, at: datetime) -> None:
    found = ab_figures(test, at=at)
    test.decided_at, test.outcome, test.p = at, found.verdict.outcome.value, found.verdict.p
    won = test.outcome if test.outcome in (Outcome.A, Outcome.B) else ""
    chosen = won or (A if test.without_winner == AbTest.Without.A else "")
    if not test.has_rest:
        test.state, test.winner = State.DONE, won
    elif test.asks or not chosen:
        test.state = State.ASKS
    else:
        _to_rest(test, chosen, at=at, actor=Actor.system())
    test.save()
    record("campaign.ab-decide", test.campaign, actor=Actor.system(), at=at)


@transaction.atomic
def choose_version(*, campaign_id: UUID, version: str, at: datetime, actor: Actor) -> AbTest:
    """Staff say what the rest gets. Refuses when nothing waits for a choice."""
    campaign = locked(campaign_id)
    test = (
        AbTest.objects.select_for_update(of=("self",))
        .select_related("campaign__purpose", "campaign__dispatch")
        .select_related("other__purpose", "other__dispatch")
        .filter(campaign=campaign)
        .first()
    )
    if test is None or test.state != State.ASKS or version not in (A, B):
        raise CampaignRefused("", _("There is nothing to choose now."))
    _to_rest(test, version, at=at, actor=actor)
    test.save()
    record("campaign.ab-choose", campaign, actor=actor, at=at)
    return test


def _to_rest(test: AbTest, version: str, *, at: datetime, actor: Actor) -> None:
    """The rest gets this version, in the very words that were compared.

    What can no longer be sent waits for somebody.
    """
    letter = test.campaign if version == A else test.other
    test.winner, test.state = version, State.DONE
    rest = same_letter(letter, Campaign.Part.REST, _("{name} (rest)"), at=at, actor=actor)
    sent: dict[str, Any] = letter.dispatch.template if letter.dispatch else {}
    source = MessageSource.from_json(sent) if sent else source_of(letter)
    source = replace(source, counting="", web_url="")
    try:
        with transaction.atomic():
            _send(test, rest, REST, at=at, actor=actor, source=source)
    except CampaignRefused as refusal:
        rest.delete()
        test.state, test.winner = State.ASKS, ""
        test.problem = (refusal.codes or ("refused",))[0][:60]
        return
    test.rest, test.problem = rest, ""


@transaction.atomic
def stop_test(*, campaign_id: UUID, at: datetime, actor: Actor) -> bool:
    """Stop: who got nothing yet gets nothing. What was sent stays counted as it went."""
    campaign = locked(campaign_id)
    test = (
        AbTest.objects.select_for_update()
        .filter(campaign=campaign, state__in=[State.RUNNING, State.ASKS])
        .first()
    )
    if test is None:
        return False
    for run in (campaign.dispatch_id, test.other.dispatch_id):
        if run is not None:
            cancel_dispatch(dispatch_id=run, at=at, by=actor.id)
    test.state, test.decided_at = State.DONE, test.decided_at or at
    test.save(update_fields=["state", "decided_at"])
    record("campaign.ab-stop", campaign, actor=actor, at=at)
    return True
