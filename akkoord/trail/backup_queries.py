"""Named reads of backups: how they stand, what is late, and where the journal is kept twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from akkoord.trail.backups import QUIET, file_of, keep_days, remind_days
from akkoord.trail.models import Backup, RestoreTry
from akkoord.trail.queries import staff_names
from akkoord.trail.second_place import CopyState, copy_state

SHOWN = 10


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup as the list shows it."""

    backup: Backup
    by: str  # empty: the command
    is_cut: bool  # nobody works on it any more
    can_be_taken: bool


@dataclass(frozen=True, slots=True)
class BackupState:
    """How backups stand: what the start page says of them."""

    last_at: datetime | None
    days_without: int | None  # since the last; None: never one
    is_late: bool
    remind_days: int
    copy: CopyState

    @property
    def needs_somebody(self) -> bool:
        """Whether something is to be done."""
        return self.is_late or not self.copy.is_good


@dataclass(frozen=True, slots=True)
class BackupPage:
    """Everything on the page."""

    state: BackupState
    last: BackupRow | None
    under_way: BackupRow | None
    rows: tuple[BackupRow, ...]
    tried: RestoreTry | None
    tried_by: str
    keep_days: int


def last_backup_at() -> datetime | None:
    """When the newest backup that we know of was made. One that was put back here counts: the
    records of what was made after it went with the database."""
    made = Backup.objects.filter(state=Backup.State.MADE).order_by("-made_at").first()
    put_back = (
        RestoreTry.objects.filter(how=RestoreTry.How.HERE).order_by("-backup_made_at").first()
    )
    moments = (
        made.made_at if made else None,
        put_back.backup_made_at if put_back else None,
    )
    return max((each for each in moments if each is not None), default=None)


def backup_state(*, at: datetime | None = None) -> BackupState:
    """How backups and the second place of the journal stand: three statements."""
    now = at or timezone.now()
    last, remind = last_backup_at(), remind_days(now)
    return BackupState(
        last_at=last,
        days_without=(now - last).days if last else None,
        is_late=last is None or now - last > timedelta(days=remind),
        remind_days=remind,
        copy=copy_state(),
    )


def backup_page(*, at: datetime) -> BackupPage:
    """The page: the last backups, what is under way, the last try."""
    found = list(Backup.objects.order_by("-begun_at")[:SHOWN])
    tried = RestoreTry.objects.order_by("-at").first()
    ids = {each.by_staff for each in found} | {tried.by_staff if tried else None}
    names = staff_names({each for each in ids if each})
    rows = tuple(_row(each, names, at) for each in found)
    return BackupPage(
        state=backup_state(at=at),
        last=next((each for each in rows if each.backup.state == Backup.State.MADE), None),
        under_way=next((each for each in rows if _is_under_way(each)), None),
        rows=rows,
        tried=tried,
        tried_by=names.get(tried.by_staff, "") if tried and tried.by_staff else "",
        keep_days=keep_days(at),
    )


def _is_under_way(row: BackupRow) -> bool:
    return row.backup.is_here and row.backup.state in ("asked", "making") and not row.is_cut


def _row(backup: Backup, names: dict[UUID, str], at: datetime) -> BackupRow:
    is_unfinished = backup.state in (Backup.State.ASKED, Backup.State.MAKING)
    return BackupRow(
        backup=backup,
        by=names.get(backup.by_staff, "") if backup.by_staff else "",
        is_cut=is_unfinished and backup.moved_at < at - QUIET,
        can_be_taken=waiting_file(backup) is not None,
    )


def waiting_file(backup: Backup) -> Path | None:
    """The file of a backup that waits to be taken away; None when there is none."""
    path = file_of(backup)
    is_whole = backup.is_here and backup.state == Backup.State.MADE
    return path if is_whole and path.is_file() else None
