"""Every bad file has a sentence that a baker understands, and leaves nothing behind."""

# ruff: noqa: F811 - fixtures of other files

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from akkoord.datamap.naming import plain_title
from akkoord.imports.models import Import
from akkoord.imports.screening import _is_more_than_a_name
from akkoord.imports.tests import samples
from akkoord.imports.tests import ubl_samples as ubl
from akkoord.imports.tests.test_sales_pages import owner, page, shop  # noqa: F401 - fixtures
from akkoord.people.models import Person
from akkoord.register.models import Organisation

pytestmark = pytest.mark.django_db
BOMB = samples.zipped({"a.csv": b"email\n" + b"0" * (60 * 1024 * 1024)})
LONG_EMPTY = samples.workbook(
    f'<row r="1">{samples.cell("A1", "E-mail")}</row><row r="10000000">'
    f"{samples.cell('A10000000', 'x')}</row>"
)
ENTITIES = samples.workbook(
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    '<row r="1"><c r="A1"><v>&b;</v></c></row>'
)


@pytest.mark.parametrize(
    "look",
    [_is_more_than_a_name, plain_title],
    ids=["name", "title"],
)
def test_a_cell_of_a_million_signs_is_looked_at_in_a_moment(look: Callable[[str], Any]) -> None:
    """Patterns that take the square of a length would hold a worker up for hours."""
    began = time.process_time()
    look("x" * 1_000_000)
    assert time.process_time() - began < 5


def send(owner: Any, view: str, content: bytes, name: str) -> str:
    values = {"file": SimpleUploadedFile(name, content), "topic": "nieuwsbrief"}
    values |= {"source": "own-signup"} if view == "imports:index" else {"layout": "auto"}
    return page(owner.post(reverse(view), values, follow=True))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "uitgepakt te groot"),
        (LONG_EMPTY, "te veel regels"),
        (ENTITIES, "roept andere bestanden op"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wachtwoord"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "tekens van dit bestand"),
        (samples.zipped({"lees.pdf": b"%PDF"}), "geen tabel"),
        (ubl.LAUGHS, "geen tabel"),
        (b"\xef\xbb\xbf  <html><table><tr><td>a@example.nl", "geen tabel"),
    ],
)
def test_a_file_of_people(owner: Any, shop: Any, content: bytes, words: str) -> None:
    assert words in send(owner, "imports:index", content, "leden.xlsx")
    assert not Import.objects.filter(state=Import.State.DONE).exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "uitgepakt te groot"),
        (LONG_EMPTY, "te veel regels"),
        (ENTITIES, "roept andere bestanden op"),
        (ubl.LAUGHS, "roept andere bestanden op"),
        (ubl.EXTERNAL_ENTITY, "roept andere bestanden op"),
        (ubl.EXTERNAL_DTD, "roept andere bestanden op"),
        (ubl.invoice(customer=""), "staat geen klant"),
        (b"<a>", "geen factuur die wij kunnen lezen"),
        (b"giftnummer;datum;e-mail\n1;01-10-2026;a@example.nl\n", "goed doel of vereniging"),
    ],
)
def test_a_file_of_sales(owner: Any, shop: Any, content: bytes, words: str) -> None:
    assert words in send(owner, "imports:sales", content, "verkopen.xml")
    assert not Import.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../../../{0}.csv", "/tmp/{0}.csv", "C:\\{0}.csv", "a/../../{0}.csv"]
)
def test_a_path_in_a_zip_leads_nowhere(owner: Any, shop: Any, tmp_path: Path, name: str) -> None:
    before = set(Path(settings.DATA_DIR).parent.rglob("*uitgebroken*"))
    content = samples.zipped({name.format("uitgebroken"): b"email\na@example.nl\n"})
    send(owner, "imports:index", content, "leden.zip")
    record = Import.objects.get()
    assert [each["name"] for each in record.parts] == ["uitgebroken.csv"]
    assert set(Path(settings.DATA_DIR).parent.rglob("*uitgebroken*")) == before
    assert not Path("/tmp/uitgebroken.csv").exists()


def test_a_path_in_a_zip_of_invoices_leads_nowhere(owner: Any, shop: Any) -> None:
    content = samples.zipped(
        {"../../uitgebroken.xml": ubl.invoice(customer="")}
        | {"/etc/b.xml": ubl.invoice(customer="")}
    )
    shown = send(owner, "imports:sales", content, "facturen.zip")
    assert "uitgebroken.xml" in shown
    assert ".." not in "".join(Import.objects.get().refusals.values_list("part", flat=True))


def test_inv15_gifts_are_a_relation_to_a_charity(owner: Any, shop: Any) -> None:
    Organisation.objects.update(trade="association")
    content = b"giftnummer;datum;e-mail;naam;bedrag\n1;01-10-2026;a@example.nl;Anna de Wit;25\n"
    assert "nog niets veranderd" in send(owner, "imports:sales", content, "giften.csv")
    assert Import.objects.get().sales["sales"] == 1


def test_inv16_the_page_says_what_a_purchase_never_opens(owner: Any, shop: Any) -> None:
    shown = page(owner.get(reverse("imports:sales")))
    assert "alleen bellen met een ja voor bellen" in shown
    assert "Vraag een ja voor sms" in shown
