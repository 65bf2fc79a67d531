"""What a person asked, with its clock and where it stands."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, OnErasure, personal_data
from akkoord.datamap.ids import uuid7

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
        "extension_told_on",
        "owes_letter",
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
    # The longer term counts only when the person was told within the first month (INV-33).
    extension_told_on = models.DateField(null=True, blank=True)
    # Decided by staff, and the person did not hear it yet (art. 12(3), (4)).
    owes_letter = models.BooleanField(default=False, db_default=False)
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
                condition=Q(subject_id=None) & ~Q(reply_to=""),
                name="rights_request_unknown",
            ),
            models.Index(
                fields=["due_on"], condition=Q(owes_letter=True), name="rights_request_letter"
            ),
        ]
        constraints: ClassVar = [
            # Told of more time only when more time was taken.
            models.CheckConstraint(
                condition=Q(extension_told_on=None) | Q(extended_until__isnull=False),
                name="rights_inv33_told_of_an_extension",
            ),
        ]
