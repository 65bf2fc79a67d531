"""Assessments of what may harm people (art. 35): whether one is needed, and what it says.

A decided assessment never changes; what comes after is a new version.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.law.dpia_rules import ENOUGH, Consultation, Decision, Feared, RiskFacts


@no_personal_data(
    why="Why an activity needs an assessment or not, in general words; it names nobody.",
    plain=(
        *("id", "activity_key", "version", "criteria", "listed", "seen", "reason", "is_needed"),
        *("made_at", "made_by", "replaced_at"),
    ),
)
class Screening(models.Model):
    """Whether an activity needs an assessment. `seen`: the criteria that Akkoord saw that day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    criteria = ArrayField(models.CharField(max_length=20), default=list)
    listed = ArrayField(models.CharField(max_length=20), default=list)
    seen = ArrayField(models.CharField(max_length=20), default=list)
    reason = models.TextField(blank=True)
    is_needed = models.BooleanField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)  # staff id
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "version"], name="checkup_screening_version"
            ),
            models.UniqueConstraint(
                fields=["activity_key"],
                condition=Q(replaced_at=None),
                name="checkup_one_screening_at_a_time",
            ),
            # The rule of WP248 and of the AP's list, for whoever writes past the action.
            models.CheckConstraint(
                condition=Q(is_needed=True, criteria__len__gte=ENOUGH)
                | Q(is_needed=True, listed__len__gte=1)
                | Q(is_needed=False, criteria__len__lt=ENOUGH, listed__len=0),
                name="checkup_screening_follows_the_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_key} {self.version}"


@no_personal_data(
    why="What an activity may do to people, in general words; it names nobody.",
    plain=(
        *("id", "activity_key", "version", "entry_number", "outline", "description", "necessity"),
        *("rights", "officer", "people", "decision", "decision_reason", "review_on", "begun_at"),
        *("asked_on", "answered_on", "advice"),
        *("begun_by", "decided_at", "decided_by", "replaced_at"),
    ),
)
class Assessment(models.Model):
    """One version of an assessment, a draft until it is decided.

    `entry_number`: the version of the register that it was decided about; `outline`: what that
    version said of whom, which data and who receives it, so that what came later shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    entry_number = models.PositiveIntegerField(default=0)
    outline = ArrayField(models.TextField(), default=list, blank=True)
    description = models.TextField(blank=True)
    necessity = models.TextField(blank=True)
    rights = models.TextField(blank=True)
    officer = models.TextField(blank=True)
    people = models.TextField(blank=True)
    decision = models.CharField(max_length=10, blank=True)  # law.dpia_rules.Decision
    decision_reason = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)
    asked_on = models.DateField(null=True, blank=True)  # the authority, art. 36
    answered_on = models.DateField(null=True, blank=True)
    advice = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "version"], name="checkup_assessment_version"
            ),
            models.UniqueConstraint(
                fields=["activity_key"],
                condition=Q(decided_at=None),
                name="checkup_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    review_on__isnull=False,
                    decision__in=[each.value for each in Decision],
                ),
                name="checkup_a_decision_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None)
                | Q(asked_on__isnull=False, answered_on__gte=models.F("asked_on")),
                name="checkup_an_answer_follows_a_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_key} {self.version}"

    @property
    def consultation(self) -> Consultation:
        """What the authority was asked and said."""
        return Consultation(self.asked_on, self.answered_on, self.advice)


_LEVEL: Any = {"null": True, "blank": True}


@no_personal_data(
    why="What may happen and what is done against it, in general words; it names nobody.",
    plain=(
        *("id", "assessment_id", "feared", "sources", "impacts", "measures", "severity"),
        *("likelihood", "left_severity", "left_likelihood"),
    ),
)
class Risk(models.Model):
    """One of the three things that may happen; severity and likelihood before and after."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="risks")
    feared = models.CharField(max_length=10)
    sources = models.TextField(blank=True)
    impacts = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    severity = models.PositiveSmallIntegerField(**_LEVEL)
    likelihood = models.PositiveSmallIntegerField(**_LEVEL)
    left_severity = models.PositiveSmallIntegerField(**_LEVEL)
    left_likelihood = models.PositiveSmallIntegerField(**_LEVEL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "feared"], name="checkup_risk_once"),
            models.CheckConstraint(
                condition=Q(feared__in=[each.value for each in Feared]),
                name="checkup_risk_is_one_of_three",
            ),
            # Measures make no risk greater.
            models.CheckConstraint(
                condition=(
                    Q(left_severity=None) | Q(left_severity__range=(1, models.F("severity")))
                )
                & (Q(left_likelihood=None) | Q(left_likelihood__range=(1, models.F("likelihood")))),
                name="checkup_what_stays_is_no_more",
            ),
        ]

    def __str__(self) -> str:
        return self.feared

    @property
    def facts(self) -> RiskFacts:
        """As the law judges it."""
        return RiskFacts(
            self.feared,
            self.sources,
            self.impacts,
            self.measures,
            self.severity,
            self.likelihood,
            self.left_severity,
            self.left_likelihood,
        )
