"""Packed files as they come, and those made to hurt: refused by what they hold, not by name."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from akkoord.imports.actions import ImportRefused
from akkoord.imports.opening import open_source
from akkoord.imports.packed import MEBIBYTE, Limits
from akkoord.imports.reader import ReadAs, UnreadableFile
from akkoord.imports.tests import samples
from akkoord.imports.tests.factories import WORDING, bring_bytes, make_owner
from akkoord.law.reasons import Reason
from akkoord.people.models import Person
from akkoord.register.tests.factories import make_organisation, make_topic

PEOPLE = samples.table(["E-mail", "Voornaam"], ["a@example.nl", "Ann"])


def read(content: bytes, limits: Limits | None = None) -> list[tuple[str, list[list[str]]]]:
    opened = open_source(io.BytesIO(content), limits=limits or Limits())
    return [(each.name, [row.cells for row in each.rows]) for each in opened.tables]


def refused(content: bytes, limits: Limits | None = None) -> Reason:
    with pytest.raises(UnreadableFile) as problem:
        read(content, limits)
    return problem.value.reason


def test_a_zip_of_tables_is_read_one_after_the_other() -> None:
    content = samples.zipped(
        {
            "map/leden.csv": PEOPLE,
            "map/oud.xlsx": samples.sheet([["E-mail"], ["b@example.nl"]]),
            "__MACOSX/map/._leden.csv": b"litter",
            "leesmij.pdf": b"%PDF-1.4",
        }
    )
    assert read(content) == [
        ("leden.csv", [["a@example.nl", "Ann"]]),
        ("oud.xlsx", [["b@example.nl"]]),
    ]
    assert open_source(io.BytesIO(content)).ignored == ["leesmij.pdf"]


def test_a_formula_in_a_sheet_is_never_worked_out() -> None:
    formula = '<c r="B2"><f>HYPERLINK("https://example.org")</f><v>7</v></c>'
    head = samples.cell("A1", "E-mail") + samples.cell("B1", "Naam")
    data = f'<row r="1">{head}</row><row r="2">{samples.cell("A2", "a@example.nl")}{formula}</row>'
    assert read(samples.workbook(data)) == [("", [["a@example.nl", "7"]])]


def test_ten_million_empty_rows_are_passed_over() -> None:
    head = f'<row r="1">{samples.cell("A1", "E-mail")}</row>'
    one = f'<row r="2">{samples.cell("A2", "a@example.nl")}</row>'
    content = samples.workbook([head, one, *["<row/>" * 100_000] * 100])
    assert len(content) < MEBIBYTE
    assert refused(content) is Reason.FILE_TOO_LARGE  # it packs like a bomb
    assert read(content, Limits(ratio=100_000)) == [("", [["a@example.nl"]])]


@pytest.mark.parametrize("place", ["A10000000", "XFD2", "ALM200000"])
def test_a_cell_far_away_does_not_fill_the_memory(place: str) -> None:
    head = f'<row r="1">{samples.cell("A1", "E-mail")}</row>'
    far = f'<row r="{place.lstrip("AXFDLM")}">{samples.cell(place, "x")}</row>'
    tracemalloc.start()
    assert refused(samples.workbook(head + far)) is Reason.FILE_TOO_LARGE
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * MEBIBYTE


def test_a_cell_of_a_book_length_and_a_declared_type_are_refused() -> None:
    head = f'<row r="1">{samples.cell("A1", "E-mail")}{samples.cell("B1", "x" * 150_000)}</row>'
    assert refused(samples.workbook(head)) is Reason.FILE_TOO_LARGE
    laughs = samples.workbook('<!DOCTYPE a [<!ENTITY b "ha">]><row/>')
    assert refused(laughs) is Reason.UNSAFE_DOCUMENT


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    bomb = samples.zipped({"leden.csv": b"\0" * (64 * MEBIBYTE)})
    assert len(bomb) < MEBIBYTE
    assert refused(bomb) is Reason.FILE_TOO_LARGE
    many = samples.zipped({f"{n}.csv": PEOPLE for n in range(201)})
    assert refused(many) is Reason.FILE_TOO_LARGE


def test_a_zip_that_lies_about_its_size_is_found_out() -> None:
    """Declares a kilobyte, unpacks to thirty-two megabytes."""
    content = bytearray(samples.zipped({"leden.csv": b"a" * (32 * MEBIBYTE)}))
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = struct.pack("<I", 1024)
    tracemalloc.start()
    assert refused(bytes(content)) in (Reason.FILE_TOO_LARGE, Reason.NOT_A_TABLE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MEBIBYTE


def test_all_members_together_have_a_limit() -> None:
    content = samples.zipped({f"{n}.csv": PEOPLE * 100 for n in range(10)})
    assert refused(content, Limits(unpacked=1000)) is Reason.FILE_TOO_LARGE


def test_a_locked_zip_and_an_old_or_locked_book_are_refused_with_what_to_do() -> None:
    content = bytearray(samples.zipped({"leden.csv": PEOPLE}))
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    assert refused(bytes(content)) is Reason.FILE_LOCKED
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) is Reason.FILE_LOCKED


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then nothing",
        samples.zipped({}),
        samples.zipped({"leesmij.pdf": b"x"}),
        samples.workbook(""),
        samples.workbook("<row><c"),
        samples.sheet([["E-mail"]])[:-40],
    ],
)
def test_what_is_broken_or_empty_is_no_table(content: bytes) -> None:
    assert refused(content) is Reason.NOT_A_TABLE


def test_how_it_is_read_can_be_said() -> None:
    content = "E-mail;Naam, voluit\na@example.nl;Zoë, Smit\n".encode("cp1252")
    said = ReadAs(encoding="cp1252", delimiter=";", has_header=True)
    (table,) = open_source(io.BytesIO(content), said).tables
    assert table.header == ["E-mail", "Naam, voluit"]
    assert [row.cells for row in table.rows] == [["a@example.nl", "Zoë, Smit"]]
    (headless,) = open_source(io.BytesIO(content), ReadAs(has_header=False)).tables
    assert headless.header == ["column 1", "column 2"]
    with pytest.raises(UnreadableFile):
        list(next(open_source(io.BytesIO(content), ReadAs(encoding="utf-16")).tables).rows)


@pytest.mark.django_db
def test_a_file_of_three_exports_is_one_whole_and_a_no_counts(tmp_path: Path) -> None:
    """Subscribed, unsubscribed and cleaned in one ZIP, as Mailchimp gives it."""
    make_organisation()
    make_topic()
    owner = make_owner()
    head = "Email Address,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID"
    proof = "2024-01-02 10:00:00,192.0.2.3,2024-01-02 11:00:00,192.0.2.9,1"
    content = samples.zipped(
        {
            "subscribed.csv": (
                f"{head}\na@example.nl,Ann,{proof}\nb@example.nl,Bo,{proof}\n".encode()
            ),
            "unsubscribed.csv": (
                f"{head},UNSUB_TIME\nb@example.nl,Bo,{proof},2024-05-01 10:00:00\n".encode()
            ),
            "cleaned.csv": (
                f"{head},CLEAN_TIME\nc@example.nl,C,{proof},2024-05-01\nx,,,,,,,\n".encode()
            ),
        }
    )
    report = bring_bytes(content, "audience.zip", tmp_path, owner, wording=WORDING)
    assert (report.rows, report.created, report.withdrawn, report.undeliverable) == (5, 3, 1, 1)
    assert report.may_be_mailed == 1
    assert [each["file"] for each in report.as_json()["refused"]] == ["cleaned.csv"]
    assert [each["name"] for each in report.parts] == [
        "subscribed.csv",
        "unsubscribed.csv",
        "cleaned.csv",
    ]


@pytest.mark.django_db
def test_a_bomb_behind_a_good_table_leaves_nothing_behind(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    far = samples.workbook(samples.cell("A9000000", "x"))
    content = samples.zipped({"leden.csv": PEOPLE, "z.xlsx": far})
    with pytest.raises(ImportRefused) as refusal:
        bring_bytes(content, "leden.zip", tmp_path, make_owner())
    assert refusal.value.reason is Reason.FILE_TOO_LARGE
    assert "CSV" in refusal.value.sentence
    assert not Person.objects.exists()
    assert zipfile.is_zipfile(tmp_path / "leden.zip")
