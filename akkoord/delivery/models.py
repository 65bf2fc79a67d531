"""Single mails on their way out, and the built-in mailbox where mail goes without a server."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, OnErasure, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.delivery.hook_models import HookSeen as HookSeen
from akkoord.delivery.hook_models import Provider as Provider
from akkoord.delivery.hook_models import ProviderHook as ProviderHook
from akkoord.delivery.hook_models import ServerProvider as ServerProvider
from akkoord.delivery.server_models import MailServer as MailServer
from akkoord.delivery.server_models import OwnServer as OwnServer
from akkoord.delivery.server_models import ServerState as ServerState

LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="subject_id",
    order=50,  # first of all: nothing may leave for somebody who is being forgotten
    erase=OnErasure.DELETE,
    why="Single mails that wait to leave, or that left a short while ago.",
    columns={
        "subject_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "recipient": Column("pd:EmailAddress", (LEGAL,), identifier=Identifier.EMAIL),
        "subject": Column("pd:PersonalInformation", (LEGAL,)),
        "text": Column("pd:PersonalInformation", (LEGAL,)),
        "html": Column("pd:PersonalInformation", (LEGAL,)),
        "headers": Column("pd:PersonalInformation", (LEGAL,)),
        "raw": Column("pd:PersonalInformation", (LEGAL,)),
    },
    plain=(
        "id",
        "kind",
        "evidence",
        "created_at",
        "state",
        "attempts",
        "next_try_at",
        "claimed_at",
        "done_at",
        "outcome_code",
        "message_id",
        "expires_at",
        "server",
    ),
)
class OutboxMail(models.Model):
    """One mail for one address: confirmations, links, replies to requests, staff mail."""

    class State(models.TextChoices):
        """Where the mail stands. `uncertain`: it left, no answer came; never re-sent silently."""

        DUE = "due", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNCERTAIN = "uncertain", _("Uncertain")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30)  # law.message_kinds
    subject_id = models.UUIDField(null=True, blank=True)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    raw = models.TextField(blank=True)  # a mail that was made already, as it leaves
    evidence = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome_code = models.CharField(max_length=60, blank=True)
    message_id = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    server = models.CharField(max_length=32, blank=True)  # the one to use, for a test of it

    class Meta:
        constraints: ClassVar = [
            # INV-1: whatever needs the gate's evidence cannot even wait here without it.
            models.CheckConstraint(
                condition=~Q(kind__in=["campaign", "service"]) | Q(evidence__isnull=False),
                name="delivery_inv01_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_at__isnull=False),
                name="delivery_claimed_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="due"), name="delivery_outbox_due"
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="claimed"), name="delivery_outbox_claimed"
            ),
            models.Index(fields=["expires_at"], name="delivery_outbox_expires"),
            models.Index(fields=["subject_id"], name="delivery_outbox_subject"),
        ]


@personal_data(
    subject="subject_id",
    order=60,
    erase=OnErasure.DELETE,
    why="Mail in the built-in mailbox, for trying things out without a mail server.",
    columns={
        "subject_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "recipient": Column("pd:EmailAddress", (LEGAL,), identifier=Identifier.EMAIL),
        "subject": Column("pd:PersonalInformation", (LEGAL,)),
        "raw": Column("pd:PersonalInformation", (LEGAL,)),
    },
    plain=("id", "received_at", "sender"),
)
class MailboxMessage(models.Model):
    """One mail that would have left, had there been a mail server."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=300, blank=True)
    raw = models.BinaryField()
    subject_id = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_id"], name="delivery_mailbox_subject"),
            models.Index(fields=["received_at"], name="delivery_mailbox_received"),
            models.Index(fields=["recipient"], name="delivery_mailbox_recipient"),
        ]
