"""Over which ways a topic comes: each with what it needs in the register, none for another."""

import pytest
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.law.states import Channel
from akkoord.permission.queries import ask
from akkoord.permission.tests.factories import give, make_point
from akkoord.register import queries
from akkoord.register.actions import offer_channels
from akkoord.register.models import ActivityField
from akkoord.register.own_fields import admit_field
from akkoord.register.presets_trades import TRADE_TOPICS
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
PAGE = "/onderwerpen/nieuwsbrief/manieren/"


@pytest.fixture
def client() -> Client:
    make_organisation()
    make_topic()
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def used() -> frozenset[str]:
    return queries.field_allowed("topic-nieuwsbrief")


def test_the_page_says_what_each_way_needs_and_keeps_the_choice(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    for words in ("ja voor sms", "ja om te bellen", "ja voor post", "1 juli 2026"):
        assert words in page
    answer = client.post(PAGE, {"channels": ["email", "phone", "post"]})
    assert answer.status_code == 302
    assert queries.live_topics().get().channels == ["email", "post", "phone"]
    detail = client.get("/onderwerpen/nieuwsbrief/").content.decode()
    assert "E-mail, Telefoontje, Brief per post." in detail


def test_nothing_ticked_is_refused_with_a_sentence(client: Client) -> None:
    page = client.post(PAGE, {})
    assert page.status_code == 200
    assert "ten minste" in page.context["form"].errors["channels"][0]
    assert queries.live_topics().get().channels == ["email"]


def test_inv31_the_register_follows_each_way_and_forgets_what_only_it_brought(
    client: Client,
) -> None:
    client.post(PAGE, {"channels": ["email", "sms", "phone", "post", "push"]})
    assert {"phone", "street", "postcode", "city", "push_address"} <= used()
    client.post(PAGE, {"channels": ["email", "phone"]})
    assert "phone" in used()
    assert not {"street", "postcode", "city", "push_address"} & used()
    client.post(PAGE, {"channels": ["email"]})
    assert "phone" not in used()


def test_what_the_owner_let_it_use_for_a_reason_stays(client: Client) -> None:
    admit_field(
        activity_key="topic-nieuwsbrief",
        field_key="city",
        why_nl="Voor een ritje bij u.",
        why_en="For a ride near you.",
        at=NOW,
        actor=Actor.system(),
    )
    client.post(PAGE, {"channels": ["email", "post"]})
    client.post(PAGE, {"channels": ["email"]})
    assert "city" in used()
    mine = ActivityField.objects.filter(activity_key="topic-nieuwsbrief", field__key="city")
    assert mine.filter(ended_at=None).count() == 1


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("other", [each for each in Channel if each is not Channel.EMAIL])
def test_inv12_a_way_that_is_offered_reaches_nobody_who_said_yes_to_mail(other: Channel) -> None:
    topic = queries.live_topics().get()
    point = make_point()
    give(point, topic)
    offer_channels(purpose_id=topic.id, channels=list(Channel), at=NOW, actor=Actor.system())
    topic.refresh_from_db()
    answer = ask([point.id], topic, other, at=NOW).get(point.id)
    assert answer is None or not answer.allowed
    assert ask([point.id], topic, "email", at=NOW)[point.id].allowed


def test_the_words_of_a_preset_speak_of_no_way() -> None:
    for topics in TRADE_TOPICS.values():
        for topic in topics:
            for text in (topic.description.nl, topic.description.en):
                assert "mail" not in text.lower()
