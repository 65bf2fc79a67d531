"""Verbs of A/B: set it up, start, judge when its time has come, choose for the rest, stop.

Every part goes by the pipeline like any letter: the gate is asked for each person at hand-over, and
each run's accounting is exact. Judging and starting the rest are one transaction, so that a worker
that is killed in between leaves a test that is judged again, not one that is judged twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.ab_figures import ab_figures
from akkoord.campaigns.ab_groups import REST, A, B, group_name
from akkoord.campaigns.ab_models import MILLION, AbTest
from akkoord.campaigns.actions import CampaignRefused, CampaignText, preflight_campaign
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.significance import FEWEST, Outcome
from akkoord.campaigns.source import source_of
from akkoord.campaigns.versions import keep_version
from akkoord.datamap.ids import uuid7
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource
from akkoord.messages.dispatch import DispatchRefused, cancel_dispatch, start_dispatch
from akkoord.messages.groups import GroupRefused
from akkoord.messages.models import Dispatch, Link
from akkoord.register.queries import field_allowed, measuring_purpose
from akkoord.trail.actions import Actor, record_change

LONGEST_HOURS = 168
SALES = "last_purchase"
State, What, Measure = AbTest.State, AbTest.What, AbTest.Measure
_ENDED = (Dispatch.State.FINISHED, Dispatch.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class AbFacts:
    """What somebody chooses. `percent` of the people get each version, or `number` of them."""

    what: str
    measure: str
    subject_b: str = ""
    percent: int = 10
    number: int | None = None
    hours: int = 4
    asks: bool = False
    without_winner: str = AbTest.Without.A.value
    b_hours_later: int = 0


@transaction.atomic
def set_up_test(*, campaign_id: UUID, facts: AbFacts, at: datetime, actor: Actor) -> AbTest:
    """Give a letter a second version; a second time changes how they are compared.

    Refuses what was sent or is planned, a push message, and numbers that cannot be.
    """
    campaign = _locked(campaign_id)
    _check(campaign, facts)
    test = AbTest.objects.filter(campaign=campaign).select_related("other").first()
    values = {
        "what": facts.what,
        "measure": facts.measure,
        "share": min(facts.percent * MILLION // 100, MILLION // 2),
        "number": facts.number,
        "hours": facts.hours,
        "asks": facts.asks,
        "without_winner": facts.without_winner,
        "b_hours_later": facts.b_hours_later if facts.what == What.TIME else 0,
    }
    if test is None:
        test = AbTest(campaign=campaign, other=_second(campaign, at=at, actor=actor), **values)
        test.save(force_insert=True)
    else:
        AbTest.objects.filter(id=test.id).update(**values)
        test.refresh_from_db()
    _follow(campaign, test, facts.subject_b, at=at, actor=actor)
    _record("campaign.ab-set-up", campaign, actor=actor, at=at)
    return test


def _check(campaign: Campaign, facts: AbFacts) -> None:
    if campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent already."))
    if campaign.channel != Channel.EMAIL or campaign.part:
        raise CampaignRefused("", _("Only a letter can have two versions."))
    if Plan.objects.filter(campaign=campaign, state=Plan.State.PLANNED).exists():
        raise CampaignRefused("", _("This letter is planned. Take it off the plan first."))
    if facts.what not in What.values or facts.measure not in Measure.values:
        raise CampaignRefused("what", _("Choose in what the versions differ."))
    if facts.what == What.SUBJECT and not facts.subject_b.strip():
        raise CampaignRefused("subject_b", _("Write the second subject."))
    if facts.what == What.SUBJECT and facts.subject_b.strip() == campaign.subject:
        raise CampaignRefused("subject_b", _("This is the same subject. Write another one."))
    _check_numbers(facts)
    _check_measure(campaign, facts.measure)


def _check_numbers(facts: AbFacts) -> None:
    if facts.number is None and not 1 <= facts.percent <= 50:
        raise CampaignRefused("percent", _("Each version goes to at most half of the people."))
    if facts.number is not None and facts.number < FEWEST:
        raise CampaignRefused("number", _("Take at least 5 people for each version."))
    if not 1 <= facts.hours <= LONGEST_HOURS:
        raise CampaignRefused("hours", _("Fill in a number of hours, from 1 to 168."))
    if facts.what == What.TIME and not 1 <= facts.b_hours_later <= LONGEST_HOURS:
        raise CampaignRefused("b_hours_later", _("Fill in a number of hours, from 1 to 168."))


def _check_measure(campaign: Campaign, measure: str) -> None:
    """What is looked at must be allowed: purchases for the topic, opens by people themselves."""
    topics = (campaign.purpose, *campaign.also_topics)
    may_know = all(SALES in field_allowed(each.activity_key) for each in topics)
    if measure == Measure.PURCHASES and not may_know:
        raise CampaignRefused(
            "measure",
            _("This topic may not use purchases. Add the field to the topic, or take presses."),
        )
    if measure == Measure.OPENS and measuring_purpose() is None:
        raise CampaignRefused(
            "measure", _("Nobody was asked yet whether you may see what they open. Take presses.")
        )


def _second(campaign: Campaign, *, at: datetime, actor: Actor) -> Campaign:
    """Version B: the same letter, to be changed."""
    other = _same(campaign, Campaign.Part.VARIANT, _("{name} (B)"), at=at, actor=actor)
    keep_version(other, at=at, actor=actor)
    return other


def _same(campaign: Campaign, part: str, name: str, *, at: datetime, actor: Actor) -> Campaign:
    """A letter with the same words, that belongs to this one."""
    text = {each: getattr(campaign, each) for each in CampaignText.__slots__}
    text["name"] = name.format(name=campaign.name)[:160]
    return Campaign.objects.create(
        id=uuid7(),
        purpose=campaign.purpose,
        channel=campaign.channel,
        part=part,
        created_by=actor.id,
        created_at=at,
        updated_at=at,
        **text,
    )


def _follow(
    campaign: Campaign, test: AbTest, subject_b: str, *, at: datetime, actor: Actor
) -> None:
    """B is as A is, but for that in which they differ."""
    other, keep = test.other, {"name"}
    if test.what == What.SUBJECT:
        keep |= {"subject"}
        other.subject = subject_b.strip()[:200] or other.subject
    if test.what == What.CONTENT:
        keep |= {"subject", "preheader", "body", "body_kind"}
    for name in CampaignText.__slots__:
        if name not in keep:
            setattr(other, name, getattr(campaign, name))
    other.version += 1
    other.updated_at = at
    other.save()
    keep_version(other, at=at, actor=actor)


@transaction.atomic
def drop_test(*, campaign_id: UUID, at: datetime, actor: Actor) -> bool:
    """One version again; answers whether there were two. Not after it began."""
    campaign = _locked(campaign_id)
    test = AbTest.objects.filter(campaign=campaign, state=State.DRAFT).first()
    if test is None:
        return False
    other = test.other_id
    test.delete()
    Campaign.objects.filter(id=other).delete()
    _record("campaign.ab-drop", campaign, actor=actor, at=at)
    return True


@transaction.atomic
def start_test(*, campaign_id: UUID, at: datetime, actor: Actor) -> AbTest:
    """Send both versions to their part of the people. Refuses whatever the check blocks in either,
    and parts of fewer than five people."""
    campaign = _locked(campaign_id)
    test = AbTest.objects.select_for_update().filter(campaign=campaign).first()
    if test is None or test.state != State.DRAFT or campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent already."))
    _follow(campaign, test, "", at=at, actor=actor)
    _check_measure(campaign, test.measure)
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
    test.decides_at = test.b_starts_at + timedelta(hours=test.hours)
    test.save()
    _send(test, campaign, A, at=at, actor=actor)
    if not test.b_hours_later:
        _send(test, test.other, B, at=at, actor=actor)
    _record("campaign.ab-start", campaign, actor=actor, at=at)
    return test


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
    _record("campaign.ab-decide", test.campaign, actor=Actor.system(), at=at)


@transaction.atomic
def choose_version(*, campaign_id: UUID, version: str, at: datetime, actor: Actor) -> AbTest:
    """Staff say what the rest gets. Refuses when nothing waits for a choice."""
    campaign = _locked(campaign_id)
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
    _record("campaign.ab-choose", campaign, actor=actor, at=at)
    return test


def _to_rest(test: AbTest, version: str, *, at: datetime, actor: Actor) -> None:
    """The rest gets this version, in the very words that were compared.

    What can no longer be sent waits for somebody.
    """
    letter = test.campaign if version == A else test.other
    test.winner, test.state = version, State.DONE
    rest = _same(letter, Campaign.Part.REST, _("{name} (rest)"), at=at, actor=actor)
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
    campaign = _locked(campaign_id)
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
    _record("campaign.ab-stop", campaign, actor=actor, at=at)
    return True


def _locked(campaign_id: UUID) -> Campaign:
    return (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("purpose")
        .get(id=campaign_id)
    )


def _record(action: str, campaign: Campaign, *, actor: Actor, at: datetime) -> None:
    record_change(actor=actor, action=action, object_kind="campaign", object_id=campaign.id, at=at)
