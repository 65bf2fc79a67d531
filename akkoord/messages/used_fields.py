"""Which fields the letters of the last two years used: read from what was approved, of nobody.

A letter that leaves again as it was (a step of a series, a welcome) counts once, with its last day.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.urls import reverse

from akkoord.consent.models import CollectionPoint
from akkoord.law.use_rules import FieldUse, UseKind
from akkoord.messages.models import Dispatch

LOOKED_BACK = timedelta(days=730)
MOST = 2000
SLOT = re.compile(r"\{\{-?\s*([a-z][a-z0-9_]*)")
_OPEN = [Dispatch.State.READY, Dispatch.State.RUNNING, Dispatch.State.PAUSED]
# Question: which fields stand in each letter that differs, when did it leave last, and does one
# like it go on still (an older one too, that stands still while a later one left)? The texts stay
# in the database: only the names of fields come out of it.
_LETTERS = r"""
SELECT d.id, d.purpose_id, d.channel, d.is_open, d.last, d.segment,
       coalesce(d.template->>'subject', ''),
       ARRAY(SELECT DISTINCT f[1] FROM regexp_matches(
         coalesce(d.template->>'subject', '') || ' ' || coalesce(d.template->>'body', ''),
         '\{\{-?\s*([a-z][a-z0-9_]*)', 'g') AS f),
       ARRAY(SELECT c->>1 FROM jsonb_array_elements(
         coalesce(d.template->'conditions', '[]'::jsonb)) AS c)
  FROM (SELECT DISTINCT ON (content_hash, segment) *,
               max(created_at) OVER alike AS last, bool_or(state = ANY(%s)) OVER alike AS is_open
          FROM messages_dispatch WHERE created_at > %s OR state = ANY(%s)
        WINDOW alike AS (PARTITION BY content_hash, segment)
         ORDER BY content_hash, segment, created_at DESC) AS d
 ORDER BY d.is_open DESC, d.last DESC LIMIT %s
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
    """The letters of the last two years and those that go on, these first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, [_OPEN, at - LOOKED_BACK, _OPEN, MOST])
        return [
            LetterUse(
                dispatch_id=key,
                purpose_id=topic,
                channel=channel,
                is_open=is_open,
                at=last,
                group=group,
                subject=subject,
                fields=frozenset(fields),
                conditions=conditions,
            )
            for key, topic, channel, is_open, last, group, subject, fields, conditions in cursor
        ]


def welcome_uses() -> Iterator[tuple[str, FieldUse]]:
    """Each field in a welcome mail of a form that is open: it leaves after the next yes."""
    open_ones = CollectionPoint.objects.filter(
        form__isnull=False, form__closed_at=None, ended_at=None
    ).exclude(snapshot__mails__welcome_subject="")
    shown = open_ones.values_list(
        "form_id",
        "form__name",
        "snapshot__mails__welcome_subject",
        "snapshot__mails__welcome_body",
    )
    for form_id, name, subject, body in shown.order_by("form__name", "language"):
        use = FieldUse(
            UseKind.FORM, name, is_live=True, url=reverse("consent:form", args=[form_id])
        )
        for key in sorted(fields_written_in(subject or "", body or "")):
            yield key, use


def fields_written_in(*texts: str) -> frozenset[str]:
    """The fields whose values come in these texts."""
    return frozenset(name for text in texts for name in SLOT.findall(text))
