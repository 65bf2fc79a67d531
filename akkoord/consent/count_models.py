"""The table that counts what a form does (see `form_counts.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data


@no_personal_data(
    why="How often a form was shown, begun and posted on a day; of nobody, and without a cookie.",
    plain=("id", "form_id", "day", "what", "shard", "n"),
)
class FormCount(models.Model):
    """How often something happened with a form on one day.

    In a few rows for each (`shard`), so that visitors at the same moment do not wait for one row.
    """

    VIEW, START, POST = "view", "start", "post"

    id = models.BigAutoField(primary_key=True)
    form = models.ForeignKey(
        "consent.Form", on_delete=models.CASCADE, related_name="counts", db_index=False
    )
    day = models.DateField()
    what = models.CharField(max_length=5)
    shard = models.PositiveSmallIntegerField(default=0)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form", "day", "what", "shard"], name="consent_form_count_once"
            ),
            models.CheckConstraint(
                condition=Q(what__in=["view", "start", "post"]), name="consent_form_count_what"
            ),
        ]
