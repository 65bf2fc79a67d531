"""Two versions of a letter beside each other, on a part of the people; then the rest."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7

MILLION = 1_000_000


@no_personal_data(
    why="How two versions of a letter are compared; who gets which follows from a keyed hash.",
    plain=(
        *("id", "campaign_id", "other_id", "rest_id", "what", "measure", "share", "number"),
        *("hours", "asks", "without_winner", "b_hours_later", "state", "started_at"),
        *("spread_minutes", "rests_at_night"),
        *("b_starts_at", "decides_at", "decided_at", "outcome", "winner", "p", "problem"),
    ),
)
class AbTest(models.Model):
    """A letter (A) with a second version (B). `share`: of each version, in millionths; `number`:
    when somebody chose a number of people instead. The rest gets the winner.

    `without_winner`: what happens when the difference may be chance. `outcome`: what was found
    (`significance.Outcome`), `winner`: what the rest gets, by itself or by choice.
    """

    class What(models.TextChoices):
        """In what the versions differ."""

        SUBJECT = "subject", _("Subject")
        CONTENT = "content", _("The whole letter")
        TIME = "time", _("Time")

    class Measure(models.TextChoices):
        """What a version is judged by."""

        CLICKS = "clicks", _("Presses on links")
        PURCHASES = "purchases", _("Purchases")
        OPENS = "opens", _("Opened, of who lets you see it (unreliable)")

    class Without(models.TextChoices):
        """What the rest gets when no version won."""

        A = "a", _("Version A")
        ASK = "ask", _("Ask me")

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Comparing")
        ASKS = "asks", _("Waits for you")
        DONE = "done", _("Decided")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.OneToOneField(
        "campaigns.Campaign", on_delete=models.CASCADE, related_name="ab"
    )
    other = models.OneToOneField(
        "campaigns.Campaign", on_delete=models.PROTECT, related_name="ab_as_b"
    )
    rest = models.OneToOneField(
        "campaigns.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ab_as_rest",
    )
    what = models.CharField(max_length=8, choices=What.choices)
    measure = models.CharField(max_length=9, choices=Measure.choices)
    share = models.PositiveIntegerField(default=100_000)
    number = models.PositiveIntegerField(null=True, blank=True)
    hours = models.PositiveSmallIntegerField(default=4)
    asks = models.BooleanField(default=False)
    without_winner = models.CharField(max_length=3, choices=Without.choices, default=Without.A)
    b_hours_later = models.PositiveSmallIntegerField(default=0)
    spread_minutes = models.PositiveIntegerField(default=0, db_default=0)  # of each version alike
    rests_at_night = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    started_at = models.DateTimeField(null=True, blank=True)
    b_starts_at = models.DateTimeField(null=True, blank=True)
    decides_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=13, blank=True)
    winner = models.CharField(max_length=1, blank=True)
    p = models.FloatField(null=True, blank=True)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=MILLION // 2), name="campaigns_ab_disjoint"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="campaigns_ab_lasts"),
            models.CheckConstraint(
                condition=Q(what="time") ^ Q(b_hours_later=0), name="campaigns_ab_time_later"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(started_at__isnull=False, decides_at__isnull=False),
                name="campaigns_ab_runs_until",
            ),
            models.CheckConstraint(  # the hour is what is compared
                condition=~Q(what="time") | Q(spread_minutes=0), name="campaigns_ab_time_at_once"
            ),
            models.CheckConstraint(
                condition=Q(winner__in=["", "a", "b"]), name="campaigns_ab_winner"
            ),
            models.CheckConstraint(
                condition=~Q(other=F("campaign")), name="campaigns_ab_two_letters"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["decides_at"], condition=Q(state="running"), name="campaigns_ab_running"
            ),
        ]

    @property
    def percent(self) -> float:
        """The share of each version in hundredths."""
        return self.share / 10_000

    @property
    def has_rest(self) -> bool:
        """Whether anybody is left for the winner."""
        return self.share * 2 < MILLION
