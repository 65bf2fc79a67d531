"""Saved groups: a name and a text per topic, with every version that there was."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.register.models import Purpose
from akkoord.segments.places_models import PostcodePoint as PostcodePoint  # a table of its own file


@no_personal_data(
    why="What people have in common, in words; a condition that names one person is refused.",
    plain=(
        *("id", "purpose_id", "name", "text", "version"),
        *("created_by", "created_at", "updated_at", "ended_at"),
    ),
)
class Group(models.Model):
    """A group of one topic. Never a list of people: its conditions are asked each time.

    `text` is in the language's English words; `ended_at`: put away, no letter uses it any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    text = models.TextField(_("group"))
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True, blank=True)  # staff id
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["purpose", "name"],
                condition=Q(ended_at=None),
                name="segments_name_once_per_topic",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="segments_group_says_something"),
        ]

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="What a group said before, so that it can be put back.",
    plain=("id", "group_id", "number", "text", "at", "by"),
)
class GroupVersion(models.Model):
    """One version of a group's text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True, blank=True)  # staff id

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "number"], name="segments_version_once"),
        ]
