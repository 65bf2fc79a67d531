"""The log of a leak and the trail: what was done, by whom; field names, never words."""

from collections.abc import Iterable
from datetime import datetime

from akkoord.breaches.models import Breach, BreachStep
from akkoord.trail.actions import Actor, record_change


def note(
    breach: Breach, code: str, *, at: datetime, actor: Actor, fields: Iterable[str] = ()
) -> BreachStep:
    """Write one line, in the caller's transaction; it is never changed (INV-45)."""
    named = sorted(fields)
    record_change(
        actor=actor,
        action=f"breach.{code}",
        object_kind="breach",
        object_id=breach.id,
        fields=named,
        at=at,
    )
    return BreachStep.objects.create(
        breach=breach, at=at, actor_kind=actor.kind, actor_id=actor.id, code=code, fields=named
    )
