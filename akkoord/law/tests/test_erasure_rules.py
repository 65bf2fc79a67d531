"""What may stay after an erasure (INV-35)."""

from __future__ import annotations

from datetime import date

import pytest

from akkoord.law.erasure_rules import (
    KEEP_GROUNDS,
    KeepGround,
    fiscal_start,
    kept_until,
    may_keep,
)

SINCE = date(2026, 11, 24)


@pytest.mark.parametrize("ground", list(KeepGround))
def test_inv35_every_ground_has_an_article(ground: KeepGround) -> None:
    """The list is closed, and each item says why."""
    assert KEEP_GROUNDS[ground].article.startswith("AVG")


def test_inv35_only_records_of_law_and_claims_may_still_name_somebody() -> None:
    """Everything else that stays says nothing about anybody."""
    naming = {ground for ground, fact in KEEP_GROUNDS.items() if fact.identifies}
    assert naming == {
        KeepGround.FISCAL_RECORD,
        KeepGround.LEGAL_CLAIM,
        KeepGround.LEGAL_OBLIGATION,
        KeepGround.CONSENT_EVIDENCE,
        KeepGround.SOMEBODY_ELSES,  # them
        KeepGround.RECIPIENT_NOTICE,  # sealed, and gone when the recipient answered
    }


@pytest.mark.parametrize(
    ("ground", "until"),
    [
        (KeepGround.FISCAL_RECORD, date(2033, 11, 24)),
        (KeepGround.CONSENT_EVIDENCE, date(2031, 11, 24)),
        (KeepGround.REQUEST_RECORD, date(2028, 11, 24)),
        (KeepGround.SUPPRESSION, date(2028, 11, 24)),
        (KeepGround.ERASURE_RECORD, date(2031, 11, 24)),
        (KeepGround.RECIPIENT_NOTICE, date(2027, 2, 24)),
        (KeepGround.LEGAL_CLAIM, None),
        (KeepGround.LEGAL_OBLIGATION, None),
        (KeepGround.SEALED_HASH, None),
        (KeepGround.SOMEBODY_ELSES, None),
    ],
)
def test_until_when(ground: KeepGround, until: date | None) -> None:
    """Terms from the table, or none."""
    assert kept_until(ground, SINCE) == until


@pytest.mark.parametrize("ground", list(KeepGround))
def test_inv35_everything_has_a_day_or_what_ends_it(ground: KeepGround) -> None:
    """One of both, never neither."""
    assert (KEEP_GROUNDS[ground].term is None) == (KEEP_GROUNDS[ground].end is not None)


def test_the_fiscal_term_starts_after_the_book_year() -> None:
    """Seven years from the end of it."""
    start = fiscal_start(date(2026, 3, 1))
    assert start == date(2026, 12, 31)
    assert kept_until(KeepGround.FISCAL_RECORD, start) == date(2033, 12, 31)


@pytest.mark.parametrize(
    ("ground", "on", "claim", "kept"),
    [
        (KeepGround.FISCAL_RECORD, date(2033, 11, 24), False, True),
        (KeepGround.FISCAL_RECORD, date(2033, 11, 25), False, False),
        (KeepGround.LEGAL_CLAIM, SINCE, False, False),
        (KeepGround.LEGAL_CLAIM, date(2060, 1, 1), True, True),
        (KeepGround.CONSENT_EVIDENCE, SINCE, False, False),
        (KeepGround.CONSENT_EVIDENCE, SINCE, True, True),
        (KeepGround.CONSENT_EVIDENCE, date(2031, 11, 25), True, False),
        (KeepGround.SUPPRESSION, date(2060, 1, 1), False, True),
        (KeepGround.SEALED_HASH, date(2060, 1, 1), False, True),
    ],
)
def test_inv35_what_may_still_be_kept(
    ground: KeepGround, on: date, claim: bool, kept: bool
) -> None:
    """A claim only while there is one; a suppression is reviewed, never just dropped."""
    assert may_keep(ground, since=SINCE, on=on, has_open_claim=claim) is kept
