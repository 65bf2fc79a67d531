"""Small values as forms and addresses bring them."""

LONGEST = 9  # digits; more is no number of ours, and Python refuses thousands of them


def whole_number(text: str, *, otherwise: int = 0) -> int:
    """The number that was typed, or `otherwise` for anything else."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if is_one else otherwise
