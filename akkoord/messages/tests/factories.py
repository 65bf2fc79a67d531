"""A message that compiles, and people who may and may not get it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from akkoord.consent.models import Standing
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.messages import jobs
from akkoord.messages.compile import MessageSource, Sender
from akkoord.messages.dispatch import JOB
from akkoord.messages.footer import Footer
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.tests.factories import give
from akkoord.register.models import Purpose

__all__ = [
    "NOW",
    "give",
    "make_many",
    "make_organisation",
    "make_point",
    "make_source",
    "make_topic",
    "run_job",
]

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_source(**values: Any) -> MessageSource:
    """A newsletter."""
    facts: dict[str, Any] = {
        "subject": "Nieuws voor {{ first_name | default: 'u' }}",
        "body": "Dag {{ first_name | default: 'lezer' }},\n\nDe herfst is er.",
        "body_format": "markdown",
        "language": "nl",
        "sender": Sender("Fietsen Jansen", "info@fietsen.example.nl"),
        "footer": Footer("Fietsen Jansen", "Dorpsstraat 1\n1234 AB Ergens", "info@example.nl"),
        "list_id": "nieuws.fietsen.example.nl",
        "domain": "fietsen.example.nl",
        **values,
    }
    return MessageSource(**facts)


def make_many(
    count: int,
    purpose: Purpose,
    *,
    refused: int = 0,
    given_name: str = "Anna",
    prefix: str = "p",
) -> list[UUID]:
    """People with one address each; the last `refused` of them withdrew. Their points' ids."""
    people = Person.objects.bulk_create(
        Person(given_name=given_name, source="test", created_at=NOW, updated_at=NOW)
        for _ in range(count)
    )
    points = ContactPoint.objects.bulk_create(
        ContactPoint(
            person=person,
            channel="email",
            value=f"{prefix}{number}@example.nl",
            normalised=f"{prefix}{number}@example.nl",
            keyed_hash=keyed_hash(f"{prefix}{number}@example.nl"),
            source="test",
            created_at=NOW,
        )
        for number, person in enumerate(people)
    )
    Standing.objects.bulk_create(
        Standing(
            person_id=point.person_id,
            contact_point=point,
            purpose=purpose,
            channel="email",
            state="withdrawn" if number >= count - refused else "confirmed",
            basis="consent",
            method="confirmation",
            event_id=uuid7(),
            purpose_version_number=1,
            since=NOW,
            heard_at=NOW,
        )
        for number, point in enumerate(points)
    )
    return [point.id for point in points]


def run_job(dispatch_id: UUID, task: Callable[..., None] = jobs.run) -> None:
    """The worker's job for a dispatch, as procrastinate calls it."""
    job = Job(
        id=1,
        queue="default",
        lock=None,
        queueing_lock=None,
        task_name=JOB,
        task_kwargs={"dispatch_id": str(dispatch_id)},
    )
    task(
        JobContext(
            app=app, job=job, start_timestamp=0, additional_context={}, abort_reason=lambda: None
        ),
        dispatch_id=str(dispatch_id),
    )
