"""What people choose: figures that agree with what was done, and tell of nobody."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from akkoord.accounts.actions import create_staff
from akkoord.consent.actions import object_to_marketing
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.models import Form, FormCount
from akkoord.consent.reasons_given import tell_reason
from akkoord.consent.tests import factories as make
from akkoord.consent.tokens import StopPlace
from akkoord.consent.withdraw import stop_by_link
from akkoord.insight.advice import advice
from akkoord.insight.choices import Choices, Stops, TopicFlow, TopicMonth, choices
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def topics() -> dict[str, Purpose]:
    make.make_organisation()
    return {slug: make.make_topic(slug) for slug in ("newsletter", "offers")}


def join(shown: Any, number: int, first: int = 0) -> list[ContactPoint]:
    points = []
    for place in range(first, first + number):
        signed_up = make.sign_up(shown, f"p{place}@example.nl", ip="")
        confirm_sign_up(make.confirmation_token(signed_up), at=NOW)
        points.append(ContactPoint.objects.get(id=signed_up.contact_point_id))
    return points


def stop(point: ContactPoint, topic: Purpose) -> None:
    stop_by_link(StopPlace(point.id, topic.id, None), at=NOW + timedelta(hours=1))


def flow(figures: Choices, slug: str) -> TopicFlow:
    return next(each for each in figures.topics if each.name.endswith(slug))


def test_the_figures_are_what_was_done(topics: dict[str, Purpose]) -> None:
    both = join(make.make_form(*topics.values()), 7)
    join(make.make_form(topics["newsletter"], slug="one"), 5, first=10)
    for point in both[:6]:
        stop(point, topics["offers"])
        tell_reason(point_id=point.id, reason="too-often", at=NOW + timedelta(hours=1))
    figures = choices(at=NOW + timedelta(hours=2))
    news, offers = flow(figures, "newsletter"), flow(figures, "offers")
    assert (news.yes, news.left, news.now, news.share) == (12, 0, 12, 100)
    assert (offers.yes, offers.left, offers.now) == (7, 6, None)  # one is left: not shown
    assert offers.share == 0
    assert news.months[-1] == TopicMonth(NOW.date().replace(day=1), 12, 0)
    assert [(each.count, len(each.names)) for each in figures.together] == [(11, 1)]
    assert figures.stops.by_way == (("one-click", 6),)
    assert figures.stops.by_reason == (("too-often", 6),)


def test_inv38_a_frozen_record_does_not_count(topics: dict[str, Purpose]) -> None:
    points = join(make.make_form(topics["newsletter"]), 6)
    Person.objects.filter(id=points[0].person_id).update(restricted_at=NOW)
    news = flow(choices(at=NOW), "newsletter")
    assert (news.yes, news.now) == (5, 5)


def test_fewer_than_five_are_nobodys_business(topics: dict[str, Purpose]) -> None:
    points = join(make.make_form(*topics.values()), 4)
    object_to_marketing(
        person_id=points[0].person_id, method=Method.STAFF, actor=make.STAFF, at=NOW
    )
    figures = choices(at=NOW)
    for topic in figures.topics:
        assert (topic.yes, topic.left, topic.now, topic.share) == (None, None, None, 0)
    assert figures.together == []
    assert figures.stops == Stops((), (), ())
    assert advice(figures) == []


def test_a_form_from_seen_to_yes(topics: dict[str, Purpose], client: Client) -> None:
    shown = make.make_form(topics["newsletter"])
    form = Form.objects.get()
    for _visit in range(6):
        client.get(f"/f/{form.slug}/")
    client.head(f"/f/{form.slug}/")
    assert client.get(f"/f/{form.slug}/begonnen/").status_code == 405
    for _visit in range(3):
        assert client.post(f"/f/{form.slug}/begonnen/").status_code == 204
    assert client.post("/f/bestaat-niet/begonnen/").status_code == 204
    data = {
        "shown": str(shown.id),
        "email": "a@example.nl",
        "topics": str(shown.purpose_version_ids[0]),
    }
    assert client.post(f"/f/{form.slug}/", data).status_code == 302
    client.post(f"/f/{form.slug}/", data | {"email": "geen adres"})
    totals: dict[str, int] = {}
    for row in FormCount.objects.all():
        totals[row.what] = totals.get(row.what, 0) + row.n
    assert totals == {"view": 6, "start": 3, "post": 1}
    assert set(client.cookies) <= {
        "akkoord_csrf"
    }  # of the choice of languages; nobody is counted by it


@pytest.fixture
def owner(client: Client) -> Client:
    staff = create_staff(
        email="baas@example.nl", name="B", role="owner", password="een lange zin hier", at=NOW
    )
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_and_its_files(
    topics: dict[str, Purpose],
    owner: Client,
    time_machine: Any,
    django_assert_max_num_queries: Any,
) -> None:
    time_machine.move_to(NOW, tick=False)
    join(make.make_form(*topics.values()), 6)
    owner.get("/inzicht/keuzes/")
    with django_assert_max_num_queries(22):
        page = owner.get("/inzicht/keuzes/")
    assert page.status_code == 200
    assert "Wat mensen kiezen" in page.content.decode()
    text = owner.get("/inzicht/keuzes/onderwerpen.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Onderwerp", "Maand", "Zei ja", "Meldde zich af"]
    assert [row[2] for row in rows[1:] if row[1] == NOW.strftime("%Y-%m")] == ["6", "6"]
    for name in ("formulieren", "afmeldingen", "combinaties"):
        assert owner.get(f"/inzicht/keuzes/{name}.csv").status_code == 200
    assert owner.get("/inzicht/keuzes/iets.csv").status_code == 404


@pytest.mark.parametrize("page", ["/inzicht/", "/inzicht/keuzes/"])
def test_months_in_a_plot_have_no_capital_in_dutch(
    topics: dict[str, Purpose], owner: Client, page: str
) -> None:
    join(make.make_form(topics["newsletter"]), 6)
    text = owner.get(page, headers={"accept-language": "nl"}).content.decode()
    year = r"(?:19|20)\d\d"
    assert re.search(rf"\b(?:jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\.? {year}", text)
    assert not re.search(rf"\b(?:Jan|Feb|Mrt|Apr|Mei|Jun|Jul|Aug|Sep|Okt|Nov|Dec)\.? {year}", text)


def test_an_empty_shop_is_told_what_to_do(db: None, owner: Client) -> None:
    make.make_organisation()
    assert owner.get("/inzicht/keuzes/").status_code == 200


def _flow(name: str, *, share: int, now: int, left: int) -> TopicFlow:
    month = TopicMonth(NOW.date().replace(day=1), 0, left)
    return TopicFlow(make.STAFF.id, name, (month,), 0, left, now, share)  # type: ignore[arg-type]


def test_advice_says_what_the_figures_say(db: None) -> None:
    figures = Choices(
        topics=[
            _flow("Dringend", share=71, now=710, left=0),
            _flow("Nieuws", share=40, now=400, left=16),
        ],
        together=[],
        stops=Stops((), (), (("too-often", 9),)),
        forms=[],
    )
    first, second = advice(figures)
    assert "Nieuws" in first
    assert "4%" in first
    assert "too often" in second or "te vaak" in second


def test_advice_is_silent_without_figures(db: None) -> None:
    assert advice(Choices([], [], Stops((), (), ()), [])) == []
