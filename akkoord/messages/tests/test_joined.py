"""Letters on their way to two records that turn out to be one: once, whatever the moment."""

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone, translation

from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages import deliver, fan_out
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people import joining_steps
from akkoord.people.joining import Choices, JoinRefused, join_people, part_people
from akkoord.people.joining_steps import JoinStep
from akkoord.people.models import ContactPoint, Joining, Person
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

ME = Actor.system()


def start(topic: Purpose) -> Dispatch:
    return start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
    )


def join(old: UUID, new: UUID, at: datetime | None = None) -> Joining:
    return join_people(old_id=old, new_id=new, choices=Choices(), at=at or timezone.now(), actor=ME)


def two(topic: Purpose) -> list[UUID]:
    points = make_many(2, topic)
    return [ContactPoint.objects.get(id=each).person_id for each in points]


@pytest.mark.django_db
def test_a_letter_that_waits_for_both_goes_to_one_of_them() -> None:
    make_organisation()
    topic = make_topic()
    one, other = two(topic)
    dispatch = start(topic)
    fan_out.fan_out(dispatch.id)
    done = join(one, other)
    states = set(Message.objects.values_list("state", "reason"))
    assert states == {("due", ""), ("skipped", "duplicate-in-campaign")}
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport())
    assert dispatch_figures(dispatch.id).sent == 1
    part_people(joining_id=done.id, at=timezone.now(), actor=ME)
    assert dispatch_figures(dispatch.id).sent == 1  # the letter has left: nobody gets it late


@pytest.mark.django_db
def test_two_people_after_all_both_get_a_letter_that_still_leaves() -> None:
    make_organisation()
    topic = make_topic()
    one, other = two(topic)
    dispatch = start(topic)
    fan_out.fan_out(dispatch.id)
    done = join(one, other)
    part_people(joining_id=done.id, at=timezone.now(), actor=ME)
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport())
    assert dispatch_figures(dispatch.id).sent == 2
    assert set(Message.objects.values_list("person_id", flat=True)) == {one, other}


@pytest.mark.django_db
def test_nobody_is_joined_while_their_letter_is_leaving_or_being_made_ready() -> None:
    make_organisation()
    topic = make_topic()
    one, other = two(topic)
    dispatch = start(topic)
    fan_out.fan_out(dispatch.id)
    Message.objects.update(state="claimed", claimed_at=timezone.now(), claimed_by=uuid7())
    with translation.override("en"):
        with pytest.raises(JoinRefused, match="leaving to both"):
            join(one, other)
        Message.objects.update(state="due", claimed_at=None, claimed_by=None)
        Dispatch.objects.update(fanned_out_at=None)
        with pytest.raises(JoinRefused, match="being made ready"):
            join(one, other)
    assert Person.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("is_paused", [False, True])
def test_a_join_in_the_middle_of_a_listing_leaves_nobody_out(*, is_paused: bool) -> None:
    """Whoever was passed without a yes would not get what the other's yes gives them."""
    make_organisation()
    topic = make_topic()
    make_many(4, topic)
    ids = list(Person.objects.order_by("id").values_list("id", flat=True))
    bare = Person.objects.create(
        id=UUID(int=ids[0].int + 1), created_at=timezone.now(), updated_at=timezone.now()
    )
    dispatch = start(topic)
    listing = fan_out.Listing(dispatch.id)
    listing.step(3)  # past the one without a yes, and not at the last one yet
    assert Message.objects.count() == 2
    if is_paused:
        Dispatch.objects.update(state=Dispatch.State.PAUSED)
    with pytest.raises(JoinRefused):
        join(ids[3], bare.id)
    Dispatch.objects.update(state=Dispatch.State.RUNNING)
    while not listing.is_whole:
        listing.step(3)
    join(ids[3], bare.id)
    assert Message.objects.filter(state="due", person_id=bare.id).count() == 1
    assert Message.objects.filter(state="due").count() == 4


@pytest.mark.django_db
def test_a_letter_that_is_paused_halfway_holds_up_nobody_whom_it_did_not_pass() -> None:
    make_organisation()
    topic = make_topic()
    make_many(5, topic)
    ids = list(Person.objects.order_by("id").values_list("id", flat=True))
    dispatch = start(topic)
    listing = fan_out.Listing(dispatch.id)
    listing.step(2)
    Dispatch.objects.update(state=Dispatch.State.PAUSED)
    join(ids[4], ids[3])
    Dispatch.objects.update(state=Dispatch.State.RUNNING)
    while not listing.is_whole:
        listing.step(2)
    assert Message.objects.filter(state="due").count() == 4


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Do these at the same time, each with a connection of its own; what went wrong."""
    problems: list[BaseException] = []

    def safely(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=safely, args=(each,)) for each in works]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    return problems


def join_until(pairs: list[tuple[UUID, UUID]]) -> None:
    """Join each pair, trying again while a letter is in the way."""
    for old, new in pairs:
        for _try in range(500):
            with contextlib.suppress(JoinRefused):
                join(old, new)
                break
        else:
            raise AssertionError("never joined")


@pytest.mark.django_db(transaction=True)
def test_joining_while_workers_send_gives_nobody_a_letter_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows are written and letters leave while every pair is joined; accounts stay exact."""
    monkeypatch.setattr(deliver, "FIRST", 5)
    monkeypatch.setattr(fan_out, "STEP", 7)
    monkeypatch.setitem(
        joining_steps._steps,
        "zz-moment",  # under all locks
        JoinStep(before=lambda _join: {"at": timezone.now().isoformat()}),
    )
    make_organisation()
    topic = make_topic()
    people = [ContactPoint.objects.get(id=each).person_id for each in make_many(40, topic)]
    pairs = list(zip(people[:20], people[20:], strict=True))
    dispatch = start(topic)

    def send() -> None:
        run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport())

    problems = at_once(
        send,
        send,
        lambda: join_until(pairs[::2]),
        lambda: join_until([(other, one) for one, other in pairs[1::2]]),
    )
    send()  # what a worker left behind
    assert not problems
    assert Person.objects.count() == 20
    assert not Message.objects.filter(state="due").exists()
    for done in Joining.objects.all():
        rows = Message.objects.filter(person_id__in=[done.old_id, done.into_id], state="sent")
        moments = [row.claimed_at for row in rows if row.claimed_at]
        assert len(moments) >= 1  # nobody is lost
        if len(moments) > 1:  # both had left, or were leaving, before they were one
            moment = datetime.fromisoformat(done.before["steps"]["zz-moment"]["at"])
            assert max(moments) <= moment


@pytest.mark.django_db(transaction=True)
def test_two_who_join_the_same_at_once_make_one() -> None:
    make_organisation()
    one, other = two(make_topic())
    outcomes: list[str] = []

    def work(old: UUID, new: UUID) -> None:
        try:
            join(old, new)
            outcomes.append("joined")
        except JoinRefused:
            outcomes.append("refused")

    problems = at_once(
        *(partial(work, *pair) for pair in ((one, other), (other, one), (one, other), (other, one)))
    )
    assert not problems
    assert sorted(outcomes) == ["joined", "refused", "refused", "refused"]
    assert (Person.objects.count(), Joining.objects.count()) == (1, 1)
