"""Bringing files in, for tests."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Staff
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.imports.report import Report
from akkoord.trail.actions import Actor

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORDING = "Ja, stuur mij de nieuwsbrief per e-mail."


def make_owner(role: str = "owner", email: str = "eigenaar@fietsen.example") -> Staff:
    """A member of staff."""
    return create_staff(
        email=email, name="E. Voorbeeld", role=role, password="een lange zin als wachtwoord"
    )


def bring(path: Path, owner: Staff, *, at: datetime = AT, **order: Any) -> Report:
    """Bring a file in."""
    _, report = import_file(
        path, order=ImportOrder(file_name=path.name, **order), at=at, actor=Actor.staff(owner.pk)
    )
    return report


def bring_bytes(content: bytes, name: str, folder: Path, owner: Staff, **order: Any) -> Report:
    """Bring a file of this content in."""
    path = folder / name
    path.write_bytes(content)
    return bring(path, owner, **order)


def shared(*parts: str) -> Path | None:
    """An example export beside this checkout, or None."""
    for folder in Path(__file__).resolve().parents:
        path = folder.joinpath("shared", "data", *parts)
        if path.exists():
            return path
    return None
