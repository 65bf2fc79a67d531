"""What the organisation declares: versioned, and nobody's data (art. 30).

A version is never edited in place: a change ends the old row (`valid_to`) and adds a new one.
"""

from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, JSONField, Q, TextField, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.law.field_rules import FEWEST_CHOICES, FieldKind
from akkoord.law.retention_rules import Term
from akkoord.register.care_models import Collecting as Collecting
from akkoord.register.care_models import Measure as Measure
from akkoord.register.exception_models import SPECIAL
from akkoord.register.exception_models import FieldException as FieldException
from akkoord.register.inspector_models import InspectorLink as InspectorLink
from akkoord.register.logo_models import Logo as Logo
from akkoord.register.post_models import BalancingTest as BalancingTest
from akkoord.register.post_models import PostCheck as PostCheck
from akkoord.register.purpose_models import PurposeChange as PurposeChange
from akkoord.register.version_models import RegisterVersion as RegisterVersion
from akkoord.register.version_models import Touched as Touched

_NONE: Any = {"default": list, "blank": True, "db_default": Value("{}", TextField())}
"""An empty list, also where the database fills it in."""


def language_now() -> str:
    """The reader's language: `nl` unless English was chosen."""
    return "en" if get_language() == "en" else "nl"


class Trade(models.TextChoices):
    """Kinds of business that have presets."""

    SHOP = "shop", _("Shop")
    WEBSHOP = "webshop", _("Web shop")
    HAIR = "hairdresser", _("Hairdresser or beauty salon")
    PRACTICE = "practice", _("Practice")
    ASSOCIATION = "association", _("Association or charity")
    BOOKKEEPER = "bookkeeper", _("Bookkeeper or accountant")
    ESTATE_AGENT = "estate-agent", _("Estate agent")
    AGENCY = "agency", _("Agency or services")
    HOSPITALITY = "hospitality", _("Restaurant or hotel")
    OTHER = "other", _("Something else")


@no_personal_data(
    why="The controller's own name and contact, published on every form and mail (art. 13(1)(a)).",
    plain=(
        "id",
        "name",
        "address",
        "contact_email",
        "contact_phone",
        "website",
        "trade",
        "logo",
        "accent",
        "sender_name",
        "sender_email",
        "mail_domain",
        "terms_url",
        "privacy_url",
        "officer_name",
        "officer_email",
        "representative",
        "joint_controllers",
        "keeps_books",
        "seller_names",
        "is_demo",
        "created_at",
        "updated_at",
    ),
)
class Organisation(models.Model):
    """The controller: one installation serves one organisation (one row).

    `keeps_books`: Akkoord is its bookkeeping, so a sale carries the fiscal term (AWR 52(4)).
    `seller_names`: under which other names its invoices go out; the same entity (INV-15).
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name"), max_length=200)
    address = models.TextField(_("postal address"))
    contact_email = models.EmailField(_("contact e-mail"))
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    trade = models.CharField(_("kind of business"), max_length=20, choices=Trade.choices)
    logo = models.CharField(max_length=200, blank=True)
    accent = models.CharField(_("colour"), max_length=7, blank=True)
    sender_name = models.CharField(_("sender name"), max_length=200)
    sender_email = models.EmailField(_("sender address"))
    mail_domain = models.CharField(max_length=255)
    terms_url = models.CharField(_("terms and conditions"), max_length=500, blank=True)
    privacy_url = models.CharField(_("privacy statement"), max_length=500, blank=True)
    officer_name = models.CharField(max_length=200, blank=True)
    officer_email = models.EmailField(blank=True)
    representative = models.CharField(max_length=400, blank=True, default="", db_default="")
    joint_controllers = models.CharField(max_length=800, blank=True, default="", db_default="")
    keeps_books = models.BooleanField(default=False)
    seller_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="register_one_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="A processing activity describes processing, never a person (INV-30).",
    plain=(
        "id",
        "key",
        "version",
        "name_nl",
        "name_en",
        "purpose_nl",
        "purpose_en",
        "legal_basis",
        "telecom_basis",
        "purpose_classes",
        "subjects",
        "security_nl",
        "security_en",
        "role",
        "clients",
        "proof_nl",
        "proof_en",
        "published_why",
        "data_nl",
        "data_en",
        "source_nl",
        "source_en",
        "receivers_nl",
        "receivers_en",
        "transfers_nl",
        "transfers_en",
        "term_nl",
        "term_en",
        "blanks",
        "published_at",
        "is_system",
        "valid_from",
        "valid_to",
        "changed_by",
        "change_reason",
    ),
)
class ProcessingActivity(models.Model):
    """One version of a processing activity (`dpv:Process`, art. 30(1))."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    name_nl = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    purpose_nl = models.TextField()
    purpose_en = models.TextField()
    legal_basis = models.CharField(max_length=40)  # law.states.Basis; art. 6
    # Tw 11.7, kept apart: consent; for a topic also open to customers, or to published addresses,
    # more words, parted by spaces.
    telecom_basis = models.CharField(max_length=60, blank=True)
    purpose_classes = ArrayField(models.CharField(max_length=80), default=list)  # DPV
    subjects = ArrayField(models.CharField(max_length=80), default=list)
    security_nl = models.TextField(blank=True)
    security_en = models.TextField(blank=True)
    # Controller (art. 30(1)), or processor for `clients` (art. 30(2)): the firms, with contact.
    role = models.CharField(max_length=12, default="controller", db_default="controller")
    clients = ArrayField(models.CharField(max_length=300), **_NONE)
    # The proof of the basis: which contract, which article, why one's own interest weighs more.
    proof_nl = models.TextField(blank=True, default="", db_default="")
    proof_en = models.TextField(blank=True, default="", db_default="")
    # Why mail to published business addresses weighs little (art. 6(1)(f)), beside that proof.
    published_why = models.TextField(blank=True, default="", db_default="")
    # Of what happens outside Akkoord: kinds of data, of receivers, where from, how long.
    data_nl = ArrayField(models.CharField(max_length=200), **_NONE)
    data_en = ArrayField(models.CharField(max_length=200), **_NONE)
    source_nl = models.CharField(max_length=300, blank=True, default="", db_default="")
    source_en = models.CharField(max_length=300, blank=True, default="", db_default="")
    receivers_nl = ArrayField(models.CharField(max_length=200), **_NONE)
    receivers_en = ArrayField(models.CharField(max_length=200), **_NONE)
    # Of receivers in words: which country outside the EEA, by which ground; or that there is none.
    transfers_nl = models.TextField(blank=True, default="", db_default="")
    transfers_en = models.TextField(blank=True, default="", db_default="")
    term_nl = models.TextField(blank=True, default="", db_default="")
    term_en = models.TextField(blank=True, default="", db_default="")
    # Why an element stays empty, by law.register_rules.Element (INV-29).
    blanks = models.JSONField(default=dict, blank=True, db_default=Value("{}", JSONField()))
    published_at = models.DateTimeField(null=True, blank=True)
    is_system = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    changed_by = models.UUIDField(null=True, blank=True)  # staff id
    change_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="register_activity_version"),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(valid_to=None),
                name="register_activity_one_current",
            ),
            models.CheckConstraint(
                condition=Q(role="controller") | Q(role="processor", clients__len__gt=0),
                name="register_processor_has_clients",
            ),
            # What keeps a field of a special category reaches nobody with anything (INV-32).
            models.CheckConstraint(
                condition=~Q(key__startswith=SPECIAL)
                | (~Q(purpose_classes__contains=["dpv:DirectMarketing"]) & Q(telecom_basis="")),
                name="register_inv32_special_is_no_marketing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if language_now() == "en" else self.name_nl

    @property
    def purpose(self) -> str:
        """The purpose in the reader's language."""
        return self.purpose_en if language_now() == "en" else self.purpose_nl

    @property
    def is_ended(self) -> bool:
        """Whether nothing happens for it any more."""
        return self.valid_to is not None

    @property
    def security(self) -> str:
        """How it is kept safe, in the reader's language."""
        return self.security_en if language_now() == "en" else self.security_nl


@no_personal_data(
    why="A purpose that people can choose, in general words.",
    plain=(
        "id",
        "slug",
        "activity_key",
        "is_topic",
        "channels",
        "consent_version",
        "frequency_nl",
        "frequency_en",
        "asks_age",
        "measures",
        "consent_months",
        "refresh_weeks",
        "reminds_yearly",
        "product_groups",
        "created_at",
        "ended_at",
    ),
)
class Purpose(models.Model):
    """A purpose; a topic when people can choose it. Belongs to one processing activity.

    Consent binds to a `PurposeVersion`. `consent_version` is the lowest version whose consent
    still covers what we do: a change that means something to people raises it, and older
    consent no longer counts. `product_groups`: what it is about, so that customers of such
    products may get it without consent; none: consent only (INV-15).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    activity_key = models.SlugField(max_length=80)
    is_topic = models.BooleanField(default=True)
    channels = ArrayField(models.CharField(max_length=10), default=list)
    consent_version = models.PositiveIntegerField(default=1)
    frequency_nl = models.CharField(max_length=120, blank=True)
    frequency_en = models.CharField(max_length=120, blank=True)
    asks_age = models.BooleanField(default=False)
    # A yes to this lets us keep who opens and presses; nothing is ever sent for it (INV-28).
    measures = models.BooleanField(default=False, db_default=False)
    # How long a yes counts from the day it is given; empty: until the person stops.
    consent_months = models.PositiveSmallIntegerField(null=True, blank=True)
    refresh_weeks = models.PositiveSmallIntegerField(default=4)  # asked anew so long before; 0: not
    reminds_yearly = models.BooleanField(default=False)  # told once a year what they agreed to
    product_groups = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(consent_months__isnull=True)
                | Q(consent_months__gte=3, consent_months__lte=60),
                name="register_consent_term",
            ),
            models.CheckConstraint(condition=Q(refresh_weeks__lte=12), name="register_refresh"),
            models.UniqueConstraint(
                fields=["measures"],
                condition=Q(measures=True, ended_at=None),
                name="register_one_measuring",
            ),
            # Nothing is sent for it, and a sale is never a yes to it (INV-15, INV-28).
            models.CheckConstraint(
                condition=Q(measures=False)
                | Q(product_groups=[], reminds_yearly=False, refresh_weeks=0),
                name="register_inv28_measuring_is_a_yes_alone",
            ),
            # A sale without a group must never pass for a similar one (INV-15).
            models.CheckConstraint(
                condition=~Q(product_groups__contains=[""]),
                name="register_inv15_groups_have_names",
            ),
            # Nobody chooses it as a topic, so no group, letter or series can be for it (INV-32).
            models.CheckConstraint(
                condition=~Q(activity_key__startswith=SPECIAL)
                | Q(is_topic=False, measures=False, product_groups=[], reminds_yearly=False),
                name="register_inv32_special_is_no_topic",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def frequency(self) -> str:
        """How often, in the reader's language."""
        return self.frequency_en if language_now() == "en" else self.frequency_nl


@no_personal_data(
    why="The words of a purpose.",
    plain=(
        "id",
        "purpose_id",
        "number",
        "name_nl",
        "name_en",
        "description_nl",
        "description_en",
        "valid_from",
        "valid_to",
        "changed_by",
    ),
)
class PurposeVersion(models.Model):
    """The words of a purpose as they stood from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    description_nl = models.TextField()
    description_en = models.TextField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    changed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "number"], name="register_purpose_version"),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(valid_to=None),
                name="register_purpose_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_nl} {self.number}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if language_now() == "en" else self.name_nl

    @property
    def description(self) -> str:
        """The sentence in the reader's language."""
        return self.description_en if language_now() == "en" else self.description_nl


@no_personal_data(
    why="What the organisation sells, in general words.",
    plain=("id", "name", "signs", "created_at", "ended_at"),
)
class ProductGroup(models.Model):
    """A kind of product or service that the organisation sells, by the owner's own words.

    `signs`: what an article's code begins with, or what its name holds; small letters. The name
    itself is a sign too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, unique=True)
    signs = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="register_group_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="The catalogue of fields: names of columns, never their content.",
    plain=(
        "id",
        "key",
        "name_nl",
        "name_en",
        "category",
        "is_special",
        "is_own",
        "value_kind",
        "choices_nl",
        "choices_en",
        "source",
        "created_at",
        "ended_at",
    ),
)
class PersonalDataField(models.Model):
    """One kind of data that may be kept of people (`dpv:PersonalData`), built-in or own.

    `choices_nl`, `choices_en`: the words of an own field of the kind choice, one beside the other.
    The Dutch words are what is kept of a person, so that groups and downloads can be read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    category = models.CharField(max_length=80)  # DPV
    is_special = models.BooleanField(default=False)
    is_own = models.BooleanField(default=False)
    value_kind = models.CharField(max_length=20, default="text")  # law.field_rules.FieldKind
    choices_nl = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    choices_en = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    source = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # A choice has at least two to choose from, in both languages; nothing else has any.
            models.CheckConstraint(
                condition=Q(is_own=False)
                | Q(
                    value_kind=FieldKind.CHOICE.value,
                    choices_nl__len__gte=FEWEST_CHOICES,
                    choices_en__len=F("choices_nl__len"),
                )
                | (~Q(value_kind=FieldKind.CHOICE.value) & Q(choices_nl__len=0, choices_en__len=0)),
                name="register_own_field_choices",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if language_now() == "en" else self.name_nl

    def choices_in(self, language: str) -> list[tuple[str, str]]:
        """What can be chosen: what is kept, and its words in a language."""
        words = self.choices_en if language == "en" else self.choices_nl
        return list(zip(self.choices_nl, words, strict=True))

    @property
    def choices_now(self) -> list[tuple[str, str]]:
        """What can be chosen, in the reader's language."""
        return self.choices_in(language_now())

    def shown(self, value: str) -> str:
        """A kept value in the reader's language; one that is no longer offered as it stands."""
        if self.value_kind == FieldKind.YES_NO:
            return {"yes": str(_("Yes")), "no": str(_("No"))}.get(value, value)
        return dict(self.choices_now).get(value, value)


@no_personal_data(
    why="Which activity may use which field, and why.",
    plain=(
        "id",
        "activity_key",
        "field_id",
        "why_nl",
        "why_en",
        "admitted_at",
        "yes_since",
        "ended_at",
    ),
)
class ActivityField(models.Model):
    """An activity may use a field: minimisation, purpose binding and notice in one row.

    `yes_since`: people gave it for something else (art. 6(4)), so it is used only of whoever said
    yes to this activity's topic since then; empty: of everybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80)
    field = models.ForeignKey(PersonalDataField, on_delete=models.PROTECT, related_name="uses")
    why_nl = models.CharField(max_length=300)
    why_en = models.CharField(max_length=300)
    admitted_at = models.DateTimeField()
    yes_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "field"],
                condition=Q(ended_at=None),
                name="register_activity_field_once",
            ),
        ]

    @property
    def why(self) -> str:
        """Why the field is needed, in the reader's language."""
        return self.why_en if language_now() == "en" else self.why_nl


@no_personal_data(
    why="Terms per activity and category.",
    plain=(
        "id",
        "activity_key",
        "category",
        "trigger",
        "months",
        "days",
        "criterion_nl",
        "criterion_en",
        "action",
        "ground",
        "reason",
        "valid_from",
        "valid_to",
        "changed_by",
    ),
)
class RetentionRule(models.Model):
    """How long (`dpv:StorageCondition`): purpose x category, trigger, term, action.

    Versioned: a change ends the row and adds a new one. Without a category it is the rule of all
    data of the activity; a rule of a category goes before it. `ground`: whose number it is;
    `reason`: why the organisation chose another one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80)
    category = models.CharField(max_length=80, blank=True)
    trigger = models.CharField(max_length=40)  # law.retention_rules.Trigger
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    days = models.PositiveIntegerField(null=True, blank=True)
    criterion_nl = models.CharField(max_length=300)
    criterion_en = models.CharField(max_length=300)
    action = models.CharField(max_length=20, default="erase")  # law.retention_rules.Effect
    ground = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True, db_default="")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    changed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "category"],
                condition=Q(valid_to=None),
                name="register_one_rule_at_a_time",
            ),
        ]

    @property
    def term(self) -> Term:
        """The length of the term."""
        return Term(months=self.months, days=self.days)

    @property
    def criterion(self) -> str:
        """The term in the reader's language."""
        return self.criterion_en if language_now() == "en" else self.criterion_nl


@no_personal_data(
    why="Companies that receive data.",
    plain=(
        "id",
        "key",
        "name",
        "role",
        "service_nl",
        "service_en",
        "country",
        "safeguard",
        "contract_on",
        "checked_on",
        "activity_keys",
        "review_on",
        "subprocessors",
        "contract_name",
        "contract_path",
        "contract_key",
        "valid_from",
        "valid_to",
        "told_by",
        "told_at",
    ),
    files=("contract_path",),
)
class Recipient(models.Model):
    """Who receives data: processor or independent recipient, country, contract.

    `told_by` and `told_at`: how it hears that somebody's data changed or must go (art. 19).
    """

    class ToldBy(models.TextChoices):
        """The way to a recipient."""

        NOT_YET = "", _("Not yet known")
        MAIL = "mail", _("By mail")
        WEBHOOK = "webhook", _("By a signed message to their system")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, default="processor")
    service_nl = models.CharField(max_length=200)
    service_en = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="NL")
    safeguard = models.CharField(max_length=120, blank=True)
    contract_on = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    activity_keys = ArrayField(models.CharField(max_length=80), default=list)
    review_on = models.DateField(null=True, blank=True)
    subprocessors = ArrayField(models.CharField(max_length=200), **_NONE)
    # The signed contract, sealed with a key of its own (datamap.attachments).
    contract_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    contract_path = models.CharField(max_length=200, blank=True, default="", db_default="")
    contract_key = models.BinaryField(null=True, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    told_by = models.CharField(max_length=10, choices=ToldBy.choices, blank=True, default="")
    told_at = models.CharField(max_length=400, blank=True, default="")

    @property
    def contract_file_id(self) -> UUID:
        """The number that the contract's file was sealed with: its name."""
        return UUID(PurePath(self.contract_path).stem)

    @property
    def service(self) -> str:
        """What the recipient does for us, in the reader's language."""
        return self.service_en if language_now() == "en" else self.service_nl
