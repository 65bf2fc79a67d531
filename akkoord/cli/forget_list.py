"""`akkoord person forget --file`: a list of people, asked by one member of staff, approved by
another. Who is at the keyboard says who they are by the password of their account."""

from pathlib import Path
from typing import Any, NoReturn

import click
from django.db import transaction
from django.utils import timezone

from akkoord.accounts.access import Action, role_may
from akkoord.accounts.models import Staff, normalise_log_in
from akkoord.cli.output import answer, refuse, say, text_of
from akkoord.rights.list_forms import MOST_BYTES
from akkoord.rights.list_models import ErasureList, ErasureListRow
from akkoord.rights.list_reading import ListRefused, read_file
from akkoord.rights.lists import approve_list, ask_approval, make_list
from akkoord.trail.actions import Actor

NO_ENTRY = "This address and password are not of somebody who may forget people."


def staff_at_the_keyboard(email: str, password_file: Path | None) -> Actor:
    """Whose account this is; status 1 when it is nobody's who may erase, whatever is wrong."""
    if not email or password_file is None:
        raise click.UsageError("Say who you are: --by and --password-file.")
    lines = text_of(password_file, "--password-file").splitlines()
    staff = Staff.objects.filter(email=normalise_log_in(email), is_active=True).first()
    is_theirs = (staff or Staff()).check_password(lines[0] if lines else "")
    if staff is None or not is_theirs or not role_may(staff.role, Action.ERASE):
        refuse(NO_ENTRY, reason="no-entry")
    return Actor.staff(staff.pk)


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
