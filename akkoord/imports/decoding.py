"""From the bytes of a file to text: the encoding is found out, and no sign is guessed away.

UTF-8 and UTF-16 by their mark. Without one: UTF-8 where it decodes, and Windows-1252, as Excel in
the Netherlands writes it, for each byte that does not, also far down in the file.
"""

import codecs
import re
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from akkoord.law.reasons import Reason

ENCODINGS = ("utf-8", "cp1252", "utf-16")
_BLOCK = 256 * 1024  # bytes
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS = "akkoord-windows"  # our error handler: what is no UTF-8 is Windows-1252


class UnreadableFile(Exception):
    """The file cannot be read as a table; `reason` is a code of the law's closed list."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_UNSOUND = re.compile("[\0\ud800-\udfff]")


def open_text(source: Path | BinaryIO, wanted: str = "") -> tuple[TextIOWrapper, str]:
    """A file as text, and its encoding; refuses what is empty or binary.

    A byte without a meaning becomes a lone surrogate: `is_sound` then refuses the row.
    """
    stream = source.open("rb") if isinstance(source, Path) else source
    try:
        start = stream.read(_BLOCK)
        encoding = wanted or _encoding_of(stream, start)
        stream.seek(0)
        if not start.strip():
            raise UnreadableFile(Reason.NOT_A_TABLE)
        if encoding != "utf-16" and b"\0" in start:
            raise UnreadableFile(Reason.BAD_ENCODING)
    except UnreadableFile:
        if isinstance(source, Path):
            stream.close()
        raise
    decoder, errors = encoding, "surrogateescape"
    if encoding == "utf-16":
        errors = "replace"
    elif encoding == "cp1252" and not wanted:
        decoder, errors = "utf-8", _WINDOWS
    return TextIOWrapper(stream, encoding=decoder, errors=errors, newline=""), encoding


def is_sound(text: str) -> bool:
    """Whether every sign can be kept: no NUL, and no byte that has no meaning."""
    return (text.isascii() and "\0" not in text) or not _UNSOUND.search(text)


def _encoding_of(stream: BinaryIO, start: bytes) -> str:
    """By the mark, else by all of the file: an accent may come late."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    block = start
    try:
        while block:
            decoder.decode(block)
            block = stream.read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _as_windows(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    byte = problem.object[problem.start : problem.start + 1]
    return byte.decode("cp1252", "surrogateescape"), problem.start + 1


codecs.register_error(_WINDOWS, _as_windows)
