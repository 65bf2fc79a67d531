"""Somebody who left traces everywhere, so that forgetting has something to do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from akkoord.consent.models import LinkRequest, PermissionEvent
from akkoord.consent.tests.factories import make_form, make_organisation, make_topic, sign_up
from akkoord.datamap.identifiers import normalise_phone
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.models import MailboxMessage, OutboxMail
from akkoord.delivery.outbox import enqueue_mail
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import (
    ContactPoint,
    Person,
    PersonAlias,
    PostalAddress,
    Purchase,
    Relation,
)
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.models import RightsRequest
from akkoord.trail.actions import Actor, record_change

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADDRESS = "Liselotte.Van-Dongen+Fiets@Voorbeeld.example.nl"
PHONE = "06 - 48 21 73 90"
NAMES = ("Liselotte", "van Dongen")
STAFF = Actor.staff(uuid7())
# Whatever a copy of her would look like, in any notation; searched for in raw bytes, lower case.
TRACES = (
    "liselotte",
    "van dongen",
    "van-dongen",
    "648217390",
    "6482-17390",
    "48 21 73 90",
    "klant-881201",
    "9876 zx",
    "9876zx",
)


def plant_person(**more: Any) -> Person:
    """A person with a trace in every store that has one; the organisation and a topic too."""
    make_organisation()
    topic = make_topic()
    form = make_form(topic)
    signed = sign_up(form, ADDRESS, given_name=NAMES[0], family_name=NAMES[1])
    person = signed.person
    Person.objects.filter(id=person.id).update(
        given_name=NAMES[0], family_name=NAMES[1], customer_number="KLANT-881201", **more
    )
    person.refresh_from_db()
    _plant_facts(person)
    _plant_traces(person, signed.contact_point, topic)
    return person


def _plant_facts(person: Person) -> None:
    normal = normalise_phone(PHONE)
    ContactPoint.objects.create(
        person=person,
        channel="phone",
        value=PHONE,
        normalised=normal,
        keyed_hash=keyed_hash(normal),
        source="staff",
        created_at=NOW,
    )
    PostalAddress.objects.create(
        person=person,
        street="Kade",
        house_number="12b",
        postcode="9876 ZX",
        city="Ergens",
        created_at=NOW,
    )
    PersonAlias.objects.create(old_id=uuid7(), person=person, merged_at=NOW)
    Relation.objects.create(
        person=person, kind=Relation.Kind.CUSTOMER, since=NOW.date(), proof="Liselotte, bon 7"
    )
    Purchase.objects.create(
        person=person,
        number="bon 7",
        bought_on=NOW.date(),
        amount="12.50",
        source="till",
        created_at=NOW,
    )


def _plant_traces(person: Person, point: ContactPoint, topic: Any) -> None:
    enqueue_mail(
        kind="rights-reply",
        recipient=f"Liselotte van Dongen <{ADDRESS}>",
        subject="Uw vraag, Liselotte",
        text=f"Dag, uw nummer is {PHONE}.",
        subject_id=person.id,
        at=NOW,
    )
    MailboxMessage.objects.create(
        received_at=NOW,
        sender="info@fietsen.example.nl",
        recipient=ADDRESS,
        subject="Dag Liselotte",
        raw=f"To: {ADDRESS}\r\nSubject: Dag\r\n\r\nvan Dongen, 9876 ZX 12b".encode(),
        subject_id=person.id,
    )
    LinkRequest.objects.create(contact_point=point, network="203.0.113.0/24", asked_at=NOW)
    dispatch = Dispatch.objects.create(
        kind="campaign",
        purpose=topic,
        content_hash="0" * 64,
        rule_version="1",
        created_at=NOW,
    )
    Message.objects.create(
        dispatch=dispatch,
        person_id=person.id,
        contact_point_id=point.id,
        state=Message.State.SKIPPED,
        reason="withdrawn",
        due_at=NOW,
    )
    open_request(
        facts=RequestFacts(
            kinds=("rectification",),
            channel=RightsRequest.Channel.LETTER,
            received_at=NOW,
            person_id=person.id,
            words="Ik heet Liselotte van Dongen.",
            reply_to=ADDRESS,
        ),
        at=NOW,
        actor=STAFF,
    )
    record_change(
        actor=STAFF,
        action="person.read",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        at=NOW,
    )
    assert PermissionEvent.objects.filter(person_ref=person.id).exists()
    assert OutboxMail.objects.filter(subject_id=person.id).exists()


def plant_in_session() -> SessionStore:
    """A member of staff's session that holds her address: nobody's declaration knows of it."""
    session = SessionStore()
    session["last_search"] = ADDRESS.lower()
    session.save()
    return session


def plant_file(name: str = "lijst.csv", text: str = f"naam;adres\nL;{ADDRESS}\n") -> Path:
    """A file in the data folder that holds her address."""
    folder = Path(settings.DATA_DIR) / "uploads"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path
