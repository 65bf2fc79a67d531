"""From a group's text to its tree; the language stands in `language.py`."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from akkoord.datamap.field_words import KEYS
from akkoord.segments.naming import key_named
from akkoord.segments.places import code_of
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tokens import FIRST_YEAR, LAST_YEAR, Token, Words, tokens_of
from akkoord.segments.tree import (
    And,
    Bought,
    ChoseTopic,
    Condition,
    InGroup,
    Near,
    Node,
    Not,
    Operator,
    Or,
    Read,
    Value,
)
from akkoord.segments.vocabulary import DUTCH, NO_FIELD

MAX_CONDITIONS = 100
MAX_DEPTH = 20
MAX_LENGTH = 20_000
A_YEAR = 366
MOST_TIMES = 100_000
MOST_LETTERS = 100
MOST_KILOMETRES = 500
READ = {("opened", "letter"), ("pressed", "link")}
BOUGHT, SPENT = "bought", "spent"
# Of a number, and of a day: no day is left out, so "from" a day is "after" the day before it.
_SIGNS = {
    ">": (Operator.MORE_THAN, Operator.AFTER, 0),
    "<": (Operator.LESS_THAN, Operator.BEFORE, 0),
    ">=": (Operator.AT_LEAST, Operator.AFTER, -1),
    "<=": (Operator.AT_MOST, Operator.BEFORE, 1),
}


def parse(text: str) -> Node:
    """The tree of a text. Raises SegmentError where it cannot be read."""
    if len(text) > MAX_LENGTH:
        raise SegmentError("too-long", 0, _("This group has too many words. Make it shorter."))
    return _Reader(tokens_of(text)).read()


class _Reader(Words):
    """Reads tokens from left to right, one look ahead."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.conditions = 0

    def read(self) -> Node:
        found = self.group(1)
        if self.now.kind != "end":
            raise self.expected(_("“and”, “or” or the end"))
        return found

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
        if special := self.special():
            return special
        if start.kind != "word" or start.text.lower() in NO_FIELD:
            raise self.expected(_("the name of a field, for example city"))
        name = self.field()
        deed = DUTCH.get(name, name)
        operator, value = self.comparison()
        if deed in (BOUGHT, SPENT) and self.is_deed(operator):
            return self.bought(deed, operator, value, start.place)
        return Condition(name, operator, value, start.place)

    def special(self) -> Node | None:
        """What two words begin that no field and its comparison could be; None: a field."""
        start = self.now
        pair = (self.english(0), self.english(1))
        if pair[0] == "within" and self.tokens[self.at + 1].kind == "number":
            return self.near()
        if pair == ("in", "group"):
            self.at += 2
            return InGroup(self.text(), start.place)
        if pair in READ:
            self.at += 2
            self.demand("within")
            if self.english(1) == "letters":
                number = self.whole(MOST_LETTERS)
                self.demand("letters")
                return Read(pair[0], number, "letters", place=start.place)
            return Read(pair[0], self.days(), "days", place=start.place)
        return None

    def near(self) -> Near:
        """So many kilometres of a postcode, which is kept in one spelling."""
        start = self.now
        self.at += 1
        kilometres = self.number()
        if not 0 < kilometres <= MOST_KILOMETRES:
            raise SegmentError(
                "bad-value",
                start.place,
                _("Fill in how many kilometres, from 0.1 to {most}.").format(most=MOST_KILOMETRES),
            )
        if self.now.text.lower() != "km":
            raise self.expected("“km”")
        self.at += 1
        if self.now.text.lower() not in ("of", "van"):
            raise self.expected(_('“of” and a postcode, for example 10 km of "3511"'))
        self.at += 1
        place = self.now.place
        if not (code := code_of(self.text())):
            raise SegmentError(
                "bad-value",
                place,
                _("This is no postcode: four digits, or four digits and two letters."),
            )
        return Near(kilometres, code, start.place)

    def is_deed(self, operator: Operator) -> bool:
        """Whether what follows a number makes it a deed and no field of that name."""
        return operator in (Operator.AT_LEAST, Operator.AT_MOST) and self.english(0) in (
            "times",
            "within",
        )

    def bought(self, deed: str, operator: Operator, value: Value, place: int) -> Bought:
        number = Decimal(str(value))
        if deed == BOUGHT:
            self.demand("times")
            if number != int(number) or number > MOST_TIMES:
                raise SegmentError("bad-value", place, _("Fill in how many times, as a number."))
        if number < 0:
            raise SegmentError("bad-value", place, _("Fill in a number that is not below zero."))
        self.demand("within")
        return Bought(deed, operator, number, self.days(), place)

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
            return self.bounded(found)
        match self.take(
            *("is", "contains", "starts", "before", "after", "within", "more", "less"),
            *("anniversary", "exactly"),
        ):
            case "is":
                return self.is_what()
            case "contains":
                return Operator.CONTAINS, self.text()
            case "starts":
                self.demand("with")
                return Operator.STARTS_WITH, self.text()
            case "before" | "after" as word:
                return Operator(word), self.date()
            case "within" | "anniversary" | "exactly" as word:
                return self.by_days(word)
            case "more" | "less" as word:
                self.demand("than")
                return Operator(f"{word} than"), self.number()
        raise self.expected(
            _(
                "is, is not, contains, starts with, before, after, within, more than, less than, "
                "at least or at most"
            )
        )

    def by_days(self, word: str) -> tuple[Operator, Value]:
        """Days back or to come, after their first word."""
        if word == "exactly":
            days = self.days()
            self.demand("ago")
            return Operator.AGO, days
        if word == "anniversary":
            self.demand("within")
            return Operator.ANNIVERSARY, self.days(A_YEAR)
        coming = self.take("next")
        return (Operator.WITHIN_NEXT if coming else Operator.WITHIN), self.days()

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

    def bounded(self, operator: Operator) -> tuple[Operator, Value]:
        """A number; or days ago, of which "at most" are the last days."""
        if self.english(1) != "days":
            return operator, self.number()
        days = self.days()
        self.demand("ago")
        is_least = operator is Operator.AT_LEAST
        return (Operator.AGO_OR_MORE if is_least else Operator.WITHIN), days

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
