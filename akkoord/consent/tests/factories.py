"""Minimal valid objects of the room's tests: an organisation with topics, people, a form."""

from datetime import UTC, datetime
from typing import Any

from akkoord.consent.evidence import Proof
from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
from akkoord.consent.models import CollectionPoint, Notice, SignUp
from akkoord.consent.sign_up import SignUpFacts, request_sign_up
from akkoord.consent.tokens import confirmation_link
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import check_keys, keyed_hash
from akkoord.people.models import ContactPoint, Person
from akkoord.register.actions import (
    OrganisationFacts,
    TopicWords,
    create_topic,
    set_up_organisation,
)
from akkoord.register.models import Organisation, Purpose, PurposeVersion
from akkoord.trail.actions import Actor

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PROOF = Proof(
    scan=PDF,
    caller="Anouk",
    script="1",
    recording="centrale, 1182",
    receipt="2026-104",
    offers_objection=True,
    shows_number=True,
)
"""Everything that there can be to show of a yes."""

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STAFF = Actor.staff(uuid7())
BY_PERSON = Actor.person()


def make_organisation() -> Organisation:
    """The controller, with keys, so that links and hashes can be made."""
    check_keys()
    return set_up_organisation(
        facts=OrganisationFacts(
            name="Fietsen Jansen",
            address="Dorpsstraat 1\n1234 AB Ergens",
            contact_email="info@fietsen.example.nl",
        ),
        at=NOW,
        actor=STAFF,
    )


def make_topic(slug: str = "newsletter", **values: Any) -> Purpose:
    """A topic with its words."""
    return create_topic(
        slug=slug,
        words=TopicWords(
            name_nl=f"Nieuws {slug}",
            name_en=f"News {slug}",
            description_nl=f"Tips over {slug}.",
            description_en=f"Tips about {slug}.",
            frequency_nl="elke maand",
            frequency_en="every month",
        ),
        at=NOW,
        actor=STAFF,
        **values,
    )


def version_of(purpose: Purpose) -> PurposeVersion:
    """Its current words."""
    return purpose.versions.get(valid_to=None)


def make_point(address: str = "anna@example.nl", person: Person | None = None) -> ContactPoint:
    """A living address; with a person of its own unless one is given."""
    person = person or Person.objects.create(source="test", created_at=NOW, updated_at=NOW)
    return ContactPoint.objects.create(
        person=person,
        channel="email",
        value=address,
        normalised=address.lower(),
        keyed_hash=keyed_hash(address.lower()),
        source="test",
        created_at=NOW,
    )


def make_notice(text: str = "Ja, stuur mij nieuws.") -> Notice:
    """A wording."""
    return Notice.objects.create(
        kind="form", language="nl", text=text, sha256="0" * 64, created_at=NOW
    )


def make_collection_point(notice: Notice | None = None) -> CollectionPoint:
    """Something that was shown."""
    return CollectionPoint.objects.create(
        kind="paper",
        language="nl",
        sha256="0" * 64,
        notice=notice or make_notice(),
        published_at=NOW,
    )


def make_form(*topics: Purpose, **values: Any) -> CollectionPoint:
    """A published form; its Dutch version."""
    facts = FormFacts(
        name="Nieuwsbrief",
        topic_ids=tuple(topic.id for topic in topics),
        field_keys=("email", "first_name", "last_name"),
        **values,
    )
    form = create_form(facts=facts, at=NOW, actor=STAFF)
    return publish_form(form_id=form.id, at=NOW, actor=STAFF)[0]


def sign_up(
    shown: CollectionPoint, address: str = "anna@example.nl", at: datetime = NOW, **values: Any
) -> SignUp:
    """Somebody signs up for everything on the form."""
    facts = SignUpFacts(
        email=address,
        version_ids=values.pop("version_ids", tuple(shown.purpose_version_ids)),
        ip=values.pop("ip", "203.0.113.77"),
        **values,
    )
    outcome = request_sign_up(collection_point=shown, facts=facts, at=at)
    assert outcome.sign_up is not None
    return outcome.sign_up


def confirmation_token(signed_up: SignUp) -> str:
    """The token of its confirmation link."""
    return confirmation_link(signed_up.id).rstrip("/").rpartition("/")[2]
