"""A letter about several topics: one mail for each person, under the first topic that allows it.

Everybody whom the gate allows for at least one of them gets it once. Evidence, footer, `List-Id`
and the way out are about the topic of that person (see decision 0033).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from akkoord.messages.groups import group_condition, written_out
from akkoord.register.models import Purpose

MOST = 5  # topics of one letter


@dataclass(frozen=True, slots=True)
class TopicHead:
    """What differs in a letter by the topic that somebody gets it under. `purpose`: its id."""

    purpose: str
    name: str
    list_id: str
    list_name: str
    feedback_id: str = ""


def topics_in(ids: Sequence[UUID]) -> list[Purpose]:
    """These topics in this order; no statement for none."""
    if not ids:
        return []
    found = Purpose.objects.in_bulk(list(ids))
    return [found[each] for each in ids if each in found]


def heads_in(plain: Iterable[dict[str, Any]]) -> tuple[TopicHead, ...]:
    """Heads again from their plain values."""
    return tuple(TopicHead(**each) for each in plain)


def group_for_all(text: str, purpose: Purpose, also: Sequence[Purpose], at: datetime) -> Q:
    """The condition of a group that every one of these topics may use (art. 5(1)(b)).

    Raises GroupRefused for the first topic that may not.
    """
    if also:
        rules = written_out(text, purpose)
        for each in also:
            group_condition(rules, each, at)
    return group_condition(text, purpose, at)
