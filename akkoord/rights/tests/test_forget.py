"""Forgetting somebody: nothing is left, the ledger stands, a doubt blocks (INV-35, 40, 5)."""

import json
import os
import subprocess
import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from akkoord.config.embedded import binaries
from akkoord.consent.evidence import Proof
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.models import PermissionEvent, SignUp, Suppression
from akkoord.consent.notices import declare_wording
from akkoord.consent.tests.factories import make_point, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import certificate_holds, keyed_hash
from akkoord.datamap.rewriting import note_emptied, tables_due
from akkoord.delivery.models import MailboxMessage
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.register.tests.factories import make_organisation
from akkoord.retention.holds import put_hold
from akkoord.rights import carry_out as erasing
from akkoord.rights import forget as room
from akkoord.rights.begin import PersonGone, begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.certificate import Certificate, canonical
from akkoord.rights.forget import forget
from akkoord.rights.models import (
    ErasurePending,
    ErasureRecord,
    ErasureRun,
    ErasureSearch,
    RightsRequest,
)
from akkoord.rights.physical import make_physical
from akkoord.rights.preview import preview_erasure
from akkoord.rights.prove import _lock_of, prove
from akkoord.rights.resume import resume_erasures
from akkoord.rights.tests.factories import (
    ADDRESS,
    NOW,
    STAFF,
    TRACES,
    plant_file,
    plant_in_session,
    plant_person,
)
from akkoord.rights.together import forget_for_retention
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)


def forget_her(person: Person) -> Certificate:
    return forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)


def dump() -> str:
    """The whole database as pg_dump sees it, in lower case: independent of our own scan."""
    found = connection.settings_dict
    program = Path("/usr/bin/pg_dump")
    wheel = binaries() / "pg_dump"
    done = subprocess.run(
        [
            *(str(wheel if wheel.exists() else program), "--no-owner", "-h", found["HOST"]),
            *("-U", found["USER"], "-p", str(found["PORT"] or 5432), found["NAME"]),
        ],
        env={**os.environ, "PGPASSWORD": found["PASSWORD"]},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().lower()


def traces_in(text: str) -> list[str]:
    """What of her stands there, also in hexadecimal (bytea)."""
    return [
        each
        for each in TRACES
        if each in text or each.encode().hex() in text or each.title().encode().hex() in text
    ]


def test_inv35_nothing_is_left_anywhere() -> None:
    """Planted everywhere in odd spellings; afterwards pg_dump and the data folder know nothing."""
    person = plant_person()
    ids = [person.id, *person.aliases.values_list("old_id", flat=True)]
    ids += list(person.points.values_list("id", flat=True))
    assert len(traces_in(dump())) >= 6
    certificate = forget_her(person)
    assert certificate.run.findings == []
    assert certificate.run.state == ErasureRun.State.CLEAN
    after = dump()
    assert traces_in(after) == []
    assert [each for each in ids if str(each) in after or each.hex in after] == []
    folder = Path(settings.DATA_DIR)
    for path in folder.rglob("*"):
        if path.is_file():
            assert traces_in(path.read_bytes().decode("latin-1").lower()) == []
    assert verify().ok
    seal(NOW)
    assert verify().ok


def test_inv35_the_certificate_counts_and_names_nobody() -> None:
    """Counts, days and grounds; signed; it answers what the command promises."""
    person = plant_person()
    certificate = forget_her(person)
    document = certificate.document
    assert document is not None
    text = json.dumps(certificate.as_file()).lower()
    assert traces_in(text) == []
    assert str(person.id) not in text
    assert certificate.is_genuine
    assert certificate_holds(canonical(document), bytes(certificate.run.signature or b""))
    answer = certificate.as_json()
    assert set(answer) == {"reference", "erased", "kept", "scan", "physical"}
    assert answer["erased"]["people_person"] == 1
    assert answer["erased"]["delivery_mailboxmessage"] == 1
    assert "rights_erasurepending" not in answer["erased"]
    assert answer["scan"]["hits"] == 0
    assert answer["physical"] == {"due": "2026-11-25", "done": None, "by": "us"}
    kept = {(each["store"], each["ground"]) for each in answer["kept"]}
    assert kept == {
        ("consent_suppression", "suppression"),
        ("files", "suppression"),  # the journal of nos, by the same keyed hash
        ("consent_permissionevent", "sealed-hash"),
        ("trail_change", "sealed-hash"),
        ("rights_rightsrequest", "request-record"),
        ("rights_erasurerun", "erasure-record"),
    }
    tampered = {**document, "people": 7}
    assert not certificate_holds(canonical(tampered), bytes(certificate.run.signature or b""))


@pytest.mark.parametrize("where", ["session", "file", "job", "other person's note"])
def test_inv35_mutation_a_copy_nobody_declared_blocks_the_certificate(where: str) -> None:
    """The copy that nobody listed is the universal fault: it is found, and shown as it is."""
    person = plant_person()
    if where == "session":
        plant_in_session()
        place = ("django_session", "session_data", "email")
    elif where == "file":
        plant_file()
        place = ("files", "uploads/lijst.csv", "email")
    elif where == "job":
        _plant_job()
        place = ("procrastinate_jobs", "args", "email")
    else:
        other = make_point("bert@example.nl").person
        Person.objects.filter(id=other.id).update(family_name="bel 0031-6-4821.7390")
        place = ("people_person", "family_name", "phone")
    certificate = forget_her(person)
    run = certificate.run
    assert run.state == ErasureRun.State.BLOCKED
    assert certificate.document is None
    assert place in {(each["store"], each["place"], each["kind"]) for each in run.findings}
    assert "liselotte" not in json.dumps(run.findings).lower()
    assert not Person.objects.filter(id=person.id).exists()


def _plant_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('q', 'x', %s)",
            [json.dumps({"to": ADDRESS.upper()})],
        )


def test_a_file_whose_very_name_tells_is_not_named() -> None:
    """What blocks is shown without telling who."""
    person = plant_person()
    plant_file(name=f"{ADDRESS.lower()}.csv", text="leeg")
    run = forget_her(person).run
    assert run.state == ErasureRun.State.BLOCKED
    assert [each["place"] for each in run.findings] == ["uploads/…"]


def test_a_blocked_run_gets_its_certificate_once_the_copy_is_gone() -> None:
    """The job looks again; what it looks for is sealed meanwhile, and goes with the certificate."""
    person = plant_person()
    path = plant_file()
    run = forget_her(person).run
    sealed = bytes(ErasureSearch.objects.get(run=run).sealed)
    assert b"liselotte" not in sealed.lower()
    assert resume_erasures(at=NOW + timedelta(minutes=10)) == 0
    path.unlink()
    ended = resume_erasures(at=NOW + timedelta(minutes=20))
    run.refresh_from_db()
    assert (ended, run.findings) == (1, [])
    run.refresh_from_db()
    assert (run.state, run.findings) == (ErasureRun.State.CLEAN, [])
    assert not ErasureSearch.objects.exists()


def test_an_erasure_that_cannot_go_on_holds_no_other_up() -> None:
    """The first run's needles cannot be read any more; the second one still ends."""
    person = plant_person()
    plant_file()
    broken = forget_her(person).run
    ErasureSearch.objects.filter(run=broken).update(sealed=b"unreadable")
    another = make_point("x@example.org").person
    other = begin_erasure(
        person_ids=[another.id], by=ErasureRun.By.STAFF, actor=STAFF, at=NOW + timedelta(seconds=1)
    )
    with pytest.raises(ExceptionGroup, match="1 ended"):
        resume_erasures(at=NOW + timedelta(minutes=10))
    other.refresh_from_db()
    assert other.state == ErasureRun.State.CLEAN
    assert not Person.objects.exists()


def test_inv35_staff_words_about_a_person_go_with_the_person() -> None:
    """Typed anywhere: why a request took longer or was refused, and where the evidence lies."""
    person = plant_person()
    RightsRequest.objects.filter(subject_id=person.id).update(
        extension_reason=f"Wacht op {ADDRESS}", refusal_ground=f"Gebeld met {ADDRESS}"
    )
    point = person.points.get(channel="email")
    version = make_topic("werkplaats").versions.get()
    record_evidence_grant(
        point_id=point.id,
        grant=EvidenceGrant(
            version=version,
            method=Method.COUNTER,
            happened_at=NOW,
            notice=declare_wording(
                text="Ja, mail mij.", source="balie", actor=STAFF, at=NOW, language="nl"
            ),
            proof=Proof(receipt="bon 7", where=f"Mail van {ADDRESS}, map 3", tablet=uuid7()),
        ),
        actor=STAFF,
        at=NOW,
    )
    run = forget_her(person).run
    assert (run.state, run.findings) == (ErasureRun.State.CLEAN, [])
    assert traces_in(dump()) == []


def test_what_a_job_in_flight_wrote_is_erased_once_more() -> None:
    """A mail that was being handed over comes down in the mailbox after the erasure."""
    person = plant_person()
    run = begin_erasure(person_ids=[person.id], by="staff", actor=STAFF, at=NOW)
    carry_out(run_id=run.id, actor=STAFF, at=NOW)
    MailboxMessage.objects.create(
        received_at=NOW, sender="x", recipient=ADDRESS, raw=b"laat", subject_id=person.id
    )
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.CLEAN
    assert not MailboxMessage.objects.exists()
    assert verify().ok


def test_inv40_the_suppression_is_a_keyed_hash_and_stays() -> None:
    """For each address; no link to a person; a second erasure only renews it."""
    person = plant_person()
    digests = {bytes(each.keyed_hash) for each in person.points.all()}
    forget_her(person)
    entries = Suppression.objects.all()
    assert {bytes(each.keyed_hash) for each in entries} == digests
    assert {(each.scope, each.reason) for each in entries} == {("marketing", "erasure")}
    assert digests == {
        keyed_hash(ADDRESS.lower()),
        keyed_hash("+31648217390"),
    }


def test_inv06_every_blanking_is_on_the_sealed_record() -> None:
    """Only blanking, and all of it; a blanking that no record names is a fault."""
    person = plant_person()
    forget_her(person)
    record = ErasureRecord.objects.get()
    blanked = set(PermissionEvent.objects.filter(salt=None).values_list("id", flat=True))
    assert blanked
    assert blanked <= set(record.event_ids)
    stray = make_point("stray@example.nl")
    _blank_in_the_name_of(record.run_id, stray)
    faults = {each.fault for each in verify().faults}
    assert faults == {"blanked-without-erasure"}


def _blank_in_the_name_of(run: UUID, point: ContactPoint) -> None:
    from akkoord.trail.actions import record_change
    from akkoord.trail.erase import blank_changes, erasing

    record_change(actor=STAFF, action="x", object_kind="x", subject_id=point.person_id, at=NOW)
    with erasing(run):
        blank_changes([point.person_id], run)


def test_a_person_who_is_gone_is_said_to_be_gone() -> None:
    """Twice is not an error of ours, and makes no second certificate."""
    person = plant_person()
    forget_her(person)
    with pytest.raises(PersonGone):
        forget_her(person)
    assert ErasureRun.objects.count() == 1


def test_a_former_id_forgets_the_whole_person() -> None:
    """Erasure follows aliases."""
    person = plant_person()
    old = person.aliases.get().old_id
    forget(person_id=old, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    assert not Person.objects.filter(id=person.id).exists()


def test_two_at_once_get_one_run() -> None:
    """Both callers end with the same certificate."""
    person = plant_person()
    found: list[str] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        try:
            found.append(forget_her(person).run.reference)
        except PersonGone:
            found.append("gone")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (done,) = ErasureRun.objects.all()
    assert set(found) <= {done.reference, "gone"}
    assert done.reference in found
    assert done.state == ErasureRun.State.CLEAN


@pytest.mark.parametrize("step", ["before", "during", "after"])
def test_a_kill_between_steps_is_taken_up(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the transaction, inside it, and before the check."""
    person = plant_person()

    def killed(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    module = erasing if step == "during" else room
    name = {"before": "carry_out", "during": "_record", "after": "prove"}[step]
    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        with pytest.raises(KeyboardInterrupt):
            forget_her(person)
    assert Person.objects.filter(id=person.id).exists() == (step != "after")
    assert ErasurePending.objects.exists() == (step != "after")
    assert resume_erasures(at=NOW) == 0  # somebody may still be at work
    assert resume_erasures(at=NOW + timedelta(minutes=10)) == 1
    assert ErasureRun.objects.get().state == ErasureRun.State.CLEAN
    assert not ErasurePending.objects.exists()
    assert traces_in(dump()) == []
    assert verify().ok


def test_an_address_that_is_somebody_elses_too_is_theirs() -> None:
    """A former address that a partner has now is no needle, and is not suppressed."""
    person = plant_person()
    point = person.points.get(channel="email")
    ContactPoint.objects.filter(id=point.id).update(ended_at=NOW)
    SignUp.objects.filter(person=person).delete()
    other = make_point(ADDRESS.lower())
    certificate = forget_her(person)
    assert certificate.run.state == ErasureRun.State.CLEAN
    assert ContactPoint.objects.filter(id=other.id).exists()
    assert not Suppression.objects.filter(channel="email").exists()
    assert ("people_contactpoint", "somebody-elses") in {
        (each.store, each.ground) for each in certificate.kept
    }
    assert certificate.document is not None
    for line in certificate.document["kept"]:  # with its article, and a day or what ends it
        assert line["article"].startswith("AVG"), line
        assert (line["until"] is None) == (line["end"] is not None), line


def test_open_requests_end_with_the_person_and_stay_without_a_name() -> None:
    """That it was answered may be shown; who asked may not (art. 5(2))."""
    person = plant_person()
    certificate = forget_her(person)
    request = RightsRequest.objects.get()
    assert (request.state, request.erasure_run_id) == ("done", certificate.run.id)
    assert (request.subject_id, request.words, request.reply_to) == (None, "", "")


def test_the_preview_tells_beforehand_and_changes_nothing() -> None:
    """What goes, what is emptied, in one query besides the aliases and the holds."""
    person = plant_person()
    with CaptureQueriesContext(connection) as asked:
        preview = preview_erasure(person, on=NOW.date())
    assert len(asked) == 3
    goes = {each.store: each.rows for each in preview.goes}
    assert goes["people_contactpoint"] == 2
    assert "consent_permissionevent" in {each.store for each in preview.emptied}
    assert Person.objects.filter(id=person.id).exists()


def test_retention_forgets_in_one_run_without_suppressing() -> None:
    """They did not ask to be left alone; their term was over."""
    person = plant_person()
    other = make_point("bert@example.nl").person
    assert forget_for_retention(person_ids=[person.id, other.id], at=NOW) == 2
    run = ErasureRun.objects.get()
    assert (run.people, run.state, run.by_kind) == (2, "clean", "retention")
    assert not Suppression.objects.exists()
    assert forget_for_retention(person_ids=[person.id], at=NOW) == 0


def test_one_who_is_held_at_the_last_moment_holds_no_others_up() -> None:
    """The clean-up chose them before; the rest of the batch goes."""
    make_organisation()
    held, *others = (make_point(f"p{n}@example.nl").person.id for n in range(3))
    put_hold(person_id=held, reason="Geschil", at=NOW, actor=STAFF)
    assert forget_for_retention(person_ids=[others[0], held, others[1]], at=NOW) == 2
    assert list(Person.objects.values_list("id", flat=True)) == [held]
    assert forget_for_retention(person_ids=[held], at=NOW) == 0


def test_the_night_dates_the_certificate_anew() -> None:
    """Tables rewritten, log switched: both days stand on the certificate, signed again."""
    person = plant_person()
    run = forget_her(person).run
    report = make_physical(at=NOW + timedelta(hours=12))
    run.refresh_from_db()
    assert report.runs == 1
    assert "people_person" in report.rewritten
    assert run.certificate is not None
    assert run.certificate["physical"]["done"] == "2026-11-25T00:00:00Z"
    assert certificate_holds(canonical(run.certificate), bytes(run.signature or b""))
    assert make_physical(at=NOW).runs == 0


def test_erasing_costs_the_same_few_statements_however_much_there_is() -> None:
    """Bounded: the transaction does not grow with the person's history."""
    person = plant_person()
    run = begin_erasure(person_ids=[person.id], by="staff", actor=STAFF, at=NOW)
    with CaptureQueriesContext(connection) as asked:
        carry_out(run_id=run.id, actor=STAFF, at=NOW)
    assert len(asked) < 146


def test_inv39_fields_that_are_emptied_leave_the_disk_the_same_night() -> None:
    """Nobody was erased, and the night rewrites the table all the same; once."""
    make_point("anna@example.nl")
    with transaction.atomic():
        Person.objects.update(given_name="")
        note_emptied()
    assert "people_person" in tables_due()
    report = make_physical(at=NOW)
    assert (report.runs, "people_person" in report.rewritten) == (0, True)
    assert tables_due() == []
    assert make_physical(at=NOW).rewritten == ()


def test_a_run_in_batches_is_one_run_with_one_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed in the second batch: the first is gone for good, its needles wait sealed, and the job
    ends it with one look for all."""
    monkeypatch.setattr(erasing, "BATCH", 2)
    people = [make_point(f"p{n}@example.nl").person for n in range(5)]
    run = begin_erasure(person_ids=[each.id for each in people], by="staff", actor=STAFF, at=NOW)
    erasing.erase_batch(run_id=run.id, actor=STAFF, at=NOW)
    assert (Person.objects.count(), run.pending.count(), run.search.count()) == (3, 3, 1)
    assert ErasureRun.objects.get().state == "begun"
    sealed = bytes(ErasureSearch.objects.get().sealed)
    assert b"example" not in sealed
    assert prove(run_id=run.id, at=NOW).state == "begun"  # nothing is certified before all went
    assert resume_erasures(at=NOW + timedelta(minutes=10)) == 1
    run.refresh_from_db()
    assert (run.state, run.people, run.search.count()) == ("clean", 5, 0)
    assert run.certificate is not None
    assert run.certificate["erased"]["people_person"] == 5


def test_a_run_at_which_somebody_works_is_left_alone() -> None:
    """The job does not take a clean-up out of another's hands, however long it takes."""
    person = plant_person()
    run = begin_erasure(person_ids=[person.id], by="retention", actor=STAFF, at=NOW)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_lock_of(run.id)])
        assert resume_erasures(at=NOW + timedelta(minutes=10)) == 0
        assert run.pending.exists()
        with other.cursor() as cursor:  # not by hanging up: the server takes its time to see that
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_of(run.id)])
    finally:
        other.close()
    assert resume_erasures(at=NOW + timedelta(minutes=10)) == 0
    assert not ErasureRun.objects.exists()


def test_an_erasure_is_a_bounded_number_of_statements_that_are_planned_once() -> None:
    """However many stores there are and however much stands in them; the second plans nothing."""
    taken = []
    for person in (plant_person(), make_point("een-ander@example.nl").person):
        run = begin_erasure(person_ids=[person.id], by="staff", actor=STAFF, at=NOW)
        before = plans()
        with CaptureQueriesContext(connection) as asked:
            carry_out(run_id=run.id, actor=STAFF, at=NOW)
        taken.append((len(asked), plans() - before))
    assert max(asked for asked, _planned in taken) <= 75
    assert taken[1][1] == 0


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])
