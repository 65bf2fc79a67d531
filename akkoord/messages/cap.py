"""Enough is enough: at most so many marketing messages to one person, over all letters together.

Counted at hand-over, from what really left or is about to. Messages of the law and of service do
not count, and are not held back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from akkoord.law.message_kinds import MessageKind
from akkoord.messages.rule_models import SendingRules
from akkoord.trail.actions import Actor, record_change

COUNTED = frozenset({MessageKind.CAMPAIGN})
_LOCKS = 0x0CA9  # our place among the advisory locks; the second number is a group of people
# People in the same group wait for each other: few locks, and short ones.
_LOCK = """
SELECT pg_advisory_xact_lock(%s, groups.number) FROM (
  SELECT DISTINCT abs(hashtext(person_id::text) %% 512) AS number
    FROM messages_message WHERE id = ANY(%s::uuid[]) AND person_id IS NOT NULL
   ORDER BY 1) AS groups
"""
# Of each of these messages: how many other letters left for its person since, or are in a worker's
# hands (index messages_person). A letter on two devices of somebody is one. `due_at` lies before
# the outcome; how far, the slowest way of sending says.
_OVER = """
SELECT m.id FROM messages_message m
 CROSS JOIN LATERAL (
   SELECT count(DISTINCT o.dispatch_id) AS had FROM messages_message o
     JOIN messages_dispatch d ON d.id = o.dispatch_id
    WHERE o.person_id = m.person_id AND o.due_at > %(since)s::timestamptz - interval '60 days'
      AND o.dispatch_id <> m.dispatch_id AND o.state IN ('claimed', 'sent', 'uncertain')
      AND coalesce(o.outcome_at, o.claimed_at) > %(since)s AND d.kind = ANY(%(kinds)s)) AS other
 WHERE m.id = ANY(%(ids)s::uuid[]) AND other.had >= %(cap)s
"""
# The people for whom a letter now would be one too many, as a set. Indexes: the key of dispatches
# and messages_counts, only over the letters of these days.
HAD_ENOUGH = """
SELECT o.person_id FROM messages_message o
 WHERE o.dispatch_id IN (
         SELECT d.id FROM messages_dispatch d
          WHERE d.kind = ANY(%s) AND (d.ended_at IS NULL OR d.ended_at > %s))
   AND o.state IN ('claimed', 'sent', 'uncertain')
   AND coalesce(o.outcome_at, o.claimed_at) > %s AND o.person_id IS NOT NULL
 GROUP BY o.person_id HAVING count(DISTINCT o.dispatch_id) >= %s
"""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `messages` in `days` days."""

    messages: int
    days: int

    def since(self, at: datetime) -> datetime:
        """From when on messages count at this moment."""
        return at - timedelta(days=self.days)


def cap_for(kind: str) -> Cap | None:
    """The organisation's limit for this kind of message; None: there is none."""
    if kind not in COUNTED:
        return None
    rules = SendingRules.objects.filter(cap_messages__isnull=False).first()
    return Cap(rules.cap_messages or 0, rules.cap_days) if rules else None


def over_cap(ids: Collection[UUID], cap: Cap, *, at: datetime) -> set[UUID]:
    """Of claimed messages those that would be one too many for their person.

    Ask in a transaction, and write the answer down in the same one: until its end nobody else
    decides about these people, so that of two letters at once the second sees the first.
    """
    if not ids:
        return set()
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("over_cap needs a transaction")
    wanted = "{" + ",".join(each.hex for each in ids) + "}"
    values: dict[str, Any] = {
        "ids": wanted,
        "since": cap.since(at),
        "cap": cap.messages,
        "kinds": sorted(COUNTED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_LOCKS, wanted])
        cursor.execute(_OVER, values)
        return {row[0] for row in cursor.fetchall()}


def had_enough_sql(cap: Cap, *, at: datetime) -> tuple[str, list[Any]]:
    """`HAD_ENOUGH` with its parameters, for a count before sending."""
    since = cap.since(at)
    return HAD_ENOUGH, [sorted(COUNTED), since, since, cap.messages]


@transaction.atomic
def set_cap(*, messages: int | None, days: int, at: datetime, actor: Actor) -> SendingRules:
    """Decide how much is enough (None: no limit). It holds from the next batch on."""
    rules, _made = SendingRules.objects.update_or_create(
        id=1, defaults={"cap_messages": messages, "cap_days": days}
    )
    record_change(
        actor=actor,
        action="sending.cap",
        object_kind="sending-rules",
        fields=("cap_messages", "cap_days"),
        at=at,
    )
    return rules
