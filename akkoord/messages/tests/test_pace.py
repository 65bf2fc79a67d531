"""Slowly when asked: spread, night, limits of a sender, and a provider that asks for patience."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from akkoord.datamap.ids import uuid7
from akkoord.delivery.outgoing import OutcomeKind
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import smtp_server
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import cancel_dispatch, pause_dispatch, resume_dispatch
from akkoord.messages.dispatch import start_dispatch as start
from akkoord.messages.models import DayUse, Dispatch, DomainRule, Message, Pace
from akkoord.messages.outlook import expected_end, outlook
from akkoord.messages.pace import forget_old_limits
from akkoord.messages.pace_actions import set_pace
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
DOMAIN = "fietsen.example.nl"  # of the letter
NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)


def started(count: int, **more: object) -> Dispatch:
    make_organisation()
    topic = make_topic()
    make_many(count, topic)
    return start(
        purpose=topic,
        source=make_source(),
        segment="",
        approved_by=None,
        at=NOON,
        **more,  # type: ignore[arg-type]
    )


def run(
    dispatch: Dispatch, at: datetime, transport: MemoryTransport | SmtpPool | None = None
) -> DispatchFigures:
    run_dispatch(
        dispatch.id,
        worker_id=uuid7(),
        transport=transport or MemoryTransport(),
        clock=lambda: at,
    )
    return dispatch_figures(dispatch.id, at=at)


def accounted(found: DispatchFigures) -> bool:
    done = found.sent + found.failed + found.uncertain + sum(found.skipped.values())
    return done + found.due + found.claimed == found.audience


def decide(per_hour: int | None = None, *, is_new: bool = False, at: datetime = NOON) -> None:
    set_pace(domain=DOMAIN, per_hour=per_hour, is_new=is_new, at=at, actor=Actor.system())


# ---- spread


def test_spread_evenly_minute_by_minute() -> None:
    dispatch = started(120, spread_minutes=60)
    sent = [run(dispatch, NOON + timedelta(minutes=minute)).sent for minute in range(62)]
    assert sent[0] == 1
    assert all(after - before in (1, 2, 3) for before, after in pairwise(sent[:59]))
    assert 58 <= sent[29] <= 62
    assert sent[-1] == 120
    assert dispatch_figures(dispatch.id).state == "finished"


def test_spread_says_what_it_waits_for_and_when_it_ends() -> None:
    dispatch = started(60, spread_minutes=120)
    found = run(dispatch, NOON)
    assert (found.sent, found.due, found.waits_for) == (1, 59, "spread")
    assert found.waits_until is not None
    end = expected_end(Dispatch.objects.get(), found.due, at=NOON)
    assert end is not None
    assert timedelta(minutes=110) < end - NOON < timedelta(minutes=121)


def test_after_hours_of_silence_it_goes_on_evenly_and_not_all_at_once() -> None:
    dispatch = started(120, spread_minutes=60)
    run(dispatch, NOON)
    assert run(dispatch, NOON + timedelta(hours=5)).sent <= 1 + 4


def test_a_pause_in_a_spread_and_a_stop_keep_the_count() -> None:
    dispatch = started(120, spread_minutes=60)
    for minute in range(10):
        run(dispatch, NOON + timedelta(minutes=minute))
    before = dispatch_figures(dispatch.id)
    pause_dispatch(dispatch_id=dispatch.id, at=NOON)
    assert run(dispatch, NOON + timedelta(minutes=30)).sent == before.sent
    resume_dispatch(dispatch_id=dispatch.id, at=NOON + timedelta(minutes=40))
    after = run(dispatch, NOON + timedelta(minutes=40))
    assert before.sent < after.sent <= before.sent + 4
    cancel_dispatch(dispatch_id=dispatch.id, at=NOON)
    last = run(dispatch, NOON + timedelta(minutes=41))
    assert last.skipped == {"campaign-cancelled": 120 - after.sent}
    assert accounted(last)


def test_nothing_leaves_at_night() -> None:
    dispatch = started(5, rests_at_night=True)
    evening = datetime(2026, 12, 1, 20, 30, tzinfo=UTC)  # 21:30 in Amsterdam
    found = run(dispatch, evening)
    assert (found.sent, found.waits_for) == (0, "night")
    assert found.waits_until == datetime(2026, 12, 2, 7, tzinfo=UTC)
    assert run(dispatch, datetime(2026, 12, 2, 7, tzinfo=UTC)).sent == 5


# ---- the sender's own limits


def test_at_most_so_many_an_hour_over_all_letters() -> None:
    dispatch = started(200)
    other = start(
        purpose=dispatch.purpose,
        source=make_source(subject="Nog een"),
        segment="",
        approved_by=None,
        at=NOON,
    )
    decide(120)
    for minute in range(30):
        for each in (dispatch, other):
            run(each, NOON + timedelta(minutes=minute))
    sent = Message.objects.filter(state="sent").count()
    assert 50 <= sent <= 63
    assert dispatch_figures(dispatch.id).waits_for == "throttle"
    decide(None)
    assert run(dispatch, NOON + timedelta(minutes=31)).sent == 200


def test_a_new_domain_begins_small_and_goes_on_the_next_day_by_itself() -> None:
    dispatch = started(800)
    decide(is_new=True)
    assert outlook(DOMAIN, 800, at=NOON).days == 3
    found = run(dispatch, NOON)
    assert (found.sent, found.waits_for) == (200, "warm-up")
    assert found.waits_until == datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert run(dispatch, NOON + timedelta(hours=8)).sent == 200
    assert run(dispatch, NOON + timedelta(days=1)).sent == 700
    last = run(dispatch, NOON + timedelta(days=2))
    assert (last.sent, last.state) == (800, "finished")
    assert DayUse.objects.get(day=date(2026, 12, 3)).used == 100


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_limit() -> None:
    dispatch = started(400)
    decide(is_new=True)
    problems: list[BaseException] = []

    def work() -> None:
        try:
            run(dispatch, NOON)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not problems
    found = dispatch_figures(dispatch.id)
    assert found.sent <= 200
    assert run(dispatch, NOON).sent == 200
    assert accounted(found)


# ---- providers


def move(count: int, domain: str) -> None:
    """So many people have their mailbox at another provider."""
    for point in ContactPoint.objects.order_by("id")[:count]:
        address = point.value.replace("example.nl", domain)
        ContactPoint.objects.filter(id=point.id).update(value=address, normalised=address)


@pytest.mark.django_db(transaction=True)
def test_a_provider_that_asks_for_patience_is_slowed_and_the_others_are_not() -> None:
    dispatch = started(300)
    move(100, "traag.example.org")
    busy = True

    def answer(recipient: str, _count: int) -> str:
        if busy and "traag" in recipient:
            return "451 4.7.1 too fast"
        return "250 2.1.5 ok"

    now = timezone.now()
    with smtp_server(rcpt=answer) as server:
        pool = SmtpPool(server.url, connections=3)
        found = run(dispatch, now, pool)
        assert found.sent == 200
        assert set(found.waiting) <= {"asked-to-wait", "domain-slowed"}
        assert sum(found.waiting.values()) == found.due == 100
        assert found.uncertain == 0
        assert Pace.objects.filter(key="to:traag.example.org").exists()
        assert not Pace.objects.filter(key="to:example.nl").exists()
        busy = False
        for minute in range(1, 150):
            found = run(dispatch, now + timedelta(minutes=minute), pool)
            if found.state == "finished":
                break
        pool.close()
        got = Counter(to for _from, to, _content in server.accepted)
        assert (found.sent, found.failed, found.uncertain) == (300, 0, 0)
        assert set(got.values()) == {1}
        assert len(got) == 300


def test_slowed_more_while_it_asks_and_free_again_in_the_end() -> None:
    dispatch = started(4)
    late = MemoryTransport(
        {f"p{n}@example.nl": (OutcomeKind.DEFERRED, "421 4.7.0") for n in range(4)}
    )
    run(dispatch, NOON, late)
    first = Pace.objects.get(key="to:example.nl").per_hour
    Message.objects.update(due_at=NOON)
    run(dispatch, NOON + timedelta(minutes=2), late)
    assert Pace.objects.get(key="to:example.nl").per_hour == first / 2
    Pace.objects.update(per_hour=19_000.0, changed_at=NOON)
    Message.objects.update(due_at=NOON)
    assert run(dispatch, NOON + timedelta(minutes=9)).sent == 4
    assert not Pace.objects.filter(key="to:example.nl").exists()


def test_a_full_mailbox_slows_nobody() -> None:
    dispatch = started(4)
    run(dispatch, NOON, MemoryTransport({"p1@example.nl": (OutcomeKind.DEFERRED, "452 4.2.2")}))
    assert not Pace.objects.filter(key__startswith="to:").exists()
    assert dispatch_figures(dispatch.id).waiting == {"asked-to-wait": 1}


def test_inv25_a_letter_that_waits_for_its_provider_is_asked_again() -> None:
    """It holds no evidence meanwhile; who withdraws gets nothing."""
    dispatch = started(10)
    Pace.objects.create(key="to:example.nl", per_hour=60.0, free_at=NOON, changed_at=NOON)
    found = run(dispatch, NOON)
    assert found.waiting == {"domain-slowed": found.due}
    assert found.due >= 9
    waiting = Message.objects.filter(state="due")
    assert not waiting.exclude(evidence_id=None, claimed_by=None, handing_at=None).exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consent_standing SET state = 'withdrawn'")
    later = run(dispatch, NOON + timedelta(hours=3))
    assert later.sent == found.sent
    assert later.skipped == {"withdrawn": found.due}
    assert accounted(later)


def test_old_limits_are_forgotten() -> None:
    for key in ("to:a.example", "run:x", "from:b.example"):
        Pace.objects.create(key=key, per_hour=60.0, free_at=NOON, changed_at=NOON)
    DomainRule.objects.create(domain="b.example", changed_at=NOON)
    forget_old_limits(at=NOON + timedelta(days=2))
    assert set(Pace.objects.values_list("key", flat=True)) == {"run:x", "from:b.example"}
    forget_old_limits(at=NOON + timedelta(days=100))
    assert set(Pace.objects.values_list("key", flat=True)) == {"from:b.example"}
