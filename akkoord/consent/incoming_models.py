"""The table of mails that came in (see `receive.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import Column, Identifier, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.models import ContactPoint

RIGHTS = "dpv:RightsFulfilment"


@personal_data(
    subject="contact_point__person_id",
    order=485,
    columns={
        "id": Column("pd:Identifier", (RIGHTS,)),
        "contact_point_id": Column("pd:Identifier", (RIGHTS,)),
        "digest": Column("pd:Identifier", (RIGHTS,), secret=True),
        "sender": Column("pd:EmailAddress", (RIGHTS,), identifier=Identifier.EMAIL, provided=True),
        "subject": Column("pd:Communication", (RIGHTS,), provided=True),
        "words": Column("pd:Communication", (RIGHTS,), provided=True),
    },
    plain=("outcome", "received_at", "handled_at", "handled_by"),
)
class IncomingMail(models.Model):
    """A mail to the unsubscribe or reply address: what came of it, and never the mail itself.

    Only one that a person must still read keeps its sender, subject and own words, until it is
    handled. The digest lets the same mail come in twice without being counted twice. Of a letter
    that came back stands at which address, so that a mailbox that stays full is noticed.
    """

    STOPPED = "stopped"
    AUTOMATIC = "automatic"
    TO_READ = "to-read"
    OTHER = "other"
    GONE = "gone"
    RETURNED = "returned"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.BinaryField(max_length=32, unique=True)
    outcome = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.UUIDField(null=True, blank=True)  # staff id

    class Meta:
        constraints: ClassVar = [
            # Nothing of a mail is kept that nobody has to read any more.
            models.CheckConstraint(
                condition=Q(outcome="to-read", handled_at=None)
                | Q(sender="", subject="", words=""),
                name="consent_mail_not_kept",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                condition=Q(outcome="to-read", handled_at=None),
                name="consent_mail_to_read",
            ),
        ]
