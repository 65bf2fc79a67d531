"""Post in the preference centre and on "why do I get this?": on, off, and the right to object."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.consent.models import CollectionPoint, PermissionEvent, Standing
from akkoord.consent.post_choices import ask_letters, post_part
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.consent.tokens import fresh_link, why_link, withdrawal_link
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import ask
from akkoord.permission.tests.factories import make_point, sell
from akkoord.permission.tests.test_post import WORDS, make_letterbox, weigh
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
HOST = "http://127.0.0.1:8000"


@pytest.fixture
def person() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)


@pytest.fixture
def topic(db: None) -> Purpose:
    make_organisation()
    return make_topic("aanbod", channels=("email", "post"))


@pytest.fixture
def door(topic: Purpose) -> ContactPoint:
    """A customer with a mailbox and a door."""
    door = make_letterbox()
    sell(door)
    make_point("anna@example.nl", person=door.person)
    return door


def centre(door: ContactPoint) -> str:
    mailbox = ContactPoint.objects.get(person=door.person, channel="email")
    return fresh_link(point_id=mailbox.id, at=timezone.now()).removeprefix(HOST)


def why(door: ContactPoint, topic: Purpose) -> str:
    link = why_link(point_id=door.id, purpose_id=topic.id, at=timezone.now())
    return link.removeprefix(HOST)


def act(door: ContactPoint, topic: Purpose, **more: str) -> dict[str, str]:
    return {"do": "post", "point": str(door.id), "what": str(topic.id)} | more


def words_of(door: ContactPoint) -> str:
    part = post_part(door.person_id, at=timezone.now())
    assert part is not None
    return part.shown


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def may(door: ContactPoint, topic: Purpose) -> bool:
    return ask([door.id], topic, "post", at=timezone.now())[door.id].allowed


def test_inv19_a_customer_sees_letters_without_a_yes_and_objects(
    person: Client, door: ContactPoint, topic: Purpose
) -> None:
    path = centre(door)
    assert "U krijgt hierover geen brieven." in page(person, path)  # nothing was weighed yet
    weigh(topic)
    shown = page(person, path)
    for told in ("U bent klant bij ons", "Ik maak bezwaar", "AVG 21", door.value):
        assert told in shown
    assert why(door, topic)[:20] in shown
    assert may(door, topic)
    answer = person.post(path, act(door, topic))
    assert answer.status_code == 200
    assert "U zei nee tegen deze brieven." in answer.content.decode()
    assert Standing.objects.get(contact_point=door).state == "withdrawn"
    assert not may(door, topic)


def test_inv05_who_stopped_switches_it_on_in_the_words_of_the_button(
    person: Client, door: ContactPoint, topic: Purpose
) -> None:
    weigh(topic)
    path = centre(door)
    person.post(path, act(door, topic))
    assert "Ja, stuur mij brieven: " in page(person, path)
    on = act(door, topic, on="1", shown=words_of(door))
    refused = person.post(path, on | {"shown": "other words"})
    assert refused.status_code == 422
    assert not may(door, topic)
    # The words are frozen in the language of the page.
    part = page(person, path)
    shown = part.split('name="shown" value="')[2].split('"')[0]
    answer = person.post(path, on | {"shown": shown})
    assert answer.status_code == 200, answer.content.decode()
    assert "U zei ja tegen brieven hierover." in answer.content.decode()
    assert may(door, topic)
    event = PermissionEvent.objects.order_by("-id")[0]
    assert (event.state, event.channel, event.method) == (
        "confirmed",
        "post",
        "preference-centre",
    )
    frozen = CollectionPoint.objects.get(id=event.collection_point_id)
    assert {each["channel"] for each in frozen.snapshot["topics"]} == {"post"}
    assert "Ja, stuur mij brieven: " in event.notice.text
    # A yes to post is none to mail (INV-12).
    assert set(Standing.objects.values_list("channel", flat=True)) == {"post"}


def test_nobody_changes_another_persons_door(
    person: Client, door: ContactPoint, topic: Purpose
) -> None:
    other = make_letterbox(given_name="Bram", family_name="Visser")
    for wrong in (act(other, topic), act(door, topic) | {"what": "x"}, {"do": "post"}):
        assert person.post(centre(door), wrong).status_code == 422
    assert not Standing.objects.exists()


def test_a_person_without_a_door_sees_nothing_of_post(person: Client, topic: Purpose) -> None:
    mailbox = make_point("bram@example.nl")
    path = fresh_link(point_id=mailbox.id, at=timezone.now()).removeprefix(HOST)
    assert "Wat er per post komt" not in page(person, path)


def test_inv19_why_tells_of_the_interest_and_the_right_to_object(
    person: Client, door: ContactPoint, topic: Purpose
) -> None:
    weigh(topic)
    shown = page(person, why(door, topic))
    for told in ("U bent klant bij ons", WORDS.interest, "U kunt bezwaar maken", "AVG 21"):
        assert told in shown
    for kept in (door.value, "Bakker", WORDS.balance):
        assert kept not in shown
    stop = withdrawal_link(point_id=door.id, purpose_id=topic.id).removeprefix(HOST)
    assert f'action="{stop}"' in shown
    person.post(stop, "page=1", content_type="application/x-www-form-urlencoded")
    shown = page(person, why(door, topic))
    assert "U krijgt dit niet meer." in shown
    assert WORDS.interest not in shown


def test_why_of_a_letter_that_was_asked_for_tells_of_the_yes(
    person: Client, door: ContactPoint, topic: Purpose
) -> None:
    weigh(topic)
    said = ask_letters(door, topic.id, shown=words_of(door), said_sixteen=False, at=timezone.now())
    assert not said
    shown = page(person, why(door, topic))
    assert "Omdat u ermee instemde." in shown
    assert WORDS.interest not in shown


def test_the_page_of_the_square_code_leads_to_why(
    person: Client, door: ContactPoint, topic: Purpose
) -> None:
    weigh(topic)
    stop = withdrawal_link(point_id=door.id, purpose_id=topic.id).removeprefix(HOST)
    assert "/waarom/" in page(person, stop)
    assert not Standing.objects.exists()


def test_the_page_stays_within_bounds(
    person: Client, door: ContactPoint, topic: Purpose, django_assert_max_num_queries: Any
) -> None:
    weigh(topic)
    path = centre(door)
    person.get(path)
    with django_assert_max_num_queries(38):
        person.get(path)
