"""What was answered when data began to serve another purpose (art. 6(4)): who, when, and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.law.purpose_rules import GOES_ON, Factor, Outcome


@no_personal_data(
    why="Why data may serve another purpose; it names nobody (INV-30).",
    plain=(
        "id",
        "activity_key",
        "field_key",
        "before_nl",
        "before_en",
        "after_nl",
        "after_en",
        "answers",
        "outcome",
        "reason",
        "decided_at",
        "decided_by",
    ),
)
class PurposeChange(models.Model):
    """One change of what data is for, with the answers and what followed from them.

    `field_key`: the field that began to serve this activity; empty: the activity's own purpose
    changed. Never changed and never deleted: the database refuses both.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80, db_index=True)
    field_key = models.CharField(max_length=80, blank=True)
    before_nl = models.TextField(blank=True)
    before_en = models.TextField(blank=True)
    after_nl = models.TextField(blank=True)
    after_en = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)  # law.purpose_rules.Factor -> Answer
    outcome = models.CharField(max_length=20)  # law.purpose_rules.Outcome
    reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)  # staff id

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(each.value for each in GOES_ON)),
                name="register_purpose_change_goes_on",
            ),
            # Compatible is what five answers say; without them nobody weighed anything.
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.COMPATIBLE.value)
                | Q(answers__has_keys=[each.value for each in Factor]),
                name="register_compatible_was_weighed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_key} {self.outcome}"
