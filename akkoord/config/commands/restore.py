"""`akkoord restore`: put a backup back, which forgets and stops again."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.config.command import load_problems

if TYPE_CHECKING:
    from akkoord.config.backup import Manifest

_LOCKED = {
    "lost": "The journal of who was forgotten or said no is not here, and this backup knows that "
    "there was one. Put it back (folder `journal` of the old data folder, or the folder that "
    "AKKOORD_JOURNAL_COPY named) and run this again.",
    "changed": "The journal of who was forgotten or said no was changed. Put the copy of "
    "AKKOORD_JOURNAL_COPY in its place and run this again.",
}
_TOO_OLD = (
    "This backup is older than the journal reaches back. Who was forgotten or said no between the "
    "two is not known any more: the setting on the page of backups says how long a backup is kept. "
    "Take a newer backup."
)
_LOCKED["too-old"] = _TOO_OLD
_UNTIL_THEN = (
    "Until then nothing is sent and nothing can be changed, but who wants to stop can. When it is "
    "lost for good: `akkoord restore --without-journal`."
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--replace", is_flag=True, help="Take the place of the database that is here.")
@click.option(
    "--without-journal",
    is_flag=True,
    help="Go on although the journal is lost: who was forgotten or said no since is not known.",
)
@json_option
def command(file: Path | None, replace: bool, without_journal: bool) -> None:
    """Put the backup FILE back; then forget and stop whoever was forgotten or said no since.

    Everything that was being sent when the backup was made waits for you. Without FILE: only what
    the journal knows is done again.
    """
    from django.utils import timezone

    from akkoord.config import backup, readiness
    from akkoord.rights import journal
    from akkoord.trail.actions import Actor
    from akkoord.trail.backups import note_put_back

    with load_problems():
        readiness.start_database()
        if file is not None:
            manifest = backup.read_manifest(file)
            if not without_journal and _is_too_old(manifest):
                refuse(
                    f"{_TOO_OLD} Nothing was changed. When there is none: `akkoord restore FILE "
                    "--without-journal`; what the journal does know is done again then.",
                    reason="journal-too-old",
                )
            backup.put_back(file, replace=replace)
        readiness.make_ready(settles=False)
        settled = journal.settle(at=timezone.now(), is_put_back=file is not None)
    if file is not None:
        note_put_back(
            at=timezone.now(),
            backup_id=UUID(manifest.backup) if manifest.backup else None,
            made_at=datetime.fromisoformat(manifest.made_at),
            figures={"people": manifest.people, **settled.numbers()},
        )
    if settled.locked and without_journal:
        journal.go_on_without(at=timezone.now(), actor=Actor.system())
    elif settled.locked:
        say(f"{_LOCKED[settled.locked]} {_UNTIL_THEN}")
        refuse("The journal is needed.", reason=f"journal-{settled.locked}")
    if settled.hits:
        refuse(
            "Somebody who was forgotten was found again after the erasure. Nothing is certified; "
            "the job tries again when Akkoord runs.",
            reason="found-again",
        )
    content = settled.as_json()
    if file is not None:
        content |= {"people": manifest.people, "made_at": manifest.made_at}
    answer(
        content,
        f"Done. Forgotten again: {settled.forgotten}. Stopped again: {settled.stopped}. "
        f"Waiting for you: {settled.held}.",
    )


def _is_too_old(manifest: "Manifest") -> bool:
    """Whether lines that this backup does not know have gone from the journal that is here."""
    from akkoord.trail.journal_lines import JournalProblem, base_of, journal_file
    from akkoord.trail.second_place import take_the_copy

    take_the_copy()
    try:
        return 0 <= manifest.line < base_of(journal_file()).number
    except JournalProblem:
        return False  # it says so itself, after
