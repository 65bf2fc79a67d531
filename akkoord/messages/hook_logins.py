"""A log-in that a provider may send along with the secret address (basic or bearer)."""

import hmac
from base64 import b64decode


def login_fits(header: str, secret: str) -> bool:
    """Whether nothing was sent along, or the secret of the address once more."""
    kind, _, value = header.strip().partition(" ")
    if not kind:
        return True
    said = value.strip()
    if kind.lower() == "basic":
        try:
            said = b64decode(said, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    elif kind.lower() != "bearer":
        return False
    return hmac.compare_digest(said.encode(), secret.encode())
