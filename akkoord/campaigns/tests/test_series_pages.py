"""The pages of series, and what the data map does with who is in one."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns import series_actions as do
from akkoord.campaigns.models import Campaign, Series, SeriesLog, SeriesRun, SeriesStep
from akkoord.campaigns.series_queries import flow_of
from akkoord.campaigns.series_ready import READY, is_still_example
from akkoord.campaigns.series_work import work_series
from akkoord.campaigns.tests.test_series import own_words
from akkoord.datamap.declaration import personal_stores
from akkoord.datamap.ids import uuid7
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch
from akkoord.people.models import Person
from akkoord.permission.tests.factories import give, make_organisation, make_point, make_topic
from akkoord.register.models import Purpose
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ME = Actor.system()


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def now() -> datetime:
    return timezone.now()


def running(topic: Purpose, people: int = 3) -> Series:
    series = do.create_series(
        purpose=topic,
        facts=do.SeriesFacts(name="Welkom", trigger="welcome"),
        at=now(),
        actor=ME,
    )
    own_words(series)
    do.turn_on(series_id=series.id, at=now() - timedelta(hours=1), actor=ME)
    for number in range(people):
        point = make_point(f"p{number}@example.nl")
        Person.objects.filter(id=point.person_id).update(given_name=f"Anna{number}")
        give(point, topic, since=now(), heard_at=now())
    work_series(at=now())
    return series


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_made_on_the_page_turned_on_paused_and_turned_off(client: Client, topic: Purpose) -> None:
    assert "Begin er een" in text(client.get("/campagnes/reeksen/"))
    assert "Reeks maken" in text(client.get("/campagnes/reeksen/nieuw/welcome/"))
    answer = client.post(
        "/campagnes/reeksen/nieuw/welcome/",
        {"purpose": topic.slug, "name": "Welkom", "hour": 9, "language": "nl", "goal": ""},
    )
    series = Series.objects.get()
    page = text(client.get(answer.headers["Location"]))
    assert "Fijn dat u er bent" in page
    assert "4 dagen later" in page
    assert "zegt nog wat u zelf moet schrijven" in page
    client.post(f"/campagnes/reeksen/{series.id}/aan/")
    series.refresh_from_db()
    assert series.state == "draft"
    own_words(series)
    for act, state in (("aan", "on"), ("pauze", "paused"), ("aan", "on"), ("uit", "off")):
        client.post(f"/campagnes/reeksen/{series.id}/{act}/")
        series.refresh_from_db()
        assert series.state == state
    assert "Welkom" in text(client.get("/campagnes/reeksen/"))


@pytest.mark.parametrize(
    "trigger", ["purchase", "birthday", "anniversary", "refresh", "win-back", "welcome"]
)
def test_every_beginning_has_a_page(client: Client, topic: Purpose, trigger: str) -> None:
    text(client.get(f"/campagnes/reeksen/nieuw/{trigger}/"))


@pytest.mark.parametrize("trigger", list(READY))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_reader_sees_what_a_ready_letter_asks_its_author(
    topic: Purpose, trigger: str, language: str
) -> None:
    """Each sentence that tells what to write stops the series, in blocks too."""
    asks = [each.body[language] for each in READY[trigger].letters]
    told = [body for body in asks if re.search(r"Schrijf|Write|\btip\.|second\.", body)]
    assert [body for body in asks if is_still_example(body)] == told


@pytest.mark.parametrize("trigger", [each for each in Series.Trigger if each != "birthday"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_ready_series_compiles_in_both_languages(
    topic: Purpose, trigger: str, language: str
) -> None:
    series = do.create_series(
        purpose=topic,
        facts=do.SeriesFacts(name="X", trigger=trigger, days=30, language=language),
        at=now(),
        actor=ME,
    )
    codes = {each.code for each in flow_of(series, at=now()).problems}
    assert codes <= {"field-outside-purpose", "still-example"}


def test_a_topic_without_the_field_says_so_with_the_way_onward(
    client: Client, topic: Purpose
) -> None:
    series = do.create_series(
        purpose=topic,
        facts=do.SeriesFacts(name="Terug", trigger="win-back", days=90),
        at=now(),
        actor=ME,
    )
    page = text(client.get(f"/campagnes/reeksen/{series.id}/"))
    assert "niet gevraagd voor dit onderwerp" in page
    assert f"/register/{topic.activity_key}/velden/" in page
    assert 'data-open="on"' not in page.partition("page-actions")[2].partition("</header>")[0]
    client.post(f"/campagnes/reeksen/{series.id}/aan/")
    series.refresh_from_db()
    assert series.state == "draft"


def test_a_letter_is_added_moved_and_taken_out(client: Client, topic: Purpose) -> None:
    series = running(topic, people=0)
    for kind in ("markdown", "mjml", "blocks"):
        typed = {"delay_days": 7, "segment": "", "body_kind": kind}
        answer = client.post(f"/campagnes/reeksen/{series.id}/brief/", typed)
        assert answer.status_code == 302, kind
    step = SeriesStep.objects.order_by("-place")[0]
    answer = client.post(
        f"/campagnes/reeksen/brief/{step.id}/", {"delay_days": 9999, "segment": ""}
    )
    assert "730" in text(answer)
    answer = client.post(
        f"/campagnes/reeksen/brief/{step.id}/", {"delay_days": 3, "segment": "x is"}
    )
    assert 'class="error' in text(answer)
    client.post(f"/campagnes/reeksen/brief/{step.id}/", {"delay_days": 3, "segment": ""})
    step.refresh_from_db()
    assert step.delay_days == 3
    client.post(f"/campagnes/reeksen/brief/{step.id}/weg/")
    assert SeriesStep.objects.filter(ended_at=None).count() == 4
    assert text(client.get(f"/campagnes/reeksen/{series.id}/"))


def test_its_letters_are_not_among_the_others_and_cannot_be_sent(
    client: Client, topic: Purpose
) -> None:
    running(topic, people=0)
    campaign = Campaign.objects.filter(part="series").order_by("id")[0]
    assert "Fijn dat u er bent" not in text(client.get("/campagnes/"))
    page = text(client.get(f"/campagnes/{campaign.id}/controle/"))
    assert "hoort bij een reeks" in page
    assert "Nu versturen" not in page
    client.post(f"/campagnes/{campaign.id}/versturen/")
    campaign.refresh_from_db()
    assert campaign.dispatch is None


def test_people_in_it_their_log_and_out(client: Client, topic: Purpose) -> None:
    series = running(topic)
    page = text(client.get(f"/campagnes/reeksen/{series.id}/mensen/"))
    assert "Anna0" in page
    run = SeriesRun.objects.order_by("id")[0]
    log = text(client.get(f"/campagnes/reeksen/mens/{run.id}/"))
    assert "Kwam in de reeks" in log
    assert "Fijn dat u er bent" in log
    client.post(f"/campagnes/reeksen/mens/{run.id}/eruit/")
    log = text(client.get(f"/campagnes/reeksen/mens/{run.id}/"))
    assert "U haalde deze persoon eruit" in log
    assert "Anna0" in text(client.get(f"/campagnes/reeksen/{series.id}/mensen/?stand=left"))
    assert "Anna0" not in text(client.get(f"/campagnes/reeksen/{series.id}/mensen/?stand=waiting"))


def test_the_pages_ask_the_same_whatever_is_in_it(
    client: Client, topic: Purpose, django_assert_max_num_queries: Any
) -> None:
    series = running(topic, people=40)
    with django_assert_max_num_queries(45):
        client.get(f"/campagnes/reeksen/{series.id}/")
    with django_assert_max_num_queries(22):
        client.get(f"/campagnes/reeksen/{series.id}/mensen/")


def test_figures_are_those_of_people(topic: Purpose) -> None:
    series = running(topic, people=5)
    for dispatch in Dispatch.objects.all():
        run_dispatch(dispatch.id, worker_id=uuid7())
    do.take_out(run_id=SeriesRun.objects.order_by("id")[0].id, at=now(), actor=ME)
    flow = flow_of(series, at=now())
    assert (flow.entered, flow.inside, flow.left) == (5, 4, 1)
    first, second = flow.steps
    assert (first.audience, first.sent, second.before, second.audience) == (5, 5, 4, 0)


@pytest.mark.django_db(transaction=True)
def test_inv35_who_is_forgotten_is_in_no_series(topic: Purpose) -> None:
    running(topic, people=2)
    stores = {each.table for each in personal_stores()}
    assert {"campaigns_seriesrun", "campaigns_serieslog"} <= stores
    person = Person.objects.order_by("id")[0]
    forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=ME, at=now())
    assert not SeriesRun.objects.filter(person_id=person.id).exists()
    assert not SeriesLog.objects.filter(person_id=person.id).exists()
    assert SeriesRun.objects.count() == 1
