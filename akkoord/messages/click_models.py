"""The links of letters, how often each was pressed (see `clicks.py`), and by whom, of those who
said yes to that apart (see `measured.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import (
    Column,
    Identifier,
    OnErasure,
    no_personal_data,
    personal_data,
)
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


MARKETING = "dpv:DirectMarketing"
LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="person_id",
    order=399,
    erase=OnErasure.DELETE,
    why="What somebody opened and pressed, while they let us see it (INV-28).",
    columns={
        "person_id": Column("pd:Identifier", (MARKETING,), identifier=Identifier.PERSON_ID),
        "message_id": Column("pd:Identifier", (MARKETING,)),
        # Of a letter and of an event that stay: these find nobody, and are no needles of a search.
        "dispatch_id": Column("pd:LinkClicked", (MARKETING,)),
        "link_id": Column("pd:LinkClicked", (MARKETING,)),
        "what": Column("pd:LinkClicked", (MARKETING,)),
        "kind": Column("pd:LinkClicked", (MARKETING,)),
        "at": Column("pd:LinkClicked", (MARKETING,)),
        "evidence_id": Column("pd:Consent", (LEGAL,)),
    },
    plain=("id",),
)
class Hit(models.Model):
    """Somebody opened a letter or pressed a link in it: only ever of who said yes to measuring.

    `evidence_id`: the yes that it rests on, never empty; asked again at every hit. `kind`: whether
    it was somebody, or a machine that looked ahead (`law.hit_rules`).
    """

    OPEN, CLICK = "open", "click"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    message_id = models.UUIDField()
    dispatch = models.ForeignKey(
        "messages.Dispatch", on_delete=models.CASCADE, related_name="hits", db_index=False
    )
    link = models.ForeignKey(
        Link, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    what = models.CharField(max_length=5)
    kind = models.CharField(max_length=5)
    at = models.DateTimeField()
    evidence_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what="open", link__isnull=True) | Q(what="click", link__isnull=False),
                name="messages_hit_what",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["press", "ahead"]), name="messages_hit_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "-at"], name="messages_hit_person"),
            models.Index(fields=["dispatch", "what", "kind"], name="messages_hit_run"),
            models.Index(fields=["at"], name="messages_hit_age"),
        ]
