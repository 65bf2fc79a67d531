"""Every message that leaves for a person, and the evidence of its basis.

A `Dispatch` is one run of one compiled template; a `Message` is one recipient of it, also when
the gate refused (then with the reason). Nothing may be sent without evidence: the database
refuses it.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import (
    Column,
    Identifier,
    OnErasure,
    no_personal_data,
    personal_data,
)
from akkoord.datamap.ids import uuid7
from akkoord.messages.click_models import Hit as Hit
from akkoord.messages.click_models import Link as Link
from akkoord.messages.click_models import LinkCount as LinkCount
from akkoord.messages.letter_models import LetterFile as LetterFile
from akkoord.messages.letter_models import LetterPage as LetterPage
from akkoord.messages.letter_models import LetterRun as LetterRun
from akkoord.messages.rule_models import DayUse as DayUse
from akkoord.messages.rule_models import DomainRule as DomainRule
from akkoord.messages.rule_models import Pace as Pace
from akkoord.messages.rule_models import SendingRules as SendingRules
from akkoord.messages.service_models import Occasion as Occasion
from akkoord.register.models import Purpose

LEGAL = "dpv:LegalCompliance"
MARKETING = "dpv:DirectMarketing"


@no_personal_data(
    why="A run of one compiled template; its content is the same for everybody.",
    plain=(
        "id",
        "kind",
        "purpose_id",
        "also",
        "channel",
        "template",
        "content_hash",
        "rule_version",
        "segment",
        "state",
        "approved_by",
        "created_at",
        "started_at",
        "ended_at",
        "fanned_out_at",
        "pause_reason",
        "spread_minutes",
        "rests_at_night",
        "own_clock_at",
        "own_clock_at",
        "waits_for",
        "waits_until",
    ),
)
class Dispatch(models.Model):
    """One run: what is sent (compiled once), for which purpose, in which state."""

    class State(models.TextChoices):
        """Where the run stands."""

        READY = "ready", _("Ready")
        RUNNING = "running", _("Sending")
        PAUSED = "paused", _("Paused")
        CANCELLED = "cancelled", _("Cancelled")
        FINISHED = "finished", _("Sent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30)  # law.message_kinds
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    # Further topics that it is about, in order: who gets it by several gets it under the first.
    also = ArrayField(models.UUIDField(), default=list, blank=True, db_default=[])
    channel = models.CharField(max_length=10, default="email")
    template = models.JSONField(default=dict)  # what compile needs, frozen at approval
    content_hash = models.CharField(max_length=64)  # of what was approved
    rule_version = models.CharField(max_length=20)  # permission.RULE_VERSION
    segment = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    approved_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fanned_out_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=120, blank=True)
    spread_minutes = models.PositiveIntegerField(default=0)  # 0: as fast as it goes
    rests_at_night = models.BooleanField(default=False)
    # What the clock shows in Amsterdam then, it shows to who gets it, wherever they live.
    own_clock_at = models.DateTimeField(null=True, blank=True)
    waits_for = models.CharField(max_length=40, blank=True)  # while it runs and nothing may leave
    waits_until = models.DateTimeField(null=True, blank=True)


@personal_data(
    subject="person_id",
    order=400,
    erase=OnErasure.BLANK,  # a campaign's figures stay, without anybody in them
    columns={
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (LEGAL,)),
    },
    plain=(
        "id",
        "dispatch_id",
        "purpose_id",
        "state",
        "reason",
        "evidence_id",
        "evidence_kind",
        "rule_version",
        "content_hash",
        "to_device",
        "due_at",
        "claimed_at",
        "claimed_by",
        "handing_at",
        "attempts",
        "outcome_at",
        "outcome_code",
    ),
)
class Message(models.Model):
    """One recipient of one dispatch: exact accounting, also of refusals.

    States: `due`, `claimed` (a worker holds it; with `handing_at` the bytes may have left),
    `sent`, `failed`, `skipped` (with the gate's reason), `uncertain` (handed over but not
    recorded: never re-sent silently). A letter on paper is `made` until somebody says that it was
    printed and handed over.
    """

    class State(models.TextChoices):
        """Where one message stands."""

        DUE = "due", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Not sent")
        UNCERTAIN = "uncertain", _("Uncertain")
        MADE = "made", _("In the file to print")  # letters on paper

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispatch = models.ForeignKey(
        # Without an index of its own: the unique one below begins with it.
        Dispatch,
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,
    )
    # Under which topic somebody gets it; null: the only one of its run.
    purpose_id = models.UUIDField(null=True, blank=True)
    person_id = models.UUIDField(null=True)
    contact_point_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    reason = models.CharField(max_length=40, blank=True)
    evidence_id = models.UUIDField(null=True, blank=True)
    evidence_kind = models.CharField(max_length=20, default="permission-event")
    rule_version = models.CharField(max_length=20, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    to_device = models.BooleanField(default=False, db_default=False)  # a push message
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.UUIDField(null=True, blank=True)
    handing_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_code = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispatch", "contact_point_id"],
                name="messages_once_per_address",
            ),
            # Also for somebody with two mailboxes; it is the fan-out's place, too.
            models.UniqueConstraint(
                fields=["dispatch", "person_id"],
                condition=Q(to_device=False),
                name="messages_once_per_person",
            ),
            # Push goes to each device of somebody, to each once; the fan-out's place for push.
            models.UniqueConstraint(
                fields=["dispatch", "person_id", "contact_point_id"],
                condition=Q(to_device=True),
                name="messages_once_per_device",
            ),
            # INV-1: nothing is handed over without the evidence of its basis.
            models.CheckConstraint(
                condition=Q(handing_at=None) | Q(evidence_id__isnull=False),
                name="messages_inv01_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "uncertain", "made"])
                | Q(evidence_id__isnull=False),
                name="messages_inv01_sent_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(reason=""),
                name="messages_skipped_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["dispatch", "due_at", "id"],
                condition=Q(state="due"),
                name="messages_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state="claimed"),
                name="messages_claimed",
            ),
            models.Index(fields=["person_id", "-due_at"], name="messages_person"),
            models.Index(fields=["dispatch", "state", "reason"], name="messages_counts"),
        ]


@no_personal_data(
    why="Which run sends the welcome mail of a form's version; no recipient stands here.",
    plain=("id", "collection_point_id", "purpose_id", "dispatch_id"),
)
class Welcome(models.Model):
    """The run of a published version's welcome mail, for one topic."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    collection_point_id = models.UUIDField()
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, related_name="welcome")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection_point_id", "purpose"], name="messages_welcome_once"
            ),
        ]
