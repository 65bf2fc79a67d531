"""XML read without trust: no document type, no entities, nothing fetched, bounded in every way.

The standard library's own parser, stopped at the first sign of a document type: so neither an
external entity nor a billion laughs is ever expanded, whatever the document's encoding.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NoReturn
from xml.parsers import expat

from akkoord.imports.reader import UnreadableFile
from akkoord.law.reasons import Reason

MAX_BYTES = 20 * 1024 * 1024  # an invoice with its PDF inside
MAX_ELEMENTS = 200_000
MAX_DEPTH = 40
MAX_TEXT = 4_000  # characters kept of one element: a PDF inside is passed over
_BLOCK = 64 * 1024


@dataclass(slots=True)
class Element:
    """One element: its name without prefix, its name space, its text, what stands in it."""

    name: str
    space: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, *path: str) -> Iterator["Element"]:
        """Elements at a path of names."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> "Element | None":
        """The first element at a path, or None."""
        return next(self.all(*path), None)

    def words(self, *path: str) -> str:
        """The text at a path, in one line; empty when there is none."""
        found = self.first(*path)
        return " ".join(found.text.split()) if found else ""


def read_document(stream: BinaryIO) -> Element:
    """The root of an XML document.

    Refuses a document type (`unsafe-document`), what is too big, too deep or has too many elements
    (`file-too-large`), and what is no XML (`malformed-row`).
    """
    reading = _Reading()
    size = 0
    try:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > MAX_BYTES:
                raise UnreadableFile(Reason.FILE_TOO_LARGE)
            reading.parser.Parse(block, False)
        reading.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise UnreadableFile(Reason.MALFORMED_ROW) from None
    if reading.root is None:
        raise UnreadableFile(Reason.MALFORMED_ROW)
    return reading.root


class _Reading:
    """The tree as it grows."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator="\n")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_of_what: object) -> NoReturn:
        raise UnreadableFile(Reason.UNSAFE_DOCUMENT)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise UnreadableFile(Reason.FILE_TOO_LARGE)
        space, _, short = name.rpartition("\n")
        element = Element(short, space, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        here = self._open[-1]
        if len(here.text) < MAX_TEXT:
            here.text += text[:MAX_TEXT]
