"""Blanking of changes at erasure: the act stays, whom it concerned goes."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction


def blank_changes(person_ids: Iterable[UUID], run: UUID) -> int:
    """Empty subject, object and salt of every change about these persons; how many were emptied.

    Runs in the caller's transaction, under the erasure run's id, as the trigger demands.
    """
    ids = list(person_ids)
    with transaction.atomic(), connection.cursor() as cursor, erasing(run):
        cursor.execute(
            "UPDATE trail_change SET subject_id = NULL, object_id = NULL, salt = NULL"
            " WHERE subject_id = ANY(%s) OR object_id = ANY(%s)",
            [ids, ids],
        )
        return cursor.rowcount


class erasing:  # noqa: N801 - reads as a statement: `with erasing(run):`
    """Lets evented tables be blanked on behalf of an erasure run, inside one transaction."""

    def __init__(self, run: UUID) -> None:
        """`run`: the id of the erasure run, recorded with every event that is blanked."""
        self.run = run

    def __enter__(self) -> None:
        """Open the door; refuses outside a transaction, where it could not be closed safely."""
        if not connection.in_atomic_block:
            raise RuntimeError("erasing needs a transaction")
        self._set(str(self.run))

    def __exit__(self, *exception: object) -> None:
        """Close the door; a failed transaction closes it by itself."""
        if exception[0] is None:
            self._set("")

    def _set(self, value: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('akkoord.erasing', %s, true)", [value])
