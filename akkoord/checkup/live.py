"""All that the system can see by itself; each look is a few statements, whatever the size."""

from collections.abc import Sequence
from typing import Final

from akkoord.checkup import live_account, live_fairness, live_keeping, live_security
from akkoord.checkup.points import Point

POINTS: Final[Sequence[Point]] = (
    *live_fairness.POINTS,
    *live_keeping.POINTS,
    *live_security.POINTS,
    *live_account.POINTS,
)
