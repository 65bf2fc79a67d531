"""Which workers live: each holds a lock of its database session as long as it works.

The database lets the lock go in the moment that the worker's process ends, however it ends, so
nobody has to wait for a lease to know it. A worker that hangs keeps its lock; for that one there
are the leases of `claims`.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection


@contextmanager
def seen_alive(worker_id: UUID) -> Iterator[None]:
    """Be seen by the other workers until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_number(worker_id)])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(worker_id)])


def dead_among(worker_ids: Collection[UUID]) -> list[UUID]:
    """Those whose process is gone. Ask about workers whose claims were seen before."""
    if not worker_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 1"
            "   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        held = {row[0] for row in cursor.fetchall()}
    return [each for each in worker_ids if _number(each) not in held]


def _number(worker_id: UUID) -> int:
    """The lock of a worker: the random half of its id."""
    return int.from_bytes(worker_id.bytes[8:], signed=True)
