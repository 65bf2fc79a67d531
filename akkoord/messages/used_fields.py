"""Which fields the letters of the last two years used: read from what was approved, of nobody.

A letter that leaves again as it was (a step of a series, a welcome) counts once, with its last day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from akkoord.messages.models import Dispatch

LOOKED_BACK = timedelta(days=730)
MOST = 2000
SLOT = re.compile(r"\{\{-?\s*([a-z][a-z0-9_]*)")
_OPEN = {Dispatch.State.READY, Dispatch.State.RUNNING, Dispatch.State.PAUSED}
# Question: which fields stand in each letter that differs, and when did it leave last? The texts
# stay in the database: only the names of fields come out of it.
_LETTERS = r"""
SELECT d.id, d.purpose_id, d.channel, d.state, d.last, d.segment,
       coalesce(d.template->>'subject', ''),
       ARRAY(SELECT DISTINCT f[1] FROM regexp_matches(
         coalesce(d.template->>'subject', '') || ' ' || coalesce(d.template->>'body', ''),
         '\{\{-?\s*([a-z][a-z0-9_]*)', 'g') AS f),
       ARRAY(SELECT c->>1 FROM jsonb_array_elements(
         coalesce(d.template->'conditions', '[]'::jsonb)) AS c)
  FROM (SELECT DISTINCT ON (content_hash, segment) *,
               max(created_at) OVER (PARTITION BY content_hash, segment) AS last
          FROM messages_dispatch WHERE created_at > %s
         ORDER BY content_hash, segment, created_at DESC) AS d
 ORDER BY d.last DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class LetterUse:
    """One letter: its fields by name, and the texts of the groups that it asks."""

    dispatch_id: UUID
    purpose_id: UUID
    channel: str
    is_open: bool
    at: datetime
    group: str
    subject: str
    fields: frozenset[str]
    conditions: Sequence[str]


def letters_and_fields(*, at: datetime) -> list[LetterUse]:
    """The letters of the last two years, the newest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, [at - LOOKED_BACK, MOST])
        return [
            LetterUse(
                dispatch_id=key,
                purpose_id=topic,
                channel=channel,
                is_open=state in _OPEN,
                at=last,
                group=group,
                subject=subject,
                fields=frozenset(fields),
                conditions=conditions,
            )
            for key, topic, channel, state, last, group, subject, fields, conditions in cursor
        ]


def fields_written_in(*texts: str) -> frozenset[str]:
    """The fields whose values come in these texts."""
    return frozenset(name for text in texts for name in SLOT.findall(text))
