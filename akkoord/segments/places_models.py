"""Where postcodes lie: a table that the organisation brings itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data


@no_personal_data(
    why="Where a postcode lies, from an open table; it says nothing about anybody.",
    plain=("code", "latitude", "longitude"),
)
class PostcodePoint(models.Model):
    """A Dutch postcode, of four digits or with its letters, and where its middle lies."""

    code = models.CharField(max_length=6, primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[1-9][0-9]{3}([A-Z]{2})?$"),
                name="segments_postcode_reads",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(50.5, 53.8), longitude__range=(3.0, 7.4)),
                name="segments_postcode_in_country",
            ),
        ]

    def __str__(self) -> str:
        return self.code
