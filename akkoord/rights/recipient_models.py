"""Who got somebody's data, and what they were told when it changed or had to go (art. 19 GDPR)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.register.models import Recipient

RIGHTS = "dpv:RightsFulfilment"


@personal_data(
    subject="person_id",
    order=45,
    columns={
        "person_id": Column("pd:Identifier", (RIGHTS,), identifier=Identifier.PERSON_ID),
        "recipient_id": Column("pd:PersonalInformation", (RIGHTS,), label=_("who got it")),
        "at": Column("pd:PersonalInformation", (RIGHTS,), label=_("since")),
        "how": Column("pd:PersonalInformation", (RIGHTS,), label=_("in which way")),
        "fields": Column("pd:PersonalInformation", (RIGHTS,), label=_("which data")),
    },
    plain=("id",),
    why="Who got this person's data by a key, a file or by hand; what left by mail or post is "
    "known from the letters.",
)
class Disclosure(models.Model):
    """A recipient got data of a person; once per recipient. `fields`: what was in it; none: it may
    have been all."""

    class How(models.TextChoices):
        """In which way."""

        BY_HAND = "by-hand", _("By hand")
        API = "api", _("Read by their system")
        FILE = "file", _("In a file")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices, default=How.BY_HAND)
    fields = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "recipient"], name="rights_disclosed_once"
            ),
        ]


@no_personal_data(
    why="Up to when companies were told of corrections; it says nothing of anybody.",
    plain=("id", "until"),
)
class CorrectionMark(models.Model):
    """One row: what was corrected up to this moment was told."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="rights_one_correction_mark"),
        ]


@no_personal_data(
    why="What a recipient is told, sealed with a key outside the database; the content goes when "
    "it is acknowledged, or at the end of its term.",
    plain=(
        *("id", "recipient_id", "kind", "run_id", "request_id", "people", "made_at", "until"),
        *("state", "attempts", "next_at", "told_at", "acknowledged_at", "problem", "sealed"),
    ),
)
class RecipientNotice(models.Model):
    """One message to one recipient about one erasure, correction or freeze (INV-37).

    States: `waiting` (not told yet), `told` (it left; no answer yet), `no-way` (nobody entered how
    to reach them), `acknowledged` (they answered), `otherwise` (staff told them another way).
    """

    class Kind(models.TextChoices):
        """What happened to the data."""

        ERASURE = "erasure", _("Erase")
        RECTIFICATION = "rectification", _("Correct")
        RESTRICTION = "restriction", _("Do not use")

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Not told yet")
        TOLD = "told", _("Told, no answer yet")
        NO_WAY = "no-way", _("We do not know how to reach them")
        ACKNOWLEDGED = "acknowledged", _("Answered")
        OTHERWISE = "otherwise", _("Told another way")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    run_id = models.UUIDField(null=True, blank=True)
    request_id = models.UUIDField(null=True, blank=True)
    people = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    until = models.DateField()  # what it holds goes on this day, answered or not
    state = models.CharField(max_length=15, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    sealed = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["acknowledged", "otherwise"]) | Q(sealed=None),
                name="rights_answered_is_empty",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["waiting", "told", "no-way"]),
                name="rights_notice_open",
            ),
        ]
