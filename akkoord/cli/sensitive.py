"""`akkoord sensitive`: which lines of a file hold what is not kept without an exception."""

import csv
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import click

from akkoord.cli.output import answer_each, json_option, refuse
from akkoord.imports.reader import UnreadableFile, decoded_pieces
from akkoord.law.sensitive import Sensitive, classes_in, classes_of_header

OVERLAP = 200  # characters of a piece that are looked at again with the next


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def command(file: Path) -> None:
    """Say per line of FILE which special categories it holds.

    In a table the name of a column counts as a word beside its numbers.
    """
    nothing = "Nothing was found. That proves nothing: read it yourself too."
    try:
        answer_each(_found(file), _readable, nothing)
    except UnreadableFile:
        refuse("This file is no text that we can read.", reason="bad-encoding")


def _readable(found: dict[str, Any]) -> str:
    """For people: only a line that holds something."""
    return f"{found['line']}: {', '.join(found['classes'])}" if found["classes"] else ""


def _found(file: Path) -> Iterator[dict[str, Any]]:
    header: list[str] = []
    telling: list[int] = []
    delimiter = ","
    for number, pieces in groupby(decoded_pieces(file), key=itemgetter(0)):
        classes: set[Sensitive] = set()
        text, is_whole = "", False
        for _number, piece, is_whole in pieces:  # noqa: B007  the last one says it of the line
            text = text[-OVERLAP:] + piece
            classes |= classes_in(text)
        if number == 1 and is_whole:
            delimiter = max(",;\t|", key=text.count)
            header = _cells(text, delimiter)
            telling = [place for place, name in enumerate(header) if classes_of_header(name)]
        elif telling and is_whole and len(cells := _cells(text, delimiter)) == len(header) > 1:
            for place in telling:
                classes |= classes_in(cells[place], header=header[place])
        yield {"line": number, "classes": sorted(str(each) for each in classes)}


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
