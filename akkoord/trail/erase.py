"""Blanking of changes at erasure: the act stays, whom it concerned goes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from akkoord.datamap.prepared import prepared

_BLANK = """
UPDATE trail_change SET subject_id = NULL, object_id = NULL, salt = NULL
 WHERE subject_id = ANY(%(ids)s::uuid[]) OR object_id = ANY(%(ids)s::uuid[])
RETURNING 1
"""


def blank_changes(person_ids: Iterable[UUID], run: UUID) -> int:  # noqa: ARG001 - an eraser's shape
    """Empty subject, object and salt of every change about these persons; how many were emptied.

    Runs in the caller's transaction, `erasing` on behalf of the run, as the trigger demands.
    """
    return len(prepared(_BLANK, {"ids": list(person_ids)}))


@contextmanager
def erasing(run: UUID) -> Iterator[None]:
    """Let evented tables be blanked on behalf of an erasure run, inside one transaction.

    The run's id is recorded with every event that is blanked. What fails is rolled back, and the
    permission to blank with it.
    """
    with transaction.atomic():
        _set_erasing(str(run))
        yield
        _set_erasing("")


def _set_erasing(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('akkoord.erasing', %s, true)", [value])
