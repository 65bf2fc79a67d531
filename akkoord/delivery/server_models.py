"""Mail servers that the owner entered, and which ones are set aside for now."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="A mail server of the organisation; its password stands in the data folder.",
    plain=("id", "scheme", "host", "port", "user", "weight", "created_at"),
)
class MailServer(models.Model):
    """One server that letters leave by, beside those of the environment.

    `weight`: its share of the letters. The password is never here, nor in a backup.
    """

    class Scheme(models.TextChoices):
        """How the line is secured."""

        STARTTLS = "smtp+starttls", _("STARTTLS (port 587)")
        TLS = "smtps", _("TLS (port 465)")
        PLAIN = "smtp", _("Without encryption (only on this machine or your own network)")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.CharField(max_length=20, choices=Scheme.choices)
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField()
    user = models.CharField(max_length=255, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "host", "port", "user"], name="delivery_server_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="delivery_server_weight"
            ),
            models.CheckConstraint(
                condition=Q(port__gte=1, port__lte=65535), name="delivery_server_port"
            ),
        ]


@no_personal_data(
    why="Whether a mail server answers; shared by all workers.",
    plain=("key", "failures", "why", "set_aside_until", "changed_at"),
)
class ServerState(models.Model):
    """A server that failed, with how often in a row and until when it is left alone.

    No row: nothing is wrong with it.
    """

    key = models.CharField(max_length=32, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=60)
    set_aside_until = models.DateTimeField()
    changed_at = models.DateTimeField()
