"""Asking people whether what is kept of them is right: the setting, and who was asked."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

_LEGAL = "dpv:LegalCompliance"


@no_personal_data(
    why="Whether the organisation asks people once a year if their data are right.",
    plain=("id", "is_on", "words_nl", "words_en", "changed_at", "changed_by"),
)
class DetailsSetting(models.Model):
    """One row. `words_*`: a sentence of the organisation's own in the mail; it sells nothing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=False)
    words_nl = models.CharField(max_length=300, blank=True)
    words_en = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="consent_details_setting_one"),
        ]


@personal_data(
    subject="person_id",
    order=495,
    why="Whether somebody was asked if their data are right, and what came of it.",
    columns={
        "id": Column("pd:Identifier", (_LEGAL,)),
        "person_id": Column("pd:Identifier", (_LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (_LEGAL,)),
        "asked_at": Column("pd:PersonalInformation", (_LEGAL,)),
        "answered_at": Column("pd:PersonalInformation", (_LEGAL,)),
        "answer": Column("pd:PersonalInformation", (_LEGAL,)),
        "changed": Column("pd:PersonalInformation", (_LEGAL,)),
    },
    plain=(),
)
class DetailsQuestion(models.Model):
    """One question to one person, and the answer. `changed`: which fields were corrected; names of
    fields, never what stood in them."""

    class Answer(models.TextChoices):
        """What somebody answered."""

        CONFIRMED = "confirmed", _("All right")
        CORRECTED = "corrected", _("Corrected")
        NOT_ME = "not-me", _("Not this person's address")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="details_questions")
    contact_point = models.ForeignKey(
        "people.ContactPoint", models.CASCADE, related_name="+", null=True
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    changed = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        verbose_name = _("question whether data are right")
        verbose_name_plural = _("questions whether data are right")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="consent_details_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="consent_details_asked"),
        ]
