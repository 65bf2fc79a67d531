"""A no that came with nothing but an address: by another system, a letter, a reply.

The answer is the same for an address that we know and one that we do not.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from akkoord.consent.suppression import suppress
from akkoord.consent.withdraw import object_to_marketing, withdraw
from akkoord.datamap.identifiers import normalise_email, normalise_phone
from akkoord.datamap.keys import keyed_hash
from akkoord.law.states import Channel, Method
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor

BY_ADDRESS = (Channel.EMAIL, Channel.PHONE, Channel.SMS)
"""Channels on which an address says by itself which one is meant."""


def spelled(channel: Channel, address: str) -> str:
    """The one spelling of an address. Raises BadIdentifier."""
    return normalise_email(address) if channel is Channel.EMAIL else normalise_phone(address)


def living_points(channel: Channel, address: str) -> QuerySet[ContactPoint]:
    """The living contact point of this address, if any. Raises BadIdentifier."""
    return ContactPoint.objects.filter(
        normalised=spelled(channel, address), channel=channel, ended_at=None
    ).select_related("person")


def withdraw_by_address(
    *,
    channel: Channel,
    address: str,
    method: Method,
    actor: Actor,
    at: datetime,
    purpose_id: UUID | None = None,
) -> None:
    """Withdraw one purpose, or all (None), at this address; an unknown one changes nothing.

    Raises BadIdentifier for what can be no address.
    """
    for point in living_points(channel, address):
        withdraw(point_id=point.id, purpose_id=purpose_id, method=method, actor=actor, at=at)


def object_by_address(
    *, channel: Channel, address: str, method: Method, actor: Actor, at: datetime
) -> None:
    """An objection to all marketing from this address (art. 21(2)-(3)).

    An address that we do not know yet is kept as a keyed hash, so that no file and no other system
    can bring it in later. Raises BadIdentifier for what can be no address.
    """
    known = list(living_points(channel, address))
    for point in known:
        object_to_marketing(person_id=point.person_id, method=method, actor=actor, at=at)
    if not known:
        suppress(
            keyed_hash=keyed_hash(spelled(channel, address)),
            channel=channel,
            reason="objection",
            at=at,
            actor=actor,
        )
