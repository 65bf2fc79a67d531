"""What cannot happen with two versions: nobody both, no winner too soon, no rest twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from akkoord.campaigns import ab
from akkoord.campaigns.ab_figures import ab_figures
from akkoord.campaigns.actions import CampaignText, revise_campaign
from akkoord.campaigns.models import AbTest, Campaign, Plan
from akkoord.campaigns.plan import plan_campaign, start_planned
from akkoord.campaigns.tests.test_ab import (
    HOUR,
    ME,
    judge,
    make_campaign,
    now,
    people_of,
    press,
    set_up,
    start,
    work,
)
from akkoord.consent.models import Standing
from akkoord.datamap.ids import uuid7
from akkoord.law.schedule_rules import last_leaves
from akkoord.law.terms import LAW_ZONE
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Dispatch, Link, LinkCount, Message
from akkoord.messages.tests.factories import give, make_point
from akkoord.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


def test_killed_between_the_verdict_and_the_rest_it_is_judged_again_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    work()
    press(test.other, 60)
    true = ab._send

    def die(*arguments: Any, **more: Any) -> None:
        true(*arguments, **more)
        raise Killed

    monkeypatch.setattr(ab, "_send", die)
    with pytest.raises(Killed):
        judge(test)
    monkeypatch.setattr(ab, "_send", true)
    kept = AbTest.objects.get()
    assert (kept.state, kept.outcome, kept.rest_id) == ("running", "", None)
    assert not Campaign.objects.filter(part="rest").exists()
    test = judge(test)
    work()
    assert (test.outcome, Dispatch.objects.count()) == ("b", 3)
    assert Message.objects.count() == 100
    assert Message.objects.filter(state="sent").count() == 100


def test_somebody_with_two_mailboxes_gets_nothing_of_the_rest_either() -> None:
    campaign = make_campaign(0)
    for number in range(60):
        first = make_point(f"a{number}@example.nl")
        second = make_point(f"b{number}@example.nl", first.person)
        give(first, campaign.purpose)
        give(second, campaign.purpose)
    test = start(campaign, percent=25)
    work()
    # The mailbox that was written to is closed: the other one is no way around it.
    had = Message.objects.values_list("contact_point_id", flat=True)
    Standing.objects.filter(contact_point_id__in=list(had)).update(state="withdrawn")
    test = judge(test)
    work()
    assert test.rest is not None
    rest = people_of(test.rest)
    assert rest
    assert not rest & (people_of(campaign) | people_of(test.other))
    assert Message.objects.filter(state="sent").count() == 60


def test_what_is_pressed_after_the_verdict_changes_it_no_more() -> None:
    campaign = make_campaign(100)
    test = start(campaign)
    work()
    press(campaign, 4)
    press(test.other, 60)
    test = judge(test)
    assert test.decided_at is not None
    link = Link.objects.get(dispatch=campaign.dispatch)
    LinkCount.objects.create(link=link, hour=test.decided_at + HOUR, kind="press", n=200)
    again = judge(test, hours=9)
    assert (again.outcome, again.winner, again.p) == (test.outcome, test.winner, test.p)
    found = ab_figures(again, at=now() + 9 * HOUR)
    assert (found.verdict.outcome, found.a.presses, found.b.presses) == ("b", 4, 60)
    assert Dispatch.objects.count() == 3


def test_a_choice_is_made_once_and_not_before_it_is_asked() -> None:
    campaign = make_campaign(100)
    start(campaign, asks=True)
    with pytest.raises(ab.CampaignRefused):
        ab.choose_version(campaign_id=campaign.id, version="b", at=now(), actor=ME)
    work()
    assert Dispatch.objects.count() == 2


def test_a_worker_that_still_sends_is_waited_for() -> None:
    """Also one that was paused: who gets it later still counts."""
    campaign = make_campaign(100)
    test = start(campaign)
    Dispatch.objects.filter(id=campaign.dispatch_id).update(state="finished", ended_at=now())
    assert judge(test, hours=50).state == "running"
    Dispatch.objects.update(state="paused")
    assert judge(test, hours=50).state == "running"
    assert Dispatch.objects.count() == 2


def test_it_starts_once() -> None:
    campaign = make_campaign(100)
    start(campaign)
    with pytest.raises(ab.CampaignRefused):
        ab.start_test(campaign_id=campaign.id, at=now() + timedelta(minutes=1), actor=ME)
    assert Dispatch.objects.count() == 2


def test_the_second_time_comes_not_a_minute_before_its_hour() -> None:
    campaign = make_campaign(100)
    test = start(campaign, what="time", subject_b="", b_hours_later=6)
    work()
    assert ab.judge_tests(at=now() + 6 * HOUR - timedelta(minutes=2)) == {"started": 0, "judged": 0}
    assert ab.judge_tests(at=now() + 6 * HOUR + timedelta(minutes=1))["started"] == 1
    assert ab.judge_tests(at=now() + 6 * HOUR + timedelta(minutes=2))["started"] == 0
    assert AbTest.objects.get(id=test.id).state == "running"


# ---- planned for later


def plan_it(campaign: Campaign, **more: Any) -> None:
    plan_campaign(campaign_id=campaign.id, starts_at=now() + 5 * HOUR, at=now(), actor=ME, **more)


def test_two_versions_begin_at_their_planned_moment_and_not_before() -> None:
    campaign = make_campaign(100)
    set_up(campaign)
    plan_it(campaign)
    assert start_planned(at=now() + 4 * HOUR)["started"] == 0
    assert not Dispatch.objects.exists()
    at = now() + 5 * HOUR + timedelta(minutes=1)
    assert start_planned(at=at)["started"] == 1
    assert start_planned(at=at)["started"] == 0
    test = AbTest.objects.get()
    assert (test.state, test.started_at, Dispatch.objects.count()) == ("running", at, 2)
    assert not Plan.objects.exists()
    work(at)
    assert judge(test, hours=8).state == "running"
    assert judge(test, hours=10).state == "done"


def test_while_planned_neither_version_changes_nor_goes() -> None:
    campaign = make_campaign(100)
    test = set_up(campaign, what="content", subject_b="")
    plan_it(campaign)
    for letter in (campaign, test.other):
        with pytest.raises(ab.CampaignRefused, match=r"planned|gepland"):
            revise_campaign(
                campaign_id=letter.id,
                text=CampaignText(name="X", subject="X", body="X"),
                version=letter.version,
                at=now(),
                actor=ME,
            )
    with pytest.raises(ab.CampaignRefused, match=r"planned|gepland"):
        ab.drop_test(campaign_id=campaign.id, at=now(), actor=ME)
    with pytest.raises(ab.CampaignRefused, match=r"one moment|één moment"):
        plan_it(campaign, by_own_clock=True)
    with pytest.raises(ab.CampaignRefused):
        plan_it(test.other)


def test_both_versions_are_spread_alike_and_judged_after_the_last() -> None:
    campaign = make_campaign(100)
    set_up(campaign)
    plan_it(campaign, spread_minutes=120, rests_at_night=True)
    assert start_planned(at=now() + 5 * HOUR + timedelta(minutes=1))["started"] == 1
    test = AbTest.objects.get()
    assert (test.spread_minutes, test.rests_at_night) == (120, True)
    assert test.decides_at is not None
    assert test.started_at is not None
    last = last_leaves(test.started_at, minutes=120, rests_at_night=True)
    assert test.decides_at == last + timedelta(hours=test.hours)
    runs = list(Dispatch.objects.values_list("spread_minutes", "rests_at_night"))
    assert runs == [(120, True), (120, True)]
    Dispatch.objects.update(state="finished")
    ab.judge_tests(at=test.decides_at)
    test.refresh_from_db()
    assert test.rest is not None
    assert test.rest.dispatch is not None
    assert test.rest.dispatch.spread_minutes == 120, "the rest follows at the same pace"


def test_a_restful_night_leaves_the_last_as_long_as_the_first() -> None:
    campaign = make_campaign(100)
    set_up(campaign, hours=4)
    evening = datetime(2031, 3, 12, 20, 30, tzinfo=LAW_ZONE)
    test = ab.start_test(
        campaign_id=campaign.id, at=evening, actor=ME, spread_minutes=120, rests_at_night=True
    )
    # Half an hour until nine; the other hour and a half from eight in the morning.
    assert test.decides_at == datetime(2031, 3, 13, 13, 30, tzinfo=LAW_ZONE)


def test_versions_that_differ_in_the_hour_are_not_spread() -> None:
    campaign = make_campaign(100)
    set_up(campaign, what="time", subject_b="", b_hours_later=3)
    for act in (
        lambda: plan_it(campaign, spread_minutes=60),
        lambda: ab.start_test(campaign_id=campaign.id, at=now(), actor=ME, spread_minutes=60),
    ):
        with pytest.raises(ab.CampaignRefused, match=r"differ in the hour|verschillen in"):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        AbTest.objects.update(spread_minutes=60)


def test_what_stands_in_the_way_at_the_moment_sends_neither() -> None:
    campaign = make_campaign(100)
    set_up(campaign)
    plan_it(campaign)
    Standing.objects.update(state="withdrawn")
    assert start_planned(at=now() + 5 * HOUR + timedelta(minutes=1))["stopped"] == 1
    assert not Dispatch.objects.exists()
    assert AbTest.objects.get().state == "draft"


def test_who_leaves_the_group_after_the_fan_out_gets_neither_version() -> None:
    """Asked again per batch, as for a letter with one version; the other parts are as they were."""
    campaign = make_campaign(60)
    Campaign.objects.filter(id=campaign.id).update(segment='language is "nl"')
    test = start(campaign, percent=50)
    for run in (test.campaign.dispatch_id, test.other.dispatch_id):
        assert fan_out(run)
    rows = Message.objects.filter(
        dispatch_id__in=[test.campaign.dispatch_id, test.other.dispatch_id]
    )
    chosen = list(rows.order_by("id").values_list("person_id", flat=True))
    leavers = {chosen[0], chosen[-1]}
    Person.objects.filter(id__in=leavers).update(language="en")
    for run in (test.campaign.dispatch_id, test.other.dispatch_id):
        run_dispatch(run, worker_id=uuid7())
    skipped = rows.filter(state="skipped")
    assert set(skipped.values_list("person_id", "reason")) == {
        (each, "left-group") for each in leavers
    }
    assert rows.filter(state="sent").count() == 58
