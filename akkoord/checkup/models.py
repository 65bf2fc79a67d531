"""What was answered, planned and found; nobody's data stands in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.checkup.dpia_models import Assessment as Assessment
from akkoord.checkup.dpia_models import Risk as Risk
from akkoord.checkup.dpia_models import Screening as Screening
from akkoord.checkup.mail_models import MailLook as MailLook
from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="What the organisation says of its own procedures; texts that name somebody are refused.",
    plain=(
        *("id", "question", "says", "evidence", "answered_at", "answered_by", "review_on"),
        *("owner", "replaced_at"),
    ),
)
class Answer(models.Model):
    """One answer to a question; a new one replaces it, and it stays as history."""

    class Says(models.TextChoices):
        """What was said."""

        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")
        NONE = "none", _("Does not concern us")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.SlugField(max_length=60)
    says = models.CharField(max_length=10, choices=Says.choices)
    evidence = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)  # staff id: who typed it
    owner = models.UUIDField(null=True, blank=True)  # staff id: who sees to it, and is asked again
    review_on = models.DateField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(replaced_at=None),
                name="checkup_one_answer_at_a_time",
            ),
        ]


@no_personal_data(
    why="When something will be done, and by which member of staff.",
    plain=("id", "point", "due_on", "owner", "planned_at", "planned_by", "done_at"),
)
class Task(models.Model):
    """Something of the check-up that somebody will do by a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    point = models.SlugField(max_length=60)
    due_on = models.DateField()
    owner = models.UUIDField(null=True)  # staff id
    planned_at = models.DateTimeField()
    planned_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["point"], condition=Q(done_at=None), name="checkup_one_task_at_a_time"
            ),
        ]


@no_personal_data(
    why="How the duties stood on a day: states and numbers.",
    plain=("id", "day", "score", "duties", "points"),
)
class Snapshot(models.Model):
    """The check-up as it stood on a day: `duties`: score per duty, `points`: state per point."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField(unique=True)
    score = models.PositiveSmallIntegerField(null=True)
    duties = models.JSONField()
    points = models.JSONField()
