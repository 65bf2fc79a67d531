"""An upload that waits for its second press stands in nobody's way to be forgotten (INV-35)."""

from io import BytesIO

import pytest
from django.test import Client

from akkoord.consent.tests.factories import make_point
from akkoord.imports.actions import ImportOrder
from akkoord.imports.models import Import
from akkoord.imports.provisional import spool_of, table_of
from akkoord.imports.receiving import receive_upload
from akkoord.imports.tests.factories import WORDING, make_owner
from akkoord.imports.upload import bring_in_upload, choose_columns, run_upload
from akkoord.people.models import Person
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.rights.certificate import Certificate
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.rights.tests.factories import NOW, STAFF, plant_file, plant_person
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "email,voornaam\nann@example.nl,Ann\nbo@example.nl,Bo\n"


def receive(text: str = FILE) -> Import:
    make_organisation()
    make_topic()
    return receive_upload(
        BytesIO(text.encode()),
        order=ImportOrder(file_name="people.csv", wording=WORDING, is_dry_run=True),
        at=NOW,
        actor=Actor.staff(make_owner().pk),
    )


def upload() -> Import:
    record = receive()
    choices = [{"email": 0, "first_name": 1}]
    choose_columns(import_id=record.id, choices=choices, at=NOW, actor=STAFF)
    run_upload(import_id=record.id, at=NOW)
    record.refresh_from_db()
    assert record.state == Import.State.CHECKED
    assert spool_of(record.id).exists()
    return record


def forget_person(person: Person) -> Certificate:
    return forget(person_id=person.id, by=ErasureRun.By.PERSON, actor=STAFF, at=NOW)


def test_inv35_a_preview_that_nobody_finishes_goes_with_the_person() -> None:
    record = upload()
    certificate = forget_person(make_point("ann@example.nl").person)
    assert certificate.run.findings == []
    assert certificate.run.state == ErasureRun.State.CLEAN
    assert certificate.erased["imports_waitingfile"] == 1
    assert not spool_of(record.id).exists()
    record.refresh_from_db()
    assert (record.state, record.error) == (Import.State.FAILED, "somebody-forgotten")


def test_inv35_a_file_whose_columns_nobody_chose_goes_with_the_person() -> None:
    record = receive("Contact;Notitie\nx;mail ann@example.nl niet\n")
    assert table_of(record.id).exists()
    certificate = forget_person(make_point("ann@example.nl").person)
    assert certificate.run.state == ErasureRun.State.CLEAN
    assert not table_of(record.id).exists()


def test_a_preview_without_the_person_stays() -> None:
    record = upload()
    certificate = forget_person(make_point("cor@example.nl").person)
    assert certificate.run.state == ErasureRun.State.CLEAN
    record.refresh_from_db()
    assert record.state == Import.State.CHECKED
    bring_in_upload(import_id=record.id)
    run_upload(import_id=record.id, at=NOW)
    assert Person.objects.filter(given_name="Ann").exists()


def test_a_file_that_comes_up_between_erasure_and_proof_is_dropped_too() -> None:
    from akkoord.rights import begin, carry_out
    from akkoord.rights.prove import prove

    person = make_point("ann@example.nl").person
    run = begin.begin_erasure(person_ids=[person.id], by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    carry_out.carry_out(run_id=run.id, actor=STAFF, at=NOW)
    record = upload()
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.CLEAN
    assert not spool_of(record.id).exists()


def test_staff_are_told_and_can_throw_a_preview_away() -> None:
    record = upload()
    client = Client()
    client.force_login(make_owner(email="tweede@fietsen.example"))
    page = client.get(f"/importeren/{record.id}/")
    assert f"/importeren/{record.id}/weg/" in page.content.decode()
    client.post(f"/importeren/{record.id}/weg/")
    record.refresh_from_db()
    assert (record.state, record.error) == (Import.State.FAILED, "discarded")
    assert not spool_of(record.id).exists()
    bring_in_upload(import_id=record.id)
    record.refresh_from_db()
    assert record.state == Import.State.FAILED, "what was thrown away cannot come in"


def test_a_blocked_erasure_already_names_the_fingerprint_that_stays() -> None:
    person = plant_person()
    plant_file()
    certificate = forget_person(person)
    assert certificate.run.state == ErasureRun.State.BLOCKED
    assert "consent_suppression" in {each.store for each in certificate.kept}
