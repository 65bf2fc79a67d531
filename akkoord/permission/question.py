"""What the gate is asked."""

from dataclasses import dataclass
from datetime import datetime

from akkoord.law.states import Channel
from akkoord.register.models import Purpose


@dataclass(frozen=True, slots=True)
class Question:
    """May these people be reached for this purpose, over this channel, at this moment?"""

    purpose: Purpose
    channel: Channel
    at: datetime
