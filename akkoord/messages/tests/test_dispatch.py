"""A dispatch from start to end, with a transport in memory."""

from datetime import datetime, timedelta

import pytest

from akkoord.consent.models import Standing, Suppression
from akkoord.datamap.ids import uuid7
from akkoord.delivery.outgoing import OutcomeKind
from akkoord.delivery.transports import MailboxTransport, MemoryTransport
from akkoord.messages import claims, closing
from akkoord.messages.asking import Asking
from akkoord.messages.deliver import START, run_dispatch
from akkoord.messages.dispatch import (
    DispatchRefused,
    cancel_dispatch,
    pause_dispatch,
    resume_dispatch,
    start_dispatch,
)
from akkoord.messages.fan_out import fan_out
from akkoord.messages.liveness import seen_alive
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import (
    NOW,
    give,
    make_many,
    make_organisation,
    make_point,
    make_source,
    make_topic,
)
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.queries import RULE_VERSION
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db


def at_noon() -> datetime:
    return NOW


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def start(topic: Purpose, **values: object) -> Dispatch:
    return start_dispatch(
        purpose=topic, source=make_source(**values), segment="", approved_by=None, at=NOW
    )


def run(
    dispatch: Dispatch, transport: object, clock: object = at_noon, **options: object
) -> object:
    return run_dispatch(
        dispatch.id,
        worker_id=uuid7(),
        transport=transport,
        clock=clock,
        **options,  # type: ignore[arg-type]
    )


def test_everybody_is_accounted_for_and_refusals_are_rows(topic: Purpose) -> None:
    make_many(12, topic, refused=5)
    transport = MemoryTransport()
    dispatch = start(topic)
    run(dispatch, transport)
    found = dispatch_figures(dispatch.id, at=NOW)
    assert (found.state, found.audience, found.sent) == ("finished", 12, 7)
    assert found.skipped == {"withdrawn": 5}
    assert len({outgoing.recipient for outgoing, _ in transport.handed_over}) == 7


def test_inv01_every_message_carries_its_evidence(topic: Purpose) -> None:
    make_many(3, topic)
    dispatch = start(topic)
    run(dispatch, MemoryTransport())
    for message in Message.objects.filter(dispatch=dispatch):
        standing = Standing.objects.get(contact_point_id=message.contact_point_id)
        assert message.evidence_id == standing.event_id
        assert message.rule_version == RULE_VERSION
        assert message.content_hash == dispatch.content_hash


def test_inv02_and_inv04_no_standing_and_suppression_are_refused(topic: Purpose) -> None:
    make_point("nobody@example.nl")
    blocked = make_point("blocked@example.nl")
    give(blocked, topic)
    Suppression.objects.create(
        keyed_hash=blocked.keyed_hash,
        channel="email",
        scope=Suppression.ALL_MARKETING,
        reason="objection",
        since=NOW,
        review_on=NOW.date(),
    )
    transport = MemoryTransport()
    dispatch = start(topic)
    run(dispatch, transport)
    assert dispatch_figures(dispatch.id).skipped == {"no-basis": 1, "suppressed": 1}
    assert not transport.handed_over


def test_inv21_and_inv22_ways_out_stand_in_every_mail(topic: Purpose) -> None:
    make_many(1, topic)
    transport = MemoryTransport()
    run(start(topic), transport)
    raw = transport.handed_over[0][1]
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert b"List-Unsubscribe: <http://127.0.0.1:8000/u/" in head
    assert b"<mailto:uitschrijven+" in head
    assert b"Dorpsstraat 1" in body
    assert b"Afmelden" in body


def test_inv25_withdrawal_between_queueing_and_hand_over_stops_it(topic: Purpose) -> None:
    points = make_many(4, topic)
    dispatch = start(topic)
    fan_out(dispatch.id, clock=at_noon)
    assert dispatch_figures(dispatch.id).due == 4
    Standing.objects.filter(contact_point_id=points[1]).update(state="withdrawn")
    transport = MemoryTransport()
    run(dispatch, transport)
    found = dispatch_figures(dispatch.id)
    assert (found.sent, found.skipped) == (3, {"withdrawn": 1})
    assert "p1@example.nl" not in {outgoing.recipient for outgoing, _ in transport.handed_over}


def test_inv25_a_late_gate_check_sends_nothing(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_many(2, topic)
    dispatch = start(topic)
    # The machine slept between the check and the hand-over.
    monkeypatch.setattr("akkoord.messages.deliver.monotonic", lambda: -3600.0)
    transport = MemoryTransport()
    asked: list[int] = []
    run(dispatch, transport, until=lambda: asked.append(1) or len(asked) > 4)  # type: ignore[func-returns-value]
    found = dispatch_figures(dispatch.id)
    assert (found.due, found.sent, found.claimed) == (2, 0, 0)
    assert not transport.handed_over


def test_one_letter_for_somebody_with_two_addresses(topic: Purpose) -> None:
    first = make_point("old@example.nl")
    second = make_point("new@example.nl", first.person)
    give(second, topic)
    transport = MemoryTransport()
    dispatch = start(topic)
    run(dispatch, transport)
    assert [outgoing.recipient for outgoing, _ in transport.handed_over] == ["new@example.nl"]
    assert dispatch_figures(dispatch.id).audience == 1


def test_somebody_erased_after_fan_out_is_skipped(topic: Purpose) -> None:
    points = make_many(2, topic)
    dispatch = start(topic)
    fan_out(dispatch.id, clock=at_noon)
    Message.objects.filter(contact_point_id=points[0]).update(person_id=None, contact_point_id=None)
    ContactPoint.objects.filter(id=points[0]).delete()
    run(dispatch, MemoryTransport())
    assert dispatch_figures(dispatch.id).skipped == {"person-gone": 1}


def test_pause_resume_cancel(topic: Purpose) -> None:
    make_many(6, topic)
    dispatch = start(topic)
    fan_out(dispatch.id, clock=at_noon)
    assert pause_dispatch(dispatch_id=dispatch.id, at=NOW).due == 6
    transport = MemoryTransport()
    run(dispatch, transport)
    assert not transport.handed_over
    assert resume_dispatch(dispatch_id=dispatch.id, at=NOW).state == "running"
    cancel_dispatch(dispatch_id=dispatch.id, at=NOW)
    run(dispatch, transport)
    found = dispatch_figures(dispatch.id)
    assert (found.state, found.skipped, found.sent) == ("cancelled", {"campaign-cancelled": 6}, 0)


class PausesAfterTheFirst(MemoryTransport):
    """Somebody presses Pause while the first mails leave."""

    def __init__(self, dispatch: Dispatch) -> None:
        super().__init__()
        self.dispatch = dispatch

    def send_many(self, *arguments: object) -> object:  # type: ignore[override]
        report = super().send_many(*arguments)  # type: ignore[arg-type]
        pause_dispatch(dispatch_id=self.dispatch.id, at=NOW)
        return report


def test_pause_in_the_middle_gives_claims_back(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.messages.deliver.HAND_OVER", 2)
    make_many(5, topic)
    dispatch = start(topic)
    run(dispatch, PausesAfterTheFirst(dispatch))
    found = dispatch_figures(dispatch.id)
    assert (found.claimed, found.sent, found.due) == (0, 2, 3)


def test_refused_addresses_fail_and_are_marked(topic: Purpose) -> None:
    make_many(3, topic)
    transport = MemoryTransport(
        {
            "p0@example.nl": (OutcomeKind.REJECTED, "550 5.1.1"),
            "p1@example.nl": (OutcomeKind.UNCERTAIN, "lost"),
        }
    )
    dispatch = start(topic)
    run(dispatch, transport)
    found = dispatch_figures(dispatch.id)
    assert (found.failed, found.uncertain, found.sent, found.state) == (1, 1, 1, "finished")
    dead = ContactPoint.objects.get(value="p0@example.nl")
    assert (dead.undeliverable_at, dead.undeliverable_why) == (NOW, "550 5.1.1")


def test_deferred_comes_back_later_and_fails_at_last(topic: Purpose) -> None:
    make_many(1, topic)
    transport = MemoryTransport({"p0@example.nl": (OutcomeKind.DEFERRED, "451 4.7.1")})
    dispatch = start(topic)
    now = [NOW]
    tries = 0
    while Message.objects.get().state == "due" if tries else True:
        report = run(dispatch, transport, clock=lambda: now[0])
        tries += 1
        if report.next_try_at is not None:  # type: ignore[attr-defined]
            assert report.next_try_at > now[0]  # type: ignore[attr-defined]
            now[0] = report.next_try_at  # type: ignore[attr-defined]
    assert tries == 8
    assert Message.objects.get().state == "failed"
    assert dispatch_figures(dispatch.id).state == "finished"


def test_a_changed_message_is_paused_not_sent(topic: Purpose) -> None:
    make_many(1, topic)
    dispatch = start(topic)
    changed = {**dispatch.template, "body": "Something else"}
    Dispatch.objects.filter(id=dispatch.id).update(template=changed)
    transport = MemoryTransport()
    run(dispatch, transport)
    found = dispatch_figures(dispatch.id)
    assert (found.state, found.pause_reason) == ("paused", "content-changed")
    assert not transport.handed_over


def test_a_field_outside_the_purpose_does_not_start(topic: Purpose) -> None:
    with pytest.raises(CompileError) as refused:
        start(topic, body="U woont in {{ city | default: 'Nederland' }}.")
    assert refused.value.code == "field-outside-purpose"
    assert "topic" in refused.value.explanation or "onderwerp" in refused.value.explanation


def test_mail_may_not_leave_without_a_public_address(topic: Purpose, settings: object) -> None:
    settings.SMTP_URL = "smtp://mail.example.org:25"  # type: ignore[attr-defined]
    with pytest.raises(DispatchRefused) as refused:
        start(topic)
    assert refused.value.code == "not-public-url"


def test_a_lost_worker_leaves_due_or_uncertain(topic: Purpose) -> None:
    make_many(3, topic)
    dispatch = start(topic)
    fan_out(dispatch.id, clock=at_noon)
    worker = uuid7()
    asking = Asking.prepare(dispatch, ["first_name"], "nl")
    first = claims.take(asking, worker_id=worker, after=START, limit=1, at=NOW)
    assert (first.decided, first.going[0].values) == (1, {"first_name": "Anna"})
    ahead = claims.take(
        asking, worker_id=worker, after=first.place, limit=2, at=NOW + timedelta(seconds=1)
    )
    assert ahead.decided == 2
    assert claims.begin(first.going, worker_id=worker, at=NOW)
    with seen_alive(worker):  # it hangs: only the leases tell
        assert closing.release_lost(at=NOW) == {"due": 0, "uncertain": 0}
        assert closing.release_lost(at=NOW + timedelta(minutes=6)) == {"due": 2, "uncertain": 0}
    assert closing.release_lost(at=NOW) == {"due": 0, "uncertain": 1}, "gone: it is seen at once"
    assert not claims.begin(ahead.going, worker_id=worker, at=NOW), "woken up too late"
    transport = MemoryTransport()
    run(dispatch, transport, clock=lambda: NOW + timedelta(minutes=16))
    found = dispatch_figures(dispatch.id)
    assert (found.sent, found.uncertain, found.state) == (2, 1, "finished")


def test_fan_out_in_steps_and_again_adds_nobody_twice(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.messages.fan_out.STEP", 3)
    make_many(10, topic, refused=2)
    dispatch = start(topic)
    assert fan_out(dispatch.id, clock=at_noon)
    Dispatch.objects.update(fanned_out_at=None)
    assert fan_out(dispatch.id, clock=at_noon)
    assert Message.objects.count() == 10 == Person.objects.count()


def test_the_built_in_mailbox_takes_a_dispatch(topic: Purpose) -> None:
    from akkoord.delivery.models import MailboxMessage

    make_many(3, topic)
    dispatch = start(topic)
    run(dispatch, MailboxTransport())
    assert MailboxMessage.objects.count() == 3
    assert dispatch_figures(dispatch.id).sent == 3
