"""A series over simulated weeks: who enters, what they get and when, and how they leave."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from akkoord.campaigns import series_actions as do
from akkoord.campaigns import series_work
from akkoord.campaigns.actions import CampaignRefused, CampaignText, revise_campaign, send_campaign
from akkoord.campaigns.models import (
    Campaign,
    Series,
    SeriesLog,
    SeriesRun,
    SeriesStep,
    StepDispatch,
)
from akkoord.campaigns.series_days import due_moment
from akkoord.campaigns.series_triggers import birthdays_on
from akkoord.campaigns.series_work import forget_runs, work_series
from akkoord.consent.models import Rhythm, Standing
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailboxMessage
from akkoord.law.states import Method
from akkoord.messages.cap import set_cap
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint, OwnFieldValue, Person
from akkoord.permission.tests.factories import (
    give,
    give_as_customer,
    make_organisation,
    make_point,
    make_topic,
    open_to_customers,
    sell,
)
from akkoord.register.models import PersonalDataField, Purpose
from akkoord.register.own_fields import OwnFieldFacts, admit_field, make_own_field, release_field
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ME = Actor.system()
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, nine o'clock in Amsterdam
DAY = timedelta(days=1)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def make_series(topic: Purpose, trigger: str = "welcome", **more: Any) -> Series:
    """A ready series that is on since the start."""
    series = do.create_series(
        purpose=topic,
        facts=do.SeriesFacts(name="Reeks", trigger=trigger, **more),
        at=START,
        actor=ME,
    )
    own_words(series)
    return do.turn_on(series_id=series.id, at=START, actor=ME)


def own_words(series: Series) -> None:
    """What the ready letters ask their author to write is written."""
    for step in series.steps.select_related("campaign"):
        body = re.sub(
            r"(Schrijf hier|En hier de|Write (here|your)|And the second).*",
            "Dat.",
            step.campaign.body,
        )
        Campaign.objects.filter(id=step.campaign_id).update(body=body)


def come(
    topic: Purpose, address: str = "anna@example.nl", at: datetime = START, **more: Any
) -> Any:
    """Somebody who said yes at this moment; their address."""
    point = make_point(address)
    give(point, topic, since=at, heard_at=at, **more)
    return point


def round_at(at: datetime) -> dict[str, int]:
    """A round, and the workers after it."""
    counts = work_series(at=at)
    for dispatch in Dispatch.objects.filter(state="running"):
        run_dispatch(dispatch.id, worker_id=uuid7(), clock=lambda: at)
    return counts


def mails() -> list[str]:
    return list(MailboxMessage.objects.order_by("id").values_list("subject", flat=True))


WELCOME = ["Fijn dat u er bent", "Drie dingen die u misschien nog niet wist"]


def test_a_welcome_over_three_weeks_of_days(topic: Purpose) -> None:
    series = make_series(topic)
    come(topic, at=START + timedelta(hours=2))
    got: dict[int, list[str]] = {}
    for day in range(21):
        before = len(mails())
        for hour in (2, 9):
            round_at(START + day * DAY + timedelta(hours=hour, minutes=1))
        if mails()[before:]:
            got[day] = mails()[before:]
    assert got == {0: WELCOME[:1], 4: WELCOME[1:]}
    run = SeriesRun.objects.get(series=series)
    assert (run.state, run.reason, run.day) == ("done", "", date(2026, 3, 2))
    lines = [(each.what, each.reason) for each in SeriesLog.objects.order_by("at", "what")]
    assert lines == [("entered", ""), ("letter", ""), ("letter", "")]


def test_days_and_hours_are_those_of_the_clock_in_amsterdam() -> None:
    # Over the night in which the clock goes forward: nine o'clock is an hour earlier in UTC.
    assert due_moment(datetime(2026, 3, 26, 20, 0, tzinfo=UTC), 4, 9) == datetime(
        2026, 3, 30, 7, 0, tzinfo=UTC
    )
    assert due_moment(datetime(2026, 10, 24, 20, 0, tzinfo=UTC), 1, 9) == datetime(
        2026, 10, 25, 8, 0, tzinfo=UTC
    )
    # Half past eleven in the evening in UTC is the next day in Amsterdam.
    assert due_moment(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), 1, 9) == datetime(
        2026, 3, 4, 8, 0, tzinfo=UTC
    )


def test_nobody_enters_by_what_was_before_it_was_on_or_was_brought_along(topic: Purpose) -> None:
    come(topic, "oud@example.nl", at=START - timedelta(hours=1))
    make_series(topic)
    come(topic, "mee@example.nl", at=START + timedelta(hours=1), method="import")
    assert round_at(START + timedelta(hours=2))["entered"] == 0
    assert mails() == []


def test_inv13_who_did_not_confirm_does_not_enter(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1), state="requested", method="web-form")
    assert round_at(START + timedelta(hours=1))["entered"] == 0
    Standing.objects.update(state="confirmed", heard_at=START + timedelta(hours=2))
    assert round_at(START + timedelta(hours=3))["entered"] == 1


def test_a_second_round_and_a_second_yes_bring_nobody_in_twice(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    assert [round_at(START + timedelta(hours=n))["entered"] for n in (1, 1, 2)] == [1, 0, 0]
    for day in range(1, 8):
        round_at(START + day * DAY + timedelta(hours=3))
    Standing.objects.update(event_id=uuid7(), heard_at=START + 8 * DAY)  # renewed
    for day in range(8, 14):
        round_at(START + day * DAY + timedelta(hours=3))
    assert mails() == WELCOME


def test_inv25_who_withdraws_leaves_at_once_and_gets_nothing_more(topic: Purpose) -> None:
    make_series(topic)
    point = come(topic, at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    withdraw(point_id=point.id, method=Method.ONE_CLICK, actor=Actor.person(), at=START + DAY)
    assert round_at(START + DAY + timedelta(minutes=1))["left"] == 1
    run = SeriesRun.objects.get()
    assert (run.state, run.reason) == ("left", "withdrawn")
    for day in range(2, 9):
        round_at(START + day * DAY + timedelta(hours=3))
    assert mails() == WELCOME[:1]


def test_inv25_a_letter_that_waits_in_the_pipeline_is_asked_about_again(topic: Purpose) -> None:
    make_series(topic)
    point = come(topic, at=START + timedelta(minutes=1))
    work_series(at=START + timedelta(hours=1))
    assert Message.objects.get().state == "due"
    withdraw(
        point_id=point.id,
        method=Method.ONE_CLICK,
        actor=Actor.person(),
        at=START + timedelta(minutes=61),
    )
    for dispatch in Dispatch.objects.all():
        run_dispatch(dispatch.id, worker_id=uuid7(), clock=lambda: START + timedelta(minutes=62))
    assert (Message.objects.get().state, Message.objects.get().reason) == ("skipped", "withdrawn")
    assert mails() == []


def test_inv02_an_address_of_which_nothing_is_known_leaves(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    Standing.objects.all().delete()
    assert round_at(START + timedelta(hours=2))["left"] == 1
    assert SeriesRun.objects.get().reason == "no-basis"


def test_not_now_is_no_goodbye(topic: Purpose) -> None:
    make_series(topic)
    point = come(topic, at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    Rhythm.objects.create(
        contact_point=point,
        purpose=topic,
        paused_until=START + 30 * DAY,
        changed_at=START,
    )
    assert round_at(START + 5 * DAY)["left"] == 0
    assert SeriesRun.objects.get().state == "done"
    assert Message.objects.order_by("-id")[0].reason == "paused"
    assert mails() == WELCOME[:1]


def test_the_limit_of_the_organisation_holds_here_too(topic: Purpose) -> None:
    set_cap(messages=1, days=30, at=START, actor=ME)
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    for day in range(6):
        round_at(START + day * DAY + timedelta(hours=3))
    assert mails() == WELCOME[:1]
    assert Message.objects.order_by("-id")[0].reason == "enough-lately"


def test_sent_failed_skipped_and_uncertain_are_the_audience(topic: Purpose) -> None:
    make_series(topic)
    points = [come(topic, f"p{n}@example.nl", at=START + timedelta(minutes=1)) for n in range(12)]
    work_series(at=START + timedelta(hours=1))
    for point in points[:3]:
        withdraw(
            point_id=point.id,
            method=Method.ONE_CLICK,
            actor=Actor.person(),
            at=START + timedelta(minutes=61),
        )
    ContactPoint.objects.filter(id=points[3].id).update(undeliverable_at=START)
    for day in range(6):
        round_at(START + day * DAY + timedelta(hours=3))
    first, second = [
        list(
            Message.objects.filter(dispatch__series_run__step=step).values_list("state", flat=True)
        )
        for step in SeriesStep.objects.order_by("place")
    ]
    assert sorted(first) == ["sent"] * 8 + ["skipped"] * 4
    assert sorted(second) == ["sent"] * 8
    assert SeriesRun.objects.filter(state="left").count() == 4
    assert SeriesRun.objects.filter(state="done").count() == 8


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("place", ["_set_going", "_run_of", "_mend"])
def test_killed_between_entering_and_the_letter_nobody_twice_nobody_lost(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """As kill -9: what was not committed is gone, what was stays, and the next round goes on."""
    make_series(topic)
    for number in range(7):
        come(topic, f"p{number}@example.nl", at=START + timedelta(minutes=1))
    monkeypatch.setattr(series_work, "STEP", 3)
    true = getattr(series_work, place)

    def die(*arguments: Any, **more: Any) -> Any:
        if place != "_run_of":
            true(*arguments, **more)
        raise Killed

    monkeypatch.setattr(series_work, place, die)
    with pytest.raises(Killed):
        work_series(at=START + timedelta(hours=1))
    monkeypatch.setattr(series_work, place, true)
    for day in range(6):
        round_at(START + day * DAY + timedelta(hours=3))
    sent = MailboxMessage.objects.values_list("recipient", "subject")
    assert len(sent) == len(set(sent)) == 14
    assert SeriesRun.objects.filter(state="done").count() == 7


def test_two_rounds_at_once_write_each_letter_once(topic: Purpose) -> None:
    make_series(topic)
    for number in range(30):
        come(topic, f"p{number}@example.nl", at=START + timedelta(minutes=1))
    wrong: list[BaseException] = []

    def work() -> None:
        try:
            work_series(at=START + timedelta(hours=1))
        except BaseException as problem:
            wrong.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert wrong == []
    assert Message.objects.count() == SeriesLog.objects.filter(what="letter").count() == 30


def test_the_database_refuses_the_same_step_for_somebody_twice(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    line = SeriesLog.objects.get(what="letter")
    line.pk = uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_a_run_that_was_closed_at_the_wrong_moment_goes_on(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    work_series(at=START + timedelta(hours=1))
    Dispatch.objects.update(state="finished", ended_at=START)
    round_at(START + timedelta(hours=2))
    assert mails() == WELCOME[:1]


# ---- what it begins with, and the goal


def allow(topic: Purpose, *keys: str) -> None:
    for key in keys:
        admit_field(
            activity_key=topic.activity_key,
            field_key=key,
            why_nl="Om te helpen na een aankoop.",
            why_en="To help after a purchase.",
            at=START,
            actor=ME,
        )


def test_after_a_purchase_a_customer_without_consent_where_the_gate_says_so(topic: Purpose) -> None:
    allow(topic, "last_purchase")
    open_to_customers(topic, "Fietsen")
    make_series(topic, "purchase")
    day = START.date()
    seen, unseen = make_point("klant@example.nl"), make_point("geen@example.nl")
    bought = {"bought_on": day, "created_at": START + timedelta(hours=1)}
    give_as_customer(seen, topic, sell(seen, **bought))
    give_as_customer(unseen, topic, sell(unseen, **bought, optout_shown_id=None))
    for number in range(24):
        round_at(START + number * DAY + timedelta(hours=2))
    found = MailboxMessage.objects.order_by("id").values_list("recipient", "subject")
    assert [each[1] for each in found] == ["Hebt u er al plezier van?", "Hoe bevalt het?"]
    assert {each[0] for each in found} == {"klant@example.nl"}


@pytest.mark.parametrize("trigger", ["purchase", "win-back"])
def test_a_purchase_begins_nothing_for_a_topic_that_may_not_use_it(
    topic: Purpose, trigger: str
) -> None:
    with pytest.raises(CampaignRefused) as refused:
        make_series(topic, trigger, days=30 if trigger == "win-back" else 0)
    assert refused.value.codes == ("field-outside-purpose",)


def birthday(topic: Purpose) -> PersonalDataField:
    facts = OwnFieldFacts(
        name_nl="Verjaardag",
        name_en="Birthday",
        kind="date",
        why_nl="Voor een kaart op de dag zelf.",
        why_en="For a card on the day itself.",
    )
    return make_own_field(facts=facts, activity_key=topic.activity_key, at=START, actor=ME)


def test_a_birthday_comes_on_the_day_and_only_while_its_field_may_be_used(topic: Purpose) -> None:
    field = birthday(topic)
    series = make_series(topic, "birthday", field_key=field.key)
    for address, value in (
        ("jarig@example.nl", "1980-03-05"),
        ("kind@example.nl", "2014-03-05"),
        ("schrikkel@example.nl", "1984-02-29"),
    ):
        point = come(topic, address, at=START - DAY)
        OwnFieldValue.objects.create(
            person_id=point.person_id, field=field, value=value, updated_at=START
        )
    for day in range(5):
        round_at(START + day * DAY + timedelta(hours=1))
    assert list(MailboxMessage.objects.values_list("recipient", flat=True)) == ["jarig@example.nl"]
    assert birthdays_on(date(2027, 2, 28)) == ["02-28", "02-29"]
    assert birthdays_on(date(2028, 2, 28)) == ["02-28"]
    release_field(
        activity_key=topic.activity_key, field_key=field.key, at=START + 6 * DAY, actor=ME
    )
    round_at(datetime(2027, 3, 5, 9, 0, tzinfo=UTC))
    series.refresh_from_db()
    assert series.problem == "field-outside-purpose"
    assert MailboxMessage.objects.count() == 1


def test_a_yes_of_a_year_ago_is_remembered_once_a_year(topic: Purpose) -> None:
    make_series(topic, "anniversary")
    come(topic, at=datetime(2024, 3, 4, 23, 30, tzinfo=UTC))  # 5 March in Amsterdam
    come(topic, "nieuw@example.nl", at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC))
    for day in range(5):
        for hour in (1, 5):
            round_at(START + day * DAY + timedelta(hours=hour))
    assert mails() == ["Alweer een jaar samen"]
    assert SeriesRun.objects.get().day == date(2026, 3, 5)


def test_who_renews_gets_no_second_question(topic: Purpose) -> None:
    make_series(topic, "refresh", days=30)
    points = [
        come(topic, f"p{n}@example.nl", at=START - 300 * DAY, valid_until=START + 40 * DAY)
        for n in range(2)
    ]
    for day in range(9, 13):
        round_at(START + day * DAY + timedelta(hours=1))
    assert mails() == ["Wilt u onze mails blijven krijgen?"] * 2
    assert Dispatch.objects.get().kind == "consent-renewal"
    Standing.objects.filter(contact_point=points[0]).update(
        event_id=uuid7(), valid_until=START + 400 * DAY
    )
    for day in range(13, 60):
        round_at(START + day * DAY + timedelta(hours=1))
    assert mails()[2:] == ["Nog even, dan stopt het"]
    states = dict(SeriesRun.objects.values_list("contact_point_id", "reason"))
    assert states[points[0].id] == "goal"


def test_inv03_a_yes_that_is_over_is_not_asked_about(topic: Purpose) -> None:
    make_series(topic, "refresh", days=30)
    come(topic, at=START - 300 * DAY, valid_until=START - DAY)
    assert round_at(START + timedelta(hours=1))["entered"] == 0


def test_win_back_after_half_a_year_and_a_purchase_ends_it(topic: Purpose) -> None:
    allow(topic, "last_purchase")
    make_series(topic, "win-back", days=180, goal="purchase")
    for name, ago in (("terug", 178), ("weg", 178), ("pas", 20), ("lang", 900)):
        point = come(topic, f"{name}@example.nl", at=START - 300 * DAY)
        sell(point, bought_on=START.date() - ago * DAY, created_at=START - 100 * DAY)
    for day in range(5):
        round_at(START + day * DAY + timedelta(hours=1))
    assert sorted(MailboxMessage.objects.values_list("recipient", flat=True)) == [
        "terug@example.nl",
        "weg@example.nl",
    ]
    back = ContactPoint.objects.get(value="terug@example.nl")
    sell(back, bought_on=START.date() + 5 * DAY, created_at=START + 5 * DAY)
    for day in range(5, 25):
        round_at(START + day * DAY + timedelta(hours=1))
    assert mails()[2:] == ["Kunnen wij iets voor u doen?"]
    assert SeriesRun.objects.get(person_id=back.person_id).reason == "goal"


@pytest.mark.parametrize(("trigger", "ago"), [("purchase", 1), ("win-back", 181)])
def test_a_purchase_that_was_taken_back_begins_nothing(
    topic: Purpose, trigger: str, ago: int
) -> None:
    """Also of who said yes, whom the gate lets through whatever they bought."""
    allow(topic, "last_purchase")
    make_series(topic, trigger, days=180)
    for name, back in (("anna", None), ("bert", START.date())):
        point = come(topic, f"{name}@example.nl", at=START - 300 * DAY)
        day = START.date() - ago * DAY
        moment = START + timedelta(minutes=5)
        sell(point, bought_on=day, reversed_on=back, created_at=moment)
    for day_on in range(5):
        round_at(START + day_on * DAY + timedelta(hours=1))
    entered = SeriesRun.objects.values_list("contact_point_id", flat=True)
    found = ContactPoint.objects.filter(id__in=entered).values_list("value", flat=True)
    assert list(found) == ["anna@example.nl"]


def test_a_yes_to_another_topic_can_be_the_goal(topic: Purpose) -> None:
    other = make_topic("acties")
    make_series(topic, goal="choice", goal_topic_id=other.id)
    point = come(topic, at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    give(point, other, since=START + DAY, heard_at=START + DAY)
    round_at(START + 5 * DAY)
    assert mails() == WELCOME[:1]


def test_only_who_is_in_the_group_of_a_step_gets_it(topic: Purpose) -> None:
    series = make_series(topic)
    step = SeriesStep.objects.get(place=0)
    do.change_step(
        step_id=step.id,
        facts=do.StepFacts(delay_days=0, segment='language is "en"'),
        at=START,
        actor=ME,
    )
    english = come(topic, "p1@example.nl", at=START + timedelta(minutes=1))
    come(topic, "p2@example.nl", at=START + timedelta(minutes=1))
    Person.objects.filter(id=english.person_id).update(language="en")
    round_at(START + timedelta(hours=1))
    assert list(MailboxMessage.objects.values_list("recipient", flat=True)) == ["p1@example.nl"]
    assert SeriesLog.objects.get(what="not-for").reason == "group"
    round_at(START + 5 * DAY)
    assert MailboxMessage.objects.count() == 3
    assert SeriesRun.objects.filter(series=series, state="done").count() == 2


# ---- changing, pausing, stopping


def test_another_text_holds_for_who_comes_to_it_later(topic: Purpose) -> None:
    make_series(topic)
    come(topic, "p1@example.nl", at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    campaign = SeriesStep.objects.get(place=0).campaign
    revise_campaign(
        campaign_id=campaign.id,
        text=CampaignText(name="Anders", subject="Anders", body="Dag"),
        version=campaign.version,
        at=START,
        actor=ME,
    )
    come(topic, "p2@example.nl", at=START + timedelta(minutes=70))
    round_at(START + timedelta(hours=2))
    assert mails() == [WELCOME[0], "Anders"]
    assert StepDispatch.objects.count() == 2


def test_a_letter_that_is_taken_out_is_passed_by_who_waited_for_it(topic: Purpose) -> None:
    series = make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    round_at(START + timedelta(hours=1))
    do.add_step(series_id=series.id, facts=do.StepFacts(delay_days=2), at=START + DAY, actor=ME)
    do.remove_step(
        step_id=SeriesStep.objects.get(place=1).id, at=START + timedelta(hours=25), actor=ME
    )
    for day in range(1, 9):
        round_at(START + day * DAY + timedelta(hours=2))
    assert mails() == [WELCOME[0], "Reeks"]
    assert SeriesRun.objects.get().state == "done"


def test_in_a_pause_nothing_leaves_and_everybody_keeps_their_place(topic: Purpose) -> None:
    series = make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    work_series(at=START + timedelta(hours=1))
    do.pause_series(series_id=series.id, at=START + timedelta(hours=1), actor=ME)
    for day in range(5):
        round_at(START + day * DAY + timedelta(hours=2))
    assert mails() == []
    assert (Dispatch.objects.get().state, SeriesRun.objects.get().state) == ("paused", "waiting")
    do.turn_on(series_id=series.id, at=START + 5 * DAY, actor=ME)
    for day in range(5, 8):
        round_at(START + day * DAY + timedelta(hours=2))
    assert mails() == WELCOME


def test_turned_off_everybody_leaves_and_what_waited_is_not_sent(topic: Purpose) -> None:
    series = make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    work_series(at=START + timedelta(hours=1))
    do.turn_off(series_id=series.id, at=START + timedelta(hours=1), actor=ME)
    run_dispatch(Dispatch.objects.get().id, worker_id=uuid7(), clock=lambda: START + DAY)
    assert (Message.objects.get().state, Message.objects.get().reason) == (
        "skipped",
        "campaign-cancelled",
    )
    assert (SeriesRun.objects.get().state, SeriesRun.objects.get().reason) == ("left", "series-off")
    assert SeriesLog.objects.filter(what="ended").count() == 1


def test_staff_take_somebody_out(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    work_series(at=START + timedelta(hours=1))
    run = SeriesRun.objects.get()
    assert do.take_out(run_id=run.id, at=START + timedelta(hours=2), actor=ME)
    assert not do.take_out(run_id=run.id, at=START + timedelta(hours=2), actor=ME)
    for day in range(6):
        round_at(START + day * DAY + timedelta(hours=3))
    assert mails() == []
    assert SeriesRun.objects.get().reason == "taken-out"


def test_a_letter_of_a_series_is_not_sent_by_itself(topic: Purpose) -> None:
    make_series(topic)
    campaign = Campaign.objects.filter(part="series")[0]
    with pytest.raises(CampaignRefused, match=r"series|reeks"):
        send_campaign(campaign_id=campaign.id, at=START, actor=ME)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"trigger": "birthday"}, "field_key"),
        ({"trigger": "win-back"}, "days"),
        ({"trigger": "refresh", "days": 9999}, "days"),
        ({"trigger": "welcome", "goal": "choice"}, "goal_topic"),
        ({"trigger": "welcome", "segment": "nonsense is"}, "segment"),
        ({"trigger": "x"}, "trigger"),
    ],
)
def test_what_cannot_be_says_why_and_makes_nothing(
    topic: Purpose, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(CampaignRefused) as refused:
        make_series(topic, **more)
    assert refused.value.field == field
    assert not Series.objects.exists()
    assert not Campaign.objects.exists()


def test_a_topic_that_ends_makes_it_stand_still(topic: Purpose) -> None:
    series = make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    Purpose.objects.update(ended_at=START + timedelta(hours=1))
    assert round_at(START + timedelta(hours=2))["entered"] == 0
    series.refresh_from_db()
    assert series.problem == "purpose-ended"


def test_inv39_who_was_in_it_long_ago_is_not_kept_there(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    for day in range(6):
        round_at(START + day * DAY + timedelta(hours=3))
    assert forget_runs(at=START + 720 * DAY) == 0
    assert forget_runs(at=START + 760 * DAY) == 1
    assert not SeriesRun.objects.exists()
    assert not SeriesLog.objects.exists()
