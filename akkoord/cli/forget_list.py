"""`akkoord person forget --file`: a list of people, asked by one member of staff, approved by
another. Who is at the keyboard says who they are by the password of their account (`who`)."""

from pathlib import Path
from typing import Any, NoReturn

from django.db import transaction
from django.utils import timezone

from akkoord.cli.output import answer, refuse, say
from akkoord.rights.list_forms import MOST_BYTES
from akkoord.rights.list_models import ErasureList, ErasureListRow
from akkoord.rights.list_reading import ListRefused, read_file
from akkoord.rights.lists import approve_list, ask_approval, make_list
from akkoord.trail.actions import Actor


def ask_for(file: Path, *, ground: str, by: Actor) -> None:
    """Make a list of this file and ask a second person; nobody goes yet."""
    if file.stat().st_size > MOST_BYTES:
        refuse("This file is bigger than 10 MB. Split it and ask twice.", reason="too-big")
    try:
        with file.open("rb") as source:
            lines = read_file(source)
        with transaction.atomic():
            at = timezone.now()
            found = make_list(lines=lines, ground=ground, at=at, actor=by)
            problems = _problems(found)
            found = ask_approval(list_id=found.id, at=at, actor=by)
    except ListRefused as refused:
        _refused(refused)
    say("Asked. Somebody else must approve it: nobody is forgotten yet.")
    answer(_told(found) | {"problems": problems})


def approve(reference: str, *, by: Actor) -> None:
    """The second person's yes; the worker carries it out."""
    found = ErasureList.objects.filter(reference=reference.strip().upper()).first()
    if found is None:
        refuse("There is no list with this reference.", reason="unknown-list")
    try:
        found = approve_list(list_id=found.id, at=timezone.now(), actor=by)
    except ListRefused as refused:
        _refused(refused)
    say("Approved. The worker forgets these people now.")
    answer(_told(found))


def _refused(refused: ListRefused) -> NoReturn:
    refuse(refused.sentence, reason="refused-list")


def _problems(found: ErasureList) -> list[dict[str, Any]]:
    """The lines that mean nobody, or more than one, by their numbers."""
    rows = found.rows.exclude(outcome=ErasureListRow.Outcome.FOUND).order_by("line")
    return [
        {"line": line, "outcome": outcome} for line, outcome in rows.values_list("line", "outcome")
    ]


def _told(found: ErasureList) -> dict[str, Any]:
    return {
        "reference": found.reference,
        "state": found.state,
        "expires_at": found.expires_at,
        "lines": found.lines,
        "found": found.found,
        "goes": found.goes,
        "left_out": {"held": found.held, "frozen": found.frozen, "waiting": found.waiting},
    }
