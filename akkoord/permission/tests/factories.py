"""People with any standing, made directly: what the gate reads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.people.models import ContactPoint, Person, Purchase
from akkoord.register.customers import allow_customers
from akkoord.register.models import ProductGroup, Purpose
from akkoord.trail.actions import Actor

__all__ = [
    "NOW",
    "give",
    "give_as_customer",
    "make_organisation",
    "make_person",
    "make_point",
    "make_topic",
    "open_to_customers",
    "sell",
]

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_person(**values: Any) -> Person:
    """A person without an address."""
    facts = {"source": "test", "created_at": NOW, "updated_at": NOW, **values}
    return Person.objects.create(**facts)


def give(point: ContactPoint, purpose: Purpose, **values: Any) -> Standing:
    """A confirmed consent, unless told otherwise."""
    facts = {
        "state": "confirmed",
        "basis": "consent",
        "method": "confirmation",
        "event_id": uuid7(),
        "purpose_version_number": 1,
        "since": NOW,
        "heard_at": NOW,
        **values,
    }
    return Standing.objects.create(
        person_id=point.person_id,
        contact_point=point,
        purpose=purpose,
        channel=point.channel,
        **facts,
    )


def sell(point: ContactPoint | None, **values: Any) -> Purchase:
    """A sale of a bicycle at which the customer saw the opt-out, last month; else as told."""
    facts = {
        "person_id": point.person_id if point else None,
        "contact_point": point,
        "number": str(uuid7()),
        "bought_on": TODAY - timedelta(days=30),
        "product_group": "Fietsen",
        "source": "test",
        "optout_shown_id": uuid7(),
        "created_at": NOW,
        **values,
    }
    return Purchase.objects.create(**facts)


def open_to_customers(topic: Purpose, *groups: str) -> None:
    """A topic that is also for customers of these products."""
    for group in groups:
        ProductGroup.objects.get_or_create(name=group, defaults={"created_at": NOW})
    allow_customers(purpose_id=topic.id, product_groups=groups, at=NOW, actor=Actor.system())
    topic.refresh_from_db()


def give_as_customer(point: ContactPoint, purpose: Purpose, sale: Purchase | None) -> Standing:
    """A standing that rests on this sale, with the event that names it."""
    event = PermissionEvent.objects.create(
        person_ref=point.person_id,
        contact_point_ref=point.id,
        purpose_version=purpose.versions.get(valid_to=None),
        channel=point.channel,
        basis="existing-customer",
        state="given",
        happened_at=NOW,
        recorded_at=NOW,
        actor_kind="import",
        method="import",
        evidence={"sale": str(sale.id if sale else uuid7())},
        commitment=b"",
    )
    return give(
        point,
        purpose,
        state="given",
        basis="existing-customer",
        method="import",
        event_id=event.id,
    )


TODAY = date(2026, 11, 24)
