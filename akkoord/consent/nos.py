"""What the journal of nos must know of permission; how it is said again: `said_again`.

A line names an address by its keyed hash and the event by its id: together with the ledger that is
enough to say the no once more, and says nothing to who has no key (INV-36, 40).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from akkoord.consent.models import Suppression
from akkoord.datamap.keys import keyed_hash
from akkoord.law.states import STOP_STATES, PermissionState
from akkoord.people.models import Person
from akkoord.trail.nos import remember

NO, SUPPRESS, RESTRICT, RELEASE = "no", "suppress", "restrict", "release"
# What counts no more when an import was taken back must not count again either.
_STATES = [state.value for state in (*sorted(STOP_STATES), PermissionState.INVALIDATED)]

_TOLD = """
SELECT e.id, encode(c.keyed_hash, 'hex'), e.channel, v.purpose_id, e.state, e.basis, e.method,
       e.actor_kind, e.happened_at
  FROM consent_permissionevent e
  JOIN people_contactpoint c ON c.id = e.contact_point_ref
  JOIN register_purposeversion v ON v.id = e.purpose_version_id
 WHERE e.state = ANY(%s) AND {which} ORDER BY e.id
"""
_THESE = _TOLD.format(which="e.id = ANY(%s::uuid[])")
# Index: people_contactpoint's of the person, and of the event's point.
_OF_THE_PERSON = _TOLD.format(
    which="e.recorded_at = %s AND c.person_id IN"
    " (SELECT person_id FROM people_contactpoint WHERE id = ANY(%s::uuid[]))"
)


def nos_of(events: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """What the journal says of these events; of those that are no nos, nothing."""
    return _entries(_THESE, list(events))


def remember_events(events: Sequence[UUID]) -> None:
    """Note these nos."""
    for entry in nos_of(events):
        remember(entry)


def remember_nos(*, point_ids: Sequence[UUID], at: datetime) -> None:
    """Note the nos that were recorded at this moment for who has these addresses, all of theirs."""
    for entry in _entries(_OF_THE_PERSON, at, list(point_ids)):
        remember(entry)


def _entries(sql: str, *values: datetime | list[UUID]) -> list[Mapping[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_STATES, *values])
        return [
            {
                "kind": NO,
                "event": event.hex,
                "hash": digest,
                "channel": channel,
                "purpose": purpose.hex,
                "state": state,
                "basis": basis,
                "method": method,
                "actor": actor,
                "at": at.isoformat(),
            }
            for event, digest, channel, purpose, state, basis, method, actor, at in cursor
        ]


def person_hash(person_id: UUID) -> str:
    """How the journal names a person."""
    return keyed_hash(f"person {person_id.hex}").hex()


def people_named(hashes: set[str]) -> list[UUID]:
    """Who of the people here is named by these hashes; reads every id once."""
    ids = Person.objects.values_list("id", flat=True).iterator(chunk_size=10_000)
    return [each for each in ids if person_hash(each) in hashes] if hashes else []


def remember_suppression(entry: Suppression) -> None:
    """Note an entry of the list of addresses that may not be used."""
    remember(
        {
            "kind": SUPPRESS,
            "hash": bytes(entry.keyed_hash).hex(),
            "channel": entry.channel,
            "scope": entry.scope,
            "reason": entry.reason,
            "since": entry.since.isoformat(),
            "review_on": entry.review_on.isoformat(),
        }
    )


def remember_restriction(person_id: UUID, *, restricted_at: datetime | None) -> None:
    """Note that somebody is frozen (art. 18), or used again."""
    kind = RESTRICT if restricted_at else RELEASE
    moment = restricted_at.isoformat() if restricted_at else ""
    remember({"kind": kind, "who": person_hash(person_id), "at": moment})
