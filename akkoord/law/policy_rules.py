"""What a privacy policy must tell before it may be published (art. 12-14; INV-43).

A form's notice speaks of one form (`consent_rules`); the policy speaks of everything that is done
with data of people outside the house, so its gaps are named per activity and per recipient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from akkoord.law.register_rules import EEA


class PolicyElement(StrEnum):
    """An element that must be told."""

    CONTROLLER = "controller"
    CONTACT = "contact"
    OFFICER = "officer"
    PURPOSE = "purpose"
    BASIS = "basis"
    INTEREST = "interest"
    CATEGORIES = "categories"
    TERM = "term"
    SOURCE = "source"
    RECIPIENT = "recipient"
    TRANSFER = "transfer"
    ACTIVITIES = "activities"


ARTICLES: dict[PolicyElement, str] = {
    PolicyElement.CONTROLLER: "AVG 13(1)(a), 14(1)(a)",
    PolicyElement.CONTACT: "AVG 13(1)(a), 14(1)(a)",
    PolicyElement.OFFICER: "AVG 13(1)(b), 14(1)(b)",
    PolicyElement.PURPOSE: "AVG 13(1)(c), 14(1)(c)",
    PolicyElement.BASIS: "AVG 13(1)(c), 14(1)(c)",
    PolicyElement.INTEREST: "AVG 13(1)(d), 14(2)(b)",
    PolicyElement.CATEGORIES: "AVG 14(1)(d)",
    PolicyElement.TERM: "AVG 13(2)(a), 14(2)(a)",
    PolicyElement.SOURCE: "AVG 14(2)(f)",
    PolicyElement.RECIPIENT: "AVG 13(1)(e), 14(1)(e)",
    PolicyElement.TRANSFER: "AVG 13(1)(f), 14(1)(f)",
    PolicyElement.ACTIVITIES: "AVG 13(1)(c), 14(1)(c)",
}


@dataclass(frozen=True, slots=True)
class ActivityTold:
    """What the register can tell of one activity, in one language; empty: it cannot."""

    key: str
    purpose: str
    basis: str
    needs_interest: bool
    interest: str
    categories: Sequence[str]
    terms: Sequence[str]
    is_by_hand: bool = (
        False  # done outside Akkoord: nothing but its words says where data come from
    )
    source: str = ""
    needs_transfer: bool = False  # others receive it, of whom only words say where they are
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class RecipientTold:
    """What the register can tell of one recipient."""

    key: str
    name: str
    service: str
    country: str
    safeguard: str


@dataclass(frozen=True, slots=True)
class PolicyTold:
    """Everything that the register can tell, in one language."""

    controller: str
    address: str
    contact: str
    activities: Sequence[ActivityTold]
    recipients: Sequence[RecipientTold]
    officer: str = ""  # the name of who watches over data
    officer_contact: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """An element that is missing; `about`: the key of the activity or recipient that lacks it."""

    element: PolicyElement
    about: str = ""


def leaves_eea(country: str) -> bool:
    """Whether data that goes to this country (ISO 3166) is a transfer (art. 44)."""
    return country.upper() not in EEA


def gaps(told: PolicyTold) -> tuple[Gap, ...]:
    """What a policy lacks, in the order of art. 13; none: it may be published (INV-43)."""
    return tuple(_gaps(told))


def _gaps(told: PolicyTold) -> Iterator[Gap]:
    if not (told.controller.strip() and told.address.strip()):
        yield Gap(PolicyElement.CONTROLLER)
    if not told.contact.strip():
        yield Gap(PolicyElement.CONTACT)
    if told.officer.strip() and not told.officer_contact.strip():
        yield Gap(PolicyElement.OFFICER)
    if not told.activities:
        yield Gap(PolicyElement.ACTIVITIES)
    for each in told.activities:
        yield from _of_activity(each)
    for recipient in told.recipients:
        if not (recipient.name.strip() and recipient.service.strip()):
            yield Gap(PolicyElement.RECIPIENT, recipient.key)
        if leaves_eea(recipient.country) and not recipient.safeguard.strip():
            yield Gap(PolicyElement.TRANSFER, recipient.key)


def _of_activity(each: ActivityTold) -> Iterator[Gap]:
    needed = (
        (PolicyElement.PURPOSE, each.purpose.strip()),
        (PolicyElement.BASIS, each.basis.strip()),
        (PolicyElement.INTEREST, each.interest.strip() or not each.needs_interest),
        (PolicyElement.CATEGORIES, each.categories),
        (PolicyElement.TERM, each.terms),
        (PolicyElement.SOURCE, each.source.strip() or not each.is_by_hand),
        (PolicyElement.TRANSFER, each.transfer.strip() or not each.needs_transfer),
    )
    yield from (Gap(element, each.key) for element, is_told in needed if not is_told)
