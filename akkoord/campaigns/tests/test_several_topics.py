"""One letter for several topics: everybody once, under the first topic that the gate allows."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import (
    CampaignRefused,
    CampaignText,
    copy_campaign,
    create_campaign,
    preflight_campaign,
    revise_campaign,
    send_campaign,
)
from akkoord.campaigns.archive import letters_of, open_archive, set_archive
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.queries import for_whom, people_to_show, refused_page
from akkoord.cli.campaign import command as campaign_command
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.tokens import read_withdrawal
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.ids import uuid7
from akkoord.delivery.outgoing import OutcomeKind
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method
from akkoord.messages.deliver import START, run_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Message
from akkoord.messages.queries import dispatch_figures, last_sent_at
from akkoord.messages.tests.factories import give, make_organisation, make_point, make_topic
from akkoord.messages.ways import way_of
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import ask
from akkoord.register.actions import end_topic
from akkoord.register.models import Purpose
from akkoord.register.own_fields import admit_field
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ME = Actor.system()
BODY = "Dag {{ first_name | default: 'lezer' }},\n\n[De winter](https://winkel.example.nl/winter)"


@pytest.fixture
def topics() -> tuple[Purpose, Purpose]:
    make_organisation()
    return make_topic("news"), make_topic("offers")


@pytest.fixture
def owner() -> Staff:
    return make_staff()


def letter(*topics: Purpose, **words: object) -> Campaign:
    text = CampaignText(
        **{  # type: ignore[arg-type]
            "name": "Winter",
            "subject": "De winter",
            "body": BODY,
            "also": tuple(each.id for each in topics[1:]),
            **words,
        }
    )
    return create_campaign(purpose=topics[0], text=text, at=timezone.now(), actor=ME)


def somebody(name: str, *topics: Purpose, state: str = "confirmed") -> ContactPoint:
    point = make_point(f"{name}@example.nl")
    for each in topics:
        give(point, each, state=state)
    return point


def sent(campaign: Campaign, transport: MemoryTransport | None = None) -> Campaign:
    campaign = send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=ME)
    work(campaign, transport)
    return campaign


def work(campaign: Campaign, transport: MemoryTransport | None = None) -> None:
    assert campaign.dispatch_id is not None
    run_dispatch(campaign.dispatch_id, worker_id=uuid7(), transport=transport or MemoryTransport())


def mails(transport: MemoryTransport) -> dict[str, EmailMessage]:
    made = [message_from_bytes(raw, policy=policy.default) for _o, raw in transport.handed_over]
    assert len({str(each["To"]) for each in made}) == len(made), "nobody twice"
    return {str(each["To"]): each for each in made}  # type: ignore[misc]


def test_everybody_gets_it_once_under_the_first_topic_that_allows_them(
    topics: tuple[Purpose, Purpose],
) -> None:
    news, offers = topics
    both, first, second = (
        somebody("beide", news, offers),
        somebody("nieuws", news),
        somebody("acties", offers),
    )
    somebody("niemand")
    transport = MemoryTransport()
    campaign = sent(letter(news, offers), transport)
    found = mails(transport)
    assert set(found) == {"beide@example.nl", "nieuws@example.nl", "acties@example.nl"}
    rows = {each.contact_point_id: each for each in Message.objects.filter(state="sent")}
    assert [rows[each.id].purpose_id for each in (both, first, second)] == [
        news.id,
        news.id,
        offers.id,
    ]
    for point in (both, first, second):
        row = rows[point.id]
        event = Standing.objects.get(contact_point=point, purpose_id=row.purpose_id).event_id
        assert row.evidence_id == event, "INV-1: the evidence is that of the topic"
    assert campaign.dispatch_id is not None
    assert dispatch_figures(campaign.dispatch_id).skipped == {"no-basis": 1}


def test_inv21_inv22_the_way_out_and_the_headers_are_about_the_topic_of_the_person(
    topics: tuple[Purpose, Purpose],
) -> None:
    news, offers = topics
    somebody("beide", news, offers), somebody("acties", offers)
    transport = MemoryTransport()
    sent(letter(news, offers), transport)
    found = mails(transport)
    for address, topic in (("beide@example.nl", news), ("acties@example.nl", offers)):
        mail = found[address]
        assert str(mail["List-Id"]).startswith(f"{topic.slug} <{topic.slug}.")
        link = str(mail["List-Unsubscribe"]).partition("<")[2].partition(">")[0]
        place = read_withdrawal(link.rstrip("/").rpartition("/")[2])
        assert place is not None
        assert place.purpose_id == topic.id
        assert f":{topic.slug}:" in str(mail["Feedback-ID"])
        text = mail.get_body(("plain",))
        assert text is not None
        name = topic.versions.get(valid_to=None).name_nl
        assert f"voor het onderwerp “{name}”" in " ".join(text.get_content().split())


def test_the_check_counts_people_once_with_reasons(topics: tuple[Purpose, Purpose]) -> None:
    news, offers = topics
    somebody("beide", news, offers)
    only_second = somebody("acties", offers)
    give(only_second, news, state="withdrawn")
    refused = somebody("af", news, offers, state="withdrawn")
    campaign = letter(news, offers)
    found = preflight_campaign(campaign, at=timezone.now())
    assert (found.selected, found.may_be_mailed) == (3, 2)
    assert found.reasons == {Reason.WITHDRAWN: 1}, "refused for one, allowed for the other: none"
    page = refused_page(campaign, Reason.WITHDRAWN, after="")
    assert [each.id for each in page["points"]] == [refused.id]
    assert len(people_to_show(campaign)) == 2
    assert "krijgt de brief één keer" in for_whom(campaign)


def test_inv25_who_stops_the_topic_meanwhile_does_not_get_it_by_the_other(
    topics: tuple[Purpose, Purpose],
) -> None:
    news, offers = topics
    stopped, stays = somebody("stopt", news, offers), somebody("blijft", news, offers)
    campaign = send_campaign(campaign_id=letter(news, offers).id, at=timezone.now(), actor=ME)
    assert campaign.dispatch_id is not None
    assert fan_out(campaign.dispatch_id)
    withdraw(
        point_id=stopped.id,
        purpose_id=news.id,
        method=Method.ONE_CLICK,
        actor=ME,
        at=timezone.now(),
    )
    transport = MemoryTransport()
    work(campaign, transport)
    assert set(mails(transport)) == {"blijft@example.nl"}
    row = Message.objects.get(contact_point_id=stopped.id)
    assert (row.state, row.reason, row.evidence_id) == ("skipped", "withdrawn", None)
    assert ask([stopped.id], offers, Channel.EMAIL, at=timezone.now())[stopped.id].allowed
    assert stays.id


def test_a_stop_between_two_tries_ends_them_under_every_topic(
    topics: tuple[Purpose, Purpose],
) -> None:
    news, offers = topics
    point = somebody("beide", news, offers)
    campaign = sent(
        letter(news, offers),
        MemoryTransport({"beide@example.nl": (OutcomeKind.DEFERRED, "451 4.7.1")}),
    )
    row = Message.objects.get()
    assert (row.state, row.purpose_id) == ("due", news.id)
    withdraw(
        point_id=point.id, purpose_id=news.id, method=Method.ONE_CLICK, actor=ME, at=timezone.now()
    )
    Message.objects.update(due_at=timezone.now())
    transport = MemoryTransport()
    work(campaign, transport)
    assert not transport.handed_over
    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", "withdrawn")


def test_another_reason_than_a_no_passes_it_on_to_the_next_topic(
    topics: tuple[Purpose, Purpose],
) -> None:
    news, offers = topics
    point = somebody("beide", news, offers)
    campaign = send_campaign(campaign_id=letter(news, offers).id, at=timezone.now(), actor=ME)
    assert campaign.dispatch_id is not None
    fan_out(campaign.dispatch_id)
    end_topic(purpose_id=news.id, at=timezone.now(), actor=ME)
    transport = MemoryTransport()
    work(campaign, transport)
    assert list(mails(transport)) == ["beide@example.nl"]
    assert Message.objects.get().purpose_id == offers.id
    assert last_sent_at(point.person_id, point.id, offers.id) is not None
    assert last_sent_at(point.person_id, point.id, news.id) is None


def test_the_stop_of_the_letter_stops_its_topic_and_no_other(
    topics: tuple[Purpose, Purpose], client: Client
) -> None:
    news, offers = topics
    point = somebody("beide", news, offers)
    transport = MemoryTransport()
    campaign = sent(letter(news, offers), transport)
    header = str(mails(transport)["beide@example.nl"]["List-Unsubscribe"])
    path = "/" + header.partition("<")[2].partition(">")[0].split("/", 3)[3]
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "INV-23"
    now = timezone.now()
    assert not ask([point.id], news, Channel.EMAIL, at=now)[point.id].allowed
    assert ask([point.id], offers, Channel.EMAIL, at=now)[point.id].allowed
    event = PermissionEvent.objects.get(state="withdrawn")
    assert event.purpose_version.purpose_id == news.id
    work(campaign)
    assert Message.objects.filter(state="sent").count() == 1


def test_inv31_a_field_must_be_allowed_for_every_topic(topics: tuple[Purpose, Purpose]) -> None:
    news, offers = topics
    allow_city(news)
    assert letter(news, body="Dag uit {{ city }}").id
    with pytest.raises(CampaignRefused) as refusal:
        letter(news, offers, body="Dag uit {{ city }}")
    assert refusal.value.field == "body"
    with pytest.raises(CampaignRefused) as refusal:
        letter(news, offers, segment='city is "Utrecht"')
    assert refusal.value.field == "segment"
    allow_city(offers)
    assert letter(news, offers, body="Dag uit {{ city }}", segment='city is "Utrecht"').id


def allow_city(topic: Purpose) -> None:
    admit_field(
        activity_key=topic.activity_key,
        field_key="city",
        why_nl="Voor nieuws uit de buurt",
        why_en="For news from the neighbourhood",
        at=timezone.now(),
        actor=ME,
    )


@pytest.mark.parametrize("which", ["twice", "itself", "ended", "six"])
def test_topics_that_cannot_be_are_refused_at_the_field(
    topics: tuple[Purpose, Purpose], which: str
) -> None:
    news, offers = topics
    if which == "ended":
        end_topic(purpose_id=offers.id, at=timezone.now(), actor=ME)
    more = {
        "twice": (offers, offers),
        "itself": (news,),
        "ended": (offers,),
        "six": tuple(make_topic(f"topic{number}") for number in range(5)),
    }[which]
    with pytest.raises(CampaignRefused) as refusal:
        letter(news, *more)
    assert refusal.value.field == "also"
    assert not Campaign.objects.exists()


def test_a_topic_that_ended_since_stops_the_letter(topics: tuple[Purpose, Purpose]) -> None:
    news, offers = topics
    somebody("beide", news, offers)
    campaign = letter(news, offers)
    end_topic(purpose_id=offers.id, at=timezone.now(), actor=ME)
    with pytest.raises(CampaignRefused):
        send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=ME)


def test_topics_can_be_changed_and_are_copied(topics: tuple[Purpose, Purpose]) -> None:
    news, offers = topics
    campaign = letter(news, offers)
    again = copy_campaign(campaign_id=campaign.id, at=timezone.now(), actor=ME)
    assert again.also == [offers.id]
    text = CampaignText(name="Winter", subject="De winter", body=BODY)
    found = revise_campaign(
        campaign_id=campaign.id, text=text, version=1, at=timezone.now(), actor=ME
    )
    assert found.also == []


def test_it_stands_in_the_archive_of_each_topic(topics: tuple[Purpose, Purpose]) -> None:
    news, offers = topics
    somebody("beide", news, offers)
    campaign = sent(letter(news, offers))
    for topic in topics:
        set_archive(purpose=topic, is_open=True, at=timezone.now(), actor=ME)
        archive = open_archive(topic.slug)
        assert archive is not None
        assert [each.id for each in letters_of(archive).letters] == [campaign.id]


def test_the_pages_say_for_whom_it_is(
    topics: tuple[Purpose, Purpose], client: Client, owner: Staff
) -> None:
    news, offers = topics
    somebody("beide", news, offers)
    client.force_login(owner)
    campaign = letter(news)
    page = client.get(f"/campagnes/{campaign.id}/schrijven/").content.decode()
    assert f'value="{offers.id}"' in page
    assert f'value="{news.id}"' not in page, "its own topic is no further one"


chosen = st.lists(
    st.tuples(
        st.sampled_from(["", "confirmed", "withdrawn", "requested"]),
        st.sampled_from(["", "confirmed", "withdrawn", "objected"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=chosen, turned=st.booleans(), stops=st.sets(st.integers(0, 6)))
def test_inv01_nobody_twice_and_each_under_a_topic_that_the_gate_allowed(
    db: None, people: list[tuple[str, str, bool]], turned: bool, stops: set[int]
) -> None:
    with transaction.atomic():
        _one_example(people, turned, stops)
        transaction.set_rollback(True)


def _one_example(people: list[tuple[str, str, bool]], turned: bool, stops: set[int]) -> None:
    make_organisation()
    topics = [make_topic("news"), make_topic("offers")]
    points = []
    for number, (first, second, has_two) in enumerate(people):
        point = make_point(f"p{number}@example.nl")
        for state, topic in zip((first, second), topics, strict=True):
            if state:
                give(point, topic, state=state)
        points.append(point)
        if has_two:
            other = make_point(f"q{number}@example.nl", person=point.person)
            give(other, topics[1])
            points.append(other)
    ordered = topics[::-1] if turned else topics
    campaign = letter(*ordered)
    now = timezone.now()
    may = {
        topic.id: {
            key
            for key, each in ask([p.id for p in points], topic, "email", at=now).items()
            if each.allowed
        }
        for topic in ordered
    }
    if not any(may.values()):
        return
    campaign = send_campaign(campaign_id=campaign.id, at=now, actor=ME)
    assert campaign.dispatch_id is not None
    fan_out(campaign.dispatch_id)
    planned = {row.contact_point_id: row.purpose_id for row in Message.objects.filter(state="due")}
    for number in stops & set(range(len(points))):
        withdraw(
            point_id=points[number].id,
            purpose_id=ordered[0].id,
            method=Method.ONE_CLICK,
            actor=ME,
            at=now,
        )
    transport = MemoryTransport()
    work(campaign, transport)
    rows = list(Message.objects.all())
    assert len(rows) == len({row.person_id for row in rows}) == len({p.person_id for p in points})
    answers = {
        topic.id: ask([p.id for p in points], topic, "email", at=timezone.now())
        for topic in ordered
    }
    for row in rows:
        if row.state == "sent":
            assert row.purpose_id is not None
            answer = answers[row.purpose_id][row.contact_point_id]
            assert answer.allowed
            assert row.evidence_id == answer.evidence_id
            assert row.purpose_id == next(
                t.id for t in ordered if answers[t.id][row.contact_point_id].allowed
            )
        elif row.contact_point_id in planned:
            assert row.reason == "withdrawn"
            assert planned[row.contact_point_id] == ordered[0].id
        else:
            assert not any(row.contact_point_id in each for each in may.values())


def test_the_claim_of_one_topic_asks_as_before(topics: tuple[Purpose, Purpose]) -> None:
    news, offers = topics
    somebody("beide", news, offers)
    one = send_campaign(campaign_id=letter(news).id, at=timezone.now(), actor=ME)
    several = send_campaign(campaign_id=letter(news, offers).id, at=timezone.now(), actor=ME)
    statements = []
    for each in (one, several):
        assert each.dispatch is not None
        way = way_of(each.dispatch)
        statements.append(
            way.asking.statement(after=START, limit=5, worker_id=uuid7(), at=timezone.now())[0]
        )
        way.close()
    assert "answers" not in statements[0]
    assert "answers" in statements[1]


def test_the_command_takes_several_topics_in_their_order(
    topics: tuple[Purpose, Purpose], tmp_path: Path
) -> None:
    news, offers = topics
    somebody("beide", news, offers)
    file = tmp_path / "brief.md"
    file.write_text("Dag lezer, de winter komt.")
    typed = ["create", "--subject", "Winter", "--body", str(file), "--json"]
    done = CliRunner().invoke(campaign_command, [*typed, "--topic", "offers", "--topic", "news"])
    assert done.exit_code == 0, done.output
    made = Campaign.objects.get(id=json.loads(done.stdout)["id"])
    assert (made.purpose_id, made.also) == (offers.id, [news.id])
    wrong = CliRunner().invoke(campaign_command, [*typed, "--topic", "news", "--topic", "anders"])
    assert wrong.exit_code == 1
