"""Series: letters that go by themselves after something happened to somebody.

A `Series` begins with a trigger and has steps, each with a letter of its topic. A `SeriesRun` is
somebody in it; a `SeriesLog` is what happened to them there. What left, and what became of it,
stands with every other message.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.messages.models import Dispatch
from akkoord.register.models import Purpose

MARKETING = "dpv:DirectMarketing"


@no_personal_data(
    why="What a series of letters begins with and when it ends; nobody stands in it.",
    plain=(
        *("id", "name", "purpose_id", "trigger", "field_key", "days", "segment", "goal"),
        *("goal_topic_id", "hour", "language", "state", "on_since", "problem", "begins_again"),
        *("created_by", "created_at", "updated_at"),
    ),
)
class Series(models.Model):
    """Letters for one topic that begin by themselves. `on_since`: what came before does not count.

    `field_key`: the own field with the birthday. `days`: without a purchase, or before the end of a
    yes. `segment`: who enters. `problem`: why it stands still by itself, a stable code.
    `begins_again`: with a purchase of somebody who is in it already.
    """

    class Trigger(models.TextChoices):
        """What somebody enters by."""

        WELCOME = "welcome", _("Welcome")
        PURCHASE = "purchase", _("After a purchase")
        BIRTHDAY = "birthday", _("Birthday")
        ANNIVERSARY = "anniversary", _("Anniversary")
        REFRESH = "refresh", _("Ask anew")
        WIN_BACK = "win-back", _("Win back")

    class State(models.TextChoices):
        """Whether it goes."""

        DRAFT = "draft", _("Draft")
        ON = "on", _("On")
        PAUSED = "paused", _("Paused")
        OFF = "off", _("Off")

    class Goal(models.TextChoices):
        """What ends it for somebody."""

        NONE = "", _("Nothing: it ends after the last letter")
        PURCHASE = "purchase", _("A purchase")
        CHOICE = "choice", _("A yes to another topic")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    trigger = models.CharField(max_length=12, choices=Trigger.choices)
    field_key = models.CharField(max_length=80, blank=True)
    days = models.PositiveSmallIntegerField(default=0)
    segment = models.TextField(_("group"), blank=True)
    goal = models.CharField(max_length=10, choices=Goal.choices, blank=True)
    goal_topic = models.ForeignKey(
        Purpose, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hour = models.PositiveSmallIntegerField(default=9)  # of the clock in Amsterdam
    language = models.CharField(max_length=5, default="nl")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    on_since = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=60, blank=True)
    begins_again = models.BooleanField(default=False, db_default=False)
    created_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(trigger__in=["birthday"]) ^ Q(field_key=""),
                name="campaigns_series_birthday_has_field",
            ),
            models.CheckConstraint(
                condition=~Q(trigger__in=["refresh", "win-back"]) | Q(days__gt=0),
                name="campaigns_series_counts_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="on") | Q(on_since__isnull=False),
                name="campaigns_series_on_since",
            ),
            models.CheckConstraint(
                condition=Q(goal="choice") ^ Q(goal_topic__isnull=True),
                name="campaigns_series_goal_topic",
            ),
            models.CheckConstraint(condition=Q(hour__lt=24), name="campaigns_series_hour"),
            models.CheckConstraint(
                condition=Q(begins_again=False) | Q(trigger="purchase"),
                name="campaigns_series_again_by_purchase",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asks_anew(self) -> bool:
        """Whether its letters ask if a yes still stands."""
        return self.trigger == Series.Trigger.REFRESH


@no_personal_data(
    why="A step of a series: after how many days which letter, for whom.",
    plain=("id", "series_id", "place", "delay_days", "segment", "campaign_id", "ended_at"),
)
class SeriesStep(models.Model):
    """One letter of a series, so many days after the step before it. `ended_at`: taken out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="steps", db_index=False
    )
    place = models.PositiveSmallIntegerField()
    delay_days = models.PositiveSmallIntegerField(default=0)
    segment = models.TextField(blank=True)  # only who is in this group gets it
    campaign = models.OneToOneField(
        "campaigns.Campaign", on_delete=models.PROTECT, related_name="step"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "place"],
                condition=Q(ended_at=None),
                name="campaigns_step_place",
            ),
        ]


@no_personal_data(
    why="By which runs a step of a series left, a day each.",
    plain=("id", "step_id", "dispatch_id", "day", "version"),
)
class StepDispatch(models.Model):
    """The run of a step on a day, in the words of that version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    step = models.ForeignKey(
        SeriesStep, on_delete=models.CASCADE, related_name="runs", db_index=False
    )
    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, related_name="series_run")
    day = models.DateField()
    version = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["step", "-day"], name="campaigns_step_days")]


@personal_data(
    subject="person_id",
    order=397,
    why="Who is in a series of letters, and where; so that nobody gets the same letter twice.",
    columns={
        "person_id": Column("pd:Identifier", (MARKETING,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (MARKETING,)),
        "occasion": Column("pd:PersonalInformation", (MARKETING,)),
        "day": Column("pd:PersonalInformation", (MARKETING,)),
        "entered_at": Column("pd:PersonalInformation", (MARKETING,)),
        "due_at": Column("pd:PersonalInformation", (MARKETING,)),
        "state": Column("pd:PersonalInformation", (MARKETING,)),
        "reason": Column("pd:PersonalInformation", (MARKETING,)),
        "ended_at": Column("pd:PersonalInformation", (MARKETING,)),
        "message_id": Column("pd:Identifier", (MARKETING,)),
    },
    plain=("id", "series_id", "next_step_id"),
)
class SeriesRun(models.Model):
    """Somebody in a series: once for each occasion, and at one place in it at a time.

    `occasion`: what they entered by (`once`, a year, a purchase); `day`: that day in Amsterdam.
    `message_id`: their last letter. `reason`: why they left, a reason of the gate or our own.
    """

    class State(models.TextChoices):
        """Where somebody stands in it."""

        WAITING = "waiting", _("In it")
        DONE = "done", _("Through")
        LEFT = "left", _("Left")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="runs", db_index=False
    )
    person_id = models.UUIDField()
    contact_point_id = models.UUIDField()
    occasion = models.CharField(max_length=60)
    day = models.DateField()
    entered_at = models.DateTimeField()
    next_step = models.ForeignKey(
        SeriesStep, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    message_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "person_id", "occasion"], name="campaigns_run_once"
            ),
            models.UniqueConstraint(
                fields=["series", "person_id"],
                condition=Q(state="waiting"),
                name="campaigns_run_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(next_step__isnull=False, due_at__isnull=False),
                name="campaigns_run_waits_for_a_step",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(ended_at__isnull=False),
                name="campaigns_run_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | ~Q(reason=""), name="campaigns_run_left_says_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_step", "due_at", "id"],
                condition=Q(state="waiting"),
                name="campaigns_run_due",
            ),
            models.Index(fields=["series", "-id"], name="campaigns_run_newest"),
            models.Index(fields=["person_id"], name="campaigns_run_person"),
        ]


@personal_data(
    subject="person_id",
    order=396,
    why="What happened to somebody in a series of letters.",
    columns={
        "person_id": Column("pd:Identifier", (MARKETING,), identifier=Identifier.PERSON_ID),
        "at": Column("pd:PersonalInformation", (MARKETING,)),
        "what": Column("pd:PersonalInformation", (MARKETING,)),
        "reason": Column("pd:PersonalInformation", (MARKETING,)),
        "message_id": Column("pd:Identifier", (MARKETING,)),
    },
    plain=("id", "run_id", "step_id"),
)
class SeriesLog(models.Model):
    """One line of somebody's log. A step stands in it once: nobody gets it twice (the database)."""

    ENTERED, LETTER, NOT_FOR, ENDED = "entered", "letter", "not-for", "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(SeriesRun, on_delete=models.CASCADE, related_name="log", db_index=False)
    person_id = models.UUIDField()
    step = models.ForeignKey(
        SeriesStep, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    what = models.CharField(max_length=8)
    reason = models.CharField(max_length=40, blank=True)
    message_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "step"], name="campaigns_step_once_each"),
            models.CheckConstraint(
                condition=Q(what="letter") ^ Q(message_id__isnull=True),
                name="campaigns_log_letter_has_message",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "-at"], name="campaigns_log_person"),
            models.Index(fields=["step", "what"], name="campaigns_log_step"),
        ]
