"""Why the register changed: the reason that the versions of the running transaction get."""

from django.db import connection

SHORTEST_REASON = 5  # characters


def because(reason: str) -> None:
    """Let the versions of this transaction say why; after the line of the trail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('akkoord.reason', %s, true)", [reason.strip()[:300]])
