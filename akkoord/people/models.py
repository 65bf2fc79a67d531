"""Persons, contact points, companies and the proof of a relation.

Everything here is reachable from one person id. An address belongs to one living person record
at a time; an old address stays as an ended point.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.agreement_models import Agreement as Agreement
from akkoord.people.joining_models import DuplicatePair as DuplicatePair
from akkoord.people.joining_models import DuplicateSide as DuplicateSide
from akkoord.people.joining_models import Joining as Joining
from akkoord.people.joining_models import ReviewSettled as ReviewSettled

MARKETING = "dpv:DirectMarketing"
SERVICE = "dpv:ServiceProvision"
CRM = "dpv:CustomerRelationshipManagement"
RIGHTS = "dpv:RightsFulfilment"
LEGAL = "dpv:LegalCompliance"
RECORDS = "dpv:RecordManagement"


def whole_name() -> Upper:
    """A person's first and last name in one case, as the index has it."""
    return Upper(Concat("given_name", Value(" "), "family_name", output_field=TextField()))


@personal_data(
    subject="id",
    order=900,  # last: everything else finds its person through this row
    columns={
        "id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "given_name": Column(
            "pd:GivenName",
            (MARKETING, SERVICE, CRM, RIGHTS),
            field="first_name",
            identifier=Identifier.NAME,
            provided=True,
        ),
        "family_name": Column(
            "pd:FamilyName",
            (MARKETING, SERVICE, CRM, RIGHTS),
            field="last_name",
            identifier=Identifier.NAME,
            provided=True,
        ),
        "language": Column(
            "pd:Language",
            (MARKETING, SERVICE, CRM, RIGHTS),
            field="language",
            provided=True,
        ),
        "customer_number": Column(
            "pd:Identifier", (SERVICE, CRM), identifier=Identifier.CUSTOMER_NUMBER
        ),
        "is_known_child": Column("pd:AgeRange", (LEGAL,), provided=True),
        "known_child_at": Column("pd:AgeRange", (LEGAL,)),
        "restricted_at": Column("pd:PersonalInformation", (RIGHTS,)),
        "judge_by": Column("pd:PersonalInformation", (LEGAL,)),
        "source": Column("pd:PersonalInformation", (LEGAL, CRM), field="source"),
        "source_ref": Column("pd:PersonalInformation", (LEGAL,)),
        "created_at": Column("pd:PersonalInformation", (RECORDS,), field="known_since"),
        "updated_at": Column("pd:PersonalInformation", (RECORDS,)),
        "confirmed_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=(),
)
class Person(models.Model):
    """A data subject (betrokkene): opaque id, names, language.

    `is_known_child`: known to be under 16 (None: unknown, which is not refused; INV-14), at
    `known_child_at` for the last time: all that is known of their age.
    `judge_by`: stands under the activity "import to be judged" until that day (INV-44).
    `confirmed_at`: when they last said themselves that what we keep is right (art. 5(1)(d)).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    given_name = models.CharField(_("first name"), max_length=120, blank=True)
    family_name = models.CharField(_("last name"), max_length=160, blank=True)
    language = models.CharField(_("language"), max_length=5, default="nl")
    customer_number = models.CharField(_("customer number"), max_length=60, blank=True)
    is_known_child = models.BooleanField(null=True, blank=True)
    known_child_at = models.DateTimeField(null=True, blank=True)
    restricted_at = models.DateTimeField(null=True, blank=True)
    judge_by = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40)  # form, import, staff, purchase, push, demo
    source_ref = models.UUIDField(null=True, blank=True)  # collection point or import
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes: ClassVar = [
            models.Index(fields=["family_name", "given_name", "id"], name="people_person_name"),
            models.Index(whole_name(), name="people_person_whole_name"),
            models.Index(
                fields=["judge_by"],
                condition=Q(judge_by__isnull=False),
                name="people_person_to_judge",
            ),
            models.Index(
                fields=["known_child_at"],
                condition=Q(is_known_child__isnull=False),
                name="people_person_child",
            ),
        ]
        constraints: ClassVar = [
            # Nothing of somebody's age is kept but that they are a child, and since when.
            models.CheckConstraint(
                condition=Q(known_child_at=None) | Q(is_known_child=True),
                name="people_child_since",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def full_name(self) -> str:
        """First and last name as far as they are known."""
        return f"{self.given_name} {self.family_name}".strip()


@personal_data(
    subject="person_id",
    order=850,
    keeps=("old_id",),
    columns={
        "old_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "merged_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=(),
)
class PersonAlias(models.Model):
    """A merged record's former id: sealed events keep the reference they were sealed with."""

    old_id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    merged_at = models.DateTimeField()

    class Meta:
        verbose_name = _("former record")
        verbose_name_plural = _("former records")


class SqueezedPostcode(models.Func):
    """A postcode in lower case without blanks: however it was typed, the same."""

    template = r"lower(regexp_replace(%(expressions)s, '\s', '', 'g'))"
    arity = 1
    output_field = models.TextField()


class NextNumber(models.Func):
    """The next number of a contact point, by the database."""

    template = "nextval('people_point_number')"
    arity = 0
    output_field = models.IntegerField()


@personal_data(
    subject="person_id",
    order=800,
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "value": Column(
            "pd:EmailAddress",
            (MARKETING, SERVICE, CRM, RIGHTS),
            field="email",
            identifier=Identifier.EMAIL,
            provided=True,
        ),
        "normalised": Column(
            "pd:EmailAddress",
            (MARKETING, SERVICE, CRM, RIGHTS),
            identifier=Identifier.EMAIL,
        ),
        "keyed_hash": Column("pd:Identifier", (LEGAL,), secret=True),
        "number": Column("pd:Identifier", (RECORDS,), secret=True),
        "verified_at": Column("pd:PersonalInformation", (RECORDS,)),
        "undeliverable_at": Column("pd:PersonalInformation", (RECORDS,)),
        "undeliverable_why": Column("pd:PersonalInformation", (RECORDS,)),
        "source": Column("pd:PersonalInformation", (LEGAL,)),
        "created_at": Column("pd:PersonalInformation", (RECORDS,)),
        "ended_at": Column("pd:PersonalInformation", (RECORDS,)),
        "sealed_as": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
    },
    keeps=("sealed_as",),
    plain=("channel", "is_legal_person"),
)
class ContactPoint(models.Model):
    """An address at which a person can be reached over one channel.

    `value` as typed, `normalised` for comparison (e-mail: NFC, lower case, IDNA; phone: E.164),
    `keyed_hash` for the suppression list (INV-40). `sealed_as`: the former id under which
    its events go on being sealed once two records were joined, so that parting mixes nothing up.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="points")
    channel = models.CharField(max_length=10)  # law.states.Channel
    value = models.CharField(max_length=320)
    normalised = models.CharField(max_length=320)
    keyed_hash = models.BinaryField(max_length=32)
    verified_at = models.DateTimeField(null=True, blank=True)
    undeliverable_at = models.DateTimeField(null=True, blank=True)
    undeliverable_why = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=40)
    is_legal_person = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    sealed_as = models.UUIDField(null=True, blank=True, editable=False)
    # Its place in the bitmaps of groups; from a sequence: it says nothing of anybody.
    number = models.IntegerField(db_default=NextNumber(), editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["normalised", "channel"],
                condition=Q(ended_at=None),
                name="people_point_one_living",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["keyed_hash"], name="people_point_hash"),
        ]

    def __str__(self) -> str:
        return str(self.id)


@personal_data(
    subject="contact_point__person_id",
    order=790,
    why="Where push messages go: an address and keys that the person's own browser made.",
    columns={
        "contact_point_id": Column("pd:Identifier", (RECORDS,)),
        "endpoint": Column(
            "pd:DeviceBased", (MARKETING, SERVICE), identifier=Identifier.PUSH, provided=True
        ),
        "p256dh": Column("pd:DeviceBased", (MARKETING, SERVICE), provided=True),
        "auth": Column("pd:DeviceBased", (MARKETING, SERVICE), secret=True),
        "browser": Column("pd:UserAgent", (RECORDS,), provided=True),
        "network": Column("pd:IPAddress", (LEGAL,)),
        "since": Column("pd:PersonalInformation", (RECORDS,)),
        "renewed_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=(),
)
class PushDevice(models.Model):
    """A browser that takes push messages, beside its contact point of the channel `push`.

    `p256dh` and `auth` seal the messages (RFC 8291), as base64url. The row goes when the person
    stops, is forgotten, or the push service says that it is no more. `network`: cut short.
    """

    contact_point = models.OneToOneField(
        ContactPoint, on_delete=models.CASCADE, primary_key=True, related_name="device"
    )
    endpoint = models.TextField(unique=True)
    p256dh = models.CharField(max_length=87)
    auth = models.CharField(max_length=22)
    browser = models.CharField(max_length=20, blank=True)
    network = models.CharField(max_length=50, blank=True)
    since = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("device for push messages")
        verbose_name_plural = _("devices for push messages")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(endpoint__startswith="http", p256dh__regex="^B[A-Za-z0-9_-]{86}$")
                & Q(auth__regex="^[A-Za-z0-9_-]{22}$"),
                name="people_device_keys",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["network", "since"], name="people_device_network"),
            models.Index(fields=["since"], name="people_device_lately"),
        ]


@personal_data(
    subject="person_id",
    order=800,
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "street": Column("pd:PhysicalAddress", (SERVICE, CRM), field="street", provided=True),
        "house_number": Column(
            "pd:HouseNumber",
            (SERVICE, CRM),
            identifier=Identifier.HOUSE_NUMBER,
            provided=True,
        ),
        "postcode": Column(
            "pd:PostalCode",
            (SERVICE, CRM),
            field="postcode",
            identifier=Identifier.POSTCODE,
            provided=True,
        ),
        "city": Column("pd:City", (SERVICE, CRM), field="city", provided=True),
        "country": Column("pd:Country", (SERVICE, CRM), field="country", provided=True),
        "created_at": Column("pd:PersonalInformation", (RECORDS,)),
        "ended_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=(),
)
class PostalAddress(models.Model):
    """Where a customer lives or receives goods."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    street = models.CharField(max_length=160)
    house_number = models.CharField(max_length=20)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="NL")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("postal address")
        verbose_name_plural = _("postal addresses")
        indexes: ClassVar = [
            # A group by town, whatever its capitals; answered from the index alone.
            models.Index(
                Upper("city"), "person", condition=Q(ended_at=None), name="people_address_town"
            ),
            # Who else lives at a door, however the postcode was typed: asked at each erasure.
            models.Index(SqueezedPostcode("postcode"), name="people_address_door"),
        ]


@no_personal_data(
    why="A company is no natural person. A sole trader is entered as a person, without a company.",
    plain=("id", "name", "legal_form", "registration_number", "created_at"),
)
class Company(models.Model):
    """A company that persons are customers or contacts for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    legal_form = models.CharField(max_length=40, blank=True)
    registration_number = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")

    def __str__(self) -> str:
        return self.name


@personal_data(
    subject="person_id",
    order=700,
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "company_id": Column("pd:Employer", (MARKETING, SERVICE, CRM)),
        "kind": Column("pd:Relationship", (MARKETING, SERVICE, CRM), field="relation"),
        "since": Column("pd:Relationship", (SERVICE, CRM)),
        "until": Column("pd:Relationship", (SERVICE, CRM)),
        "proof": Column("pd:PurchaseHistory", (LEGAL,)),
    },
    plain=(),
)
class Relation(models.Model):
    """Why we know this person: customer, prospect, supplier, member, contact; with its proof."""

    class Kind(models.TextChoices):
        """Kinds of relation."""

        CUSTOMER = "customer", _("Customer")
        PROSPECT = "prospect", _("Prospect")
        SUPPLIER = "supplier", _("Supplier")
        EMPLOYEE = "employee", _("Employee")
        MEMBER = "member", _("Member")
        CONTACT = "contact", _("Contact at a company")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations")
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="relations",
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=200, blank=True)  # e.g. "invoice 2026-104"

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")


@personal_data(
    subject="person_id",
    order=601,  # beside the other store with its own eraser: fewer statements
    custom_erase="akkoord.people.erase.erase_purchases",
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Identifier", (RECORDS,)),
        "company_id": Column("pd:Employer", (SERVICE, CRM)),
        "number": Column("pd:PurchaseHistory", (SERVICE, CRM)),
        "bought_on": Column("pd:PurchaseHistory", (SERVICE, CRM), field="last_purchase"),
        "amount": Column("pd:PurchaseHistory", (SERVICE, CRM), field="purchase_amount"),
        "currency": Column("pd:PurchaseHistory", (SERVICE, CRM)),
        "product_group": Column("pd:PurchaseHistory", (SERVICE, CRM), field="product_group"),
        "other_groups": Column("pd:PurchaseHistory", (SERVICE, CRM)),
        "reversed_on": Column("pd:PurchaseHistory", (SERVICE, CRM)),
        "optout_answer": Column("pd:PurchaseHistory", (LEGAL,)),
        "optout_shown_id": Column("pd:PurchaseHistory", (LEGAL,)),
        "created_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=("source", "source_ref", "reversed_ref", "place_id", "kept_until"),
)
class Purchase(models.Model):
    """A sale: the proof of the business relation (number, date, amount, product group).

    Without the bookkeeping role it carries no fiscal term and goes with the person; with it,
    number, date and amount stay without the person until `kept_until`. `contact_point` is the
    address given at this very sale. `optout_shown` is the collection point that proves what the
    customer saw at the collecting place (`place_id`) then, `optout_answer` what the sale's own
    record says of it (INV-15). `reversed_on`: a credit note took the sale back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="purchases"
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="purchases",
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="purchases"
    )
    number = models.CharField(max_length=60)
    bought_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    product_group = models.CharField(max_length=80, blank=True)
    other_groups = ArrayField(models.CharField(max_length=80), null=True, blank=True)
    source = models.CharField(max_length=40)
    source_ref = models.UUIDField(null=True, blank=True)  # the import
    place_id = models.UUIDField(null=True, blank=True)
    optout_answer = models.CharField(max_length=10, blank=True, db_default="")  # OptOutAnswer
    optout_shown_id = models.UUIDField(null=True, blank=True)
    reversed_on = models.DateField(null=True, blank=True)
    reversed_ref = models.UUIDField(null=True, blank=True)  # the import with the credit note
    kept_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="people_purchase_once"),
            # AVG 17(3)(b): what stays without its person stays for the books, with an end.
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(
                    kept_until__isnull=False,
                    contact_point__isnull=True,
                    company__isnull=True,
                    optout_shown_id__isnull=True,
                ),
                name="people_purchase_alone_has_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-bought_on"], name="people_purchase_last"),
            # A group by what was bought, whatever its capitals; answered from the index alone.
            models.Index(
                Upper("product_group"), "bought_on", "person", name="people_purchase_group"
            ),
            # Sales of a place and period, when it is shown what customers saw there.
            models.Index(
                fields=["place_id", "bought_on"],
                condition=Q(place_id__isnull=False),
                name="people_purchase_place",
            ),
        ]


@personal_data(
    subject="person_id",
    order=680,
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "value": Column(
            "pd:PersonalInformation",
            (SERVICE, CRM),
            provided=True,
            label=pgettext_lazy("column", "Answer"),
        ),
        "updated_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=("field_id",),
)
class OwnFieldValue(models.Model):
    """The value of an own field; its purposes stand in the register (`ActivityField`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_values")
    field = models.ForeignKey("register.PersonalDataField", on_delete=models.PROTECT)
    value = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "field"], name="people_own_value_once"),
        ]
