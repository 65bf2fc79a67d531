"""Which special categories a text gives away (art. 9, 10 GDPR, art. 46 UAVG; INV-32).

Pure detectors. Numbers are found by their own check (BSN: eleven-test and a word beside it; IBAN:
mod 97), words by lists of whole words. A detector that finds nothing proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from akkoord.law.sensitive_lexicon import words_said


class Sensitive(StrEnum):
    """A class of data that is not stored without a recorded exception, some never."""

    BSN = "bsn"
    VAT_WITH_BSN = "vat-with-bsn"
    IBAN = "iban"
    DOCUMENT = "id-document"
    HEALTH = "health"
    RELIGION = "religion"
    POLITICS = "politics"
    UNION = "union"
    ETHNICITY = "ethnicity"
    GENETIC = "genetic"
    BIOMETRIC = "biometric"
    SEXUAL = "sexual"
    CRIMINAL = "criminal"


NEVER = frozenset({Sensitive.BSN, Sensitive.CRIMINAL})
"""No exception opens these: a BSN only where a law says so (UAVG 46), crimes by UAVG 31-33."""

ARTICLE_9 = frozenset(
    {
        Sensitive.HEALTH,
        Sensitive.RELIGION,
        Sensitive.POLITICS,
        Sensitive.UNION,
        Sensitive.ETHNICITY,
        Sensitive.GENETIC,
        Sensitive.BIOMETRIC,
        Sensitive.SEXUAL,
    }
)
"""The classes of art. 9(1): only an exception of art. 9(2) opens them."""

ARTICLES: dict[Sensitive, str] = {
    **dict.fromkeys(ARTICLE_9, "AVG 9(1)"),
    Sensitive.BSN: "UAVG 46",
    Sensitive.VAT_WITH_BSN: "UAVG 46",
    Sensitive.IBAN: "AVG 5(1)(c), 32",
    Sensitive.DOCUMENT: "AVG 5(1)(c), 32",
    Sensitive.CRIMINAL: "AVG 10, UAVG 31-33",
}

_MAY_HOLD_NUMBERS = re.compile(r"\d|<<")
_SAMPLE_SHARE = 0.6  # of a column's numbers; by chance one in eleven passes the eleven-test
_SAMPLE_LEAST = 5

# In one run, or in three groups: one point in it is a fraction (a latitude, an amount).
_DIGITS = re.compile(
    r"(?<![\w.,/+-])(?:\d{8,9}|\d{2,4}([ .-])\d{2,3}\1\d{2,3})(?![\w/]|[.,-]\d)", re.ASCII
)
_BSN_WORD = re.compile(
    r"\b(?:bsn(?:[-_ ]?(?:nummer|nr)|r)?|b\.s\.n|burger[-_ ]?service[-_ ]?(?:nummer|nr)|"
    r"sofi(?:[-_ ]?(?:nummer|nr))?|fisca(?:al|le) (?:nummer|nr|code)|persoonsnummer|"
    r"citizen service number|social security|fiscal number)\b",
    re.IGNORECASE,
)
_VAT = re.compile(
    r"(?<!\w)(?P<country>NL[ .]?)?(?P<number>(?:\d[ .]?){9})B[ .]?\d\d(?!\w)", re.IGNORECASE
)
_VAT_WORD = re.compile(r"\b(?:btw|vat|ob|omzetbelasting(?:s?nummer)?)\b", re.IGNORECASE)
_LEGAL_PERSON = re.compile(
    r"(?<!\w)(?:b\.?v\.?|n\.?v\.?|stichting|vereniging|co[oö]peratie|gemeente)(?!\w)", re.IGNORECASE
)
# Looked for at every place: what begins like one may hold the real one.
_IBAN = re.compile(r"(?<!\w)(?=([A-Z]{2}\d{2}(?:[ .]?[A-Z0-9]){11,30}))", re.IGNORECASE | re.ASCII)
# What customers pay to is the business's own, and stands on every invoice.
_OUR_ACCOUNT = re.compile(
    r"\b(?:ons|onze|our) (?:[^\W\d_]{1,20} ){0,2}"
    r"(?:iban|rekening|rekeningnummer|account|account number)"
    r"(?: is| op| nummer| number| nr)?[ :=.]{0,4}$",
    re.IGNORECASE,
)
_BEFORE = 80  # characters before an account in which it is said whose it is
_DOCUMENT_WORD = re.compile(
    r"\b(?:paspoort|passport|identiteits(?:kaart|bewijs)|id[-_ ]?(?:kaart|bewijs|card)|rijbewijs|"
    r"driving licen[cs]e|driver'?s licen[cs]e|document[-_ ]?(?:nummer|number|nr)|"
    r"vreemdelingen(?:document|pas)|verblijfs(?:vergunning|document)|residence permit|"
    r"identity card|document no\b|legitimatie)",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"(?<!\w)(?:[A-NP-Z]{2}[A-NP-Z0-9]{6}\d|\d{10})(?!\w)", re.IGNORECASE)
_ACCOUNT_NAME = re.compile(
    r"\b(?:iban|bankrekening|(?:bank)?rekening[- ]?(?:nummer|nr)|bank account(?: number| no)?)\b",
    re.IGNORECASE,
)
_MACHINE_READABLE = re.compile(r"(?<!\w)[PIAC][A-Z<][A-Z]{3}[A-Z0-9<]{9,}<")
# Every country of the registry of ISO 13616: without its length nobody knows where one ends.
_REGISTRY = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 "
    "DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 "
    "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 "
    "MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 "
    "SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 "
)
_IBAN_LENGTHS = {each[:2]: int(each[2:]) for each in _REGISTRY.split()}


def classes_in(text: str, *, header: str = "") -> frozenset[Sensitive]:
    """The classes that a cell, a note or a line gives away.

    `header`: the name of the column it stands in, which is a word beside it.
    """
    if not text:
        return frozenset()
    found = set(words_in(text))
    if _MAY_HOLD_NUMBERS.search(text):
        found |= numbers_in(text, header=header)
    return frozenset(found)


def numbers_in(text: str, *, header: str = "") -> frozenset[Sensitive]:
    """Only what is known by its number: BSN, VAT number with one in it, IBAN, document."""
    found = set()
    beside = f"{header} {text}".replace("_", " ")
    if _BSN_WORD.search(beside) and any(passes_eleven_test(each) for each in _numbers(text)):
        found.add(Sensitive.BSN)
    vat = _VAT.search(text)
    if (
        vat
        and (vat["country"] or _VAT_WORD.search(beside))
        and passes_eleven_test(_bare(vat["number"]))
        and not _LEGAL_PERSON.search(text)
    ):
        found.add(Sensitive.VAT_WITH_BSN)
    if accounts_in(text):
        found.add(Sensitive.IBAN)
    if _MACHINE_READABLE.search(text) or (
        _DOCUMENT_WORD.search(beside) and _DOCUMENT.search(text) is not None
    ):
        found.add(Sensitive.DOCUMENT)
    return frozenset(found)


def words_in(text: str) -> frozenset[Sensitive]:
    """Only what the words say."""
    return frozenset(map(Sensitive, words_said(text)))


def classes_of_header(name: str) -> frozenset[Sensitive]:
    """The classes that a column's name alone announces."""
    spaced = re.sub(r"[_./]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    found = set(words_in(spaced))
    if _BSN_WORD.search(spaced):
        found.add(Sensitive.BSN)
    if _ACCOUNT_NAME.search(spaced):
        found.add(Sensitive.IBAN)
    if _DOCUMENT_WORD.search(spaced):
        found.add(Sensitive.DOCUMENT)
    if re.search(r"\b(?:btw|vat)[- ]?(?:id|nummer|nr|number)\b", spaced, re.IGNORECASE):
        found.add(Sensitive.VAT_WITH_BSN)
    return frozenset(found)


def is_column_of_bsns(cells: Iterable[str]) -> bool:
    """Whether a column without a telling name is one of BSNs: most of its numbers pass the test."""
    numbers = {_bare(cell) for cell in cells if _DIGITS.fullmatch(cell.strip())}
    passed = sum(passes_eleven_test(each) for each in numbers)
    return len(numbers) >= _SAMPLE_LEAST and passed / len(numbers) >= _SAMPLE_SHARE


def passes_eleven_test(number: str) -> bool:
    """Nine digits (or eight, with a nought before) of which 9a+8b+...+2h-i is a multiple of 11."""
    if not number.isascii() or not number.isdigit() or len(number) not in (8, 9):
        return False
    digits = [int(sign) for sign in number.zfill(9)]
    if not any(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN: its country's length, and 1 modulo 97 (ISO 13616)."""
    bare = _bare(text).upper()
    expected = _IBAN_LENGTHS.get(bare[:2])
    if not 15 <= len(bare) <= 34 or (expected and len(bare) != expected):
        return False
    turned = bare[4:] + bare[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def accounts_in(text: str, *, with_ours: bool = False) -> tuple[tuple[int, int], ...]:
    """Where IBANs begin and end, in groups or not; `with_ours`: also those said to be our own."""
    return tuple(
        (each.start(), end)
        for each in _IBAN.finditer(text)
        if (end := _account_end(text, each)) and (with_ours or not _is_ours(text, each.start()))
    )


def _account_end(text: str, found: re.Match[str]) -> int:
    """Where an IBAN that begins here ends, however the text goes on; 0: none begins here."""
    bare = _bare(found[1]).upper()
    length = _IBAN_LENGTHS.get(bare[:2])
    end = found.end(1) if length is None else _end_of(found, length)
    is_one = is_iban(bare[:length]) and not _goes_on(text, end)
    return end if is_one else 0


def _is_ours(text: str, start: int) -> bool:
    return _OUR_ACCOUNT.search(text[max(0, start - _BEFORE) : start]) is not None


def _end_of(found: re.Match[str], length: int) -> int:
    """Where this many signs end, blanks and points not counted."""
    seen = 0
    for place, sign in enumerate(found[1], start=found.start() + 1):
        seen += sign not in " ."
        if seen == length:
            return place
    return found.end(1)


def _goes_on(text: str, place: int) -> bool:
    return place < len(text) and (text[place].isalnum() or text[place] == "_")


def _numbers(text: str) -> Iterable[str]:
    return (_bare(each[0]) for each in _DIGITS.finditer(text))


def _bare(text: str) -> str:
    return re.sub(r"[ .-]", "", text)
