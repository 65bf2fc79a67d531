"""Deliver: what a worker does with a dispatch.

Claim a batch; per hand-over ask the gate again and write down its answer with the evidence;
commit; fill and hand over; record. No transaction is open while mail leaves, and nothing leaves
later than two seconds after its gate check. A worker may be killed at any point.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

from django.utils import timezone

from akkoord.delivery.dkim import DkimKeyError
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Transport
from akkoord.law.parameters import duration
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages import claims
from akkoord.messages.claims import Going, Place, Result
from akkoord.messages.dispatch import DispatchRefused, check_way_back, pause_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.groups import GroupRefused
from akkoord.messages.liveness import seen_alive
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.template import CompileError
from akkoord.messages.ways import Way, way_of

BATCH = 1_000
HAND_OVER = 500  # asked and handed over at once, when the server is quick
FIRST = 50
LEAST = 5
PACE = 0.5  # seconds that a hand-over may take: what a worker that is killed leaves in doubt
BACK_OFF_MINUTES = (5, 15, 30, 60, 120, 240, 480)
MAX_ATTEMPTS = 8
ALL_REFUSED = 100  # so many refusals and nothing else: it is us, not them
START: Place = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
Clock = Callable[[], datetime]


@dataclass(slots=True)
class RunReport:
    """What a worker did. `next_try_at`: when something may be tried again; None: nothing is left
    for it. `unavailable`: why the mail server could not be used."""

    handed_over: int = 0
    sent: int = 0
    next_try_at: datetime | None = None
    unavailable: str = ""


@dataclass(slots=True)
class _Run:
    """One worker at one dispatch."""

    dispatch: Dispatch
    way: Way
    transport: Transport
    worker_id: UUID
    clock: Clock
    report: RunReport = field(default_factory=RunReport)
    size: int = field(default_factory=lambda: min(FIRST, HAND_OVER))
    refused: int = 0  # in a row, with nothing accepted in between


def run_dispatch(
    dispatch_id: UUID,
    *,
    worker_id: UUID,
    transport: Transport | None = None,
    until: Callable[[], bool] | None = None,
    clock: Clock = timezone.now,
) -> RunReport:
    """Work at a dispatch until nothing is due, it is paused or cancelled, or `until` says stop.

    Any number of workers may do so at once. What is wrong with the message itself (it was changed,
    a field is no longer within the purpose, the key cannot sign) pauses it with that reason.
    """
    dispatch = Dispatch.objects.select_related("purpose").get(id=dispatch_id)
    claims.release_lost(at=clock())
    if dispatch.state == Dispatch.State.CANCELLED:
        claims.skip_cancelled(dispatch_id, at=clock())
        return RunReport()
    if dispatch.state != Dispatch.State.RUNNING:
        return RunReport()
    if dispatch.fanned_out_at is not None and not claims.is_due(dispatch_id, at=clock()):
        return _end(dispatch_id, RunReport(), clock)
    way = _begin(dispatch, clock)
    if way is None:
        return _end(dispatch_id, RunReport(), clock)
    run = _Run(dispatch, way, transport or way.open(), worker_id, clock)
    try:
        with seen_alive(worker_id):
            if not fan_out(dispatch_id, clock=clock, until=until or _never):
                return _end(dispatch_id, RunReport(), clock)
            _work(run, until or _never)
            return _end(dispatch_id, run.report, clock)
    finally:
        if transport is None:
            run.transport.close()


def _never() -> bool:
    return False


def _begin(dispatch: Dispatch, clock: Clock) -> Way | None:
    """Compile what was approved; None: it may not go like this, and is paused with the reason."""
    try:
        check_way_back(Channel(dispatch.channel))
        way = way_of(dispatch)
        if way.content_hash != dispatch.content_hash:
            raise DispatchRefused(Reason.CONTENT_CHANGED.value, "")
    except (CompileError, DispatchRefused, GroupRefused) as problem:
        pause_dispatch(dispatch_id=dispatch.id, at=clock(), reason=problem.code)
        return None
    except DkimKeyError:
        pause_dispatch(dispatch_id=dispatch.id, at=clock(), reason="dkim-key")
        return None
    return way


def _end(dispatch_id: UUID, report: RunReport, clock: Clock) -> RunReport:
    """Close what is done, and say when there is more to do."""
    state, fanned_out_at = Dispatch.objects.values_list("state", "fanned_out_at").get(
        id=dispatch_id
    )
    if state == Dispatch.State.CANCELLED:
        claims.skip_cancelled(dispatch_id, at=clock())
    elif state == Dispatch.State.RUNNING and fanned_out_at is None:
        report.next_try_at = clock()  # not everybody has a row yet
    elif state == Dispatch.State.RUNNING and not claims.finish(dispatch_id, at=clock()):
        report.next_try_at = claims.next_due(dispatch_id)
    return report


def _work(run: _Run, until: Callable[[], bool]) -> None:
    """Batch after batch, until nothing is due."""
    place = START
    while not until():
        before = place
        rows, place = claims.claim(
            run.dispatch.id, worker_id=run.worker_id, after=place, limit=BATCH, at=run.clock()
        )
        if not rows:
            if before == START:
                return
            place = START  # once more from the start: some may have come back
            continue
        if not _work_batch(run, rows, until):
            return


def _work_batch(run: _Run, rows: list[tuple[UUID, UUID | None]], until: Callable[[], bool]) -> bool:
    """Hand a batch over, part by part; answers whether to go on. What is left is given back."""
    at = 0
    try:
        while at < len(rows):
            if until():
                return False
            part = rows[at : at + run.size]
            if not _hand_over(run, part):
                return False
            at += len(part)
        return True
    finally:
        if at < len(rows):
            claims.give_back([row[0] for row in rows[at:]], worker_id=run.worker_id)


def _hand_over(run: _Run, rows: list[tuple[UUID, UUID | None]]) -> bool:
    """Ask the gate, hand over, record; answers whether to go on."""
    asked, clock_asked = run.clock(), monotonic()
    going, decided = claims.ask_and_mark(run.way.asking, rows, worker_id=run.worker_id, at=asked)
    if not decided:
        return _is_running(run)
    # Withdrawal beats speed (INV-25): after this moment the transport gives a message back.
    limit = clock_asked + duration("gate-freshness", asked.date()).total_seconds()
    outcomes: list[Outcome] = []
    unavailable = ""
    if going:
        report = run.transport.send_many(
            [run.way.outgoing(each, asked, limit) for each in going], outcomes.append
        )
        unavailable = report.unavailable
    _record(run, {each.id: each for each in going}, outcomes)
    _keep_pace(run, outcomes, monotonic() - clock_asked)
    run.report.unavailable = unavailable
    return not unavailable and _is_healthy(run, outcomes)


def _keep_pace(run: _Run, outcomes: list[Outcome], seconds: float) -> None:
    """Hand over fewer at once to a slow server, and more again when it is quick."""
    if any(each.code == "stale" for each in outcomes):
        run.size = max(LEAST, run.size // 2)
    elif seconds > PACE:
        run.size = max(LEAST, round(run.size * PACE / seconds))
    elif seconds < PACE / 2:
        run.size = min(HAND_OVER, run.size * 2)


def _is_running(run: _Run) -> bool:
    state = Dispatch.objects.values_list("state", flat=True).get(id=run.dispatch.id)
    return state == Dispatch.State.RUNNING


def _record(run: _Run, going: dict[UUID, Going], outcomes: list[Outcome]) -> None:
    """Write every outcome down, in one transaction."""
    at = run.clock()
    results: dict[Result, list[UUID]] = {}
    dead: dict[str, list[UUID]] = {}
    not_sent: list[UUID] = []
    for outcome in outcomes:
        message = going[outcome.key]  # type: ignore[index]  # keys are what we gave
        results.setdefault(_result(message, outcome, at), []).append(message.id)
        if outcome.kind not in (OutcomeKind.SENT, OutcomeKind.UNCERTAIN):
            not_sent.append(message.point_id)
        if outcome.kind is OutcomeKind.REJECTED and outcome.code.endswith(run.way.no_such_address):
            dead.setdefault(outcome.code, []).append(message.point_id)
        run.report.sent += outcome.kind is OutcomeKind.SENT
    run.report.handed_over += len(outcomes)
    if dead and run.way.bury(dead, at=at):
        dead = {}
    if results:
        claims.record(
            results,
            worker_id=run.worker_id,
            at=at,
            dead_points=dead,
            not_sent=not_sent,
            purpose_id=run.dispatch.purpose_id,
        )


def _result(message: Going, outcome: Outcome, at: datetime) -> Result:
    """What an outcome means for the row."""
    code = outcome.code[:60]
    asked = timedelta(seconds=math.ceil(outcome.wait))  # what the other side asked for
    if outcome.kind is OutcomeKind.SENT:
        return Result(Message.State.SENT, code)
    if outcome.kind is OutcomeKind.UNCERTAIN:
        return Result(Message.State.UNCERTAIN, code)
    if outcome.kind is OutcomeKind.NOT_HANDED:
        # It never left: no attempt was used. A server that is away gets a minute.
        wait = timedelta(0) if code == "stale" else timedelta(minutes=1)
        return Result(Message.State.DUE, code, tries=0, due_at=at + max(wait, asked))
    if outcome.kind is OutcomeKind.DEFERRED and message.attempts + 1 < MAX_ATTEMPTS:
        wait = timedelta(minutes=BACK_OFF_MINUTES[message.attempts])
        return Result(Message.State.DUE, code, due_at=at + max(wait, asked))
    return Result(Message.State.FAILED, code, Reason.TRANSPORT_REFUSED.value)


def _is_healthy(run: _Run, outcomes: list[Outcome]) -> bool:
    """Pause when the server refuses everything (a block-list, a wrong key)."""
    if any(each.kind is OutcomeKind.SENT for each in outcomes):
        run.refused = 0
    else:
        run.refused += sum(
            each.kind is OutcomeKind.REJECTED and not each.code.endswith(run.way.no_such_address)
            for each in outcomes
        )
    if run.refused < ALL_REFUSED:
        return True
    pause_dispatch(
        dispatch_id=run.dispatch.id, at=run.clock(), reason=Reason.TRANSPORT_REFUSED.value
    )
    return False
