"""More addresses of a person: a number to call, a number for SMS, a postal address.

Each is a contact point of its own channel: what was agreed to for one never counts for another
(INV-12).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.identifiers import (
    BadIdentifier,
    normalise_email,
    normalise_phone,
    normalise_postcode,
)
from akkoord.datamap.keys import keyed_hash
from akkoord.datamap.needles import fold
from akkoord.law.states import Channel
from akkoord.people.actions import PersonRefused
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.trail.actions import Actor, record_change


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """One address as staff typed it: a mail address or number, or the parts of a postal one."""

    channel: Channel
    value: str = ""
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""


@transaction.atomic
def add_point(*, person_id: UUID, facts: AddressFacts, at: datetime, actor: Actor) -> ContactPoint:
    """An address of this person; the one that is there already, when it is theirs.

    Refuses (PersonRefused) what cannot be such an address, post to somebody without a last name,
    and an address that belongs to somebody else.
    """
    person = Person.objects.select_for_update().get(id=person_id)
    value, normalised = _spelled(person, facts)
    living = ContactPoint.objects.filter(
        normalised=normalised, channel=facts.channel, ended_at=None
    )
    try:
        with transaction.atomic():
            if (known := living.first()) is None:
                known = _make(person, facts, value, normalised, at=at)
                _note(person, facts, actor=actor, at=at)
    except IntegrityError:  # somebody else's writer came first
        known = living.get()
    if known.person_id != person.id:
        raise PersonRefused(
            _FIELDS[facts.channel], _("Somebody else has this address already. Look there first.")
        )
    return known


_FIELDS = {
    Channel.EMAIL: "email",
    Channel.PHONE: "number",
    Channel.SMS: "number",
    Channel.POST: "postcode",
}


def _spelled(person: Person, facts: AddressFacts) -> tuple[str, str]:
    """The address to show, and its one spelling."""
    try:
        if facts.channel is Channel.EMAIL:
            return facts.value.strip(), normalise_email(facts.value)
        if facts.channel in (Channel.PHONE, Channel.SMS):
            return facts.value.strip(), normalise_phone(facts.value)
        postcode = normalise_postcode(facts.postcode)
    except BadIdentifier:
        raise PersonRefused(_FIELDS[facts.channel], _sentence(facts.channel)) from None
    if not person.family_name:
        raise PersonRefused("postcode", _("Enter this person's last name first: post needs it."))
    if not facts.street.strip() or not facts.house_number.strip() or not facts.city.strip():
        raise PersonRefused("street", _("Enter street, number and town."))
    shown = f"{facts.street.strip()} {facts.house_number.strip()}, {postcode} {facts.city.strip()}"
    key = post_key(
        postcode,
        facts.house_number,
        family_name=person.family_name,
        given_name=person.given_name,
    )
    return shown, key


def post_key(postcode: str, house_number: str, *, family_name: str, given_name: str) -> str:
    """A postal address in its one spelling.

    Two people at one door are two addresses of post: the name on the envelope tells them apart.
    """
    door = f"{postcode.replace(' ', '')} {house_number.strip()}"
    return fold(f"{door} {family_name} {given_name}").strip()


def _sentence(channel: Channel) -> str:
    if channel is Channel.EMAIL:
        return _("This is no e-mail address that can work.")
    if channel is Channel.POST:
        return _("This is no postcode. Example: 1234 AB.")
    return _("This is no telephone number that can be called. Example: 06 12345678.")


def _make(
    person: Person, facts: AddressFacts, value: str, normalised: str, *, at: datetime
) -> ContactPoint:
    if facts.channel is Channel.POST:
        PostalAddress.objects.create(
            person=person,
            street=facts.street.strip(),
            house_number=facts.house_number.strip(),
            postcode=normalise_postcode(facts.postcode),
            city=facts.city.strip(),
            created_at=at,
        )
    return ContactPoint.objects.create(
        person=person,
        channel=facts.channel,
        value=value,
        normalised=normalised,
        keyed_hash=keyed_hash(normalised),
        source="staff",
        created_at=at,
    )


def _note(person: Person, facts: AddressFacts, *, actor: Actor, at: datetime) -> None:
    record_change(
        actor=actor,
        action="address.add",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=(facts.channel.value,),
        at=at,
    )
