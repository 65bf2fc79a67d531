"""What people choose: topics over time, forms from view to yes, where a no comes from, what goes
together.

Set by set in the database, over at most a year. Groups under five are not shown: a figure about
three people is about somebody (art. 5(1)(c) GDPR). Frozen records do not count (INV-38).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from akkoord.consent.form_counts import FormFunnel, funnels
from akkoord.insight.seldom import counted_seldom
from akkoord.register.models import PurposeVersion

SMALL = 5
MONTHS = 12
FORM_DAYS = 90
COMBINATIONS = 8

# Question: yeses and nos per topic and month. Scans the events of a year; kept for a while when
# that takes long (see `seldom`).
_FLOW = """
SELECT v.purpose_id, date_trunc('month', e.recorded_at AT TIME ZONE 'Europe/Amsterdam')::date,
       count(*) FILTER (WHERE e.state IN ('given', 'confirmed')),
       count(*) FILTER (WHERE e.state IN ('withdrawn', 'objected'))
  FROM consent_permissionevent e
  JOIN register_purposeversion v ON v.id = e.purpose_version_id
  JOIN register_purpose p ON p.id = v.purpose_id AND p.is_topic AND p.ended_at IS NULL
 WHERE e.recorded_at >= %(since)s AND e.state IN ('given', 'confirmed', 'withdrawn', 'objected')
   AND NOT EXISTS (SELECT FROM people_person f
                    WHERE f.id = e.person_ref AND f.restricted_at IS NOT NULL)
 GROUP BY 1, 2 ORDER BY 2
"""
# Question: at how many addresses is what combination of topics a yes? Index: consent_standing_live.
_TOGETHER = """
SELECT topics, count(*) FROM (
  SELECT s.contact_point_id, array_agg(s.purpose_id ORDER BY s.purpose_id) AS topics
    FROM consent_standing s
    JOIN register_purpose p ON p.id = s.purpose_id AND p.is_topic AND p.ended_at IS NULL
    JOIN people_contactpoint c ON c.id = s.contact_point_id AND c.ended_at IS NULL
    JOIN people_person f ON f.id = s.person_id AND f.restricted_at IS NULL
   WHERE s.state IN ('given', 'confirmed') AND c.channel = 'email'
   GROUP BY 1) AS each
 GROUP BY 1 HAVING count(*) >= %(small)s ORDER BY 2 DESC, 1 LIMIT %(most)s
"""
# Question: in which letter did people press stop? By the message that the link stood in.
_BY_LETTER = """
SELECT g.id, g.name, count(*)
  FROM consent_permissionevent e
  JOIN messages_message m ON m.id = (e.evidence->>'message')::uuid
  JOIN campaigns_campaign g ON g.dispatch_id = m.dispatch_id
 WHERE e.state = 'withdrawn' AND e.recorded_at >= %(since)s AND e.evidence ? 'message'
 GROUP BY 1, 2 HAVING count(*) >= %(small)s ORDER BY 3 DESC LIMIT 10
"""
_BY_WAY = """
SELECT e.method, count(*) FROM consent_permissionevent e
 WHERE e.state IN ('withdrawn', 'objected') AND e.recorded_at >= %(since)s
 GROUP BY 1 HAVING count(*) >= %(small)s ORDER BY 2 DESC
"""
_BY_REASON = """
SELECT r.reason, count(*) FROM consent_stopreason r WHERE r.given_at >= %(since)s
 GROUP BY 1 HAVING count(*) >= %(small)s ORDER BY 2 DESC
"""


@dataclass(frozen=True, slots=True)
class TopicMonth:
    """One topic in one month; None: fewer than five."""

    month: date
    yes: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class TopicFlow:
    """One topic over the months, and how many of all who chose something chose it."""

    purpose_id: UUID
    name: str
    months: tuple[TopicMonth, ...]
    yes: int | None
    left: int | None
    now: int | None
    share: int  # percent of all addresses with a yes to anything; 0 when it is not shown


@dataclass(frozen=True, slots=True)
class Together:
    """A combination of topics and at how many addresses it was chosen."""

    names: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Stops:
    """Where a no came from: letters, ways, reasons; groups under five left out."""

    by_letter: tuple[tuple[UUID, str, int], ...]
    by_way: tuple[tuple[str, int], ...]
    by_reason: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything on the page."""

    topics: list[TopicFlow]
    together: list[Together]
    stops: Stops
    forms: list[FormFunnel]


def choices(*, at: datetime) -> Choices:
    """The figures of the page; eight statements at most."""
    since = _months_ago(at)
    flow = counted_seldom("flow", lambda: _rows(_FLOW, since))
    groups = counted_seldom("together", lambda: _rows(_TOGETHER, since))
    standing = counted_seldom("now", _now)
    names = _names()
    return Choices(
        topics=_topics(flow, standing, names, _months(at)),
        together=[
            Together(tuple(names.get(topic, "") for topic in topics), n) for topics, n in groups
        ],
        stops=Stops(
            by_letter=tuple(counted_seldom("letter", lambda: _rows(_BY_LETTER, since))),
            by_way=tuple(counted_seldom("way", lambda: _rows(_BY_WAY, since))),
            by_reason=tuple(_rows(_BY_REASON, since)),
        ),
        forms=[
            each
            for each in funnels(timezone.localtime(at).date() - timedelta(days=FORM_DAYS))
            if each.views >= SMALL
        ],
    )


def _rows(sql: str, since: datetime) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"since": since, "small": SMALL, "most": COMBINATIONS})
        return list(cursor.fetchall())


_NOW = """
SELECT s.purpose_id, count(*) FROM consent_standing s
  JOIN people_person f ON f.id = s.person_id AND f.restricted_at IS NULL
 WHERE s.state IN ('given', 'confirmed') GROUP BY 1
UNION ALL
SELECT NULL, count(DISTINCT s.contact_point_id) FROM consent_standing s
  JOIN register_purpose p ON p.id = s.purpose_id AND p.is_topic AND p.ended_at IS NULL
  JOIN people_person f ON f.id = s.person_id AND f.restricted_at IS NULL
 WHERE s.state IN ('given', 'confirmed')
"""


def _now() -> dict[UUID | None, int]:
    """How many say yes to each topic now; under None, to any."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        return dict(cursor.fetchall())


def _names() -> dict[UUID, str]:
    current = PurposeVersion.objects.filter(
        valid_to=None, purpose__is_topic=True, purpose__ended_at=None
    ).order_by("purpose__created_at", "purpose_id")
    return {version.purpose_id: version.name for version in current}


def _months_ago(at: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(_months(at)[0], datetime.min.time()))


def _months(at: datetime) -> list[date]:
    """The first days of the months that are shown, oldest first."""
    first = timezone.localtime(at).date().replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]


def _topics(
    flow: list[Any], standing: dict[UUID | None, int], names: dict[UUID, str], months: list[date]
) -> list[TopicFlow]:
    counted = {(purpose, month): (yes, left) for purpose, month, yes, left in flow}
    anybody = standing.get(None, 0)
    found = []
    for purpose, name in names.items():
        rows = [(month, *counted.get((purpose, month), (0, 0))) for month in months]
        now = standing.get(purpose, 0)
        found.append(
            TopicFlow(
                purpose_id=purpose,
                name=name,
                months=tuple(
                    TopicMonth(month, _shown(yes), _shown(left)) for month, yes, left in rows
                ),
                yes=_shown(sum(row[1] for row in rows)),
                left=_shown(sum(row[2] for row in rows)),
                now=_shown(now),
                share=round(100 * now / anybody) if anybody >= SMALL and now >= SMALL else 0,
            )
        )
    return found


def _shown(n: int) -> int | None:
    """A figure that may be shown: nobody, or five and more."""
    return n if n == 0 or n >= SMALL else None
