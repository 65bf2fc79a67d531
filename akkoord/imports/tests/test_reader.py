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


def test_windows_accents_far_down_are_read_as_what_they_are() -> None:
    plain = b"".join(b"jan%d@example.nl,Jan\n" % number for number in range(20_000))
    table = open_table(
        io.BytesIO(b"email,name\n" + plain + "zoe@example.nl,Zoë Müller\n".encode("cp1252"))
    )
    assert table.encoding == "cp1252"
    assert list(table.rows)[-1].cells == ["zoe@example.nl", "Zoë Müller"]


def test_one_windows_sign_does_not_spoil_the_utf8_around_it() -> None:
    _, rows = read("a,Zoë\n".encode() + "b,Renée\n".encode("cp1252") + "c,Façade\n".encode())
    assert [cells[1] for _, cells, _ in rows] == ["Renée", "Façade"]


def test_a_byte_without_a_meaning_refuses_its_row() -> None:
    _, rows = read(b"a,b\n1,Ren\xe9\n2,\x81\n3,c\n")
    assert [(line, reason) for line, _, reason in rows] == [
        (2, None),
        (3, Reason.BAD_ENCODING),
        (4, None),
    ]


def test_a_nul_far_down_refuses_its_row_and_the_rest_goes_in() -> None:
    plain = b"".join(b"jan%d@example.nl,Jan\n" % number for number in range(20_000))
    _, rows = read(b"email,name\n" + plain + b"nul@example.nl,Na\0am\npiet@example.nl,Piet\n")
    assert [(line, reason) for line, _, reason in rows if reason] == [(20_002, Reason.BAD_ENCODING)]
    assert rows[-1] == (20_003, ["piet@example.nl", "Piet"], None)


@pytest.mark.parametrize("ending", ["", '"'])
def test_a_stray_quote_costs_its_own_row_only(ending: str) -> None:
    text = (
        f'email,name\na@example.nl,A\nb@example.nl,"B{ending and "x"}\nc@example.nl,C\n'
        f'd@example.nl,"D{ending}\ne@example.nl,E\n'
    )
    _, rows = read(text.encode())
    refused = [line for line, _, reason in rows if reason]
    assert 3 in refused
    assert {line for line, _, _ in rows} == {2, 3, 4, 5, 6}, "every line is a row or a refusal"
    assert ["c@example.nl", "C"] in [cells for _, cells, _ in rows]
    assert ["e@example.nl", "E"] in [cells for _, cells, _ in rows]


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    many = "".join(f"jan{number}@example.nl;Jan;Utrecht\n" for number in range(30_000))
    _, rows = read(f'email;name;town\nfirst@example.nl;"First;Breda\n{many}'.encode())
    assert [(line, reason) for line, _, reason in rows if reason] == [(2, Reason.MALFORMED_ROW)]
    assert len(rows) == 30_001


def test_a_quote_within_a_name_is_a_sign_like_another() -> None:
    _, rows = read(b'a,b\n1,Jan "de Boer" Smit\n2,"Smit; tel. 06, ""thuis""\nBreda"\n')
    assert [cells[1] for _, cells, _ in rows] == [
        'Jan "de Boer" Smit',
        'Smit; tel. 06, "thuis"\nBreda',
    ]


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
