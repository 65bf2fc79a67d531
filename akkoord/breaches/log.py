"""The log of a leak and the trail: what was done, by whom; field names, never words.

How the record then stood is kept apart (`versions.py`): a text there can be emptied.
"""

from collections.abc import Iterable
from datetime import datetime

from akkoord.breaches.models import Breach, BreachStep
from akkoord.breaches.versions import keep_version
from akkoord.trail.actions import Actor, record_change


def note(
    breach: Breach, code: str, *, at: datetime, actor: Actor, fields: Iterable[str] = ()
) -> BreachStep:
    """Write one line, in the caller's transaction; it is never changed (INV-45).

    After the leak was saved: what differs from the last version is kept as the next.
    """
    named = sorted(fields)
    record_change(
        actor=actor,
        action=f"breach.{code}",
        object_kind="breach",
        object_id=breach.id,
        fields=named,
        at=at,
    )
    keep_version(breach.id, code, at=at, actor=actor)
    return BreachStep.objects.create(
        breach=breach, at=at, actor_kind=actor.kind, actor_id=actor.id, code=code, fields=named
    )
