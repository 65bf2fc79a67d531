"""What the register can tell people, gathered once for both languages.

Activities about members of staff alone are left out: they get a notice of their own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.datamap.dpv import CATEGORIES
from akkoord.imports.models import Import
from akkoord.law.policy_rules import ActivityTold, Gap, PolicyTold, RecipientTold, gaps
from akkoord.law.register_rules import Element
from akkoord.law.states import Basis
from akkoord.register.models import (
    ActivityField,
    BalancingTest,
    Organisation,
    ProcessingActivity,
    Recipient,
    RetentionRule,
)
from akkoord.register.queries import (
    basis_sentence,
    measuring_purpose,
    organisation,
    told_activities,
)
from akkoord.register.term_queries import rules_now


@dataclass(frozen=True, slots=True)
class Register:
    """What stands in the register now, as far as people outside are concerned."""

    house: Organisation | None
    activities: Sequence[ProcessingActivity]
    uses: dict[str, list[ActivityField]]
    terms: dict[str, list[RetentionRule]]
    interests: dict[str, str]
    recipients: Sequence[Recipient]
    sources: frozenset[str]  # of the files that were brought in
    measures: bool  # somebody can say yes to being measured (INV-28)

    def own(self, key: str) -> ProcessingActivity | None:
        """The activity with this key, for what its entry itself says."""
        return next((each for each in self.activities if each.key == key), None)


def read_register() -> Register:
    """The register as it stands; eight queries, whatever its size."""
    activities = told_activities()
    keys = [each.key for each in activities]
    uses: dict[str, list[ActivityField]] = defaultdict(list)
    found = ActivityField.objects.filter(activity_key__in=keys, ended_at=None)
    for use in found.select_related("field").order_by("admitted_at", "id"):
        uses[use.activity_key].append(use)
    terms: dict[str, list[RetentionRule]] = defaultdict(list)
    for rule in rules_now(keys):
        terms[rule.activity_key].append(rule)
    house = organisation()
    recipients = Recipient.objects.filter(valid_to=None, activity_keys__overlap=keys)
    return Register(
        house=house,
        activities=activities,
        uses=uses,
        terms=terms,
        interests=dict(
            BalancingTest.objects.filter(valid_to=None).values_list("activity_key", "interest")
        ),
        # What the organisation does with its own machines is no receipt by another (art. 4(9)).
        recipients=list(recipients.exclude(name=house.name if house else "").order_by("name")),
        sources=frozenset(
            Import.objects.filter(state=Import.State.DONE, is_dry_run=False)
            .values_list("source", flat=True)
            .distinct()
        ),
        measures=measuring_purpose() is not None,
    )


def categories_of(register: Register, key: str, language: str) -> list[str]:
    """What is kept for an activity, by name; for what has no fields of its own, in words."""
    with translation.override(language):
        known = {
            "suppression": _("a code made of your address, which nobody can turn back"),
            "audit-trail": _("which member of staff did what, and when"),
            "backups": _("everything that is named on this page"),
        }
        kept = [each.field.name for each in register.uses.get(key, ())]
        own = register.own(key)
        kept += (own.data_en if language == "en" else own.data_nl) if own else []
        return list(dict.fromkeys(kept)) or ([known[key]] if key in known else [])


def terms_of(register: Register, key: str, language: str) -> list[str]:
    """How long data of an activity is kept, each term once; one of a part says of which part."""
    kept = []
    with translation.override(language):
        for each in register.terms.get(key, ()):
            said = (each.criterion_en if language == "en" else each.criterion_nl).strip()
            label = CATEGORIES[each.category].label if each.category in CATEGORIES else ""
            kept.append(f"{label}: {said}" if label and said else said)
    own = register.own(key)
    kept.append((own.term_en if language == "en" else own.term_nl).strip() if own else "")
    return [each for each in dict.fromkeys(kept) if each]


def interest_of(register: Register, activity: ProcessingActivity, language: str) -> str:
    """The interest that a use rests on (art. 13(1)(d)), as it was weighed.

    What Akkoord itself does so is weighed in its presets: there the purpose is the interest.
    """
    is_english = language == "en"
    if activity.is_system:
        return activity.purpose_en if is_english else activity.purpose_nl
    if goes_to_published(activity):
        return activity.published_why
    proof = activity.proof_en if is_english else activity.proof_nl
    return proof or register.interests.get(activity.key, "")


def rests_on_interest(activity: ProcessingActivity) -> bool:
    """Whether a use rests on an interest (art. 6(1)(f)), also for some of its addresses alone."""
    return activity.legal_basis == Basis.LEGITIMATE_INTEREST or goes_to_published(activity)


def goes_to_published(activity: ProcessingActivity) -> bool:
    """Whether a topic also goes to addresses that companies published for such mail."""
    return Basis.PUBLISHED_ADDRESS in activity.telecom_basis.split()


def is_by_hand(activity: ProcessingActivity) -> bool:
    """Whether a use was written down by hand: its data stand in words, no field leads to them."""
    return bool(activity.data_nl) and not activity.is_system


def source_of(activity: ProcessingActivity, language: str) -> str:
    """Where the data of a use come from, in the words of the register (art. 14(2)(f))."""
    return (activity.source_en if language == "en" else activity.source_nl).strip()


def receivers_of(activity: ProcessingActivity, language: str) -> list[str]:
    """Who else receives data of a use, in the words of the register: kinds of companies."""
    return list(activity.receivers_en if language == "en" else activity.receivers_nl)


def transfer_of(activity: ProcessingActivity, language: str) -> str:
    """Where the receivers in words are, and why data may go there (art. 13(1)(f), 14(1)(f))."""
    said = activity.transfers_en if language == "en" else activity.transfers_nl
    return " ".join(said.split())


def _needs_transfer(activity: ProcessingActivity) -> bool:
    """Whether somebody must say where receivers are: there are some, and no reason stands."""
    excused = (activity.blanks or {}).get(Element.TRANSFERS)
    return bool(activity.receivers_nl) and not excused


def policy_gaps(register: Register) -> tuple[Gap, ...]:
    """What is missing in either language before the policy may be published (INV-43)."""
    found = dict.fromkeys(
        gap for language in ("nl", "en") for gap in gaps(_told(register, language))
    )
    return tuple(found)


def _told(register: Register, language: str) -> PolicyTold:
    house = register.house
    is_english = language == "en"
    with translation.override(language):
        return PolicyTold(
            controller=house.name if house else "",
            address=house.address if house else "",
            contact=house.contact_email if house else "",
            activities=[
                ActivityTold(
                    key=each.key,
                    purpose=each.purpose_en if is_english else each.purpose_nl,
                    basis=basis_sentence(each.legal_basis) if each.legal_basis else "",
                    needs_interest=rests_on_interest(each),
                    interest=interest_of(register, each, language),
                    categories=categories_of(register, each.key, language),
                    terms=terms_of(register, each.key, language),
                    is_by_hand=is_by_hand(each),
                    source=source_of(each, language),
                    needs_transfer=_needs_transfer(each),
                    transfer=transfer_of(each, language),
                )
                for each in register.activities
            ],
            recipients=[
                RecipientTold(
                    key=each.key,
                    name=each.name,
                    service=each.service_en if is_english else each.service_nl,
                    country=each.country,
                    safeguard=each.safeguard,
                )
                for each in register.recipients
            ],
            officer=house.officer_name if house else "",
            officer_contact=house.officer_email if house else "",
        )
