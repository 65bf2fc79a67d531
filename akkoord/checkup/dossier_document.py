"""The register in the dossier as a document, a spreadsheet and linked data, with its history.

As it stood on the dossier's day. Members of staff stay unnamed: the dossier names nobody.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from akkoord.checkup.dossier_table import table
from akkoord.law.terms import law_day
from akkoord.register.exporting import export_register
from akkoord.register.history import History, whole_history
from akkoord.register.models import language_now
from akkoord.register.records import Register, register_now, register_on

FORMATS = ("pdf", "xlsx", "jsonld")
_HEADS = (
    *("kind", "code", "name", "version", "at", "act", "why"),
    *("part", "before", "after", "seal"),
)


def document_files(at: datetime, *, for_link: bool) -> Iterator[tuple[str, bytes]]:
    """The register in each format and every version of it; for a link what is published alone."""
    day = law_day(at)
    register = register_on(day) if day < law_day(timezone.now()) else register_now()
    if for_link:
        register = Register(register.on, register.house, register.published)
    for name in FORMATS:
        yield f"register/register.{name}", export_register(register, name, language_now())
    rows = (row for each in whole_history(register, {}, for_link=for_link) for row in _rows(each))
    yield "register/history.csv", table(_HEADS, rows)


def _rows(history: History) -> Iterator[tuple[Any, ...]]:
    """A row for each part that differs; of a first version each part that it began with."""
    for step in history.steps:
        version = step["version"]
        first = (history.kind, history.code, history.name, version.number, version.made_at)
        said = (*first, step["act"], version.reason)
        seal = bytes(version.commitment).hex()
        parts = [
            *(
                (each.label, _plain(each.before), _plain(each.after))
                for each in step["differences"]
            ),
            *((line.label, "", line.text) for line in step["lines"] if line.text),
        ]
        for part in parts or [("", "", "")]:
            yield (*said, *part, seal)


def _plain(pieces: list[tuple[str, str]]) -> str:
    return "".join(words for _kind, words in pieces)
