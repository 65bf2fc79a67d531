"""What comes in by a form besides consent: a question, and what a customer saw at a checkout.

Imported by `models`, where Django looks; the keys to other tables stand here by name.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, personal_data
from akkoord.datamap.ids import uuid7

SERVICE = "dpv:ServiceProvision"
CRM = "dpv:CustomerRelationshipManagement"
LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="person_id",
    order=480,
    columns={
        "id": Column("pd:Identifier", (SERVICE,)),
        "person_id": Column("pd:Identifier", (SERVICE,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (SERVICE,)),
        "given_name": Column(
            "pd:GivenName", (SERVICE, CRM), identifier=Identifier.NAME, provided=True
        ),
        "family_name": Column(
            "pd:FamilyName", (SERVICE, CRM), identifier=Identifier.NAME, provided=True
        ),
        "typed": Column("pd:PersonalInformation", (SERVICE,), provided=True),
        "text": Column("pd:Communication", (SERVICE,), provided=True),
        "ip_truncated": Column("pd:IPAddress", (LEGAL,)),
        "received_at": Column("pd:Communication", (SERVICE,)),
        "answered_at": Column("pd:Communication", (SERVICE,)),
        "answered_by": Column("pd:Communication", (LEGAL,)),
    },
    plain=("collection_point_id", "language"),
)
class Enquiry(models.Model):
    """A question or a request for a quote, as it was typed (activity `questions`).

    The names stand here and not with the person: anybody can type an address. It goes a year
    after it was answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="enquiries")
    contact_point = models.ForeignKey(
        "people.ContactPoint", on_delete=models.CASCADE, related_name="enquiries"
    )
    collection_point = models.ForeignKey(
        "consent.CollectionPoint", on_delete=models.PROTECT, related_name="+"
    )
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=160, blank=True)
    typed = models.JSONField(default=dict, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=5)
    ip_truncated = models.CharField(max_length=50, blank=True)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_by__isnull=False),
                name="consent_enquiry_answered_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "id"], name="consent_enquiry_newest"),
            models.Index(
                fields=["received_at"], condition=Q(answered_at=None), name="consent_enquiry_open"
            ),
            models.Index(fields=["ip_truncated", "received_at"], name="consent_enquiry_network"),
        ]


@personal_data(
    subject="person_id",
    order=475,
    columns={
        "id": Column("pd:Identifier", (SERVICE,)),
        "person_id": Column("pd:Identifier", (SERVICE,), identifier=Identifier.PERSON_ID),
        "enquiry_id": Column("pd:Communication", (SERVICE,)),
        "path": Column("pd:Communication", (SERVICE,)),
        "wrapped_key": Column("pd:Communication", (), secret=True),
        "sealed_at": Column("pd:Communication", (SERVICE,)),
    },
    files=("path",),
    opened_by="akkoord.consent.sealed_questions.content_for_export",
)
class SealedQuestion(models.Model):
    """The words of a question that speak of health, faith or the like: apart, with a key of their
    own that dies with the row (art. 9; INV-32). The question itself holds no text then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    enquiry = models.OneToOneField(Enquiry, on_delete=models.CASCADE, related_name="sealed")
    path = models.CharField(max_length=120)  # under the data folder
    wrapped_key = models.BinaryField(max_length=80)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("words of a question, kept apart")
        verbose_name_plural = _("words of questions, kept apart")


@personal_data(
    subject="person_id",
    order=470,
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (LEGAL,)),
        "order_number": Column("pd:PurchaseHistory", (LEGAL, SERVICE)),
        "opted_out": Column("pd:Consent", (LEGAL,), provided=True),
        "terms_accepted": Column("pd:Consent", (LEGAL,)),
        "ip_truncated": Column("pd:IPAddress", (LEGAL,)),
        "acted_at": Column("pd:Consent", (LEGAL,)),
    },
    plain=("collection_point_id", "opt_out_shown"),
)
class CheckoutAct(models.Model):
    """What stood on a customer's screen at a checkout, and what they did with it.

    With the sale that it belongs to it is evidence that the way out was offered and not taken
    (INV-15); alone it gives nobody leave to mail anything: anybody can post to a form.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    contact_point = models.ForeignKey(
        "people.ContactPoint", on_delete=models.CASCADE, related_name="checkout_acts"
    )
    collection_point = models.ForeignKey(
        "consent.CollectionPoint", on_delete=models.PROTECT, related_name="+"
    )
    order_number = models.CharField(max_length=60, blank=True)
    opt_out_shown = models.BooleanField()
    opted_out = models.BooleanField(default=False)
    terms_accepted = models.BooleanField(default=False)
    ip_truncated = models.CharField(max_length=50, blank=True)
    acted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opted_out=False) | Q(opt_out_shown=True),
                name="consent_checkout_opt_out_was_shown",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["contact_point", "-acted_at"], name="consent_checkout_point"),
            models.Index(fields=["ip_truncated", "acted_at"], name="consent_checkout_network"),
            models.Index(fields=["acted_at"], name="consent_checkout_lately"),
        ]
