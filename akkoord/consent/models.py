"""Every fact that changes standing.

`PermissionEvent` is append-only and sealed in the ledger (ISO/IEC TS 27560 event); `Standing` is
its fold, written in the same transaction; `Suppression` outlives the person (art. 21(3)).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from akkoord.consent.acts_models import CheckoutAct as CheckoutAct
from akkoord.consent.acts_models import Enquiry as Enquiry
from akkoord.consent.acts_models import SealedQuestion as SealedQuestion
from akkoord.consent.code_models import LetterCode as LetterCode
from akkoord.consent.code_models import WrongCode as WrongCode
from akkoord.consent.count_models import FormCount as FormCount
from akkoord.consent.details_models import DetailsQuestion as DetailsQuestion
from akkoord.consent.details_models import DetailsSetting as DetailsSetting
from akkoord.consent.evidence_models import EvidenceFile as EvidenceFile
from akkoord.consent.evidence_models import EvidenceRow as EvidenceRow
from akkoord.consent.incoming_models import IncomingMail as IncomingMail
from akkoord.consent.reason_models import StopReason as StopReason
from akkoord.consent.rhythm_models import Rhythm as Rhythm
from akkoord.consent.special_models import SpecialValue as SpecialValue
from akkoord.consent.trial_models import TrialAddress as TrialAddress
from akkoord.consent.trial_models import TrialAsked as TrialAsked
from akkoord.datamap.declaration import (
    Column,
    Identifier,
    OnErasure,
    no_personal_data,
    personal_data,
)
from akkoord.datamap.ids import uuid7
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import Purpose, PurposeVersion

LEGAL = "dpv:LegalCompliance"
RECORDS = "dpv:RecordManagement"
RIGHTS = "dpv:RightsFulfilment"


def _by_staff(method: Method) -> Q:
    """A yes, or a request for one, that came in by this method."""
    return Q(method=method.value, basis="consent", state__in=["requested", "given", "confirmed"])


@no_personal_data(
    why="The exact words that were shown, the same for everybody.",
    plain=(
        "id",
        "kind",
        "language",
        "version",
        "text",
        "sha256",
        "is_declared",
        "declared_from",
        "declared_to",
        "declared_by",
        "created_at",
    ),
    # The file that the words belong to, as somebody called it.
    may_name={"declared_for": Column("pd:Identifier", (LEGAL,))},
)
class Notice(models.Model):
    """An exact text, by language and version, with its SHA-256 (INV-7).

    Wording of consent older than Akkoord is *declared* by a named member of staff for a source
    and a period, and always shown as declared.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)  # form, declared, staff, terms
    language = models.CharField(max_length=5)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_declared = models.BooleanField(default=False)
    declared_for = models.CharField(max_length=200, blank=True)
    declared_from = models.DateField(null=True, blank=True)
    declared_to = models.DateField(null=True, blank=True)
    declared_by = models.UUIDField(null=True, blank=True)  # staff id
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_declared=False) | Q(declared_by__isnull=False),
                name="consent_declared_by_somebody",
            ),
        ]


@no_personal_data(
    why="A form that the organisation publishes.",
    plain=(
        "id",
        "slug",
        "name",
        "kind",
        "topic_ids",
        "field_keys",
        "intro_nl",
        "intro_en",
        "terms_url",
        "terms_version",
        "privacy_url",
        "privacy_version",
        "asks_terms",
        "offers_opt_out",
        "texts",
        "created_at",
        "updated_at",
        "closed_at",
        "created_by",
    ),
)
class Form(models.Model):
    """A form; what the person sees is frozen per published version (CollectionPoint).

    `kind`: law.form_rules.FormKind. `texts`: per language what staff wrote in place of our words
    (title, button, thanks, the confirmation and the welcome mail).
    """

    PUSH: ClassVar[str] = "push"  # the kind of a page for push messages: no form for mail (INV-12)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, default="newsletter")
    topic_ids = ArrayField(models.UUIDField(), default=list)
    field_keys = ArrayField(models.CharField(max_length=80), default=list)
    intro_nl = models.TextField(blank=True)
    intro_en = models.TextField(blank=True)
    terms_url = models.CharField(max_length=500, blank=True)
    terms_version = models.CharField(max_length=60, blank=True)
    privacy_url = models.CharField(max_length=500, blank=True)
    privacy_version = models.CharField(max_length=60, blank=True)
    asks_terms = models.BooleanField(default=False)
    offers_opt_out = models.BooleanField(default=False)
    texts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["newsletter", "question", "checkout", "counter", "push"]),
                name="consent_form_kind",
            ),
            # Accepting terms belongs to a contract, and that is made at a checkout (art. 7(2)).
            models.CheckConstraint(
                condition=Q(asks_terms=False) | Q(kind="checkout"),
                name="consent_form_terms_with_contract",
            ),
            models.CheckConstraint(
                condition=Q(offers_opt_out=False) | (Q(kind="checkout") & Q(topic_ids=[])),
                name="consent_form_opt_out_alone",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="What was on the screen or paper, the same for everybody.",
    plain=(
        "id",
        "kind",
        "form_id",
        "version",
        "language",
        "snapshot",
        "sha256",
        "notice_id",
        "purpose_version_ids",
        "any_box_ticked",
        "any_box_required",
        "published_at",
        "ended_at",
    ),
)
class CollectionPoint(models.Model):
    """A form's published version, a paper form or an import: what was shown, frozen, hashed.

    No box can be ticked beforehand and no marketing box can be required: database constraints
    (INV-8, 10; art. 4(11), 7(4)).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)  # web-form, preference-centre, import, paper, ...
    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, null=True, blank=True, related_name="versions"
    )
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=5)
    snapshot = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    purpose_version_ids = ArrayField(models.UUIDField(), default=list)
    any_box_ticked = models.BooleanField(default=False)
    any_box_required = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(any_box_ticked=False), name="consent_inv08_no_box_ticked"
            ),
            models.CheckConstraint(
                condition=Q(any_box_required=False),
                name="consent_inv10_no_box_required",
            ),
            models.UniqueConstraint(
                fields=["form", "language", "version"], name="consent_form_version"
            ),
        ]


@no_personal_data(
    why="Where the organisation sells: its till, its web shop.",
    plain=("id", "slug", "name", "kind", "created_at", "ended_at"),
)
class CollectingPlace(models.Model):
    """A place where customers give their address at a sale: the till, the web shop."""

    class Kind(models.TextChoices):
        """Kinds of places."""

        TILL = "till", _("Till or counter")
        WEB_SHOP = "web-shop", _("Web shop")
        PHONE = "phone", _("Telephone")
        DOOR = "door", _("At the customer's")
        OTHER = "other", _("Another place")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@no_personal_data(
    why="What every customer saw at a place, in a period; a picture of a screen, of nobody.",
    plain=(
        "id",
        "place_id",
        "collection_point_id",
        "first_day",
        "last_day",
        "picture",
        "picture_kind",
        "entered_by",
        "entered_at",
    ),
)
class PlaceProof(models.Model):
    """What customers saw at a collecting place from one day to another, opt-out included.

    The exact text or the picture is frozen in a collection point of kind `sale`, with its hash
    (INV-7). Nothing of it can be changed but its last day, once: a trigger refuses it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey(CollectingPlace, on_delete=models.PROTECT, related_name="proofs")
    collection_point = models.OneToOneField(
        CollectionPoint, on_delete=models.PROTECT, related_name="+"
    )
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    picture = models.BinaryField(null=True, blank=True)
    picture_kind = models.CharField(max_length=20, blank=True)
    entered_by = models.UUIDField()  # staff id: somebody answers for it
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="consent_proof_period_forward",
            ),
            # One truth per day: the action refuses a period that overlaps another of the place.
            models.UniqueConstraint(
                fields=["place"], condition=Q(last_day=None), name="consent_proof_one_open"
            ),
        ]


@personal_data(
    subject="person_ref",
    order=600,
    erase=OnErasure.BLANK,
    custom_erase="akkoord.consent.erase.blank_events",
    keeps=("person_ref",),  # sealed
    why="Shows that people agreed, and when they stopped (art. 7(1) GDPR).",
    columns={
        "person_ref": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_ref": Column("pd:Identifier", (LEGAL,)),
        "happened_at": Column("pd:Consent", (LEGAL,)),
        "valid_until": Column("pd:Consent", (LEGAL,)),
        "actor_ref": Column("pd:Consent", (LEGAL,)),
        "evidence": Column("pd:Consent", (LEGAL,)),
        "salt": Column("pd:Consent", (), secret=True),
    },
    plain=(
        "id",
        "purpose_version_id",
        "channel",
        "basis",
        "state",
        "recorded_at",
        "actor_kind",
        "method",
        "collection_point_id",
        "notice_id",
        "is_declared",
        "commitment",
    ),
)
class PermissionEvent(models.Model):
    """One fact about permission. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE.

    `person_ref` and `contact_point_ref` are plain: a merge or an erasure never changes what was
    sealed. At erasure the personal columns and the salt go; the commitment stays and proves
    nothing about anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_ref = models.UUIDField(null=True)
    contact_point_ref = models.UUIDField(null=True)
    # No indexes on what is never deleted nor searched by: each would slow every append.
    purpose_version = models.ForeignKey(
        PurposeVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10)
    basis = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    happened_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.UUIDField(null=True, blank=True)  # staff id, when staff entered it
    method = models.CharField(max_length=20)
    collection_point = models.ForeignKey(
        CollectionPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_declared = models.BooleanField(default=False)
    evidence = models.JSONField(null=True, default=dict)  # truncated IPs, row, campaign, words
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    commitment = models.BinaryField(max_length=32, editable=False)

    class Meta:
        constraints: ClassVar = [
            # Nobody acts after we heard of it. NULL: erased.
            models.CheckConstraint(
                condition=Q(happened_at__isnull=True) | Q(happened_at__lte=F("recorded_at")),
                name="consent_happened_before_we_heard",
            ),
            # INV-7: every grant resolves to an exact wording.
            models.CheckConstraint(
                condition=~Q(state__in=["given", "confirmed"], basis="consent")
                | Q(notice__isnull=False),
                name="consent_inv07_grant_has_notice",
            ),
            # Art. 7(1): what staff enter is no consent without its evidence. NULL: erased.
            models.CheckConstraint(
                condition=~_by_staff(Method.PAPER)
                | Q(evidence__isnull=True)
                | Q(evidence__has_key="file"),
                name="consent_paper_has_its_scan",
            ),
            models.CheckConstraint(
                condition=~_by_staff(Method.COUNTER)
                | Q(evidence__isnull=True)
                | Q(evidence__has_any_keys=["file", "tablet"]),
                name="consent_counter_has_its_act",
            ),
            models.CheckConstraint(
                condition=~_by_staff(Method.PHONE)
                | Q(evidence__isnull=True)
                | Q(evidence__has_keys=["caller", "script", "recording", "number_shown"]),
                name="consent_call_has_its_recording",
            ),
            # INV-20: a permission to call was given by somebody who was told of the objection.
            models.CheckConstraint(
                condition=~(
                    _by_staff(Method.PAPER) | _by_staff(Method.COUNTER) | _by_staff(Method.PHONE)
                )
                | ~Q(channel="phone")
                | Q(evidence__isnull=True)
                | Q(evidence__has_key="objection_offered"),
                name="consent_inv20_objection_offered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["person_ref", "recorded_at"],
                condition=Q(person_ref__isnull=False),
                name="consent_event_person",
            ),
            # The fold of one contact point's standing, and its history.
            models.Index(
                fields=["contact_point_ref"],
                condition=Q(contact_point_ref__isnull=False),
                name="consent_event_point",
            ),
        ]


@personal_data(
    subject="person_id",
    order=610,
    columns={
        "id": Column("pd:Consent", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Consent", (LEGAL,)),
        "purpose_id": Column("pd:Consent", (LEGAL,)),
        "state": Column("pd:Consent", (LEGAL,), field="standing"),
        "basis": Column("pd:Consent", (LEGAL,)),
        "method": Column("pd:Consent", (LEGAL,)),
        "event_id": Column("pd:Consent", (LEGAL,)),
        "purpose_version_number": Column("pd:Consent", (LEGAL,)),
        "since": Column("pd:Consent", (LEGAL,), field="standing_since"),
        "heard_at": Column("pd:Consent", (LEGAL,)),
        "valid_until": Column("pd:Consent", (LEGAL,)),
        "is_declared": Column("pd:Consent", (LEGAL,)),
    },
    plain=("channel",),
)
class Standing(models.Model):
    """Today's state per contact point and purpose, with its last event; the fold of the ledger.

    Kept in the same transaction as the event; can be rebuilt (`consent.rebuild`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standings")
    # Indexed by the unique constraint, and `purpose` by the two indexes below.
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="standings", db_index=False
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=12)
    basis = models.CharField(max_length=40)
    method = models.CharField(max_length=20)
    event_id = models.UUIDField()  # the event that made it so
    purpose_version_number = models.PositiveIntegerField()
    since = models.DateTimeField()  # when it happened
    heard_at = models.DateTimeField()  # when we heard
    valid_until = models.DateTimeField(null=True, blank=True)
    is_declared = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact_point", "purpose"], name="consent_one_standing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["purpose", "contact_point"],
                condition=Q(state__in=["given", "confirmed"]),
                name="consent_standing_live",
            ),
            models.Index(fields=["purpose", "state"], name="consent_standing_counts"),
            # Who said yes lately, of themselves: what was brought in by a file is not in it.
            models.Index(
                fields=["purpose", "heard_at"],
                condition=Q(state__in=["given", "confirmed"], basis="consent", is_declared=False)
                & ~Q(method="import"),
                name="consent_standing_lately",
            ),
        ]


@no_personal_data(
    why="Keyed hashes only: blocking, never reading back (INV-40, art. 21(3)). Kept on purpose "
    "after erasure, without a link to anybody.",
    hashes=("keyed_hash",),
    ground="suppression",
    until="suppression-review",
    plain=(
        "id",
        "keyed_hash",
        "channel",
        "scope",
        "reason",
        "since",
        "review_on",
        "by_staff",
        "lifted_for",
    ),
)
class Suppression(models.Model):
    """A keyed hash of an address that may not be used, with scope and reason.

    `scope`: `marketing` (every commercial purpose), or a purpose's slug. `reason`: objection,
    erasure, complaint, withdrawal (of somebody whom retention forgot), one-mail (a referral's
    single mail). Beats every consent, import and segment within its scope (INV-4); lifted only by
    the person's own later fresh act (INV-5), and then for the purposes of that act alone:
    `lifted_for` holds their slugs, so that a topic made later is still a no.
    """

    ALL_MARKETING = "marketing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    keyed_hash = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=10)
    scope = models.CharField(max_length=80, default=ALL_MARKETING)
    reason = models.CharField(max_length=20)
    since = models.DateTimeField()
    review_on = models.DateField()
    by_staff = models.UUIDField(null=True, blank=True)
    lifted_for = ArrayField(
        models.CharField(max_length=80), default=list, db_default=[], blank=True
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["keyed_hash", "channel", "scope"],
                name="consent_suppression_once",
            ),
        ]


@personal_data(
    subject="person_id",
    order=500,
    columns={
        "id": Column("pd:Consent", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "contact_point_id": Column("pd:Consent", (LEGAL,)),
        "given_name": Column("pd:GivenName", (LEGAL,), identifier=Identifier.NAME, provided=True),
        "family_name": Column("pd:FamilyName", (LEGAL,), identifier=Identifier.NAME, provided=True),
        "purpose_version_ids": Column("pd:Consent", (LEGAL,)),
        "replaces_id": Column("pd:Identifier", (RECORDS,)),
        "typed": Column("pd:PersonalInformation", (RECORDS,), provided=True),
        "parent_email": Column("pd:EmailAddress", (LEGAL,), identifier=Identifier.EMAIL),
        "child_confirmed_at": Column("pd:AgeRange", (LEGAL,)),
        "said_sixteen": Column("pd:AgeRange", (LEGAL,)),
        "terms_accepted": Column("pd:Consent", (LEGAL,)),
        "ip_truncated": Column("pd:IPAddress", (LEGAL,)),
        "requested_at": Column("pd:Consent", (LEGAL,)),
        "mailed_at": Column("pd:Consent", (LEGAL,)),
        "expires_at": Column("pd:Consent", (LEGAL,)),
        "confirmed_at": Column("pd:Consent", (LEGAL,)),
    },
    plain=("collection_point_id", "language", "state", "kind"),
)
class SignUp(models.Model):
    """A request that waits for its confirmation (INV-13): one mail per act and 24 hours.

    The names typed in a form for an address we know already change nothing until the person
    confirms through the mailbox. `kind`: a sign-up, or a changed address, which carries the
    choices of the point that it replaces only once it is confirmed (INV-11).
    """

    SIGN_UP = "sign-up"
    ADDRESS_CHANGE = "address-change"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ups")
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="sign_ups"
    )
    collection_point = models.ForeignKey(
        CollectionPoint, on_delete=models.PROTECT, related_name="+"
    )
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=160, blank=True)
    typed = models.JSONField(default=dict, blank=True)  # other fields, until the confirmation
    language = models.CharField(max_length=5)
    purpose_version_ids = ArrayField(models.UUIDField(), default=list)
    kind = models.CharField(max_length=16, default=SIGN_UP)
    replaces = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    said_sixteen = models.BooleanField(default=False)
    parent_email = models.CharField(max_length=320, blank=True)  # until the parent answered
    child_confirmed_at = models.DateTimeField(null=True, blank=True)
    terms_accepted = models.BooleanField(default=False)
    ip_truncated = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=12, default="waiting")  # waiting confirmed expired
    requested_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state="waiting"),
                name="consent_signup_waiting",
            ),
            # How many came from one network, and how many at all, of late.
            models.Index(fields=["ip_truncated", "requested_at"], name="consent_signup_network"),
            models.Index(fields=["requested_at"], name="consent_signup_lately"),
        ]


@personal_data(
    subject="contact_point__person_id",
    order=490,
    columns={
        "id": Column("pd:Identifier", (RIGHTS,)),
        "contact_point_id": Column("pd:Identifier", (RIGHTS,)),
        "network": Column("pd:IPAddress", (RIGHTS,)),
    },
    plain=("asked_at",),
)
class LinkRequest(models.Model):
    """Somebody asked for a preference link: counted for a day, so that nobody is flooded.

    Without a contact point when the address is not known to us; the page says the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    network = models.CharField(max_length=50, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["network", "asked_at"], name="consent_link_network"),
        ]
