"""People with any standing, made directly: what the gate reads."""

from datetime import UTC, date, datetime
from typing import Any

from akkoord.consent.models import Standing
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import Purpose

__all__ = ["NOW", "give", "make_organisation", "make_person", "make_point", "make_topic"]

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


TODAY = date(2026, 11, 24)
