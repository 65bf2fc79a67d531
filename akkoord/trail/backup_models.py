"""Tables of backups: each one that was made, each time that one was put back, and the setting."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="When a backup was made, how large it is and by whom; nothing of what is in it.",
    plain=(
        *("id", "begun_at", "moved_at", "made_at", "state", "why", "by_staff"),
        *("is_here", "here_until", "bytes", "people", "kept_until"),
    ),
    may_name={"file_name": Column("pd:Identifier", ("dpv:LegalCompliance",))},
)
class Backup(models.Model):
    """One backup, written down before it is made.

    `file_name`: its last part only, for where it stands is nobody's business here. `kept_until`:
    how long it may exist, by the setting of that day; the journal keeps its lines as long.
    `by_staff` empty: by the command. `is_here`: it waits to be taken away.
    """

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("Waits its turn")
        MAKING = "making", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    class Why(models.TextChoices):
        """Why one failed."""

        DISK = "disk", _("The disk is full, or cannot be written to.")
        DATABASE = "database", _("The database could not be read.")
        CUT = "cut", _("Akkoord was stopped meanwhile.")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    why = models.CharField(max_length=8, choices=Why.choices, blank=True)
    by_staff = models.UUIDField(null=True, blank=True)
    file_name = models.CharField(max_length=255)
    is_here = models.BooleanField(default=False)
    here_until = models.DateTimeField(null=True, blank=True)
    bytes = models.BigIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    kept_until = models.DateField()

    class Meta:
        """One is made at a time on the page; who asks twice gets the same."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="made", made_at__isnull=False)
                | (~models.Q(state="made") & models.Q(made_at__isnull=True)),
                name="trail_backup_made_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(is_here=False) | models.Q(here_until__isnull=False),
                name="trail_backup_here_has_an_end",
            ),
        ]


@no_personal_data(
    why="When a backup was put back, or tried, and what was forgotten and stopped again; numbers.",
    plain=(
        *("id", "at", "backup_made_at", "how", "went_well", "people", "lines", "forgotten"),
        *("stopped", "held", "by_staff"),
    ),
)
class RestoreTry(models.Model):
    """One time that a backup was put back here, or that somebody says they tried it elsewhere."""

    class How(models.TextChoices):
        """Where it happened."""

        HERE = "here", _("Put back here")
        ELSEWHERE = "else", _("Tried on another machine")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    backup_made_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=4, choices=How.choices)
    went_well = models.BooleanField()
    people = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    forgotten = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    by_staff = models.UUIDField(null=True, blank=True)


@no_personal_data(
    why="How long backups are kept, and after how many days without one somebody is reminded.",
    plain=("id", "keep_days", "remind_days", "changed_at", "changed_by"),
)
class BackupSetting(models.Model):
    """One row; without it the law's table says both."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    keep_days = models.PositiveIntegerField()
    remind_days = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        """One row, and numbers that can be meant."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="trail_one_backup_setting"),
            models.CheckConstraint(
                condition=models.Q(keep_days__gte=1, keep_days__lte=3650)
                & models.Q(remind_days__gte=1, remind_days__lte=90),
                name="trail_backup_setting_days",
            ),
        ]
