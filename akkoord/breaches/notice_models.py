"""Who was told of a leak, what was done with it, and what was learnt."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, no_personal_data
from akkoord.datamap.ids import uuid7

_TEXT = Column("pd:PersonalInformation", ("dpv:LegalCompliance",))


@no_personal_data(
    why="What the authority, the people or the public were told, and when; counts, no names.",
    plain=(
        *("id", "breach_id", "kind", "at", "by", "due_at", "dispatch_id", "sent_to", "language"),
    ),
    may_name={
        "number": _TEXT,
        "content": _TEXT,
        "delay_reason": _TEXT,
    },
)
class BreachNotice(models.Model):
    """One telling. `content`: what was told, word for word, as lists of question and answer.

    The first to the authority after its 72 hours says why it is late (art. 33(1)).
    """

    class Kind(models.TextChoices):
        """To whom."""

        FIRST = "first", _("First notice to the AP")
        FOLLOW_UP = "follow-up", _("Follow-up to the AP")
        PEOPLE = "people", _("Letters to the people")
        POST = "post", _("Letters by post")
        PUBLIC = "public", _("Public notice")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey("breaches.Breach", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.UUIDField(null=True, blank=True)
    due_at = models.DateTimeField()
    number = models.CharField(max_length=80, blank=True)  # what the authority calls it
    content = models.JSONField(default=list)
    delay_reason = models.TextField(blank=True)
    dispatch_id = models.UUIDField(null=True, blank=True)
    sent_to = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=5, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["breach"], condition=Q(kind="first"), name="breaches_one_first_notice"
            ),
            models.CheckConstraint(
                condition=~Q(kind="first") | Q(at__lte=F("due_at")) | ~Q(delay_reason=""),
                name="breaches_inv41_late_with_reason",
            ),
        ]


@no_personal_data(
    why="What was done with a leak: codes, field names and days; never what somebody wrote.",
    plain=("id", "breach_id", "at", "actor_kind", "actor_id", "code", "fields"),
)
class BreachStep(models.Model):
    """One line of the log of a leak; written once, never changed (art. 5(2), INV-45)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey("breaches.Breach", on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, blank=True)
    code = models.CharField(max_length=30)
    fields = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["breach", "id"], name="breaches_step_of_leak")]
        constraints: ClassVar = [
            # A reminder leaves once per step, however many workers there are.
            models.UniqueConstraint(
                fields=["breach", "code"],
                condition=Q(code__startswith="reminded"),
                name="breaches_reminded_once",
            ),
        ]


@no_personal_data(
    why="How the record of a leak stood after each change (art. 33(5)); it names nobody.",
    plain=("id", "breach_id", "number", "at", "actor_kind", "actor_id", "code"),
    may_name={"content": _TEXT},
)
class BreachVersion(models.Model):
    """The record of a leak after one change. `code`: what was done, as in the log; `content`: the
    columns of the leak with the ways by which people were found (`versions.py`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey("breaches.Breach", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, blank=True)
    code = models.CharField(max_length=30)
    content = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "number"], name="breaches_version_once"),
        ]


@no_personal_data(
    why="What was learnt of a leak, what will be done about it and by when.",
    plain=("id", "breach_id", "added_at", "added_by", "due_on", "done_at", "done_by"),
    may_name={"lesson": _TEXT, "action": _TEXT},
)
class BreachLesson(models.Model):
    """Something learnt, and what will be done about it by a day (art. 33(5): the remedy)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey("breaches.Breach", on_delete=models.CASCADE, related_name="lessons")
    lesson = models.TextField()
    action = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(lesson=""), name="breaches_lesson_says_something"),
            # What will be done has a day, or nobody ever does it.
            models.CheckConstraint(
                condition=Q(action="") | Q(due_on__isnull=False), name="breaches_action_has_a_day"
            ),
        ]
