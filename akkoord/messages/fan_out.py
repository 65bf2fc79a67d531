"""Fan-out: one row per person of the group, for push per device, written by the database itself.

Refusals are rows too, with their reason. It goes in steps over people by key, each step a short
transaction, so that memory stays flat at a million, and a worker that was killed leaves a place to
go on from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from akkoord.law.states import Channel
from akkoord.messages.joined import nobody_is_joined
from akkoord.messages.models import Dispatch
from akkoord.messages.own_clock import due_sql
from akkoord.messages.selection import selection_sql
from akkoord.messages.topics import group_for_all, topics_in
from akkoord.permission.queries import RULE_VERSION

STEP = 5_000  # people
FIRST = UUID(int=0)

# Index: the primary key. The last of the next people after a key.
_NEXT_PEOPLE = """
SELECT id FROM (SELECT id FROM people_person WHERE id > %s ORDER BY id LIMIT %s) AS next
 ORDER BY id DESC LIMIT 1
"""
# Index: messages_once_per_person, for push messages_once_per_device. Where an earlier worker came
# to; a step is one transaction, so the devices of that person are all there.
_PLACE = """
SELECT person_id FROM messages_message
 WHERE dispatch_id = %s AND person_id IS NOT NULL AND {kind}
 ORDER BY person_id DESC LIMIT 1
"""
_KINDS = {False: "NOT to_device", True: "to_device"}
_INSERT = """
INSERT INTO messages_message (id, dispatch_id, purpose_id, person_id, contact_point_id, state,
  reason, evidence_kind, rule_version, content_hash, to_device, due_at, attempts, outcome_at,
  outcome_code)
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY picked.person_id)), %s, {topic},
  picked.person_id, picked.id, CASE WHEN picked.reason = '' THEN 'due' ELSE 'skipped' END,
  picked.reason, 'permission-event', %s, '', %s, {due}, 0,
  CASE WHEN picked.reason <> '' THEN %s::timestamptz END, ''
FROM ({selection}) AS picked
ON CONFLICT DO NOTHING
"""


def fan_out(
    dispatch_id: UUID,
    *,
    clock: Callable[[], datetime] = timezone.now,
    until: Callable[[], bool] = bool,
) -> bool:
    """Write the recipients' rows; answers whether all are there.

    Stops between two steps when the dispatch is no longer running, or `until` says so. Doing it
    again, also by two workers at once, adds nobody twice: the database refuses.
    """
    listing = Listing(dispatch_id, clock)
    while not listing.is_whole:
        if until() or not listing.step():
            return False
    return True


@dataclass(slots=True)
class Listing:
    """The rows of one dispatch as they are written, a step at a time.

    `is_whole`: all are there.
    """

    dispatch_id: UUID
    clock: Callable[[], datetime] = timezone.now
    is_whole: bool = False
    _place: UUID = FIRST

    def step(self, people: int = STEP) -> bool:
        """The next people, in a transaction; False: the dispatch does not run any more.

        Raises GroupRefused when the group cannot be asked.
        """
        with transaction.atomic():
            nobody_is_joined()
            dispatch = (
                Dispatch.objects.select_for_update()
                .select_related("purpose")
                .get(id=self.dispatch_id)
            )
            if dispatch.fanned_out_at is not None:
                self.is_whole = True
                return True
            if dispatch.state != Dispatch.State.RUNNING:
                return False
            last = _step(dispatch, self._place, people, at=self.clock())
        if last is None:
            self.is_whole = True
        else:
            self._place = last
        return True


def _step(dispatch: Dispatch, place: UUID, people: int, *, at: datetime) -> UUID | None:
    """The next people; answers the last of them, or None when there are no more."""
    with connection.cursor() as cursor:
        is_push = dispatch.channel == Channel.PUSH
        cursor.execute(_PLACE.format(kind=_KINDS[is_push]), [dispatch.id])
        row = cursor.fetchone()
        start = max(place, row[0]) if row else place
        cursor.execute(_NEXT_PEOPLE, [start, people])
        row = cursor.fetchone()
        if row is None:
            dispatch.fanned_out_at = at
            dispatch.save(update_fields=["fanned_out_at"])
            return None
        end: UUID = row[0]
        also = topics_in(dispatch.also)
        selection, parameters = selection_sql(
            dispatch.purpose,
            Channel(dispatch.channel),
            group_for_all(dispatch.segment, dispatch.purpose, also, at),
            at=at,
            between=(start, end),
            also=also,
        )
        topic = "picked.purpose_id" if dispatch.also else "NULL::uuid"
        due, moments = due_sql(dispatch.own_clock_at, at=at)
        cursor.execute(
            _INSERT.format(selection=selection, topic=topic, due=due),
            [
                int(at.timestamp() * 1000),
                *(dispatch.id, RULE_VERSION, is_push),
                *(*moments, at),
                *parameters,
            ],
        )
    return end
