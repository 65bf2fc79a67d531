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


@personal_data(
    subject="subject_id",
    order=300,
    erase=OnErasure.BLANK,
    columns={
        "subject_id": Column("pd:Identifier", (RIGHTS,), identifier=Identifier.PERSON_ID),
        "words": Column("pd:PersonalInformation", (RIGHTS,), provided=True, blank=""),
        "reply_to": Column(
            "pd:EmailAddress",
            (RIGHTS,),
            identifier=Identifier.EMAIL,
            provided=True,
            blank="",
        ),
        # Staff's own words about this person's request.
        "extension_reason": Column("pd:PersonalInformation", (RIGHTS,), blank=""),
        "refusal_ground": Column("pd:PersonalInformation", (RIGHTS,), blank=""),
        "identity_reason": Column("pd:PersonalInformation", (RIGHTS,), blank=""),
        # From which network it was typed, cut short; emptied once it is no longer counted.
        "network": Column("pd:IPAddress", (RIGHTS,), blank=""),
    },
    plain=(
        "id",
        "kinds",
        "channel",
        "received_at",
        "due_on",
        "extended_until",
        "identity",
        "state",
        "handled_by",
        "closed_at",
        "reference",
        "erasure_run_id",
        "language",
    ),
)
class RightsRequest(models.Model):
    """What a person asked (art. 12-22): kinds, clock, identity, state.

    After erasure the request's own record stays, without the person (art. 5(2)).
    """

    class State(models.TextChoices):
        """Where the request stands."""

        OPEN = "open", _("Waits for an answer")
        WAITING_IDENTITY = "waiting-identity", _("Waiting for confirmation by mail")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Never confirmed")

    class Kind(models.TextChoices):
        """What may be asked (art. 15-21 GDPR)."""

        ACCESS = "access", _("See what you keep")
        PORTABILITY = "portability", _("Take data along")
        RECTIFICATION = "rectification", _("Correct something")
        ERASURE = "erasure", _("Be forgotten")
        RESTRICTION = "restriction", _("Keep, but do not use")
        OBJECTION = "objection", _("No advertising any more")
        WITHDRAWAL = "withdrawal", _("Take back what I agreed to")
        OTHER_USE = "objection-use", _("Stop another use of my data")
        HUMAN_LOOK = "human-look", _("Have a person look at a decision")

    class Channel(models.TextChoices):
        """How the request came in; the clock runs from receipt over any channel."""

        PREFERENCES = "preference-centre", _("Own page of the person")
        MAIL = "mail", _("Mail")
        LETTER = "letter", _("Letter")
        PHONE = "phone", _("Telephone")
        COUNTER = "counter", _("At the counter")
        STAFF = "staff", _("Staff")
        WEB = "web", _("Page for requests")
        API = "api", _("Another system")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_id = models.UUIDField(null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    words = models.TextField(blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    extended_until = models.DateField(null=True, blank=True)
    extension_reason = models.CharField(max_length=300, blank=True)
    identity = models.CharField(max_length=20, default="none")  # mailbox, staff, none needed
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    refusal_ground = models.CharField(max_length=200, blank=True)
    handled_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=20, unique=True)
    erasure_run_id = models.UUIDField(null=True, blank=True)
    language = models.CharField(max_length=5, default="nl", db_default="nl")
    # Why more than the mailbox was asked; a copy of an identity document never is (art. 12(6)).
    identity_reason = models.CharField(max_length=300, blank=True, db_default="")
    network = models.CharField(max_length=50, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on"], name="rights_request_due"),
            models.Index(fields=["subject_id"], name="rights_request_subject"),
            models.Index(fields=["received_at"], name="rights_request_received"),
            models.Index(
                fields=["reply_to"],
                condition=models.Q(subject_id=None) & ~models.Q(reply_to=""),
                name="rights_request_unknown",
            ),
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
