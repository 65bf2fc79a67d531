"""Links for whom the register must be shown to: an inspector, an accountant, a lawyer."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="For which office the register may be looked at, until when; only a hash of the link.",
    plain=(
        "id",
        "office",
        "token_hash",
        "made_by",
        "made_at",
        "until",
        "revoked_at",
        "last_seen_at",
        "times_seen",
        "with_dossier",
    ),
)
class InspectorLink(models.Model):
    """A link that shows the register and its history, until a day or until it is taken back.

    `with_dossier`: the dossier too, when whoever made the link chose so.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    office = models.CharField(max_length=120)  # an authority or firm, never a person
    token_hash = models.BinaryField(unique=True)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    times_seen = models.PositiveIntegerField(default=0)
    with_dossier = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=F("made_at")), name="register_link_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return self.office
