"""What a request holds: each kind with a state of its own, and a log that stands on its own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import (
    Column,
    Identifier,
    OnErasure,
    no_personal_data,
    personal_data,
)
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


@personal_data(
    subject="request__subject_id",
    order=280,
    columns={
        "text": Column("pd:PersonalInformation", (RIGHTS,)),
        "path": Column("pd:PersonalInformation", (RIGHTS,)),
        "wrapped_key": Column("pd:PersonalInformation", (), secret=True),
    },
    plain=(
        "request_id",
        "language",
        "state",
        "way",
        "file_id",
        "size",
        "made_at",
        "approved_at",
        "approved_by",
        "expires_at",
    ),
    files=("path",),
    opened_by="akkoord.rights.answers.content_for_export",
)
class RequestAnswer(models.Model):
    """The letter that answers a request, and the sealed file that goes with it.

    The file has a key of its own and is gone after fourteen days, fetched or not; it dies with the
    row, and the row with its person.
    """

    class State(models.TextChoices):
        """How far the answer is."""

        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        DELIVERED = "delivered", _("Answer delivered")
        GONE = "gone", _("The file is gone")

    class Way(models.TextChoices):
        """How it reaches the person."""

        LINK = "link", _("By a link to the mailbox")
        MAIL = "mail", _("As a mail, without data")
        PAPER = "paper", _("On paper")

    request = models.OneToOneField(
        "rights.RightsRequest", on_delete=models.CASCADE, primary_key=True, related_name="answer"
    )
    language = models.CharField(max_length=5)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    file_id = models.UUIDField(null=True, blank=True)
    path = models.CharField(max_length=120, blank=True)
    wrapped_key = models.BinaryField(max_length=80, null=True, blank=True)
    size = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # A file never stands without the day on which it goes (art. 5(1)(e)).
            models.CheckConstraint(
                condition=Q(path="", wrapped_key=None)
                | (~Q(path="") & Q(wrapped_key__isnull=False, expires_at__isnull=False)),
                name="rights_answer_file_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", approved_at=None)
                | (~Q(state="draft") & Q(approved_at__isnull=False)),
                name="rights_answer_approved_first",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=~Q(path=""), name="rights_answer_expires"
            ),
        ]


@personal_data(
    subject="subject_id",
    order=285,
    columns={
        "subject_id": Column("pd:Identifier", (RIGHTS,), identifier=Identifier.PERSON_ID),
        "text": Column("pd:PersonalInformation", (RIGHTS,), provided=True),
    },
    plain=("id", "store", "row_id", "written_at", "written_by"),
)
class RecordNote(models.Model):
    """A correction beside a record that must stay as it was made, like an invoice (art. 16)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_id = models.UUIDField(db_index=True)
    store = models.CharField(max_length=80)
    row_id = models.UUIDField()
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True, blank=True)
