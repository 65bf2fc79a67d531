"""References that a person can read out over the telephone: AK-7F3Q-92KD."""

import secrets

# Without what is taken for something else: 0 O, 1 I L, 5 S, 8 B, U V.
ALPHABET = "234679ACDEFGHJKMNPQRTWXYZ"
GROUP = 4


def new_reference() -> str:
    """A reference that nobody can guess and that says nothing."""
    letters = [secrets.choice(ALPHABET) for _ in range(2 * GROUP)]
    return f"AK-{''.join(letters[:GROUP])}-{''.join(letters[GROUP:])}"
