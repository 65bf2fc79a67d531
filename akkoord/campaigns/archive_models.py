"""Which topics have a public archive (see `archive.py`)."""

from django.db import models

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.register.models import Purpose


@no_personal_data(
    why="Whether everybody may read the letters of a topic; of nobody.",
    plain=("id", "purpose_id", "is_open", "changed_by", "changed_at"),
)
class Archive(models.Model):
    """The public archive of a topic. No row: it was never opened, and there is none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.OneToOneField(Purpose, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=False, db_default=False)
    changed_by = models.UUIDField(null=True, blank=True)
    changed_at = models.DateTimeField()
