"""The scan finds every trace, in every coding, and nobody else's (INV 35, 40)."""

import base64
import email.message
import gzip
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core import signing
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.datamap import many
from akkoord.datamap.census import live_columns
from akkoord.datamap.erase import erase_people
from akkoord.datamap.judging import Judge
from akkoord.datamap.keys import keyed_hash
from akkoord.datamap.needles import Kind, Needles, email_needles, join_needles, needles_of
from akkoord.datamap.scan import FILES, ScanResult, _scan_file, scan
from akkoord.datamap.sieve import row_conditions
from akkoord.datamap.tests.shop import (
    ANNA,
    BERT,
    Blocked,
    Customer,
    Sending,
    own_declarations,
    shop,
)

__all__ = ["own_declarations", "shop"]
ADDRESS = "anna.berg+fiets@example.nl"


@pytest.fixture(autouse=True, params=["few", "many"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every trace is found both ways: asked of the database, and read once for thousands."""
    if request.param == "many":
        monkeypatch.setattr(many, "MANY", -1)


@pytest.fixture
def needles(shop: None) -> Needles:
    """Anna's needles; she is erased from every store afterwards."""
    found = needles_of([ANNA])
    erase_people([ANNA], run_id=uuid.UUID(int=7))
    return found


def _places(result: ScanResult) -> set[tuple[str, str, Kind]]:
    return {(each.store, each.place, each.kind) for each in result.hits}


def test_needles_come_from_every_store(shop: None) -> None:
    """Addresses as typed and normalised, phones, numbers, ids, hashes, and the door."""
    found = needles_of([ANNA])
    assert ANNA in found.ids
    assert (Kind.EMAIL, ADDRESS) in found.texts
    assert (Kind.CUSTOMER_NUMBER, "k-40017") in found.texts
    assert ("31", "612345678") in found.phones
    assert keyed_hash(ADDRESS) in found.hashes
    assert keyed_hash("+31612345678") in found.hashes
    assert {(each.postcode, each.number) for each in found.residences} == {("1234ab", "12-a")}
    assert ADDRESS not in repr(found)


def test_inv35_nothing_is_left_but_what_may_stay(needles: Needles) -> None:
    """After erasure: no hits; the invoice and the keyed hash stand on the kept list."""
    result = scan(needles)
    assert result.hits == ()
    assert result.is_clean
    assert {(each.store, each.place) for each in result.kept} == {
        ("shop_invoice", "customer_id"),
        ("shop_blocked", "digest"),
    }
    assert result.tables > 6
    assert result.columns > 20


def test_inv40_a_keyed_hash_outside_its_column_blocks(needles: Needles) -> None:
    """The kept list is per column, not per value."""
    assert Blocked.objects.count() == 1
    Sending.objects.create(words=keyed_hash(ADDRESS).hex(), state="x")
    assert _places(scan(needles)) == {("shop_sending", "words", Kind.KEYED_HASH)}
    assert not scan(needles, kept=()).is_clean


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("text", "mail van ANNA.Berg+fiets@EXAMPLE.nl.", Kind.EMAIL),
        ("varchar(90)", ADDRESS, Kind.EMAIL),
        ("text", f"Zie {ADDRESS}.csv van maandag.", Kind.EMAIL),
        ("text", f"{ADDRESS.upper()}.CSV.GZ", Kind.EMAIL),
        ("text", quote(f"?to={ADDRESS}"), Kind.EMAIL),
        ("text", escape(ADDRESS).replace("@", "&#64;"), Kind.EMAIL),
        ("text", base64.b64encode(f"voor {ADDRESS}!".encode()).decode(), Kind.EMAIL),
        ("json", json.dumps({"a": [f"\n{ADDRESS}"]}), Kind.EMAIL),
        ("json", '{"a": "anna.berg+fiets\\u0040example.nl"}', Kind.EMAIL),
        ("jsonb", json.dumps({"deep": {"er": ADDRESS}}), Kind.EMAIL),
        ("jsonb", json.dumps({ADDRESS: 1}), Kind.EMAIL),
        ("text[]", ["x", ADDRESS], Kind.EMAIL),
        ("tsvector", f"'{ADDRESS}':1", Kind.EMAIL),
        ("bytea", f"x {ADDRESS}".encode(), Kind.EMAIL),
        ("bytea", "Anna.Berg+fiets@Example.NL".encode("utf-16-le"), Kind.EMAIL),
        ("bytea", gzip.compress(ADDRESS.encode()), Kind.EMAIL),
        ("bytea", base64.b64encode(ADDRESS.encode()), Kind.EMAIL),
        ("text", "bel 06 12 34 56 78 morgen", Kind.PHONE),
        ("text", "+31 (0)6-12345678", Kind.PHONE),
        ("text", "0031612345678", Kind.PHONE),
        ("bigint", 31612345678, Kind.PHONE),
        ("int", 612345678, Kind.PHONE),
        ("numeric", 612345678, Kind.PHONE),
        ("bigint[]", [1, 31612345678], Kind.PHONE),
        ("text", "klant k-40017 belde", Kind.CUSTOMER_NUMBER),
        ("uuid", ANNA, Kind.ID),
        ("uuid[]", [uuid.UUID(int=1), ANNA], Kind.ID),
        ("text", f"/mensen/{ANNA}/", Kind.ID),
        ("text", ANNA.hex.upper(), Kind.ID),
        ("bytea", b"\0\1" + ANNA.bytes, Kind.ID),
        ("bytea", keyed_hash(ADDRESS), Kind.KEYED_HASH),
        ("text", "Mw. A. van der Berg, Laan 12-A, 1234AB Ede", Kind.RESIDENCE),
    ],
)
def test_inv35_every_column_type_and_coding_is_searched(
    needles: Needles, column: str, value: object, kind: Kind
) -> None:
    """A planted trace of each sort, in a table that nobody declared."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE stray (id int, cell {column})")
        cursor.execute(f"INSERT INTO stray VALUES (1, NULL), (2, %s::{column})", [value])
    result = scan(needles)
    assert ("stray", "cell", kind) in _places(result)
    assert not result.is_clean


def test_a_packed_session_is_read(needles: Needles) -> None:
    """Sessions are signed, packed and coded: a plain search would never see it."""
    packed = signing.dumps({"q": [ADDRESS] * 9}, compress=True)
    assert packed.startswith(".eJ")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (cell text)")
        cursor.execute("INSERT INTO stray VALUES (%s)", [packed])
    assert _places(scan(needles)) == {("stray", "cell", Kind.EMAIL)}


def test_a_name_spread_over_a_row_is_found(needles: Needles) -> None:
    """A row that gives name, postcode and number names the person."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (first text, last text, code text, nr text)")
        cursor.execute("INSERT INTO stray VALUES ('Anna', 'van der Berg', '1234 AB', '12-a')")
    assert _places(scan(needles)) == {("stray", "code", Kind.RESIDENCE)}


def test_neighbours_are_not_read_one_by_one(needles: Needles) -> None:
    """Who shares the postcode and not the name never leaves the database (cost at a million)."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (first text, last text, code text, nr text)")
        cursor.execute(
            "INSERT INTO stray SELECT 'Piet', 'Jansen', '1234 AB', n::text "
            "FROM generate_series(1, 50) AS n"
        )
        cursor.execute("INSERT INTO stray VALUES ('Anna', 'van der Berg', '1234 AB', '12-a')")
        columns = [each for each in live_columns(connection) if each.store == "stray"]
        conditions = list(row_conditions(columns, needles))
        where = " OR ".join(sql for sql, _values in conditions)
        values = [value for _sql, found in conditions for value in found]
        cursor.execute(f"SELECT last FROM stray WHERE {where}", values)
        assert cursor.fetchall() == [("van der Berg",)]


@pytest.mark.parametrize(
    "text",
    [
        "johanna.berg+fiets@example.nl",
        "anna.berg+fiets@example.nl.example.org",
        "anna.berg+fiets@example.nl.csv.example.org",
        "anna.berg+fiets@example.nl.csvs",
        "anna.berg@example.nl",
        "Anna van der Berg",
        "Bert van der Berg, Laan 12-a, 1234 AB Ede",
        "A. van der Berg, Laan 14, 1234 AB Ede",
        "06123456789",
        "106-12345678",
        "k-400171",
        "ak-40017",
    ],
)
def test_another_person_is_no_hit(needles: Needles, text: str) -> None:
    """A false alarm would block a lawful certificate: wholes only, and never a bare name."""
    Sending.objects.create(words=text, state="x")
    assert scan(needles).hits == ()


def test_whoever_stays_is_found_where_they_are(shop: None) -> None:
    """Bert is not erased: the scan sees him in every store."""
    found = _places(scan(needles_of([BERT])))
    assert ("shop_customer", "email", Kind.EMAIL) in found
    assert ("shop_door", "customer_id", Kind.ID) in found


def _zip(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _mail(coding: str) -> bytes:
    message = email.message.EmailMessage()
    message["Subject"] = "Hallo"
    message["Date"] = "Mon, 1 Jun 2026 10:00:00 +0200"
    message.set_content(f"{'lang ' * 30}{ADDRESS} {'lang ' * 30}", cte=coding)
    return message.as_bytes()


@pytest.mark.parametrize(
    "content",
    [
        ADDRESS.encode(),
        f"naam;é\n{ADDRESS}".encode("latin-1"),
        ADDRESS.encode("utf-16"),
        f"{ADDRESS}\n".encode("utf-16-be") * 3,
        gzip.compress(b"GET /u/?e=" + quote(ADDRESS).encode()),
        _zip(**{"xl/sharedStrings.xml": f"<t>{ADDRESS}</t>".encode()}),
        _zip(inner=_zip(deep=gzip.compress(ADDRESS.encode()))),
        _mail("base64"),
        _mail("quoted-printable"),
        b"\x89PNG\r\n\0\0" + ADDRESS.encode(),
        f"id={ANNA}".encode(),
    ],
)
def test_inv35_every_usual_file_is_read(tmp_path: Path, content: bytes) -> None:
    """Texts in any encoding, archives in archives, mails, pictures' own texts."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file").write_bytes(content)
    kinds = Judge(Needles(ids=frozenset([ANNA]), texts=email_needles(ADDRESS).texts))
    found, is_read = _scan_file(tmp_path / "sub" / "file", "sub/file", kinds)
    assert found
    assert is_read


def test_files_are_walked_and_unknown_formats_block(needles: Needles, tmp_path: Path) -> None:
    """What nobody can read is no proof; a store may answer for its own."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "list.csv").write_text(f"{ADDRESS}\n")
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "PG_VERSION").write_text("18")
    (tmp_path / "cluster" / "heap").write_text(ADDRESS)
    (tmp_path / "blob").write_bytes(b"\1\0\2\0\3\0\4" * 9)
    result = scan(needles, [tmp_path])
    assert _places(result) == {(FILES, "exports/list.csv", Kind.EMAIL)}
    assert result.files == 2
    assert result.unknown_formats == ("blob",)
    (tmp_path / "exports" / "list.csv").unlink()
    assert not scan(needles, [tmp_path]).is_clean
    assert scan(needles, [tmp_path], opaque=[tmp_path / "blob"]).is_clean


def test_a_name_of_a_file_can_tell_too(needles: Needles, tmp_path: Path) -> None:
    """Whoever names a file after a customer."""
    (tmp_path / f"{ADDRESS}.txt").write_text("bel")
    assert [each.kind for each in scan(needles, [tmp_path]).hits] == [Kind.EMAIL]


def test_many_people_at_once(shop: None) -> None:
    """A batch is cut into portions; each person's trace is found once."""
    batch = []
    for number in range(150):
        Sending.objects.create(words=f"voor klant{number}@example.nl", state="x")
        batch.append(email_needles(f"klant{number}@example.nl"))
    (hit,) = scan(join_needles(batch)).hits
    assert hit.count == 150


CODINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    quote,
    lambda text: quote(text, safe=""),
    escape,
    lambda text: json.dumps({"k": text}),
    lambda text: base64.b64encode(f"x {text} y".encode()).decode(),
    lambda text: f"bla {text}, bla",
]
LOCAL = st.from_regex(r"[a-z0-9]{1,8}([.+_-][a-z0-9é]{1,6}){0,2}", fullmatch=True)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(local=LOCAL, coding=st.sampled_from(CODINGS))
def test_the_sieve_lets_through_what_the_judge_would_find(
    shop: None, local: str, coding: Callable[[str], str]
) -> None:
    """The database's coarse question is never narrower than the exact judgement."""
    text = coding(f"{local}@example.nl")
    needles = email_needles(f"{local}@example.nl")
    sending = Sending.objects.create(words=text, state="x")
    expected = Kind.EMAIL in Judge(needles).kinds_in(text)
    assert expected
    assert ("shop_sending", "words", Kind.EMAIL) in _places(scan(needles))
    sending.delete()
    assert Customer.objects.count() == 2
