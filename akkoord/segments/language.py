"""The language of groups: `city is "Utrecht" and last_purchase within 90 days`.

    group      = all { "or" all }
    all        = one { "and" one }
    one        = "not" one | "(" group ")" | condition
    condition  = FIELD "is" [ "not" ] ( "empty" | value )
               | FIELD ( "contains" | "starts" "with" ) text
               | FIELD ( "before" | "after" ) DATE
               | FIELD "within" NUMBER "days"
               | FIELD ( "more" | "less" ) "than" NUMBER
               | FIELD "at" ( "least" | "most" ) NUMBER
               | FIELD ( ">" | "<" | ">=" | "<=" ) ( NUMBER | DATE )
               | "chose" "topic" text
    value      = text | NUMBER | DATE

Every word may also be said in Dutch, and mixed: `en of niet is bevat begint met voor na binnen
dagen meer minder dan minstens hoogstens leeg koos onderwerp`; so may the fields (`stad`, `laatste
aankoop`: `datamap.field_words`; an own field of that name comes first). `writing.text_of`
writes either; letters keep the English.

A text stands in double quotes (`\\"` and `\\\\` inside it), a date is `2026-11-24`. `and` binds
stronger than `or`. `segment_condition` is what letters ask.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.datamap.field_words import KEYS
from akkoord.register.models import Purpose
from akkoord.segments.compile import compile_segment
from akkoord.segments.naming import key_named
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import And, ChoseTopic, Condition, Node, Not, Operator, Or, Value
from akkoord.segments.vocabulary import DUTCH, NO_FIELD, said

MAX_CONDITIONS = 100
MAX_DEPTH = 20
MAX_LENGTH = 20_000
MAX_DAYS = 36_500

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
# Of a number, and of a day: no day is left out, so "from" a day is "after" the day before it.
_SIGNS = {
    ">": (Operator.MORE_THAN, Operator.AFTER, 0),
    "<": (Operator.LESS_THAN, Operator.BEFORE, 0),
    ">=": (Operator.AT_LEAST, Operator.AFTER, -1),
    "<=": (Operator.AT_MOST, Operator.BEFORE, 1),
}
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # text, date, number, word, sign, end
    text: str
    place: int


def segment_condition(text: str, purpose: Purpose, at: datetime) -> Q:
    """The condition over contact points that a text stands for, for letters on this topic.

    Raises SegmentError with a code, a place and a sentence: the text cannot be read, or it uses a
    field outside the purpose. An empty text is everybody.
    """
    return compile_segment(parse(text), purpose, at) if text.strip() else Q()


def parse(text: str) -> Node:
    """The tree of a text. Raises SegmentError where it cannot be read."""
    if len(text) > MAX_LENGTH:
        raise SegmentError("too-long", 0, _("This group has too many words. Make it shorter."))
    return _Reader(_tokens(text)).read()


def _tokens(text: str) -> list[_Token]:
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
        found.append(_Token(kind, match[kind], match.start(kind)))
        place = match.end()
    found.append(_Token("end", "", end))
    return found


class _Reader:
    """Reads tokens from left to right, one look ahead."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.conditions = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def read(self) -> Node:
        found = self.group(1)
        if self.now.kind != "end":
            raise self.expected(_("“and”, “or” or the end"))
        return found

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
        if not self.take(word):
            raise self.expected(f"“{said(word, get_language() or '')}”")

    def group(self, depth: int) -> Node:
        parts = [self.all(depth)]
        while self.take("or"):
            parts.append(self.all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all(self, depth: int) -> Node:
        parts = [self.one(depth)]
        while self.take("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise SegmentError(
                "too-deep",
                self.now.place,
                _("There are too many brackets inside brackets here. At most 20."),
            )
        if self.take("not"):
            return Not(self.one(depth + 1))
        if self.take("("):
            found = self.group(depth + 1)
            self.demand(")")
            return found
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise SegmentError(
                "too-many-conditions",
                self.now.place,
                _("This group has more than 100 conditions. Make it simpler."),
            )
        return self.condition()

    def condition(self) -> Node:
        start = self.now
        if self.take("chose"):
            self.demand("topic")
            return ChoseTopic(self.text(), start.place)
        if start.kind != "word" or start.text.lower() in NO_FIELD:
            raise self.expected(_("the name of a field, for example city"))
        name = self.field()
        operator, value = self.comparison()
        return Condition(name, operator, value, start.place)

    def field(self) -> str:
        """The key of the field that is named here, by one word or two."""
        first, second = self.now, self.tokens[self.at + 1]
        both = f"{first.text} {second.text}".lower()
        if second.kind == "word" and both in KEYS:
            self.at += 2
            return KEYS[both]
        self.at += 1
        return key_named(first.text.lower())

    def comparison(self) -> tuple[Operator, Value]:
        if self.now.text in _SIGNS:
            return self.signed()
        if found := self.bound():
            return found, self.number()
        match self.take("is", "contains", "starts", "before", "after", "within", "more", "less"):
            case "is":
                return self.is_what()
            case "contains":
                return Operator.CONTAINS, self.text()
            case "starts":
                self.demand("with")
                return Operator.STARTS_WITH, self.text()
            case "before" | "after" as word:
                return Operator(word), self.date()
            case "within":
                days = self.days()
                self.demand("days")
                return Operator.WITHIN, days
            case "more" | "less" as word:
                self.demand("than")
                return Operator(f"{word} than"), self.number()
        raise self.expected(
            _(
                "is, is not, contains, starts with, before, after, within, more than, less than, "
                "at least or at most"
            )
        )

    def bound(self) -> Operator | None:
        """“At least” or “at most”, which are one word in Dutch; None: it is another comparison."""
        match self.take("at", "minstens", "hoogstens"):
            case "minstens":
                return Operator.AT_LEAST
            case "hoogstens":
                return Operator.AT_MOST
            case "at":
                if not (word := self.take("least", "most")):
                    raise self.expected("“least”, “most”")
                return Operator(f"at {word}")
        return None

    def signed(self) -> tuple[Operator, Value]:
        """A sign, of a number or of a day."""
        of_number, of_day, shift = _SIGNS[self.now.text]
        self.at += 1
        if self.now.kind != "date":
            return of_number, self.number()
        place = self.now.place
        found = self.date() + timedelta(days=shift)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise SegmentError("bad-value", place, _("This date does not exist."))
        return of_day, found

    def is_what(self) -> tuple[Operator, Value]:
        negative = bool(self.take("not"))
        if self.take("empty"):
            return (Operator.IS_NOT_EMPTY if negative else Operator.IS_EMPTY), None
        operator = Operator.IS_NOT if negative else Operator.IS
        match self.now.kind:
            case "text":
                return operator, self.text()
            case "number":
                return operator, self.number()
            case "date":
                return operator, self.date()
        raise self.expected(_("a text in double quotes, a number, a date, or “empty”"))

    def text(self) -> str:
        if self.now.kind != "text":
            raise self.expected(_("a text in double quotes"))
        if "\x00" in self.now.text:
            raise SegmentError("bad-value", self.now.place, _("This text holds an unusable sign."))
        self.at += 1
        return re.sub(r"\\(.)", r"\1", self.tokens[self.at - 1].text[1:-1])

    def number(self) -> Decimal:
        if self.now.kind != "number":
            raise self.expected(_("a number"))
        self.at += 1
        return Decimal(self.tokens[self.at - 1].text)

    def days(self) -> int:
        place = self.now.place
        found = self.number()
        if found != int(found) or not 0 < found <= MAX_DAYS:
            raise SegmentError(
                "bad-value", place, _("Fill in a whole number of days, from 1 to 36500.")
            )
        return int(found)

    def date(self) -> date:
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
