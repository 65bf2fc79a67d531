"""Forgetting somebody: begun on record, erased in one transaction, then proven (art. 17 GDPR).

Three steps, each safe to do again: `begin_erasure` writes the run before anything is destroyed,
`carry_out` erases, `prove` looks everywhere and gives the certificate. Who was killed in between is
taken up by the job. INV-35, 40.
"""

from datetime import datetime
from uuid import UUID

from akkoord.rights.begin import PersonGone as PersonGone
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.certificate import Certificate, certificate_of
from akkoord.rights.models import RightsRequest
from akkoord.rights.prove import prove
from akkoord.trail.actions import Actor


def forget(
    *,
    person_id: UUID,
    by: str,
    actor: Actor,
    at: datetime,
    request: RightsRequest | None = None,
) -> Certificate:
    """Forget one person and answer the certificate.

    Raises PersonGone when there is no such person. Who asks twice at once gets the same run
    twice. The certificate may be withheld (`state` blocked): then it says where something was
    found.
    """
    run = begin_erasure(person_ids=[person_id], by=by, actor=actor, at=at)
    carry_out(run_id=run.id, actor=actor, at=at, request=request)
    return certificate_of(prove(run_id=run.id, at=at))
