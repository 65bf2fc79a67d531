"""The links of letters, and how often each was pressed (see `clicks.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="Where a link of a letter leads; the same for everybody.",
    plain=("id", "dispatch_id", "place", "url"),
)
class Link(models.Model):
    """A link that stood in a letter: our counting address leads there, and nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispatch = models.ForeignKey(
        "messages.Dispatch", on_delete=models.CASCADE, related_name="links", db_index=False
    )
    place = models.PositiveSmallIntegerField()
    url = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispatch", "place"], name="messages_link_place"),
            # No open redirect: only what a letter may link to, over TLS.
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="messages_link_is_https"
            ),
        ]


@no_personal_data(
    why="How often a link was pressed in an hour; of nobody, without a cookie or an address.",
    plain=("id", "link_id", "hour", "kind", "shard", "n"),
)
class LinkCount(models.Model):
    """How often a link was asked for in an hour, by people and by machines (`law.hit_rules`).

    In a few rows for each (`shard`), so that presses at the same moment do not wait for one row.
    """

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="counts", db_index=False)
    hour = models.DateTimeField()
    kind = models.CharField(max_length=5)
    shard = models.PositiveSmallIntegerField(default=0)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "hour", "kind", "shard"], name="messages_link_count_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["press", "ahead"]), name="messages_link_count_kind"
            ),
        ]
