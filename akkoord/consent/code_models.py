"""Codes on letters: with one somebody stops post without a log-in (art. 21(4), INV-19)."""

from typing import ClassVar

from django.db import models

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import Purpose

LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="person_id",
    order=560,
    why="The code on a letter, with which its reader stops such letters (art. 21(4) GDPR).",
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (LEGAL,)),
        "code_hash": Column("pd:Identifier", (), secret=True),
        "made_at": Column("pd:PersonalInformation", (LEGAL,)),
    },
    plain=("purpose_id", "message_id"),  # the message outlives the person, without them
)
class LetterCode(models.Model):
    """The code on one letter: its keyed hash, and what it stops. For ever, as a link in a mail."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    message_id = models.UUIDField(unique=True)  # the letter that it stands on
    code_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()


@no_personal_data(
    why="How often a wrong code came from a network, as a keyed hash of it that goes in an hour.",
    plain=("id", "network_hash", "at"),
)
class WrongCode(models.Model):
    """A code that no letter carries was typed; who guesses is slowed down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    network_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["network_hash", "at"], name="consent_wrong_code_network"),
        ]
