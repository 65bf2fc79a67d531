"""Backups on record: asked for, made, failed, taken away; and each time that one was put back.

Making one is the wiring's (`config.backup`); here stands what is known of it. Each is noted in the
journal too, with how long it may exist: so the journal keeps what such a backup must hear when it
is put back (INV-36), also when this database is put back meanwhile and knows it no more.
"""

import contextlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.datamap.ids import uuid7
from akkoord.datamap.reading import begins_readable
from akkoord.law.parameters import parameter
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import Backup, BackupSetting, RestoreTry
from akkoord.trail.nos import remember

MAGIC: Final = b"akkoord-backup-1\n"
JOB: Final = "config.make_backup"
NOTE: Final = "backup"  # the journal's word for one
HERE: Final = timedelta(hours=24)  # how long one waits to be taken away
QUIET: Final = timedelta(minutes=15)  # one that moves no more was cut short
_OURS: Final = re.compile(r"\.?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.akkoord(?:\.part)?")
_ASKING: Final = 0x6261636B  # one asks at a time; "back"
_UNDER_WAY: Final = (Backup.State.ASKED, Backup.State.MAKING)


def backup_folder() -> Path:
    """Where backups of the page wait to be taken away."""
    return Path(settings.DATA_DIR) / "backups"


def file_of(backup: Backup) -> Path:
    """Where a backup of the page stands, or will."""
    return backup_folder() / f"{backup.id}.akkoord"


def sealed_backups() -> list[Path]:
    """Backups that nobody can read without the keys; what only pretends to be one is left out, so
    that the scan looks into it."""
    return [each for each in sorted(backup_folder().glob("*")) if _is_sealed(each)]


def _is_sealed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC and not begins_readable(path)
    except OSError:
        return False


def keep_days(at: datetime) -> int:
    """How many days a backup is kept: the organisation's setting, else the law's table."""
    setting = BackupSetting.objects.filter(id=1).first()
    return setting.keep_days if setting else parameter("backup-cycle", law_day(at))


def remind_days(at: datetime) -> int:
    """After how many days without a backup somebody is reminded."""
    setting = BackupSetting.objects.filter(id=1).first()
    return setting.remind_days if setting else parameter("backup-reminder", law_day(at))


@transaction.atomic
def change_setting(*, keep: int, remind: int, at: datetime, actor: Actor) -> BackupSetting:
    """Set how long backups are kept and after how long without one somebody is reminded.

    Of backups that were made before, the journal keeps what was said then.
    """
    setting, _new = BackupSetting.objects.update_or_create(
        id=1,
        defaults={
            "keep_days": keep,
            "remind_days": remind,
            "changed_at": at,
            "changed_by": actor.id,
        },
    )
    record_change(
        actor=actor,
        action="backup.change-setting",
        object_kind="backup-setting",
        at=at,
        fields=("keep_days", "remind_days"),
    )
    return setting


@transaction.atomic
def begin_backup(*, file_name: str, at: datetime) -> Backup:
    """Write down that a backup is made now by the command, here and in the journal."""
    return _written_down(Backup.State.MAKING, at=at, actor=Actor.system(), file_name=file_name)


@transaction.atomic
def ask_backup(*, at: datetime, actor: Actor) -> Backup:
    """Have one made by the worker; the answer to a second press is the one under way."""
    with connection.cursor() as cursor:  # two presses at once: one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ASKING])
    drop_cut_short(at=at)
    waiting = Backup.objects.filter(state__in=_UNDER_WAY, is_here=True).first()
    if waiting is not None:
        return waiting
    backup = _written_down(
        Backup.State.ASKED, at=at, actor=actor, file_name=f"akkoord-{law_day(at)}.akkoord"
    )
    Backup.objects.filter(id=backup.id).update(is_here=True, here_until=at + HERE)
    record_change(
        actor=actor, action="backup.make", object_kind="backup", object_id=backup.id, at=at
    )
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(JOB, queueing_lock=JOB).defer(backup_id=str(backup.id))
    return backup


def _written_down(state: str, *, at: datetime, actor: Actor, file_name: str) -> Backup:
    until = law_day(at) + timedelta(days=keep_days(at))
    backup = Backup.objects.create(
        id=uuid7(),
        begun_at=at,
        moved_at=at,
        state=state,
        by_staff=actor.id,
        file_name=file_name[-255:],
        kept_until=until,
    )
    remember({"kind": NOTE, "until": until.isoformat()})
    return backup


def claim(backup_id: UUID, *, at: datetime) -> bool:
    """Take up the making of one; whether it was still to be made."""
    asked = Backup.objects.filter(id=backup_id, state=Backup.State.ASKED)
    return bool(asked.update(state=Backup.State.MAKING, moved_at=at))


def asked_for() -> list[UUID]:
    """Backups that nobody has taken up yet, the oldest first."""
    asked = Backup.objects.filter(state=Backup.State.ASKED, is_here=True)
    return list(asked.order_by("begun_at").values_list("id", flat=True))


def note_progress(backup_id: UUID, *, size: int, at: datetime) -> None:
    """So much is written."""
    Backup.objects.filter(id=backup_id).update(bytes=size, moved_at=at)


def note_made(backup_id: UUID, *, size: int, people: int, at: datetime) -> None:
    """It is whole."""
    Backup.objects.filter(id=backup_id).update(
        state=Backup.State.MADE, made_at=at, moved_at=at, bytes=size, people=people
    )


def note_failed(backup_id: UUID, *, why: str, at: datetime) -> None:
    """It was not made; nothing of it stands on a disk."""
    Backup.objects.filter(id=backup_id).update(
        state=Backup.State.FAILED, why=why, moved_at=at, is_here=False, bytes=0
    )


def drop_cut_short(*, at: datetime) -> int:
    """Those that nobody works on any more are said to have failed; how many."""
    cut = Backup.objects.filter(state__in=_UNDER_WAY, moved_at__lt=at - QUIET)
    return cut.update(state=Backup.State.FAILED, why=Backup.Why.CUT, is_here=False)


@transaction.atomic
def take_away(backup: Backup, *, at: datetime, actor: Actor) -> None:
    """Note that somebody takes the file of a backup with them; who has the keys can read it."""
    record_change(
        actor=actor, action="backup.download", object_kind="backup", object_id=backup.id, at=at
    )


def sweep_files(*, at: datetime) -> int:
    """Remove files that waited long enough, and pieces that nobody knows; how many."""
    drop_cut_short(at=at)
    Backup.objects.filter(is_here=True, here_until__lt=at).exclude(state__in=_UNDER_WAY).update(
        is_here=False
    )
    known = {file_of(each).name for each in Backup.objects.filter(is_here=True)}
    known |= {f".{each}.part" for each in known}
    gone = 0
    for path in sorted(backup_folder().glob("*")) + sorted(backup_folder().glob(".*")):
        # Ours have a record's number for a name; what the command wrote there is its owner's.
        if _OURS.fullmatch(path.name) and path.name not in known and path.is_file():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


@transaction.atomic
def note_try(
    *,
    on: datetime,
    at: datetime,
    actor: Actor,
    went_well: bool,
    backup_made_at: datetime | None = None,
) -> RestoreTry:
    """Somebody says now that they tried a backup on another machine, `on` some day."""
    record_change(
        actor=actor,
        action="backup.tried",
        object_kind="backup",
        at=at,
        fields=("went_well",) if went_well else ("went_wrong",),
    )
    return RestoreTry.objects.create(
        at=on,
        backup_made_at=backup_made_at,
        how=RestoreTry.How.ELSEWHERE,
        went_well=went_well,
        by_staff=actor.id,
    )


@transaction.atomic
def note_put_back(
    *, at: datetime, backup_id: UUID | None, made_at: datetime, figures: Mapping[str, int]
) -> RestoreTry:
    """This database was put back just now. The backup that it came from stands in it as one that
    is being made: now it is made."""
    mine = Backup.objects.filter(id=backup_id) if backup_id else Backup.objects.none()
    mine.update(state=Backup.State.MADE, made_at=made_at, is_here=False)
    Backup.objects.filter(state__in=_UNDER_WAY).update(
        state=Backup.State.FAILED, why=Backup.Why.CUT, is_here=False
    )
    Backup.objects.filter(is_here=True).update(is_here=False)  # its file stayed behind
    return RestoreTry.objects.create(
        at=at,
        backup_made_at=made_at,
        how=RestoreTry.How.HERE,
        went_well=not figures.get("hits"),
        **{
            name: figures.get(name, 0)
            for name in ("people", "lines", "forgotten", "stopped", "held")
        },
    )
