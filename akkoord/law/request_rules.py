"""What may be asked, what works at once, and the grounds for a no (art. 12-22 GDPR).

Pure rules: which kinds need nobody's identity, which freeze a record while they are judged, and the
closed list of grounds for a no, each with its article and the kinds that it can refuse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class RequestKind(StrEnum):
    """What a person may ask of who keeps their data."""

    ACCESS = "access"
    PORTABILITY = "portability"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"  # to marketing: art. 21(2)
    WITHDRAWAL = "withdrawal"
    OTHER_USE = "objection-use"  # to a use that rests on a balancing test: art. 21(1)
    HUMAN_LOOK = "human-look"  # at a decision that a machine made: art. 22(3)


class RefusalGround(StrEnum):
    """Why a request may be refused: a closed list."""

    UNFOUNDED = "manifestly-unfounded"
    EXCESSIVE = "excessive"
    IDENTITY = "identity-not-shown"
    LEGAL_DUTY = "legal-duty-to-keep"
    CLAIM = "legal-claim"
    OTHERS_RIGHTS = "others-rights"
    NOT_BY_CONSENT = "not-on-consent-or-contract"
    IS_RIGHT = "data-is-right"
    COMPELLING = "compelling-grounds"
    NO_SUCH_DECISION = "no-such-decision"


@dataclass(frozen=True, slots=True)
class GroundFact:
    """The article that a ground rests on, and the kinds that it can refuse."""

    article: str
    kinds: frozenset[RequestKind]


ARTICLES: MappingProxyType[RequestKind, str] = MappingProxyType(
    {
        RequestKind.ACCESS: "AVG 15",
        RequestKind.PORTABILITY: "AVG 20",
        RequestKind.RECTIFICATION: "AVG 16",
        RequestKind.ERASURE: "AVG 17",
        RequestKind.RESTRICTION: "AVG 18",
        RequestKind.OBJECTION: "AVG 21(2)",
        RequestKind.WITHDRAWAL: "AVG 7(3)",
        RequestKind.OTHER_USE: "AVG 21(1)",
        RequestKind.HUMAN_LOOK: "AVG 22(3)",
    }
)

AT_ONCE = frozenset({RequestKind.OBJECTION, RequestKind.WITHDRAWAL})
"""No identity, no waiting, no refusal (art. 7(3), 21(3); INV-34)."""

FREEZES = frozenset({RequestKind.RESTRICTION, RequestKind.OTHER_USE})
"""The record is kept and not used: asked for, or until the objection is judged (art. 18(1)(d))."""

_REFUSABLE = frozenset(RequestKind) - AT_ONCE
_GIVES_DATA = frozenset({RequestKind.ACCESS, RequestKind.PORTABILITY})

GROUNDS: MappingProxyType[RefusalGround, GroundFact] = MappingProxyType(
    {
        RefusalGround.UNFOUNDED: GroundFact("AVG 12(5)", _REFUSABLE),
        RefusalGround.EXCESSIVE: GroundFact("AVG 12(5)", _REFUSABLE),
        RefusalGround.IDENTITY: GroundFact("AVG 12(2), 12(6)", _REFUSABLE),
        RefusalGround.LEGAL_DUTY: GroundFact(
            "AVG 17(3)(b)", frozenset({RequestKind.ERASURE, RequestKind.RECTIFICATION})
        ),
        RefusalGround.CLAIM: GroundFact(
            "AVG 17(3)(e), 21(1)", frozenset({RequestKind.ERASURE, RequestKind.OTHER_USE})
        ),
        RefusalGround.OTHERS_RIGHTS: GroundFact("AVG 15(4), 20(4)", _GIVES_DATA),
        RefusalGround.NOT_BY_CONSENT: GroundFact("AVG 20(1)", frozenset({RequestKind.PORTABILITY})),
        RefusalGround.IS_RIGHT: GroundFact("AVG 16", frozenset({RequestKind.RECTIFICATION})),
        RefusalGround.COMPELLING: GroundFact("AVG 21(1)", frozenset({RequestKind.OTHER_USE})),
        RefusalGround.NO_SUCH_DECISION: GroundFact(
            "AVG 22(1)", frozenset({RequestKind.HUMAN_LOOK})
        ),
    }
)


def may_refuse(kind: str, ground: str) -> bool:
    """Whether this ground can refuse this kind. What is not on the list: no (INV-2)."""
    try:
        return RequestKind(kind) in GROUNDS[RefusalGround(ground)].kinds
    except ValueError:
        return False


def grounds_for(kinds: Iterable[str]) -> list[RefusalGround]:
    """The grounds on which all of these can be refused, in the order of the list."""
    asked = {RequestKind(each) for each in kinds}
    return [ground for ground, fact in GROUNDS.items() if asked and asked <= fact.kinds]


REMINDERS = (14, 7, 2)
"""So many days before the due day whoever answers is reminded; and once more when it passed."""

OVERDUE = -1


def reminder_step(days_left: int) -> int | None:
    """The step that counts with so many days left: the nearest that is reached, or OVERDUE."""
    if days_left < 0:
        return OVERDUE
    reached = [step for step in REMINDERS if days_left <= step]
    return min(reached) if reached else None
