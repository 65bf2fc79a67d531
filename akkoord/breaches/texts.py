"""No person stands in the record of a leak: what staff write is looked through (art. 5(1)(c)).

The organisation's own address and number may stand there: people must know whom to ask.
"""

import re

from django.utils.translation import gettext as _
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from akkoord.datamap.identifiers import BadIdentifier, normalise_phone
from akkoord.law.sensitive import numbers_in
from akkoord.register.models import Organisation

_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
LONGEST = 4000


def person_in(text: str, house: Organisation | None) -> str:
    """What of a text may not stand in the record, as it stands there; empty: nothing."""
    own = {house.contact_email, house.officer_email, house.sender_email} if house else set()
    for found in _ADDRESS.finditer(text):
        if found[0].rstrip(".").lower() not in {each.lower() for each in own}:
            return found[0]
    ours = _ours(house)
    for match in PhoneNumberMatcher(text, "NL", leniency=Leniency.VALID):
        if format_number(match.number, PhoneNumberFormat.E164) not in ours:
            return str(match.raw_string)
    if numbers_in(text):
        return _("a personal number")
    return ""


def _ours(house: Organisation | None) -> set[str]:
    try:
        return {normalise_phone(house.contact_phone)} if house and house.contact_phone else set()
    except BadIdentifier:
        return set()


def refusal(found: str) -> str:
    """Why a text is refused, and what to write instead."""
    return _(
        "“%(found)s” may not stand in the record of a leak. Write what kind of data it was, and "
        "say at “Who is affected” of whom."
    ) % {"found": found}
