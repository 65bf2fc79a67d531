"""Who is selected, and what the gate says of each, as SQL: a row per person, for push per device.

Fan-out stores it, pre-flight counts it: both ask the same question.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from akkoord.law.states import Channel
from akkoord.permission.queries import judged
from akkoord.register.models import Purpose

# A mailbox is one place to read, wherever it is opened; of devices one is at hand and one is not.
_EVERY_DEVICE = """
SELECT s.id, s.person_id, s.reason FROM ({points}) AS s (id, person_id, reason)
 ORDER BY s.person_id, s.id
"""
_ONE_EACH = """
SELECT DISTINCT ON (s.person_id) s.id, s.person_id, s.reason
  FROM ({points}) AS s (id, person_id, reason)
 ORDER BY s.person_id, s.reason <> '', s.id
"""

# A letter about several topics: the first of them that allows it, then the oldest address.
_ONE_OF_SEVERAL = """
SELECT DISTINCT ON (s.person_id) s.id, s.person_id, s.reason, s.purpose_id
  FROM ({branches}) AS s (id, person_id, reason, purpose_id, place)
 ORDER BY s.person_id, s.reason <> '', s.place, s.id
"""
_BRANCH = "SELECT t.*, %s::uuid, {place} FROM ({points}) AS t (id, person_id, reason)"


def selection_sql(
    purpose: Purpose,
    channel: str,
    group: Q,
    *,
    at: datetime,
    between: tuple[UUID, UUID] | None = None,
    also: Sequence[Purpose] = (),
) -> tuple[str, tuple[Any, ...]]:
    """A statement that answers id, person_id, reason: the living addresses of a group.

    Of somebody with two mailboxes the one that may be reached counts, else the oldest; of somebody
    with two devices for push messages each is a row of its own. `between` takes the people after
    the first id, up to and with the second (index: contact point by person). `also`: further
    topics of a letter; it answers purpose_id too, and who is refused for all is refused once, with
    the reason of the first topic.
    """
    if also:
        return _of_several([purpose, *also], channel, group, at=at, between=between)
    sql, parameters = _points_sql(purpose, channel, group, at=at, between=between)
    statement = _EVERY_DEVICE if channel == Channel.PUSH else _ONE_EACH
    return statement.format(points=sql), parameters


def _of_several(
    purposes: Sequence[Purpose],
    channel: str,
    group: Q,
    *,
    at: datetime,
    between: tuple[UUID, UUID] | None,
) -> tuple[str, tuple[Any, ...]]:
    branches: list[str] = []
    values: list[Any] = []
    for place, each in enumerate(purposes):
        sql, parameters = _points_sql(each, channel, group, at=at, between=between)
        branches.append(_BRANCH.format(place=place, points=sql))
        values += [each.id, *parameters]
    return _ONE_OF_SEVERAL.format(branches=" UNION ALL ".join(branches)), tuple(values)


def _points_sql(
    purpose: Purpose,
    channel: str,
    group: Q,
    *,
    at: datetime,
    between: tuple[UUID, UUID] | None,
) -> tuple[str, tuple[Any, ...]]:
    """The living addresses of a group with the gate's first reason."""
    points = judged(purpose, channel, at=at).filter(ended_at__isnull=True)
    if group:
        points = points.filter(group)
    if between is not None:
        points = points.filter(person_id__gt=between[0], person_id__lte=between[1])
    chosen: QuerySet[Any, Any] = points
    sql, parameters = chosen.values_list("id", "person_id", "reason").query.sql_with_params()
    return sql, tuple(parameters)
