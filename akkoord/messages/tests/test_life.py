"""Letters about a yes: only to those who may still be mailed, once, with a button that renews."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.consent.events import Fact, record_event
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.tests.factories import make_notice
from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.states import Basis, Method, PermissionState
from akkoord.messages.compile import CompileError
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.life import start_life_letters
from akkoord.messages.models import Dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
NOW = datetime.now().astimezone().replace(microsecond=0)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def letters(at: datetime = NOW) -> dict[str, list[str]]:
    """Start what is due and deliver it: texts by recipient."""
    found: dict[str, list[str]] = {}
    for dispatch in start_life_letters(at=at):
        transport = MemoryTransport()
        run_dispatch(dispatch.id, worker_id=uuid7(), transport=transport, clock=lambda: at)
        for outgoing, content in transport.handed_over:
            found.setdefault(outgoing.recipient, []).append(content.decode())
    return found


def ends(days: int, **values: Any) -> None:
    Standing.objects.update(valid_until=NOW + timedelta(days=days), **values)


def link_in(text: str) -> str:
    plain = text.replace("=\r\n", "").replace("=3D", "=")
    return re.search(r"/ja/[^/\s\"]+/", plain).group()


def test_a_yes_is_asked_about_once_before_its_end(topic: Purpose) -> None:
    make_many(3, topic)
    ends(29, since=NOW - timedelta(days=700))
    assert letters() == {}  # four weeks before, not earlier
    ends(27, since=NOW - timedelta(days=700))
    first = letters()
    assert set(first) == {"p0@example.nl", "p1@example.nl", "p2@example.nl"}
    text = first["p0@example.nl"][0]
    assert "List-Unsubscribe-Post" in text
    assert Dispatch.objects.get().kind == "consent-renewal"
    assert letters(NOW + timedelta(days=1)) == {}  # once


def test_inv05_the_button_carries_a_yes_on_and_begins_none(topic: Purpose) -> None:
    make_many(1, topic)
    ends(10, since=NOW - timedelta(days=700))
    sent = NOW - timedelta(minutes=2)  # a link counts minutes: what is pressed comes after it
    path = link_in(letters(sent)["p0@example.nl"][0])
    client = Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)
    page = client.get(path)
    assert page.status_code == client.head(path).status_code == 200
    assert "p0@example.nl" not in page.content.decode()
    assert not PermissionEvent.objects.exists()  # INV-23
    assert client.post(path).status_code == 200
    renewed = Standing.objects.get()
    assert renewed.valid_until > NOW + timedelta(days=600)
    assert PermissionEvent.objects.get().notice is not None  # INV-7
    client.post(path)
    assert PermissionEvent.objects.count() == 1


@pytest.mark.parametrize("state", ["withdrawn", "objected", "expired", "requested"])
def test_inv05_who_stopped_meanwhile_is_not_brought_back(topic: Purpose, state: str) -> None:
    make_many(1, topic)
    ends(10, since=NOW - timedelta(days=700))
    path = link_in(letters()["p0@example.nl"][0])
    Standing.objects.update(state=state)
    assert Client().post(path).status_code == 200
    assert Standing.objects.get().state == state
    assert not PermissionEvent.objects.exists()


def test_told_once_a_year_when_the_business_wants(topic: Purpose) -> None:
    make_many(2, topic)
    Standing.objects.update(since=NOW - timedelta(days=400))
    assert letters() == {}
    Purpose.objects.update(reminds_yearly=True)
    assert len(letters()) == 2
    assert letters(NOW + timedelta(days=200)) == {}
    assert len(letters(NOW + timedelta(days=366))) == 2
    assert set(Dispatch.objects.values_list("kind", flat=True)) == {"consent-reminder"}


def test_in_the_persons_language(topic: Purpose) -> None:
    make_many(2, topic)
    english = Person.objects.order_by("id").first()
    Person.objects.filter(id=english.id).update(language="en")
    ends(10, since=NOW - timedelta(days=700))
    texts = [text for found in letters().values() for text in found]
    assert sum("Do you still want" in text for text in texts) == 1
    assert len(texts) == 2


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    state=st.sampled_from([*PermissionState]),
    basis=st.sampled_from([*Basis]),
    days=st.sampled_from([-1, 0, 5, 27, None]),
    restricted=st.booleans(),
)
def test_inv03_a_mail_that_asks_never_leaves_without_a_basis(
    topic: Purpose, state: str, basis: str, days: int | None, restricted: bool
) -> None:
    """Whatever stands of somebody: a letter about a yes goes to a living yes and to nobody else."""
    from django.db import transaction

    with transaction.atomic():
        Purpose.objects.update(reminds_yearly=True)
        make_many(1, topic)
        Person.objects.update(restricted_at=NOW if restricted else None)
        Standing.objects.update(
            state=state,
            basis=basis,
            valid_until=None if days is None else NOW + timedelta(days=days),
            since=NOW - timedelta(days=500),
        )
        may = (
            state in ("given", "confirmed")
            and basis == "consent"
            and (days is None or days > 0)
            and not restricted
        )
        assert bool(letters()) is may
        transaction.set_rollback(True)


def test_no_other_letter_can_carry_the_button(topic: Purpose) -> None:
    with pytest.raises(CompileError) as refused:
        start_dispatch(
            purpose=topic,
            source=make_source(body="[Ja]({{ renew_url }})"),
            segment="",
            approved_by=None,
            at=NOW,
        )
    assert refused.value.field == "renew_url"


def parents_yes(topic: Purpose, known_at: datetime) -> None:
    """A child whose parent agreed on that day, when they were known to be under sixteen."""
    make_many(1, topic)
    Standing.objects.all().delete()
    Person.objects.update(is_known_child=True, known_child_at=known_at)
    fact = Fact(
        version=topic.versions.get(),
        state=PermissionState.CONFIRMED,
        method=Method.CONFIRMATION,
        happened_at=known_at,
        notice=make_notice(),
        evidence={"parent_consent": True},
    )
    point = ContactPoint.objects.get()
    record_event(point_id=point.id, fact=fact, actor=Actor.person(), at=NOW)


def readable(text: str) -> str:
    return text.replace("=\r\n", "")


def test_inv14_a_child_is_asked_each_year_whether_they_are_sixteen(topic: Purpose) -> None:
    Purpose.objects.update(consent_months=None)
    parents_yes(Purpose.objects.get(), NOW - timedelta(days=364))
    assert letters() == {}
    Person.objects.update(known_child_at=NOW - timedelta(days=366))
    text = letters()["p0@example.nl"][0]
    link = link_in(text)
    assert "Bent u nu 16" in readable(text)
    assert "List-Unsubscribe-Post" in text
    assert letters(NOW + timedelta(days=1)) == {}  # once a year
    assert "p0@example.nl" in letters(NOW + timedelta(days=370))
    assert Client().get(link).status_code == 200
    assert Person.objects.get().is_known_child is True


def test_inv14_a_parents_yes_is_not_renewed_by_the_ordinary_letter(topic: Purpose) -> None:
    parents_yes(topic, NOW - timedelta(days=100))
    ends(10)
    assert letters() == {}
