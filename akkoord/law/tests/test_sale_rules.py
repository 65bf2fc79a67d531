"""What a sale proves, of whom, and how long (INV-15, 17)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from akkoord.law.sale_rules import (
    SALE_ALONE,
    SAW_OPT_OUT,
    OptOutAnswer,
    SaleUse,
    carries_until,
    earliest_carrying_sale,
    fiscal_end,
    is_legal_person,
    keeps_amount,
    oldest_keeping_sale,
)


@pytest.mark.parametrize(
    ("name", "form", "legal"),
    [
        ("Voorbeeld B.V.", "", True),
        ("Voorbeeld BV", "", True),
        ("Voorbeeld b. v.", "", True),
        ("Voorbeeld N.V.", "", True),
        ("Stichting Fietsvrienden", "", True),
        ("Sportvereniging De Trapper", "", False),  # no form, no certainty
        ("Vereniging De Trapper", "", True),
        ("Coöperatie Samen U.A.", "", True),
        ("Cooperatie Samen", "", True),
        ("Gemeente Ergens", "", True),
        ("Beispiel GmbH", "", True),
        ("Example Ltd", "", True),
        ("Voorbeeld", "Besloten vennootschap", True),
        ("Fietsen Jansen", "", False),
        ("Fietsen Jansen V.O.F.", "", False),
        ("Jansen vof", "", False),
        ("Maatschap Vrolijk", "", False),
        ("Jansen & Co C.V.", "", False),
        ("Jansen", "Eenmanszaak", False),
        ("Jansen BV in naam", "eenmanszaak", False),  # the form decides
        ("BVision", "", False),
        ("", "", False),
    ],
)
def test_inv17_who_is_a_legal_person(name: str, form: str, legal: bool) -> None:
    """Eenmanszaak, vof, maatschap, cv and whoever is in doubt are natural persons."""
    assert is_legal_person(name=name, legal_form=form) is legal


@pytest.mark.parametrize(
    ("sold", "until"),
    [
        (date(2024, 11, 24), date(2026, 11, 24)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 11, 24), date(2028, 11, 24)),
    ],
)
def test_inv15_two_years_after_the_sale(sold: date, until: date) -> None:
    """The term is the parameter's, to the day."""
    assert carries_until(sold, date(2026, 11, 24)) == until


def test_inv15_the_earliest_sale_and_the_last_day_agree() -> None:
    """On every day of some years, leap days included, by counting."""
    day = date(2027, 12, 1)
    while day < date(2028, 4, 1):
        found = earliest_carrying_sale(day)
        last = carries_until(found, day)
        before = carries_until(found - timedelta(days=1), day)
        assert last is not None
        assert before is not None
        assert before < day <= last
        day += timedelta(days=1)


def test_inv39_a_customer_is_kept_three_years() -> None:
    """The convention, as a parameter."""
    assert oldest_keeping_sale(date(2026, 11, 24)) == date(2023, 11, 24)


def test_inv15_what_a_sale_alone_carries() -> None:
    """Service and post, nothing electronic."""
    assert frozenset({SaleUse.SERVICE, SaleUse.POST}) == SALE_ALONE


def test_inv15_a_no_at_the_till_and_nothing_shown_never_count() -> None:
    """Only what was shown, by the row or by the place."""
    assert frozenset({OptOutAnswer.BY_PLACE, OptOutAnswer.SHOWN}) == SAW_OPT_OUT


@pytest.mark.parametrize(
    ("books", "admitted", "kept"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_the_amount_is_kept_only_with_a_reason(books: bool, admitted: bool, kept: bool) -> None:
    """AVG 5(1)(c)."""
    assert keeps_amount(is_bookkeeping=books, is_amount_admitted=admitted) is kept


def test_the_books_are_kept_seven_years_after_the_book_year() -> None:
    """AWR 52(4)."""
    assert fiscal_end(date(2024, 3, 1)) == date(2031, 12, 31)
