"""What became of a letter: figures that agree with what was done, and tell of nobody."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
from akkoord.campaigns.models import Campaign
from akkoord.cli.campaign import command
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.tokens import StopPlace
from akkoord.consent.withdraw import stop_by_link
from akkoord.datamap.ids import uuid7
from akkoord.insight.results import Results, results_of
from akkoord.law.purpose_rules import Answer, Factor, Weighed
from akkoord.messages.models import Dispatch, Hit, LinkCount, Message
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.people.models import ContactPoint, Person, Purchase
from akkoord.register.models import Purpose
from akkoord.register.own_fields import admit_field
from akkoord.segments.actions import create_group
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0) - timedelta(days=20)
BODY = "[De beurt](https://winkel.example.nl/beurt) [Zadels](https://winkel.example.nl/zadels)"


@pytest.fixture
def topic() -> Purpose:
    cache.clear()
    make_organisation()
    return make_topic()


def sent(topic: Purpose, count: int, *, failed: int = 0, prefix: str = "") -> Campaign:
    """A letter that left for so many, the last of whom its server refused."""
    ids = make_many(count, topic, prefix=prefix or "p")
    points = list(ContactPoint.objects.filter(id__in=ids).order_by("id"))
    campaign = create_campaign(
        purpose=topic,
        text=CampaignText(name="Herfst", subject="Nieuws", body=BODY),
        at=NOW,
        actor=Actor.system(),
    )
    send_campaign(campaign_id=campaign.id, at=NOW, actor=Actor.system())
    campaign.refresh_from_db()
    run = campaign.dispatch
    assert run is not None
    Message.objects.bulk_create(
        Message(
            dispatch=run,
            person_id=point.person_id,
            contact_point_id=point.id,
            state="failed" if number >= count - failed else "sent",
            reason="transport-refused" if number >= count - failed else "",
            evidence_id=uuid7(),
            due_at=NOW,
            outcome_at=NOW,
            outcome_code="550 5.1.1" if number >= count - failed else "250 2.0.0",
        )
        for number, point in enumerate(points)
    )
    Dispatch.objects.filter(id=run.id).update(
        state="finished", fanned_out_at=NOW, ended_at=NOW + timedelta(hours=1)
    )
    return Campaign.objects.select_related("dispatch", "purpose").get(id=campaign.id)


def press(campaign: Campaign, place: int, n: int, kind: str = "press") -> None:
    assert campaign.dispatch is not None
    link = campaign.dispatch.links.get(place=place)
    LinkCount.objects.create(link=link, hour=NOW, kind=kind, n=n)


def messages(campaign: Campaign) -> list[Message]:
    found = Message.objects.filter(dispatch_id=campaign.dispatch_id, state="sent")
    return list(found.order_by("id"))


def stop(campaign: Campaign, number: int, at: timedelta) -> None:
    for message in messages(campaign)[:number]:
        assert message.contact_point_id is not None
        place = StopPlace(message.contact_point_id, campaign.purpose_id, message.id)
        assert stop_by_link(place, at=NOW + at) == 1


def look(campaign: Campaign, **more: int) -> Results:
    return results_of(campaign, at=timezone.now(), **more)


def test_the_figures_are_what_was_done(topic: Purpose) -> None:
    campaign = sent(topic, 20, failed=6)
    press(campaign, 1, 7)
    press(campaign, 2, 3)
    press(campaign, 1, 40, kind="ahead")
    stop(campaign, 5, timedelta(days=1))
    ContactPoint.objects.filter(id=messages(campaign)[-1].contact_point_id).update(
        undeliverable_at=NOW + timedelta(days=1), undeliverable_why="5.2.2"
    )
    found = look(campaign)
    assert (found.figures.sent, found.figures.failed, found.delivered) == (14, 6, None)
    assert (found.bounced.hard, found.bounced.soft, found.bounced.block) == (6, None, 0)
    assert found.bounced.total is None, "six less the total would tell the one"
    assert [(each.label, each.presses, each.ahead) for each in found.links] == [
        ("winkel.example.nl/beurt", 7, 40),
        ("winkel.example.nl/zadels", 3, 0),
    ]
    assert (found.presses, found.ahead) == (10, 40)
    assert (found.stopped_during, found.stopped_after) == (0, 5)
    assert [(each.name, each.sent, each.failed, each.stopped) for each in found.domains] == [
        ("example.nl", 14, 6, 5)
    ]


def test_stops_while_it_was_sent_are_apart(topic: Purpose) -> None:
    campaign = sent(topic, 12)
    stop(campaign, 6, timedelta(minutes=30))
    found = look(campaign)
    assert (found.stopped_during, found.stopped_after, found.stopped) == (6, 0, 6)


def test_a_complaint_belongs_to_the_last_letter_of_its_topic(topic: Purpose) -> None:
    campaign = sent(topic, 8)
    version = topic.versions.get(valid_to=None)
    for message in messages(campaign)[:5]:
        PermissionEvent.objects.create(
            person_ref=message.person_id,
            contact_point_ref=message.contact_point_id,
            purpose_version=version,
            channel="email",
            basis="consent",
            state="withdrawn",
            happened_at=NOW + timedelta(days=2),
            recorded_at=NOW + timedelta(days=2),
            actor_kind="person",
            method="complaint",
            salt=b"0" * 16,
            commitment=b"0" * 32,
        )
    found = look(campaign)
    assert (found.complaints_during, found.complaints_after) == (0, 5)


def test_fewer_than_five_are_nobodys_business(topic: Purpose) -> None:
    campaign = sent(topic, 4)
    press(campaign, 1, 3)
    stop(campaign, 2, timedelta(days=1))
    found = look(campaign)
    assert found.is_small
    assert found.domains == ()
    assert found.stopped_after is None
    answer = found.as_json()
    assert answer["presses"] is None
    assert answer["links"] == []


def staff(client: Client) -> Client:
    client.force_login(
        create_staff(
            email="o@example.nl", name="O", role="owner", language="nl", password="lang-genoeg-1"
        )
    )
    return client


def test_the_picture_hides_what_the_page_hides(topic: Purpose, client: Client) -> None:
    few, enough = sent(topic, 4), sent(topic, 5, prefix="v")
    press(few, 1, 37), press(enough, 1, 41)
    staff(client)
    pictures = [
        client.get(reverse("insight:results_picture", args=[each.id])).content.decode()
        for each in (few, enough)
    ]
    assert ">37</span>" not in pictures[0]
    assert "De beurt" in pictures[0], "the letter itself is there"
    assert ">41</span>" in pictures[1]


@pytest.mark.parametrize("refused", [1, 4])
def test_fewer_than_five_that_came_back_are_told_nowhere(
    topic: Purpose, client: Client, refused: int
) -> None:
    campaign = sent(topic, 20, failed=refused)
    give_back(campaign, 3)
    answer = look(campaign).as_json()
    assert set(answer["bounced"].values()) <= {0, None, refused + 3} - {1, 2, 3, 4}
    assert answer["delivered"] is None, "sent less delivered would tell it"
    page = staff(client).get(reverse("insight:results", args=[campaign.id])).content.decode()
    assert "niet getoond" in page
    few = "minder dan vijf"
    line = f'<dt>Het adres bestaat niet meer</dt><dd class="num">{few}</dd>'
    assert (line in page) == (refused + 3 < 5)
    sheet = client.get(reverse("insight:results_file", args=[campaign.id, "csv"])).content.decode()
    assert ("Het adres bestaat niet meer,<5" in sheet) == (refused + 3 < 5)
    assert "aangekomen,niet getoond" in sheet
    assert client.get(reverse("insight:results_file", args=[campaign.id, "pdf"])).status_code == 200


def test_no_kind_of_return_is_told_by_what_is_left_of_the_total(topic: Purpose) -> None:
    campaign = sent(topic, 30, failed=8)
    give_back(campaign, 2, why="5.2.2")
    found = look(campaign).bounced
    assert (found.hard, found.soft, found.block) == (8, None, 0)
    assert found.total is None


def buy(campaign: Campaign, number: int, *, days: int = 3) -> None:
    for place, message in enumerate(messages(campaign)[:number]):
        Purchase.objects.create(
            person_id=message.person_id,
            number=f"F{place}-{days}",
            bought_on=(NOW + timedelta(days=days)).date(),
            amount=Decimal("10.50"),
            source="test",
            created_at=NOW,
        )


def admit_money(topic: Purpose) -> None:
    admit_field(
        activity_key=topic.activity_key,
        field_key="purchase_amount",
        why_nl="Om te zien of een aanbod past.",
        why_en="To see whether an offer fits.",
        at=NOW,
        actor=Actor.system(),
        weighed=Weighed("Klanten verwachten dit.", answers=dict.fromkeys(Factor, Answer.FOR)),
    )


def test_sales_are_counted_only_where_the_topic_may_use_them(topic: Purpose) -> None:
    campaign = sent(topic, 10)
    buy(campaign, 6)
    assert not look(campaign).revenue.allowed
    assert look(campaign).revenue.amount is None
    admit_money(topic)
    found = look(campaign).revenue
    assert (found.allowed, found.buyers, found.purchases) == (True, 6, 6)
    assert found.amount == Decimal("63.00")


def test_sales_count_within_their_days_and_of_five_people_at_least(topic: Purpose) -> None:
    admit_money(topic)
    campaign = sent(topic, 10)
    buy(campaign, 6, days=9)
    assert look(campaign, days=7).revenue.buyers == 0
    assert look(campaign, days=14).revenue.buyers == 6
    Person.objects.filter(id__in=[m.person_id for m in messages(campaign)[:2]]).update(
        restricted_at=NOW
    )
    cache.clear()
    assert look(campaign, days=14).revenue.buyers is None  # INV-38: four are left


def test_new_yeses_after_it(topic: Purpose) -> None:
    campaign = sent(topic, 8)
    other = make_topic("offers").versions.get(valid_to=None)
    from akkoord.consent.tests.factories import make_notice

    notice = make_notice()
    for message in messages(campaign)[:5]:
        PermissionEvent.objects.create(
            person_ref=message.person_id,
            contact_point_ref=message.contact_point_id,
            purpose_version=other,
            channel="email",
            basis="consent",
            state="given",
            happened_at=NOW + timedelta(days=2),
            recorded_at=NOW + timedelta(days=2),
            actor_kind="person",
            method="preference-centre",
            notice=notice,
            salt=b"0" * 16,
            commitment=b"0" * 32,
        )
    assert look(campaign).opt_ins == 5


def test_per_group_with_five_at_least(topic: Purpose) -> None:
    campaign = sent(topic, 12)
    people = [each.person_id for each in messages(campaign)]
    Person.objects.filter(id__in=people[:7]).update(language="en")
    Person.objects.filter(id__in=people[7:10]).update(language="de")
    for name, language in (("Engels", "en"), ("Duits", "de")):
        create_group(
            purpose=topic, name=name, text=f'language is "{language}"', at=NOW, actor=Actor.system()
        )
    assert [(each.name, each.sent) for each in look(campaign).groups] == [("Engels", 7)]


@pytest.mark.parametrize("count", [8, 60])
def test_the_page_asks_as_much_for_many_as_for_few(
    topic: Purpose, client: Client, count: int
) -> None:
    campaign = sent(topic, count)
    press(campaign, 1, 7)
    create_group(
        purpose=topic, name="Nederlands", text='language is "nl"', at=NOW, actor=Actor.system()
    )
    admit_money(topic)
    client.force_login(
        create_staff(
            email="o@example.nl", name="O", role="owner", language="nl", password="lang-genoeg-1"
        )
    )
    url = reverse("insight:results", args=[campaign.id])
    client.get(url)
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url).content.decode()
    assert len(asked) <= 34
    assert "Er is 7 keer op een link gedrukt." in page
    part = client.get(url, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    picture = client.get(reverse("insight:results_picture", args=[campaign.id]))
    assert picture.headers["Content-Security-Policy"].startswith("sandbox;")
    assert ">7</span>" in picture.content.decode()


def test_a_draft_has_no_results(topic: Purpose, client: Client) -> None:
    draft = create_campaign(
        purpose=topic,
        text=CampaignText(name="Herfst", subject="Nieuws", body=BODY),
        at=NOW,
        actor=Actor.system(),
    )
    asked = CliRunner().invoke(command, ["results", str(draft.id)])
    assert asked.exit_code == 1


def test_the_command_answers_the_same(topic: Purpose) -> None:
    campaign = sent(topic, 20, failed=6)
    press(campaign, 1, 7)
    assert Standing.objects.count() == 20
    asked = CliRunner().invoke(command, ["results", str(campaign.id), "--json"])
    assert asked.exit_code == 0, asked.output
    found = json.loads(asked.stdout)
    assert (found["sent"], found["bounced"]["hard"], found["presses"]) == (14, 6, 7)
    assert found["links"][0] == {
        "url": "https://winkel.example.nl/beurt",
        "presses": 7,
        "machines": 0,
    }
    assert found["revenue"]["allowed"] is False


def see(campaign: Campaign, number: int) -> None:
    """So many of those who let us see it pressed the first link."""
    assert campaign.dispatch is not None
    link = campaign.dispatch.links.get(place=1)
    for message in messages(campaign)[:number]:
        for _ in range(2):  # twice is one person
            Hit.objects.create(
                person_id=message.person_id,
                message_id=message.id,
                dispatch=campaign.dispatch,
                link=link,
                what="click",
                kind="press",
                at=NOW,
                evidence_id=uuid7(),
            )


def complain(campaign: Campaign, number: int) -> None:
    version = campaign.purpose.versions.get(valid_to=None)
    for message in messages(campaign)[:number]:
        PermissionEvent.objects.create(
            person_ref=message.person_id,
            contact_point_ref=message.contact_point_id,
            purpose_version=version,
            channel="email",
            basis="consent",
            state="withdrawn",
            happened_at=NOW + timedelta(days=2),
            recorded_at=NOW + timedelta(days=2),
            actor_kind="person",
            method="complaint",
            salt=b"0" * 16,
            commitment=b"0" * 32,
        )


def give_back(campaign: Campaign, number: int, why: str = "5.1.1") -> None:
    points = [each.contact_point_id for each in messages(campaign)[-number:]]
    ContactPoint.objects.filter(id__in=points).update(
        undeliverable_at=NOW + timedelta(days=1), undeliverable_why=why
    )


def test_all_that_became_of_it_per_group_and_domain(topic: Purpose, client: Client) -> None:
    admit_money(topic)
    campaign = sent(topic, 20, failed=1)
    create_group(
        purpose=topic, name="Nederlands", text='language is "nl"', at=NOW, actor=Actor.system()
    )
    see(campaign, 6), complain(campaign, 5), give_back(campaign, 5), buy(campaign, 7)
    found = look(campaign)
    for (line,) in (found.domains, found.groups):
        assert (line.sent, line.delivered, line.bounced) == (19, 14, 6)
        assert (line.pressed, line.complaints) == (6, 5)
        assert line.amount == Decimal("73.50")
        assert line.failed is None, "one alone is not shown"
    client.force_login(
        create_staff(
            email="o@example.nl", name="O", role="owner", language="nl", password="lang-genoeg-1"
        )
    )
    page = client.get(reverse("insight:results", args=[campaign.id])).content.decode()
    assert "€ 73,50" in page
    assert "Gemeld als ongewenst" in page


def test_in_a_group_or_domain_fewer_than_five_are_nobodys_business(topic: Purpose) -> None:
    admit_money(topic)
    campaign = sent(topic, 20)
    see(campaign, 4), complain(campaign, 4), give_back(campaign, 4), buy(campaign, 4)
    (line,) = look(campaign).domains
    assert line.sent == 20
    assert (line.delivered, line.bounced, line.pressed) == (None, None, None)
    assert (line.complaints, line.amount) == (None, None)


def test_without_the_field_no_sales_are_told_per_domain(topic: Purpose) -> None:
    campaign = sent(topic, 10)
    buy(campaign, 8)
    (line,) = look(campaign).domains
    assert line.amount is None


def test_a_letter_for_several_topics_tells_how_it_went_under_each(topic: Purpose) -> None:
    other = make_topic("offers")
    campaign = sent(topic, 16)
    Campaign.objects.update(also=[other.id])
    Dispatch.objects.update(also=[other.id])
    ids = [each.id for each in messages(campaign)]
    Message.objects.filter(id__in=ids[:9]).update(purpose_id=topic.id)
    Message.objects.filter(id__in=ids[9:]).update(purpose_id=other.id)
    campaign.refresh_from_db()
    admit_money(topic)
    found = look(campaign)
    assert [each.sent for each in found.topics] == [9, 7]
    assert not found.revenue.allowed, "the second topic may not know of sales"
    admit_money(other)
    assert look(campaign).revenue.allowed
