"""What stands in the cells of a row: texts in any coding, bytes, mails and packed files.

Bytes that nobody can read are said, and block a certificate: only columns that are declared to
hold sealed bytes are passed, and what is too short to be anything but a hash, a salt or a key.
"""

import base64
import binascii
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from akkoord.datamap.census import LiveColumn
from akkoord.datamap.declaration import declarations
from akkoord.datamap.judging import Judge
from akkoord.datamap.many import judge_of
from akkoord.datamap.needles import Kind, Needles
from akkoord.datamap.paths import quoted
from akkoord.datamap.reading import UnknownFormat, is_mail, texts_of

SHORT = 96  # bytes: hashes, salts, signatures and wrapped keys
Cell = tuple[str, str]  # store and column

_sealed: set[Cell] = set()


def declare_sealed(store: str, column: str) -> None:
    """A column of bytes that say nothing without a key that is not there: encrypted, or hashes."""
    _sealed.add((store, column))


def sealed_cells() -> set[Cell]:
    """The columns whose bytes nobody can read and that may be passed; those that are opened for
    the scan are read as what they open to."""
    opened = {
        (each.table, name)
        for each in declarations()
        for name, column in each.columns.items()
        if column.opened_by
    }
    return _sealed | opened


def as_shown(column: LiveColumn) -> str:
    """How a column is fetched: bytes as they are, everything else as text."""
    name = quoted(column.name)
    return name if column.type == "bytea" else f"{name}::text"


class Rows:
    """Judges rows; `unread`: how many rows of which column held bytes that could not be read."""

    def __init__(self, needles: Needles, judge: Judge, sealed: set[Cell]) -> None:
        self._needles, self._judge, self._sealed = needles, judge, sealed
        self.unread: Counter[Cell] = Counter()

    def of(self, part: Needles) -> "Rows":
        """The same for some of the needles; what it cannot read is told here too."""
        rows = Rows(part, judge_of(part), self._sealed)
        rows.unread = self.unread
        return rows

    def kinds_in(self, columns: Sequence[LiveColumn], row: Sequence[Any]) -> set[tuple[str, Kind]]:
        """What of the people stands in which column; a residence stands in all of a row."""
        found: set[tuple[str, Kind]] = set()
        texts: list[str] = []
        for column, value in zip(columns, row, strict=True):
            if value is None:
                continue
            if column.type == "uuid":
                kinds = {Kind.ID} if UUID(value) in self._needles.ids else set()
            elif isinstance(value, str):
                texts.append(value)
                kinds = self._kinds_in_text(column, value)
            else:
                kinds = self._kinds_in_bytes(column, bytes(value))
            found |= {(column.name, kind) for kind in kinds}
        is_home_known = any(kind is Kind.RESIDENCE for _name, kind in found)
        if is_home_known or not self._needles.residences:
            return found
        if Kind.RESIDENCE in self._judge.kinds_in(" \n ".join(texts)):
            found.add((self._residence_column(columns, row), Kind.RESIDENCE))
        return found

    def _kinds_in_text(self, column: LiveColumn, value: str) -> set[Kind]:
        kinds = self._judge.kinds_in(value)
        if value.startswith(".eJ"):
            kinds |= self._judge.kinds_in(_unpack_signed(value))
        if is_mail(value):
            kinds |= self._kinds_in_bytes(column, value.encode(errors="replace"))
        return kinds

    def _kinds_in_bytes(self, column: LiveColumn, value: bytes) -> set[Kind]:
        """What stands in bytes: raw, as text in any encoding, in a mail, or packed."""
        found = self._judge.is_named_by(value)
        try:
            for text in texts_of(value):
                found |= self._judge.kinds_in(text)
        except UnknownFormat:
            cell = (column.store, column.name)
            if len(value) > SHORT and cell not in self._sealed:
                self.unread[cell] += 1
        return found

    def _residence_column(self, columns: Sequence[LiveColumn], row: Sequence[Any]) -> str:
        """The column to name when a row as a whole gives a residence: where the postcode stands."""
        codes = {each.postcode for each in self._needles.residences}
        for column, value in zip(columns, row, strict=True):
            plain = "".join(value.lower().split()) if isinstance(value, str) else ""
            if any(code in plain for code in codes):
                return column.name
        return columns[0].name


def _unpack_signed(value: str) -> str:
    """The content of one of Django's signed and packed values."""
    payload = value[1:].split(":", 1)[0]
    try:
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return zlib.decompress(packed).decode(errors="replace")
    except (binascii.Error, ValueError, zlib.error):
        return ""
