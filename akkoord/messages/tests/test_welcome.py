"""The welcome mail of a form: after the yes, once, through the gate (INV-1, 13, 21)."""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.form_facts import FormFacts, FormRefused
from akkoord.consent.forms_publishing import create_form, publish_form
from akkoord.consent.models import Form
from akkoord.consent.tests import factories as make
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailboxMessage
from akkoord.law.states import Method
from akkoord.messages import welcome
from akkoord.messages.closing import finish
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch, Message, Welcome
from akkoord.messages.welcome import send_welcomes

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"nl": {"welcome_subject": "Welkom bij ons", "welcome_body": "Fijn. **10% korting**."}}


@pytest.fixture
def shown():
    make.make_organisation()
    topic = make.make_topic()
    facts = FormFacts(name="Nieuws", topic_ids=(topic.id,), texts=WORDS)
    form = create_form(facts=facts, at=make.NOW, actor=make.STAFF)
    return publish_form(form_id=form.id, at=make.NOW, actor=make.STAFF)[0]


def confirmed(shown, address="anna@example.nl"):
    sign_up = make.sign_up(shown, address)
    confirm_sign_up(make.confirmation_token(sign_up), at=make.NOW + timedelta(minutes=1))
    return sign_up


AT = make.NOW + timedelta(minutes=2)


def deliver() -> None:
    run_dispatch(Dispatch.objects.get().id, worker_id=uuid7(), clock=lambda: AT)


def test_inv13_nobody_is_welcomed_before_the_yes(shown) -> None:
    make.sign_up(shown)
    assert send_welcomes(at=AT) == 0
    assert not Message.objects.exists()


def test_inv01_a_welcome_goes_once_with_its_evidence_and_the_ways_out(shown) -> None:
    confirmed(shown)
    assert send_welcomes(at=AT) == 1
    deliver()
    message = Message.objects.get()
    assert message.state == "sent"
    assert message.evidence_id is not None
    mail = MailboxMessage.objects.get(recipient="anna@example.nl")
    raw = bytes(mail.raw).decode("latin-1")
    assert "Subject: Welkom bij ons" in raw
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert send_welcomes(at=AT) == 0
    confirmed(shown, "bram@example.nl")
    assert send_welcomes(at=AT) == 1
    assert Dispatch.objects.get().state == "running"  # the same run, opened again
    deliver()
    assert MailboxMessage.objects.filter(recipient="bram@example.nl").count() == 1
    assert MailboxMessage.objects.filter(recipient="anna@example.nl").count() == 1
    assert Welcome.objects.count() == 1


def test_inv25_who_stops_in_between_gets_no_welcome(shown) -> None:
    sign_up = confirmed(shown)
    send_welcomes(at=AT)
    withdraw(
        point_id=sign_up.contact_point_id,
        method=Method.ONE_CLICK,
        actor=make.BY_PERSON,
        at=make.NOW + timedelta(seconds=90),
    )
    deliver()
    assert (Message.objects.get().state, Message.objects.get().reason) == ("skipped", "withdrawn")
    assert not MailboxMessage.objects.exists()


def test_inv07_the_words_are_those_of_the_version_that_was_signed(shown) -> None:
    confirmed(shown)
    Form.objects.update(texts={"nl": {"welcome_subject": "Anders", "welcome_body": "Anders"}})
    send_welcomes(at=AT)
    assert Dispatch.objects.get().template["subject"] == "Welkom bij ons"


def test_a_welcome_that_would_come_days_late_stays_away(shown) -> None:
    confirmed(shown)
    assert send_welcomes(at=AT + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    "words", [{"welcome_subject": "Hoi"}, {"welcome_subject": "A", "welcome_body": "{{ x }}"}]
)
def test_a_welcome_that_cannot_be_is_refused_at_its_field(shown, words) -> None:
    with pytest.raises(FormRefused) as refused:
        create_form(
            facts=FormFacts(name="X", topic_ids=tuple(shown.form.topic_ids), texts={"nl": words}),
            at=make.NOW,
            actor=make.STAFF,
        )
    assert refused.value.field == "welcome_body_nl"


def test_a_welcome_has_no_field_in_its_subject_either(shown) -> None:
    words = {"welcome_subject": "Dag {{ first_name }}", "welcome_body": "Fijn."}
    facts = FormFacts(name="X", topic_ids=tuple(shown.form.topic_ids), texts={"nl": words})
    with pytest.raises(FormRefused) as refused:
        create_form(facts=facts, at=make.NOW, actor=make.STAFF)
    assert refused.value.field == "welcome_subject_nl"


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Each in a thread and a connection of its own; what went wrong."""
    wrong: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as problem:
            wrong.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return wrong


def test_two_workers_at_once_make_one_run_and_one_letter(shown, monkeypatch) -> None:
    confirmed(shown)
    both = threading.Barrier(2)
    source = welcome._source

    def slowly(*arguments):
        # Without the lock both are here, and each believes to be the first.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return source(*arguments)

    monkeypatch.setattr(welcome, "_source", slowly)
    wrong = at_once(lambda: send_welcomes(at=AT), lambda: send_welcomes(at=AT))
    assert wrong == []
    assert Welcome.objects.count() == 1
    assert Message.objects.count() == 1
    deliver()
    assert MailboxMessage.objects.count() == 1


def test_a_run_is_not_closed_while_somebody_is_added_to_it(shown) -> None:
    confirmed(shown)
    send_welcomes(at=AT)
    run = Dispatch.objects.get()
    Message.objects.update(state="skipped", reason="withdrawn")
    confirmed(shown, "bram@example.nl")
    added, closing = threading.Event(), threading.Event()

    def add() -> None:
        with transaction.atomic():
            assert send_welcomes(at=AT) == 1
            added.set()
            closing.wait(1)  # the other looks meanwhile, and sees no row of ours yet

    def close() -> None:
        added.wait(20)
        closed = finish(run.id, at=AT)
        closing.set()
        assert not closed

    assert at_once(add, close) == []
    run.refresh_from_db()
    assert run.state == "running"
    deliver()
    assert MailboxMessage.objects.filter(recipient="bram@example.nl").count() == 1
