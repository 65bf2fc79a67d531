"""PDF documents by Typst: a program in a wheel, with its fonts, so any machine can make them.

A document is a `.typ` file beside the room's templates and plain values; the values come in as JSON
and are text to Typst, never markup, so that nobody's name can be a command.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

_CHILD = Path(__file__).with_name("typesetting.py")
_PATIENCE = 120  # seconds, for a part of a hundred letters; well within the lease of a claim


class TypesettingFailed(Exception):
    """The process that sets a document gave none."""


def typeset(source: Path, values: Mapping[str, Any]) -> bytes:
    """The PDF of a document filled with these values (tagged for screen readers)."""
    made = typst.compile(
        _read(source),
        format="pdf",
        ignore_system_fonts=True,  # the same document on every machine
        sys_inputs={"values": json.dumps(values, ensure_ascii=False, default=str)},
    )
    return bytes(made)


def typeset_apart(source: Path, values: Mapping[str, Any]) -> bytes:
    """The same in a process of its own, for who sets many: Typst keeps what it set.

    Raises TypesettingFailed when the process fails or takes more than two minutes.
    """
    given = {
        "source": _read(source).decode(),
        "values": json.dumps(values, ensure_ascii=False, default=str),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=json.dumps(given).encode(),
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
    except subprocess.CalledProcessError as problem:
        # What Typst says of a document may quote it, so it is not passed on.
        raise TypesettingFailed(f"status {problem.returncode}") from None
    except subprocess.TimeoutExpired:
        raise TypesettingFailed("timeout") from None
    return done.stdout


@cache
def _read(source: Path) -> bytes:
    return source.read_bytes()
