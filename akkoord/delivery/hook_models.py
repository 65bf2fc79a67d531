"""What providers of mail tell us by themselves: which server is whose, and how their hook does."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data


class Provider(models.TextChoices):
    """Who runs a mail server, as far as Akkoord knows how they report."""

    SES = "ses", "Amazon SES"
    POSTMARK = "postmark", "Postmark"
    SENDGRID = "sendgrid", "SendGrid"
    MAILGUN = "mailgun", "Mailgun"
    BREVO = "brevo", "Brevo"
    OWN = "own", _("A server of our own, which keeps our return address")


@no_personal_data(
    why="Which provider runs a mail server, and how many letters left by it since.",
    plain=("key", "provider", "letters", "said_at"),
)
class ServerProvider(models.Model):
    """A mail server (entered here or named in the environment, by its key) is of a provider."""

    key = models.CharField(max_length=32, primary_key=True)
    provider = models.CharField(max_length=12, choices=Provider.choices)
    letters = models.PositiveBigIntegerField(default=0)
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(provider__in=Provider.values), name="delivery_provider_known"
            ),
        ]


@no_personal_data(
    why="How a provider's reports come in; its secret stands in the data folder.",
    plain=(
        "provider",
        "made_at",
        "confirmed_at",
        "last_event_at",
        "done",
        "ignored",
        "not_ours",
        "refused",
        *("set_up_at", "looked_at", "fault", "is_testing"),
    ),
)
class ProviderHook(models.Model):
    """The public address of one provider: when it last told us something, and what came of it.

    `done`: events that changed something or were known; `ignored`: kinds that say nothing to us;
    `not_ours`: about no letter that left here; `refused`: forged, too old or replayed. `set_up_at`:
    when we set it up there ourselves; `looked_at`: when we last looked, and `fault` what was wrong;
    `is_testing`: deliveries are asked for, too, until the first report shows that all works.
    """

    provider = models.CharField(max_length=12, primary_key=True)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    ignored = models.PositiveBigIntegerField(default=0)
    not_ours = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    set_up_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    is_testing = models.BooleanField(default=False)


@no_personal_data(
    why="That an event was dealt with, by the hash of its own number: a repeat changes nothing.",
    plain=("digest", "seen_at"),
)
class HookSeen(models.Model):
    """An event, or the token of one, that came in before."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="delivery_hook_seen")]
