"""Mail servers that the owner entered, and which ones are set aside for now."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.delivery.hook_models import Provider


@no_personal_data(
    why="A mail server of the organisation; its password stands in the data folder.",
    plain=(
        *("id", "kind", "scheme", "host", "port", "user", "weight", "created_at"),
        *("contract_on", "unmeasured_on"),
    ),
)
class MailServer(models.Model):
    """One server that letters leave by, beside those of the environment.

    `weight`: its share of the letters. The password is never here, nor in a backup. Of a provider
    that is spoken to by its own interface: `host` is one of a fixed table, `user` what the account
    is called there, `contract_on` when its contract was said to be there (art. 28), and
    `unmeasured_on` when its measuring was said to be off, where a letter cannot ask for that.
    """

    HTTPS = "https"

    class Kind(models.TextChoices):
        """How it is spoken to."""

        SMTP = "smtp", _("A mail server (SMTP)")
        SES = Provider.SES.value, Provider.SES.label
        MAILGUN = Provider.MAILGUN.value, Provider.MAILGUN.label
        POSTMARK = Provider.POSTMARK.value, Provider.POSTMARK.label
        BREVO = Provider.BREVO.value, Provider.BREVO.label

    class Scheme(models.TextChoices):
        """How the line is secured."""

        STARTTLS = "smtp+starttls", _("STARTTLS (port 587)")
        TLS = "smtps", _("TLS (port 465)")
        PLAIN = "smtp", _("Without encryption (only on this machine or your own network)")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SMTP)
    scheme = models.CharField(max_length=20, choices=Scheme.choices)
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField()
    user = models.CharField(max_length=255, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    contract_on = models.DateField(null=True, blank=True)
    unmeasured_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # INV-42: without a contract that is on record, a provider receives nothing.
            models.CheckConstraint(
                condition=(Q(kind="smtp") & ~Q(scheme="https"))
                | (~Q(kind="smtp") & Q(scheme="https", contract_on__isnull=False)),
                name="delivery_server_contract",
            ),
            models.CheckConstraint(
                condition=~Q(kind="brevo") | Q(unmeasured_on__isnull=False),
                name="delivery_server_unmeasured",
            ),
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


@no_personal_data(
    why="Which mail servers elsewhere the organisation keeps itself.", plain=("host", "said_at")
)
class OwnServer(models.Model):
    """A machine elsewhere that the organisation keeps itself: no other company receives what it
    gets, so it needs no contract (INV-42)."""

    host = models.CharField(max_length=255, primary_key=True)
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host
