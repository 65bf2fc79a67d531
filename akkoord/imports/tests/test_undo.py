"""A whole import taken back: only while nothing was sent, and never a no (INV-5, 6, 44)."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from akkoord.accounts.models import Staff
from akkoord.consent.models import PermissionEvent, Standing, Suppression
from akkoord.imports.actions import ImportRefused, declare_wording_for
from akkoord.imports.models import Import, OverwrittenName, PendingEvidence
from akkoord.imports.tests import samples
from akkoord.imports.tests.factories import AT, WORDING, bring_bytes, make_owner
from akkoord.imports.undo import forget_made_people, undo_import, what_undo_does
from akkoord.law.reasons import Reason
from akkoord.messages.models import Dispatch, Message
from akkoord.people.actions import correct_names
from akkoord.people.models import ContactPoint, Person, Purchase
from akkoord.people.tests.factories import make_point
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


@pytest.fixture
def owner() -> Staff:
    return make_owner()


@pytest.fixture
def brought(topic: Purpose, owner: Staff, tmp_path: Path) -> Import:
    bring_bytes(samples.BREVO, "contacten.csv", tmp_path, owner, wording=WORDING)
    return Import.objects.get()


def of(name: str) -> ContactPoint:
    return ContactPoint.objects.get(normalised=f"{name}@example.nl")


def undo(record: Import, owner: Staff) -> None:
    undo_import(import_id=record.id, at=LATER, actor=Actor.staff(owner.pk))
    forget_made_people(import_id=record.id, at=LATER)


def test_inv06_undone_is_invalid_in_the_ledger_and_people_made_by_it_are_gone(
    brought: Import, owner: Staff
) -> None:
    seal(AT)
    plan = what_undo_does(brought)
    assert (plan.going, plan.staying, plan.invalidated, plan.why_not) == (5, 1, 1, "")
    undo(brought, owner)
    assert [point.normalised for point in ContactPoint.objects.all()] == ["gestopt@example.nl"]
    assert set(PermissionEvent.objects.values_list("state", flat=True)) == {
        "confirmed",
        "invalidated",
        "withdrawn",
    }
    stays = of("gestopt").person_id
    assert not PermissionEvent.objects.exclude(person_ref=stays).exclude(person_ref=None).exists()
    assert not PendingEvidence.objects.exists()
    assert not Suppression.objects.exists()  # they asked for nothing
    brought.refresh_from_db()
    assert (brought.state, brought.undone_by) == (Import.State.UNDONE, owner.pk)
    seal(LATER)
    assert verify().ok


def test_inv05_a_no_of_the_file_stays_a_no(brought: Import, owner: Staff) -> None:
    undo(brought, owner)
    assert Standing.objects.get(contact_point=of("gestopt")).state == "withdrawn"


def test_the_file_can_come_in_again_after_it_was_undone(
    brought: Import, owner: Staff, tmp_path: Path
) -> None:
    undo(brought, owner)
    again = bring_bytes(samples.BREVO, "contacten.csv", tmp_path, owner, wording=WORDING, at=LATER)
    assert (again.created, again.may_be_mailed, again.stayed_out) == (5, 1, 0)


def test_who_had_something_else_happen_stays_without_the_claim_of_the_file(
    brought: Import, topic: Purpose, owner: Staff
) -> None:
    point = of("dubbel")
    Purchase.objects.create(
        person=point.person,
        number="2026-1",
        bought_on=AT.date(),
        amount=10,
        source="test",
        created_at=LATER,
    )
    undo(brought, owner)
    assert of("dubbel").person_id == point.person_id
    assert ask([point.id], topic, "email", at=LATER)[point.id].reason is Reason.INVALIDATED
    assert not ContactPoint.objects.filter(normalised="niets@example.nl").exists()


def test_somebody_known_before_stays_with_what_was_theirs(
    topic: Purpose, owner: Staff, tmp_path: Path
) -> None:
    point = make_point(email="dubbel@example.nl")
    bring_bytes(samples.BREVO, "contacten.csv", tmp_path, owner, wording=WORDING)
    undo(Import.objects.get(), owner)
    assert Person.objects.filter(id=point.person_id).exists()
    assert Standing.objects.get(contact_point=point).state == "invalidated"
    person = Person.objects.get(id=point.person_id)
    assert person.judge_by == (LATER + timedelta(days=60)).date()  # INV-44


def send_to(point: ContactPoint, topic: Purpose, state: str = "sent") -> None:
    dispatch = Dispatch.objects.create(
        kind="newsletter", purpose=topic, content_hash="", rule_version="1", created_at=LATER
    )
    Message.objects.create(
        dispatch=dispatch,
        person_id=point.person_id,
        contact_point_id=point.id,
        state=state,
        evidence_id=UUID(int=1),
        due_at=LATER,
    )


@pytest.mark.parametrize("state", ["sent", "uncertain", "claimed"])
def test_after_something_was_sent_it_is_refused_and_says_what(
    state: str, brought: Import, topic: Purpose, owner: Staff
) -> None:
    send_to(of("dubbel"), topic, state)
    with pytest.raises(ImportRefused) as refusal:
        undo_import(import_id=brought.id, at=LATER, actor=Actor.staff(owner.pk))
    assert refusal.value.reason is Reason.ALREADY_USED
    assert refusal.value.sentence.startswith("1 ")
    assert forget_made_people(import_id=brought.id, at=LATER) == 0
    assert Person.objects.count() == 6


def test_undone_twice_is_refused(brought: Import, owner: Staff) -> None:
    undo(brought, owner)
    with pytest.raises(ImportRefused):
        undo_import(import_id=brought.id, at=LATER, actor=Actor.staff(owner.pk))


def test_proof_added_afterwards_is_undone_too(topic: Purpose, owner: Staff, tmp_path: Path) -> None:
    bring_bytes(samples.BREVO, "contacten.csv", tmp_path, owner)
    record = Import.objects.get()
    actor = Actor.staff(owner.pk)
    assert declare_wording_for(import_id=record.id, text=WORDING, at=AT, actor=actor) == 1
    assert what_undo_does(Import.objects.get()).invalidated == 1
    undo(Import.objects.get(), owner)
    assert not ContactPoint.objects.filter(normalised="dubbel@example.nl").exists()


NAMES = samples.table(["E-mail", "Voornaam"], ["a@example.nl", "Anna"], ["b@example.nl", "Bob"])


def test_nothing_is_overwritten_unless_switched_on_and_never_what_people_said(
    topic: Purpose, owner: Staff, tmp_path: Path
) -> None:
    ann, bo = make_point(email="a@example.nl").person, make_point(email="b@example.nl").person
    Person.objects.update(given_name="Ann", updated_at=AT - timedelta(days=3))
    correct_names(
        person_id=bo.id,
        given_name="Bo",
        family_name="",
        language="nl",
        at=AT - timedelta(days=2),
        actor=Actor.person(),
    )
    report = bring_bytes(NAMES, "namen.csv", tmp_path, owner)
    assert (report.differing, report.overwritten, report.updated) == (2, 0, 0)
    names = lambda: set(Person.objects.values_list("given_name", flat=True))  # noqa: E731
    assert names() == {"Ann", "Bo"}
    report = bring_bytes(NAMES, "namen.csv", tmp_path, owner, overwrites=True)
    assert (report.differing, report.overwritten, report.updated) == (2, 1, 1)
    assert names() == {"Anna", "Bo"}
    assert OverwrittenName.objects.get().person_id == ann.id
    undo(Import.objects.get(overwrites=True), owner)
    assert names() == {"Ann", "Bo"}
    assert not OverwrittenName.objects.exists()
