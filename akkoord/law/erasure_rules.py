"""What may stay after an erasure, why, and until when (art. 17(3), art. 21(3)).

Everything outside this list is a fault, and no certificate is given while the scan finds it
(INV-35).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from akkoord.law.parameters import term_end


class KeepGround(StrEnum):
    """The closed list of grounds on which something stays."""

    FISCAL_RECORD = "fiscal-record"
    LEGAL_CLAIM = "legal-claim"
    LEGAL_OBLIGATION = "legal-obligation"
    CONSENT_EVIDENCE = "consent-evidence"
    REQUEST_RECORD = "request-record"
    SUPPRESSION = "suppression"
    SEALED_HASH = "sealed-hash"
    ERASURE_RECORD = "erasure-record"
    RECIPIENT_NOTICE = "recipient-notice"
    SOMEBODY_ELSES = "somebody-elses"


class KeepEnd(StrEnum):
    """When something goes that has no fixed day."""

    NAMES_NOBODY = "names-nobody"
    WITH_THE_CLAIM = "with-the-claim"
    WITH_THE_DUTY = "with-the-duty"
    WITH_THE_OTHERS = "with-the-others"


@dataclass(frozen=True, slots=True)
class KeepFact:
    """A ground: its article, its term, and how much of the person may still show.

    `identifies`: the stored value itself may name the person (an invoice does, a keyed hash does
    not). `needs_open_claim`: only while a claim or hold is on record, never as a habit. `end`: of
    what has no fixed day, what ends it; one of both is always there.
    """

    article: str
    term: str | None
    identifies: bool
    needs_open_claim: bool = False
    end: KeepEnd | None = None


KEEP_GROUNDS: Mapping[KeepGround, KeepFact] = MappingProxyType(
    {
        # The invoice stays in its restricted store; the marketing profile goes.
        KeepGround.FISCAL_RECORD: KeepFact("AVG 17(3)(b); AWR 52(4)", "fiscal-term", True),
        KeepGround.LEGAL_CLAIM: KeepFact(
            "AVG 17(3)(e)", None, True, needs_open_claim=True, end=KeepEnd.WITH_THE_CLAIM
        ),
        KeepGround.LEGAL_OBLIGATION: KeepFact(
            "AVG 17(3)(b)", None, True, needs_open_claim=True, end=KeepEnd.WITH_THE_DUTY
        ),
        # No longer than strictly needed (EDPB 05/2020), and only while a claim is in sight.
        KeepGround.CONSENT_EVIDENCE: KeepFact(
            "AVG 17(3)(b); AVG 17(3)(e)",
            "consent-evidence-after-end",
            True,
            needs_open_claim=True,
        ),
        KeepGround.REQUEST_RECORD: KeepFact("AVG 5(2); AVG 17(3)(e)", "request-record-term", False),
        KeepGround.SUPPRESSION: KeepFact("AVG 21(3); AVG 17(3)(b)", "suppression-review", False),
        # A bare salted hash without its salt and content says nothing about anybody.
        KeepGround.SEALED_HASH: KeepFact("AVG 5(2); AVG 11", None, False, end=KeepEnd.NAMES_NOBODY),
        KeepGround.ERASURE_RECORD: KeepFact("AVG 5(2)", "erasure-record-term", False),
        # Sealed, until who got the data knows that it must go: they find the person by it.
        KeepGround.RECIPIENT_NOTICE: KeepFact("AVG 19", "recipient-notice-term", True),
        # The right is about one's own data: what another has too goes with the last of them.
        KeepGround.SOMEBODY_ELSES: KeepFact("AVG 17(1)", None, True, end=KeepEnd.WITH_THE_OTHERS),
    }
)


def kept_until(ground: KeepGround, since: date) -> date | None:
    """The day on which something kept on this ground goes or is reviewed; None: no fixed day.

    `since` is where the term starts: for a fiscal record the end of the book year, for a
    suppression the last review, else the day on which the record lost its use.
    """
    fact = KEEP_GROUNDS[ground]
    if fact.term is None:
        return None
    return term_end(fact.term, since)


def fiscal_start(invoice_on: date) -> date:
    """Where the fiscal term starts: the last day of the book year of the invoice (AWR 52)."""
    return date(invoice_on.year, 12, 31)


def may_keep(ground: KeepGround, *, since: date, on: date, has_open_claim: bool = False) -> bool:
    """Whether something may (still) stay on this ground on this day; in doubt: no.

    A suppression past its day is to be reviewed, not dropped: an objection has no end of its own.
    """
    fact = KEEP_GROUNDS[ground]
    if fact.needs_open_claim and not has_open_claim:
        return False
    until = kept_until(ground, since)
    if until is None or ground is KeepGround.SUPPRESSION:
        return True
    return on <= until
