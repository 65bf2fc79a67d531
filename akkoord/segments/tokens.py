"""The words and signs of a group's text, and what stands as a value: text, number, days, date."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.segments.refusals import SegmentError
from akkoord.segments.vocabulary import DUTCH, said

MAX_DAYS = 36_500
FIRST_YEAR, LAST_YEAR = 1900, 2199
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\["\\])*")
    | (?P<date>\d{4}-\d{2}-\d{2}(?![\w.-]))
    | (?P<number>-?\d{1,15}(?:\.\d{1,6})?(?![\w.-]))
    | (?P<word>[A-Za-z][A-Za-z0-9_-]*)
    | (?P<sign>[()]|>=|<=|>|<)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign, and where it stands."""

    kind: str  # text, date, number, word, sign, end
    text: str
    place: int


def tokens_of(text: str) -> list[Token]:
    """All of a text, with an end. Raises SegmentError for what means nothing."""
    found = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            if text[place] == '"':
                raise SegmentError("open-quote", place, _("This text has no closing quote."))
            raise SegmentError(
                "unknown-sign",
                place,
                _("“%(sign)s” means nothing here. Put texts in double quotes.")
                % {"sign": text[place]},
            )
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind], match.start(kind)))
        place = match.end()
    found.append(Token("end", "", end))
    return found


class Words:
    """Takes words and values from left to right, one look ahead."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def now(self) -> Token:
        """What stands here."""
        return self.tokens[self.at]

    def english(self, ahead: int) -> str:
        """The word that stands so many places ahead, in English; empty when none does."""
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        word = token.text.lower()
        return DUTCH.get(word, word) if token.kind == "word" else ""

    def expected(self, what: str) -> SegmentError:
        """What should have stood here."""
        return SegmentError(
            "expected", self.now.place, _("Here should stand: %(what)s.") % {"what": what}
        )

    def take(self, *words: str) -> str:
        """The next word when it is one of these, in English or Dutch, else an empty text."""
        found = self.now.text.lower()
        found = DUTCH.get(found, found)
        if self.now.kind in ("word", "sign") and found in words:
            self.at += 1
            return found
        return ""

    def demand(self, word: str) -> None:
        """This word, or SegmentError."""
        if not self.take(word):
            raise self.expected(f"“{said(word, get_language() or '')}”")

    def text(self) -> str:
        """A text, without its quotes."""
        if self.now.kind != "text":
            raise self.expected(_("a text in double quotes"))
        if "\x00" in self.now.text:
            raise SegmentError("bad-value", self.now.place, _("This text holds an unusable sign."))
        self.at += 1
        return re.sub(r"\\(.)", r"\1", self.tokens[self.at - 1].text[1:-1])

    def number(self) -> Decimal:
        """A number."""
        if self.now.kind != "number":
            raise self.expected(_("a number"))
        self.at += 1
        return Decimal(self.tokens[self.at - 1].text)

    def days(self, most: int = MAX_DAYS) -> int:
        """A whole number of days, and the word."""
        found = self.whole(most)
        self.demand("days")
        return found

    def whole(self, most: int) -> int:
        """A whole number from 1."""
        place = self.now.place
        found = self.number()
        if found != int(found) or not 0 < found <= most:
            raise SegmentError(
                "bad-value",
                place,
                _("Fill in a whole number, from 1 to {most}.").format(most=most),
            )
        return int(found)

    def date(self) -> date:
        """A day that exists."""
        if self.now.kind != "date":
            raise self.expected(_("a date such as 2026-11-24"))
        self.at += 1
        token = self.tokens[self.at - 1]
        try:
            found = date.fromisoformat(token.text)
            if not FIRST_YEAR <= found.year <= LAST_YEAR:
                raise ValueError
        except ValueError:
            raise SegmentError("bad-value", token.place, _("This date does not exist.")) from None
        return found
