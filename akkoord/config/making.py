"""Making a backup and keeping its record: by the command, and by the worker for the page."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from akkoord.config.backup import BackupProblem, Manifest, write_backup
from akkoord.trail import backups
from akkoord.trail.models import Backup
from akkoord.trail.seal import seal

STEP = 4 * 1024 * 1024  # how often the page hears how far it is, in bytes


def make_backup(path: Path, *, at: datetime) -> Manifest:
    """Make one at the place that somebody named, on record. Raises BackupProblem; the record then
    says why."""
    backup = backups.begin_backup(file_name=path.name, at=at)
    return _make(backup, path, at=at)


def make_for_page(backup_id: UUID, *, at: datetime) -> None:
    """Make one that somebody asked for on the page, and let it wait there; done or failed once.

    What went wrong stands on the page, so nothing is raised for it.
    """
    if not backups.claim(backup_id, at=at):
        return
    backup = Backup.objects.get(id=backup_id)
    folder = backups.backup_folder()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        backups.note_failed(backup.id, why=Backup.Why.DISK, at=at)
        return
    backups.sweep_files(at=at)
    try:
        _make(backup, backups.file_of(backup), at=at)
    except BackupProblem:
        return


def _make(backup: Backup, path: Path, *, at: datetime) -> Manifest:
    told = 0

    def tell(written: int) -> None:
        nonlocal told
        if written - told >= STEP:
            told = written
            backups.note_progress(backup.id, size=written, at=timezone.now())

    why = Backup.Why.CUT.value
    try:
        seal(at)
        manifest = write_backup(path, at=at, backup=backup.id.hex, tell=tell)
        why = ""
    except BackupProblem as problem:
        why = problem.why or Backup.Why.DISK.value
        raise
    finally:
        if why:
            backups.note_failed(backup.id, why=why, at=timezone.now())
    now = timezone.now()
    size = path.stat().st_size
    backups.note_made(backup.id, size=size, people=manifest.people, at=now)
    return manifest
