"""What a letter to the people says of itself: the facts of the leak, in the reader's language.

Both languages say the same, from the closed lists of the record. What staff wrote in the record is
in their own language: it stands in the Dutch letter, and beside the English one, to be put into it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from akkoord.breaches.letter_words import (
    CAUSES,
    CONTEXTS,
    HEADS,
    MONEY,
    NATURES,
    SAID,
    SUBJECT,
)
from akkoord.breaches.models import Breach
from akkoord.breaches.told import told_kinds
from akkoord.datamap.dpv import CATEGORIES
from akkoord.law.breach_rules import TELLS_AUTHORITY, LetterPart, Nature
from akkoord.law.severity import Loss
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation

ORDER = (
    LetterPart.NATURE,
    LetterPart.CONSEQUENCES,
    LetterPart.MEASURES,
    LetterPart.YOURSELF,
    LetterPart.CONTACT,
)


def letter_of(breach: Breach, language: str) -> dict[str, str]:
    """The letter as it was written, else what the record of the leak proposes."""
    kept: dict[str, str] = breach.letter.get(language, {})
    return kept or proposed_letter(breach, language)


def proposed_letter(breach: Breach, language: str) -> dict[str, str]:
    """Every element of art. 34(2), as far as the record knows it; asks two statements at most."""
    said, own = SAID[language], own_words(breach) if language == "nl" else {}
    with translation.override(language):  # days and kinds of data, too
        facts = {part: " ".join(_SAYS[part](breach, language)) for part in ORDER}
    parts = {
        str(part): "\n\n".join(filter(None, (sentences, own.get(part, ""))))
        for part, sentences in facts.items()
    }
    return {SUBJECT: said[SUBJECT]} | parts


def own_words(breach: Breach) -> dict[str, str]:
    """What staff wrote of it in the record, per part of the letter."""
    found = {
        LetterPart.NATURE: breach.what,
        LetterPart.CONSEQUENCES: breach.consequences,
        LetterPart.MEASURES: "\n\n".join(filter(None, (breach.taken, breach.planned))),
    }
    return {str(part): text for part, text in found.items() if text.strip()}


def _nature(breach: Breach, language: str) -> Iterator[str]:
    said, cause = SAID[language], CAUSES[language].get(breach.cause, "")
    yield said["sorry"]
    if cause:
        yield cause
    for nature, sentence in NATURES[language].items():
        # How it came about says already that others could see them.
        if nature in breach.natures and not (cause and nature == Nature.CONFIDENTIALITY):
            yield sentence
    yield from _when(breach, language)
    if kinds := [CATEGORIES[each] for each in breach.categories if each in CATEGORIES]:
        yield said["kinds"].format(kinds=", ".join(_small(str(each.label)) for each in kinds))


def _when(breach: Breach, language: str) -> Iterator[str]:
    said = SAID[language]
    if breach.happened_from:
        first = _day(breach.happened_from)
        last = _day(breach.happened_to) if breach.happened_to else first
        way = "since" if breach.is_ongoing else "on" if first == last else "between"
        yield said[way].format(first=first, last=last)
    yield said["noticed"].format(day=_day(breach.aware_at))


def _consequences(breach: Breach, language: str) -> Iterator[str]:
    if known := CONTEXTS[language].get(breach.context or 0):
        yield known
    if breach.is_unintelligible:
        yield SAID[language]["locked"]


def _measures(breach: Breach, language: str) -> Iterator[str]:
    if breach.confidentiality == Loss.KNOWN.value:
        yield SAID[language]["seen-by"]
    if breach.decision in TELLS_AUTHORITY:
        yield SAID[language]["told" if "first" in told_kinds(breach) else "tells"]


def _yourself(breach: Breach, language: str) -> Iterator[str]:
    yield SAID[language]["careful"]
    if breach.context == MONEY:
        yield SAID[language]["bank"]


def _contact(breach: Breach, language: str) -> Iterator[str]:
    house, said = organisation() or Organisation(), SAID[language]
    phone = said["or-call"].format(phone=house.contact_phone) if house.contact_phone else ""
    yield said["contact"].format(mail=house.contact_email, phone=phone, reference=breach.reference)


_SAYS: Mapping[LetterPart, Callable[[Breach, str], Iterator[str]]] = {
    LetterPart.NATURE: _nature,
    LetterPart.CONSEQUENCES: _consequences,
    LetterPart.MEASURES: _measures,
    LetterPart.YOURSELF: _yourself,
    LetterPart.CONTACT: _contact,
}


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j F Y")


def _small(label: str) -> str:
    """A name in the middle of a sentence; BSN and IBAN stay as they are."""
    is_short = label[:2].isalpha() and label[:2].isupper()
    return label if is_short else label[:1].lower() + label[1:]


def paragraphs_of(letter: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """The letter as heads with their texts; the first has none."""
    heads = HEADS[language]
    return [(heads.get(part, ""), letter.get(part, "").strip()) for part in ORDER]


def body_of(letter: Mapping[str, str], language: str) -> str:
    """The whole letter in Markdown."""
    house, heads = organisation() or Organisation(), HEADS[language]
    parts = [heads["dear"]]
    for head, text in paragraphs_of(letter, language):
        parts += [f"## {head}", text] if head else [text]
    return "\n\n".join([*parts, heads["bye"], house.name])
