"""Tables of the trail: changes, and the sealed ledger's blocks, leaves and queue.

All are append-only by triggers (migration 0001); `Change` is itself an evented table, so that
who did what is as tamper-evident as what people agreed to (INV 45).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, OnErasure, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.trail.backup_models import Backup as Backup
from akkoord.trail.backup_models import BackupSetting as BackupSetting
from akkoord.trail.backup_models import RestoreTry as RestoreTry
from akkoord.trail.seen_models import Seen as Seen


class ActorKind(models.TextChoices):
    """Who acted."""

    STAFF = "staff", _("Staff")
    PERSON = "person", _("The person")
    API = "api", _("API key")
    SYSTEM = "system", _("Akkoord itself")


@personal_data(
    subject="subject_id",
    erase=OnErasure.BLANK,
    keeps=("subject_id",),  # sealed
    columns={
        "subject_id": Column(category="pd:Identifying"),
        "object_id": Column(category="pd:Identifying"),
        "salt": Column(category="pd:Identifying", secret=True),
    },
    plain=(
        "id",
        "at",
        "actor_kind",
        "actor_id",
        "action",
        "object_kind",
        "fields",
        "request",
        "commitment",
    ),
    custom_erase="akkoord.trail.erase.blank_changes",
    why="Shows who read, changed or sent what (art. 5(2), 24 and 32 GDPR).",
)
class Change(models.Model):
    """One act: who did what to which object, and which fields; never a value."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("when"))
    actor_kind = models.TextField(_("kind of actor"), choices=ActorKind.choices)
    # Staff or API key; null when the person or the system acted (the person is subject_id).
    actor_id = models.UUIDField(null=True)
    action = models.TextField(_("action"))
    object_kind = models.TextField(_("object"))
    object_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True, db_index=True)
    fields = ArrayField(models.TextField(), default=list, verbose_name=_("fields"))
    request = models.TextField(default="", blank=True)
    salt = models.BinaryField(null=True, editable=False)
    commitment = models.BinaryField(editable=False)

    class Meta:
        """Filters of the screen: all, per action, per actor; each paged by id (time order)."""

        indexes = (
            models.Index(fields=("action", "id"), name="trail_change_action"),
            models.Index(fields=("actor_id", "id"), name="trail_change_actor"),
            models.Index(  # an erasure blanks what was done to somebody, whoever is the subject
                fields=("object_id",),
                name="trail_change_object",
                condition=models.Q(object_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """The action and the kind of object; no personal data."""
        return f"{self.action} {self.object_kind}"


@no_personal_data(
    why="Hashes and counts over salted events; says nothing about anybody.",
    plain=("height", "previous_hash", "root", "size", "sealed_at", "hash"),
)
class Block(models.Model):
    """A sealed run of leaves under one Merkle root, chained to the block before."""

    height = models.BigIntegerField(primary_key=True)
    previous_hash = models.BinaryField()
    root = models.BinaryField()
    size = models.IntegerField()
    sealed_at = models.DateTimeField(_("sealed at"))
    hash = models.BinaryField()

    def __str__(self) -> str:
        """The height."""
        return f"block {self.height}"


@no_personal_data(
    why="A bare hash; once an event's salt and content are gone it says nothing about anybody.",
    plain=("event", "block", "position", "hash"),
)
class Leaf(models.Model):
    """One sealed event: its place in a block, and its leaf hash."""

    event = models.UUIDField(primary_key=True)
    # No foreign keys: two checks per leaf would halve the speed of sealing; `verify` looks.
    block = models.BigIntegerField()
    position = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        """Leaves of one block lie together; a BRIN index costs a writer nothing."""

        indexes = (BrinIndex(fields=("block",), name="trail_leaf_block", pages_per_range=32),)

    def __str__(self) -> str:
        """Block and position."""
        return f"{self.block}/{self.position}"


@no_personal_data(
    why="Ids and commitments of events that wait for the next block; emptied every minute.",
    plain=("id", "source", "size", "events", "commitments"),
)
class Unsealed(models.Model):
    """Events of one statement that wait for a block (at most 16,384 in one row)."""

    id = models.BigAutoField(primary_key=True)
    source = models.TextField()
    size = models.IntegerField()
    events = models.BinaryField()  # 16 bytes each
    commitments = models.BinaryField()  # 32 bytes each

    def __str__(self) -> str:
        """Source and size."""
        return f"{self.source}: {self.size}"


@no_personal_data(
    why="Which event was blanked by which erasure run; ids only, the event says nothing any more.",
    plain=("event", "run", "at"),
)
class Blanking(models.Model):
    """One event that erasure has emptied, written by the trigger that let it happen."""

    event = models.UUIDField(primary_key=True)
    run = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """The run."""
        return f"blanked by {self.run}"


@no_personal_data(
    why="How far this database knows the journal of erasures and nos: a line, a place, a hash.",
    plain=("id", "line", "place", "mac", "height", "locked_why", "locked_at"),
)
class JournalMark(models.Model):
    """The last line of the journal that this database knows (see `nos`), and the last block whose
    nos stand in it. One row.

    `locked_why`: lines that it knows are gone or were changed, so nothing is sent or changed until
    somebody decides.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    line = models.BigIntegerField(default=0)
    place = models.BigIntegerField(default=0)  # where the line ends in the file, in bytes
    mac = models.BinaryField(default=bytes)
    height = models.BigIntegerField(default=0)
    locked_why = models.CharField(max_length=10, blank=True, default="", db_default="")
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="trail_one_journal_mark")
        ]
