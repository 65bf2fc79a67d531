"""A column that nobody can read blocks, and a mail is read across its breaks (INV-35)."""

import base64
import email.message
import email.policy
import io
import os
import random
import uuid
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from akkoord.datamap import many
from akkoord.datamap.cells import declare_sealed, sealed_cells
from akkoord.datamap.census import live_columns
from akkoord.datamap.erase import erase_people
from akkoord.datamap.judging import Judge
from akkoord.datamap.needles import Kind, Needles, email_needles, needles_of
from akkoord.datamap.scan import ScanResult, UnreadCell, scan
from akkoord.datamap.tests.shop import ANNA, own_declarations, shop

__all__ = ["own_declarations", "shop"]
ADDRESS = "anna.berg+fiets@example.nl"


@pytest.fixture(autouse=True, params=["few", "many"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways: asked of the database, and read once for thousands."""
    if request.param == "many":
        monkeypatch.setattr(many, "MANY", -1)


@pytest.fixture
def needles(shop: None) -> Needles:
    """Anna's needles; she is erased from every store afterwards."""
    found = needles_of([ANNA])
    erase_people([ANNA], run_id=uuid.UUID(int=7))
    return found


def stray(kind: str, *cells: object) -> None:
    """A table that nobody declared."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE stray (nr serial, cell {kind})")
        for cell in cells:
            cursor.execute(f"INSERT INTO stray (cell) VALUES (%s::{kind})", [cell])


def found_in(result: ScanResult) -> dict[Kind, int]:
    return {each.kind: each.count for each in result.hits if each.store == "stray"}


def mail(words: str, coding: str, charset: str = "utf-8") -> bytes:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["Subject"] = "Hallo"
    message["Date"] = "Mon, 1 Jun 2026 10:00:00 +0200"
    message.set_content(words, cte=coding, charset=charset)
    return message.as_bytes()


@pytest.mark.parametrize("kind", ["text", "bytea"])
@pytest.mark.parametrize("coding", ["base64", "quoted-printable"])
def test_inv35_a_mail_is_read_wherever_its_lines_break(
    needles: Needles, kind: str, coding: str
) -> None:
    """At every place in a line, of which mails break one after 76 signs, in mid-word."""
    mails = [mail(f"{'x' * at}é, {ADDRESS} {'y' * 90}\n", coding) for at in range(60)]
    stray(kind, *(each.decode() if kind == "text" else each for each in mails))
    assert found_in(scan(needles)) == {Kind.EMAIL: 60}


def test_inv35_a_mail_tells_a_home_and_a_number_too(needles: Needles) -> None:
    """Not only what has a shape of its own."""
    words = "Mw. A. van der Berg, Laan 12-A, 1234AB Ede, 06-12345678, klant k-40017\n"
    stray(
        "text",
        mail(f"{'é' * 30} {words}", "quoted-printable").decode(),
        mail(words, "base64").decode(),
    )
    assert found_in(scan(needles)) == {
        Kind.RESIDENCE: 2,
        Kind.PHONE: 2,
        Kind.CUSTOMER_NUMBER: 2,
    }


def test_a_header_that_goes_on_in_a_second_coded_word_is_read(needles: Needles) -> None:
    """Each word is coded by itself, so the address stands nowhere whole."""
    message = (
        mail("Dag", "7bit")
        .decode()
        .replace(
            "Subject: Hallo",
            "Subject: =?utf-8?b?VmFuIGFubmEuYmVyZytm?=\r\n =?utf-8?b?aWV0c0BleGFtcGxlLm5s?=",
        )
    )
    stray("text", message)
    assert found_in(scan(needles)) == {Kind.EMAIL: 1}


def test_mails_about_others_stay_in_the_database(needles: Needles) -> None:
    """Nobody's mail is a hit; and wrapped base64 without a mail around it is read as well."""
    stray("text", mail("Dag Bert, é " * 40, "quoted-printable").decode())
    assert found_in(scan(needles)) == {}
    coded = base64.encodebytes(f"{'x' * 70} {ADDRESS} {'y' * 70}".encode()).decode()
    assert Judge(email_needles(ADDRESS)).kinds_in(f"-- \n{coded}\n--") == {Kind.EMAIL}


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_inv35_wide_letters_in_bytes_are_read_in_either_order(
    needles: Needles, coding: str
) -> None:
    stray("bytea", f"voor {ADDRESS} en verder".encode(coding))
    assert found_in(scan(needles)) == {Kind.EMAIL: 1}


def locked_zip() -> bytes:
    """A zip file of which the member is marked as encrypted."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lijst.csv", os.urandom(64))
    content = bytearray(packed.getvalue())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def noise(size: int, without: bytes = b"") -> bytes:
    return random.Random(7).randbytes(size * 2).translate(None, without)[:size]


@pytest.mark.parametrize(
    "content",
    [locked_zip(), b"%PDF-1.7\n" + b"x" * 200, noise(400), noise(400, b"\0")],
    ids=["locked zip", "pdf", "noise", "noise without a zero"],
)
def test_inv35_bytes_that_nobody_can_read_block(needles: Needles, content: bytes) -> None:
    """In a column as in a file; a column of sealed bytes is passed, and so is a hash."""
    stray("bytea", content)
    result = scan(needles)
    assert (result.hits, result.unknown_formats) == ((), ())
    assert result.unread == (UnreadCell("stray", "cell", 1),)
    assert not result.is_clean


def test_short_bytes_and_sealed_columns_are_passed(
    needles: Needles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashes, salts and keys; and what a room declares as sealed, in that column alone."""
    stray("bytea", noise(96), b"een tekst " * 20, b"\x89PNG\r\n" + noise(300))
    assert scan(needles).is_clean
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO stray (cell) VALUES (%s)", [noise(300)])
    assert not scan(needles).is_clean
    monkeypatch.setattr("akkoord.datamap.cells._sealed", set(sealed_cells()))
    declare_sealed("stray", "cell")
    assert scan(needles).is_clean


@pytest.mark.django_db
def test_every_column_of_sealed_bytes_is_one_that_is_there() -> None:
    """A name that was changed would pass nothing, and hold every erasure up."""
    live = {(each.store, each.name) for each in live_columns(connection) if each.type == "bytea"}
    assert {cell for cell in sealed_cells() if not cell[0].startswith("shop_")} <= live


@pytest.mark.django_db
def test_inv35_a_file_of_noise_blocks_without_a_zero_in_it(tmp_path: Path) -> None:
    """Neither UTF-8 nor a text of Windows; one in Windows-1252 is read."""
    (tmp_path / "brief.txt").write_bytes("Geachte mevrouw Coöp, één café\r\n".encode("cp1252"))
    assert scan(Needles(), [tmp_path]).is_clean
    (tmp_path / "onbekend").write_bytes(noise(5000, b"\0"))
    assert scan(Needles(), [tmp_path]).unknown_formats == ("onbekend",)
