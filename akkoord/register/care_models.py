"""What an entry of the register leans on: where its data comes from, and how it is kept safe."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="Which form brings data to which activity; the form's own name.",
    plain=("id", "activity_key", "form_id", "name", "since", "until"),
)
class Collecting(models.Model):
    """A form that brings data to an activity: where data comes from (art. 14(2)(f), art. 30)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80)
    form_id = models.UUIDField()
    name = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "form_id"],
                condition=Q(until=None),
                name="register_collecting_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="How data is kept safe, in general words (art. 32).",
    plain=(
        "id",
        "key",
        "name_nl",
        "name_en",
        "is_measured",
        "declared_on",
        "review_on",
        "changed_by",
        "valid_from",
        "valid_to",
    ),
)
class Measure(models.Model):
    """A security measure (art. 32): seen by Akkoord itself, or declared by the organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=80)
    name_nl = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    is_measured = models.BooleanField(default=False)
    declared_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    changed_by = models.UUIDField(null=True, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(valid_to=None), name="register_measure_once"
            ),
            # What nobody measures somebody declares, on a day, and looks at again.
            models.CheckConstraint(
                condition=Q(is_measured=True)
                | Q(declared_on__isnull=False, review_on__isnull=False),
                name="register_measure_declared",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """The measure in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_nl
