"""Evidence of consent: scans, photos and lists, sealed in the data folder."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import Column, Identifier, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.models import Person

LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="person_id",
    order=590,
    columns={
        "id": Column("pd:Consent", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "media_type": Column("pd:Consent", (LEGAL,)),
        "size": Column("pd:Consent", (LEGAL,)),
        "sha256": Column("pd:Consent", (LEGAL,)),
        "path": Column("pd:Consent", (LEGAL,)),
        "wrapped_key": Column("pd:Consent", (), secret=True),
        "uploaded_at": Column("pd:Consent", (LEGAL,)),
    },
    plain=("kind", "uploaded_by"),
    files=("path",),
    opened_by="akkoord.consent.evidence_files.content_for_export",
)
class EvidenceFile(models.Model):
    """A scan or photo that shows a yes: encrypted, with a key of its own that dies with the row.

    Of one person, or a list of several (then `EvidenceRow` says whom it is about, and it goes with
    the last of them).
    """

    PERSON = "person"
    LIST = "list"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, default=PERSON)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)  # of what is kept
    path = models.CharField(max_length=120)  # under the data folder
    wrapped_key = models.BinaryField(max_length=80)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField(null=True, blank=True)  # staff id; null: the tablet

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False)
                | Q(kind="list", person__isnull=True),
                name="consent_evidence_of_one_or_a_list",
            ),
        ]


@personal_data(
    subject="person_id",
    order=580,
    custom_erase="akkoord.consent.evidence_erase.erase_rows",
    columns={
        "id": Column("pd:Consent", (LEGAL,)),
        "file_id": Column("pd:Consent", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "row": Column("pd:Consent", (LEGAL,)),
        "event_id": Column("pd:Consent", (LEGAL,)),
    },
)
class EvidenceRow(models.Model):
    """One line of a list, matched by staff to a person; the event rests on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    event_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "row"], name="consent_evidence_row_once"),
            models.UniqueConstraint(fields=["file", "person"], name="consent_evidence_person_once"),
        ]
