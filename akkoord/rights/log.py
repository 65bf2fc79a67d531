"""The log of a request: every step with who, when and what, in codes and numbers.

It stands on its own: it can be read without the person, and stays after an erasure without them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from akkoord.rights.models import RequestStep, RightsRequest
from akkoord.trail.actions import Actor


def note(
    request: RightsRequest,
    code: str,
    *,
    at: datetime,
    actor: Actor,
    kind: str = "",
    ground: str = "",
    facts: Mapping[str, Any] | None = None,
) -> RequestStep:
    """Write one step, in the caller's transaction; never what somebody said or who they are."""
    return RequestStep.objects.create(
        request=request,
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        code=code,
        kind=kind,
        ground=ground,
        facts=dict(facts or {}),
    )


def note_all(
    requests: Iterable[RightsRequest],
    code: str,
    *,
    at: datetime,
    actor: Actor,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """The same step of several requests: one statement."""
    RequestStep.objects.bulk_create(
        [
            RequestStep(
                request=each,
                at=at,
                actor_kind=actor.kind,
                actor_id=actor.id,
                code=code,
                facts=dict(facts or {}),
            )
            for each in requests
        ]
    )
