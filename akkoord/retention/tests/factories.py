"""People with purposes that began and ended on days of the test's choice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from akkoord.consent.events import Fact, record_event
from akkoord.consent.models import Notice
from akkoord.consent.tests.factories import make_notice, make_point, make_topic, version_of
from akkoord.datamap.ids import uuid7
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import Person, PostalAddress, Purchase
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def somebody(**more: Any) -> Person:
    """Somebody with a name, an e-mail address and a postal address; nothing holds them yet."""
    person = make_point(f"p{uuid7().hex}@example.nl").person
    Person.objects.filter(id=person.id).update(
        given_name="Anna", family_name="Wit", judge_by=None, **more
    )
    PostalAddress.objects.create(
        person=person,
        street="Dijk",
        house_number="3",
        postcode="1234 AB",
        city="Ergens",
        created_at=NOW,
    )
    return Person.objects.get(id=person.id)


def bought(person: Person, days_ago: int) -> Purchase:
    """A sale so many days ago."""
    return Purchase.objects.create(
        person=person,
        number=uuid7().hex,
        bought_on=TODAY - timedelta(days=days_ago),
        amount=Decimal("12.50"),
        product_group="Fietsen",
        source="till",
        created_at=NOW,
    )


def said(
    person: Person, state: str, days_ago: int, topic: str = "newsletter", method: str = "one-click"
) -> None:
    """An act about a topic so many days ago; the topic is made when it is not there."""
    purpose = Purpose.objects.filter(slug=topic).first() or make_topic(topic)
    moment = NOW - timedelta(days=days_ago)
    record_event(
        point_id=person.points.get(channel="email").id,
        fact=Fact(
            version=version_of(purpose),
            state=PermissionState(state),
            method=Method(method),
            happened_at=moment,
            notice=Notice.objects.first() or make_notice(),
        ),
        actor=Actor.person(),
        at=moment,
    )
