"""A scan as evidence for a whole group of a file: sealed, named in each yes, gone with the last."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from akkoord.accounts.models import Staff
from akkoord.cli.evidence import command as evidence_command
from akkoord.consent.evidence_files import BadFile, view_file
from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
from akkoord.consent.models import EvidenceFile, EvidenceRow, PermissionEvent
from akkoord.consent.tests.factories import PDF
from akkoord.datamap.erase import erase_people
from akkoord.imports.actions import GroupEvidence, add_group_evidence
from akkoord.imports.models import Import, PendingEvidence
from akkoord.imports.order import ImportRefused
from akkoord.imports.tests.factories import WORDING
from akkoord.imports.tests.test_bring_in import AT, bring, owner, topic, write  # noqa: F401
from akkoord.imports.undo import what_undo_does
from akkoord.law.reasons import Reason
from akkoord.people.models import Person
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(tmp_path: Path, topic: Purpose, owner: Staff) -> Import:  # noqa: F811
    bring(write(tmp_path, "b@example.nl,Bo,,,,,,2,", "c@example.nl,C,,,,,,3,"), owner)
    return Import.objects.get()


def add(record: Import, scan: bytes | None) -> int:
    evidence = GroupEvidence(
        kind="paper",
        signed_at=AT - timedelta(days=30),
        wording=WORDING,
        description="Getekende kaarten, map 3",
        scan=scan,
    )
    return add_group_evidence(
        import_id=record.id, evidence=evidence, at=AT, actor=Actor.staff(Staff.objects.get().pk)
    )


def test_each_yes_names_the_sealed_scan(record: Import) -> None:
    assert add(record, PDF) == 2
    file = EvidenceFile.objects.get()
    assert file.kind == "list"
    for event in PermissionEvent.objects.all():
        assert (event.evidence["file"], event.evidence["file_sha256"]) == (
            str(file.id),
            file.sha256,
        )
    rows = EvidenceRow.objects.order_by("row")
    assert [each.row for each in rows] == [1, 2]
    assert {each.event_id for each in rows} == {each.id for each in PermissionEvent.objects.all()}
    on_disk = (Path(settings.DATA_DIR) / file.path).read_bytes()
    assert b"%PDF" not in on_disk
    assert view_file(file, actor=Actor.system(), at=AT) == PDF


def test_inv35_the_scan_goes_with_the_last_person_whom_it_is_about(
    record: Import, django_capture_on_commit_callbacks
) -> None:
    add(record, PDF)
    path = Path(settings.DATA_DIR) / EvidenceFile.objects.get().path
    first, last = Person.objects.order_by("id")
    with django_capture_on_commit_callbacks(execute=True):
        erase_people([first.id], run_id=record.id)
    assert EvidenceFile.objects.count() == 1
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase_people([last.id], run_id=record.id)
    assert not EvidenceFile.objects.exists()
    assert not path.exists()


def test_a_scan_that_cannot_be_evidence_adds_nothing(record: Import) -> None:
    with pytest.raises(BadFile):
        add(record, b"no picture at all")
    assert not PermissionEvent.objects.exists()
    assert PendingEvidence.objects.filter(reason="wording-not-declared").count() in (0, 2)
    assert not EvidenceFile.objects.exists()


def test_without_anybody_waiting_no_scan_is_kept(record: Import) -> None:
    add(record, None)
    assert add(record, PDF) == 0
    assert not EvidenceFile.objects.exists()


def test_the_import_can_still_be_taken_back(record: Import) -> None:
    before = what_undo_does(record)
    add(record, PDF)
    record.refresh_from_db()
    undoing = what_undo_does(record)
    assert (undoing.going, undoing.staying, undoing.why_not) == (
        before.going,
        before.staying,
        "",
    )
    assert before.going == 2


def test_on_the_screen_a_bad_scan_is_refused_with_a_sentence(record: Import) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(
        Staff.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    address = f"/importeren/{record.id}/bewijs/"
    posted = {
        "kind": "paper",
        "description": "Map 3",
        "signed_on": "2026-10-01",
        "wording": WORDING,
    }
    page = client.post(
        address, posted | {"scan": SimpleUploadedFile("brief.docx", b"PK\x03\x04")}, follow=True
    )
    assert "PDF" in page.content.decode()
    assert not PermissionEvent.objects.exists()
    client.post(address, posted | {"scan": SimpleUploadedFile("kaarten.pdf", PDF)})
    assert PermissionEvent.objects.count() == 2
    assert EvidenceRow.objects.count() == 2


def test_the_command_takes_a_scan_and_answers_json(record: Import, tmp_path: Path) -> None:
    wording, scan, bad = tmp_path / "woorden.txt", tmp_path / "k.pdf", tmp_path / "k.docx"
    wording.write_text(WORDING)
    scan.write_bytes(PDF)
    bad.write_bytes(b"PK\x03\x04")

    def call(*more: str, import_id: str = str(record.id)) -> tuple[int, dict[str, object]]:
        arguments = [import_id, "--wording", str(wording), "--where", "Map 3", "--json", *more]
        answer = CliRunner().invoke(evidence_command, arguments)
        return answer.exit_code, json.loads(answer.stdout) if answer.exit_code < 2 else {}

    day = ("--signed-on", "2026-10-01")
    assert call(*day, "--scan", str(bad)) == (1, {"reason": "unknown"})
    assert call(*day, import_id="01a214e6-644e-7000-868e-82e62f0f2d55") == (
        1,
        {"reason": "unknown-import"},
    )
    assert call("--signed-on", "2099-01-01")[0] == 2
    assert call(*day, "--scan", str(scan)) == (0, {"people": 2})
    assert EvidenceFile.objects.count() == 1


@pytest.mark.parametrize(
    "day", [datetime(1, 1, 1, tzinfo=UTC), datetime(1989, 5, 1, tzinfo=UTC), AT + timedelta(days=1)]
)
def test_inv07_a_day_that_cannot_be_is_no_evidence(record: Import, day: datetime) -> None:
    evidence = GroupEvidence(
        kind="paper", signed_at=day, wording=WORDING, description="map 3", scan=None
    )
    with pytest.raises(ImportRefused) as refused:
        add_group_evidence(import_id=record.id, evidence=evidence, at=AT, actor=Actor.system())
    assert refused.value.sentence
    assert not PermissionEvent.objects.exists()
    assert PendingEvidence.objects.count() == 2


def test_inv07_the_words_of_a_form_count_from_the_day_it_was_there(record: Import) -> None:
    facts = FormFacts(
        name="Nieuwsbrief", topic_ids=(Purpose.objects.get().id,), field_keys=("email",)
    )
    actor = Actor.staff(Staff.objects.get().pk)
    form = create_form(facts=facts, at=AT - timedelta(days=9), actor=actor)
    shown = publish_form(form_id=form.id, at=AT - timedelta(days=9), actor=actor)[0]

    def signed(days: int) -> int:
        evidence = GroupEvidence(
            kind="paper",
            signed_at=AT - timedelta(days=days),
            wording=f" {shown.snapshot['topics'][0]['sentence']}\n",
            description="map 3",
        )
        return add_group_evidence(import_id=record.id, evidence=evidence, at=AT, actor=actor)

    with pytest.raises(ImportRefused) as refused:
        signed(10)
    assert refused.value.reason == Reason.IMPOSSIBLE_TIME
    assert not PermissionEvent.objects.exists()
    assert signed(8) == 2
