"""The policy's own words and its published versions; a version is never changed (trigger)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


class Place(models.TextChoices):
    """The places where the organisation may write words of its own."""

    BEGINNING = "beginning", _("At the beginning")
    USES = "uses", _("At what you use data for")
    RIGHTS = "rights", _("At people's rights")
    SECURITY = "security", _("At how you keep data safe")
    END = "end", _("At the end")


@no_personal_data(
    why="What the organisation says of itself, published for everybody.",
    plain=("id", "place", "text_nl", "text_en", "changed_at", "changed_by"),
)
class OwnWords(models.Model):
    """Words by hand at a marked place; plain text, with a blank line between paragraphs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.CharField(max_length=20, choices=Place.choices, unique=True)
    text_nl = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)  # staff id


@no_personal_data(
    why="The policy as it was published, for everybody to read; of the organisation alone.",
    plain=(
        *("id", "number", "content_nl", "content_en", "sha256", "reason_nl", "reason_en"),
        *("matters", "published_at", "published_by"),
    ),
)
class PolicyVersion(models.Model):
    """The policy as it stood from a day on, in both languages (art. 12-14).

    `content_nl`, `content_en`: `content.Content` as JSON; `sha256`: of both. `matters`: whether the
    change means something to people, so that they are told. Refused by a trigger: UPDATE, DELETE.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    content_nl = models.JSONField()
    content_en = models.JSONField()
    sha256 = models.CharField(max_length=64)
    reason_nl = models.CharField(max_length=500, blank=True)
    reason_en = models.CharField(max_length=500, blank=True)
    matters = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)  # staff id

    class Meta:
        constraints: ClassVar = [
            # Whoever says that a change matters says what it is, in both languages.
            models.CheckConstraint(
                condition=Q(matters=False) | (~Q(reason_nl="") & ~Q(reason_en="")),
                name="policy_says_what_matters",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


@no_personal_data(
    why="How far telling people of a new version is: numbers and a place in the list.",
    plain=("id", "version_id", "begun_at", "begun_by", "after", "told", "ended_at"),
)
class Telling(models.Model):
    """Telling everybody by mail of a version that matters; work that goes on where it stopped.

    `after`: the id up to which people were told, in the order of ids.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="telling")
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)  # staff id
    after = models.UUIDField(null=True)
    told = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
