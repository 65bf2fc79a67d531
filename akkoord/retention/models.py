"""What retention itself must remember: holds, runs, and which files' people may go."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

LEGAL = "dpv:LegalCompliance"


@no_personal_data(
    why="Whether the owner agreed that people of a file go when their term is over; a file's id.",
    plain=("id", "import_id", "first_due_on", "agreed_at", "agreed_by"),
)
class ImportClearance(models.Model):
    """The owner's yes, once per file: whoever still has no basis after the term may go (INV-44).

    Without it the first clean-up after an import waits, 30 days at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    import_id = models.UUIDField(unique=True)
    first_due_on = models.DateField(_("due since"))
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.UUIDField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.import_id)


@personal_data(
    subject="person_id",
    order=870,
    columns={
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "reason": Column("pd:PersonalInformation", (LEGAL,)),
    },
    plain=("id", "activity_key", "until", "put_at", "put_by", "lifted_at", "lifted_by"),
    why="Why data must stay for a legal claim (art. 17(3)(e)); goes with the person.",
)
class LegalHold(models.Model):
    """Data of a person, or of an activity, that must stay for a legal claim (art. 17(3)(e)).

    While it counts no clean-up touches them; an erasure request waits for it. Lifted, never
    changed: who put it, why and until when stays readable as long as the person is here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="holds"
    )
    activity_key = models.SlugField(max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateField(_("until"), null=True, blank=True)
    put_at = models.DateTimeField()
    put_by = models.UUIDField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="retention_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, activity_key="")
                | (Q(person=None) & ~Q(activity_key="")),
                name="retention_hold_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("put_at")),
                name="retention_hold_lifted_later",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_at=None, person__isnull=False),
                name="retention_one_hold_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


@no_personal_data(
    why="Numbers and dates of a clean-up; the certificate names nobody.",
    plain=(
        *("id", "reference", "started_at", "ended_at", "on_day", "state", "by_staff"),
        *("erasures", "certificate", "signature"),
    ),
)
class RetentionRun(models.Model):
    """One clean-up, written before anything goes; one that was cut short is taken up again."""

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", _("At work")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    on_day = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    by_staff = models.UUIDField(null=True, blank=True)
    erasures = models.JSONField(default=list)  # references of the erasures that it asked for
    certificate = models.JSONField(null=True, blank=True)
    signature = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # One at a time: a second one would count the same people twice.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="retention_one_run_at_a_time"
            ),
        ]

    @property
    def forgotten(self) -> int:
        """How many people were forgotten; reads the lines that were fetched along."""
        return sum(line.people for line in self.lines.all() if line.effect == "erase")


@no_personal_data(
    why="Per rule of a clean-up: how many people and rows.",
    plain=("id", "run_id", "activity_key", "store", "effect", "people", "rows"),
)
class RunLine(models.Model):
    """What a clean-up did by one rule: numbers and words of closed lists only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(RetentionRun, on_delete=models.CASCADE, related_name="lines")
    activity_key = models.CharField(max_length=80, blank=True)
    store = models.CharField(max_length=80, blank=True)
    effect = models.CharField(max_length=12)
    people = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "activity_key", "store", "effect"], name="retention_one_line"
            ),
        ]


@personal_data(
    subject="person_id",
    order=45,
    columns={"person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID)},
    plain=("id", "run_id", "activity_key", "effect", "is_counted"),
    why="Who is still to be looked at in a clean-up; the row goes with the batch.",
)
class DueRow(models.Model):
    """Somebody whom a clean-up has still to look at, so that one cut short can go on."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(RetentionRun, on_delete=models.CASCADE, related_name="due")
    person_id = models.UUIDField()
    activity_key = models.CharField(max_length=80, blank=True)
    effect = models.CharField(max_length=12)  # law.retention_rules.Effect, or `fields`
    is_counted = models.BooleanField(
        default=False, db_default=False
    )  # in the run's numbers already

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "effect", "id"], name="retention_due_next"),
            models.Index(fields=["person_id"], name="retention_due_person"),
        ]


@no_personal_data(
    why="Per rule: how many people go within how many days; numbers only.",
    plain=(
        "id",
        "activity_key",
        "effect",
        "counted_at",
        "on_day",
        "now",
        "week",
        "month",
        "quarter",
    ),
)
class Forecast(models.Model):
    """What the plan said when it was last counted, one row per rule and effect."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.CharField(max_length=80)
    effect = models.CharField(max_length=12)
    counted_at = models.DateTimeField()
    on_day = models.DateField()
    now = models.PositiveIntegerField(default=0)
    week = models.PositiveIntegerField(default=0)
    month = models.PositiveIntegerField(default=0)
    quarter = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "effect"], name="retention_one_forecast"
            ),
        ]
