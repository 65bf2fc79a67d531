"""A letter that starts by itself: in time, once, and never too late or changed."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns import actions, plan
from akkoord.campaigns.actions import CampaignRefused, CampaignText
from akkoord.campaigns.models import Campaign, Plan
from akkoord.consent.models import Form
from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.register.models import Organisation, Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ME = Actor.system()


def now() -> datetime:
    return timezone.now()


def make_campaign(body: str = "Dag lezer, de winter komt.") -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(5, topic)
    return actions.create_campaign(
        purpose=topic,
        text=CampaignText(name="Winter", subject="De winter", body=body),
        at=now(),
        actor=ME,
    )


def make_plan(campaign: Campaign, hours: float = 1) -> Plan:
    return plan.plan_campaign(
        campaign_id=campaign.id, starts_at=now() + timedelta(hours=hours), at=now(), actor=ME
    )


def at_start(found: Plan, minutes: float = 0) -> datetime:
    return found.starts_at + timedelta(minutes=minutes)


def nothing_was_sent() -> bool:
    return not Dispatch.objects.exists() and not Message.objects.exists()


def test_it_starts_at_its_time_and_once() -> None:
    campaign = make_campaign()
    found = make_plan(campaign)
    assert plan.start_planned(at=at_start(found, -1))["started"] == 0
    assert nothing_was_sent()
    assert plan.start_planned(at=at_start(found))["started"] == 1
    assert plan.start_planned(at=at_start(found, 1))["started"] == 0
    campaign.refresh_from_db()
    assert campaign.dispatch is not None
    assert campaign.dispatch.state == Dispatch.State.RUNNING
    assert campaign.dispatch.started_at == found.starts_at
    assert not Plan.objects.exists()


def test_a_second_time_moves_it_and_it_can_be_taken_off() -> None:
    campaign = make_campaign()
    first = make_plan(campaign)
    second = make_plan(campaign, hours=3)
    assert Plan.objects.count() == 1
    assert plan.start_planned(at=at_start(first))["started"] == 0
    assert plan.take_off_plan(campaign_id=campaign.id, at=now(), actor=ME)
    assert not plan.take_off_plan(campaign_id=campaign.id, at=now(), actor=ME)
    assert plan.start_planned(at=at_start(second))["started"] == 0
    assert nothing_was_sent()


def test_a_missed_plan_asks_instead_of_firing_late() -> None:
    campaign = make_campaign()
    found = make_plan(campaign)
    assert plan.start_planned(at=at_start(found, 61))["missed"] == 1
    assert plan.start_planned(at=at_start(found, 62)) == {"started": 0, "missed": 0, "stopped": 0}
    found.refresh_from_db()
    assert (found.state, nothing_was_sent()) == ("missed", True)
    # A person decides: send now, and the plan is gone.
    actions.send_campaign(campaign_id=campaign.id, at=now(), actor=ME)
    assert not Plan.objects.exists()


def test_a_missed_plan_may_get_another_moment() -> None:
    campaign = make_campaign()
    plan.start_planned(at=at_start(make_plan(campaign), 61))
    again = make_plan(campaign, hours=2)
    assert again.state == "planned"
    assert plan.start_planned(at=at_start(again, 59))["started"] == 1


def test_a_little_late_still_starts() -> None:
    found = make_plan(make_campaign())
    assert plan.start_planned(at=at_start(found, 60))["started"] == 1


def end_topic(campaign: Campaign) -> None:
    Purpose.objects.filter(id=campaign.purpose_id).update(ended_at=now())


def other_sender(_campaign: Campaign) -> None:
    Organisation.objects.update(sender_email="anders@example.org")


def no_sender(_campaign: Campaign) -> None:
    Organisation.objects.update(sender_email="noreply@example.org")


def changed(campaign: Campaign) -> None:
    Campaign.objects.filter(id=campaign.id).update(body="Iets anders.", version=2)


def nobody_left(_campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consent_standing SET state = 'withdrawn'")


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (end_topic, "purpose-ended"),
        (other_sender, "other-sender"),
        (no_sender, "other-sender"),
        (changed, "changed"),
        (nobody_left, "no-recipients"),
    ],
)
def test_what_ended_in_between_stops_it_and_nothing_is_sent(what: object, code: str) -> None:
    campaign = make_campaign()
    found = make_plan(campaign)
    what(campaign)  # type: ignore[operator]
    assert plan.start_planned(at=at_start(found))["stopped"] == 1
    found.refresh_from_db()
    assert found.state == "stopped"
    assert code in found.problems
    assert nothing_was_sent()
    assert plan.start_planned(at=at_start(found, 5))["stopped"] == 0  # it does not try by itself


def test_a_letter_to_a_form_that_was_closed_meanwhile_stops(settings: object) -> None:
    moment = now()
    form = Form.objects.create(slug="actie", name="Actie", created_at=moment, updated_at=moment)
    campaign = make_campaign(
        f"Doe mee: [hier]({settings.BASE_URL}/f/actie/)."  # type: ignore[attr-defined]
    )
    found = make_plan(campaign)
    Form.objects.filter(id=form.id).update(closed_at=moment)
    assert plan.start_planned(at=at_start(found))["stopped"] == 1
    found.refresh_from_db()
    assert found.problems == ["form-closed"]
    assert nothing_was_sent()


def test_inv25_who_withdraws_before_a_planned_letter_starts_gets_nothing() -> None:
    found = make_plan(make_campaign())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consent_standing SET state = 'withdrawn' WHERE id IN"
            " (SELECT id FROM consent_standing LIMIT 2)"
        )
    plan.start_planned(at=at_start(found))
    dispatch = Dispatch.objects.get()
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport())
    figures = dispatch_figures(dispatch.id)
    assert (figures.sent, figures.skipped) == (3, {"withdrawn": 2})


def test_what_cannot_be_planned() -> None:
    campaign = make_campaign()
    for hours in (-1, 0, 24 * 400):
        with pytest.raises(CampaignRefused):
            make_plan(campaign, hours=hours)
    actions.send_campaign(campaign_id=campaign.id, at=now(), actor=ME)
    with pytest.raises(CampaignRefused):
        make_plan(campaign)
    assert not Plan.objects.exists()


def test_a_planned_letter_is_taken_off_before_it_is_changed() -> None:
    campaign = make_campaign()
    make_plan(campaign)
    with pytest.raises(CampaignRefused, match="plan"):
        actions.revise_campaign(
            campaign_id=campaign.id,
            text=CampaignText(name="Winter", subject="Anders", body="Dag"),
            version=1,
            at=now(),
            actor=ME,
        )


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_minute_start_it_once() -> None:
    found = make_plan(make_campaign())
    started: list[int] = []

    def work() -> None:
        try:
            started.append(plan.start_planned(at=at_start(found))["started"])
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(started) == [0, 0, 1]
    assert Dispatch.objects.count() == 1


# ---- the pages


def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(
        Staff.objects.first() or make_staff(),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return found


def choose(campaign: Campaign, **typed: str) -> str:
    values = {"how": "at", "version": str(campaign.version), **typed}
    answer = client().post(f"/campagnes/{campaign.id}/wanneer/", values)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_planned_on_the_page_by_the_clock_of_amsterdam() -> None:
    campaign = make_campaign()
    day = (now() + timedelta(days=40)).date()
    assert choose(campaign, day=day.isoformat(), clock="09:00") == ""
    found = Plan.objects.get()
    local = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    assert found.starts_at in (local - timedelta(hours=1), local - timedelta(hours=2))
    page = client().get(f"/campagnes/{campaign.id}/controle/").content.decode()
    assert "Ingepland" in page
    assert "09:00" in page
    assert "tijd in Nederland" in page
    client().post(f"/campagnes/{campaign.id}/van-de-planning/")
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("day", "clock", "sentence"),
    [
        ("2026-02-30", "09:00", "Deze dag bestaat niet"),
        ("", "09:00", "Deze dag bestaat niet"),
        ("2031-12-01", "", "Vul een tijd in"),
        ("2001-12-01", "09:00", "is voorbij"),
        ("2091-12-01", "09:00", "meer dan een jaar"),
        ("2027-03-28", "02:30", "Deze tijd bestaat niet"),
    ],
)
def test_a_day_or_time_that_is_none_gets_a_sentence(day: str, clock: str, sentence: str) -> None:
    assert sentence in choose(make_campaign(), day=day, clock=clock)
    assert not Plan.objects.exists()


def test_the_hour_that_comes_twice_is_asked_about() -> None:
    campaign = make_campaign()
    year = now().year if now() < datetime(now().year, 10, 20, tzinfo=UTC) else now().year + 1
    day = max(d for d in range(25, 32) if datetime(year, 10, d, tzinfo=UTC).weekday() == 6)
    typed = {"day": f"{year}-10-{day}", "clock": "02:30"}
    page = choose(campaign, **typed)
    assert "komt twee keer" in page
    assert 'name="which"' in page
    assert choose(campaign, **typed, which="2") == ""
    assert Plan.objects.get().starts_at == datetime(year, 10, day, 1, 30, tzinfo=UTC)


def test_missed_and_stopped_stand_on_the_start_page() -> None:
    campaign = make_campaign()
    plan.start_planned(at=at_start(make_plan(campaign), 90))
    page = client().get("/").content.decode()
    assert "Een brief is gemist" in page
    assert "Gemist" in client().get(f"/campagnes/{campaign.id}/controle/").content.decode()
    Plan.objects.update(state="stopped", problems=["changed"])
    assert "Een brief is niet begonnen" in client().get("/").content.decode()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("spread", "vertrekt gelijkmatig"),
        ("night", "Het is nacht"),
        ("throttle", "grens per uur"),
        ("warm-up", "deel van vandaag"),
        ("servers-away", "Geen mailserver antwoordt"),
    ],
)
def test_the_page_says_what_a_letter_waits_for_and_how_many(why: str, words: str) -> None:
    campaign = make_campaign()
    actions.send_campaign(campaign_id=campaign.id, at=now(), actor=ME, spread_minutes=60)
    dispatch = Dispatch.objects.get()
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport())
    Dispatch.objects.update(waits_for=why)
    first = Message.objects.filter(state="due").first()
    Message.objects.filter(id=first.id).update(reason="domain-slowed")  # type: ignore[union-attr]
    page = client().get(f"/campagnes/{campaign.id}/").content.decode()
    assert words in page
    assert "4 wachten" in page
    assert "De laatste vertrekken rond" in page
    assert "vraagt om het rustiger aan te doen" in page
