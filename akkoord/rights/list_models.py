"""A list of people to forget at once: asked by one member of staff, approved by another."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

RIGHTS = "dpv:RightsFulfilment"


@no_personal_data(
    why="Numbers, days and states of a list; who stood on it is in rows that go with the list.",
    plain=(
        *("id", "reference", "state", "ground", "made_at", "made_by", "asked_at", "expires_at"),
        *("decided_at", "approved_by", "refused_by", "stopped_at", "stopped_by", "ended_at"),
        *("lines", "found", "not_found", "several", "doubles", "held", "frozen", "waiting"),
        *("run_id", "report", "signature", "part", "parts", "whole"),
    ),
)
class ErasureList(models.Model):
    """Many people who are to be forgotten together; numbers and days only, of nobody.

    A draft is asked for, approved by somebody else, carried out by the job, done. Until then it
    can be refused, and it expires by itself; while it runs it can be stopped. A long file is
    several lists: `part` of `parts`, that share `whole`.
    """

    class State(models.TextChoices):
        """How far a list is."""

        DRAFT = "draft", _("Not asked for yet")
        ASKED = "asked", _("Waits for a second person")
        RUNNING = "running", _("At work")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        REFUSED = "refused", _("Refused")
        EXPIRED = "expired", _("Not approved in time")

    class Ground(models.TextChoices):
        """Why they must go (art. 17(1)); a closed list, so that nobody is named here."""

        NOT_NEEDED = "not-needed", _("We do not need their data any more")
        ASKED_ELSEWHERE = "asked", _("They asked for it themselves, somewhere else")
        UNLAWFUL = "unlawful", _("We should not have had their data")
        DUTY = "duty", _("A law or a judge says so")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    asked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)
    refused_by = models.UUIDField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lines = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)  # people, each once
    not_found = models.PositiveIntegerField(default=0)
    several = models.PositiveIntegerField(default=0)  # lines that could mean more than one
    doubles = models.PositiveIntegerField(default=0)  # lines of who stood on the list already
    held = models.PositiveIntegerField(default=0)
    frozen = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)  # for the answer to a request
    run_id = models.UUIDField(null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    signature = models.BinaryField(null=True, blank=True)
    part = models.PositiveSmallIntegerField(default=1, db_default=1)
    parts = models.PositiveSmallIntegerField(default=1, db_default=1)
    whole = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # Four eyes: who asked never approves, whatever the code says.
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="rights_list_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "done", "stopped"])
                | Q(approved_by__isnull=False, run_id__isnull=False),
                name="rights_list_runs_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(asked_at__isnull=False),
                name="rights_list_was_asked",
            ),
            # One report for each erasure. Empty ones are no double.
            models.UniqueConstraint(fields=["run_id"], name="rights_list_own_run"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "made_at"], name="rights_list_state"),
            models.Index(
                fields=["whole", "part"],
                condition=Q(whole__isnull=False),
                name="rights_list_whole",
            ),
        ]

    @property
    def erasure_id(self) -> UUID:
        """The erasure of a list that was approved; the database sees to it that it is there."""
        if self.run_id is None:
            raise ValueError("this list was not approved")
        return self.run_id

    @property
    def goes(self) -> int:
        """How many of those who were found go: not who is held, frozen or waits for an answer."""
        return self.found - self.held - self.frozen - self.waiting


@personal_data(
    subject="person_id",
    order=42,
    columns={
        "person_id": Column("pd:Identifier", (RIGHTS,), identifier=Identifier.PERSON_ID),
    },
    plain=("id", "erasure_list_id", "line", "column", "outcome"),
    why="Whom a list means, until it is carried out, refused or expires; what stood on the list "
    "itself is not kept.",
)
class ErasureListRow(models.Model):
    """One line of a list: whom it means, or why nobody. Gone when the list is decided.

    What was typed is not kept: a person's id, or the number of the line.
    """

    class Outcome(models.TextChoices):
        """What became of a line."""

        FOUND = "found", _("Found")
        NOT_FOUND = "not-found", _("Nobody has this")
        SEVERAL = "several", _("More than one person could be meant")
        IN_PART = "in-part", _("Not everything in this line leads to that one person")
        DOUBLE = "double", _("Stands on the list already")
        UNREADABLE = "unreadable", _("No address or number stands in this line")

    id = models.BigAutoField(primary_key=True)
    erasure_list = models.ForeignKey(ErasureList, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=10, blank=True)  # what kind of cell told
    person_id = models.UUIDField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["erasure_list", "person_id"],
                condition=Q(person_id__isnull=False),
                name="rights_list_each_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="found", person_id__isnull=False)
                | (~Q(outcome="found") & Q(person_id=None)),
                name="rights_list_row_says_who",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id"], name="rights_list_person"),
            models.Index(fields=["erasure_list", "outcome", "line"], name="rights_list_lines"),
        ]
