"""Agreements without a sale: somebody is a member, has a subscription or an appointment."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, personal_data
from akkoord.datamap.ids import uuid7

_SERVICE = "dpv:ServiceProvision"
_CRM = "dpv:CustomerRelationshipManagement"
_RECORDS = "dpv:RecordManagement"


@personal_data(
    subject="person_id",
    order=690,
    columns={
        "id": Column("pd:Identifier", (_RECORDS,)),
        "person_id": Column("pd:Identifier", (_RECORDS,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (_RECORDS,)),
        "company_id": Column("pd:Employer", (_SERVICE, _CRM)),
        "kind": Column("pd:Relationship", (_SERVICE, _CRM)),
        "number": Column("pd:PurchaseHistory", (_SERVICE, _CRM)),
        "agreed_day": Column("pd:PurchaseHistory", (_SERVICE, _CRM)),
        "ends_on": Column("pd:PurchaseHistory", (_SERVICE, _CRM)),
        "cancelled_on": Column("pd:PurchaseHistory", (_SERVICE, _CRM)),
        "created_at": Column("pd:PersonalInformation", (_RECORDS,)),
    },
    plain=("source", "file_id"),
)
class Agreement(models.Model):
    """A contract of somebody without a sale: the proof of a service message (art. 6(1)(b)).

    `agreed_day`: of an appointment its day, of others when it began. It carries messages until it
    has ended, was called off, or its day is past; it never opens the way to advertising. One of a
    company is with its contact, at the address that was used for it and no other (INV-15).
    """

    class Kind(models.TextChoices):
        """What was agreed."""

        MEMBER = "member", _("Membership")
        SUBSCRIPTION = "subscription", _("Subscription")
        APPOINTMENT = "appointment", _("Appointment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="agreements")
    contact_point = models.ForeignKey(
        "people.ContactPoint", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    company = models.ForeignKey(
        "people.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=60)
    agreed_day = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, default="hand")  # hand, file
    file_id = models.UUIDField(null=True, blank=True)  # the file that brought it, to undo it
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "number"], name="people_agreement_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("agreed_day")),
                name="people_agreement_ends_after",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["file_id"], condition=~Q(file_id=None), name="people_agreement_file"
            ),
        ]
