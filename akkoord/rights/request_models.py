"""What a request holds: each kind with a state of its own, and a log that stands on its own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, OnErasure, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

RIGHTS = "dpv:RightsFulfilment"


@personal_data(
    subject="request__subject_id",
    order=290,  # before the request lets go of its person
    erase=OnErasure.BLANK,
    columns={
        # Staff's own words about this person's request.
        "explanation": Column("pd:PersonalInformation", (RIGHTS,), blank=""),
    },
    plain=("id", "request_id", "kind", "state", "ground", "decided_at", "decided_by"),
)
class RequestPart(models.Model):
    """One kind of a request: what became of it, when, by whom.

    `ground` is of `law.request_rules` and stands only with a no; an objection to marketing and a
    withdrawal can never be refused: the database sees to it (art. 21(3), 7(3); INV-34).
    """

    class State(models.TextChoices):
        """Where one kind stands."""

        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(
        "rights.RightsRequest", on_delete=models.CASCADE, related_name="parts"
    )
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    ground = models.CharField(max_length=40, blank=True)
    explanation = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "kind"], name="rights_part_once"),
            models.CheckConstraint(
                condition=(Q(state="open") & Q(decided_at=None))
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="rights_part_decided",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(ground=""))
                | (~Q(state="refused") & Q(ground="")),
                name="rights_part_refused_with_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused", kind__in=["objection", "withdrawal"]),
                name="rights_inv34_never_refused",
            ),
        ]


@no_personal_data(
    why="What was done with a request: codes, days and numbers. It says nobody's name, and stays "
    "readable when the person is gone.",
    plain=("id", "request_id", "at", "actor_kind", "actor_id", "code", "kind", "ground", "facts"),
)
class RequestStep(models.Model):
    """One line of the log of a request; written once, never changed (art. 5(2), INV-45).

    `facts` holds numbers, days and codes only, never what somebody said.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(
        "rights.RightsRequest", on_delete=models.CASCADE, related_name="steps"
    )
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, blank=True)
    code = models.CharField(max_length=30)
    kind = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["request", "id"], name="rights_step_request")]
        constraints: ClassVar = [
            # A reminder leaves once per step, however many workers there are.
            models.UniqueConstraint(
                fields=["request", "code"],
                condition=Q(code__startswith="reminded"),
                name="rights_reminded_once",
            ),
        ]
