"""Minimal valid objects of the register."""

from datetime import UTC, datetime

from akkoord.register.actions import (
    OrganisationFacts,
    TopicWords,
    create_topic,
    set_up_organisation,
)
from akkoord.register.example_tables import IN_EUROPE
from akkoord.register.hand import make_from_example
from akkoord.register.models import Organisation, ProcessingActivity, Purpose
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


def answered_example(**given: object) -> ProcessingActivity:
    """A draft from an example of which the question about Europe was answered too."""
    made = make_from_example(**given)  # type: ignore[arg-type]
    if made.receivers_nl:
        made.transfers_nl, made.transfers_en = IN_EUROPE
        made.save(update_fields=["transfers_nl", "transfers_en"])
    return made


def make_topic(slug: str = "nieuwsbrief", **more: object) -> Purpose:
    """A topic over e-mail."""
    return create_topic(
        slug=slug,
        words=TopicWords("Nieuwsbrief", "Newsletter", "Nieuws over fietsen.", "News on bicycles."),
        at=NOW,
        actor=Actor.system(),
        **more,  # type: ignore[arg-type]
    )
