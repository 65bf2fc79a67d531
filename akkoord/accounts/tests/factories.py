"""Members of staff for tests."""

from datetime import UTC, datetime

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Staff

PASSWORD = "zeven groene fietsen staan"


def make_staff(role: str = "owner", email: str = "anouk@example.nl", **fields: str) -> Staff:
    """A member of staff who can log in with PASSWORD."""
    return create_staff(
        email=email,
        name=fields.get("name", "Anouk van Dam"),
        role=role,
        language=fields.get("language", "nl"),
        password=PASSWORD,
        at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    )
