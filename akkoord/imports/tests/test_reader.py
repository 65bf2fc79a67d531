"""Files as they come: encodings, delimiters, broken and endless lines."""

import io
import tracemalloc
from pathlib import Path

import pytest

from akkoord.imports.reader import MAX_LINE, UnreadableFile, open_table
from akkoord.law.reasons import Reason


def read(content: bytes) -> tuple[list[str], list[tuple[int, list[str], Reason | None]]]:
    table = open_table(io.BytesIO(content))
    return table.header, [(row.line, row.cells, row.refused) for row in table.rows]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found_out(encoding: str, found: str) -> None:
    table = open_table(io.BytesIO("E-mail,Naam\nzoe@example.nl,Zoë Müller\n".encode(encoding)))
    assert table.encoding == found
    assert [row.cells for row in table.rows] == [["zoe@example.nl", "Zoë Müller"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    header, rows = read(delimiter.join(["a", "b"]).encode() + b"\n" + delimiter.join("xy").encode())
    assert header == ["a", "b"]
    assert rows == [(2, ["x", "y"], None)]


def test_a_row_of_another_width_is_refused_by_its_line_and_the_rest_goes_in() -> None:
    _, rows = read(b"a,b\n1,2\n1\n3,4\n")
    assert [(line, reason) for line, _, reason in rows] == [
        (2, None),
        (3, Reason.MALFORMED_ROW),
        (4, None),
    ]


def test_a_cell_over_several_lines_counts_from_its_first_line() -> None:
    _, rows = read(b'a,b\n"one\ntwo",2\n3,4\n')
    assert [(line, cells) for line, cells, _ in rows] == [(2, ["one\ntwo", "2"]), (4, ["3", "4"])]


def test_an_endless_line_is_refused_and_the_rest_goes_in() -> None:
    content = b"a,b\n1," + b"x" * (50 * 1024 * 1024) + b"\n3,4\n"
    tracemalloc.start()
    _, rows = read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (2, Reason.LINE_TOO_LONG) in [(line, reason) for line, _, reason in rows]
    assert (3, ["3", "4"], None) in rows
    assert peak < 10 * MAX_LINE  # flat: never the whole line


@pytest.mark.parametrize("content", [b"", b"   \n", b"PK\x03\x04\x00\x00\x00"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        open_table(io.BytesIO(content))


def test_a_file_is_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"email\na@example.nl\n")
    assert [row.cells for row in open_table(path).rows] == [["a@example.nl"]]
