"""The organisation's logo, as pages and notifications show it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data


@no_personal_data(
    why="The organisation's own sign, shown to everybody.",
    plain=("id", "picture", "icon", "updated_at"),
)
class Logo(models.Model):
    """One row. `picture`: as it stands on pages; `icon`: a square of it, for notifications.

    In the database and not on the disk, so that it comes along in every backup; both are made anew
    from what was uploaded, as PNG of a few kB.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    picture = models.BinaryField()
    icon = models.BinaryField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="register_one_logo"),
        ]
