"""How easy a text reads, measured: Flesch-Douma and Brouwer for Dutch, Flesch for English.

A formula sees sentences and syllables, not sense: it warns and never certifies. B1 is about words
and structure as well, so long sentences, passive ones and office words are pointed at beside it.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from akkoord.policy.plain_words import office_words
from akkoord.policy.syllables import syllables

LONG_SENTENCE = 20
"""Words from which a sentence is pointed at: B1 asks for 10 to 15 on average."""

MOST_PASSIVE = 0.1
"""The share of passive sentences from which they are pointed at."""


class Ease(StrEnum):
    """What a score says; Flesch-Douma and Flesch share one scale."""

    EASY = "easy"  # 70 and more
    PLAIN = "plain"  # 60 to 70: ordinary language, the target
    FAIRLY_HARD = "fairly-hard"  # 50 to 60
    HARD = "hard"  # below 50: office and law language


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that deserves a look."""

    text: str
    words: int


@dataclass(frozen=True, slots=True)
class OfficeWord:
    """A word that few people use, with what can stand there instead."""

    found: str
    plain: str
    times: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured. Scores are None for a text without a sentence.

    `flesch_douma` and `brouwer` are for Dutch, `flesch` for English: the other is None.
    """

    language: str
    words: int
    sentences: int
    syllables: int
    flesch_douma: float | None
    brouwer: float | None
    flesch: float | None
    long_sentences: list[Sentence] = field(default_factory=list)
    passive: list[Sentence] = field(default_factory=list)
    office_words: list[OfficeWord] = field(default_factory=list)

    @property
    def score(self) -> float | None:
        """The score of the text's own language, on the scale of Flesch."""
        return self.flesch if self.language == "en" else self.flesch_douma

    @property
    def ease(self) -> Ease | None:
        """What the score says."""
        score = self.score
        if score is None:
            return None
        bounds = ((70, Ease.EASY), (60, Ease.PLAIN), (50, Ease.FAIRLY_HARD))
        return next((ease for bound, ease in bounds if score >= bound), Ease.HARD)

    @property
    def words_per_sentence(self) -> float:
        """The mean length of a sentence, in words."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def is_plain(self) -> bool:
        """Whether nothing is pointed at: the score, passive sentences and office words."""
        few_passive = len(self.passive) <= MOST_PASSIVE * max(1, self.sentences)
        return self.ease in {Ease.EASY, Ease.PLAIN} and few_passive and not self.office_words


def read(text: str, *, language: str = "nl") -> Reading:
    """Measure a plain text; a line that ends without a stop (a heading, a point) is a sentence.

    Words are runs of letters, with hyphens and apostrophes inside; numbers, addresses and links
    count for nothing. Flesch-Douma = 206.835 - 0.93 x words per sentence - 77 x syllables per word
    (W.H. Douma, De leesbaarheid van landbouwbladen, 1960); Brouwer = 195 - 2 x words per sentence -
    two thirds of the syllables per 100 words (R.H.M. Brouwer, 1963); Flesch = 206.835 - 1.015 x
    words per sentence - 84.6 x syllables per word (R. Flesch, 1948).
    """
    found = [(each, _words(each)) for each in sentences(text)]
    found = [(each, words) for each, words in found if words]
    words = sum(len(each) for _text, each in found)
    count = len(found)
    spoken = sum(syllables(word, language) for _text, each in found for word in each)
    per_sentence, per_word = (words / count, spoken / words) if words else (0.0, 0.0)
    is_dutch = language != "en"
    return Reading(
        language=language,
        words=words,
        sentences=count,
        syllables=spoken,
        flesch_douma=206.835 - 0.93 * per_sentence - 77 * per_word if words and is_dutch else None,
        brouwer=195 - 2 * per_sentence - 200 * per_word / 3 if words and is_dutch else None,
        flesch=206.835 - 1.015 * per_sentence - 84.6 * per_word if words and not is_dutch else None,
        long_sentences=[
            Sentence(each, len(words)) for each, words in found if len(words) > LONG_SENTENCE
        ],
        passive=[Sentence(each, len(words)) for each, words in found if is_passive(each, language)],
        office_words=[OfficeWord(*each) for each in office_words(text, language)],
    )


_STOPS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[A-ZÀ-Ý0-9])|\n+")
# Where a stop ends no sentence.
_SHORT = re.compile(
    r"\b(?:bijv|bv|o\.a|m\.a\.w|d\.w\.z|enz|etc|art|nr|tel|dhr|mevr|mr|dr|drs|ir|prof|ca|incl|excl"
    r"|resp|evt|i\.v\.m|t\.a\.v|t\.o\.v|m\.b\.t|n\.v\.t|z\.s\.m|a\.u\.b|i\.p\.v|e\.g|i\.e|mrs|ms|no"
    r"|vs|ltd|inc|b\.v|n\.v|u\.s|[A-Z])\.",
    re.IGNORECASE,
)
_NO_STOP = "\ue000"  # stands for such a stop while sentences are parted; private, so in no text
_LINKS = re.compile(
    r"\s?(?:(?:https?://|www\.)\S+(?<![.,;:!?)])|[^\s@]{1,64}@[^\s@]{1,255}(?<![.,;:!?)]))"
)
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}\s+|[-*+•]\s+|\d+[.)]\s+|>\s+|\|)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def sentences(text: str) -> list[str]:
    """The sentences of a plain or Markdown text, in order, each without the space around it."""
    plain = _LINKS.sub("", _MARKS.sub("\n", text.replace("\r\n", "\n")))
    held = _SHORT.sub(lambda found: found[0].replace(".", _NO_STOP), _joined(plain))
    return [
        each.replace(_NO_STOP, ".").strip()
        for each in _STOPS.split(held)
        if each and _WORD.search(each)
    ]


def _joined(text: str) -> str:
    """Lines that were broken in the middle of a sentence, made one again."""
    return re.sub(r"(?<=[\w,;])[ \t]*\n[ \t]*(?=[a-zà-ÿ])", " ", text)


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


_DUTCH_TO_BE = frozenset({"wordt", "worden", "werd", "werden"})
_DUTCH_PARTICIPLE = re.compile(
    r"(?:ge|be|ver|ont|her|er)[a-zë-ï]{2,}(?:d|t|en)"
    r"|(?:aan|af|uit|op|in|mee|toe|door|over|weg|bij|na|los|terug)ge[a-zë-ï]{2,}(?:d|t|en)"
    r"|[a-z]{3,}eerd|gedaan|voldaan"
)
_ENGLISH_TO_BE = frozenset({"am", "is", "are", "was", "were", "be", "been", "being"})
_ENGLISH_PARTICIPLE = re.compile(
    r"[a-z]{2,}ed|given|taken|sent|kept|held|made|known|shown|seen|told|done|found|written|chosen"
    r"|bought|sold|put|set|read|paid|lost|left|forgotten|withdrawn|drawn|built|brought|got"
)
_ENGLISH_BETWEEN = re.compile(r"\w+ly|not|never|also|always|only|then")


def is_passive(sentence: str, language: str) -> bool:
    """Whether something is done in it by nobody in sight: "wordt bewaard", "is kept".

    By form: worden with a past participle in the same clause, or to be with one right after it.
    "Is bewaard" is left alone in Dutch: it says as often what is as what was done.
    """
    is_one = _is_english_passive if language == "en" else _is_dutch_passive
    return any(is_one(_words(clause.lower())) for clause in re.split(r"[;:]", sentence))


def _is_dutch_passive(words: list[str]) -> bool:
    was_seen = False
    for before, word in pairwise(["", *words]):
        if word in _DUTCH_TO_BE:
            if _DUTCH_PARTICIPLE.fullmatch(before):
                return True
            was_seen = True
        elif was_seen and _DUTCH_PARTICIPLE.fullmatch(word):
            return True
    return False


def _is_english_passive(words: list[str]) -> bool:
    was_just_seen = False
    for word in words:
        if was_just_seen and _ENGLISH_PARTICIPLE.fullmatch(word):
            return True
        was_just_seen = word in _ENGLISH_TO_BE or (
            was_just_seen and _ENGLISH_BETWEEN.fullmatch(word) is not None
        )
    return False
