"""`akkoord campaign letters` and `handed-over`: letters by post, from the file to the post."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from akkoord.messages.dispatch import DispatchRefused
from akkoord.messages.letter_actions import (
    Printer,
    download_addresses,
    download_letters,
    hand_over_letters,
)
from akkoord.messages.queries import dispatch_figures
from akkoord.trail.actions import Actor


def write_letters(
    run_id: UUID | None, *, output: Path, addresses: Path | None, printer: Printer
) -> dict[str, Any]:
    """Write the PDF, and the addresses where wanted, readable by who runs this alone.

    Raises DispatchRefused.
    """
    facts: dict[str, Any] = {
        "run_id": made(run_id),
        "printer": printer,
        "at": timezone.now(),
        "actor": Actor.system(),
    }
    # A download is noted for ever: first look whether there is a place for it.
    for path in filter(None, (output, addresses)):
        _demand_place(path)
    content = download_letters(**facts)
    listed = download_addresses(**facts) if addresses else ""
    _write(output, content)
    if addresses:
        _write(addresses, listed.encode())
    return {
        "letters": dispatch_figures(made(run_id)).made,
        "bytes": len(content),
        "output": str(output),
    }


def say_handed_over(run_id: UUID | None, *, took_out: bool) -> None:
    """They were printed and given to the post. Raises DispatchRefused."""
    hand_over_letters(
        run_id=made(run_id), took_out=took_out, at=timezone.now(), actor=Actor.system()
    )


def made(run_id: UUID | None) -> UUID:
    """The run of letters that were made. Raises DispatchRefused when there is none."""
    if run_id is None:
        raise DispatchRefused("not-ready", "These letters were not made yet.")
    return run_id


def _demand_place(path: Path) -> None:
    place = path if path.exists() else path.absolute().parent
    if path.is_dir() or not os.access(place, os.W_OK):
        raise click.UsageError(f"{path} cannot be written.")


def _write(path: Path, content: bytes) -> None:
    """A file that only its owner may read, also when one with that name was there."""
    try:
        path.unlink(missing_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)
    except OSError as problem:
        raise click.UsageError(f"{path} cannot be written: {problem.strerror}.") from None
