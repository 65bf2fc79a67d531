"""One dated table of every number that the law sets or may change.

A rule never holds a term of its own: it asks `parameter(key, on)`. A changed law is one more row
with its day of entry; decisions of the past keep the number of their day. `source` says whose
number it is: a law, a guideline, or our own choice (marked `Akkoord`), which an organisation may
make stricter, never looser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from akkoord.law.terms import add_months, add_years

GDPR_DAY = date(2018, 5, 25)


class Unit(StrEnum):
    """What a value counts."""

    SECONDS = "seconds"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    BITS = "bits"
    COUNT = "count"
    SWITCH = "switch"  # 1 allowed, 0 forbidden
    FOR_EVER = "for-ever"  # the value is 0 and means: no end


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the law, from the day on which it holds."""

    key: str
    value: int
    unit: Unit
    valid_from: date
    source: str


_ROWS: tuple[tuple[str, int, Unit, date, str], ...] = (
    # Consent
    ("confirmation-term", 7, Unit.DAYS, GDPR_DAY, "Akkoord; INV-13: a request expires"),
    ("confirmation-mail-interval", 24, Unit.HOURS, GDPR_DAY, "Akkoord; INV-13, Tw 11.7"),
    ("preference-link-term", 30, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 32"),
    ("fresh-link-term", 1, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 32: shows and grants"),
    ("mailbox-check-term", 1, Unit.HOURS, GDPR_DAY, "Akkoord; AVG 12(6), AVG 32"),
    ("withdrawal-link-term", 0, Unit.FOR_EVER, GDPR_DAY, "AVG 7(3): as easy as giving, any time"),
    ("withdrawal-effect", 0, Unit.SECONDS, GDPR_DAY, "AVG 7(3), AVG 21(3): at once"),
    ("one-click-honoured", 2, Unit.DAYS, date(2024, 2, 1), "Gmail bulk sender rules: the ceiling"),
    ("refusal-pause", 6, Unit.MONTHS, GDPR_DAY, "Akkoord; proposed Digital Omnibus (Nov 2025)"),
    ("consent-refresh", 24, Unit.MONTHS, GDPR_DAY, "Akkoord; EDPB 05/2020: refresh at intervals"),
    ("pause-limit", 6, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 25: a pause, not a forgotten no"),
    ("consent-evidence-after-end", 5, Unit.YEARS, GDPR_DAY, "AVG 17(3)(e); BW 3:310, Awb 5:45"),
    ("after-withdrawal", 30, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 17(1)(b): time to come back"),
    ("age-of-consent", 16, Unit.YEARS, GDPR_DAY, "AVG 8(1); UAVG 5"),
    ("youngest-sign-up", 12, Unit.YEARS, GDPR_DAY, "Akkoord; INV-14: a mailbox of one's own"),
    ("child-asked-anew", 1, Unit.YEARS, GDPR_DAY, "Akkoord; INV-14: at sixteen asked anew"),
    # Customers
    ("soft-opt-in-term", 2, Unit.YEARS, GDPR_DAY, "Akkoord; Tw 11.7 sets no term; INV-15"),
    (
        "published-address-term",
        1,
        Unit.YEARS,
        GDPR_DAY,
        "Akkoord; Tw 11.7 sets no term; INV-18: looked at anew",
    ),
    ("phone-soft-opt-in", 1, Unit.SWITCH, date(2009, 10, 1), "Tw 11.7, customers by telephone"),
    ("phone-soft-opt-in", 0, Unit.SWITCH, date(2026, 7, 1), "Tw 11.7 as of 1-7-2026; INV-16"),
    ("phone-relation-term", 3, Unit.YEARS, date(2021, 7, 1), "self-regulation, exempt sectors"),
    ("ex-customer-term", 3, Unit.YEARS, GDPR_DAY, "convention; AVG 5(1)(e)"),
    ("prospect-term", 24, Unit.MONTHS, GDPR_DAY, "convention; AVG 5(1)(e)"),
    # Accuracy
    (
        "joining-undo-term",
        30,
        Unit.DAYS,
        GDPR_DAY,
        "Akkoord; AVG 5(1)(d): to part again",
    ),
    ("unconfirmed-term", 24, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 5(1)(d): kept up to date"),
    ("review-settled-term", 24, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 5(1)(d): looked at again"),
    ("details-question-interval", 12, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 5(1)(d), AVG 14, 16"),
    ("details-link-term", 14, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 32: it shows what we keep"),
    # Minimisation
    ("unused-field-term", 6, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 5(1)(c): can this go?"),
    # Post
    ("post-register-check-term", 31, Unit.DAYS, GDPR_DAY, "Akkoord; INV-19: the latest Postfilter"),
    ("letter-file-term", 30, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 5(1)(e)"),
    # Imports and people without a basis
    ("import-review-term", 60, Unit.DAYS, GDPR_DAY, "Akkoord; INV-44, AVG 5(1)(e)"),
    ("import-owner-wait", 30, Unit.DAYS, GDPR_DAY, "Akkoord; INV-44: waits for the owner at most"),
    ("notice-after-import", 1, Unit.MONTHS, GDPR_DAY, "AVG 14(3)(a)"),
    # Special categories
    ("special-exception-term", 1, Unit.YEARS, GDPR_DAY, "Akkoord; AVG 5(2), 9(2): decided anew"),
    ("special-exception-reminder", 30, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 9(2): said in time"),
    # Rights
    ("request-term", 1, Unit.MONTHS, GDPR_DAY, "AVG 12(3)"),
    ("request-extension", 2, Unit.MONTHS, GDPR_DAY, "AVG 12(3)"),
    ("request-record-term", 2, Unit.YEARS, GDPR_DAY, "Akkoord; AVG 5(2), AVG 17(3)(e)"),
    ("request-answer-term", 14, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 5(1)(e), AVG 32"),
    ("export-download-term", 7, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 5(1)(e), AVG 32"),
    ("certificate-download-term", 30, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 12(3)"),
    ("erasure-record-term", 5, Unit.YEARS, GDPR_DAY, "AVG 5(2), AVG 17(3)(e); BW 3:310"),
    ("erasure-list-draft-term", 1, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 5(1)(e)"),
    ("erasure-list-term", 7, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 5(1)(e): waits for a second yes"),
    ("recipient-notice-term", 3, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 19, AVG 5(1)(e)"),
    ("erasure-physical-term", 1, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 17(1): without undue delay"),
    ("backup-cycle", 30, Unit.DAYS, GDPR_DAY, "Akkoord; EDPB erasure report 2026"),
    ("backup-reminder", 7, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 32(1)(c): after so long without"),
    ("suppression-review", 24, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 21(3), AVG 5(1)(e)"),
    # Data leaks
    ("breach-notification", 72, Unit.HOURS, GDPR_DAY, "AVG 33(1)"),
    ("breach-record-term", 5, Unit.YEARS, GDPR_DAY, "Akkoord; AVG 33(5)"),
    ("breach-people-term", 12, Unit.MONTHS, GDPR_DAY, "Akkoord; AVG 5(1)(e): who was affected"),
    ("seen-log-term", 6, Unit.MONTHS, GDPR_DAY, "convention; AVG 32: who saw whom in a list"),
    # Records
    ("fiscal-term", 7, Unit.YEARS, date(1998, 1, 1), "AWR 52(4)"),
    ("fiscal-term-long", 10, Unit.YEARS, date(2015, 1, 1), "immovable property; OSS"),
    ("measuring-term", 6, Unit.MONTHS, GDPR_DAY, "convention; AVG 5(1)(e): raw logs; INV-28"),
    ("series-log-term", 24, Unit.MONTHS, GDPR_DAY, "convention; AVG 5(1)(e): who was in a series"),
    ("message-record-term", 24, Unit.MONTHS, GDPR_DAY, "convention; AVG 5(1)(e): who got a letter"),
    ("audit-trail-term", 2, Unit.YEARS, GDPR_DAY, "Akkoord; AVG 5(2), AVG 32: who did what"),
    ("question-term", 12, Unit.MONTHS, GDPR_DAY, "convention; AVG 5(1)(e): a question answered"),
    ("queue-record-term", 30, Unit.DAYS, GDPR_DAY, "Akkoord; AVG 5(1)(e), AVG 32: work that ended"),
    ("access-log-term", 6, Unit.MONTHS, GDPR_DAY, "convention; AVG 5(1)(e), AVG 32"),
    # Sending and technique
    ("gate-freshness", 2, Unit.SECONDS, GDPR_DAY, "Akkoord; AVG 7(3): withdrawal beats speed"),
    ("missed-plan", 1, Unit.HOURS, GDPR_DAY, "Akkoord; AVG 5(1)(a): late mail is asked about"),
    ("ip-prefix-4", 24, Unit.BITS, GDPR_DAY, "Akkoord; AVG 5(1)(c), C-582/14"),
    ("ip-prefix-6", 48, Unit.BITS, GDPR_DAY, "Akkoord; AVG 5(1)(c), C-582/14"),
    ("bulk-sender", 5000, Unit.COUNT, date(2024, 2, 1), "Gmail, Yahoo; Microsoft since May 2025"),
    ("register-exemption-staff", 250, Unit.COUNT, GDPR_DAY, "AVG 30(5)"),
    ("dpia-large-scale", 10_000, Unit.COUNT, GDPR_DAY, "AP: in care; elsewhere no number; AVG 35"),
    ("dpia-review", 3, Unit.YEARS, GDPR_DAY, "convention (CNIL: three years); AVG 35(11)"),
    # Eight weeks, and six more when the AP says so: only after both it is silent for certain.
    ("prior-consultation", 14 * 7, Unit.DAYS, GDPR_DAY, "AVG 36(2)"),
    ("breach-many-persons", 100, Unit.COUNT, GDPR_DAY, "ENISA severity, flag"),
)

PARAMETERS: tuple[Parameter, ...] = tuple(Parameter(*row) for row in _ROWS)

_BY_KEY: Mapping[str, tuple[Parameter, ...]] = MappingProxyType(
    {
        key: tuple(
            sorted(
                (entry for entry in PARAMETERS if entry.key == key),
                key=lambda entry: entry.valid_from,
                reverse=True,
            )
        )
        for key in {entry.key for entry in PARAMETERS}
    }
)


def parameter_entry(key: str, on: date) -> Parameter:
    """The row that holds on this day, with its source. LookupError: unknown, or not yet then."""
    for entry in _BY_KEY.get(key, ()):
        if entry.valid_from <= on:
            return entry
    raise LookupError(f"no parameter {key!r} on {on.isoformat()}")


def parameter(key: str, on: date) -> int:
    """The number that holds on this day. LookupError: unknown key, or not yet in force then."""
    return parameter_entry(key, on).value


def duration(key: str, on: date) -> timedelta:
    """A term in seconds, hours or days as a length of time. TypeError: months, years, others."""
    entry = parameter_entry(key, on)
    if entry.unit is Unit.SECONDS:
        return timedelta(seconds=entry.value)
    if entry.unit is Unit.HOURS:
        return timedelta(hours=entry.value)
    if entry.unit is Unit.DAYS:
        return timedelta(days=entry.value)
    raise TypeError(f"{key!r} is not a length of time but {entry.unit}")


def term_end(key: str, start: date, on: date | None = None) -> date | None:
    """The last day of a term in days, months or years that began on `start`.

    `on` is the day whose rule counts (default: `start`). None: the term has no end.
    """
    entry = parameter_entry(key, on or start)
    if entry.unit is Unit.FOR_EVER:
        return None
    if entry.unit is Unit.MONTHS:
        return add_months(start, entry.value)
    if entry.unit is Unit.YEARS:
        return add_years(start, entry.value)
    return start + duration(key, on or start)
