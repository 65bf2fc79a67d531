"""What data is used for, each use with why, what, where from, how long and who (art. 13, 14)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from akkoord.law.states import Basis
from akkoord.policy.content import Entry, Fact, Section
from akkoord.policy.told import (
    Register,
    categories_of,
    goes_to_published,
    interest_of,
    is_by_hand,
    receivers_of,
    rests_on_interest,
    source_of,
    terms_of,
    transfer_of,
)
from akkoord.register.models import ProcessingActivity
from akkoord.register.queries import basis_sentence, published_sentence


def uses(register: Register, language: str, own: Sequence[str]) -> Section:
    """The section of all uses; the language must be active. No queries."""
    by_key: dict[str, list[str]] = {}
    for recipient in register.recipients:
        for key in recipient.activity_keys:
            by_key.setdefault(key, []).append(recipient.name)
    return Section(
        "uses",
        _("What we use data for"),
        entries=tuple(
            _use(register, each, by_key.get(each.key, []), language) for each in register.activities
        ),
        own=own,
    )


def _use(
    register: Register, each: ProcessingActivity, recipients: Sequence[str], language: str
) -> Entry:
    is_english = language == "en"
    facts = [Fact(_("Why we may do this"), why_allowed(each))]
    if rests_on_interest(each):
        facts.append(Fact(_("What we need it for"), interest_of(register, each, language)))
    facts.append(Fact(_("What we keep"), ", ".join(categories_of(register, each.key, language))))
    if source := source_of(each, language):
        facts.append(Fact(_("Where it comes from"), source))
    facts.append(Fact(_("How long"), " ".join(terms_of(register, each.key, language))))
    if duty := must_be_given(each):
        facts.append(Fact(_("Whether you must give it"), duty))
    if to := [*recipients, *receivers_of(each, language)]:
        facts.append(Fact(_("Who receives it"), ", ".join(dict.fromkeys(to))))
    if (where := transfer_of(each, language)) and receivers_of(each, language):
        facts.append(Fact(_("Whether it leaves Europe"), where))
    return Entry(
        each.key,
        each.name_en if is_english else each.name_nl,
        each.purpose_en if is_english else each.purpose_nl,
        tuple(facts),
    )


def why_allowed(activity: ProcessingActivity) -> str:
    """Why a use is allowed, in a sentence; for a topic that customers may get, that too."""
    said = [basis_sentence(activity.legal_basis)]
    if Basis.EXISTING_CUSTOMER in activity.telecom_basis.split():
        said.append(
            _("Or because you bought something like it from us. You can say no in every mail.")
        )
    if goes_to_published(activity):
        said.append(published_sentence())
    return " ".join(said)


def must_be_given(activity: ProcessingActivity) -> str:
    """Whether somebody must give data for a use, and what follows if not (art. 13(2)(e)).

    Empty: they need not. What Akkoord does for a duty of law asks nobody for anything.
    """
    if activity.legal_basis == Basis.CONTRACT:
        return _("Only if you want this from us. Without it we cannot do it.")
    if activity.legal_basis == Basis.LEGAL_OBLIGATION and is_by_hand(activity):
        return _("Yes, the law asks it of us. Without it we may not do this.")
    return ""
