"""The closed list of reasons that somebody may give for stopping, afterwards and only if they like.

Never asked before the act: who leaves is not held up (art. 7(3) AVG; INV-24).
"""

from __future__ import annotations

from enum import StrEnum


class StopReason(StrEnum):
    """Why somebody stopped. Stored values: never renamed."""

    TOO_OFTEN = "too-often"
    NOT_FOR_ME = "not-for-me"
    NEVER_ASKED = "never-asked"
    OTHER_ADDRESS = "other-address"
    SOMETHING_ELSE = "something-else"
