"""Campaigns: what a marketer writes, checks and sends."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.ab_models import AbTest as AbTest
from akkoord.campaigns.archive_models import Archive as Archive
from akkoord.campaigns.series_models import Series as Series
from akkoord.campaigns.series_models import SeriesLog as SeriesLog
from akkoord.campaigns.series_models import SeriesRun as SeriesRun
from akkoord.campaigns.series_models import SeriesStep as SeriesStep
from akkoord.campaigns.series_models import StepDispatch as StepDispatch
from akkoord.campaigns.service_models import ServiceTemplate as ServiceTemplate
from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.messages.models import Dispatch
from akkoord.messages.template import without_values
from akkoord.messages.topics import topics_in
from akkoord.register.models import Purpose


@no_personal_data(
    why="A letter to many: its text is the same for everybody, merge fields stand as names.",
    plain=(
        "id",
        "name",
        "purpose_id",
        "also",
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
        "part",
        "asks_anew",
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

        BLOCKS = "blocks", _("Blocks")
        MARKDOWN = "markdown", _("Text with simple mark-up")
        MJML = "mjml", _("MJML")
        HTML = "html", _("HTML")

    class Part(models.TextChoices):
        """What a letter belongs to, when it is not sent by itself."""

        SERIES = "series", _("In a series")
        VARIANT = "variant", _("Version B")
        REST = "rest", _("To the rest")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=160)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    # Further topics, in order: who chose several gets the letter once, under the first of them.
    also = ArrayField(models.UUIDField(), default=list, blank=True, db_default=[])
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
    part = models.CharField(max_length=7, choices=Part.choices, blank=True, db_default="")
    asks_anew = models.BooleanField(default=False, db_default=False)  # carries the button for it
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
    def also_topics(self) -> list[Purpose]:
        """The further topics, in order; no statement when there are none."""
        return topics_in(self.also)

    @property
    def shown_name(self) -> str:
        """Its name for a list: a name that was taken from the subject may hold fields."""
        return without_values(self.name)

    @property
    def planned(self) -> "Plan | None":
        """When it is to start by itself, when somebody planned that."""
        return getattr(self, "plan", None)

    @property
    def shown_subject(self) -> str:
        """The subject as somebody reads it of whom nothing is known."""
        return without_values(self.subject)

    @property
    def is_blocks(self) -> bool:
        """Whether it is written in blocks."""
        return self.body_kind == Campaign.BodyKind.BLOCKS


@no_personal_data(
    why="When a letter is to leave, and why it did not; what people get stands elsewhere.",
    plain=(
        "id",
        "campaign_id",
        "state",
        "starts_at",
        "spread_minutes",
        "rests_at_night",
        "by_own_clock",
        "registers",
        "version",
        "sender",
        "problems",
        "planned_by",
        "planned_at",
    ),
)
class Plan(models.Model):
    """When a campaign is to start by itself. It goes when the campaign starts, or is taken off.

    `missed`: nobody was there in time, so a person decides. `stopped`: what was checked at the
    start stood in the way (`problems`, codes). `version` and `sender`: what was approved.
    """

    class State(models.TextChoices):
        """Where the plan stands."""

        PLANNED = "planned", _("Planned")
        MISSED = "missed", _("Missed")
        STOPPED = "stopped", _("Did not start")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="plan")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    starts_at = models.DateTimeField()
    spread_minutes = models.PositiveIntegerField(default=0)  # 0: as fast as it goes
    rests_at_night = models.BooleanField(default=False)
    by_own_clock = models.BooleanField(default=False)  # of who gets it, not of Amsterdam
    # Of letters on paper: what was said of Postfilter and the register of the deceased (INV-19).
    registers = models.CharField(max_length=12, blank=True, db_default="")
    version = models.PositiveIntegerField()
    sender = models.CharField(max_length=320, blank=True)  # the organisation's own address
    problems = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    planned_by = models.UUIDField(null=True, blank=True)
    planned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(problems__len__gt=0),
                name="campaigns_stopped_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["starts_at"], condition=Q(state="planned"), name="campaigns_plan_due"
            ),
        ]

    @property
    def spread_hours(self) -> int:
        """Over how many hours it leaves; 0: at once."""
        return self.spread_minutes // 60


@no_personal_data(
    why="What a letter said before, so that it can be put back.",
    plain=(
        *("id", "campaign_id", "number", "subject", "preheader", "body", "body_kind"),
        *("begun_at", "at", "by", "restores"),
    ),
)
class CampaignVersion(models.Model):
    """One version of a letter's words. What one person changes within minutes is one version.

    `restores`: the number of the version that was put back, when it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    preheader = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    body_kind = models.CharField(max_length=10, choices=Campaign.BodyKind.choices)
    begun_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True, blank=True)  # staff id
    restores = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="campaigns_version_once"),
        ]
