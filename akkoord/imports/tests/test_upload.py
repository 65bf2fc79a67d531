"""A file from the screen: looked through, brought in, and what happens when something breaks."""

import threading
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Staff
from akkoord.consent.models import CollectionPoint, Notice
from akkoord.datamap.keys import check_keys
from akkoord.imports.actions import ImportOrder
from akkoord.imports.models import Import
from akkoord.imports.provisional import spool_of
from akkoord.imports.receiving import receive_upload
from akkoord.imports.spool import SpoolGone, SpoolWriter, new_key
from akkoord.imports.upload import (
    bring_in_upload,
    choose_columns,
    may_try_again,
    run_upload,
    sweep_spools,
    take_up_lost,
)
from akkoord.people.models import ContactPoint, Person
from akkoord.people.tests.factories import make_point
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORDING = "Ja, stuur mij de nieuwsbrief per e-mail."
FILE = (
    b"Email Address,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,NOTES\n"
    b"a@example.nl,Ann,2024-01-02 10:00:00,84.1.2.3,2024-01-02 11:00:00,84.1.2.9,1,\n"
    b"b@example.nl,Bo,2024-01-02 10:00:00,84.1.2.3,2024-01-02 11:00:00,84.1.2.9,1,\n"
)


@pytest.fixture(autouse=True)
def nothing_waits(settings: Any, tmp_path: Path) -> None:
    """Jobs of other tests are gone, and their files stand elsewhere."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    check_keys()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


@pytest.fixture
def uploaded(topic: Purpose) -> Import:
    owner: Staff = create_staff(
        email="eigenaar@fietsen.example",
        name="E. Voorbeeld",
        role="owner",
        password="een lange zin als wachtwoord",
    )
    actor = Actor.staff(owner.pk)
    record = receive_upload(
        BytesIO(FILE),
        order=ImportOrder(file_name="people.csv", wording=WORDING, is_dry_run=True),
        at=AT,
        actor=actor,
    )
    choose_columns(
        import_id=record.id,
        choices=[part["roles"] for part in record.parts],
        at=AT,
        actor=actor,
    )
    return record


def state_of(record: Import) -> str:
    record.refresh_from_db()
    return record.state


def bring_in_to_the_end(record: Import) -> None:
    run_upload(import_id=record.id, at=AT)
    bring_in_upload(import_id=record.id)
    run_upload(import_id=record.id, at=AT)


def test_it_works(uploaded: Import) -> None:
    bring_in_to_the_end(uploaded)
    assert state_of(uploaded) == Import.State.DONE
    assert (uploaded.created, uploaded.may_be_mailed) == (2, 2)
    assert not spool_of(uploaded.id).exists()


@pytest.mark.parametrize("stage", ["look-through", "bring-in"])
def test_what_goes_wrong_is_said_changes_nothing_and_may_be_tried_again(
    uploaded: Import, stage: str
) -> None:
    if stage == "bring-in":
        run_upload(import_id=uploaded.id, at=AT)
        bring_in_upload(import_id=uploaded.id)
    whole = spool_of(uploaded.id).read_bytes()
    spool_of(uploaded.id).write_bytes(whole[:-9])
    with pytest.raises(SpoolGone):
        run_upload(import_id=uploaded.id, at=AT)
    assert (state_of(uploaded), uploaded.error) == (Import.State.FAILED, "broke-off")
    assert not Person.objects.exists()

    spool_of(uploaded.id).write_bytes(whole)
    assert may_try_again(uploaded)
    bring_in_upload(import_id=uploaded.id)
    run_upload(import_id=uploaded.id, at=AT)
    wanted = Import.State.CHECKED if stage == "look-through" else Import.State.DONE
    assert (state_of(uploaded), uploaded.error) == (wanted, "")


def test_somebody_who_signs_up_during_the_import_keeps_the_address(uploaded: Import) -> None:
    run_upload(import_id=uploaded.id, at=AT)
    bring_in_upload(import_id=uploaded.id)

    def work() -> None:
        try:
            run_upload(import_id=uploaded.id, at=AT)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    with transaction.atomic():
        theirs = make_point(email="a@example.nl")
        worker.start()
        wait_until_somebody_waits()
    worker.join(30)
    assert state_of(uploaded) == Import.State.DONE
    assert (uploaded.created, uploaded.updated, uploaded.may_be_mailed) == (1, 1, 2)
    assert ContactPoint.objects.get(normalised="a@example.nl").person_id == theirs.person_id
    assert Person.objects.count() == 2


def wait_until_somebody_waits() -> None:
    """Until another connection waits for what this transaction holds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted "
                "AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_the_job_of_a_killed_worker_does_not_hold_the_file(uploaded: Import) -> None:
    assert fetch_job() == uploaded.id  # and then the worker was killed
    assert fetch_job() is None
    assert take_up_lost(at=AT + timedelta(minutes=5)) == 1
    assert fetch_job() == uploaded.id
    run_upload(import_id=uploaded.id, at=AT)
    assert state_of(uploaded) == Import.State.CHECKED
    assert take_up_lost(at=AT + timedelta(minutes=10)) == 0


def fetch_job() -> UUID | None:
    """What the library's own statement gives the next worker that asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'import_id' FROM procrastinate_fetch_job_v2(NULL, NULL)")
        (found,) = cursor.fetchone()
    return UUID(found) if found else None


@pytest.mark.parametrize("is_pressed", [False, True])
def test_after_four_hours_a_file_that_waits_goes_in_either_stage(
    uploaded: Import, is_pressed: bool
) -> None:
    run_upload(import_id=uploaded.id, at=AT)
    if is_pressed:
        bring_in_upload(import_id=uploaded.id)
    assert sweep_spools(at=AT + timedelta(hours=3)) == 0
    assert Notice.objects.filter(is_declared=True).count() == 1
    assert sweep_spools(at=AT + timedelta(hours=5)) == 1
    # What was declared for it alone goes with it: nobody agreed to anything by these words.
    assert not Notice.objects.filter(is_declared=True).exists()
    assert not CollectionPoint.objects.filter(kind="import").exists()
    assert (state_of(uploaded), uploaded.error) == (Import.State.FAILED, "not-brought-in")
    assert not may_try_again(uploaded)


def test_a_file_that_is_still_being_read_stays() -> None:
    """Its record is not committed yet; what a broken reading left goes after four hours."""
    with SpoolWriter(spool_of(uuid4()), new_key()) as spool:
        spool.write(["half"])
        now = timezone.now()
        assert sweep_spools(at=now) == 0
        assert sweep_spools(at=now + timedelta(hours=5)) == 1
