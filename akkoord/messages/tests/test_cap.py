"""At most so many letters to one person, whoever sends and however many workers there are."""

import contextlib
import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.message_kinds import MessageKind
from akkoord.messages import cap, deliver
from akkoord.messages.cap import Cap, over_cap, set_cap
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.models import Dispatch, Message, SendingRules
from akkoord.messages.preflight import preflight
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


def make_world(count: int = 4) -> Purpose:
    make_organisation()
    topic = make_topic()
    make_many(count, topic)
    return topic


def decide(messages: int | None, days: int = 7) -> None:
    set_cap(messages=messages, days=days, at=timezone.now(), actor=Actor.system())


def start(topic: Purpose, *, at: datetime | None = None, **more: object) -> Dispatch:
    return start_dispatch(
        purpose=topic,
        source=make_source(),
        segment="",
        approved_by=None,
        at=at or timezone.now(),
        **more,  # type: ignore[arg-type]
    )


def send(topic: Purpose, *, at: datetime | None = None, **more: object) -> Dispatch:
    dispatch = start(topic, at=at, **more)
    moment = at or timezone.now()
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport(), clock=lambda: moment)
    return dispatch


def test_without_a_limit_every_letter_goes() -> None:
    topic = make_world()
    for _ in range(3):
        assert dispatch_figures(send(topic).id).sent == 4


def test_the_next_letter_is_skipped_with_its_reason_and_goes_again_later() -> None:
    topic, now = make_world(), timezone.now()
    decide(2, days=7)
    assert dispatch_figures(send(topic, at=now).id).sent == 4
    assert dispatch_figures(send(topic, at=now).id).sent == 4
    third = send(topic, at=now)
    assert dispatch_figures(third.id).skipped == {"enough-lately": 4}
    assert dispatch_figures(third.id).state == "finished"
    assert dispatch_figures(send(topic, at=now + timedelta(days=6)).id).sent == 0
    assert dispatch_figures(send(topic, at=now + timedelta(days=8)).id).sent == 4


def test_it_counts_over_all_topics() -> None:
    topic, now = make_world(), timezone.now()
    other = make_topic("acties")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_standing SELECT (s).* FROM ("
            " SELECT jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),"
            " 'purpose_id', %s)) AS s FROM consent_standing s) AS copied",
            [str(other.id)],
        )
    decide(1)
    assert dispatch_figures(send(topic, at=now).id).sent == 4
    assert dispatch_figures(send(other, at=now).id).skipped == {"enough-lately": 4}


@pytest.mark.parametrize("kind", [MessageKind.CONSENT_RENEWAL, MessageKind.CONSENT_REMINDER])
def test_messages_of_the_law_neither_count_nor_wait(kind: MessageKind) -> None:
    topic = make_world()
    decide(1)
    for _ in range(2):
        assert dispatch_figures(send(topic, kind=kind).id).sent == 4
    assert dispatch_figures(send(topic).id).sent == 4
    assert dispatch_figures(send(topic, kind=kind).id).sent == 4


def test_what_failed_or_was_refused_does_not_count() -> None:
    topic = make_world()
    decide(1)
    Message.objects.filter(dispatch=send(topic)).update(state="failed")
    assert dispatch_figures(send(topic).id).sent == 4


def test_what_may_have_arrived_counts() -> None:
    topic = make_world()
    decide(1)
    Message.objects.filter(dispatch=send(topic)).update(state="uncertain")
    assert dispatch_figures(send(topic).id).skipped == {"enough-lately": 4}


def test_the_check_before_sending_says_how_many() -> None:
    topic, now = make_world(), timezone.now()
    decide(1)
    send(topic, at=now)
    one = ContactPoint.objects.order_by("id").first()
    Message.objects.filter(person_id=one.person_id).update(state="failed")  # type: ignore[union-attr]
    found = preflight(purpose=topic, source=make_source(), segment="", at=now)
    assert (found.selected, found.may_be_mailed) == (4, 1)
    assert {str(reason): count for reason, count in found.reasons.items()} == {"enough-lately": 3}


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingRules.objects.create(id=1, cap_messages=0)


@pytest.mark.django_db(transaction=True)
def test_counting_needs_the_lock_of_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        over_cap([uuid7()], Cap(1, 7), at=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [1, 2])
def test_letters_at_once_by_many_workers_never_give_one_person_too_many(
    monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Each worker holds a batch of its own letter for the same people before anybody decides."""
    monkeypatch.setattr(deliver, "FIRST", 20)
    topic = make_world(60)
    decide(limit)
    dispatches = [start(topic) for _ in range(4)]
    gate = threading.Barrier(len(dispatches))
    original = cap.over_cap

    def all_at_once(ids: set[UUID], limits: Cap, *, at: datetime) -> set[UUID]:
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(1)
        return original(ids, limits, at=at)

    monkeypatch.setattr("akkoord.messages.claims.over_cap", all_at_once)
    problems: list[BaseException] = []

    def work(dispatch: Dispatch) -> None:
        try:
            run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport())
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(each,)) for each in dispatches]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not problems
    had: dict[UUID | None, int] = {}
    for person in Message.objects.filter(state="sent").values_list("person_id", flat=True):
        had[person] = had.get(person, 0) + 1
    assert set(had.values()) == {limit}
    assert len(had) == 60
    for dispatch in dispatches:
        found = dispatch_figures(dispatch.id)
        assert found.sent + sum(found.skipped.values()) == found.audience == 60
