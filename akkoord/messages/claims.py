"""The rows of a run as workers hold them: take, begin, record, give back, put off.

Every function is one short transaction; none is open while mail leaves.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from akkoord.consent.rhythm import give_turns_back, take_turns
from akkoord.law.reasons import Reason
from akkoord.messages.asking import Asking, Place
from akkoord.messages.cap import over_cap
from akkoord.messages.membership import group_now, still_in
from akkoord.messages.models import Message
from akkoord.messages.values import text_of
from akkoord.people.actions import mark_undeliverable

State = Message.State
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The first row of a batch says for the whole batch that it may have left: its other rows have the
# same worker and the same moment of claiming.
_BEGIN = """
UPDATE messages_message SET handing_at = %s
 WHERE id = %s AND claimed_by = %s AND state = 'claimed'
   AND EXISTS (SELECT 1 FROM messages_dispatch d WHERE d.id = dispatch_id AND d.state = 'running')
"""
_RECORD = """
UPDATE messages_message SET
  state = %(state)s, outcome_code = %(code)s, outcome_at = %(at)s, reason = %(reason)s,
  attempts = attempts + %(tries)s, due_at = coalesce(%(due_at)s, due_at),
  handing_at = CASE WHEN %(state)s = 'due' THEN NULL ELSE coalesce(handing_at, claimed_at) END,
  claimed_at = CASE WHEN %(state)s = 'due' THEN NULL ELSE claimed_at END,
  claimed_by = CASE WHEN %(state)s = 'due' THEN NULL ELSE claimed_by END
 WHERE id = ANY(%(ids)s::uuid[]) AND claimed_by = %(worker)s AND state IN ('claimed', 'uncertain')
"""
_PUT_OFF = """
UPDATE messages_message m SET state = 'due', reason = %s, due_at = w.due_at, evidence_id = NULL,
       claimed_at = NULL, claimed_by = NULL, handing_at = NULL
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS w (id, due_at)
 WHERE m.id = w.id AND m.claimed_by = %s AND m.state = 'claimed'
"""


@dataclass(slots=True, eq=False)
class Going:
    """A message that the gate let through a moment ago, with all that fills it."""

    id: UUID
    attempts: int
    person_id: UUID | None
    point_id: UUID
    address: str
    values: dict[str, str]
    purpose_id: UUID | None = None  # of a letter about several topics: theirs


class Result(NamedTuple):
    """What is written of messages. `due_at`: when they may be tried again."""

    state: str
    code: str
    reason: str = ""
    tries: int = 1
    due_at: datetime | None = None


@dataclass(slots=True)
class Taken:
    """A batch that the gate decided: who may go, how many were decided, where the next begins."""

    going: list[Going]
    decided: int
    place: Place


def take(asking: Asking, *, worker_id: UUID, after: Place, limit: int, at: datetime) -> Taken:
    """Claim the next rows that are due, ask the gate, write its answer and evidence (INV-1, 25).

    None are decided when nothing is due after this place, or the dispatch does not run. One
    statement, committed; then one more in which those who asked for less often take their turn, so
    that of two letters at the same moment one leaves. Who left the run's group gets nothing.

    Raises GroupRefused, before anything is claimed, when the group cannot be asked any more.
    """
    dispatch = asking.dispatch
    group = group_now(dispatch, at=at)
    statement, parameters = asking.statement(after=after, limit=limit, worker_id=worker_id, at=at)
    with connection.cursor() as cursor:  # one statement is one transaction
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    place = _place_of(max((row[:2] for row in rows), default=None)) or after
    language, names = asking.language, asking.names
    going = [
        Going(
            key,
            attempts,
            person,
            point,
            address,
            {
                name: value if type(value) is str else text_of(value, language)
                for name, value in zip(names, values, strict=True)
            },
            topic,
        )
        for _, key, state, attempts, person, point, topic, address, *values in rows
        if state == State.CLAIMED
    ]
    going = _without_leavers(group, going, worker_id=worker_id, at=at)
    going = _without_enough(asking, going, worker_id=worker_id, at=at)
    late: set[UUID] = set()
    for topic, points in turns_of(going, dispatch.purpose_id).items():
        late |= take_turns(points, purpose_id=topic, at=at)
    if late:
        skip_late([each.id for each in going if each.point_id in late], worker_id=worker_id, at=at)
        going = [each for each in going if each.point_id not in late]
    return Taken(going, len(rows), place)


def _place_of(last: tuple[int, UUID] | None) -> Place | None:
    """A place from the microseconds of its moment: quicker to read than a moment for each row."""
    return (_EPOCH + timedelta(microseconds=last[0]), last[1]) if last else None


def turns_of(going: Iterable[Going], purpose_id: UUID) -> dict[UUID, list[UUID]]:
    """The addresses by the topic that each gets the letter under; `purpose_id`: the run's own."""
    found: dict[UUID, list[UUID]] = {}
    for each in going:
        found.setdefault(each.purpose_id or purpose_id, []).append(each.point_id)
    return found


def _without_leavers(
    group: Q | None, going: list[Going], *, worker_id: UUID, at: datetime
) -> list[Going]:
    """Those who left the group since the fan-out are skipped."""
    if group is None or not going:
        return going
    inside = still_in([each.point_id for each in going], group)
    left = [each.id for each in going if each.point_id not in inside]
    if left:
        skip_late(left, worker_id=worker_id, at=at, reason=Reason.LEFT_GROUP)
    return [each for each in going if each.point_id in inside]


def _without_enough(
    asking: Asking, going: list[Going], *, worker_id: UUID, at: datetime
) -> list[Going]:
    """Those who had enough of late are skipped; one transaction with the lock that counts."""
    if asking.cap is None or not going:
        return going
    with transaction.atomic():
        over = over_cap([each.id for each in going], asking.cap, at=at)
        if not over:
            return going
        skip_late(over, worker_id=worker_id, at=at, reason=Reason.ENOUGH_LATELY)
    return [each for each in going if each.id not in over]


def begin(going: Sequence[Going], *, worker_id: UUID, at: datetime) -> bool:
    """Say, committed, that a batch is about to be handed over.

    False: its dispatch was stopped, or it was taken away from a worker that seemed dead. Then it
    must not leave.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [at, going[0].id, worker_id])
        return bool(cursor.rowcount)


def skip_late(
    ids: Collection[UUID], *, worker_id: UUID, at: datetime, reason: Reason = Reason.LESS_OFTEN
) -> int:
    """Another letter came before for these, a moment ago or of late; nothing was handed over."""
    return Message.objects.filter(id__in=ids, claimed_by=worker_id, state=State.CLAIMED).update(
        state=State.SKIPPED,
        reason=reason.value,
        evidence_id=None,
        handing_at=None,
        outcome_at=at,
    )


@transaction.atomic
def record(
    results: Mapping[Result, Sequence[UUID]],
    *,
    worker_id: UUID,
    at: datetime,
    dead_points: Mapping[str, Sequence[UUID]],
    not_sent: Mapping[UUID, Sequence[UUID]] | None = None,
) -> int:
    """Write what became of a worker's messages, a statement per kind; answers how many rows.

    A row that a sweep declared uncertain is corrected by the worker that still held it.
    `dead_points`: addresses that the other side says do not exist, by its code. `not_sent`: by
    topic the addresses that nothing left for, whose turn was not used.
    """
    count = 0
    with connection.cursor() as cursor:
        for result, ids in results.items():
            values = {**result._asdict(), "ids": _array(ids), "worker": worker_id, "at": at}
            cursor.execute(_RECORD, values)
            count += cursor.rowcount
    for code, points in dead_points.items():
        mark_undeliverable(point_ids=points, why=code[:60], at=at)
    for topic, points in (not_sent or {}).items():
        give_turns_back(points, purpose_id=topic)
    return count


def _array(ids: Iterable[UUID]) -> str:
    """Identifiers as PostgreSQL writes an array; ten times as fast as adapting a list."""
    return "{" + ",".join([each.hex for each in ids]) + "}"


@transaction.atomic
def give_back(going: Sequence[Going], *, worker_id: UUID, purpose_id: UUID) -> int:
    """What was taken and not handed over is due again, and its turn was not used; how many."""
    count = Message.objects.filter(
        id__in=[each.id for each in going], claimed_by=worker_id, state=State.CLAIMED
    ).update(state=State.DUE, claimed_at=None, claimed_by=None, handing_at=None, evidence_id=None)
    for topic, points in turns_of(going, purpose_id).items():
        give_turns_back(points, purpose_id=topic)
    return count


@transaction.atomic
def put_off(
    waiting: Mapping[Going, datetime], *, worker_id: UUID, purpose_id: UUID, reason: str
) -> int:
    """What was taken and must wait is due again at its time, and says why; how many."""
    keys = list(waiting)
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT_OFF,
            [reason, [each.id for each in keys], [waiting[each] for each in keys], worker_id],
        )
        count: int = cursor.rowcount
    for topic, points in turns_of(keys, purpose_id).items():
        give_turns_back(points, purpose_id=topic)
    return count
