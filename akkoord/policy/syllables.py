"""How many syllables a word has, as it is spoken, in Dutch or English.

Dutch: the hyphenation patterns of `pyphen` part a word; within a part each vowel sound counts, for
patterns never leave one letter alone (`adres`, `radio`). English: vowel sounds with the silent e
taken off. `tests/hand_counted.py` has the words that both were measured with.
"""

import re
from functools import lru_cache

from pyphen import Pyphen

# A vowel sound of Dutch, the longest first: "eeuw" is one, and "ea", "eo", "io", "ua" are two.
_DUTCH = re.compile(
    r"eeu|ieu|aai|ooi|oei|eau|ij|aa|ee|oo|uu|ie|oe|eu|ui|ei|au|ou|ai|oi|ëi|ëe|ïe"
    r"|y(?=[aeo])|[aeiouyàáâäèéêëìíîïòóôöùúûüý]"
)
# Spoken otherwise than Dutch is written: what comes before the hyphen is the stem.
_DUTCH_LOANS = {
    "website": 2, "websites": 2, "service": 2, "services": 2, "online": 2, "offline": 2,
    "homepage": 2, "update": 2, "updates": 2, "software": 2, "hardware": 2, "team": 1, "teams": 1,
    "lease": 1, "feature": 2, "features": 2, "cookie": 2, "cookies": 2, "business": 2, "mobile": 2,
    "device": 2, "devices": 2, "template": 2, "templates": 2, "file": 1, "files": 1, "site": 1,
    "sites": 1, "page": 1, "pages": 1, "code": 2, "codes": 2, "like": 1, "likes": 1, "store": 1,
    "share": 1, "name": 1, "phone": 1, "sale": 1, "deal": 1, "deals": 1, "review": 2, "reviews": 2,
    "account": 2, "accounts": 2, "browser": 2, "browsers": 2, "one": 1, "whitepaper": 3,
}  # fmt: skip
_DUTCH_LOAN_PARTS = re.compile(r"(websites?|services?|software|updates?|homepage)")

_ENGLISH = re.compile(r"[aeiouy]+")
_ENGLISH_SILENT = re.compile(
    r"(?:[^laeiouy]e|[aeiouy]le|[^aeiouylt]le?s|[^aeiouy]es|[^aeioutdy]ed|que"
    r"|[aeiouy][^aeiouyl]e(?:ments?|ly|ty|ful|less))$"
)
_ENGLISH_SOUNDING = re.compile(r"(?:[cgszx]|[cs]h)es$|[^aeiouy]les?$|ies$|dred$")
_ENGLISH_TWO = re.compile(
    r"i[au](?!ge|l$|r)|(?<![cgtx])ious|io(?=l|d|r|m|$)|eo(?!u|ple)|[^qg]ua(?!r)|ue[ln]|uou|ying"
    r"|creat|react|being|seeing|doing|going|nuit|ism$|quiet|science|iet|pean|[aou]yee?|[^aeiou]iers?$"
)
_ENGLISH_ODD = {
    "business": 2, "every": 2, "everyone": 3, "everything": 3, "people": 2, "something": 2,
    "sometimes": 2, "someone": 2, "therefore": 2, "whereas": 2, "area": 3, "areas": 3, "idea": 3,
    "ideas": 3, "are": 1, "were": 1, "here": 1, "where": 1, "there": 1, "one": 1, "once": 1,
    "done": 1, "gone": 1, "the": 1, "he": 1, "she": 1, "we": 1, "me": 1, "be": 1, "used": 1,
    "use": 1, "uses": 2, "website": 2, "websites": 2,
    "homepage": 2, "somewhere": 2, "anyone": 3, "likely": 2, "lifetime": 2,
    "moment": 2, "types": 1, "times": 1, "names": 1, "rules": 1,
    "files": 1, "lines": 1, "makes": 1, "takes": 1, "gives": 1, "comes": 1, "sales": 1, "whole": 1,
    "while": 1, "file": 1, "role": 1, "sale": 1, "rule": 1, "title": 2, "mobile": 2, "female": 2,
    "schedule": 2, "asked": 1, "told": 1, "forgotten": 3, "client": 2, "clients": 2, "diary": 3,
    "being": 2, "newsletter": 3, "newsletters": 3, "choice": 1, "choices": 2, "social": 2,
    "special": 2, "official": 3, "financial": 3, "device": 2, "devices": 3, "service": 2,
    "services": 3, "process": 2, "processes": 3, "purposes": 3, "purpose": 2, "quiet": 2,
}  # fmt: skip
_LETTER_BY_LETTER = 5  # the longest abbreviation that is spelt out
_LONGEST_WORD = 80  # beyond it nothing is a word, and patterns would take long


@lru_cache(maxsize=2)
def _patterns(language: str) -> Pyphen:
    return Pyphen(lang=language, left=1, right=1)


@lru_cache(maxsize=20_000)
def syllables(word: str, language: str = "nl") -> int:
    """Syllables of one word, at least one; `language`: nl or en.

    An abbreviation without vowels, or in capitals, is spelt out: one for each letter ("AVG": 3).
    """
    parts = [each for each in re.split(r"[-'’]", word) if each]
    if len(parts) > 1:
        return (
            sum(syllables(each, language) for each in parts if len(each) > 1 or _is_vowel(each))
            or 1
        )
    plain = parts[0] if parts else word
    if _is_spelt_out(plain):
        return max(1, len(plain))
    lower = plain[:_LONGEST_WORD].lower()
    return _english(lower) if language == "en" else _dutch(lower)


def _is_vowel(letter: str) -> bool:
    return letter.lower() in "aeiou"


def _is_spelt_out(word: str) -> bool:
    if not 1 < len(word) <= _LETTER_BY_LETTER:
        return False
    return not re.search(r"[aeiouyà-ý]", word.lower()) or (word.isupper() and len(word) < 4)


def _dutch(word: str) -> int:
    if known := _DUTCH_LOANS.get(word):
        return known
    pieces = [each for each in _DUTCH_LOAN_PARTS.split(word) if each]
    if len(pieces) > 1:
        return sum(_dutch(each) for each in pieces)
    pieces = _patterns("nl_NL").inserted(word).split("-")
    return max(1, sum(len(_DUTCH.findall(piece)) for piece in pieces))


def _english(word: str) -> int:
    if known := _ENGLISH_ODD.get(word):
        return known
    count = len(_ENGLISH.findall(word)) + len(_ENGLISH_TWO.findall(word))
    if _ENGLISH_SILENT.search(word) and not _ENGLISH_SOUNDING.search(word):
        count -= 1
    return max(1, count)
