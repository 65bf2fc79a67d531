"""People's requests, erasure runs and their certificates."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import (
    Column,
    Identifier,
    no_personal_data,
    personal_data,
)
from akkoord.datamap.ids import uuid7
from akkoord.rights.asked_models import RightsRequest as RightsRequest
from akkoord.rights.list_models import ErasureList as ErasureList
from akkoord.rights.list_models import ErasureListRow as ErasureListRow
from akkoord.rights.place_models import KeptPlace as KeptPlace
from akkoord.rights.recipient_models import CorrectionMark as CorrectionMark
from akkoord.rights.recipient_models import Disclosure as Disclosure
from akkoord.rights.recipient_models import RecipientNotice as RecipientNotice
from akkoord.rights.request_models import RecordNote as RecordNote
from akkoord.rights.request_models import RequestAnswer as RequestAnswer
from akkoord.rights.request_models import RequestPart as RequestPart
from akkoord.rights.request_models import RequestStep as RequestStep

RIGHTS = "dpv:RightsFulfilment"


@no_personal_data(
    why="Numbers and dates of an erasure; the reference is held by the person, nobody is named.",
    plain=(
        "id",
        "reference",
        "started_at",
        "logical_at",
        "physical_due",
        "physical_at",
        "physical_by",
        "by_kind",
        "by_staff",
        "people",
        "tables",
        "columns",
        "files",
        "hits",
        "findings",
        "state",
        "rewrites",
        "certificate",
        "signature",
    ),
)
class ErasureRun(models.Model):
    """One erasure, written before anything is destroyed.

    States: `begun` (somebody of its list is not gone yet), `erased` (all are gone, not yet looked
    for),
    `clean` (looked for everywhere and not found: a certificate stands), `blocked` (something was
    found: no certificate, tried again by the job).
    """

    class State(models.TextChoices):
        """How far the run is."""

        BEGUN = "begun", _("Begun")
        ERASED = "erased", _("Erased, being checked")
        CLEAN = "clean", _("Forgotten")
        BLOCKED = "blocked", _("Something was found")

    class By(models.TextChoices):
        """Who asked for it."""

        PERSON = "person", _("The person")
        STAFF = "staff", _("Staff")
        RETENTION = "retention", _("The end of the term")
        JOURNAL = "journal", _("The journal, after a backup was put back")

    class PhysicalBy(models.TextChoices):
        """Who removes the last bytes from the disk."""

        US = "us", _("Akkoord")
        ADMINISTRATOR = "administrator", _("The administrator of the database server")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    started_at = models.DateTimeField()
    by_kind = models.CharField(max_length=10, choices=By.choices)
    by_staff = models.UUIDField(null=True, blank=True)
    people = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.BEGUN)
    logical_at = models.DateTimeField(null=True, blank=True)
    physical_due = models.DateField()
    physical_at = models.DateTimeField(null=True, blank=True)
    physical_by = models.CharField(max_length=15, choices=PhysicalBy.choices, default=PhysicalBy.US)
    tables = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)  # store, place, kind, count: never what was found
    # Tables whose old bytes the night removes.
    rewrites = ArrayField(models.CharField(max_length=80), default=list)
    certificate = models.JSONField(null=True, blank=True)
    signature = models.BinaryField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["started_at"],
                condition=~models.Q(state="clean"),
                name="rights_run_unfinished",
            ),
            models.Index(
                fields=["physical_due"],
                condition=models.Q(physical_at=None),
                name="rights_run_physical",
            ),
        ]


@personal_data(
    subject="person_id",
    order=40,
    columns={
        "person_id": Column("pd:Identifier", (RIGHTS,), identifier=Identifier.PERSON_ID),
    },
    plain=("id", "run_id"),
    why="Who is being forgotten right now; the row goes in the same moment as the person.",
)
class ErasurePending(models.Model):
    """Whom a run that was begun is about, so that one cut short can go on.

    Gone in the very transaction that erases the person, so no id outlives its owner. One person
    is in one run at a time: the database sees to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(ErasureRun, on_delete=models.CASCADE, related_name="pending")
    person_id = models.UUIDField(unique=True)


@no_personal_data(
    why="What the check after an erasure looks for, encrypted with a key outside the database; "
    "the row goes with the certificate.",
    plain=("id", "run_id", "sealed"),
)
class ErasureSearch(models.Model):
    """The needles of one batch of a run that is not proven yet, so that one cut short can go on.

    They wait here, sealed, from the batch's own transaction until the one look for all of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(ErasureRun, on_delete=models.CASCADE, related_name="search")
    sealed = models.BinaryField()


@no_personal_data(
    why="Per store: how many rows went and what stays, on which ground, until when.",
    plain=(
        "id",
        "run_id",
        "store",
        "removed",
        "blanked",
        "kept",
        "ground",
        "until",
        "hits",
    ),
)
class ErasureItem(models.Model):
    """What became of one store in an erasure: numbers and enumerated words only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(ErasureRun, on_delete=models.CASCADE, related_name="items")
    store = models.CharField(max_length=80)
    removed = models.PositiveIntegerField(default=0)
    blanked = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    ground = models.CharField(max_length=80, blank=True)
    until = models.DateField(null=True, blank=True)
    hits = models.PositiveIntegerField(default=0)


@no_personal_data(
    why="The sealed fact that an erasure blanked ledger events: run and events, nobody's name.",
    plain=("id", "run_id", "event_ids", "recorded_at", "salt", "commitment"),
)
class ErasureRecord(models.Model):
    """The sealed, append-only counterpart of blanked events; `ledger verify` asks for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run_id = models.UUIDField(db_index=True)
    event_ids = ArrayField(models.UUIDField(), default=list)
    recorded_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    commitment = models.BinaryField(max_length=32, editable=False)
