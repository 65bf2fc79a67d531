"""Records that may be of one person, and what is kept to part joined ones again."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

_RECORDS = "dpv:RecordManagement"


@personal_data(
    subject="person_id",
    order=840,
    why="What two records were before they were joined, to part them again when they were not one.",
    keeps=("old_id", "into_id"),
    columns={
        "person_id": Column("pd:Identifier", (_RECORDS,), identifier=Identifier.PERSON_ID),
        "old_id": Column("pd:Identifier", (_RECORDS,), identifier=Identifier.PERSON_ID),
        "into_id": Column("pd:Identifier", (_RECORDS,), identifier=Identifier.PERSON_ID),
        "before": Column("pd:PersonalInformation", (_RECORDS,)),
        "moved": Column("pd:Identifier", (_RECORDS,)),
        "joined_at": Column("pd:PersonalInformation", (_RECORDS,)),
    },
    plain=("id", "joined_by", "undo_until"),
)
class Joining(models.Model):
    """Two records made one. Gone when they are parted again, when the term to do so is over, and
    when the person is forgotten.

    `before`: the record that went, what changed in the one that stays, and rows for which there was
    room once; `moved`: which rows were whose. `into_id`: the record that stayed, at that time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="joinings")
    old_id = models.UUIDField(unique=True)
    into_id = models.UUIDField()
    before = models.JSONField()
    moved = models.JSONField()
    joined_at = models.DateTimeField()
    joined_by = models.UUIDField(null=True, blank=True)
    undo_until = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("joined records")
        verbose_name_plural = _("joined records")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(old_id=models.F("into_id")), name="people_joining_two_records"
            ),
        ]


@no_personal_data(
    why="That two records look alike, and what staff said of it; whose they are stands beside it.",
    plain=("id", "state", "score", "reasons", "found_at", "decided_at", "decided_by"),
)
class DuplicatePair(models.Model):
    """Two records that may be of one person, why we think so, and what staff said of it.

    `reasons`: codes of `law.likeness`. Who are "not the same" are never shown again.
    """

    class State(models.TextChoices):
        """What staff said of it."""

        NEW = "new", _("To look at")
        NOT_SAME = "not-same", _("Two people")
        JOINED = "joined", _("Joined")
        PARTED = "parted", _("Parted again")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20))
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-score", "-id"], condition=Q(state="new"), name="people_pair_to_look_at"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "joined"]) | Q(decided_at__isnull=False),
                name="people_pair_decided",
            ),
        ]


@personal_data(
    subject="person_id",
    order=830,
    columns={
        "pair_id": Column("pd:PersonalInformation", (_RECORDS,)),  # stays: it finds nobody
        "person_id": Column("pd:Identifier", (_RECORDS,), identifier=Identifier.PERSON_ID),
    },
    plain=("id",),
)
class DuplicateSide(models.Model):
    """One of the two records of a pair."""

    id = models.BigAutoField(primary_key=True)
    pair = models.ForeignKey(DuplicatePair, models.CASCADE, related_name="sides", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("record that looks like another")
        verbose_name_plural = _("records that look like another")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "person"], name="people_side_once"),
        ]


@personal_data(
    subject="person_id",
    order=835,
    why="That somebody looked at what seemed wrong with a record, and said that it is right.",
    columns={
        "person_id": Column("pd:Identifier", (_RECORDS,), identifier=Identifier.PERSON_ID),
        "kind": Column("pd:PersonalInformation", (_RECORDS,)),
        "settled_at": Column("pd:PersonalInformation", (_RECORDS,)),
    },
    plain=("id", "settled_by"),
)
class ReviewSettled(models.Model):
    """A record that came up for review and is right as it is; it comes up again after a term."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    settled_at = models.DateTimeField()
    settled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("record that was looked at")
        verbose_name_plural = _("records that were looked at")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind"], name="people_settled_once"),
        ]
