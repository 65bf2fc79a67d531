"""What people who are forgotten had asked: closed with them, nothing is left to answer about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from akkoord.datamap.prepared import prepared
from akkoord.rights.log import note_all
from akkoord.rights.models import ErasureRun, RequestPart, RightsRequest
from akkoord.trail.actions import Actor


def close_requests(
    ids: Sequence[UUID],
    run: ErasureRun,
    request: RightsRequest | None,
    *,
    at: datetime,
    actor: Actor,
) -> None:
    """Close what these people asked: nothing is left to answer about.

    What was asked from one of their addresses before we knew them is theirs too.
    """
    _adopt(ids)
    asked = [each for (each,) in prepared(_OPEN, {"ids": list(ids)})]
    if request is not None:
        asked.append(request.id)
    requests = list(RightsRequest.objects.filter(id__in=asked))
    if not requests:
        return
    RequestPart.objects.filter(request__in=requests, state=RequestPart.State.OPEN).update(
        state=RequestPart.State.DONE, decided_at=at, decided_by=actor.id
    )
    note_all(requests, "erased", at=at, actor=actor, facts={"reference": run.reference})
    RightsRequest.objects.filter(id__in=[each.id for each in requests]).update(
        state=RightsRequest.State.DONE,
        closed_at=at,
        erasure_run_id=run.id,
        handled_by=actor.id,
    )


_OPEN = """
SELECT id FROM rights_rightsrequest
 WHERE subject_id = ANY(%(ids)s::uuid[]) AND state IN ('open', 'waiting-identity')
"""

# Question: which requests came from an address of these people before we knew whose it was?
# Index: rights_request_unknown.
_ADOPT = """
UPDATE rights_rightsrequest r SET subject_id = p.person_id
  FROM people_contactpoint p
 WHERE r.subject_id IS NULL AND r.reply_to <> '' AND r.reply_to = p.normalised
   AND p.channel = 'email' AND p.person_id = ANY(%(ids)s::uuid[])
"""


def _adopt(ids: Sequence[UUID]) -> None:
    """Requests from an address of theirs that were asked before we knew whose it is."""
    prepared(_ADOPT, {"ids": list(ids)})
