"""Campaigns: what a marketer writes, checks and sends."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.archive_models import Archive as Archive
from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.messages.models import Dispatch
from akkoord.messages.template import without_values
from akkoord.register.models import Purpose


@no_personal_data(
    why="A letter to many: its text is the same for everybody, merge fields stand as names.",
    plain=(
        "id",
        "name",
        "purpose_id",
        "subject",
        "preheader",
        "body",
        "body_kind",
        "channel",
        "link",
        "language",
        "segment",
        "sender_name",
        "count_clicks",
        "dispatch_id",
        "left_archive_at",
        "created_by",
        "created_at",
        "updated_at",
        "version",
    ),
)
class Campaign(models.Model):
    """A newsletter or offer for one topic. Sending it makes one `messages.Dispatch`."""

    class BodyKind(models.TextChoices):
        """How the body is written."""

        MARKDOWN = "markdown", _("Text with simple mark-up")
        MJML = "mjml", _("MJML")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=160)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=200)
    preheader = models.CharField(_("preview line"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    body_kind = models.CharField(max_length=10, choices=BodyKind.choices, default=BodyKind.MARKDOWN)
    channel = models.CharField(max_length=10, default="email")  # email, push
    link = models.CharField(_("link"), max_length=1000, blank=True)  # what a push message opens
    language = models.CharField(max_length=5, default="nl")
    segment = models.TextField(_("group"), blank=True)
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    count_clicks = models.BooleanField(_("count clicks"), default=True, db_default=True)
    dispatch = models.OneToOneField(
        Dispatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campaign",
    )
    left_archive_at = models.DateTimeField(null=True, blank=True)  # taken out of the archive
    created_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at"], name="campaigns_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """Its name for a list: a name that was taken from the subject may hold fields."""
        return without_values(self.name)

    @property
    def shown_subject(self) -> str:
        """The subject as somebody reads it of whom nothing is known."""
        return without_values(self.subject)
