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
