"""Letters leave while the rest of the recipients is still being listed."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

import pytest

from akkoord.datamap.ids import uuid7
from akkoord.delivery.outgoing import (
    MayHandOver,
    OnOutcome,
    Outcome,
    OutcomeKind,
    Outgoing,
    SendReport,
    always,
)
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages.deliver import RunReport, run_dispatch
from akkoord.messages.dispatch import pause_dispatch, resume_dispatch, start_dispatch
from akkoord.messages.fan_out import Listing
from akkoord.messages.models import Dispatch, Message, Pace
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import (
    NOW,
    make_many,
    make_organisation,
    make_source,
    make_topic,
)
from akkoord.register.models import Purpose
from akkoord.web.strips import strips

pytestmark = pytest.mark.django_db
PEOPLE = 10


def at_noon() -> datetime:
    return NOW


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch) -> Dispatch:
    """A letter to ten people, who are listed three at a time."""
    monkeypatch.setattr("akkoord.messages.deliver.STEP", 3)
    monkeypatch.setattr("akkoord.messages.deliver.LIST", 3)
    make_organisation()
    topic: Purpose = make_topic()
    make_many(PEOPLE, topic, refused=2)
    return start_dispatch(purpose=topic, source=make_source(), segment="", approved_by=None, at=NOW)


def run(
    dispatch: Dispatch, transport: object, until: Callable[[], bool] | None = None
) -> RunReport:
    return run_dispatch(
        dispatch.id,
        worker_id=uuid7(),
        transport=transport,  # type: ignore[arg-type]
        clock=at_noon,
        until=until,
    )


def listed() -> int:
    return Message.objects.count()


class Slow(MemoryTransport):
    """A server that takes its time for the first, and lets the database be used meanwhile."""

    leaves_database_alone = True
    is_busy = False

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        if not self.handed_over:
            self.is_busy = True
            time.sleep(1.5)  # no longer than the gate's answer holds
            self.is_busy = False
        return super().send_many(messages, on_outcome, may_hand_over)


class Away(MemoryTransport):
    """A server that cannot be reached."""

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        for each in messages:
            on_outcome(Outcome(each.key, OutcomeKind.NOT_HANDED, "unavailable"))
        return SendReport(unavailable="connect")


class Curious(MemoryTransport):
    """Looks at each hand-over what is listed, and does something then."""

    def __init__(self, then: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.seen: list[int] = []
        self.growing: list[bool] = []
        self.details: list[str] = []
        self.then = then

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        self.seen.append(listed())
        self.growing.append(dispatch_figures(Dispatch.objects.get().id).is_growing)
        self.details += [f"{each.total} {each.detail}" for each in strips()]
        if self.then is not None:
            self.then()
        return super().send_many(messages, on_outcome, may_hand_over)


def test_the_first_letters_leave_before_everybody_is_listed(dispatch: Dispatch) -> None:
    transport = Curious()
    run(dispatch, transport)
    assert transport.seen[0] == 3, "three were listed when the first left"
    assert transport.growing[0]
    assert transport.details[0].startswith("0 "), "no total is shown that nobody knows yet"
    found = dispatch_figures(dispatch.id, at=NOW)
    assert (found.state, found.audience, found.sent) == ("finished", PEOPLE, PEOPLE - 2)
    assert not found.is_growing
    assert len({outgoing.recipient for outgoing, _ in transport.handed_over}) == PEOPLE - 2


def test_with_a_slow_server_people_are_listed_meanwhile(
    dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = Slow()
    meanwhile: list[bool] = []
    true = Listing.step

    def watched(listing: Listing, people: int) -> bool:
        meanwhile.append(transport.is_busy)
        return true(listing, people)

    monkeypatch.setattr(Listing, "step", watched)
    run(dispatch, transport)
    assert not meanwhile[0], "the first are listed before anything leaves"
    assert sum(meanwhile) >= 2, "more than the next batch needs"
    assert dispatch_figures(dispatch.id).sent == PEOPLE - 2


def test_with_a_server_that_is_away_the_figures_are_whole(dispatch: Dispatch) -> None:
    report = run(dispatch, Away())
    assert report.unavailable == "connect"
    found = dispatch_figures(dispatch.id)
    assert (found.audience, found.due, found.is_growing) == (PEOPLE, PEOPLE - 2, False)


def test_a_pause_stops_the_list_and_going_on_finishes_it(dispatch: Dispatch) -> None:
    def pause() -> None:
        pause_dispatch(dispatch_id=dispatch.id, at=NOW, reason="")

    first = Curious(then=pause)
    run(dispatch, first)
    assert listed() == 3, "nobody was listed after the pause"
    resume_dispatch(dispatch_id=dispatch.id, at=NOW)
    second = MemoryTransport()
    run(dispatch, second)
    found = dispatch_figures(dispatch.id)
    assert (found.state, found.audience, found.sent) == ("finished", PEOPLE, PEOPLE - 2)
    recipients = [outgoing.recipient for outgoing, _ in [*first.handed_over, *second.handed_over]]
    assert len(recipients) == len(set(recipients)) == PEOPLE - 2


def test_a_worker_that_must_end_leaves_the_rest_to_the_next(dispatch: Dispatch) -> None:
    calls: list[int] = []

    def soon() -> bool:
        calls.append(1)
        return len(calls) > 2

    report = run(dispatch, MemoryTransport(), until=soon)
    assert report.next_try_at == NOW, "not everybody has a row yet"
    assert listed() < PEOPLE
    run(dispatch, MemoryTransport())
    found = dispatch_figures(dispatch.id)
    assert (found.state, found.audience, found.sent) == ("finished", PEOPLE, PEOPLE - 2)


def test_a_letter_that_is_spread_is_listed_first(dispatch: Dispatch) -> None:
    """Its pace follows from how many get it, not from the first few."""
    Dispatch.objects.filter(id=dispatch.id).update(spread_minutes=60)
    run(dispatch, MemoryTransport())
    assert listed() == PEOPLE
    assert Pace.objects.get(key=f"run:{dispatch.id}").per_hour == PEOPLE - 2
