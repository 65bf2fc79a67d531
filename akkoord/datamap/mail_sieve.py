"""The coarse question about mails: their lines break in mid-word, so no piece stands there whole.

Soft breaks (quoted-printable) are taken away before the pieces are looked for. What is in base64,
and a header that goes on in a second coded word, hides every piece: such a mail is always read.
"""

import re
from collections.abc import Iterable
from typing import Any

CODED = b"content-transfer-encoding"
_LEAST = 76  # a line that is broken has so many characters
_ALWAYS = f"%{CODED.decode()}%base64%"
_GOES_ON = r"\?=\s+=\?"
_GOES_ON_COPIED = re.compile(rb"\?=(?:\\[rnt]|\s)+=\?")


def text_condition(name: str, text: str) -> str:
    """Whether a cell of text is such a mail; takes the values of `mail_values`."""
    return _condition(f"octet_length({name}) > {_LEAST}", f"lower({text})")


def bytes_condition(name: str) -> str:
    """Whether a cell of bytes is such a mail; takes the values of `mail_values`."""
    # Two cheap looks first: to make bytes a text costs more than to look through them.
    quick = (
        f"position('ransfer-'::bytea IN {name}) > 0 OR position('RANSFER-'::bytea IN {name}) > 0"
    )
    return _condition(
        f"octet_length({name}) > {_LEAST} AND ({quick})", f"lower(encode({name}, 'escape'))"
    )


def _condition(first: str, low: str) -> str:
    return (
        f"(CASE WHEN {first} THEN CASE WHEN {low} LIKE %s THEN {low} LIKE %s OR {low} ~ %s"
        f" OR translate({low}, E'=\\r\\n', '') LIKE ANY(%s) ELSE false END ELSE false END)"
    )


def mail_values(patterns: Iterable[str]) -> list[Any]:
    """The values that both conditions take; `patterns`: for a text in small letters, whole."""
    return [f"%{CODED.decode()}%", _ALWAYS, _GOES_ON, list(patterns)]


def unbroken(line: bytes) -> bytes | None:
    """Of a row as COPY gives it, in small letters, the same without soft breaks; None: it must be
    read anyhow."""
    if b"base64" in line.partition(CODED)[2] or _GOES_ON_COPIED.search(line):
        return None
    for broken in (b"\\r", b"\\n", b"="):
        line = line.replace(broken, b"")
    return line
