"""`akkoord person forget --file`: a list of people, asked by one member of staff, approved by
another. Who is at the keyboard says who they are by the password of their account (`who`)."""

from pathlib import Path
from typing import Any, NoReturn

from django.db import transaction
from django.utils import timezone

from akkoord.cli.output import answer, refuse, say
from akkoord.rights.list_models import ErasureList, ErasureListRow
from akkoord.rights.list_reading import ListRefused, read_file
from akkoord.rights.lists import (
    approve_list,
    ask_approval,
    for_all_parts,
    make_lists,
    others_of,
)
from akkoord.trail.actions import Actor


def ask_for(file: Path, *, ground: str, by: Actor) -> None:
    """Make a list of this file and ask a second person; nobody goes yet. A long file is several
    lists, of which one reference approves all."""
    try:
        with file.open("rb") as source, transaction.atomic():
            at = timezone.now()
            made = make_lists(lines=read_file(source), ground=ground, at=at, actor=by)
            problems = [each for found in made for each in _problems(found)]
            for_all_parts(ask_approval, list_id=made[0].id, at=at, actor=by)
    except ListRefused as refused:
        _refused(refused)
    say("Asked. Somebody else must approve it: nobody is forgotten yet.")
    answer(_all_told(made) | {"problems": problems})


def approve(reference: str, *, by: Actor) -> None:
    """The second person's yes; the worker carries it out."""
    found = ErasureList.objects.filter(reference=reference.strip().upper()).first()
    if found is None:
        refuse("There is no list with this reference.", reason="unknown-list")
    try:
        for_all_parts(approve_list, list_id=found.id, at=timezone.now(), actor=by)
    except ListRefused as refused:
        _refused(refused)
    say("Approved. The worker forgets these people now.")
    answer(_all_told([found, *others_of(found)]))


def _refused(refused: ListRefused) -> NoReturn:
    refuse(refused.sentence, reason="refused-list")


def _problems(found: ErasureList) -> list[dict[str, Any]]:
    """The lines that mean nobody, or more than one, by their numbers."""
    rows = found.rows.exclude(outcome=ErasureListRow.Outcome.FOUND).order_by("line")
    return [
        {"line": line, "outcome": outcome} for line, outcome in rows.values_list("line", "outcome")
    ]


def _all_told(lists: list[ErasureList]) -> dict[str, Any]:
    """The list; of a long file its first part, and all of them by part."""
    parts = ErasureList.objects.filter(id__in=[each.id for each in lists]).order_by("part")
    told = [_told(each) for each in parts]
    return told[0] | ({"parts": told} if len(told) > 1 else {})


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
