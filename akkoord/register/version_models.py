"""The versions of the register: written by the database itself, sealed in the ledger (INV-30)."""

from typing import Any, ClassVar

from django.db import models

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7

HOUSE = ":house"
"""The key of the versions about the organisation itself: who answers, and how it is kept safe."""
COMPANY = ":company:"
"""How the keys of versions about companies begin; behind it the company's own key."""


@no_personal_data(
    why="What the register said from a moment on; it names nobody (INV-30).",
    plain=(
        "id",
        "key",
        "number",
        "content",
        "made_at",
        "actor_kind",
        "changed_by",
        "act",
        "reason",
        "salt",
        "commitment",
    ),
)
class RegisterVersion(models.Model):
    """One entry of the register as it stood from a moment on: who changed it, by which act, why.

    So too the house, and each company that receives data. Rows come from the database's own
    triggers (migrations 0011 and 0015), at the end of the transaction that changed what a version
    is made from; so no act can forget them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.TextField()
    number = models.IntegerField()
    content: "models.JSONField[dict[str, Any]]" = models.JSONField()
    made_at = models.DateTimeField()
    actor_kind = models.TextField(default="", blank=True)
    changed_by = models.UUIDField(null=True, blank=True)  # staff or API key
    act = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    salt = models.BinaryField(null=True, editable=False)
    commitment = models.BinaryField(editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "number"], name="register_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


@no_personal_data(
    why="Which entries the running transaction changed; empty between transactions.",
    plain=("id", "key", "act"),
)
class Touched(models.Model):
    """An entry that the running transaction changed: at its end the entry gets a version."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField()
    act = models.TextField()  # the transaction's number

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "act"], name="register_touched_once"),
        ]

    def __str__(self) -> str:
        return self.key
