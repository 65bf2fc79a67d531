"""Finds the words of `sensitive_words` in a text, in one walk over it: linear in its length.

A text is taken apart in words, at every blank, hyphen and underscore alike. What is innocent goes
first: phrases, the name behind a title, a word that is half of a name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from akkoord.law.sensitive_phrases import INNOCENT, PHRASES
from akkoord.law.sensitive_words import ENDINGS, PEOPLE, PEOPLES, PLACES, STEMS, WORDS

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# "mevrouw De Jood": what has a capital behind a title is called so.
_AFTER_TITLE = re.compile(
    r"\b(?:[Mm]evrouw|[Mm]eneer|[Hh]eer|[Dd]hr\.?|[Mm]evr\.?|[Mm]w\.?|[Ff]amilie|[Ff]am\.?|[Jj]uffrouw|"
    r"[Mm]rs?\.?|[Mm]s\.?|[Mm]iss|[Dd]r\.?) (?:(?:[Dd]e|[Vv]an|[Dd]er|[Dd]en|['’]t) ){0,3}"
    r"[A-Z][^\W\d_]{1,40}(?:-[A-Z][^\W\d_]{1,40})?"
)
# "Islam Ahmed", "Gay-Lussac": a word that is a name too, with a name behind it.
_HALF_A_NAME = re.compile(
    r"\b(?:Islam|Christian|Christen|Gay|Jood|Moslim|Homo|Sikh)[ -](?=[A-Z][a-z])[A-Z]\w{1,40}"
)
_LONGEST = 60  # no word is longer, and what is kept of words stays small
_STEM = 4  # stems and endings are looked up by so many letters


def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """By the first word: the words that follow, and the class."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, phrases in PHRASES.items():
        for phrase in phrases:
            first, *rest = words_of(phrase)
            found.setdefault(first, []).append((tuple(rest), name))
    for name, words in WORDS.items():
        for each in words.split():
            first, *rest = words_of(each)
            found.setdefault(first, []).append((tuple(rest), name))
    return found


def _by_letters(lists: dict[str, str], *, at_end: bool) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, words in lists.items():
        for each in words.split():
            letters = each[-_STEM:] if at_end else each[:_STEM]
            found.setdefault(letters, []).append((each, name))
    return found


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; half a pair of hyphens is a word of its own."""
    return _WORD.findall(normalize("NFC", text).lower())


_PHRASES = _phrases()
_STEMS = _by_letters(STEMS, at_end=False)
_ENDINGS = _by_letters(ENDINGS, at_end=True)
_PEOPLES, _PEOPLE = frozenset(PEOPLES.split()), frozenset(PEOPLE.split())
_PLACES = tuple(PLACES.split())
_INNOCENT: dict[str, list[tuple[str, ...]]] = {}
for _each in INNOCENT:
    _first, *_rest = words_of(_each)
    _INNOCENT.setdefault(_first, []).append(tuple(_rest))


def words_said(text: str) -> set[str]:
    """The names of the classes that the words of a text give away."""
    said = _said(text)
    if not said:  # mostly; names are only looked for where a word could be one
        return said
    return _said(_HALF_A_NAME.sub(" ", _AFTER_TITLE.sub(" ", text)))


def _said(text: str) -> set[str]:
    words = without_innocent(words_of(text))
    found: set[str] = set()
    for place, word in enumerate(words):
        if len(word) > _LONGEST:
            continue
        alone, phrases, may_be_of_a_people = _known(word)
        found.update(alone)
        found.update(name for rest, name in phrases if _follows(words, place, rest))
        if may_be_of_a_people and words[place + 1 : place + 2] and words[place + 1] in _PEOPLE:
            found.add("ethnicity")
    return found


def without_innocent(words: list[str]) -> list[str]:
    """The words, with an empty one for each that stands in an innocent phrase."""
    for place, word in enumerate(words):
        for rest in _INNOCENT.get(word, ()):
            if _follows(words, place, rest):
                words[place : place + 1 + len(rest)] = [""] * (1 + len(rest))
    return words


@lru_cache(maxsize=16_384)  # words come again; those of an attack push each other out
def _known(word: str) -> tuple[frozenset[str], tuple[tuple[tuple[str, ...], str], ...], bool]:
    """What a word says alone, the phrases that begin with it, and whether it names a people."""
    plain = _POSSESSIVE.sub("", word)
    begun = [each for form in {word, plain} for each in _PHRASES.get(form, ())]
    alone = {name for rest, name in begun if not rest}
    if not plain.endswith(_PLACES):  # a street is called after anything
        alone |= {name for stem, name in _STEMS.get(plain[:_STEM], ()) if plain.startswith(stem)}
        alone |= {name for end, name in _ENDINGS.get(plain[-_STEM:], ()) if plain.endswith(end)}
    return frozenset(alone), tuple(each for each in begun if each[0]), word in _PEOPLES


def _follows(words: list[str], place: int, rest: tuple[str, ...]) -> bool:
    return tuple(words[place + 1 : place + 1 + len(rest)]) == rest
