"""`akkoord backup`: database and uploads in one sealed file."""

from pathlib import Path

import click

from akkoord.cli.output import answer, json_option, refuse


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def command(file: Path) -> None:
    """Write a new FILE with the database and the uploads, sealed.

    The keys are not in it (`akkoord keys export`, once, kept apart), nor the journal of who was
    forgotten or said no since (set AKKOORD_JOURNAL_COPY to keep that in a second place).
    """
    from django.utils import timezone

    from akkoord.config import making
    from akkoord.config.backup import BackupProblem
    from akkoord.trail.actions import Actor, record_change

    now = timezone.now()
    try:
        manifest = making.make_backup(file, at=now)
    except BackupProblem as problem:
        refuse(str(problem), reason="backup")
    record_change(actor=Actor.system(), action="backup.make", object_kind="backup", at=now)
    answer(
        {
            "file": str(file),
            "bytes": file.stat().st_size,
            "people": manifest.people,
            "made_at": manifest.made_at,
        },
        f"The backup is in {file}. Keep the keys apart from it.",
    )
