"""What the journal of nos must know of permission, and how a restored database hears it again.

A line names an address by its keyed hash and the event by its id: together with the ledger that is
enough to say the no once more, and says nothing to who has no key (INV-36, 40).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from akkoord.consent.bulk import append_staged_events, create_staging
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


@transaction.atomic
def say_again(entries: Sequence[Mapping[str, Any]], *, at: datetime) -> dict[str, int]:
    """Do again what these lines say of permission; how many nos, suppressions and restrictions.

    What the database knows already is passed by, as is who it does not know: nothing of theirs is
    here that could be used. One transaction; the number of statements does not grow with the lines.
    """
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for each in entries:
        by_kind.setdefault(each["kind"], []).append(each)
    frozen = [each for each in entries if each["kind"] in (RESTRICT, RELEASE)]
    return {
        "stopped": _stop_again(by_kind.get(NO, []), at=at),
        "suppressed": _suppress_again(by_kind.get(SUPPRESS, [])),
        "restricted": _restrict_again(frozen),
    }


# A purpose that was made since the backup stops nothing: nobody here said yes to it. The version is
# the newest one that is here, for a no holds for them all.
_STAGE = """
INSERT INTO staged_permission_event
SELECT DISTINCT ON (j.event) j.event, c.person_id, c.id, v.id, j.channel, j.basis, j.state,
       least(j.happened_at, %(at)s), %(at)s, NULL, j.actor, NULL::uuid, j.method, NULL::uuid,
       NULL::uuid, false, '{"journal": true}'::jsonb
  FROM journal_no j
  JOIN people_contactpoint c ON c.keyed_hash = j.hash AND c.channel = j.channel
  JOIN LATERAL (SELECT id FROM register_purposeversion WHERE purpose_id = j.purpose
                 ORDER BY number DESC LIMIT 1) v ON true
 WHERE NOT EXISTS (SELECT FROM consent_permissionevent e WHERE e.id = j.event)
 ORDER BY j.event, c.ended_at IS NOT NULL, c.id
"""


def _stop_again(lines: Sequence[Mapping[str, Any]], *, at: datetime) -> int:
    if not lines:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE journal_no (event uuid, hash bytea, channel text, purpose uuid,"
            " state text, basis text, method text, actor text, happened_at timestamptz)"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY journal_no FROM STDIN") as copy:
            for each in lines:
                copy.write_row(
                    (
                        each["event"],
                        bytes.fromhex(each["hash"]),
                        each["channel"],
                        each["purpose"],
                        each["state"],
                        each["basis"],
                        each["method"],
                        each["actor"],
                        datetime.fromisoformat(each["at"]),
                    )
                )
        create_staging(cursor)
        cursor.execute(_STAGE, {"at": at})
        return append_staged_events(cursor)


def _suppress_again(lines: Sequence[Mapping[str, Any]]) -> int:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO consent_suppression"
            " (id, keyed_hash, channel, scope, reason, since, review_on, by_staff, lifted_for)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, NULL, '{}')"
            " ON CONFLICT (keyed_hash, channel, scope) DO UPDATE SET reason = excluded.reason,"
            " since = excluded.since, review_on = excluded.review_on, lifted_for = '{}'"
            " WHERE consent_suppression.since < excluded.since",
            [
                (
                    bytes.fromhex(each["hash"]),
                    each["channel"],
                    each["scope"],
                    each["reason"],
                    datetime.fromisoformat(each["since"]),
                    each["review_on"],
                )
                for each in lines
            ],
        )
    return len(lines)


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


def _restrict_again(lines: Sequence[Mapping[str, Any]]) -> int:
    """The last line of each person counts."""
    last = {each["who"]: each for each in lines}
    changed = 0
    for person_id in people_named(set(last)):
        line = last[person_hash(person_id)]
        at = datetime.fromisoformat(line["at"]) if line["kind"] == RESTRICT else None
        changed += (
            Person.objects.filter(id=person_id).exclude(restricted_at=at).update(restricted_at=at)
        )
    return changed
