"""Who hears that other companies receive data of an activity, or that what is told of one changed.

Each verb that changes a recipient says so here, in its own transaction.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from akkoord.trail.actions import Actor

RecipientsChanged = Callable[[Collection[str], datetime, Actor], None]
_followers: list[RecipientsChanged] = []


def follow_recipients(function: RecipientsChanged) -> None:
    """Hear, in the same transaction, that recipients of these activities (by key) changed."""
    if function not in _followers:
        _followers.append(function)


def tell_changed(activity_keys: Iterable[str], *, at: datetime, actor: Actor) -> None:
    """Tell who follows; of no activity nothing is told."""
    if keys := frozenset(activity_keys):
        for each in _followers:
            each(keys, at, actor)
