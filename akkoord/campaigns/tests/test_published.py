"""From a page of a company to a letter, and to the no that ends it, as staff and reader do it."""

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
from akkoord.datamap.export import export_person
from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ADDRESS = "inkoop@bouw.example.nl"
PAGE = "https://bouw.example.nl/inkoop"


@pytest.fixture
def staff() -> Staff:
    return make_staff()


@pytest.fixture
def client(staff: Staff) -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    found = make_topic()
    make_many(1, found)  # somebody who said yes
    return found


def proof(topic: Purpose, **values: Any) -> dict[str, Any]:
    point = ContactPoint.objects.get(normalised=ADDRESS)
    return {
        "address": str(point.id),
        "topic": str(topic.id),
        "company": "Bouw van Dam BV",
        "legal_form": "b.v.",
        "url": PAGE,
        "quote": "Aanbiedingen? Mail onze inkoop.",
        "seen_on": timezone.localdate().isoformat(),
        **values,
    }


def send(topic: Purpose) -> list[str]:
    """A letter of the topic, that somebody else agreed to: what it says at this address."""
    text = CampaignText(name="Herfst", subject="Herfst", body="Kom langs.", segment="")
    now, memory = timezone.now(), MemoryTransport()
    campaign = create_campaign(purpose=topic, text=text, at=now, actor=Actor.system())
    campaign = send_campaign(campaign_id=campaign.id, at=now, actor=Actor.system())
    assert campaign.dispatch_id is not None
    run_dispatch(campaign.dispatch_id, worker_id=uuid7(), transport=memory)
    return [bodies_of(raw) for to, raw in memory.handed_over if to.recipient == ADDRESS]


def bodies_of(raw: bytes) -> str:
    """The plain text of a letter."""
    message = message_from_bytes(raw, policy=policy.default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_inv18_from_the_page_of_a_company_to_the_no_that_ends_it(
    client: Client, topic: Purpose
) -> None:
    opened = reverse("register:topic_published", args=[topic.slug])
    refused = client.post(opened, {"allows": "yes", "because": "Mag."})
    assert "id_because_error" in words(refused)
    because = "Deze inkopers vragen zelf om aanbiedingen, en krijgen er vier per jaar."
    page = words(client.post(opened, {"allows": "yes", "because": because}, follow=True))
    assert "op een adres dat zij ervoor hebben gepubliceerd" in page
    assert because in words(client.get(opened))

    somebody = {"email": ADDRESS, "given_name": "Ilse", "family_name": "Bouwman"}
    somebody |= {"language": "nl", "why": "published"}
    added = client.post(reverse("consent:person_add"), somebody)
    person = ContactPoint.objects.get(normalised=ADDRESS).person
    form = reverse("consent:person_published", args=[person.id])
    assert added.headers["Location"] == form
    assert person.judge_by is not None
    assert send(topic) == []

    refused = client.post(form, proof(topic, legal_form="eenmanszaak"))
    assert "tellen als mensen" in words(refused)
    assert "id_url_error" in words(client.post(form, proof(topic, url="bouw")))
    page = words(client.post(form, proof(topic), follow=True))
    for told in (PAGE, "Bouw van Dam BV", "Mail onze inkoop", "Anouk van Dam"):
        assert told in page
    person.refresh_from_db()
    assert person.judge_by is None

    (letter,) = send(topic)
    why = re.search(rf"{settings.BASE_URL}(/waarom/\S+/)", letter)
    assert why is not None
    reader = Client(headers={"accept-language": "nl"})
    page = words(reader.get(why[1]))
    assert PAGE in page
    assert "Aanbiedingen? Mail onze inkoop." in page
    stop = re.search(r'action="([^"]*/u/[^"]*)"', page)
    assert stop is not None
    reader.post(stop[1], {"page": "1"})

    assert send(topic) == []
    assert "eerder nee gezegd" in words(client.post(form, proof(topic)))
    assert (
        PAGE
        not in words(client.get(reverse("people:person", args=[person.id]))).split('id="tijdlijn')[
            0
        ]
    )


def test_inv18_what_was_written_down_stands_in_their_copy(client: Client, topic: Purpose) -> None:
    because = "Deze inkopers vragen zelf om aanbiedingen, en krijgen er vier per jaar."
    client.post(
        reverse("register:topic_published", args=[topic.slug]),
        {"allows": "yes", "because": because},
    )
    somebody = {"email": ADDRESS, "language": "nl", "why": "published"}
    client.post(reverse("consent:person_add"), somebody)
    person = ContactPoint.objects.get(normalised=ADDRESS).person
    form = reverse("consent:person_published", args=[person.id])
    client.post(form, proof(topic))
    told = str(export_person([person.id]))
    assert PAGE in told
    assert "Mail onze inkoop" in told
    point = ContactPoint.objects.get(normalised=ADDRESS)
    ended = {"point": str(point.id), "topic": str(topic.id)}
    client.post(reverse("consent:person_published_end", args=[person.id]), ended)
    assert send(topic) == []


def test_without_a_topic_for_it_the_page_says_where_to_begin(
    client: Client, topic: Purpose
) -> None:
    client.post(
        reverse("consent:person_add"), {"email": ADDRESS, "language": "nl", "why": "published"}
    )
    form = reverse(
        "consent:person_published", args=[ContactPoint.objects.get(normalised=ADDRESS).person_id]
    )
    assert reverse("register:topics") in words(client.get(form))
