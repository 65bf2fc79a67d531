"""The table of wishes short of a no: a pause, and less often (see `rhythm.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import Column, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose

LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="contact_point__person_id",
    order=480,
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "contact_point_id": Column("pd:Identifier", (LEGAL,)),
        "purpose_id": Column("pd:Consent", (LEGAL,)),
        "paused_until": Column("pd:Consent", (LEGAL,), provided=True),
        "at_most": Column("pd:Consent", (LEGAL,), provided=True),
        "not_before": Column("pd:Consent", (LEGAL,)),
        "was_not_before": Column("pd:Consent", (LEGAL,)),
        "changed_at": Column("pd:Consent", (LEGAL,)),
    },
    plain=(),
)
class Rhythm(models.Model):
    """How often a topic may come to an address, and until when not. No consent: it only takes away.

    Without a purpose it is a pause of everything. `not_before`: the first moment for a next
    letter, moved when one really leaves; `was_not_before`: where it stood before the letter that
    is under way, for when that one does not leave after all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    purpose = models.ForeignKey(
        Purpose, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    paused_until = models.DateTimeField(null=True, blank=True)
    at_most = models.CharField(max_length=10, blank=True)  # law.rhythm_rules.Rhythm
    not_before = models.DateTimeField(null=True, blank=True)
    was_not_before = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact_point", "purpose"],
                nulls_distinct=False,
                name="consent_one_rhythm",
            ),
            models.CheckConstraint(
                condition=Q(purpose__isnull=False) | Q(at_most=""),
                name="consent_rhythm_of_a_topic",
            ),
            models.CheckConstraint(
                condition=Q(at_most__in=["", "week", "month", "quarter"]),
                name="consent_rhythm_known",
            ),
            models.CheckConstraint(
                condition=~Q(at_most="") | Q(not_before=None, was_not_before=None),
                name="consent_rhythm_waits_for_something",
            ),
        ]
