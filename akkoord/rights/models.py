"""People's requests, erasure runs and their certificates."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import (
    Column,
    Identifier,
    OnErasure,
    no_personal_data,
    personal_data,
)
from akkoord.datamap.ids import uuid7

RIGHTS = "dpv:RightsFulfilment"


@personal_data(
    subject="subject_id",
    order=300,
    erase=OnErasure.BLANK,
    columns={
        "subject_id": Column(
            "pd:Identifier", (RIGHTS,), identifier=Identifier.PERSON_ID
        ),
        "words": Column("pd:PersonalInformation", (RIGHTS,), provided=True, blank=""),
        "reply_to": Column(
            "pd:EmailAddress",
            (RIGHTS,),
            identifier=Identifier.EMAIL,
            provided=True,
            blank="",
        ),
    },
    plain=(
        "id",
        "kinds",
        "channel",
        "received_at",
        "due_on",
        "extended_until",
        "extension_reason",
        "identity",
        "state",
        "refusal_ground",
        "handled_by",
        "closed_at",
        "reference",
        "erasure_run_id",
    ),
)
class RightsRequest(models.Model):
    """What a person asked (art. 12-22): kinds, clock, identity, state.

    After erasure the request's own record stays, without the person (art. 5(2)).
    """

    class State(models.TextChoices):
        """Where the request stands."""

        OPEN = "open", _("Open")
        WAITING_IDENTITY = "waiting-identity", _("Waiting for confirmation by mail")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_id = models.UUIDField(null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    channel = models.CharField(
        max_length=20
    )  # preference-centre, public-page, mail, letter...
    words = models.TextField(blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    extended_until = models.DateField(null=True, blank=True)
    extension_reason = models.CharField(max_length=300, blank=True)
    identity = models.CharField(
        max_length=20, default="none"
    )  # mailbox, staff, none needed
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    refusal_ground = models.CharField(max_length=200, blank=True)
    handled_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=20, unique=True)
    erasure_run_id = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on"], name="rights_request_due"),
            models.Index(fields=["subject_id"], name="rights_request_subject"),
        ]


@no_personal_data(
    why="Numbers and dates of an erasure; the reference is held by the person, nobody is named.",
    plain=(
        "id",
        "reference",
        "started_at",
        "logical_at",
        "physical_due",
        "physical_at",
        "by_kind",
        "by_staff",
        "people",
        "tables",
        "columns",
        "files",
        "hits",
        "state",
        "certificate",
        "signature",
        "salt",
        "commitment",
    ),
)
class ErasureRun(models.Model):
    """One erasure, written before anything is destroyed; sealed in the ledger (append-only
    columns) and replayed after a restore."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    started_at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)  # person, staff, retention
    by_staff = models.UUIDField(null=True, blank=True)
    people = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, default="begun")  # begun, clean, blocked
    logical_at = models.DateTimeField(null=True, blank=True)
    physical_due = models.DateField()
    physical_at = models.DateTimeField(null=True, blank=True)
    tables = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)
    certificate = models.JSONField(null=True, blank=True)
    signature = models.BinaryField(null=True, blank=True)
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    commitment = models.BinaryField(max_length=32, null=True, editable=False)


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
    run_id = models.UUIDField()
    event_ids = ArrayField(models.UUIDField(), default=list)
    recorded_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    commitment = models.BinaryField(max_length=32, editable=False)
