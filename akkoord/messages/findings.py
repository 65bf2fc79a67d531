"""One thing that pre-flight, or a look outside, has to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that blocks or that deserves a look: a stable code and a finished sentence.

    `place`: the part of the message, with its line when one is to blame.
    """

    code: str
    sentence: str
    place: str = ""
