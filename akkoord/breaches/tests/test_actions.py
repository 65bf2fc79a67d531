"""Begin, write down, decide, close, learn: what is kept and what is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from akkoord.breaches.actions import (
    BreachRefused,
    DecisionFacts,
    add_lesson,
    begin_breach,
    close_breach,
    decide,
    finish_lesson,
    keep_step,
    reopen_breach,
)
from akkoord.breaches.models import Breach, BreachNotice, BreachStep
from akkoord.breaches.tests.factories import NOW, STAFF, decided, fill, make_breach
from akkoord.law.breach_rules import Decision
from akkoord.register.tests.factories import make_organisation
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refused(field: str, call: Any, **values: Any) -> str:
    with pytest.raises(BreachRefused) as caught, transaction.atomic():
        call(**values, at=NOW, actor=STAFF)
    assert caught.value.field == field
    return caught.value.sentence


def test_it_works_from_the_first_word_to_the_lesson() -> None:
    breach = fill(make_breach())
    assert breach.reference == "DL-2026-001"
    assert make_breach().reference == "DL-2026-002"
    assert make_breach(is_drill=True).reference == "OEF-2026-001"
    decided(breach, Decision.RECORD, because="De ontvanger is een collega.")
    close_breach(breach_id=breach.id, closing_note="Klaar.", at=NOW + HOUR, actor=STAFF)
    lesson = add_lesson(
        breach_id=breach.id,
        lesson="Het adresveld vult zich zelf in.",
        action="Aanvullen uitzetten",
        due_on=date(2026, 12, 1),
        at=NOW + HOUR,
        actor=STAFF,
    )
    finish_lesson(lesson_id=lesson.id, at=NOW + 2 * HOUR, actor=STAFF)
    breach.refresh_from_db()
    assert (breach.state, breach.decision, breach.advised) == ("closed", "record", "authority")
    codes = list(breach.steps.order_by("id").values_list("code", flat=True))
    assert codes == [
        *("begin", "write-kind", "write-who", "write-severity"),
        *("decide", "close", "lesson", "lesson-done"),
    ]
    assert Change.objects.filter(action="breach.decide", object_id=breach.id).exists()


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        # From Friday evening through the weekend, to Monday evening.
        (datetime(2026, 11, 20, 19, 30, tzinfo=UTC), datetime(2026, 11, 23, 19, 30, tzinfo=UTC)),
        # Hours are hours, also over the night in which the clock goes back.
        (datetime(2026, 10, 24, 10, 0, tzinfo=UTC), datetime(2026, 10, 27, 10, 0, tzinfo=UTC)),
    ],
)
def test_inv41_due_is_72_hours_after_awareness(aware: datetime, due: datetime) -> None:
    breach = make_breach(aware_at=aware)
    assert breach.due_at == due
    changed = keep_step(
        breach_id=breach.id,
        step="what",
        values={"aware_at": aware - 5 * HOUR},
        at=NOW,
        actor=STAFF,
    )
    assert changed.due_at == due - 5 * HOUR


def test_inv41_nobody_notices_what_is_still_to_come() -> None:
    values = {"what": "Iets.", "aware_at": NOW + timedelta(minutes=1)}
    refused("aware_at", begin_breach, values=values)
    breach = make_breach()
    for field in ("aware_at", "happened_from"):
        refused(field, keep_step, breach_id=breach.id, step="what", values={field: NOW + HOUR})
    refused(
        "happened_to",
        keep_step,
        breach_id=breach.id,
        step="what",
        values={"happened_from": NOW - HOUR, "happened_to": NOW - 2 * HOUR},
    )
    refused(
        "happened_from",
        keep_step,
        breach_id=breach.id,
        step="what",
        values={"aware_at": NOW - 2 * HOUR, "happened_from": NOW - HOUR},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(id=breach.id).update(aware_at=NOW + HOUR)
    breach.refresh_from_db()
    assert (breach.aware_at, breach.happened_from) == (NOW, None)


def test_inv41_closing_needs_a_documented_decision_even_when_nobody_is_told() -> None:
    breach = fill(make_breach())
    refused("", close_breach, breach_id=breach.id, closing_note="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(id=breach.id).update(state="closed", closed_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():  # a decision without a reason
        Breach.objects.filter(id=breach.id).update(
            state="closed", closed_at=NOW, decided_at=NOW, decision="record", advised="record"
        )
    facts = DecisionFacts(Decision.RECORD, " ", "Daarom.")
    refused("reason", decide, breach_id=breach.id, facts=facts)
    decided(breach, Decision.RECORD, because="De ontvanger is een collega.")
    closed = close_breach(breach_id=breach.id, closing_note="", at=NOW + HOUR, actor=STAFF)
    assert closed.state == "closed"
    assert closed.decision_reason


def test_inv41_who_differs_from_the_advice_says_why() -> None:
    breach = fill(make_breach())
    facts = DecisionFacts(Decision.RECORD, "Het was maar een lijst.")
    refused("differs_because", decide, breach_id=breach.id, facts=facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.filter(id=breach.id).update(
            state="decided",
            decision="record",
            advised="authority",
            decision_reason="Zomaar.",
            decided_at=NOW,
        )
    assert decided(breach).differs_because == ""


def test_nothing_is_decided_while_something_is_missing() -> None:
    breach = make_breach()
    sentence = refused(
        "", decide, breach_id=breach.id, facts=DecisionFacts(Decision.RECORD, "Daarom.")
    )
    assert sentence.count(",") == 5
    # Of what was no leak nobody needs to know more than what happened.
    assert decided(breach, Decision.NO_LEAK).decision == "no-leak"


def test_who_was_to_be_told_is_told_before_closing() -> None:
    breach = decided(fill(make_breach(), context=4), Decision.PERSONS)
    refused("", close_breach, breach_id=breach.id, closing_note="")
    BreachNotice.objects.create(breach=breach, kind="first", at=NOW, due_at=breach.due_at)
    refused("", close_breach, breach_id=breach.id, closing_note="")
    BreachNotice.objects.create(breach=breach, kind="people", at=NOW, due_at=breach.due_at)
    close_breach(breach_id=breach.id, closing_note="", at=NOW + HOUR, actor=STAFF)


def test_a_drill_closes_without_telling_anybody() -> None:
    breach = decided(fill(make_breach(is_drill=True), context=4), Decision.PERSONS)
    closed = close_breach(breach_id=breach.id, closing_note="", at=NOW + HOUR, actor=STAFF)
    assert closed.state == "closed"


def test_a_closed_leak_stays_as_it_is_until_it_is_opened() -> None:
    breach = decided(make_breach(), Decision.NO_LEAK)
    close_breach(breach_id=breach.id, closing_note="", at=NOW + HOUR, actor=STAFF)
    refused("", keep_step, breach_id=breach.id, step="what", values={"what": "Anders."})
    reopen_breach(breach_id=breach.id, at=NOW + 2 * HOUR, actor=STAFF)
    keep_step(
        breach_id=breach.id,
        step="what",
        values={"what": "Anders."},
        at=NOW + 2 * HOUR,
        actor=STAFF,
    )


def test_inv45_a_line_of_the_log_is_never_changed() -> None:
    breach = make_breach()
    with pytest.raises(DatabaseError), transaction.atomic():
        BreachStep.objects.filter(breach=breach).update(code="close")
    assert breach.steps.get().code == "begin"


@pytest.mark.parametrize(
    "text",
    [
        "De lijst ging naar jan.jansen@voorbeeld.example.nl, niet naar ons.",
        "Bel 06 48 21 73 90 als u meer weet.",
        "Zijn burgerservicenummer 111222333 stond erop.",
        "Rekening NL91 ABNA 0417 1643 00 stond in de mail.",
    ],
)
def test_no_person_stands_in_the_record(text: str) -> None:
    make_organisation()
    breach = make_breach()
    for step, field in (("what", "what"), ("severity", "consequences"), ("who", "groups")):
        refused(field, keep_step, breach_id=breach.id, step=step, values={field: text})
    refused("lesson", add_lesson, breach_id=breach.id, lesson=text, action="", due_on=None)
    keep_step(
        breach_id=breach.id,
        step="what",
        values={"what": "Vragen gingen naar info@fietsen.example."},
        at=NOW,
        actor=STAFF,
    )


def test_what_will_be_done_has_a_day() -> None:
    breach = make_breach()
    refused("due_on", add_lesson, breach_id=breach.id, lesson="Les", action="Doen", due_on=None)
    refused("lesson", add_lesson, breach_id=breach.id, lesson=" ", action="", due_on=None)
