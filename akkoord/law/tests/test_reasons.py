"""Every refusal has a code, an article and a lawful way onward (INV-2)."""

from __future__ import annotations

import re

import pytest

from akkoord.law.decisions import ALLOWED, Decision, first_refusal, refuse
from akkoord.law.reasons import REASONS, Reason, Remedy, Stage, reason_fact

KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)*")


@pytest.mark.parametrize("reason", list(Reason))
def test_inv02_every_reason_has_articles_a_remedy_and_a_stage(reason: Reason) -> None:
    """No reason is a dead end, and each names its source."""
    fact = reason_fact(reason)
    assert KEBAB.fullmatch(reason.value)
    assert fact.articles
    assert all(article.strip() for article in fact.articles)
    assert isinstance(fact.remedy, Remedy)
    assert isinstance(fact.stage, Stage)


def test_the_table_has_each_reason_once() -> None:
    """The table and the codes are the same list."""
    assert set(REASONS) == set(Reason)
    assert {fact.stage for fact in REASONS.values()} == set(Stage)
    assert {fact.remedy for fact in REASONS.values()} == set(Remedy)


def test_inv03_no_remedy_is_a_mail() -> None:
    """Asking somebody for consent by mail is itself spam; so no remedy mails."""
    assert not [remedy for remedy in Remedy if "mail" in remedy.value or "send" in remedy.value]


def test_inv02_a_refusal_without_a_reason_cannot_exist() -> None:
    """Nor a permission that carries one."""
    with pytest.raises(ValueError, match="reason"):
        Decision(allowed=False)
    with pytest.raises(ValueError, match="reason"):
        Decision(allowed=True, reason=Reason.NO_BASIS)
    assert ALLOWED
    assert not refuse(Reason.NO_BASIS)


def test_the_first_check_that_fails_decides() -> None:
    """The order of the checks is the order of weight."""
    assert first_refusal() == ALLOWED
    assert first_refusal((True, Reason.OBJECTED)) == ALLOWED
    verdict = first_refusal(
        (True, Reason.EXPIRED), (False, Reason.OBJECTED), (False, Reason.NO_BASIS)
    )
    assert verdict.reason is Reason.OBJECTED
