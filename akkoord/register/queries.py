"""Named reads of the register: the organisation, its topics, what each may use, the notice."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akkoord.law.register_rules import Role
from akkoord.law.states import Basis, Channel
from akkoord.register.logo_models import Logo
from akkoord.register.models import (
    ActivityField,
    Organisation,
    PersonalDataField,
    ProcessingActivity,
    ProductGroup,
    Purpose,
    PurposeChange,
    PurposeVersion,
    Recipient,
    RetentionRule,
)
from akkoord.register.presets import NOT_FOR_LETTERS
from akkoord.register.term_queries import without_term

_OF_STAFF = {"dpv:Employee", "dpv:JobApplicant"}


def organisation() -> Organisation | None:
    """The controller, or None before set-up."""
    return Organisation.objects.filter(id=1).first()


def logo_icon() -> bytes | None:
    """The logo as a square PNG for notifications; None: there is none."""
    found = Logo.objects.filter(id=1).values_list("icon", flat=True).first()
    return None if found is None else bytes(found)


def live_topics() -> QuerySet[Purpose]:
    """Topics that people can choose now, with their current words in `current` (one element)."""
    return (
        Purpose.objects.filter(is_topic=True, ended_at=None)
        .prefetch_related(
            Prefetch(
                "versions",
                queryset=PurposeVersion.objects.filter(valid_to=None),
                to_attr="current",
            )
        )
        .order_by("created_at", "id")
    )


def letter_topics() -> QuerySet[Purpose]:
    """Living topics that something is sent for: all but the yes to measuring (INV-28)."""
    return live_topics().filter(measures=False)


def measuring_purpose() -> Purpose | None:
    """The purpose of keeping who opens and presses; None: nobody was ever asked."""
    return Purpose.objects.filter(measures=True, ended_at=None).first()


def current_versions(purposes: Iterable[Purpose]) -> list[PurposeVersion]:
    """The current words of these purposes, with their purpose, in the order given."""
    wanted = [purpose.id for purpose in purposes]
    found = {
        version.purpose_id: version
        for version in PurposeVersion.objects.filter(
            purpose_id__in=wanted, valid_to=None
        ).select_related("purpose")
    }
    return [found[each] for each in wanted if each in found]


def current_version(purpose: Purpose) -> PurposeVersion | None:
    """The current words of a purpose; None when it has ended."""
    return next((v for v in current_versions([purpose]) if v.purpose.ended_at is None), None)


def topic_by_slug(slug: str) -> Purpose | None:
    """The living topic with this slug, or None."""
    return Purpose.objects.filter(slug=slug, is_topic=True, ended_at=None).first()


def push_topics() -> QuerySet[Purpose]:
    """Living topics that may come as push messages."""
    return letter_topics().filter(channels__contains=[Channel.PUSH])


def post_topics() -> QuerySet[Purpose]:
    """Living topics that may come as letters on paper."""
    return letter_topics().filter(channels__contains=[Channel.POST])


def current_activity(key: str) -> ProcessingActivity | None:
    """The activity's current version, or None when it has ended or never was."""
    return ProcessingActivity.objects.filter(key=key, valid_to=None).first()


def current_activities() -> QuerySet[ProcessingActivity]:
    """All current activities, those of the organisation before those of the system."""
    return ProcessingActivity.objects.filter(valid_to=None).order_by("is_system", "name_nl")


def told_activities() -> list[ProcessingActivity]:
    """What customers and readers are told that their data are used for (art. 13-15); one query.

    A draft is nobody's business yet and may have no basis; what is done for clients is told by
    those clients; what is about staff alone is told to staff.
    """
    shown = current_activities().filter(
        Q(is_system=True) | Q(key__startswith="topic-") | Q(published_at__isnull=False),
        role=Role.CONTROLLER,
    )
    return [each for each in shown if not each.subjects or not set(each.subjects) <= _OF_STAFF]


def field_allowed(activity_key: str) -> frozenset[str]:
    """Keys of the fields that this activity may use of all (purpose binding, art. 5(1)(b))."""
    return frozenset(
        ActivityField.objects.filter(
            activity_key=activity_key,
            ended_at=None,
            yes_since=None,
            field__ended_at=None,
            field__is_special=False,
        ).values_list("field__key", flat=True)
    )


def fields_admitted(activity_key: str) -> dict[str, datetime | None]:
    """All fields that this activity may use, by key, with since when a yes to its topic counts.

    None: of everybody. Whoever asks for these must keep to that moment (art. 6(4)); every other
    road knows `field_allowed` alone.
    """
    return dict(
        ActivityField.objects.filter(
            activity_key=activity_key,
            ended_at=None,
            field__ended_at=None,
            field__is_special=False,
        ).values_list("field__key", "yes_since")
    )


def fields_by_yes(activity_key: str) -> dict[str, datetime]:
    """Fields that this activity may use only of who said yes to its topic since a moment."""
    return {key: since for key, since in fields_admitted(activity_key).items() if since}


def purpose_changes(activity_key: str) -> QuerySet[PurposeChange]:
    """What was answered when data began to serve this activity, the newest first (art. 6(4))."""
    return PurposeChange.objects.filter(activity_key=activity_key).order_by("-decided_at", "-id")


def activities_using(field_key: str) -> list[str]:
    """Keys of the activities for which a field was admitted: where it may be used instead."""
    return list(
        ActivityField.objects.filter(field__key=field_key, ended_at=None)
        .order_by("activity_key")
        .values_list("activity_key", flat=True)
    )


def known_fields() -> QuerySet[PersonalDataField]:
    """The field catalogue as it stands: what letters and groups can use."""
    return (
        PersonalDataField.objects.filter(ended_at=None)
        .exclude(key__in=NOT_FOR_LETTERS)
        .order_by("name_nl")
    )


def names_of_fields(keys: Collection[str]) -> list[str]:
    """What fields are called, in the reader's language; one that is not known keeps its key."""
    names = {each.key: each.name for each in PersonalDataField.objects.filter(key__in=keys)}
    return sorted(names.get(key, key) for key in keys)


def own_fields() -> QuerySet[PersonalDataField]:
    """Fields that the organisation made itself; never sensitive ones (art. 9)."""
    return PersonalDataField.objects.filter(is_own=True, is_special=False, ended_at=None).order_by(
        "name_nl"
    )


def uses_of(activity_key: str) -> QuerySet[ActivityField]:
    """What an activity uses now, each with its field, by the order in which it was admitted."""
    return (
        ActivityField.objects.filter(activity_key=activity_key, ended_at=None)
        .select_related("field")
        .order_by("admitted_at", "id")
    )


def fields_in_use() -> list[PersonalDataField]:
    """The own fields that at least one current activity uses, by name; one query (INV-31)."""
    used = ActivityField.objects.filter(
        ended_at=None,
        activity_key__in=ProcessingActivity.objects.filter(valid_to=None).values("key"),
    )
    return list(own_fields().filter(id__in=used.values("field_id")))


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of one's own, with the names of the activities that use it."""

    field: PersonalDataField
    used_by: list[str]


def own_fields_and_uses() -> list[OwnField]:
    """The fields of one's own, by name; three queries."""
    found = list(
        own_fields().prefetch_related(Prefetch("uses", ActivityField.objects.filter(ended_at=None)))
    )
    names = {each.key: each.name for each in current_activities()} if found else {}
    return [
        OwnField(
            each,
            sorted(names[use.activity_key] for use in each.uses.all() if use.activity_key in names),
        )
        for each in found
    ]


def product_groups() -> QuerySet[ProductGroup]:
    """What the organisation sells, by name."""
    return ProductGroup.objects.filter(ended_at=None).order_by("name")


def product_group_names() -> list[str]:
    """The names of what is sold, in order."""
    return list(product_groups().values_list("name", flat=True))


def group_finder() -> Callable[[str, str], str]:
    """A function from an article's code and name to its product group; empty: none fits.

    The seller's own mapping: the longest sign that the code begins with or the name holds.
    """
    signs = sorted(
        (
            (sign, group.name)
            for group in product_groups()
            for sign in {group.name.lower(), *group.signs}
        ),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )

    @lru_cache(maxsize=20_000)
    def find(code: str, name: str) -> str:
        code, name = code.strip().lower(), " ".join(name.lower().split())
        for sign, group in signs:
            if code.startswith(sign) or sign in name:
                return group
        return ""

    return find


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a person must be told when data is collected (art. 13), in one language."""

    controller: str
    address: str
    contact: str
    officer: str
    purposes: list[dict[str, str]]  # name, description, why (basis), frequency
    fields: list[dict[str, str]]  # key, name, why
    terms: list[str]
    recipients: list[dict[str, str]]  # name, service, country, safeguard
    rights: list[str]
    withdrawal: str
    complaint: str
    obligatory: str
    automated: str

    def as_json(self) -> dict[str, Any]:
        """For a frozen snapshot."""
        return asdict(self)

    def missing(self) -> list[str]:
        """Elements of art. 13 that are empty; such a notice cannot be bound (INV-43)."""
        demanded = (
            "controller",
            "contact",
            "purposes",
            "terms",
            "recipients",
            "rights",
            "withdrawal",
            "complaint",
            "obligatory",
        )
        return [name for name in demanded if not getattr(self, name)]


def basis_sentence(basis: str) -> str:
    """Why this is allowed, in a sentence; the article stands in brackets."""
    return {
        Basis.CONSENT: _("Because you say yes (art. 6(1)(a) GDPR)."),
        Basis.CONTRACT: _("Because we have an agreement with you (art. 6(1)(b) GDPR)."),
        Basis.LEGAL_OBLIGATION: _("Because the law demands it (art. 6(1)(c) GDPR)."),
        Basis.VITAL_INTEREST: _("Because somebody's life may depend on it (art. 6(1)(d) GDPR)."),
        Basis.PUBLIC_TASK: _("Because it is our task by law (art. 6(1)(e) GDPR)."),
        Basis.LEGITIMATE_INTEREST: _(
            "Because we need it and it weighs little on you (art. 6(1)(f) GDPR)."
        ),
        Basis.EXISTING_CUSTOMER: _(
            "Because you bought something like it from us (art. 11.7 Telecommunicatiewet)."
        ),
    }.get(Basis(basis), basis)


def terms_told(activity_keys: Collection[str]) -> list[str]:
    """What a notice says of how long, in the language of the moment.

    Something that nothing ends leaves the element empty: it cannot be published.
    """
    rules = RetentionRule.objects.filter(activity_key__in=activity_keys, valid_to=None)
    return [] if without_term(activity_keys) else sorted({rule.criterion for rule in rules})


def recipients_told(activity_keys: Collection[str]) -> list[dict[str, str]]:
    """What a notice says of who receives it, in the language of the moment (art. 13(1)(e)-(f)).

    In a fixed order: what was on the screen is held against what would be by its hash.
    """
    found = Recipient.objects.filter(valid_to=None, activity_keys__overlap=list(activity_keys))
    return [
        {
            "name": each.name,
            "service": each.service,
            "country": each.country,
            "safeguard": each.safeguard,
        }
        for each in found.order_by("valid_from", "id")
    ]


def notice_facts(
    purposes: Sequence[Purpose],
    language: str,
    *,
    field_keys: Sequence[str] = ("email",),
    carrier: str = "",
) -> NoticeFacts:
    """The art. 13 elements for these purposes, made from the register, in `nl` or `en`.

    `carrier` is the key of an activity that is no topic (the order, the question). Empty elements
    stay empty: `missing()` names them and publishing refuses (INV-43).
    """
    keys = [*([carrier] if carrier else []), *(purpose.activity_key for purpose in purposes)]
    with translation.override(language):
        house = organisation()
        activities = {
            each.key: each
            for each in ProcessingActivity.objects.filter(key__in=keys, valid_to=None)
        }
        versions = current_versions(purposes)
        uses: dict[str, ActivityField] = {}
        for use in (
            ActivityField.objects.filter(
                activity_key__in=keys, ended_at=None, field__key__in=field_keys
            )
            .select_related("field")
            .order_by("admitted_at", "id")
        ):
            uses.setdefault(use.field.key, use)
        return NoticeFacts(
            controller=house.name if house else "",
            address=house.address if house else "",
            contact=house.contact_email if house else "",
            officer=(house.officer_email if house else ""),
            purposes=[
                *_carried(activities.get(carrier), has_topics=bool(versions)),
                *(
                    {
                        "slug": version.purpose.slug,
                        "name": version.name,
                        "description": version.description,
                        "frequency": version.purpose.frequency_en
                        if language == "en"
                        else version.purpose.frequency_nl,
                        "why": _why(activities.get(version.purpose.activity_key)),
                    }
                    for version in versions
                ),
            ],
            fields=[
                {
                    "key": key,
                    "name": uses[key].field.name,
                    "why": uses[key].why_en if language == "en" else uses[key].why_nl,
                }
                for key in field_keys
                if key in uses
            ],
            terms=terms_told(keys),
            recipients=recipients_told(keys),
            rights=[
                _("see what we keep of you"),
                _("have it corrected"),
                _("have it erased"),
                _("have its use limited"),
                _("take it with you"),
                pgettext("right", "object"),
            ],
            withdrawal=_(
                "You can stop at any moment: with the link in every mail, or on our preferences "
                "page. That takes one press, and works at once."
            ),
            complaint=_(
                "Not satisfied with what we do? Tell us, or complain to the Dutch data protection "
                "authority: autoriteitpersoonsgegevens.nl."
            ),
            obligatory=_(
                "You do not have to give us anything. Without an e-mail address we cannot mail you."
            ),
            automated=_("We take no decisions about you by computer alone."),
        )


def whys_told(purposes: Collection[Purpose]) -> dict[str, str]:
    """Why each topic may come, by its slug, in the language of the moment (art. 13(1)(c), (d))."""
    keys = [each.activity_key for each in purposes]
    found = ProcessingActivity.objects.filter(key__in=keys, valid_to=None)
    activities = {each.key: each for each in found}
    return {each.slug: _why(activities.get(each.activity_key)) for each in purposes}


def _why(activity: ProcessingActivity | None) -> str:
    """Why an activity is allowed; a topic that is also for customers says so."""
    if activity is None:
        return ""
    reasons = [basis_sentence(activity.legal_basis)]
    if Basis.EXISTING_CUSTOMER in activity.telecom_basis.split():
        reasons.append(
            _(
                "Or because you bought something like it from us, and could say no then and can "
                "in every mail (art. 11.7 Telecommunicatiewet)."
            )
        )
    if Basis.PUBLISHED_ADDRESS in activity.telecom_basis.split():
        reasons.append(published_sentence())
        if activity.published_why:
            reasons.append(activity.published_why)
    return " ".join(reasons)


def published_sentence() -> str:
    """Why a company may be written to at the address that it published for that."""
    return _(
        "Or because your company published this address for such mail. You can say no in every "
        "mail (art. 11.7 Telecommunicatiewet, art. 6(1)(f) GDPR)."
    )


def _carried(activity: ProcessingActivity | None, *, has_topics: bool) -> list[dict[str, str]]:
    """What a form does besides marketing, as an entry among the purposes of its notice."""
    if activity is None:
        return []
    why = basis_sentence(activity.legal_basis)
    if activity.key == "questions":  # no agreement yet, but steps towards it at one's own request
        why = _("Because you ask us (art. 6(1)(b) GDPR).")
    return [
        {
            "slug": activity.key,
            "name": activity.name,
            "description": activity.purpose,
            "frequency": _("only when it is needed") if has_topics else "",
            "why": why,
        }
    ]
