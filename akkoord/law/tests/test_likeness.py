"""When two records may be of one person."""

import pytest

from akkoord.law.likeness import ENOUGH, WEIGHTS, Likeness, is_shown, likeness

L = Likeness


@pytest.mark.parametrize(
    ("found", "score", "shown"),
    [
        ([], 0, False),
        ([L.CUSTOMER_NUMBER], 60, True),
        ([L.CUSTOMER_NUMBER, L.OTHER_NAME], 10, False),
        ([L.MAILBOX], 60, True),
        ([L.MAILBOX, L.OTHER_NAME], 10, False),
        ([L.FORMER_ADDRESS], 50, True),
        ([L.PHONE], 40, False),  # a household shares it
        ([L.PHONE, L.SAME_NAME], 70, True),
        ([L.PHONE, L.LIKE_NAME], 60, True),
        ([L.PHONE, L.DOOR, L.OTHER_NAME], 25, False),
        ([L.DOOR], 35, False),
        ([L.DOOR, L.SAME_NAME], 65, True),
        ([L.DOOR, L.LIKE_NAME], 55, True),
        ([L.DOOR, L.LIKE_SOUND], 55, True),
        ([L.COMPANY, L.LIKE_SOUND], 50, True),
        ([L.LIKE_SOUND], 20, False),
        ([L.COMPANY], 30, False),
        ([L.COMPANY, L.SAME_NAME], 60, True),
        ([L.COMPANY, L.LIKE_NAME], 50, True),
        ([L.OTHER_NAME], 0, False),
        ([L.SAME_NAME], 30, False),
        ([L.PHONE, L.PHONE], 40, False),
        ([L.CUSTOMER_NUMBER, L.MAILBOX, L.PHONE, L.SAME_NAME], 100, True),
    ],
)
def test_what_speaks_for_one_person(found: list[Likeness], score: int, shown: bool) -> None:
    assert (likeness(found), is_shown(found)) == (score, shown)


def test_every_likeness_has_a_weight() -> None:
    assert set(WEIGHTS) == set(Likeness)
    assert ENOUGH == 50
