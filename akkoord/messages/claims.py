"""The rows of a run as workers hold them: take, record, give back, sweep.

Every function is one short transaction; none is open while mail leaves.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from akkoord.consent.rhythm import give_turns_back, take_turns
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.cap import Cap, cap_for, over_cap
from akkoord.messages.conditions import key_of
from akkoord.messages.gate_of import (
    is_service,
    purchase_values,
    purchases_of,
    rules_of,
    verdict_sql,
)
from akkoord.messages.liveness import dead_among
from akkoord.messages.membership import group_now, still_in
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.values import text_of, with_values
from akkoord.people.actions import mark_undeliverable
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import judged_sql
from akkoord.register.models import Purpose

CLAIM_LEASE = timedelta(minutes=5)  # a claim without hand-over: the row is free again after it
HANDING_LEASE = timedelta(minutes=15)  # longer than any time-out of a transport
State = Message.State
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[datetime, UUID]  # where a worker is in the order of the index messages_due

# Claimed, asked and written in one statement, while the dispatch runs. Index messages_due: the
# place keeps a worker from walking over what it took. Somebody erased has no address any more.
_TAKE = """
WITH picked AS MATERIALIZED (
  SELECT id, contact_point_id, due_at, purpose_id FROM messages_message
   WHERE dispatch_id = %s AND state = 'due' AND due_at <= %s AND (due_at, id) > (%s, %s)
     AND EXISTS (SELECT 1 FROM messages_dispatch d WHERE d.id = %s AND d.state = 'running')
   ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED),
{verdict},
facts ({columns}) AS MATERIALIZED (
  SELECT f.* FROM ({facts}) AS f WHERE f.id = ANY(ARRAY(SELECT contact_point_id FROM picked)))
{measured}
UPDATE messages_message m SET
  state = CASE WHEN v.reason = '' THEN 'claimed' ELSE 'skipped' END,
  reason = coalesce(v.reason, '{gone}'),
  evidence_id = CASE WHEN v.reason = '' THEN v.evidence_id END,
  claimed_at = %s, claimed_by = %s,{topic}
  outcome_at = CASE WHEN v.reason = '' THEN NULL ELSE %s::timestamptz END,
  rule_version = %s, content_hash = %s
 FROM picked p
 LEFT JOIN verdict v ON v.id = p.contact_point_id
 LEFT JOIN facts f ON f.id = p.contact_point_id
 {measured_join}
 WHERE m.id = p.id
RETURNING (extract(epoch FROM p.due_at) * 1000000)::bigint, m.id, m.state, m.attempts,
  m.person_id, m.contact_point_id, m.purpose_id, {returned}
"""
_TOPIC = "\n  purpose_id = coalesce(v.purpose_id, m.purpose_id),"  # of a letter about several
# Who of them lets us see what they read, joined in the same statement (INV-28).
_MEASURED = """, measured AS MATERIALIZED (
  SELECT j.id, j.evidence_id::text AS evidence FROM ({judged}) AS j
   WHERE j.reason = '' AND j.id = ANY(ARRAY(SELECT contact_point_id FROM picked)))"""
_MEASURED_JOIN = "LEFT JOIN measured t ON t.id = p.contact_point_id"
MEASURED = "measured"  # the value of who lets us: the yes that it rests on
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
# Index messages_due, a step at a time.
_CANCEL = """
UPDATE messages_message SET state = 'skipped', reason = 'campaign-cancelled', outcome_at = %s
 WHERE id IN (SELECT id FROM messages_message WHERE dispatch_id = %s AND state = 'due'
               LIMIT 5000 FOR UPDATE SKIP LOCKED)
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


@dataclass(frozen=True, slots=True)
class Asking:
    """What asking about the rows of one dispatch needs, made once per run."""

    dispatch: Dispatch
    slots: Sequence[str]
    language: str
    facts: str
    facts_parameters: tuple[Any, ...]
    cap: Cap | None = None
    measuring: Purpose | None = None

    @classmethod
    def prepare(
        cls,
        dispatch: Dispatch,
        slots: Sequence[str],
        language: str,
        conditions: Sequence[Q] = (),
        measuring: Purpose | None = None,
    ) -> "Asking":
        """The statement for the address, the values of these fields, and who gets which block.

        `measuring`: ask too who lets us see what they read; None: nobody is seen.
        """
        own = None
        if is_service(dispatch):
            own = purchase_values(purchases_of(dispatch), slots, language=language)
        points, names = with_values(ContactPoint.objects.all(), slots, conditions, own)
        chosen: QuerySet[Any, Any] = points
        facts, parameters = chosen.values_list("id", "value", *names).query.sql_with_params()
        asked = [*slots, *(key_of(number) for number in range(len(conditions)))]
        return cls(
            dispatch,
            asked,
            language,
            facts,
            tuple(parameters),
            cap=cap_for(dispatch.kind),
            measuring=measuring,
        )

    @classmethod
    def prepare_push(cls, dispatch: Dispatch, language: str) -> "Asking":
        """The statement for a device's end-point and keys."""
        chosen: QuerySet[Any, Any] = ContactPoint.objects.values_list(
            "id", "device__endpoint", "device__p256dh", "device__auth"
        )
        facts, parameters = chosen.query.sql_with_params()
        keys = ("p256dh", "auth")
        return cls(dispatch, keys, language, facts, tuple(parameters), cap_for(dispatch.kind))

    @classmethod
    def prepare_letters(
        cls,
        dispatch: Dispatch,
        slots: Sequence[str],
        language: str,
        address: Mapping[str, Combinable],
    ) -> "Asking":
        """The statement for a letter on paper: its fields and what stands on the envelope."""
        asked = [*slots, *address]
        points, names = with_values(ContactPoint.objects.all(), asked, (), address)
        chosen: QuerySet[Any, Any] = points
        facts, parameters = chosen.values_list("id", "value", *names).query.sql_with_params()
        return cls(dispatch, asked, language, facts, tuple(parameters), cap_for(dispatch.kind))

    def statement(
        self, *, after: Place, limit: int, worker_id: UUID, at: datetime
    ) -> tuple[str, list[Any]]:
        """The one that takes the next rows after a place, with its parameters."""
        dispatch = self.dispatch
        verdict, gate_parameters = verdict_sql(dispatch, at=at)
        columns = ["id", "address", *(f"s{number}" for number in range(len(self.slots)))]
        seen, measured, measured_parameters = self._measured(at)
        statement = _TAKE.format(
            verdict=verdict,
            topic=_TOPIC if dispatch.also else "",
            facts=self.facts,
            columns=", ".join(columns),
            gone=Reason.PERSON_GONE.value,
            returned=", ".join([f"f.{name}" for name in columns[1:]] + seen),
            measured=measured,
            measured_join=_MEASURED_JOIN if seen else "",
        )
        parameters = [dispatch.id, at, after[0], after[1], dispatch.id, limit]
        parameters += [*gate_parameters, *self.facts_parameters, *measured_parameters]
        parameters += [at, worker_id, at]
        return statement, [*parameters, rules_of(dispatch), dispatch.content_hash]

    def _measured(self, at: datetime) -> tuple[list[str], str, tuple[Any, ...]]:
        """What is asked besides of who lets us see: columns, the question, its parameters."""
        if self.measuring is None:
            return [], "", ()
        judged, parameters = judged_sql(self.measuring, Channel.EMAIL, at=at)
        return ["t.evidence"], _MEASURED.format(judged=judged), parameters

    @property
    def names(self) -> Sequence[str]:
        """The names of the values of a row, in order."""
        return [*self.slots, MEASURED] if self.measuring else self.slots


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


def skip_cancelled(dispatch_id: UUID, *, at: datetime) -> int:
    """What still waits in a cancelled dispatch is skipped, step by step; answers how many."""
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CANCEL, [at, dispatch_id])
            if not cursor.rowcount:
                return total
            total += cursor.rowcount


@transaction.atomic
def release_lost(*, at: datetime) -> dict[str, int]:
    """After a worker died: what was not handed over is due again, what may have been, is uncertain.

    At once when its process is gone, after a lease when it hangs. Uncertain is never sent again by
    itself: it may have arrived (index messages_claimed).
    """
    claimed = Message.objects.filter(state=State.CLAIMED)
    holders = claimed.values_list("claimed_by", flat=True).distinct()
    is_lost = Q(claimed_by__in=dead_among([each for each in holders if each is not None]))
    # Locked first: a worker that wakes up now waits in `begin`, and finds that it is too late.
    lost = claimed.filter(is_lost | Q(claimed_at__lt=at - CLAIM_LEASE))
    ids = list(lost.order_by("id").select_for_update().values_list("id", flat=True))
    held = claimed.filter(id__in=ids)
    begun = Exists(
        claimed.filter(
            claimed_by=OuterRef("claimed_by"),
            claimed_at=OuterRef("claimed_at"),
            handing_at__isnull=False,
        )
    )
    unused = held.filter(~begun)
    turns = list(
        unused.values_list(Coalesce("purpose_id", "dispatch__purpose_id"), "contact_point_id")
    )
    due = unused.update(state=State.DUE, claimed_at=None, claimed_by=None, evidence_id=None)
    for purpose_id in {purpose for purpose, _ in turns}:
        points = [point for purpose, point in turns if purpose == purpose_id and point]
        give_turns_back(points, purpose_id=purpose_id)
    uncertain = held.filter(begun, is_lost | Q(claimed_at__lt=at - HANDING_LEASE)).update(
        state=State.UNCERTAIN,
        outcome_at=at,
        outcome_code="worker-lost",
        handing_at=Coalesce("handing_at", "claimed_at"),
    )
    return {"due": due, "uncertain": uncertain}


def finish(dispatch_id: UUID, *, at: datetime) -> bool:
    """A running dispatch of which every row has its outcome is finished.

    Its row is locked before it is looked at once more: who adds rows to a run (a welcome, a series)
    holds that lock too, so that no row is left in a run that is closed.
    Letters on paper are finished by who says that they were handed over.
    """
    waiting = Message.objects.filter(dispatch_id=dispatch_id, state__in=[State.DUE, State.CLAIMED])
    if waiting.exists():
        return False
    with transaction.atomic():
        run = Dispatch.objects.filter(
            id=dispatch_id, state=Dispatch.State.RUNNING, fanned_out_at__isnull=False
        ).exclude(channel=Channel.POST)
        if run.select_for_update().first() is None or waiting.exists():
            return False
        return bool(run.update(state=Dispatch.State.FINISHED, ended_at=at))


def next_due(dispatch_id: UUID) -> datetime | None:
    """When the next row may be tried, also in the past; None: nothing waits."""
    return (
        Message.objects.filter(dispatch_id=dispatch_id, state=State.DUE)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def is_due(dispatch_id: UUID, *, at: datetime) -> bool:
    """Whether a row may be tried now."""
    moment = next_due(dispatch_id)
    return moment is not None and moment <= at


def abandoned_dispatches(*, at: datetime) -> list[UUID]:
    """Dispatches with work to do now, or to be closed, that no worker seems to be at."""
    due = Message.objects.filter(dispatch_id=OuterRef("id"), state=State.DUE)
    is_open = Message.objects.filter(
        dispatch_id=OuterRef("id"), state__in=[State.DUE, State.CLAIMED]
    )
    wanted = Dispatch.objects.filter(
        Q(state=Dispatch.State.RUNNING, fanned_out_at=None)
        | Q(Exists(due.filter(due_at__lte=at)), state=Dispatch.State.RUNNING)
        | Q(~Exists(is_open), state=Dispatch.State.RUNNING)
        | Q(Exists(due), state=Dispatch.State.CANCELLED)
    )
    busy = set(
        Message.objects.filter(state=State.CLAIMED, claimed_at__gt=at - timedelta(minutes=1))
        .values_list("dispatch_id", flat=True)
        .distinct()
    )
    return [each for each in wanted.values_list("id", flat=True) if each not in busy]
