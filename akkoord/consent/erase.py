"""Blanking of permission events at erasure: that it happened stays, whom it concerned goes."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from akkoord.trail.erase import erasing


def blank_events(person_ids: Iterable[UUID], run: UUID) -> int:
    """Empty the personal columns and the salt of these persons' events; how many were emptied.

    Follows aliases, for a merged record's events keep the reference they were sealed with. Runs
    under the erasure run's id, as the trigger demands; nothing else is touched.
    """
    ids = list(person_ids)
    with transaction.atomic(), connection.cursor() as cursor, erasing(run):
        cursor.execute(
            """
            UPDATE consent_permissionevent
               SET person_ref = NULL, contact_point_ref = NULL, happened_at = NULL,
                   valid_until = NULL, actor_ref = NULL, evidence = NULL, salt = NULL
             WHERE person_ref = ANY(
               SELECT unnest(%(ids)s::uuid[])
                UNION SELECT old_id FROM people_personalias WHERE person_id = ANY(%(ids)s::uuid[]))
            """,
            {"ids": ids},
        )
        return int(cursor.rowcount)
