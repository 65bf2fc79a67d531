"""The person who is planted: identifiers that stand nowhere else, in every notation and packing."""

import base64
import gzip
import io
import quopri
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

ADDRESS = "Wietske.Zonneveldt@planted.example.nl"
SHORT_ADDRESS = "wz@planted.example.nl"
PHONE = "+31 6 19 28 37 46"
NUMBER = "PLANT-771934"
NAME = ("Wietske", "Zonneveldt")
DOOR = ("8264 QX", "71b")

# What the finder looks for: small letters and digits only, so that no notation hides it.
TRACES = ("wietske", "zonneveldt", "wz@planted.example.nl", "619283746", "plant771934", "8264qx")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is planted, and which columns lead to a person's id (table, column)."""

    person_id: UUID
    leads: frozenset[tuple[str, str]]

    @property
    def texts(self) -> tuple[str, ...]:
        """From the most telling to the shortest."""
        return (
            f"{ADDRESS} {PHONE} {NUMBER} {SHORT_ADDRESS} {' '.join(NAME)} {' '.join(DOOR)}",
            ADDRESS,
            f"{SHORT_ADDRESS} {NUMBER}",
            SHORT_ADDRESS,
            f"https://example.org/{SHORT_ADDRESS}",
            NUMBER,
            "0619283746",
        )

    @property
    def packed(self) -> Iterator[bytes]:
        """For columns of bytes: any packing, then exactly so many bytes as a check may ask."""
        yield mail()
        yield self.texts[0].encode("utf-16")
        yield self.texts[0].encode()
        yield from (SHORT_ADDRESS.encode().ljust(size, b" ") for size in (32, 64))


def mail() -> bytes:
    """A mail whose words stand in base64, in quoted-printable and in encoded headers."""
    coded = base64.encodebytes(f"Dag {ADDRESS}, bel {PHONE}".encode())
    quoted = quopri.encodestring(f"={NUMBER}= {SHORT_ADDRESS}".encode())
    name = base64.b64encode(" ".join(NAME).encode()).decode()
    return b"\r\n".join(
        [
            f"From: =?utf-8?b?{name}?= <info@example.org>".encode(),
            b"Subject: Dag",
            b"Content-Type: multipart/mixed; boundary=snee",
            b"",
            b"--snee",
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64",
            b"",
            coded,
            b"--snee",
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            quoted,
            b"--snee--",
            b"",
        ]
    )


def file_kinds() -> dict[str, bytes]:
    """One file of every kind that the house may write or be given, each with the address in it."""
    text = f"naam;adres\r\n{' '.join(NAME)};{ADDRESS}\r\n"
    page = f"<p>{ADDRESS}</p>"
    stream = zlib.compress(f"BT ({ADDRESS}) Tj ET".encode())
    return {
        "plain.csv": text.encode(),
        "windows.csv": text.encode("cp1252"),
        "wide.csv": text.encode("utf-16"),
        "wide-without-mark.csv": text.encode("utf-16-le"),
        "lines.jsonl": f'{{"to": "{ADDRESS}"}}\n'.encode(),
        "escaped.json": ('{"to": "' + "".join(f"\\u{ord(c):04x}" for c in ADDRESS) + '"}').encode(),
        "page.html": page.encode(),
        "mail.eml": mail(),
        "zipped.zip": zipped({"lijst.csv": text.encode()}),
        "zip-in-zip.zip": zipped({"in.zip": zipped({"lijst.csv": text.encode("utf-16")})}),
        "table.xlsx": zipped({"xl/sharedStrings.xml": page.encode()}),
        "letter.docx": zipped({"word/document.xml": page.encode()}),
        "table.ods": zipped({"content.xml": page.encode()}),
        "packed.csv.gz": gzip.compress(text.encode()),
        "paper.pdf": b"%PDF-1.4\n1 0 obj <</Filter/FlateDecode>> stream\n"
        + stream
        + b"\nendstream",
        "log.log": f"2026-11-24 to={ADDRESS}\n".encode(),
        f"{SHORT_ADDRESS}.txt": b"nothing within",
        "unknown.bin": b"\0\1\2\3" + bytes(reversed(ADDRESS.encode())) + b"\0",
    }


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()
