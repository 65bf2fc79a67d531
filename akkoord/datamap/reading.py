"""Files and bytes made text, so that they can be searched: archives, mails, any usual encoding."""

import email
import email.message
import email.policy
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from akkoord.datamap.sealed_stream import MAGIC

_LARGEST = 256 * 1024 * 1024  # what one archive may unpack to
_HEAD = 256 * 1024  # characters that the headers of a mail have at most
_DEPTH = 4  # archives within archives
_MAIL = re.compile(rb"\A(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}\r?\n")
_CODED = re.compile(r"content-transfer-encoding\s*:", re.IGNORECASE)
_CONTROL = bytes((*range(9), 11, *range(14, 27), *range(28, 32), 127))  # in no text
_CONTROLS_IN_TEXT = 0.03  # of random bytes every tenth is one
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
# Pixels and letter shapes: their plain bytes are searched, and they are no unknown format.
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"\0\0\1\0", b"wOF2", b"RIFF")


class UnknownFormat(Exception):
    """A file that may hold text which we cannot read; a scan never passes it in silence."""


def begins_readable(path: Path) -> bool:
    """Whether a file that should be sealed begins like one that anybody can read."""
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if head.startswith(MAGIC):
        return False
    known = (b"\x1f\x8b", b"PK\x03\x04", b"%PDF", *_PICTURES)
    return b"\0" not in head or head.startswith(known) or bool(_wide_encoding(head))


def is_mail(text: str) -> bool:
    """Whether a text is a mail of which the parts are coded: their lines break in mid-word."""
    return _CODED.search(text) is not None and _MAIL.match(text[:_HEAD].encode()) is not None


def texts_of(data: bytes, depth: int = _DEPTH) -> Iterator[str]:
    """Every text that some bytes hold.

    Raises UnknownFormat, after all that could be read, for a binary format that we do not know.
    """
    if not depth:
        raise UnknownFormat
    if data.startswith(b"\x1f\x8b"):
        yield from texts_of(_unpacked_gzip(data), depth - 1)
    elif data.startswith(b"PK\x03\x04"):
        yield from _texts_of_zip(data, depth - 1)
    elif data.startswith(b"%PDF"):
        yield data.decode("latin-1")
        yield from _texts_of_pdf(data)
        raise UnknownFormat
    elif data.startswith(_PICTURES):
        yield data.decode("latin-1")
    elif wide := _wide_encoding(data):
        yield data.decode(wide, errors="replace")
    elif b"\0" in data:
        yield data.decode("latin-1")
        raise UnknownFormat
    else:
        yield from _texts_of_plain(data, depth)


def _texts_of_plain(data: bytes, depth: int) -> Iterator[str]:
    """A text in UTF-8 or Windows-1252, and when it is a mail its parts."""
    try:
        yield data.decode()
    except UnicodeDecodeError:
        yield data.decode(errors="replace")
        yield data.decode("cp1252", errors="replace")
        controls = len(data) - len(data.translate(None, _CONTROL))
        if controls > len(data) * _CONTROLS_IN_TEXT:
            raise UnknownFormat from None
    if _MAIL.match(data):
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        yield from _texts_of_mail(message, depth - 1)


def _texts_of_mail(message: email.message.Message, depth: int) -> Iterator[str]:
    """Decoded headers and bodies of every part of a mail."""
    for part in message.walk():
        for value in part.values():
            yield _header_text(str(value))
        if not part.is_multipart():
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body:
                yield from texts_of(body, depth)


def _header_text(value: str) -> str:
    """A header with its encoded words (RFC 2047) decoded."""
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value


def _unpacked_gzip(data: bytes) -> bytes:
    """The content of a gzip file, or UnknownFormat when it is broken or too large."""
    try:
        with gzip.open(io.BytesIO(data)) as file:
            found = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise UnknownFormat from None
    if len(found) > _LARGEST:
        raise UnknownFormat
    return found


def _texts_of_zip(data: bytes, depth: int) -> Iterator[str]:
    """The texts of every member of a zip file (also XLSX, DOCX, ODT), and their names."""
    room = _LARGEST
    unknown = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename
                room -= member.file_size
                if room < 0 or member.flag_bits & 1:  # too large, or encrypted
                    raise UnknownFormat
                try:
                    yield from texts_of(archive.read(member), depth)
                except UnknownFormat:
                    unknown = True
    except (zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise UnknownFormat from None
    if unknown:
        raise UnknownFormat


def _texts_of_pdf(data: bytes) -> Iterator[str]:
    """What PDF's compressed streams say; letters may hide behind a font's own table."""
    for stream in _PDF_STREAM.finditer(data):
        try:
            yield zlib.decompressobj().decompress(stream[1], _LARGEST).decode("latin-1")
        except zlib.error:
            continue


def _wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32, by its mark or by where its zeros stand; nothing for other bytes."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    half = len(sample) // 2
    if sample[1::2].count(0) > half * 0.7 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.7 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""
