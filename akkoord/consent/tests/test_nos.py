"""Each way to say no stands in the journal when its page answers, and counts again (INV-36)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from akkoord.consent.actions import (
    lift_restriction,
    object_to_marketing,
    restrict_person,
    withdraw,
)
from akkoord.consent.events import Fact, record_event
from akkoord.consent.models import PermissionEvent, Standing, Suppression
from akkoord.consent.nos import person_hash
from akkoord.consent.said_again import say_again
from akkoord.consent.tests.factories import (
    NOW,
    make_form,
    make_organisation,
    make_point,
    make_topic,
    version_of,
)
from akkoord.consent.tokens import StopPlace
from akkoord.consent.withdraw import stop_by_link, stop_many
from akkoord.datamap.keys import check_keys
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor
from akkoord.trail.journal_lines import journal_file, lines
from akkoord.trail.seal import seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """A data folder of its own."""
    settings.DATA_DIR = tmp_path
    check_keys()


@pytest.fixture
def point() -> ContactPoint:
    """Somebody who said yes to a topic."""
    make_organisation()
    topic = make_topic()
    shown = make_form(topic)
    found = make_point("noor@example.nl")
    fact = Fact(
        version=version_of(topic),
        state=PermissionState.CONFIRMED,
        method=Method.CONFIRMATION,
        happened_at=NOW,
        collection_point=shown,
        notice=shown.notice,
    )
    record_event(point_id=found.id, fact=fact, actor=Actor.person(), at=NOW)
    return found


def place(point: ContactPoint) -> StopPlace:
    purpose_id = Standing.objects.get(contact_point=point).purpose_id
    return StopPlace(point.id, purpose_id, None)


WAYS: dict[str, Callable[[ContactPoint], object]] = {
    "one-click": lambda point: stop_by_link(place(point), at=timezone.now()),
    "many at once": lambda point: stop_many(
        [place(point)], at=timezone.now(), method=Method.MAILTO
    ),
    "everything": lambda point: withdraw(
        point_id=point.id, method=Method.REPLY, actor=Actor.person(), at=timezone.now()
    ),
    "objection": lambda point: object_to_marketing(
        person_id=point.person_id, method=Method.REPLY, actor=Actor.person(), at=timezone.now()
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_inv36_each_no_is_noted_at_once_and_only_once(point: ContactPoint, way: str) -> None:
    WAYS[way](point)
    told = [each.body for each in lines(journal_file()) if each.body["kind"] == "no"]
    assert [each["hash"] for each in told] == [bytes(point.keyed_hash).hex()]
    assert "noor" not in journal_file().read_text()
    seal(timezone.now() + timedelta(minutes=1))
    again = [each.body for each in lines(journal_file()) if each.body["kind"] == "no"]
    assert again == told, "the sealing says nothing twice"


def test_inv36_a_no_that_came_in_bulk_is_noted_by_the_sealing(point: ContactPoint) -> None:
    WAYS["everything"](point)
    journal_file().unlink()  # a disk that was full
    seal(timezone.now() + timedelta(minutes=1))
    assert [each.body["kind"] for each in lines(journal_file())] == ["no"]


def test_inv36_a_database_that_was_put_back_hears_it_again(point: ContactPoint) -> None:
    standing = Standing.objects.get(contact_point=point)
    event = PermissionEvent.objects.values().get(id=standing.event_id)
    said = {
        "kind": "no",
        "event": "0" * 31 + "1",
        "hash": bytes(point.keyed_hash).hex(),
        "channel": "email",
        "purpose": standing.purpose_id.hex,
        "state": "objected",
        "basis": "consent",
        "method": "reply",
        "actor": "person",
        "at": (event["happened_at"] + timedelta(days=1)).isoformat(),
    }
    of_nobody = said | {"event": "0" * 31 + "2", "hash": "ab" * 32}
    suppressed = {
        "kind": "suppress",
        "hash": bytes(point.keyed_hash).hex(),
        "channel": "email",
        "scope": Suppression.ALL_MARKETING,
        "reason": "objection",
        "since": said["at"],
        "review_on": "2028-01-01",
    }
    at = timezone.now()
    first = say_again([said, of_nobody, suppressed], at=at)
    assert first == {"stopped": 1, "suppressed": 1, "restricted": 0}
    assert Standing.objects.get(contact_point=point).state == "objected"
    kept = Suppression.objects.get(keyed_hash=bytes.fromhex("ab" * 32))  # nobody is here: INV-5
    assert (kept.channel, kept.scope) == ("email", Suppression.ALL_MARKETING)
    assert Suppression.objects.count() == 2
    assert say_again([said, suppressed], at=at)["stopped"] == 0, "what is known is passed by"
    assert PermissionEvent.objects.filter(contact_point_ref=point.id).count() == 2


@pytest.mark.parametrize("state", ["objected", "withdrawn"])
def test_inv36_an_objection_of_nobody_here_outlives_its_topic_and_later_nos(
    point: ContactPoint, state: str
) -> None:
    """Against all marketing is against all, also where its topic is newer (INV-4)."""
    topic = Standing.objects.get(contact_point=point).purpose_id.hex
    first = {
        "kind": "no",
        "event": "0" * 31 + "1",
        "hash": "cd" * 32,
        "channel": "email",
        "purpose": "f" * 32,
        "state": state,
        "basis": "consent",
        "method": "reply",
        "actor": "person",
        "at": NOW.isoformat(),
    }
    later = first | {
        "event": "0" * 31 + "2",
        "purpose": topic,
        "state": "withdrawn",
        "at": (NOW + timedelta(days=1)).isoformat(),
    }
    say_again([first, first | {"purpose": topic}, later], at=timezone.now())
    kept = set(Suppression.objects.values_list("scope", "reason"))
    of_topic = (Purpose.objects.get(id=topic).slug, "withdrawal")
    everything = (Suppression.ALL_MARKETING, "objection")
    assert kept == ({everything, of_topic} if state == "objected" else {of_topic})


def test_inv36_frozen_and_used_again(point: ContactPoint) -> None:
    who = point.person_id
    restrict_person(person_id=who, actor=Actor.system(), at=timezone.now())
    lift_restriction(person_id=who, actor=Actor.system(), at=timezone.now())
    told = [each.body for each in lines(journal_file())]
    assert [each["kind"] for each in told] == ["restrict", "release"]
    assert {each["who"] for each in told} == {person_hash(who)}
    assert say_again(told[:1], at=timezone.now())["restricted"] == 1
    assert Person.objects.get(id=who).restricted_at is not None
    assert say_again(told, at=timezone.now())["restricted"] == 1
    assert Person.objects.get(id=who).restricted_at is None
