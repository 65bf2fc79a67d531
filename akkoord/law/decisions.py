"""The answer of every rule: allowed, or refused with one reason. Never a bare no (INV-2)."""

from __future__ import annotations

from dataclasses import dataclass

from akkoord.law.reasons import Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict. Refused always carries a reason; allowed never does."""

    allowed: bool
    reason: Reason | None = None

    def __post_init__(self) -> None:
        """Refuse a refusal without a reason and a permission with one."""
        if self.allowed is (self.reason is not None):
            raise ValueError("a refusal needs a reason, a permission has none")

    def __bool__(self) -> bool:
        """So that `if decision:` asks whether it is allowed."""
        return self.allowed


ALLOWED = Decision(allowed=True)


def refuse(reason: Reason) -> Decision:
    """A refusal for this reason."""
    return Decision(allowed=False, reason=reason)


def first_refusal(*checks: tuple[bool, Reason]) -> Decision:
    """The first check that does not hold decides; all hold: allowed.

    Each check is (what must hold, the reason when it does not), in order of weight.
    """
    for holds, reason in checks:
        if not holds:
            return refuse(reason)
    return ALLOWED
