"""On which exception a field of a special category may rest, and what each asks (INV-32).

Art. 9(1) GDPR forbids these data; art. 9(2) with art. 22-30 UAVG has exceptions. Here stand those
that a small business, an association or a charity can have. A citizen service number and criminal
data know none here: only a law opens them, and none does for who uses Akkoord (UAVG 46, 31-33).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from akkoord.law.parameters import parameter, term_end
from akkoord.law.sensitive import ARTICLE_9, Sensitive
from akkoord.law.states import Basis

OPENABLE = ARTICLE_9 - {Sensitive.GENETIC, Sensitive.BIOMETRIC}
"""What an exception can open. DNA and fingerprints are no answers to a question: UAVG 28 and 29
leave them to medicine and to locks, and no field of ours is either."""

MAY_SEE = ("owner", "privacy-officer")
"""The roles that a field can be opened to: a marketer writes letters, and no letter is for this."""


class ExceptionGround(StrEnum):
    """The exception of art. 9(2) that a field rests on."""

    CONSENT = "9(2)(a)"
    EMPLOYMENT = "9(2)(b)"
    MEMBERS = "9(2)(d)"
    MADE_PUBLIC = "9(2)(e)"
    CLAIMS = "9(2)(f)"


class Asks(StrEnum):
    """What must be so of the very person before anything of them is kept."""

    EXPLICIT_YES = "explicit-yes"  # a living yes to a purpose of its own
    EMPLOYED = "employed"
    MEMBER = "member"
    SOURCE = "source"  # where they made it public themselves, beside the value
    CLAIM = "claim"  # a claim of which a hold is recorded


@dataclass(frozen=True, slots=True)
class GroundRule:
    """One exception: its article, what it opens, what it asks, and the basis beside it (art. 6)."""

    article: str
    opens: frozenset[Sensitive]
    asks: Asks
    basis: Basis
    associations_only: bool = False

    @property
    def never_opens(self) -> frozenset[Sensitive]:
        """The classes that this exception never opens."""
        return frozenset(Sensitive) - self.opens


GROUNDS: Mapping[ExceptionGround, GroundRule] = MappingProxyType(
    {
        ExceptionGround.CONSENT: GroundRule(
            "AVG 9(2)(a), UAVG 22(2)(a)", OPENABLE, Asks.EXPLICIT_YES, Basis.CONSENT
        ),
        # What an employer must do about illness by law; of nothing else (UAVG 30(1)).
        ExceptionGround.EMPLOYMENT: GroundRule(
            "AVG 9(2)(b), UAVG 30(1)",
            frozenset({Sensitive.HEALTH}),
            Asks.EMPLOYED,
            Basis.LEGAL_OBLIGATION,
        ),
        # Of members and former members, within the aim of the association, told to nobody outside.
        ExceptionGround.MEMBERS: GroundRule(
            "AVG 9(2)(d), UAVG 22(2)(c)",
            frozenset({Sensitive.RELIGION, Sensitive.POLITICS, Sensitive.UNION}),
            Asks.MEMBER,
            Basis.CONTRACT,
            associations_only=True,
        ),
        ExceptionGround.MADE_PUBLIC: GroundRule(
            "AVG 9(2)(e), UAVG 22(2)(d)", OPENABLE, Asks.SOURCE, Basis.LEGITIMATE_INTEREST
        ),
        ExceptionGround.CLAIMS: GroundRule(
            "AVG 9(2)(f), UAVG 22(2)(e)", OPENABLE, Asks.CLAIM, Basis.LEGITIMATE_INTEREST
        ),
    }
)
"""The closed list."""

OFFERED = tuple(each for each in GROUNDS if each is not ExceptionGround.EMPLOYMENT)
"""Those that can be chosen. Staff files are no part of a customer register: who works for the
house is written down nowhere here, so nothing could ever rest on the employer's exception."""


class Never(StrEnum):
    """Why no exception of ours opens a class."""

    BSN = "bsn"  # UAVG 46
    CRIMINAL = "criminal"  # AVG 10, UAVG 31-33
    BODY = "body"  # genetic, biometric: UAVG 28, 29
    NOT_NEEDED = "not-needed"  # an account or a document: no category of art. 9, and never needed


def why_never(kind: Sensitive) -> Never | None:
    """Why nothing opens a class; None when an exception can."""
    if kind in OPENABLE:
        return None
    if kind in (Sensitive.BSN, Sensitive.VAT_WITH_BSN):
        return Never.BSN
    if kind is Sensitive.CRIMINAL:
        return Never.CRIMINAL
    return Never.BODY if kind in ARTICLE_9 else Never.NOT_NEEDED


class ExceptionFault(StrEnum):
    """Why an exception is refused."""

    UNKNOWN_GROUND = "unknown-ground"
    NEVER = "never"
    NOT_BY_THIS_GROUND = "not-by-this-ground"
    TWO_KINDS = "two-kinds"
    ASSOCIATIONS_ONLY = "associations-only"
    NO_REASON = "no-reason"
    NOT_THE_OWNER = "not-the-owner"
    ROLE = "role"
    NO_END = "no-end"
    TOO_LONG = "too-long"


SHORTEST_REASON = 15


@dataclass(frozen=True, slots=True)
class ExceptionClaim:
    """An exception as somebody wants it. `announced`: the classes that the field's words give."""

    ground: str
    kind: Sensitive
    reason: str
    until: date | None
    seen_by: str
    by_role: str
    is_association: bool = False
    announced: Collection[Sensitive] = ()


def faults_of_exception(claim: ExceptionClaim, *, on: date) -> tuple[ExceptionFault, ...]:
    """Why this exception cannot be recorded that day; nothing when it can."""
    kinds = {claim.kind, *claim.announced}
    rule = GROUNDS.get(ExceptionGround(claim.ground)) if claim.ground in _KNOWN else None
    last = latest_end(on)
    checks = (
        (claim.by_role == "owner", ExceptionFault.NOT_THE_OWNER),
        (kinds <= OPENABLE, ExceptionFault.NEVER),
        (len(kinds) == 1, ExceptionFault.TWO_KINDS),
        (rule is not None, ExceptionFault.UNKNOWN_GROUND),
        (rule is None or claim.kind in rule.opens, ExceptionFault.NOT_BY_THIS_GROUND),
        (
            rule is None or not rule.associations_only or claim.is_association,
            ExceptionFault.ASSOCIATIONS_ONLY,
        ),
        (len(claim.reason.strip()) >= SHORTEST_REASON, ExceptionFault.NO_REASON),
        (claim.until is not None and claim.until >= on, ExceptionFault.NO_END),
        (claim.until is None or claim.until <= last, ExceptionFault.TOO_LONG),
        (claim.seen_by in MAY_SEE, ExceptionFault.ROLE),
    )
    return tuple(fault for holds, fault in checks if not holds)


_KNOWN = frozenset(map(str, ExceptionGround))


def latest_end(on: date) -> date:
    """The last day that an exception made this day can have; then it is decided anew."""
    end = term_end("special-exception-term", on)
    assert end is not None  # noqa: S101 - this term always has an end
    return end


def is_open(*, until: date, ended: bool, on: date) -> bool:
    """Whether a field is open that day: through its last day, unless somebody ended it before."""
    return not ended and on <= until


def reminds(*, until: date, on: date) -> bool:
    """Whether the end is so near that somebody must decide."""
    return on >= until - timedelta(days=parameter("special-exception-reminder", on))
