"""What in a text points to a person: mail, phone, address, number, full name (INV-30). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from akkoord.law.sensitive import accounts_in, numbers_in


class Trace(StrEnum):
    """What in a text points to a person."""

    MAIL = "mail-address"
    PHONE = "phone-number"
    DOOR = "postal-address"
    ACCOUNT = "bank-account"
    NUMBER = "personal-number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """A trace of a person in a text: what, and where it begins and ends."""

    trace: Trace
    start: int
    end: int


_MAIL = re.compile(  # from the beginning of a word only: a long one is read once
    r"(?<![^\s@<>()\[\],;:\"])[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\W\d_]{2,}"
)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:(?:\+|00)\d{1,3}[ ().-]*|0)[1-9](?:[ ()./-]{0,2}\d){7,10}(?![\w/])"
)
_DOOR = re.compile(r"(?<![\w.,])[1-9]\d{3}\s?([A-Za-z]{2})(?![\w'’])")
# After a year or a number these are words or measures, not the letters of a postcode.
_NO_LETTERS = re.compile(
    "a[dflmnst]|b[ev]|by|c[alm]|d[aelou]|e[gnrtux]|fl|g[br]|h[aelz]|i[efklnst]|j[ae]|k[bgmw]|l[aet]"
    "|m[abglmty]|n[alor]|nu|o[fmnpr]|p[ckmx]|re|s[eot]|t[beov]|u[knprsw]|va|w[eo]|z[aeo]"
)
_ENDS = "straat|laan|weg|kade|plein|gracht|singel|dijk|hof|steeg|pad"
# Ends of names that are words of every day too: of these the name begins with a capital.
_OTHER_ENDS = (
    "markt|voorhout|brink|dreef|boulevard|plantsoen|burgwal|bolwerk|oever|allee|passage|promenade"
)
_NOT_STREETS = "(?:onderweg|halverwege|snelweg|gerechtshof)"
_NO_MARKET = "(?i:supermarkt|arbeidsmarkt|huizenmarkt)"
_CAPITAL = f"(?:{_OTHER_ENDS.title()})"
_OF = r"(?i:straat|laan|kade|plein|gracht|singel|dijk)\s+(?:van|der|den|de|ter|ten|'t|het|aan|op)"
_NUMBER = r"\s+(?!(?:19|20)\d\d(?!\d))[1-9]\d{0,4}\s?[a-z]?(?![\w%])"
_STREETS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w)[A-Z][\w'’-]*(?:{_ENDS})\s+\d{{1,5}}(?!\d)",
        rf"(?<![\w-])(?!{_NOT_STREETS}\s)[a-z][\w'’-]{{2,}}(?:{_ENDS}){_NUMBER}",
        rf"(?<!\w)(?!{_NO_MARKET}\s)(?:[A-Z][\w'’-]*(?:{_OTHER_ENDS})|{_CAPITAL}){_NUMBER}",
        # Laan van Meerdervoort 12
        rf"(?<!\w){_OF}\s+(?:[\w'’-]+\s+){{0,3}}?[\w'’-]+{_NUMBER}",
        # 12 High Street
        r"(?<!\w)[1-9]\d{0,4}[a-z]?\s+(?:[A-Z][\w'’-]+\s+){1,3}(?:Street|Road|Lane|Avenue)(?!\w)",
    )
)
_WEB = re.compile(r"(?:https?://|(?<!\w)www\.)\S+\.\S+")
# Two to six words that begin with a capital, with what stands between in Dutch names.
_CAPITALS = re.compile(
    r"(?<![\w'-])[^\W\d_a-zà-ÿ][\w'-]*"
    r"(?:\s+(?:(?:van|de|der|den|ten|ter|te|in|het|'t|la|le|el|du|von)\s+)*[^\W\d_a-zà-ÿ][\w'-]*){1,5}"
)


def traces_in(text: str) -> tuple[Found, ...]:
    """What in a text points to a person, names left out: only the database knows who is there."""
    found = [Found(Trace.MAIL, each.start(), each.end()) for each in _MAIL.finditer(text)]
    # The groups of a bank account look like a telephone number, and its last letters like a
    # postcode; an account of one's own is no telephone number either.
    accounts = accounts_in(text, with_ours=True)
    theirs = set(accounts_in(text))
    found += [Found(Trace.ACCOUNT, *each) for each in accounts if each in theirs]
    found += [
        Found(Trace.PHONE, each.start(), each.end())
        for each in _PHONE.finditer(text)
        if not _is_within(each.start(), accounts)
    ]
    found += [
        Found(Trace.DOOR, each.start(), each.end())
        for each in _DOOR.finditer(text)
        if (each[1].isupper() or not _NO_LETTERS.fullmatch(each[1].lower()))
        and not _is_within(each.start(), accounts)
    ]
    found += [
        Found(Trace.DOOR, each.start(), each.end())
        for pattern in _STREETS
        for each in pattern.finditer(text)
    ]
    if not found and numbers_in(text):
        found.append(Found(Trace.NUMBER, 0, len(text)))
    return tuple(sorted(found, key=lambda each: each.start))


def _is_within(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def has_contact(line: str) -> bool:
    """Whether a line says how somebody is reached: mail, phone, address or site (30(2)(a))."""
    ways = {Trace.MAIL, Trace.PHONE, Trace.DOOR}
    return bool(_WEB.search(line)) or any(each.trace in ways for each in traces_in(line))


def possible_names(text: str) -> Iterable[tuple[str, int]]:
    """Runs of words that could be a full name: capitals, two words at least; with their place.

    One word is never a name here, for many are words, too (Bakker, Roos, De Jong). Every part of a
    run is given, for a name may stand at the end of a sentence that begins with a capital.
    """
    for run in _CAPITALS.finditer(text):
        words = list(re.finditer(r"\S+", run[0]))
        for first in range(len(words) - 1):
            for last in range(first + 1, min(len(words), first + 7)):
                yield (
                    run[0][words[first].start() : words[last].end()],
                    run.start() + words[first].start(),
                )
