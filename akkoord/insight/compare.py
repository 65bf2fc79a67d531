"""Letters beside each other, and a topic's letters over time.

In parts of a hundred, so that a large and a small letter can be compared. Four statements, however
many letters.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from akkoord.campaigns.models import Campaign
from akkoord.insight.results import SMALL, links_of, shown
from akkoord.insight.seldom import counted_seldom
from akkoord.law.states import Channel
from akkoord.messages.models import Message
from akkoord.messages.queries import somebody_got

FEWEST, MOST = 2, 5
TREND = timedelta(days=2 * 365)
MOST_IN_TREND = 240

# Question: how many pressed stop in each of these letters? By the message that the link stood in.
_STOPS = """
SELECT m.dispatch_id, count(*) FROM consent_permissionevent e
  JOIN messages_message m ON m.id = (e.evidence->>'message')::uuid
       AND m.dispatch_id = ANY(%(runs)s)
 WHERE e.state = 'withdrawn' AND e.recorded_at >= %(since)s AND e.evidence ? 'message'
 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One letter in figures that can stand beside another's. None: fewer than five people."""

    campaign: Campaign
    sent: int
    failed: int | None
    presses: int | None
    stopped: int | None

    @property
    def per_hundred(self) -> float | None:
        """Presses per hundred letters that left."""
        return round(100 * self.presses / self.sent, 1) if self.presses is not None else None

    @property
    def stopped_share(self) -> float | None:
        """Stops per hundred letters that left."""
        known = self.stopped is not None and self.sent >= SMALL
        return round(100 * (self.stopped or 0) / self.sent, 1) if known else None


def sent_letters(
    *, since: datetime | None = None, ids: Sequence[UUID] = (), limit: int = 50
) -> list[Campaign]:
    """Letters that somebody got, the newest first: one statement."""
    found = Campaign.objects.filter(
        somebody_got("dispatch_id"), channel=Channel.EMAIL, dispatch__started_at__isnull=False
    ).select_related("dispatch", "purpose")
    if since is not None:
        found = found.filter(dispatch__started_at__gte=since)
    if ids:
        found = found.filter(id__in=ids)
    return list(found.order_by("-dispatch__started_at")[:limit])


def compared(campaigns: Sequence[Campaign]) -> list[Compared]:
    """The figures of these letters: three statements."""
    runs = [each.dispatch_id for each in campaigns if each.dispatch_id]
    if not runs:
        return []
    every = b"".join(sorted(each.bytes for each in runs))
    name = hashlib.blake2b(every, digest_size=16).hexdigest()
    states = counted_seldom(f"compare.states.{name}", lambda: _states(runs))
    since = min(
        each.dispatch.started_at
        for each in campaigns
        if each.dispatch is not None and each.dispatch.started_at is not None
    )
    stops = counted_seldom(f"compare.stops.{name}", lambda: _stops(runs, since))
    links = links_of(runs)
    return [_one(each, states, stops, links) for each in campaigns if each.dispatch_id]


def _one(campaign: Campaign, states: Any, stops: Any, links: Any) -> Compared:
    run = campaign.dispatch_id
    sent = states.get((run, "sent"), 0)
    is_counted = run in links and sent >= SMALL
    return Compared(
        campaign=campaign,
        sent=sent,
        failed=shown(states.get((run, "failed"), 0)),
        presses=sum(each.presses for each in links[run]) if is_counted else None,
        stopped=shown(stops.get(run, 0)),
    )


def _states(runs: list[UUID]) -> dict[tuple[UUID, str], int]:
    """Index messages_counts."""
    rows = Message.objects.filter(dispatch_id__in=runs, state__in=["sent", "failed"])
    counted = rows.values_list("dispatch_id", "state").annotate(n=Count("id"))
    return {(run, state): n for run, state, n in counted}


def _stops(runs: list[UUID], since: datetime) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(_STOPS, {"runs": runs, "since": since})
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class TopicTrend:
    """A topic's letters of two years, the oldest first."""

    topic: str
    letters: list[Compared]


def topic_trends(names: dict[UUID, str], *, at: datetime) -> list[TopicTrend]:
    """How each topic's letters did over two years: four statements for all of them."""
    found = compared(sent_letters(since=at - TREND, limit=MOST_IN_TREND))
    grouped: dict[UUID, list[Compared]] = {}
    for each in reversed(found):
        for topic in (each.campaign.purpose_id, *each.campaign.also):
            grouped.setdefault(topic, []).append(each)
    return [TopicTrend(name, grouped[topic]) for topic, name in names.items() if topic in grouped]
