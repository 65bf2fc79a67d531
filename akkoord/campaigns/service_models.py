"""Templates of service messages: news about a purchase, on the contract."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.messages.template import without_values


@no_personal_data(
    why="A message about purchases: its text is the same for everybody, fields stand as names.",
    plain=(
        "id",
        "name",
        "activity_key",
        "subject",
        "body",
        "language",
        "about",
        "created_by",
        "created_at",
        "updated_at",
        "ended_at",
        "version",
    ),
)
class ServiceTemplate(models.Model):
    """A text about a purchase, tied to the activity that it is sent for (art. 6(1)(b) or (c)).

    What is sent with it is service because of this template, whoever sends it; so a text that
    sells is not kept here (INV-26).
    """

    class About(models.TextChoices):
        """What a message with it is about, and so what it rests on."""

        PURCHASE = "purchase", _("A purchase")
        AGREEMENT = "agreement", _("A membership, subscription or appointment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120)
    activity_key = models.SlugField(max_length=80)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    language = models.CharField(max_length=5, default="nl")
    about = models.CharField(
        max_length=9, choices=About.choices, default=About.PURCHASE, db_default="purchase"
    )
    created_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(ended_at=None),
                name="campaigns_service_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_subject(self) -> str:
        """The subject as it reads when nothing is known of anybody."""
        return without_values(self.subject)
