"""Blanking of permission events at erasure: that it happened stays, whom it concerned goes."""

from collections.abc import Iterable
from uuid import UUID

from akkoord.datamap.prepared import prepared

_BLANK = """
UPDATE consent_permissionevent
   SET person_ref = NULL, contact_point_ref = NULL, happened_at = NULL,
       valid_until = NULL, actor_ref = NULL, evidence = NULL, salt = NULL
 WHERE person_ref = ANY(ARRAY(
   SELECT unnest(%(ids)s::uuid[])
    UNION SELECT old_id FROM people_personalias WHERE person_id = ANY(%(ids)s::uuid[])))
RETURNING 1
"""


def blank_events(person_ids: Iterable[UUID], run: UUID) -> int:  # noqa: ARG001 - an eraser's shape
    """Empty the personal columns and the salt of these persons' events; how many were emptied.

    Follows aliases, for a merged record's events keep the reference they were sealed with. Runs
    while erasing on behalf of the run, as the trigger demands; nothing else is touched.
    """
    return len(prepared(_BLANK, {"ids": list(person_ids)}))
