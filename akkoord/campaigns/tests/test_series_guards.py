"""What cannot happen in a series: a letter twice, without permission, or before the last one."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from akkoord.campaigns import series_actions as do
from akkoord.campaigns import series_work
from akkoord.campaigns.models import Series, SeriesLog, SeriesRun, SeriesStep
from akkoord.campaigns.series_work import work_series
from akkoord.campaigns.tests.test_series import (
    DAY,
    ME,
    START,
    WELCOME,
    Killed,
    allow,
    come,
    mails,
    make_series,
    round_at,
)
from akkoord.consent.actions import object_to_marketing
from akkoord.consent.models import Standing
from akkoord.delivery.models import MailboxMessage
from akkoord.law.states import Method
from akkoord.messages.models import Message
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.tests.factories import (
    give_as_customer,
    make_organisation,
    make_point,
    make_topic,
    open_to_customers,
    sell,
)
from akkoord.register.models import Organisation, Purpose
from akkoord.register.own_fields import release_field
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


# ---- who enters


def test_inv01_only_who_the_gate_lets_through_is_won_back(topic: Purpose) -> None:
    """A customer who stopped, objected, or of whom nothing is known does not even enter."""
    allow(topic, "last_purchase")
    make_series(topic, "win-back", days=180)
    for name in ("mag", "gestopt", "bezwaar", "onbekend"):
        point = come(topic, f"{name}@example.nl", at=START - 300 * DAY)
        sell(point, bought_on=START.date() - 180 * DAY, created_at=START - 180 * DAY)
        standing = Standing.objects.filter(contact_point=point)
        if name == "gestopt":
            standing.update(state="withdrawn")
        if name == "bezwaar":
            object_to_marketing(
                person_id=point.person_id, method=Method.PHONE, actor=Actor.person(), at=START
            )
        if name == "onbekend":
            standing.delete()
    assert round_at(START + HOUR)["entered"] == 1
    assert list(MailboxMessage.objects.values_list("recipient", flat=True)) == ["mag@example.nl"]


def test_inv15_a_sale_without_a_shown_way_out_begins_nothing(topic: Purpose) -> None:
    allow(topic, "last_purchase")
    open_to_customers(topic, "Fietsen")
    make_series(topic, "purchase")
    point = make_point("geen@example.nl")
    sale = sell(
        point, bought_on=START.date(), created_at=START + timedelta(minutes=1), optout_shown_id=None
    )
    give_as_customer(point, topic, sale)
    assert round_at(START + HOUR)["entered"] == 0
    assert not SeriesRun.objects.exists()


def test_inv38_a_frozen_record_neither_enters_nor_stays(topic: Purpose) -> None:
    make_series(topic)
    inside = come(topic, "p1@example.nl", at=START + timedelta(minutes=1))
    round_at(START + HOUR)
    later = come(topic, "p2@example.nl", at=START + 2 * HOUR)
    Person.objects.filter(id__in=[inside.person_id, later.person_id]).update(restricted_at=START)
    assert round_at(START + 3 * HOUR) == {"entered": 0, "left": 1, "letters": 0}
    assert SeriesRun.objects.get().state == "left"


def test_inv02_an_address_that_ended_or_is_no_more_leaves(topic: Purpose) -> None:
    """Of one that is gone the gate knows nothing: that is a no."""
    make_series(topic)
    ended, gone = (
        come(topic, f"p{n}@example.nl", at=START + timedelta(minutes=1)) for n in range(2)
    )
    round_at(START + HOUR)
    ContactPoint.objects.filter(id=ended.id).update(ended_at=START + 2 * HOUR)
    Standing.objects.filter(contact_point=gone).delete()
    ContactPoint.objects.filter(id=gone.id).delete()
    assert round_at(START + 3 * HOUR)["left"] == 2
    reasons = dict(SeriesRun.objects.values_list("person_id", "reason"))
    assert reasons == {ended.person_id: "address-ended", gone.person_id: "person-gone"}


def test_inv34_an_objection_ends_it_at_once(topic: Purpose) -> None:
    make_series(topic)
    point = come(topic, at=START + timedelta(minutes=1))
    round_at(START + HOUR)
    object_to_marketing(
        person_id=point.person_id, method=Method.PHONE, actor=Actor.person(), at=START + 2 * HOUR
    )
    assert round_at(START + 2 * HOUR + timedelta(minutes=1))["left"] == 1
    for day in range(1, 6):
        round_at(START + day * DAY + HOUR)
    assert mails() == WELCOME[:1]


def test_inv12_a_yes_to_post_begins_no_series_of_mails(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    Standing.objects.update(channel="post")
    assert round_at(START + HOUR)["entered"] == 0


def test_a_field_that_is_taken_back_stops_who_is_in_it_too(topic: Purpose) -> None:
    """Purpose binding (art. 5(1)(b)): asked in every round, also for the goal."""
    allow(topic, "last_purchase")
    series = make_series(topic, goal="purchase")
    come(topic, at=START + timedelta(minutes=1))
    round_at(START + HOUR)
    release_field(
        activity_key=topic.activity_key, field_key="last_purchase", at=START + DAY, actor=ME
    )
    for day in range(1, 6):
        round_at(START + day * DAY + HOUR)
    series.refresh_from_db()
    assert (series.problem, mails()) == ("field-outside-purpose", WELCOME[:1])


# ---- one letter at a time, and each once


def test_the_next_letter_waits_until_the_last_one_left(topic: Purpose) -> None:
    """Also when no worker ran for days: nobody gets two letters out of one hand."""
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    for day in range(6):
        work_series(at=START + day * DAY + HOUR)
    assert Message.objects.count() == 1
    round_at(START + 7 * DAY + HOUR)
    round_at(START + 7 * DAY + 2 * HOUR)
    assert mails() == WELCOME


@pytest.mark.parametrize("place", ["_set_going", "_run_of"])
def test_three_rounds_at_once_of_which_one_is_killed(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    make_series(topic)
    for number in range(30):
        come(topic, f"p{number}@example.nl", at=START + timedelta(minutes=1))
    monkeypatch.setattr(series_work, "STEP", 7)
    true, killed = getattr(series_work, place), threading.Event()

    def die_once(*arguments: Any, **more: Any) -> Any:
        if threading.current_thread().name == "dies" and not killed.is_set():
            killed.set()
            raise Killed
        return true(*arguments, **more)

    monkeypatch.setattr(series_work, place, die_once)
    wrong: list[BaseException] = []
    together = threading.Barrier(3)

    def work() -> None:
        try:
            together.wait(10)
            work_series(at=START + HOUR)
        except Killed:
            pass
        except BaseException as problem:
            wrong.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, name=name) for name in ("dies", "b", "c")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert wrong == []
    for day in range(6):
        round_at(START + day * DAY + 2 * HOUR)
    sent = list(MailboxMessage.objects.values_list("recipient", "subject"))
    assert len(sent) == len(set(sent)) == 60
    assert SeriesLog.objects.filter(what="letter").count() == 60


def test_a_clock_that_jumps_back_and_forth_sends_nothing_twice(topic: Purpose) -> None:
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    for hours in (1, 1, 120, 2, 26, 121, 240, 3):
        round_at(START + hours * HOUR)
    assert mails() == WELCOME


def test_the_next_year_is_another_occasion_and_the_same_year_is_not(topic: Purpose) -> None:
    make_series(topic, "anniversary")
    come(topic, at=datetime(2024, 3, 5, 9, 0, tzinfo=UTC))
    for year in (2026, 2027):
        for hour in (8, 9, 15):
            round_at(datetime(year, 3, 5, hour, 5, tzinfo=UTC))
    assert mails() == ["Alweer een jaar samen"] * 2


def test_what_is_off_or_paused_neither_lets_in_nor_sends(topic: Purpose) -> None:
    series = make_series(topic)
    do.pause_series(series_id=series.id, at=START, actor=ME)
    come(topic, at=START + timedelta(minutes=1))
    assert round_at(START + HOUR) == {"entered": 0, "left": 0, "letters": 0}
    do.turn_off(series_id=series.id, at=START + HOUR, actor=ME)
    assert round_at(START + 2 * HOUR) == {"entered": 0, "left": 0, "letters": 0}
    assert not SeriesRun.objects.exists()
    assert Series.objects.get().state == "off"
    assert SeriesStep.objects.count() == 2


def test_a_demo_writes_to_nobody_by_a_mail_server(topic: Purpose, settings: Any) -> None:
    """A series goes by itself, and the people of a demo are made up."""
    Organisation.objects.update(is_demo=True)
    series = make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    settings.SMTP_URL = "smtp://127.0.0.1:2525"
    assert round_at(START + HOUR)["letters"] == 0
    series.refresh_from_db()
    assert series.problem == "demo-with-server"
    settings.SMTP_URL = ""
    assert round_at(START + 2 * HOUR)["letters"] == 1
