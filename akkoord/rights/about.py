"""What must be told beside the data itself (art. 15(1) GDPR), from the register.

Purposes and why each is allowed, for how long, who receives it by name, where it came from, the
rights and the AP. `add_recipient_source` lets a room add who really received this person's data.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.people.models import Person
from akkoord.register.models import Recipient, RetentionRule
from akkoord.register.queries import basis_sentence, organisation, told_activities
from akkoord.rights.value_words import VALUES


@dataclass(frozen=True, slots=True)
class Received:
    """Who received data of this person: by name, for what, where, and how it is protected there."""

    name: str
    service: str
    country: str
    safeguard: str = ""


RecipientSource = Callable[[Sequence[UUID]], list[Received]]
_sources: dict[str, RecipientSource] = {}


def add_recipient_source(key: str, source: RecipientSource) -> None:
    """Plug in who received data of these people, besides whom the register names."""
    _sources[key] = source


def recipients_of(person_ids: Sequence[UUID]) -> list[Received]:
    """Everybody who received it, by name (art. 15(1)(c); C-154/21): each once."""
    found = [
        Received(each.name, each.service, each.country, each.safeguard)
        for each in Recipient.objects.filter(valid_to=None).order_by("name", "id")
    ]
    for source in _sources.values():
        found += source(person_ids)
    return list({(each.name, each.service): each for each in found}.values())


@dataclass(frozen=True, slots=True)
class About:
    """What is told beside the data."""

    controller: str
    address: str
    contact: str
    officer: str
    purposes: list[dict[str, str]]
    terms: list[str]
    recipients: list[dict[str, str]]
    source: str
    rights: list[str]
    complaint: str
    automated: str

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        return asdict(self)


def about_person(person: Person, person_ids: Sequence[UUID], language: str) -> About:
    """All of it, in `nl` or `en`; four statements and one per plugged-in source."""
    with translation.override(language):
        house = organisation()
        return About(
            controller=house.name if house else "",
            address=house.address if house else "",
            contact=house.contact_email if house else "",
            officer=house.officer_email if house else "",
            purposes=[
                {
                    "name": each.name,
                    "purpose": each.purpose,
                    "why": basis_sentence(each.legal_basis),
                }
                for each in told_activities()
            ],
            terms=sorted({each.criterion for each in RetentionRule.objects.filter(valid_to=None)}),
            recipients=[asdict(each) for each in recipients_of(person_ids)],
            source=str(VALUES["source"].get(person.source, person.source)),
            rights=[
                _("have something corrected"),
                _("have it erased"),
                _("have it kept and not used"),
                _("take it along"),
                _("object to a use"),
                _("take back what you agreed to"),
            ],
            complaint=_(
                "Not satisfied? Tell us, or complain to the Dutch data protection authority "
                "(Autoriteit Persoonsgegevens, autoriteitpersoonsgegevens.nl)."
            ),
            automated=_("No machine decides about you by itself."),
        )
