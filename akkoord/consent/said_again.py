"""How a database that was put back hears again who said no since (INV-36)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.devices import drop_idle
from akkoord.consent.models import Suppression
from akkoord.consent.nos import NO, RELEASE, RESTRICT, SUPPRESS, people_named, person_hash
from akkoord.consent.suppression import ToSuppress, suppress_all
from akkoord.law.states import STOP_STATES, Channel, PermissionState
from akkoord.people.models import Person
from akkoord.trail.actions import Actor

_SAID = [state.value for state in sorted(STOP_STATES)]


@transaction.atomic
def say_again(entries: Sequence[Mapping[str, Any]], *, at: datetime) -> dict[str, int]:
    """Do again what these lines say of permission; how many nos, suppressions and restrictions.

    What the database knows already is passed by. Of who it does not know the no is kept by the
    hash of the address; of a device that was stopped the keys go too. One transaction; the number
    of statements does not grow with the lines.
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

# Addresses that nobody here has: the last objection, which is against all marketing, also when its
# topic was made since the backup; and of each topic that is here the last no.
_OF_NOBODY = """
SELECT DISTINCT ON (j.hash, j.channel, j.scope) j.hash, j.channel, j.scope, j.state, j.happened_at
  FROM (SELECT n.*, CASE WHEN n.state = %(objected)s THEN %(everything)s ELSE p.slug END AS scope
          FROM journal_no n LEFT JOIN register_purpose p ON p.id = n.purpose
         WHERE n.state = ANY(%(said)s) AND n.channel <> %(push)s) j
 WHERE j.scope IS NOT NULL
   AND NOT EXISTS (SELECT FROM people_contactpoint c
                    WHERE c.keyed_hash = j.hash AND c.channel = j.channel)
 ORDER BY j.hash, j.channel, j.scope, j.happened_at DESC
"""
_DEVICES = """
SELECT DISTINCT c.id FROM journal_no j
  JOIN people_contactpoint c ON c.keyed_hash = j.hash AND c.channel = j.channel
 WHERE j.channel = %s
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
        stopped = append_staged_events(cursor)
        cursor.execute("DROP TABLE staged_permission_event")
        cursor.execute(
            _OF_NOBODY,
            {
                "said": _SAID,
                "objected": PermissionState.OBJECTED.value,
                "everything": Suppression.ALL_MARKETING,
                "push": Channel.PUSH.value,
            },
        )
        unknown = cursor.fetchall()
        cursor.execute(_DEVICES, [Channel.PUSH.value])
        devices = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE journal_no")
    _keep_of_nobody(unknown, at=at)
    drop_idle(point_ids=devices, at=at)
    return stopped


def _keep_of_nobody(rows: Iterable[tuple[bytes, str, str, str, datetime]], *, at: datetime) -> None:
    """Whoever came and said no since the backup is nobody here; a file that still holds them would
    bring them in as if they had said nothing, so the no is kept as that of who went (INV-5)."""
    suppress_all(
        (
            ToSuppress(
                keyed_hash=bytes(digest),
                channel=channel,
                reason="objection" if state == PermissionState.OBJECTED else "withdrawal",
                scope=scope,
                since=min(since, at),
            )
            for digest, channel, scope, state, since in rows
        ),
        at=at,
        actor=Actor.system(),
    )


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
