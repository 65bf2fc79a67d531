"""The score of the duties and what to do first."""

import pytest

from akkoord.law.duties import DUTIES, Duty, Judged, State, score_of, urgency_of


def point(state: State, weight: int = 1) -> Judged:
    return Judged(Duty.SECURITY, state, weight)


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ([], None),
        ([point(State.NONE, 3)], None),
        ([point(State.GOOD)], 100),
        ([point(State.WRONG, 3), point(State.GOOD, 1)], 25),
        ([point(State.ATTENTION)], 50),
        ([point(State.OPEN), point(State.GOOD)], 50),
        ([point(State.NONE, 3), point(State.GOOD), point(State.WRONG)], 50),
    ],
)
def test_the_score_counts_by_weight(points: list[Judged], score: int | None) -> None:
    assert score_of(points) == score


def test_the_worst_and_the_heaviest_come_first() -> None:
    order = [
        point(State.WRONG, 3),
        point(State.WRONG, 1),
        point(State.ATTENTION, 3),
        point(State.OPEN, 3),
        point(State.OPEN, 1),
    ]
    assert sorted(order, key=urgency_of, reverse=True) == order
    assert urgency_of(point(State.GOOD, 3)) == 0
    assert urgency_of(point(State.NONE, 3)) == 0


def test_every_duty_has_its_article() -> None:
    assert set(DUTIES) == set(Duty)
