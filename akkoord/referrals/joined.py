"""Cards of two records that turn out to be one person: one living card each."""

from collections.abc import Mapping
from typing import Any

from akkoord.people.joining_steps import Join
from akkoord.referrals.models import Card


def one_card(join: Join) -> dict[str, Any]:
    """End the card of the record that goes when the other has one; which."""
    if not Card.objects.filter(person_id=join.new, ended_at=None).exists():
        return {"ended": []}
    living = Card.objects.filter(person_id=join.old, ended_at=None)
    ended = [str(each) for each in living.values_list("id", flat=True)]
    living.update(ended_at=join.at)
    return {"ended": ended}


def cards_again(join: Join, note: Mapping[str, Any]) -> None:
    """Each has their own card again."""
    Card.objects.filter(id__in=note.get("ended", []), ended_at=join.since).update(ended_at=None)
