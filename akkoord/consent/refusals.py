"""What the room raises when the law says no: one reason, and the field it belongs to."""

from akkoord.law.decisions import Decision
from akkoord.law.reasons import Reason


class ConsentRefused(Exception):
    """An act that the law does not allow; `reason` says why, `field` where on the form."""

    def __init__(self, reason: Reason, *, field: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field


def demand(decision: Decision, *, field: str = "") -> None:
    """Raise ConsentRefused unless the rule allows it."""
    if decision.reason is not None:
        raise ConsentRefused(decision.reason, field=field)
