"""Own test addresses: mailboxes outside the staff that try a letter before others get it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

LEGAL = "dpv:LegalCompliance"
MOST = 5


@personal_data(
    subject="subject_id",
    order=60,  # before the addresses that it is found by
    custom_erase="akkoord.consent.trial.erase_trials",
    why="Who said yes to trying letters before others get them; at most five addresses.",
    columns={
        "subject_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "address": Column("pd:EmailAddress", (LEGAL,), identifier=Identifier.EMAIL),
        "confirmed_at": Column("pd:Consent", (LEGAL,)),
    },
    plain=("id", "slot", "language", "asked_at", "asked_by", "ends_at"),
)
class TrialAddress(models.Model):
    """A mailbox that gets tests once its owner said yes by a click; until `ends_at`.

    `slot`: one of five places, so that there are never more, whoever asks at once. `subject_id`:
    the person whose address it is, when they are known here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.PositiveSmallIntegerField(unique=True)
    subject_id = models.UUIDField(null=True, blank=True, db_index=True)
    address = models.CharField(max_length=320, unique=True)
    language = models.CharField(max_length=5, default="nl")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True, blank=True)  # staff id
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=MOST), name="consent_trial_five_at_most"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="consent_trial_ends")]


@no_personal_data(
    why="Keyed hashes of mailboxes that were asked to try letters and did not say yes: so that "
    "nobody is asked twice within the term (INV-13).",
    hashes=("keyed_hash",),
    ground="suppression",
    until="refusal-pause",
    plain=("id", "keyed_hash", "asked_at"),
)
class TrialAsked(models.Model):
    """That this mailbox was asked, and when; it goes at a yes, and after the term."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    keyed_hash = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField(db_index=True)
