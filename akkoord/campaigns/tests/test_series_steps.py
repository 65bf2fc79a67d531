"""Letters of a series that change places, a purchase that begins it again, and who enters when."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns import series_actions as do
from akkoord.campaigns.actions import CampaignRefused, CampaignText, revise_campaign
from akkoord.campaigns.models import Series, SeriesLog, SeriesRun, SeriesStep
from akkoord.campaigns.series_triggers import OFTEN, QUESTIONS, values_for
from akkoord.campaigns.series_work import work_series
from akkoord.campaigns.tests.test_series import (
    DAY,
    ME,
    START,
    WELCOME,
    allow,
    come,
    mails,
    make_series,
    round_at,
)
from akkoord.consent.models import Standing
from akkoord.delivery.models import MailboxMessage
from akkoord.messages.tests.factories import make_many
from akkoord.people.models import ContactPoint
from akkoord.permission.tests.factories import make_organisation, make_topic, sell
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def three(topic: Purpose) -> tuple[Series, list[SeriesStep]]:
    """A welcome of three letters: at once, four days later, three days after that."""
    series = make_series(topic)
    step = do.add_step(series_id=series.id, facts=do.StepFacts(delay_days=3), at=START, actor=ME)
    revise_campaign(
        campaign_id=step.campaign_id,
        text=CampaignText(name="Derde", subject="Derde", body="Dag"),
        version=step.campaign.version,
        at=START,
        actor=ME,
    )
    return series, list(SeriesStep.objects.order_by("place"))


def letters_of(address: str) -> list[str]:
    found = MailboxMessage.objects.filter(recipient=address).order_by("id")
    return list(found.values_list("subject", flat=True))


def days(first: int, last: int) -> None:
    for day in range(first, last):
        round_at(START + day * DAY + 2 * HOUR)


# ---- letters change places, also while people are in it


def test_who_is_in_it_misses_no_letter_and_gets_none_twice_when_one_is_moved(
    topic: Purpose,
) -> None:
    _series, steps = three(topic)
    come(topic, "verder@example.nl", at=START + timedelta(minutes=1))
    days(0, 5)  # had the first two, waits for the third
    come(topic, "begin@example.nl", at=START + 5 * DAY)
    days(5, 6)  # had the first, waits for the second
    assert do.move_step(step_id=steps[2].id, is_earlier=True, at=START + 6 * DAY, actor=ME)
    come(topic, "nieuw@example.nl", at=START + 6 * DAY)
    days(6, 25)
    assert letters_of("verder@example.nl") == [*WELCOME, "Derde"]
    for address in ("begin@example.nl", "nieuw@example.nl"):
        assert letters_of(address) == [WELCOME[0], "Derde", WELCOME[1]]
    assert SeriesRun.objects.filter(state="done").count() == 3


def test_moved_back_and_forth_and_one_taken_out(topic: Purpose) -> None:
    _series, steps = three(topic)
    come(topic, "een@example.nl", at=START + timedelta(minutes=1))
    days(0, 5)  # had the first two
    for step, is_earlier in ((2, True), (2, True), (0, False), (0, True)):
        do.move_step(step_id=steps[step].id, is_earlier=is_earlier, at=START + 5 * DAY, actor=ME)
    come(topic, "twee@example.nl", at=START + 5 * DAY)
    days(5, 7)
    # Who waits for a letter that is taken out, and had those after it, is through.
    do.remove_step(step_id=steps[2].id, at=START + 7 * DAY, actor=ME)
    days(7, 25)
    assert letters_of("een@example.nl")[:2] == WELCOME
    for address in ("een@example.nl", "twee@example.nl"):
        assert len(letters_of(address)) == len(set(letters_of(address)))
        assert set(WELCOME) <= set(letters_of(address))
    assert not SeriesRun.objects.filter(state="waiting").exists()
    once = SeriesLog.objects.filter(what="letter").values_list("run", "step")
    assert len(once) == len(set(once))


def test_the_first_is_not_moved_earlier_nor_the_last_later(topic: Purpose) -> None:
    _series, steps = three(topic)
    for step, is_earlier in ((steps[0], True), (steps[2], False)):
        assert not do.move_step(step_id=step.id, is_earlier=is_earlier, at=START, actor=ME)
    do.remove_step(step_id=steps[1].id, at=START, actor=ME)
    assert not do.move_step(step_id=steps[1].id, is_earlier=True, at=START, actor=ME)
    assert do.move_step(step_id=steps[2].id, is_earlier=True, at=START, actor=ME)
    order = Series.objects.get().steps.filter(ended_at=None).order_by("place")
    assert list(order) == [steps[2], steps[0]]


@pytest.mark.django_db
def test_moved_on_the_page(topic: Purpose) -> None:
    series, steps = three(topic)
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"/campagnes/reeksen/brief/{steps[2].id}/eerder/", follow=True)
    page = answer.content.decode()
    assert "Niemand krijgt daardoor een brief dubbel" in page
    assert page.index("Derde") < page.index(WELCOME[1])
    assert client.post(f"/campagnes/reeksen/brief/{steps[2].id}/zijwaarts/").status_code == 404
    assert client.get(f"/campagnes/reeksen/{series.id}/").status_code == 200


# ---- a purchase while somebody is in it


def buyer(topic: Purpose) -> ContactPoint:
    point: ContactPoint = come(topic, "klant@example.nl", at=START - 30 * DAY)
    sell(point, bought_on=START.date(), created_at=START + HOUR)
    return point


@pytest.mark.parametrize("begins_again", [False, True])
def test_a_second_purchase_begins_it_again_only_when_the_series_says_so(
    topic: Purpose, begins_again: bool
) -> None:
    allow(topic, "last_purchase")
    make_series(topic, "purchase", begins_again=begins_again)
    point = buyer(topic)
    days(0, 6)
    sell(point, bought_on=(START + 6 * DAY).date(), created_at=START + 6 * DAY)
    days(6, 40)
    first, second = "Hebt u er al plezier van?", "Hoe bevalt het?"
    assert mails() == ([first, first, second] if begins_again else [first, second])
    reasons = list(SeriesRun.objects.order_by("id").values_list("state", "reason"))
    assert reasons == ([("left", "again"), ("done", "")] if begins_again else [("done", "")])


def test_it_begins_again_once_per_purchase_however_many_rounds(topic: Purpose) -> None:
    allow(topic, "last_purchase")
    make_series(topic, "purchase", begins_again=True)
    point = buyer(topic)
    days(0, 2)
    sell(point, bought_on=(START + 2 * DAY).date(), created_at=START + 2 * DAY)
    for hour in range(6):
        work_series(at=START + 2 * DAY + hour * HOUR)
    assert SeriesRun.objects.count() == 2
    assert SeriesRun.objects.filter(state="waiting").count() == 1


def test_only_a_purchase_begins_again(topic: Purpose) -> None:
    with pytest.raises(CampaignRefused) as refused:
        make_series(topic, "welcome", begins_again=True)
    assert refused.value.field == "begins_again"


# ---- who enters each minute


def test_a_yes_that_a_minute_missed_comes_in_within_the_hour(topic: Purpose) -> None:
    """Nobody worked for hours: the minute looks back an hour, the hour three days."""
    make_series(topic)
    come(topic, at=START + timedelta(minutes=1))
    assert work_series(at=START + 4 * HOUR, with_days=False)["entered"] == 0
    assert work_series(at=START + 5 * HOUR)["entered"] == 1
    come(topic, "p2@example.nl", at=START + 6 * HOUR)
    assert work_series(at=START + 6 * HOUR + timedelta(minutes=1), with_days=False)["entered"] == 1


def test_a_clock_that_ran_ahead_loses_no_yes(topic: Purpose) -> None:
    make_series(topic)
    work_series(at=START + 30 * DAY, with_days=False)
    come(topic, at=START + timedelta(minutes=1))
    assert work_series(at=START + timedelta(minutes=2), with_days=False)["entered"] == 1


def test_the_minute_asks_only_about_the_yeses_of_the_last_hour(topic: Purpose) -> None:
    """However many yeses a topic has: index consent_standing_lately, and nobody who is in it."""
    series = make_series(topic)
    make_many(3000, topic)
    Standing.objects.update(heard_at=START - DAY)
    come(topic, at=START + timedelta(minutes=1))
    values: dict[str, Any] = values_for(series, at=START + HOUR / 2, is_often=True)
    assert values["lately"] == START + HOUR / 2 - OFTEN
    more = {"series": series.id, "after": "00000000-0000-0000-0000-000000000000", "limit": 5000}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consent_standing")
        cursor.execute("EXPLAIN " + QUESTIONS["welcome"], values | more)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(QUESTIONS["welcome"], values | more)
        assert len(cursor.fetchall()) == 1
    assert "consent_standing_lately" in plan
    assert work_series(at=START + HOUR / 2, with_days=False)["entered"] == 1
    with connection.cursor() as cursor:
        cursor.execute(QUESTIONS["welcome"], values | more)
        assert cursor.fetchall() == []
