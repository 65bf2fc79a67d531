"""Which loose texts tell by themselves who somebody is: an address, a number to call, of papers."""

import re

from akkoord.law.sensitive import numbers_in

# Bounded, or a long name would take its length squared; no address is longer.
ADDRESS = re.compile(r"[^\s@\"<>(),;:/]{1,320}@[^\s@\"<>(),;:/]{1,320}")
TELEPHONE = re.compile(r"(?<![\d+])(?:\+|0)\d(?:[ .-]?\d){7,12}(?!\d)")


def tells_who(text: str) -> bool:
    """Whether an address, a telephone number, or the number of a person or account stands in it."""
    return bool(ADDRESS.search(text) or TELEPHONE.search(text) or numbers_in(text))
