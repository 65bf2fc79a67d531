"""No certificate dates what the server still keeps; its administrator ends it once (INV-35)."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from akkoord.accounts.models import Staff
from akkoord.consent.tests.factories import make_point
from akkoord.datamap.ids import uuid7
from akkoord.register.tests.factories import make_organisation
from akkoord.rights.certificate import certificate_of, issue
from akkoord.rights.certificate_pdf import certificate_pdf
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.rights.physical import make_physical
from akkoord.rights.tests.factories import NOW, STAFF
from akkoord.rights.words import store_word
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = NOW + timedelta(hours=12)


@pytest.fixture
def run() -> ErasureRun:
    """Somebody was forgotten, and the night has not come."""
    make_organisation()
    person = make_point("anna@example.nl").person
    return forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW).run


@contextmanager
def another_server(setting: str, value: str) -> Iterator[None]:
    """The server as its administrator set it up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [setting, value])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"RESET {setting}")


@contextmanager
def no_superuser() -> Iterator[None]:
    """The role of somebody who owns the tables and nothing else."""
    owner = connection.ops.quote_name(connection.settings_dict["USER"])
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS tenant")
        cursor.execute(f"CREATE ROLE tenant NOSUPERUSER IN ROLE {owner}")
        cursor.execute("SET ROLE tenant")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE tenant")


def physical(run: ErasureRun) -> tuple[str | None, str]:
    """What the signed certificate says: when, and by whom."""
    run.refresh_from_db()
    assert certificate_of(run).is_genuine
    assert run.certificate is not None
    found = run.certificate["physical"]
    return found["done"], found["by"]


def test_inv35_a_server_that_uses_its_log_again_gets_no_date(run: ErasureRun) -> None:
    """As superuser too: recycled pieces of the log hold what was erased."""
    with another_server("wal_recycle", "on"):
        report = make_physical(at=NIGHT)
    assert (report.runs, report.needs_administrator) == (0, True)
    assert physical(run) == (None, "administrator")


@pytest.mark.parametrize("night", ["tenant", "wal_recycle"])
def test_the_next_night_rewrites_nothing_again(run: ErasureRun, night: str) -> None:
    """What we can do is done once; the rest is the administrator's."""
    with no_superuser() if night == "tenant" else another_server("wal_recycle", "on"):
        assert "people_person" in make_physical(at=NIGHT).rewritten
        assert make_physical(at=NIGHT + timedelta(days=1)).rewritten == ()
    assert physical(run) == (None, "administrator")


def test_staff_note_that_the_administrator_did_it(run: ErasureRun) -> None:
    """One press gives the certificate its day, signed anew, and says who; once."""
    client = Client(headers={"accept-language": "nl"})
    client.force_login(
        Staff.objects.create_user("eva@winkel.example.nl", "x" * 20, name="Eva", role="owner"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    page = reverse("rights:certificate", args=[run.reference])
    press = reverse("rights:left_disk", args=[run.reference])
    assert press not in client.get(page).content.decode()
    client.post(press)
    assert physical(run) == (None, "us")
    with another_server("wal_recycle", "on"):
        make_physical(at=NIGHT)
    assert press in client.get(page).content.decode()
    before, later = another(run, timedelta(days=-1)), another(run, timedelta(days=1))
    client.post(press)
    assert physical(before)[0] is not None, "what ran out held the erasures before it too"
    assert physical(later) == (None, "administrator")
    done, by = physical(run)
    assert (done is not None, by) == (True, "administrator")
    shown = client.get(page).content.decode()
    assert press not in shown
    assert "Door de beheerder van de databaseserver." in shown
    assert Change.objects.filter(action="erasure.left-disk").count() == 2


def another(run: ErasureRun, after: timedelta) -> ErasureRun:
    """An erasure of another day that waits for the administrator too."""
    copy = ErasureRun.objects.get(id=run.id)
    copy.id, copy.reference, copy.started_at = uuid7(), f"X{after.days}", run.started_at + after
    copy.certificate, copy.signature = None, None
    copy.save(force_insert=True)
    return issue(copy)


def test_a_table_that_a_new_version_dropped_holds_no_night_up(run: ErasureRun) -> None:
    """A run may have noted a table that is no more."""
    ErasureRun.objects.filter(id=run.id).update(rewrites=["people_person", "people_gone"])
    report = make_physical(at=NIGHT)
    assert (report.runs, "people_gone" in report.rewritten) == (1, False)
    assert physical(run) == ("2026-11-25T00:00:00Z", "us")


def test_a_paper_that_was_asked_for_before_is_not_set_again(
    run: ErasureRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody with the reference may ask, as often as they like; a new signature is a new paper."""
    asked: list[object] = []

    def setting(_source: object, values: object) -> bytes:
        asked.append(values)
        return b"%PDF"

    monkeypatch.setattr("akkoord.rights.certificate_pdf.typeset", setting)
    run.refresh_from_db()
    for language in ("nl", "en", "nl", "en"):
        certificate_pdf(run, language=language)
    assert len(asked) == 2
    run.signature = b"x" * 64
    certificate_pdf(run, language="nl")
    assert len(asked) == 3


def test_the_certificate_on_paper_says_what_the_signed_file_says(run: ErasureRun) -> None:
    """Every value, in the reader's language, for whoever has the reference."""
    make_physical(at=NIGHT)
    run.refresh_from_db()
    document = run.certificate
    assert document is not None
    paper = Client(headers={"accept-language": "nl"}).get(
        reverse("rights_public:paper", args=[run.reference])
    )
    assert paper["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(paper.content) as pages:
        text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    assert document["reference"] in text
    assert document["organisation"] in text
    assert "24 november 2026 13:00" in text.replace(",", "").replace(" om ", " ")
    assert "25 november 2026 01:00" in text.replace(",", "").replace(" om ", " ")
    assert f"{document['scan']['tables']} tabellen, {document['scan']['columns']} kolommen" in text
    for store, rows in document["erased"].items():
        assert f"{store_word(store)} {rows}" in text
    for line in document["kept"]:
        assert line["article"] in text
    assert base64.b64encode(bytes(run.signature or b"")).decode()[:40] in text
    assert "@" not in text


def test_no_paper_without_a_certificate(run: ErasureRun) -> None:
    """A run that is not proven has none, nor has a reference that is nobody's."""
    ErasureRun.objects.filter(id=run.id).update(certificate=None, signature=None)
    for reference in (run.reference, "WIS-0000"):
        page = reverse("rights_public:paper", args=[reference])
        assert Client().get(page).status_code == 404
