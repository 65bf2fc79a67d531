"""Looks for somebody in a dump, in folders and in a database's own files; shares no code with us.

Stands alone, on the standard library: `finder.py dump|folder|raw PATH...`, and on its input one
trace per line (letters and digits, in small letters; an `@` and dots where an address has them).
It reads whatever form it can think of, and answers one line per hit: where, and how it was packed.
"""

import base64
import email
import gzip
import io
import json
import quopri
import re
import sys
import zipfile
import zlib
from email.header import decode_header, make_header
from pathlib import Path

DEPTH = 5
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}(?:\r?\n[A-Za-z0-9+/_-]{4,}={0,2})*")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)


def forms(data, depth=DEPTH):
    """Every form in which some bytes may be read: (how, bytes)."""
    yield "", data
    if not depth:
        return
    if b"\0" in data[:4096] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        for coding in ("utf-16-le", "utf-16-be"):
            for shift in (0, 1):
                yield coding, data[shift:].decode(coding, "ignore").encode()
    for how, inner in unpacked(data):
        for deeper, more in forms(inner, depth - 1):
            yield f"{how} {deeper}".strip(), more


def unpacked(data):
    """One step of unpacking."""
    if data[:2] == b"\x1f\x8b":
        yield "gzip", quiet(lambda: gzip.decompress(data))
    if data[:4] == b"PK\x03\x04":
        yield from members(data)
    for stream in STREAM.finditer(data):
        yield "pdf stream", quiet(lambda s=stream: zlib.decompressobj().decompress(s[1]))
    if re.search(rb"\\u[0-9a-f]{4}", data):
        yield (
            "escaped",
            re.sub(
                rb"\\u([0-9a-fA-F]{4})",
                lambda m: chr(int(m[1], 16)).encode("utf-8", "ignore"),
                data,
            ),
        )
    if b"=?" in data or b"\nContent-" in data:
        yield from mail_parts(data)
    for found in BASE64.finditer(data):
        text = re.sub(rb"\s", b"", found[0]).translate(bytes.maketrans(b"-_", b"+/"))
        raw = quiet(lambda t=text: base64.b64decode(t[: len(t) // 4 * 4]))
        if raw[:1] == b"\x78":
            raw += quiet(lambda r=raw: zlib.decompressobj().decompress(r))
        if raw:
            yield "base64", raw
    for found in HEX.finditer(data):
        yield "hex", bytes.fromhex(found[0].decode())


def members(data):
    """The members of a zip, and their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield "zip", name.encode()
                yield "zip", archive.read(name)
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return


def mail_parts(data):
    """The parts and the headers of a mail, decoded."""
    yield "quoted-printable", quopri.decodestring(data)
    message = email.message_from_bytes(data)
    for part in message.walk():
        for value in part.values():
            yield "header", quiet(lambda v=value: str(make_header(decode_header(str(v)))).encode())
        body = part.get_payload(decode=True)
        if body:
            yield "mail", body


def quiet(make):
    """What it makes, or nothing."""
    try:
        return make()
    except Exception:
        return b""


def squeezed(data):
    """Small letters and digits, with what holds an address together."""
    return re.sub(rb"[^a-z0-9@.]", b"", data.lower())


def traces_in(data, traces):
    """(trace, how) for everything that stands in some bytes."""
    for how, form in forms(data):
        if not form:
            continue
        plain = squeezed(form)
        bare = plain.replace(b".", b"").replace(b"@", b"")
        for trace in traces:
            if trace in plain or trace in bare:
                yield trace, how


def in_dump(path, traces):
    """A plain pg_dump: hits by table and column."""
    table, columns = "schema", []
    with Path(path).open("rb") as lines:
        for line in lines:
            head = re.match(rb"COPY (?:public\.)?(\S+) \((.*)\) FROM stdin;", line)
            if head:
                table, columns = head[1].decode(), head[2].decode().replace('"', "").split(", ")
                continue
            if line == b"\\.\n":
                table, columns = "schema", []
                continue
            cells = line.rstrip(b"\n").split(b"\t") if columns else [line]
            for place, cell in enumerate(cells):
                where = f"{table}.{columns[place]}" if columns else table
                for trace, how in traces_in(plain_cell(cell), traces):
                    yield where, trace, how


def plain_cell(cell):
    """A cell of a dump as it was."""
    cell = cell.replace(b"\\\\", b"\\").replace(b"\\n", b"\n").replace(b"\\r", b"\r")
    if cell.startswith(b"\\x"):
        return quiet(lambda: bytes.fromhex(cell[2:].decode()))
    if cell.startswith(b".eJ"):  # a session: packed, then coded
        return cell[1:].split(b":")[0]
    return cell


def in_folder(path, traces):
    """Every file under a folder, its name too."""
    for file in sorted(Path(path).rglob("*")):
        if file.is_file() and not file.is_symlink():
            for trace, how in traces_in(str(file.relative_to(path)).encode(), traces):
                yield str(file), trace, f"name {how}"
            for trace, how in traces_in(file.read_bytes(), traces):
                yield str(file), trace, how


def in_raw(path, traces):
    """A database's own files: bytes as they lie there."""
    found = [Path(path)] if Path(path).is_file() else sorted(Path(path).rglob("*"))
    for file in found:
        if file.is_file():
            plain = squeezed(quiet(file.read_bytes))
            for trace in traces:
                if trace in plain or trace.replace(b"@", b"").replace(b".", b"") in plain:
                    yield str(file), trace, "raw"


def main():
    """Answers the hits; 1 when there is one."""
    what, *paths = sys.argv[1:]
    look = {"dump": in_dump, "folder": in_folder, "raw": in_raw}[what]
    traces = [line.strip() for line in sys.stdin.buffer if line.strip()]
    hits = sorted(
        {(where, trace.decode(), how) for each in paths for where, trace, how in look(each, traces)}
    )
    for where, trace, how in hits:
        print(json.dumps({"where": where, "trace": trace, "how": how}))
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
