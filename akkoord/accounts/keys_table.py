"""Keys of other systems: what they may do is their role's."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="A key of another system: its name, its role and a hash. It names a system, not a person.",
    plain=(
        "id",
        "name",
        "role",
        "digest",
        "hint",
        "made_at",
        "made_by",
        "recipient_id",
        "last_used_on",
        "revoked_at",
        "minute",
        "in_minute",
    ),
)
class ApiKey(models.Model):
    """A key for the API; only its SHA-256 is kept, for it is long and random.

    `minute` and `in_minute` count the requests of the current minute, for all processes alike.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)  # how it begins, to know it by
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)  # staff id; null: on the command
    # Whose system it is, of the register's recipients; null: the organisation's own (art. 19).
    recipient_id = models.UUIDField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    minute = models.DateTimeField(null=True, blank=True)
    in_minute = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=["owner", "marketer", "privacy-officer"]),
                name="accounts_key_role_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_word(self) -> str:
        """What the role is called."""
        from akkoord.accounts.models import Role

        return str(Role(self.role).label)
