"""Stores with a term of their own: what is held or frozen stays there too (art. 17(3)(e), 18)."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from akkoord.accounts.models import Staff
from akkoord.consent.actions import restrict_person
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.messages.models import Dispatch, Message
from akkoord.people.agreement_models import Agreement
from akkoord.people.models import Person, Purchase
from akkoord.retention.holds import lift_hold, put_hold
from akkoord.retention.models import RetentionRun
from akkoord.retention.run import begin_run
from akkoord.retention.sweeps import (
    sweep_agreements,
    sweep_books,
    sweep_logs,
    sweep_messages,
    sweep_trail,
)
from akkoord.retention.tests.factories import NOW, TODAY, bought, somebody
from akkoord.trail.actions import Actor, record_change

pytestmark = pytest.mark.django_db
STAFF = Actor.system()
OLD = NOW - timedelta(days=4000)


@pytest.fixture(autouse=True)
def house() -> None:
    make_organisation()


def old_sale(_person: Person) -> None:
    Purchase.objects.create(
        number="F1",
        bought_on=OLD.date(),
        amount=Decimal("1.00"),
        source="till",
        created_at=OLD,
        kept_until=date(2024, 12, 31),
    )


def old_agreement(person: Person) -> None:
    Agreement.objects.create(
        person=person,
        kind="member",
        number="L1",
        agreed_day=OLD.date(),
        ends_on=OLD.date(),
        created_at=OLD,
    )


def old_act(person: Person) -> None:
    record_change(
        actor=STAFF,
        action="person.change",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        at=OLD,
    )


def old_message(person: Person) -> None:
    dispatch = Dispatch.objects.create(
        kind="newsletter",
        purpose=make_topic(f"t{uuid7().hex[-8:]}"),
        content_hash="x",
        rule_version="1",
        created_at=OLD,
    )
    Message.objects.create(
        dispatch=dispatch,
        person_id=person.id,
        state="sent",
        evidence_id=uuid7(),
        due_at=OLD,
        outcome_at=OLD,
    )


def swept(sweep: Callable[..., int]) -> int:
    run = RetentionRun.objects.first() or begin_run(at=NOW, actor=STAFF)
    return sweep(today=TODAY, at=NOW, run=run)


@pytest.mark.parametrize(
    ("activity", "plant", "sweep"),
    [
        ("books", old_sale, sweep_books),
        ("customers", old_agreement, sweep_agreements),
        ("audit-trail", old_act, sweep_trail),
    ],
)
def test_a_hold_on_an_activity_stops_what_sweeps_it(
    activity: str, plant: Callable[[Person], None], sweep: Callable[..., int]
) -> None:
    from akkoord.register.customers import answer_bookkeeping

    answer_bookkeeping(keeps_books=True, at=NOW, actor=STAFF)
    bought(person := somebody(), 1)
    plant(person)
    put = put_hold(activity_key=activity, reason="Zaak 7", at=NOW, actor=STAFF)
    assert swept(sweep) == 0
    lift_hold(hold_id=put.id, at=NOW, actor=STAFF)
    assert swept(sweep) == 1


@pytest.mark.parametrize(
    ("plant", "sweep"),
    [
        (old_agreement, sweep_agreements),
        (old_message, sweep_messages),
        (old_act, sweep_trail),
    ],
)
def test_of_who_is_frozen_nothing_is_swept(
    plant: Callable[[Person], None], sweep: Callable[..., int]
) -> None:
    """Art. 18(1)(c): they need it for a claim of their own."""
    frozen, other = somebody(), somebody()
    plant(frozen)
    restrict_person(person_id=frozen.id, actor=Actor.person(), at=NOW)
    assert swept(sweep) == 0
    plant(other)
    assert swept(sweep) == 1


def test_the_page_says_what_a_hold_on_an_activity_does(client: Client) -> None:
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    typed = {"activity": "customers", "reason": "Zaak 7", "until": ""}
    page = client.post("/bewaren/vasthouden/", typed, follow=True).content.decode()
    assert "Bij het opruimen gaat er niets van weg tot u het opheft." in page


def test_logs_of_our_own_folder_go_after_the_term_and_nothing_that_a_link_leads_to(
    settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    logs, elsewhere = settings.DATA_DIR / "logs", tmp_path / "elsewhere"
    (logs / "web").mkdir(parents=True)
    elsewhere.mkdir()
    old, young = logs / "web" / "2026-04.log", logs / "2026-11.log"
    others = elsewhere / "theirs.log"
    for path in (old, young, others):
        path.write_text("{}\n")
    (logs / "link.log").symlink_to(others)
    (logs / "linked").symlink_to(elsewhere)
    for path, days in ((old, 200), (young, 150), (others, 900)):
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    run = begin_run(at=NOW, actor=STAFF)
    assert sweep_logs(today=TODAY, at=NOW, run=run) == 1
    assert not old.exists()
    assert young.exists()
    assert others.exists()
    logs.rename(elsewhere / "logs")
    logs.symlink_to(elsewhere / "logs")
    assert sweep_logs(today=TODAY + timedelta(days=900), at=NOW, run=run) == 0
    assert others.exists()
