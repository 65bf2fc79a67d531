"""Identifiers of people in one spelling, so that the same address is always the same address.

Comparing and hashing use these forms; what somebody typed is kept beside them. Dots and +tags are
never stripped: that would hit other people.
"""

import functools
import re
import unicodedata
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_ADDRESS_LIMIT = 254  # RFC 5321 4.5.3.1.3, as email-validator counts it
_LOCAL_LIMIT = 64
_ATEXT = r"[a-zA-Z0-9_!#$%&'*+\-/=?^`{|}~]+"
_PLAIN_ADDRESS = re.compile(rf"({_ATEXT}(?:\.{_ATEXT})*)@([a-zA-Z0-9.\-]+)", re.ASCII)
_PLAIN_PHONE = re.compile(r"[+(]?[0-9][0-9 ()./\-]*", re.ASCII)
_DUTCH_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*([A-Z]{2})", re.ASCII)
_NEVER_ISSUED = {"SA", "SD", "SS"}


class Fault(StrEnum):
    """What is wrong with an identifier."""

    EMPTY = "empty"
    BAD_ADDRESS = "bad-address"
    BAD_DOMAIN = "bad-domain"
    BAD_PHONE = "bad-phone"
    BAD_POSTCODE = "bad-postcode"


class BadIdentifier(ValueError):
    """What was typed is no such identifier; the message names the fault, never what was typed."""

    def __init__(self, reason: Fault) -> None:
        """`reason`: the fault, a word that a caller can translate or count."""
        super().__init__(str(reason))
        self.reason = reason


def normalise_email(text: str) -> str:
    """The address in its one spelling: NFC, lower case, the domain in its ASCII form (IDNA 2008).

    Accepts exactly what email-validator accepts (blanks around it aside), without asking DNS.
    Raises BadIdentifier.
    """
    text = text.strip()
    plain = _PLAIN_ADDRESS.fullmatch(text)
    # The address with its domain in Unicode can be longer in bytes: leave xn-- to the library.
    if plain and len(plain[1]) <= _LOCAL_LIMIT and len(text) <= _ADDRESS_LIMIT:
        domain = _plain_domain(plain[2].lower())
        if domain is None:
            raise BadIdentifier(Fault.BAD_DOMAIN)
        if "xn--" not in domain:
            return f"{plain[1].lower()}@{domain}"
    return _any_email(text)


def _any_email(text: str) -> str:
    """The slow way, by the library, for whatever the plain pattern does not know."""
    if not text:
        raise BadIdentifier(Fault.EMPTY)
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise BadIdentifier(Fault.BAD_ADDRESS) from None
    local = unicodedata.normalize("NFC", found.local_part.lower())
    return f"{local}@{found.ascii_domain}"


@functools.lru_cache(maxsize=65_536)
def _plain_domain(domain: str) -> str | None:
    """An ASCII domain as email-validator spells it, or None when it refuses; a file of a million
    addresses has few domains."""
    try:
        return validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return None


def normalise_phone(text: str, region: str = "NL") -> str:
    """The number in E.164 (`+31612345678`); a number without a country is one of `region`.

    Raises BadIdentifier for what no network would connect, and for letters or extensions.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        raise BadIdentifier(Fault.EMPTY)
    if not _PLAIN_PHONE.fullmatch(text):
        raise BadIdentifier(Fault.BAD_PHONE)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise BadIdentifier(Fault.BAD_PHONE) from None
    if not phonenumbers.is_valid_number(number):
        raise BadIdentifier(Fault.BAD_PHONE)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_notations(e164: str) -> set[str]:
    """The notations in digits under which a number may stand somewhere.

    With `+`, with 00, with the country's code, national with its 0, and bare (at least eight
    digits: less would be anybody's).
    """
    number = phonenumbers.parse(e164)
    country = str(number.country_code)
    bare = str(phonenumbers.national_significant_number(number))
    forms = {f"+{country}{bare}", f"00{country}{bare}", f"{country}{bare}", f"0{bare}"}
    return forms | ({bare} if len(bare) >= 8 else set())


def normalise_postcode(text: str, country: str = "NL") -> str:
    """A postcode in its one spelling: Dutch `1234 AB`, others upper case without double blanks.

    Raises BadIdentifier when it is empty, or no Dutch postcode.
    """
    text = " ".join(text.upper().split())
    if not text:
        raise BadIdentifier(Fault.EMPTY)
    if country != "NL":
        return text
    found = _DUTCH_POSTCODE.fullmatch(text)
    if found is None or found[2] in _NEVER_ISSUED:
        raise BadIdentifier(Fault.BAD_POSTCODE)
    return f"{found[1]} {found[2]}"


_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
)


def plain_name(text: str) -> str:
    """A name as one plain line: no control signs, and no marks that turn the text around after it.

    Joiners stay (U+200C, U+200D): some scripts cannot be written without them.
    """
    return " ".join(_HIDDEN.sub(" ", unicodedata.normalize("NFC", text)).split())


_STREET_AND_NUMBER = re.compile(r"^(?P<street>.*?\D)[\s,]+(?P<number>\d+\s?[\w\-/ ]{0,10})$")


def split_street(text: str) -> tuple[str, str]:
    """A street and its number as people type them in one line; no number: an empty one."""
    found = _STREET_AND_NUMBER.match(text.strip())
    return (found["street"].strip(), found["number"].strip()) if found else (text.strip(), "")
