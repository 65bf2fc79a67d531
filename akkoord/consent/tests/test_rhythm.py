"""A pause and less often: they take away, for exactly as long as was asked."""

from datetime import date, datetime, timedelta

import pytest

from akkoord.consent import rhythm
from akkoord.consent.device_link import link_device
from akkoord.consent.models import Rhythm
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests.factories import NOW, make_organisation, make_point, make_topic
from akkoord.consent.tests.test_devices import allow, browser, make_page, may
from akkoord.law.reasons import Reason
from akkoord.law.rhythm_rules import Rhythm as HowOften
from akkoord.people.models import ContactPoint
from akkoord.permission import queries
from akkoord.permission.tests.factories import give
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


@pytest.fixture
def point(topic: Purpose) -> ContactPoint:
    point = make_point()
    give(point, topic)
    return point


def reason(point: ContactPoint, topic: Purpose, at: datetime) -> Reason | None:
    answer = queries.ask([point.id], topic, "email", at=at)[point.id]
    first = queries.first_refusal(queries.explain(point.person, topic, "email", at=at))
    found = queries.audience(topic, "email", at=at).filter(id=point.id).exists()
    assert answer.allowed == found == (first is None)
    assert answer.reason == (first.reason if first else None)
    return answer.reason


def test_a_pause_holds_until_its_day_begins_here(point: ContactPoint, topic: Purpose) -> None:
    other = make_topic("offers")
    give(point, other)
    end = rhythm.pause(point_id=point.id, until=date(2026, 12, 24), at=NOW, purpose_id=topic.id)
    assert reason(point, topic, NOW) is Reason.PAUSED
    assert reason(point, topic, end - timedelta(seconds=1)) is Reason.PAUSED
    assert reason(point, topic, end) is None
    assert reason(point, other, NOW) is None
    rhythm.pause(point_id=point.id, until=date(2026, 12, 1), at=NOW)  # everything
    assert reason(point, other, NOW) is Reason.PAUSED
    rhythm.resume(point_id=point.id, at=NOW)
    rhythm.resume(point_id=point.id, at=NOW, purpose_id=topic.id)
    assert reason(point, other, NOW) is reason(point, topic, NOW) is None
    assert not Rhythm.objects.exists()


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2026, 11, 24), Reason.IMPOSSIBLE_TIME),
        (date(2027, 5, 25), Reason.PAUSE_TOO_LONG),
    ],
)
def test_a_pause_of_nothing_or_for_ever_is_refused(
    point: ContactPoint, until: date, why: Reason
) -> None:
    with pytest.raises(ConsentRefused) as refused:
        rhythm.pause(point_id=point.id, until=until, at=NOW)
    assert refused.value.reason is why
    assert not Rhythm.objects.exists()


def test_a_withdrawal_beats_a_pause(point: ContactPoint, topic: Purpose) -> None:
    rhythm.pause(point_id=point.id, until=date(2026, 12, 24), at=NOW)
    point.standings.update(state="withdrawn")
    assert reason(point, topic, NOW) is Reason.WITHDRAWN
    rhythm.resume(point_id=point.id, at=NOW)
    assert reason(point, topic, NOW) is Reason.WITHDRAWN


def test_less_often_counts_from_what_left(point: ContactPoint, topic: Purpose) -> None:
    rhythm.set_frequency(point_id=point.id, purpose_id=topic.id, at_most=HowOften.WEEK, at=NOW)
    assert reason(point, topic, NOW) is None  # nothing left yet
    assert rhythm.take_turns([point.id], purpose_id=topic.id, at=NOW) == set()
    assert rhythm.take_turns([point.id], purpose_id=topic.id, at=NOW) == {point.id}
    assert reason(point, topic, NOW + timedelta(days=6)) is Reason.LESS_OFTEN
    assert reason(point, topic, NOW + timedelta(days=7)) is None
    assert rhythm.give_turns_back([point.id], purpose_id=topic.id) == 1
    assert reason(point, topic, NOW) is None
    rhythm.set_frequency(point_id=point.id, purpose_id=topic.id, at_most=None, at=NOW)
    assert not Rhythm.objects.exists()


def test_past_pauses_go_and_frequencies_stay(point: ContactPoint, topic: Purpose) -> None:
    rhythm.set_frequency(point_id=point.id, purpose_id=topic.id, at_most=HowOften.MONTH, at=NOW)
    rhythm.pause(point_id=point.id, until=date(2026, 12, 1), at=NOW, purpose_id=topic.id)
    rhythm.pause(point_id=point.id, until=date(2026, 12, 1), at=NOW)
    assert rhythm.forget_past_pauses(at=NOW) == 0
    assert rhythm.forget_past_pauses(at=NOW + timedelta(days=30)) == 2
    left = Rhythm.objects.get()
    assert (left.at_most, left.paused_until) == ("month", None)


def test_everything_paused_keeps_the_devices_still_too(topic: Purpose) -> None:
    """What begins beside the mailbox holds on each device, also on one that is linked later."""
    urgent = make_topic("urgent", channels=("email", "push"))
    shown, mailbox = make_page(urgent), make_point()
    first, second = allow(shown, browser("p-1")), allow(shown, browser("p-2"))
    assert link_device(device_id=first.id, mailbox_id=mailbox.id, at=NOW)
    until = date(2026, 12, 24)
    rhythm.pause(point_id=mailbox.id, until=until, at=NOW, purpose_id=urgent.id)
    assert may(first, urgent)  # a topic pauses over the way it was asked for
    end = rhythm.pause(point_id=mailbox.id, until=until, at=NOW)
    assert not may(first, urgent)
    assert may(second, urgent)  # somebody else's, as far as anybody knows
    assert link_device(device_id=second.id, mailbox_id=mailbox.id, at=NOW)
    assert not may(second, urgent)
    assert may(second, urgent, at=end)
    rhythm.resume(point_id=mailbox.id, at=NOW)
    assert may(first, urgent)
    assert may(second, urgent)
