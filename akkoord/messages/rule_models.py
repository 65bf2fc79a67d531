"""How this organisation sends: how often at most, how fast, and what slows a run now."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data


@no_personal_data(
    why="What the organisation decided about how often it writes to anybody.",
    plain=("id", "cap_messages", "cap_days"),
)
class SendingRules(models.Model):
    """At most so many marketing messages to one person in so many days; one row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    cap_messages = models.PositiveSmallIntegerField(null=True, blank=True)  # None: no limit
    cap_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="messages_one_sending_rules"),
            models.CheckConstraint(
                condition=Q(cap_messages=None) | Q(cap_messages__gt=0), name="messages_cap_counts"
            ),
            models.CheckConstraint(
                condition=Q(cap_days__gte=1, cap_days__lte=60), name="messages_cap_within"
            ),
        ]


@no_personal_data(
    why="How fast the organisation sends from a domain of its own.",
    plain=("domain", "per_hour", "warm_up_from", "changed_at"),
)
class DomainRule(models.Model):
    """The pace of one sending domain: at most so many an hour, and the first days of a new one."""

    domain = models.CharField(max_length=255, primary_key=True)
    per_hour = models.PositiveIntegerField(null=True, blank=True)  # None: as fast as it goes
    warm_up_from = models.DateField(null=True, blank=True)  # None: it is known already
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(per_hour=None) | Q(per_hour__gt=0), name="messages_pace_counts"
            ),
        ]


@no_personal_data(
    why="How fast letters leave for a mail provider, or of one letter; shared by all workers.",
    plain=("key", "per_hour", "free_at", "changed_at"),
)
class Pace(models.Model):
    """One limit that workers draw from. `from:` a sending domain, `to:` a receiving one, `run:`.

    `free_at`: up to when all that was allowed has been drawn; it lags behind the clock by what
    may still leave.
    """

    key = models.CharField(max_length=300, primary_key=True)
    per_hour = models.FloatField()
    free_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_hour__gt=0), name="messages_pace_moves"),
        ]


@no_personal_data(
    why="How many letters left from a new sending domain on a day.",
    plain=("id", "domain", "day", "used"),
)
class DayUse(models.Model):
    """What was drawn of a day's limit while a domain is new."""

    domain = models.CharField(max_length=255)
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["domain", "day"], name="messages_one_day_use"),
        ]
