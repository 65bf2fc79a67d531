"""PDF documents by Typst: a program in a wheel, with its fonts, so any machine can make them.

A document is a `.typ` file beside the room's templates and plain values; the values come in as JSON
and are text to Typst, never markup, so that nobody's name can be a command.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst


def typeset(source: Path, values: Mapping[str, Any]) -> bytes:
    """The PDF of a document filled with these values (tagged for screen readers)."""
    made = typst.compile(
        _read(source),
        format="pdf",
        ignore_system_fonts=True,  # the same document on every machine
        sys_inputs={"values": json.dumps(values, ensure_ascii=False, default=str)},
    )
    return bytes(made)


@cache
def _read(source: Path) -> bytes:
    return source.read_bytes()
