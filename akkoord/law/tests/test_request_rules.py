"""What works at once, what freezes, and the closed list of grounds for a no."""

import pytest

from akkoord.law.request_rules import (
    ARTICLES,
    AT_ONCE,
    GROUNDS,
    OVERDUE,
    RefusalGround,
    RequestKind,
    grounds_for,
    may_refuse,
    reminder_step,
)


def test_every_kind_and_every_ground_names_its_article() -> None:
    """Nothing is asked or refused without the law that it rests on."""
    assert set(ARTICLES) == set(RequestKind)
    assert set(GROUNDS) == set(RefusalGround)
    assert all(fact.article and fact.kinds for fact in GROUNDS.values())


@pytest.mark.parametrize("kind", sorted(AT_ONCE))
@pytest.mark.parametrize("ground", list(RefusalGround))
def test_inv34_no_ground_refuses_a_no_to_marketing(kind: RequestKind, ground: str) -> None:
    """Art. 21(3) and 7(3) know no exception."""
    assert not may_refuse(kind, ground)


@pytest.mark.parametrize(
    ("kind", "ground", "may"),
    [
        ("access", "others-rights", True),
        ("erasure", "legal-duty-to-keep", True),
        ("access", "legal-duty-to-keep", False),
        ("objection-use", "compelling-grounds", True),
        ("erasure", "compelling-grounds", False),
        ("portability", "not-on-consent-or-contract", True),
        ("human-look", "excessive", True),
        ("access", "too much work", False),
        ("something", "excessive", False),
    ],
)
def test_a_ground_refuses_what_it_is_for(kind: str, ground: str, may: bool) -> None:
    """And nothing outside the lists."""
    assert may_refuse(kind, ground) is may


def test_several_kinds_share_only_the_grounds_of_all() -> None:
    """Nothing can refuse an objection, so nothing can refuse it among others."""
    assert RefusalGround.OTHERS_RIGHTS in grounds_for(["access", "portability"])
    assert RefusalGround.NOT_BY_CONSENT not in grounds_for(["access", "portability"])
    assert grounds_for(["access", "objection"]) == []
    assert grounds_for([]) == []


@pytest.mark.parametrize(
    ("left", "step"),
    [(30, None), (15, None), (14, 14), (9, 14), (7, 7), (3, 7), (2, 2), (0, 2), (-1, OVERDUE)],
)
def test_inv33_a_reminder_per_step(left: int, step: int | None) -> None:
    """Fourteen, seven and two days before, and once it is too late."""
    assert reminder_step(left) == step
