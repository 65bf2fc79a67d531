"""Less often, counted from the letters that really left (not from those that were meant to)."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from akkoord.consent import rhythm
from akkoord.consent.models import Rhythm
from akkoord.datamap.ids import uuid7
from akkoord.delivery.outgoing import OutcomeKind
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.rhythm_rules import Rhythm as HowOften
from akkoord.messages.deliver import START, run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import (
    NOW,
    make_many,
    make_organisation,
    make_source,
    make_topic,
)
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def start(topic: Purpose, at: datetime = NOW) -> Dispatch:
    return start_dispatch(purpose=topic, source=make_source(), segment="", approved_by=None, at=at)


def deliver(dispatch: Dispatch, at: datetime, transport: MemoryTransport | None = None) -> dict:
    run_dispatch(
        dispatch.id, worker_id=uuid7(), transport=transport or MemoryTransport(), clock=lambda: at
    )
    found = dispatch_figures(dispatch.id)
    return {"sent": found.sent, **found.skipped}


def weekly(points: list[UUID], topic: Purpose, at: datetime = NOW) -> None:
    for point in points:
        rhythm.set_frequency(point_id=point, purpose_id=topic.id, at_most=HowOften.WEEK, at=at)


def test_one_letter_a_week_of_a_topic(topic: Purpose) -> None:
    points = make_many(3, topic)
    weekly(points[:2], topic)
    assert deliver(start(topic), NOW) == {"sent": 3}
    later = NOW + timedelta(days=3)
    assert deliver(start(topic, later), later) == {"sent": 1, "less-often": 2}
    later = NOW + timedelta(days=7)
    assert deliver(start(topic, later), later) == {"sent": 3}


def test_who_asks_for_less_today_had_a_letter_yesterday(topic: Purpose) -> None:
    points = make_many(2, topic)
    deliver(start(topic), NOW)
    weekly(points[:1], topic, at=NOW + timedelta(days=1))
    assert Rhythm.objects.get().not_before == NOW + timedelta(days=7)
    later = NOW + timedelta(days=2)
    assert deliver(start(topic, later), later) == {"sent": 1, "less-often": 1}


def test_a_letter_that_did_not_leave_takes_no_turn(topic: Purpose) -> None:
    (point,) = make_many(1, topic)
    weekly([point], topic)
    refusing = MemoryTransport({"p0@example.nl": (OutcomeKind.REJECTED, "550 5.7.1")})
    assert deliver(start(topic), NOW, refusing)["sent"] == 0
    assert Rhythm.objects.get().not_before is None
    assert deliver(start(topic), NOW) == {"sent": 1}


def test_inv25_of_two_letters_at_once_one_leaves(topic: Purpose) -> None:
    """Both were let through by the gate before either left; the turn is taken once."""
    from akkoord.messages import claims
    from akkoord.messages.asking import Asking
    from akkoord.messages.fan_out import fan_out

    (point,) = make_many(1, topic)
    weekly([point], topic)
    asked = []
    for dispatch in (start(topic), start(topic)):
        fan_out(dispatch.id, clock=lambda: NOW)
        asked.append(Asking.prepare(dispatch, [], "nl"))

    def take(asking: Asking) -> list[UUID]:
        taken = claims.take(asking, worker_id=uuid7(), after=START, limit=1, at=NOW)
        return [each.point_id for each in taken.going]

    # The second asks while the first letter is under way: the gate's rule says no at once; with
    # the rule blind (as for two questions in one moment) the turn itself still refuses.
    assert take(asked[0]) == [point]
    assert rhythm.take_turns([point], purpose_id=topic.id, at=NOW) == {point}
    assert take(asked[1]) == []
    row = Message.objects.get(dispatch=asked[1].dispatch)
    assert (row.state, row.reason, row.handing_at) == ("skipped", "less-often", None)


def test_a_late_turn_is_written_down_as_not_sent(topic: Purpose) -> None:
    from akkoord.messages import claims

    (point,) = make_many(1, topic)
    dispatch = start(topic)
    worker = uuid7()
    message = Message.objects.create(
        dispatch=dispatch,
        person_id=uuid7(),
        contact_point_id=point,
        state="claimed",
        claimed_at=NOW,
        claimed_by=worker,
        evidence_id=uuid7(),
        handing_at=NOW,
        due_at=NOW,
    )
    assert claims.skip_late([message.id], worker_id=worker, at=NOW) == 1
    message.refresh_from_db()
    assert (message.state, message.reason, message.handing_at) == ("skipped", "less-often", None)


def test_a_paused_person_gets_nothing_and_is_counted(topic: Purpose) -> None:
    points = make_many(2, topic)
    rhythm.pause(point_id=points[0], until=date(2026, 12, 24), at=NOW)
    assert deliver(start(topic), NOW) == {"sent": 1, "paused": 1}
