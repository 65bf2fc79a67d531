"""The language: what it reads, what it says when it cannot, and that text and tree agree."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from akkoord.datamap.field_words import DUTCH as FIELD_NAMES
from akkoord.datamap.field_words import KEYS, called, key_called
from akkoord.datamap.fields import catalogue
from akkoord.segments.language import MAX_CONDITIONS, MAX_DEPTH, parse
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import (
    And,
    Bought,
    ChoseTopic,
    Condition,
    InGroup,
    Node,
    Not,
    Operator,
    Or,
    Read,
)
from akkoord.segments.writing import in_words_of, text_of

pytestmark = pytest.mark.django_db  # a Dutch word may be the name of a field of one's own
EXAMPLE = 'city is "Utrecht" and last_purchase within 90 days and not chose topic "acties"'


def test_it_reads_as_it_is_said() -> None:
    assert parse(EXAMPLE) == And(
        (
            Condition("city", Operator.IS, "Utrecht"),
            Condition("last_purchase", Operator.WITHIN, 90),
            Not(ChoseTopic("acties")),
        )
    )
    assert text_of(parse(EXAMPLE)) == EXAMPLE


def test_and_binds_stronger_than_or() -> None:
    a, b, c = (Condition(name, Operator.IS_EMPTY) for name in "abc")
    text = "a is empty or b is empty and c is empty"
    assert parse(text) == Or((a, And((b, c))))
    assert parse("(a is empty or b is empty) and c is empty") == And((Or((a, b)), c))
    assert parse("not a is empty and b is empty") == And((Not(a), b))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ('City IS NOT "x"', Condition("city", Operator.IS_NOT, "x")),
        ('city contains "a\\"b\\\\"', Condition("city", Operator.CONTAINS, 'a"b\\')),
        ('city starts with "U"', Condition("city", Operator.STARTS_WITH, "U")),
        ("city is not empty", Condition("city", Operator.IS_NOT_EMPTY)),
        ("x before 2026-01-31", Condition("x", Operator.BEFORE, date(2026, 1, 31))),
        ("x after 2026-01-31", Condition("x", Operator.AFTER, date(2026, 1, 31))),
        ("x more than 12.50", Condition("x", Operator.MORE_THAN, Decimal("12.50"))),
        ("x less than -3", Condition("x", Operator.LESS_THAN, Decimal(-3))),
        ("x is 7", Condition("x", Operator.IS, Decimal(7))),
        ("x is 2026-01-31", Condition("x", Operator.IS, date(2026, 1, 31))),
    ],
)
def test_every_comparison(text: str, condition: Condition) -> None:
    assert parse(text) == condition


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "expected", 0),
        ("city", "expected", 4),
        ("city is", "expected", 7),
        ('city is "Utrecht', "open-quote", 8),
        ('city is "Utrecht" oder', "expected", 18),
        ('city is "Utrecht" of', "expected", 20),
        ('koos "acties"', "expected", 5),
        ("x binnen 3 weken", "expected", 11),
        ("city = 3", "unknown-sign", 5),
        ("city is Utrecht", "expected", 8),
        ("(city is empty", "expected", 14),
        ("city is empty)", "expected", 13),
        ("x before 2026-02-30", "bad-value", 9),
        ("x before 0001-01-01", "bad-value", 9),
        ("x within 0 days", "bad-value", 9),
        ("x within 1.5 days", "bad-value", 9),
        ("x within 99999 days", "bad-value", 9),
        ("x within 3 weeks", "expected", 11),
        ('x > "a"', "expected", 4),
        ("bought at least 3 times", "expected", 23),
        ("bought at least 3 times within 0 days", "bad-value", 31),
        ("bought at least 1.5 times within 9 days", "bad-value", 0),
        ("spent at least -1 within 9 days", "bad-value", 0),
        ("bought more than 3 times within 9 days", "expected", 19),
        ("x anniversary within 400 days", "bad-value", 21),
        ("x exactly 3 days", "expected", 16),
        ("pressed link", "expected", 12),
        ("pressed link within 0 letters", "bad-value", 20),
        ("pressed link within 101 letters", "bad-value", 20),
        ("opened letter within 3", "expected", 22),
        ("in group", "expected", 8),
        ("x at least 3 days", "expected", 17),
        ("x within next days", "expected", 14),
        ("x at 3", "expected", 5),
        ("x >= 1900-01-01", "bad-value", 5),
        ("and is empty", "expected", 0),
        ('chose "acties"', "expected", 6),
        ("x is 12abc", "unknown-sign", 5),
        ("'; drop table people_person; --", "unknown-sign", 0),
        ("(" * (MAX_DEPTH + 1), "too-deep", MAX_DEPTH),
        ("not " * 500 + "x is empty", "too-deep", 4 * MAX_DEPTH),
        ("x is empty or " * MAX_CONDITIONS + "x is empty", "too-many-conditions", 1400),
        ("x" * 20_001, "too-long", 0),
    ],
)
def test_what_cannot_be_read_says_where(text: str, code: str, place: int) -> None:
    with pytest.raises(SegmentError) as problem:
        parse(text)
    assert (problem.value.code, problem.value.place) == (code, place)
    assert problem.value.sentence


DUTCH = 'stad is "Utrecht" en laatste aankoop binnen 90 dagen en niet koos onderwerp "acties"'


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        (DUTCH, EXAMPLE),
        ('city is niet "x" of city is leeg', 'city is not "x" or city is empty'),
        ('city bevat "x" en city begint met "y"', 'city contains "x" and city starts with "y"'),
        ("x voor 2026-01-31 of x na 2026-02-01", "x before 2026-01-31 or x after 2026-02-01"),
        ("x meer dan 3 en niet (x minder dan 9)", "x more than 3 and not x less than 9"),
        ("x is niet leeg", "x is not empty"),
        (
            'Laatste Aankoop na 2026-01-31 en woonplaats is "Ede"',
            ('last_purchase after 2026-01-31 and city is "Ede"'),
        ),
        ("aankoopbedrag minstens 3 en x hoogstens 9", "purchase_amount at least 3 and x at most 9"),
        ("last purchase is leeg", "last_purchase is empty"),
        (
            "x > 3 en x<9 of x >= 2 en x <= 5",
            ("(x more than 3 and x less than 9) or (x at least 2 and x at most 5)"),
        ),
        ("x > 2026-01-31 of x >= 2026-01-31", "x after 2026-01-31 or x after 2026-01-30"),
        ("x < 2026-01-31 of x <= 2026-01-31", "x before 2026-01-31 or x before 2026-02-01"),
        (
            "kocht minstens 3 keer binnen 90 dagen en besteedde hoogstens 99.50 binnen 30 dagen",
            "bought at least 3 times within 90 days and spent at most 99.50 within 30 days",
        ),
        ("kocht >= 2 keer binnen 9 dagen", "bought at least 2 times within 9 days"),
        (
            "x binnen komende 30 dagen of x verjaart binnen 7 dagen",
            "x within next 30 days or x anniversary within 7 days",
        ),
        (
            "x precies 30 dagen geleden of x minstens 31 dagen geleden",
            "x exactly 30 days ago or x at least 31 days ago",
        ),
        (
            "klikte link binnen 5 brieven en niet opende brief binnen 30 dagen",
            "pressed link within 5 letters and not opened letter within 30 days",
        ),
        ('in groep "Utrecht trouw"', 'in group "Utrecht trouw"'),
        ("opened within 30 days en in is leeg", "opened within 30 days and in is empty"),  # own
        ("x hoogstens 30 dagen geleden", "x within 30 days"),
        ("bought at least 3 en spent is 4", "bought at least 3 and spent is 4"),  # own fields
        ('voor is "a" en onderwerp is "b"', 'voor is "a" and onderwerp is "b"'),  # own fields
    ],
)
def test_dutch_says_the_same(dutch: str, english: str) -> None:
    assert parse(dutch) == parse(english)
    assert in_words_of(dutch, "en") == english
    assert parse(in_words_of(english, "nl")) == parse(english)


def test_it_is_shown_in_the_readers_language() -> None:
    assert in_words_of(EXAMPLE, "nl") == DUTCH
    assert in_words_of("city ?", "nl") == "city ?"
    with translation.override("nl"), pytest.raises(SegmentError) as problem:
        parse('koos "acties"')
    assert "“onderwerp”" in problem.value.sentence
    with translation.override("nl"), pytest.raises(SegmentError) as problem:
        parse("city")
    for english in ("contains", "starts", "before", "within", "than", "empty"):
        assert english not in problem.value.sentence


words = {
    *("en", "of", "niet", "koos"),
    *("and", "or", "not", "is", "contains", "starts", "with", "before", "after", "within"),
    *("days", "more", "less", "than", "empty", "chose", "topic"),
}
# Own fields take no name that a field of the catalogue has in either language.
own_names = st.from_regex(r"[a-z][a-z0-9_-]{0,15}", fullmatch=True).filter(
    lambda x: x not in words and x.replace("_", " ") not in KEYS
)
names = own_names | st.sampled_from(sorted(FIELD_NAMES))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))
numbers = st.decimals(-(10**12), 10**12, places=2)
AMOUNTS = [Operator.MORE_THAN, Operator.LESS_THAN, Operator.AT_LEAST, Operator.AT_MOST]
IN_DAYS = [Operator.WITHIN, Operator.WITHIN_NEXT, Operator.AGO, Operator.AGO_OR_MORE]
bounds, days = st.sampled_from([Operator.AT_LEAST, Operator.AT_MOST]), st.integers(1, 36_500)
whats = st.sampled_from(["opened", "pressed"])
conditions = st.one_of(
    st.builds(
        Condition,
        names,
        st.sampled_from([Operator.IS, Operator.IS_NOT]),
        texts | dates | numbers,
    ),
    st.builds(Condition, names, st.sampled_from([Operator.CONTAINS, Operator.STARTS_WITH]), texts),
    st.builds(Condition, names, st.sampled_from([Operator.BEFORE, Operator.AFTER]), dates),
    st.builds(Condition, names, st.sampled_from(AMOUNTS), numbers),
    st.builds(Condition, names, st.sampled_from(IN_DAYS), st.integers(1, 36_500)),
    st.builds(Condition, names, st.just(Operator.ANNIVERSARY), st.integers(1, 366)),
    st.builds(Bought, st.just("bought"), bounds, st.integers(0, 1000).map(Decimal), days),
    st.builds(Bought, st.just("spent"), bounds, st.decimals(0, 10**9, places=2), days),
    st.builds(Condition, names, st.sampled_from([Operator.IS_EMPTY, Operator.IS_NOT_EMPTY])),
    st.builds(Read, whats, st.integers(1, 36_500), st.just("days")),
    st.builds(Read, whats, st.integers(1, 100), st.just("letters")),
    st.builds(InGroup, texts),
    st.builds(ChoseTopic, texts),
)


def attempt(text: str) -> Node | SegmentError:
    """The tree, or why there is none."""
    try:
        return parse(text)
    except SegmentError as problem:
        return problem


def _grown(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


@pytest.mark.parametrize("language", ["en", "nl"])
@given(tree=st.recursive(conditions, _grown, max_leaves=30))
def test_text_and_tree_are_the_same(language: str, tree: Node) -> None:
    again = attempt(text_of(tree, language))
    if isinstance(again, SegmentError):
        assert again.code in ("too-deep", "too-long")
    else:
        assert again == tree


@given(st.text(max_size=60) | st.text(st.sampled_from('abc"()\\ not and or is 12-.'), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    tree = attempt(text)
    if isinstance(tree, SegmentError):
        assert 0 <= tree.place <= len(text)
    else:
        assert parse(text_of(tree)) == tree


def test_every_field_of_the_catalogue_has_one_dutch_name_and_it_reads_back() -> None:
    assert set(FIELD_NAMES) == set(catalogue()) - {"standing", "standing_since"} | {"company"}
    assert len(set(FIELD_NAMES.values())) == len(FIELD_NAMES)
    for key in FIELD_NAMES:
        assert key_called(called(key, "nl")) == key_called(called(key, "en")) == key
