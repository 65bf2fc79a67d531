"""`akkoord sensitive`: which lines of a file hold what is not kept without an exception."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from akkoord.cli.output import answer, json_option, refuse
from akkoord.imports.reader import UnreadableFile, decoded_lines
from akkoord.law.sensitive import Sensitive, classes_in, classes_of_header


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def command(file: Path) -> None:
    """Say per line of FILE which special categories it holds.

    In a table the name of a column counts as a word beside its numbers.
    """
    try:
        found = list(_found(file))
    except UnreadableFile:
        refuse("This file is no text that we can read.", {"reason": "bad-encoding"})
    answer(found, _readable(found))


def _readable(found: list[dict[str, Any]]) -> str:
    """For people: only the lines that hold something."""
    lines = [f"{each['line']}: {', '.join(each['classes'])}" for each in found if each["classes"]]
    return "\n".join(lines) or "Nothing was found. That proves nothing: read it yourself too."


def _found(file: Path) -> Iterator[dict[str, Any]]:
    header: list[str] = []
    delimiter = ","
    for number, line in enumerate(decoded_lines(file), start=1):
        if number == 1:
            delimiter = max(",;\t|", key=line.count)
            header = _cells(line, delimiter)
        classes: set[Sensitive] = set(classes_in(line))
        cells = _cells(line, delimiter) if len(header) > 1 else []
        if number > 1 and len(cells) == len(header):
            for name, cell in zip(header, cells, strict=True):
                if classes_of_header(name):
                    classes |= classes_in(cell, header=name)
        yield {"line": number, "classes": sorted(str(each) for each in classes)}


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
