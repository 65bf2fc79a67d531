"""Deliver: what a worker does with a dispatch.

Take a batch: claim it, ask the gate again, write its answer down with the evidence, in one
statement; say that it begins; fill and hand over; record. No transaction waits for a mail server,
and nothing leaves later than two seconds after its gate check. While one batch leaves, the one
before is recorded and the next is taken. A worker may be killed at any point.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from django.utils import timezone

from akkoord.delivery.dkim import DkimKeyError
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing, Transport
from akkoord.delivery.relays import ACCOUNT_TROUBLES
from akkoord.law.parameters import duration
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages import claims, closing
from akkoord.messages.ahead import Ahead
from akkoord.messages.asking import Place
from akkoord.messages.claims import Going, Result
from akkoord.messages.dispatch import DispatchRefused, check_way_back, pause_dispatch
from akkoord.messages.fan_out import STEP, Listing
from akkoord.messages.groups import GroupRefused
from akkoord.messages.letter_making import drop_cancelled, make_letters
from akkoord.messages.liveness import seen_alive
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.pace import Brake, Room
from akkoord.messages.template import CompileError
from akkoord.messages.ways import Way, way_of

HAND_OVER = 500  # asked and handed over at once, when the server is quick
FIRST = 50
LEAST = 5
LIST = 1_000  # people who are listed at once, while letters to those before leave
PACE = 0.25  # seconds that a hand-over may take: a worker that is killed leaves two in doubt
BACK_OFF_MINUTES = (5, 15, 30, 60, 120, 240, 480)
MAX_ATTEMPTS = 8
ALL_REFUSED = 100  # so many refusals and nothing else: it is us, not them
_SLOWED = Reason.DOMAIN_SLOWED.value
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
    waits_until: datetime | None = None  # a limit lets nothing leave before


@dataclass(slots=True)
class _Run:
    """One worker at one dispatch."""

    dispatch: Dispatch
    way: Way
    transport: Transport
    worker_id: UUID
    clock: Clock
    until: Callable[[], bool]
    report: RunReport = field(default_factory=RunReport)
    is_handing: bool = False  # letters leave at this moment, in the caller's thread
    size: int = field(default_factory=lambda: min(FIRST, HAND_OVER))
    refused: int = 0  # in a row, with nothing accepted in between
    place: Place = START
    brake: Brake = field(init=False)
    listing: Listing = field(init=False)
    waits: Room | None = None

    def __post_init__(self) -> None:
        self.listing = Listing(self.dispatch.id, self.clock)
        self.brake = Brake(self.dispatch, self.way.sending_domain)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch that the gate let through, as it leaves."""

    going: list[Going]
    outgoing: list[Outgoing]


@dataclass(frozen=True, slots=True)
class _Handed:
    """A batch that was handed over, with what became of it."""

    going: dict[UUID, Going]
    outcomes: list[Outcome]


def run_dispatch(
    dispatch_id: UUID,
    *,
    worker_id: UUID,
    transport: Transport | None = None,
    until: Callable[[], bool] | None = None,
    clock: Clock = timezone.now,
    is_shared: bool = False,
) -> RunReport:
    """Work at a dispatch until nothing is due, it is paused or cancelled, or `until` says stop.

    Any number of workers may do so at once; `is_shared`: another one does, so that the mail server
    sees no more connections for it. What is wrong with the message itself (it was changed,
    a field is no longer within the purpose, the key cannot sign) pauses it with that reason.
    """
    dispatch = Dispatch.objects.select_related("purpose").get(id=dispatch_id)
    closing.release_lost(at=clock())
    if dispatch.state == Dispatch.State.CANCELLED:
        closing.skip_cancelled(dispatch_id, at=clock())
        if dispatch.channel == Channel.POST:
            drop_cancelled(dispatch_id, at=clock())
        return RunReport()
    if dispatch.state != Dispatch.State.RUNNING:
        return RunReport()
    if dispatch.channel == Channel.POST:
        return _letters(dispatch, worker_id, until or _never, clock)
    if dispatch.fanned_out_at is not None and not closing.is_due(dispatch_id, at=clock()):
        return _end(dispatch_id, RunReport(), clock)
    way = _begin(dispatch, clock)
    if way is None:
        return _end(dispatch_id, RunReport(), clock)
    way_out = transport or way.open(is_shared=is_shared)
    run = _Run(dispatch, way, way_out, worker_id, clock, until or _never)
    try:
        with seen_alive(worker_id):
            # How fast a letter may go that is spread over hours follows from how many get it.
            first = _list_rest if dispatch.spread_minutes else partial(_list, people=STEP)
            if run.until() or not first(run):
                return _end(dispatch_id, RunReport(), clock)
            while _work(run) and not run.listing.is_whole and _list_rest(run):
                pass
            _list_rest(run)
            _note_waiting(run)
            return _end(dispatch_id, run.report, clock)
    finally:
        way.close()
        if transport is None:
            run.transport.close()


def _letters(
    dispatch: Dispatch, worker_id: UUID, until: Callable[[], bool], clock: Clock
) -> RunReport:
    """Letters on paper: made, and never handed to a mail server."""
    try:
        more = make_letters(dispatch, worker_id=worker_id, until=until, clock=clock)
    except GroupRefused as problem:
        pause_dispatch(dispatch_id=dispatch.id, at=clock(), reason=problem.code)
        return RunReport()
    return RunReport(next_try_at=more)


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
        closing.skip_cancelled(dispatch_id, at=clock())
    elif state == Dispatch.State.RUNNING and fanned_out_at is None:
        report.next_try_at = clock()  # not everybody has a row yet
    elif state == Dispatch.State.RUNNING and not closing.finish(dispatch_id, at=clock()):
        due = closing.next_due(dispatch_id)
        report.next_try_at = max(due, report.waits_until) if due and report.waits_until else due
    return report


def _note_waiting(run: _Run) -> None:
    """Say at the run why nothing leaves now, and until when; or that nothing holds it up."""
    waits = run.waits or (Room(0, "servers-away") if run.report.unavailable else Room(0))
    run.report.waits_until = waits.until
    Dispatch.objects.filter(id=run.dispatch.id).exclude(
        waits_for=waits.why, waits_until=waits.until
    ).update(waits_for=waits.why, waits_until=waits.until)


def _list(run: _Run, people: int) -> bool:
    """List the next people, unless all are; False: the run was stopped, or its group is no more."""
    if run.listing.is_whole:
        return True
    try:
        return run.listing.step(people)
    except GroupRefused as problem:
        pause_dispatch(dispatch_id=run.dispatch.id, at=run.clock(), reason=problem.code)
        return False


def _list_rest(run: _Run) -> bool:
    """List everybody, whatever holds their letters up: so the figures are whole."""
    while not run.listing.is_whole:
        if run.until() or not _list(run, STEP):
            return False
    return True


def _work(run: _Run) -> bool:
    """Batch after batch, until nothing is due; False: something stopped it before."""
    taken = _take(run)
    stopped = False
    handed: _Handed | None = None
    beside: Ahead[_Asked | None] = Ahead(is_beside=run.transport.leaves_database_alone)
    with beside as ahead:
        try:
            while taken:
                if run.until() or not _begin_batch(run, taken):
                    stopped = True
                    break
                # While these leave, the batch before is written down and the next one is asked.
                ahead.start(partial(_write_and_take, run, handed))
                now, taken, handed = taken, None, None
                handed = _hand_over(run, now)
                outcomes = handed.outcomes
                if not ahead.is_beside:
                    _write(run, handed)
                    handed = None
                taken = ahead.result()
                if not _may_go_on(run, outcomes):
                    stopped = True
                    break
        finally:
            taken = taken or ahead.leave()
            if handed:
                _write(run, handed)
            if taken and taken.going:
                claims.give_back(
                    taken.going, worker_id=run.worker_id, purpose_id=run.dispatch.purpose_id
                )
    return not stopped


def _take(run: _Run) -> _Asked | None:
    """The next batch, asked of the gate; None when nothing is due, or the dispatch was stopped."""
    while True:
        asked, clock_asked = run.clock(), monotonic()
        room = run.brake.room(run.size, at=asked)
        if not room.count:
            run.waits = room
            return None
        try:
            taken = claims.take(
                run.way.asking, worker_id=run.worker_id, after=run.place, limit=room.count, at=asked
            )
        except GroupRefused as problem:  # it lost a field, or a group in it: nothing was claimed
            run.brake.give_back(room.count)
            pause_dispatch(dispatch_id=run.dispatch.id, at=asked, reason=problem.code)
            return None
        if taken.decided:
            run.place = taken.place
            _hold(run, taken, asked)
        run.brake.give_back(room.count - len(taken.going))
        if taken.decided:
            # Withdrawal beats speed (INV-25): after this moment the transport gives a message back.
            limit = clock_asked + duration("gate-freshness", asked.date()).total_seconds()
            return _Asked(taken.going, run.way.outgoing(taken.going, asked, limit))
        if not run.listing.is_whole and not run.until():
            if not _list(run, LIST):
                return None
        elif run.place == START:
            return None
        else:
            run.place = START  # once more from the start: some may have come back


def _hold(run: _Run, taken: claims.Taken, at: datetime) -> None:
    """Those whose provider has had enough for now go back to due, before anything is handed over.

    Mail only: a push service has no domain of its own per person.
    """
    held = run.brake.held((each.address for each in taken.going), at=at)
    if not held:
        return
    waiting = {each: held[each.address] for each in taken.going if each.address in held}
    claims.put_off(
        waiting, worker_id=run.worker_id, purpose_id=run.dispatch.purpose_id, reason=_SLOWED
    )
    taken.going = [each for each in taken.going if each.address not in held]


def _begin_batch(run: _Run, taken: _Asked) -> bool:
    """Whether a batch may leave now: said and committed before its first byte."""
    return not taken.going or claims.begin(taken.going, worker_id=run.worker_id, at=run.clock())


def _hand_over(run: _Run, taken: _Asked) -> _Handed:
    """Hand one batch over; the database may be busy with the others meanwhile."""
    began = monotonic()
    outcomes: list[Outcome] = []
    unavailable = ""
    if taken.going:
        run.is_handing = True
        try:
            report = run.transport.send_many(taken.outgoing, outcomes.append)
        finally:
            run.is_handing = False
        unavailable = report.unavailable
    _keep_pace(run, outcomes, monotonic() - began)
    run.report.unavailable = unavailable
    return _Handed({each.id: each for each in taken.going}, outcomes)


def _write_and_take(run: _Run, handed: _Handed | None) -> _Asked | None:
    """Beside a hand-over: the outcomes of the batch before, the next batch, the next people."""
    if handed:
        _write(run, handed)
    taken = _take(run)
    while run.is_handing and not run.listing.is_whole and _list(run, LIST):
        pass  # with a slow server everybody is listed at once
    return taken


def _may_go_on(run: _Run, outcomes: list[Outcome]) -> bool:
    if run.report.unavailable in ACCOUNT_TROUBLES:  # waiting does not mend an account
        pause_dispatch(dispatch_id=run.dispatch.id, at=run.clock(), reason=run.report.unavailable)
    return not run.report.unavailable and _is_healthy(run, outcomes)


def _keep_pace(run: _Run, outcomes: list[Outcome], seconds: float) -> None:
    """Hand over fewer at once to a slow server, and more again when it is quick."""
    if any(each.code == "stale" for each in outcomes):
        run.size = max(LEAST, run.size // 2)
    elif seconds > PACE:
        run.size = max(LEAST, round(run.size * PACE / seconds))
    elif seconds < PACE / 2:
        run.size = min(HAND_OVER, run.size * 2)


def _write(run: _Run, handed: _Handed) -> None:
    """Write every outcome of a batch down, in one transaction."""
    going, outcomes = handed.going, handed.outcomes
    at = run.clock()
    run.transport.sync()
    results: dict[Result, list[UUID]] = {}
    dead: dict[str, list[UUID]] = {}
    not_sent: list[Going] = []
    answers: list[tuple[str, str, bool]] = []
    for outcome in outcomes:
        message = going[outcome.key]  # type: ignore[index]  # keys are what we gave
        results.setdefault(_result(message, outcome, at), []).append(message.id)
        if outcome.kind not in (OutcomeKind.SENT, OutcomeKind.UNCERTAIN):
            not_sent.append(message)
        if outcome.kind is OutcomeKind.REJECTED and outcome.code.endswith(run.way.no_such_address):
            dead.setdefault(outcome.code, []).append(message.point_id)
        run.report.sent += outcome.kind is OutcomeKind.SENT
        if outcome.kind is OutcomeKind.DEFERRED or (
            run.brake.watches and outcome.kind is OutcomeKind.SENT
        ):
            answers.append((message.address, outcome.code, outcome.kind is OutcomeKind.SENT))
    if answers:
        run.brake.learn(answers, at=at)
    run.report.handed_over += len(outcomes)
    if dead and run.way.bury(dead, at=at):
        dead = {}
    if results:
        claims.record(
            results,
            worker_id=run.worker_id,
            at=at,
            dead_points=dead,
            not_sent=claims.turns_of(not_sent, run.dispatch.purpose_id),
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
        # It never left: no attempt was used. A server that is away gets a minute; one that said
        # how long gets what it asked for.
        wait = timedelta(0) if code == "stale" or asked else timedelta(minutes=1)
        return Result(Message.State.DUE, code, tries=0, due_at=at + max(wait, asked))
    if outcome.kind is OutcomeKind.DEFERRED and message.attempts + 1 < MAX_ATTEMPTS:
        wait = timedelta(minutes=BACK_OFF_MINUTES[message.attempts])
        later = Reason.ASKED_TO_WAIT.value
        return Result(Message.State.DUE, code, reason=later, due_at=at + max(wait, asked))
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
