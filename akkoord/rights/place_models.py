"""A place that holds somebody and was declared to hold nobody, and must stay for a while."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="Which column stays as it is after an erasure, why and until when; ids of rows and keyed "
    "digests, no value.",
    plain=(
        *("id", "run_id", "store", "column", "ground", "until", "rows", "keys", "decided_at"),
        "decided_by",
    ),
)
class KeptPlace(models.Model):
    """Staff decided that these cells must stay (art. 17(3)); they are emptied when it is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey("rights.ErasureRun", on_delete=models.CASCADE, related_name="places")
    store = models.CharField(max_length=80)
    column = models.CharField(max_length=80)
    ground = models.CharField(max_length=80)
    until = models.DateField()
    rows = models.PositiveIntegerField()
    keys = models.JSONField(default=list)  # id of the row, digests of the texts that must go
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        """Once per column of a run, and on a ground that may let a name stand."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "store", "column"], name="rights_place_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["fiscal-record", "legal-claim", "legal-obligation"]),
                name="rights_place_kept_on_a_ground",
            ),
        ]
