"""Verbs on people: add, correct, mark an address as not working.

What changes permission stands a floor higher, in `consent`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.datamap.identifiers import BadIdentifier, normalise_email, plain_name
from akkoord.datamap.keys import keyed_hash
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, OwnFieldValue, Person, PostalAddress, Relation
from akkoord.trail.actions import Actor, record_change


class PersonRefused(Exception):
    """A change of a person that cannot be; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a new person."""

    email: str
    given_name: str = ""
    family_name: str = ""
    language: str = "nl"
    source: str = "staff"
    source_ref: UUID | None = None
    judge_by: date | None = None


@transaction.atomic
def add_person(*, facts: PersonFacts, at: datetime, actor: Actor) -> ContactPoint:
    """A new person with one e-mail address.

    Refuses an address that cannot be one, and an address that belongs to somebody already: one
    address, one living record (a shared address is a household).
    """
    try:
        normalised = normalise_email(facts.email)
    except BadIdentifier:
        raise PersonRefused("email", _("This is no e-mail address that can work.")) from None
    person = Person.objects.create(
        given_name=plain_name(facts.given_name),
        family_name=plain_name(facts.family_name),
        language=facts.language,
        source=facts.source,
        source_ref=facts.source_ref,
        judge_by=facts.judge_by,
        created_at=at,
        updated_at=at,
    )
    try:
        with transaction.atomic():
            point = ContactPoint.objects.create(
                person=person,
                channel=Channel.EMAIL,
                value=facts.email.strip(),
                normalised=normalised,
                keyed_hash=keyed_hash(normalised),
                source=facts.source,
                created_at=at,
            )
    except IntegrityError:
        raise PersonRefused(
            "email",
            _(
                "Somebody with this address is there already. Do two people share it? Then keep "
                "one record for the household."
            ),
        ) from None
    record_change(
        actor=actor,
        action="person.add",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=("email", "given_name", "family_name"),
        at=at,
    )
    return point


@transaction.atomic
def correct_names(
    *, person_id: UUID, given_name: str, family_name: str, language: str, at: datetime, actor: Actor
) -> Person:
    """Correct names and language (art. 16); the trail holds which fields, never values."""
    person = Person.objects.select_for_update().get(id=person_id)
    wanted = {
        "given_name": plain_name(given_name),
        "family_name": plain_name(family_name),
        "language": language,
    }
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    if not changed:
        return person
    for name in changed:
        setattr(person, name, wanted[name])
    person.updated_at = at
    person.save(update_fields=[*changed, "updated_at"])
    record_change(
        actor=actor,
        action="person.correct",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=changed,
        at=at,
    )
    return person


@transaction.atomic
def end_relation(*, relation_id: UUID, person_id: UUID, at: datetime, actor: Actor) -> bool:
    """Somebody no longer works at (or for) a company, from today; whether it changed anything.

    What rested on the company's sale ends with it (INV-15). Another person's relation is untouched.
    """
    found = Relation.objects.filter(id=relation_id, person_id=person_id, until=None)
    if not found.update(until=timezone.localdate(at)):
        return False
    record_change(
        actor=actor,
        action="relation.end",
        object_kind="person",
        object_id=person_id,
        subject_id=person_id,
        fields=("until",),
        at=at,
    )
    return True


def mark_undeliverable(*, point_ids: Collection[UUID], why: str, at: datetime) -> int:
    """Addresses at which mail does not arrive; one statement. Returns how many were marked."""
    return ContactPoint.objects.filter(id__in=point_ids, undeliverable_at=None).update(
        undeliverable_at=at, undeliverable_why=why
    )


@transaction.atomic
def mark_deliverable(*, point_id: UUID, at: datetime, actor: Actor) -> None:
    """An address works again: staff heard so from the person."""
    point = ContactPoint.objects.select_for_update().get(id=point_id)
    point.undeliverable_at, point.undeliverable_why = None, ""
    point.save(update_fields=["undeliverable_at", "undeliverable_why"])
    record_change(
        actor=actor,
        action="address.works",
        object_kind="person",
        object_id=point.person_id,
        subject_id=point.person_id,
        at=at,
    )


@transaction.atomic
def reduce_to_proof(*, person_ids: Collection[UUID], at: datetime) -> int:
    """Keep of these people the address and the proof of their choice, and nothing else.

    Art. 5(1)(e), 17(1)(b) GDPR: who said no leaves no profile behind. Set-based; how many people.
    """
    ids = list(person_ids)
    PostalAddress.objects.filter(person_id__in=ids).delete()
    OwnFieldValue.objects.filter(person_id__in=ids).delete()
    count = Person.objects.filter(id__in=ids).update(
        given_name="", family_name="", customer_number="", updated_at=at
    )
    if count:
        record_change(
            actor=Actor.system(),
            action="person.reduce",
            object_kind="person",
            fields=("given_name", "family_name", "customer_number", "addresses", "own fields"),
            at=at,
        )
    return count
