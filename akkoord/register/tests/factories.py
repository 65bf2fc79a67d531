"""Minimal valid objects of the register."""

from datetime import UTC, datetime

from akkoord.register.actions import (
    OrganisationFacts,
    TopicWords,
    create_topic,
    set_up_organisation,
)
from akkoord.register.models import Organisation, Purpose
from akkoord.trail.actions import Actor

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_organisation() -> Organisation:
    """A bicycle shop, set up."""
    return set_up_organisation(
        facts=OrganisationFacts(
            name="Fietsen van Amstel",
            address="Voorbeeldkade 1, 1000 AA Amsterdam",
            contact_email="info@fietsen.example",
        ),
        at=NOW,
        actor=Actor.system(),
    )


def make_topic(slug: str = "nieuwsbrief", **more: object) -> Purpose:
    """A topic over e-mail."""
    return create_topic(
        slug=slug,
        words=TopicWords("Nieuwsbrief", "Newsletter", "Nieuws over fietsen.", "News on bicycles."),
        at=NOW,
        actor=Actor.system(),
        **more,  # type: ignore[arg-type]
    )
