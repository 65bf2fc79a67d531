"""What can be said of two shares, held against values that others computed."""

import pytest

from akkoord.campaigns.significance import (
    Outcome,
    Share,
    as_people,
    compare,
    fisher,
    least_expected,
    people_needed,
    two_proportions,
)


@pytest.mark.parametrize(
    ("a", "b", "p"),
    [
        # The lady tasting tea (Fisher 1935), two-sided.
        ((3, 4), (1, 4), 0.485714),
        # R's own example: fisher.test(matrix(c(3, 1, 1, 3), 2)), and a table of ten and fourteen.
        ((1, 12), (9, 12), 0.002759),
        ((8, 10), (1, 6), 0.034965),
        ((0, 10), (0, 10), 1.0),
        ((5, 5), (5, 5), 1.0),
        ((0, 20), (7, 20), 0.008316),
    ],
)
def test_fisher_is_that_of_the_books(a: tuple[int, int], b: tuple[int, int], p: float) -> None:
    assert fisher(Share(*a), Share(*b)) == pytest.approx(p, abs=1e-6)
    assert fisher(Share(*b), Share(*a)) == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "p"),
    [
        ((15, 100), (30, 100), 0.011085),
        ((200, 1000), (250, 1000), 0.007420),
        ((50, 1000), (50, 1000), 1.0),
        ((0, 100), (0, 100), 1.0),
        ((100, 100), (100, 100), 1.0),
        ((120, 10_000), (165, 10_000), 0.007258),
    ],
)
def test_two_proportions_are_those_of_the_books(
    a: tuple[int, int], b: tuple[int, int], p: float
) -> None:
    assert two_proportions(Share(*a), Share(*b)) == pytest.approx(p, abs=2e-5)


@pytest.mark.parametrize(
    ("a", "b", "outcome", "is_exact"),
    [
        ((0, 0), (0, 0), Outcome.TOO_FEW, False),
        ((2, 4), (4, 400), Outcome.TOO_FEW, False),
        ((2, 100), (2, 100), Outcome.TOO_FEW, False),
        ((3, 100), (3, 100), Outcome.NO_DIFFERENCE, True),
        ((0, 100), (9, 100), Outcome.B, True),
        ((9, 100), (0, 100), Outcome.A, True),
        ((40, 400), (44, 400), Outcome.NO_DIFFERENCE, False),
        ((40, 400), (80, 400), Outcome.B, False),
        ((80, 400), (40, 400), Outcome.A, False),
    ],
)
def test_what_is_said(
    a: tuple[int, int], b: tuple[int, int], outcome: Outcome, is_exact: bool
) -> None:
    found = compare(Share(*a), Share(*b))
    assert (found.outcome, found.is_exact) == (outcome, is_exact)


def test_the_exact_test_is_used_where_the_other_may_not_be() -> None:
    assert least_expected(Share(4, 100), Share(5, 100)) == 4.5
    assert least_expected(Share(5, 100), Share(5, 100)) == 5


def test_presses_tell_as_much_as_half_as_many_people() -> None:
    assert [as_people(n, 1000) for n in (0, 1, 9, 10)] == [0, 0, 4, 5]
    assert as_people(900, 50) == 50
    # 60 against 36 presses of 400: of people it would be clear, of presses it is not.
    assert compare(Share(60, 400), Share(36, 400)).outcome is Outcome.A
    presses = [Share(as_people(n, 400), 400) for n in (60, 36)]
    assert compare(*presses).outcome is Outcome.NO_DIFFERENCE


def test_a_million_people_are_compared_at_once() -> None:
    found = compare(Share(3, 500_000), Share(4, 500_000))
    assert found.is_exact
    assert found.outcome is Outcome.NO_DIFFERENCE
    assert compare(Share(50_000, 500_000), Share(51_000, 500_000)).outcome is Outcome.B


def test_one_in_so_many_is_said_carefully() -> None:
    assert compare(Share(15, 100), Share(30, 100)).one_in == 90
    assert compare(Share(0, 5000), Share(4000, 5000)).one_in > 1_000_000


def test_how_many_people_a_difference_needs() -> None:
    assert 3500 < people_needed(0.05, 0.065) < 4000
    assert people_needed(0.1, 0.1) == 0
