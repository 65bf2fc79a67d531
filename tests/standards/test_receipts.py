"""Receipts by ISO/IEC TS 27560, verified by a program that shares no code with the product (INV-7,
INV-6): whole they hold, and whichever byte is changed they do not."""

import json
import random
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.cli.receipt import command
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.models import Notice, PermissionEvent
from akkoord.consent.notices import hash_text
from akkoord.consent.receipt_check import check_receipt
from akkoord.consent.tests import factories as make
from akkoord.consent.tokens import fresh_link, preference_link
from akkoord.delivery.models import OutboxMail
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.imports.late_proof import declare_wording_for
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).with_name("verify_receipt.py")
ADDRESS = "anna@example.nl"


@pytest.fixture
def event() -> PermissionEvent:
    """A confirmed yes, among others in its block."""
    make.make_organisation()
    shown = make.make_form(make.make_topic(), make.make_topic("offers"))
    for address in (ADDRESS, "bob@example.nl", "cor@example.nl"):
        signed_up = make.sign_up(shown, address, at=timezone.now() - timedelta(hours=1))
        confirm_sign_up(make.confirmation_token(signed_up), at=timezone.now())
    point = ContactPoint.objects.get(normalised=ADDRESS)
    return PermissionEvent.objects.filter(
        contact_point_ref=point.id, state="confirmed", purpose_version__purpose__slug="offers"
    ).get()


def path_of(point: ContactPoint, event: PermissionEvent, kind: str = "") -> str:
    link = fresh_link(point_id=point.id, at=timezone.now())
    return link.removeprefix("http://127.0.0.1:8000") + f"bewijs/{event.id}{kind}"


def fetch(event: PermissionEvent) -> bytes:
    point = ContactPoint.objects.get(id=event.contact_point_ref)
    return Client(HTTP_ACCEPT_LANGUAGE="nl").get(path_of(point, event, ".json")).content


def verify(data: bytes, folder: Path) -> tuple[int, str]:
    file = folder / "receipt.json"
    file.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_inv07_a_sealed_receipt_is_proven_by_a_foreign_program(
    event: PermissionEvent, tmp_path: Path
) -> None:
    seal(timezone.now())
    data = fetch(event)
    code, words = verify(data, tmp_path)
    assert (code, words[:6]) == (0, "PROVEN"), words
    verdict = check_receipt(data)
    assert (verdict.faults, verdict.is_sealed) == ([], True)
    assert event.notice.text == json.loads(data)["processing"]["privacy_notice"]["text"]


def test_a_receipt_of_before_the_seal_says_so_and_is_completed(
    event: PermissionEvent, tmp_path: Path
) -> None:
    early = fetch(event)
    assert verify(early, tmp_path)[1].startswith("WHOLE, not sealed yet")
    verdict = check_receipt(early)
    assert (verdict.ok, verdict.is_sealed) == (True, False)
    seal(timezone.now())
    assert check_receipt(fetch(event)).is_sealed


def test_inv06_whichever_byte_is_changed_both_checks_find_it(
    event: PermissionEvent, tmp_path: Path
) -> None:
    """Every byte for our own check; a sample for the foreign one, which is a process each."""
    seal(timezone.now())
    data = fetch(event)
    for at in range(len(data)):
        for changed in (data[at] ^ 1, data[at] ^ 0x20):
            altered = data[:at] + bytes([changed]) + data[at + 1 :]
            assert check_receipt(altered).faults, (at, data[at : at + 20])
    for at in random.Random(27560).sample(range(len(data)), 12):
        # The public key and the signature are not the foreign program's to judge.
        if b'"integrity"' in data[: at + 1]:
            continue
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert verify(altered, tmp_path)[0] == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: r["processing"]["privacy_notice"].update(text="Ja"), "notice-text"),
        (lambda r: r["event"].update(event_state="given"), "fact-state"),
        (lambda r: r["event"].update(event_time="2020-01-01T00:00:00.000000Z"), "fact-time"),
        (lambda r: r["record"].update(pii_principal_id="x"), "fact-person"),
        (lambda r: r["proof"].update(salt="00" * 16), "commitment"),
        (lambda r: r["proof"].update(position=0, path=[]), "not-in-the-tree"),
        (lambda r: r["proof"]["headers"][0].update(sealed_at="2020-01-01T00:00+00:00"), "chain"),
        (lambda r: r["processing"]["purposes"][0].update(retention_period=["for ever"]), "digest"),
    ],
)
def test_the_fault_is_named_even_when_the_digest_is_made_again(
    event: PermissionEvent, change, fault: str
) -> None:
    import hashlib

    from akkoord.consent.receipt_check import canonical, signed_part

    seal(timezone.now())
    receipt = json.loads(fetch(event))
    change(receipt)
    if fault != "digest":
        receipt["integrity"]["sha256"] = hashlib.sha256(signed_part(receipt)).hexdigest()
    faults = check_receipt(canonical(receipt)).faults
    assert fault in faults
    assert "signature" in faults


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"proof": 1}']
)
def test_what_is_no_receipt_is_told_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    assert check_receipt(data).faults == ["no-receipt"]


def test_the_command_answers_with_a_status(event: PermissionEvent, tmp_path: Path) -> None:
    seal(timezone.now())
    file = tmp_path / "receipt.json"
    file.write_bytes(fetch(event))
    done = CliRunner().invoke(command, ["check", str(file), "--json"])
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["ok"], answer["sealed"], answer["faults"]) == (0, True, True, [])
    file.write_bytes(file.read_bytes().replace(b'"NL"', b'"BE"', 1))
    done = CliRunner().invoke(command, ["check", str(file)])
    assert done.exit_code == 1
    assert "digest" in done.output
    assert CliRunner().invoke(command, ["check", str(tmp_path / "none")]).exit_code == 2


def test_the_confirmation_is_answered_with_one_receipt_and_no_promotion(
    event: PermissionEvent,
) -> None:
    mail = OutboxMail.objects.get(kind="receipt", recipient=ADDRESS)
    assert "Nieuws offers" in mail.text
    assert "Tips over offers." in mail.text
    assert bytes(event.commitment).hex() in mail.text
    link = re.search(r"/v/[^/\s]+/bewijs/", mail.text).group()
    listed = Client().get(link).content.decode()
    assert f"bewijs/{event.id}.json" in listed
    assert f"bewijs/{event.id}.pdf" in listed


def test_page_and_pdf_say_the_same(event: PermissionEvent) -> None:
    point = ContactPoint.objects.get(id=event.contact_point_ref)
    client = Client(HTTP_ACCEPT_LANGUAGE="nl")
    page = client.get(path_of(point, event, "/"))
    text = page.content.decode()
    assert len(page.content) < 15_000
    for told in (ADDRESS, "Fietsen Jansen", "Tips over offers.", bytes(event.commitment).hex()[:8]):
        assert told in text
    pdf = client.get(path_of(point, event, ".pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert len(pdf.content) > 5_000


def test_inv34_a_receipt_is_shown_by_a_fresh_link_of_its_own_mailbox_only(
    event: PermissionEvent,
) -> None:
    point = ContactPoint.objects.get(id=event.contact_point_ref)
    other = ContactPoint.objects.get(normalised="bob@example.nl")
    client = Client()
    assert client.get(path_of(other, event, "/")).status_code == 404
    mail_link = preference_link(point_id=point.id, at=timezone.now())
    old = fresh_link(point_id=point.id, at=timezone.now() - timedelta(days=2))
    for link in (mail_link, old, "http://127.0.0.1:8000/v/x/"):
        for tail in ("bewijs/", f"bewijs/{event.id}/", f"bewijs/{event.id}.json"):
            answer = client.get(link.removeprefix("http://127.0.0.1:8000") + tail)
            assert answer.status_code == 302
            assert ADDRESS.encode() not in client.get(answer.url).content


def test_hostile_words_are_text_in_the_pdf(event: PermissionEvent) -> None:
    from akkoord.consent.receipt_words import receipt_pdf
    from akkoord.consent.receipts import receipt_of

    receipt = receipt_of(event, address="#panic()@example.nl", at=timezone.now())
    receipt["processing"]["purposes"][0]["wording"] = '#read("/etc/passwd") $x$ ]] " \\ *b*'
    assert receipt_pdf(receipt).startswith(b"%PDF-")


MAILCHIMP = (
    "Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,NOTES\n"
    f"{ADDRESS},Ann,de Wit,2024-01-02 10:00:00,84.1.2.3,2024-01-02 11:00:00,84.1.2.9,1,\n"
)


def imported(folder: Path, wording: str, *, is_late: bool = False) -> PermissionEvent:
    """The yes of a file whose words were declared with it, or afterwards."""
    owner = create_staff(
        email="eigenaar@fietsen.example.nl", name="E. Voorbeeld", role="owner", password="zeven" * 4
    )
    actor, now = Actor.staff(owner.pk), timezone.now()
    make.make_organisation()
    make.make_topic()
    file = folder / "people.csv"
    file.write_text(MAILCHIMP)
    order = ImportOrder(file_name=file.name, wording="" if is_late else wording)
    record, _report = import_file(file, order=order, at=now, actor=actor)
    if is_late:
        assert declare_wording_for(import_id=record.id, text=wording, at=now, actor=actor) == 1
    seal(timezone.now())
    return PermissionEvent.objects.get()


@pytest.mark.parametrize("is_late", [False, True])
def test_inv07_the_receipt_of_an_imported_yes_seals_its_words_and_says_what_was_declared(
    tmp_path: Path, is_late: bool
) -> None:
    wording = "Ja, stuur mij de nieuwsbrief."
    event = imported(tmp_path, wording, is_late=is_late)
    assert event.evidence["notice_sha256"] == event.notice.sha256
    data = fetch(event)
    assert verify(data, tmp_path)[1].startswith("PROVEN")
    assert check_receipt(data).faults == []
    notice = json.loads(data)["processing"]["privacy_notice"]
    assert (notice["text"], notice["is_declared"]) == (wording, True)
    assert notice["declared"]["source"] == "people.csv"
    assert notice["declared"]["declared_at"][:10] == event.recorded_at.strftime("%Y-%m-%d")
    point = ContactPoint.objects.get(id=event.contact_point_ref)
    page = Client(HTTP_ACCEPT_LANGUAGE="nl").get(path_of(point, event, "/")).content.decode()
    assert "Een medewerker verklaarde op" in page
    assert "people.csv" in page


def test_inv07_other_words_under_an_imported_yes_are_found(tmp_path: Path) -> None:
    """Also when notice, digest and signature are all made again by who holds the key, and the
    guard of the database is switched off."""
    event = imported(tmp_path, "Ja, stuur mij de nieuwsbrief.")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consent_notice DISABLE TRIGGER USER")
    Notice.objects.update(text="Ja, bel mij ook.", sha256=hash_text("Ja, bel mij ook."))
    data = fetch(PermissionEvent.objects.get(id=event.id))
    assert check_receipt(data).faults == ["fact-wording"]
    assert verify(data, tmp_path)[0] == 1
