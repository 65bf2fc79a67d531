"""Who and what is past its term, from the rules of the register alone; one statement each.

A person goes when the term of every purpose that held them is over; a field goes when no purpose
that may use it still needs it (INV-39). What is held for a legal claim is never due.
"""

# ruff: noqa: S608 - the SQL is made of constants of this room and of declarations in code

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from akkoord.datamap.spans import all_spans, only_those
from akkoord.law.parameters import parameter
from akkoord.retention.fields import present_sql

FIELDS = "fields"
WINDOWS = (0, 7, 30, 90)

# One row per person, activity and rule: the last day on which that rule lets them stay. What has
# no rule, or none that its triggers know, never ends: it is shown red instead.
_SPANS = """
WITH rule AS MATERIALIZED (
    SELECT r.activity_key, r.category, r.trigger, r.action,
           make_interval(months => coalesce(r.months, 0), days => coalesce(r.days, 0)) AS term,
           (r.months IS NULL AND r.days IS NULL) OR EXISTS (
             SELECT FROM retention_legalhold h
              WHERE h.activity_key = r.activity_key AND h.lifted_at IS NULL
                AND coalesce(h.until >= %(today)s, true)) AS endless
      FROM register_retentionrule r WHERE r.valid_to IS NULL
), anchor AS ({anchors}), span AS MATERIALIZED (
    SELECT a.person_id, a.activity, r.category, r.action, r.trigger,
           max(a.ended) FILTER (WHERE a.trigger = r.trigger) AS ended,
           CASE WHEN r.endless OR isfinite(max(a.ended) FILTER (WHERE a.trigger = r.trigger))
                                  IS NOT TRUE
                THEN 'infinity'::date
                ELSE (max(a.ended) FILTER (WHERE a.trigger = r.trigger) + r.term)::date END AS due
      FROM anchor a LEFT JOIN rule r ON r.activity_key = a.activity
     GROUP BY a.person_id, a.activity, r.category, r.action, r.trigger, r.term, r.endless
), held AS MATERIALIZED (
    SELECT coalesce(l.old_id, h.person_id) AS person_id FROM retention_legalhold h
      LEFT JOIN people_personalias l ON l.person_id = h.person_id
     WHERE h.person_id IS NOT NULL AND h.lifted_at IS NULL
       AND coalesce(h.until >= %(today)s, true)
    UNION SELECT person_id FROM retention_legalhold
     WHERE person_id IS NOT NULL AND lifted_at IS NULL AND coalesce(until >= %(today)s, true)
    UNION SELECT id FROM people_person WHERE restricted_at IS NOT NULL{{those:id}}  -- art. 18
), whole AS MATERIALIZED (
    -- Who came in to be judged is kept by what lives, not by a proof of what they said no to.
    SELECT s.person_id, bool_or(s.activity = 'import-to-be-judged') AS judged,
           max(s.due) AS due, (array_agg(s.activity ORDER BY s.due DESC, s.activity))[1] AS last,
           (array_agg(s.action ORDER BY s.due DESC, s.activity))[1] AS action,
           max(s.due) FILTER (WHERE s.counts) AS due_judged,
           (array_agg(s.activity ORDER BY s.due DESC, s.activity)
              FILTER (WHERE s.counts))[1] AS last_judged,
           max(s.due) FILTER (WHERE s.activity <> 'proof') AS due_profile,
           (array_agg(s.activity ORDER BY s.due DESC, s.activity)
              FILTER (WHERE s.activity <> 'proof'))[1] AS last_profile
      FROM (SELECT *, activity <> 'proof' AND NOT (activity LIKE 'topic-%%'
                       AND trigger = 'withdrawal' AND ended < %(today)s) AS counts
              FROM span) s
     WHERE s.person_id NOT IN (SELECT person_id FROM held)
     GROUP BY s.person_id
)
"""
_WHOLE = """
SELECT w.person_id, CASE WHEN judged THEN last_judged ELSE last END AS activity,
       CASE WHEN judged THEN 'erase' ELSE coalesce(action, 'erase') END AS effect,
       CASE WHEN judged THEN due_judged ELSE due END AS due
  FROM whole w
"""
# Past what they were here for, and only the proof of a choice keeps the address.
_PROFILE = """
SELECT w.person_id, last_profile AS activity, 'blank' AS effect, due_profile AS due
  FROM whole w JOIN people_person p ON p.id = w.person_id
 WHERE NOT judged AND due > due_profile
   AND (p.given_name <> '' OR p.family_name <> '' OR p.customer_number <> ''
        OR EXISTS (SELECT FROM people_postaladdress a WHERE a.person_id = p.id)
        OR EXISTS (SELECT FROM people_ownfieldvalue v WHERE v.person_id = p.id))
"""
_FIELDS = """
SELECT need.person_id, need.activity, 'fields' AS effect, need.due, need.field
  FROM (SELECT s.person_id, f.key AS field, max(s.due) AS due,
               (array_agg(s.activity ORDER BY s.due DESC, s.activity))[1] AS activity
          FROM span s
          JOIN register_activityfield af ON af.activity_key = s.activity AND af.ended_at IS NULL
          JOIN register_personaldatafield f ON f.id = af.field_id
         WHERE (s.category = f.category OR (coalesce(s.category, '') = '' AND NOT EXISTS (
                  SELECT FROM rule r WHERE r.activity_key = s.activity
                     AND r.category = f.category)))
         GROUP BY s.person_id, f.key) need
  JOIN ({present}) present ON present.person_id = need.person_id AND present.field = need.field
  JOIN whole w ON w.person_id = need.person_id AND NOT w.judged
"""


@dataclass(frozen=True, slots=True)
class DueCount:
    """How many people go by one rule: now, and within each of the windows."""

    activity_key: str
    effect: str
    people: tuple[int, ...]


def values_of(today: date, people: Sequence[UUID] | None) -> dict[str, Any]:
    """What the statements of this file ask for."""
    return {
        "today": today,
        "people": list(people or ()),
        "review_days": parameter("import-review-term", today),
        "soft_years": parameter("soft-opt-in-term", today),
        "waits": parameter("import-owner-wait", today),
    }


def spans_sql(*, some: bool) -> str:
    """What lets whom stay until when: `span`, `held` and `whole`; ends open for a SELECT."""
    return only_those(_SPANS.format(anchors=all_spans()), some=some)


def _due_sql(*, some: bool) -> str:
    """Every kind of due row with its day: person, activity, effect, due."""
    spans = spans_sql(some=some)
    fields = _FIELDS.format(present=present_sql(some=some))
    return f"""{spans}, due_row AS (
    SELECT person_id, activity, effect, due FROM ({_WHOLE}) w
     WHERE NOT (effect = 'blank' AND NOT EXISTS (SELECT FROM people_person p
                 WHERE p.id = w.person_id AND (p.given_name <> '' OR p.family_name <> ''
                   OR p.customer_number <> ''
                   OR EXISTS (SELECT FROM people_postaladdress a WHERE a.person_id = p.id)
                   OR EXISTS (SELECT FROM people_ownfieldvalue v WHERE v.person_id = p.id))))
    UNION ALL SELECT person_id, activity, effect, due FROM ({_PROFILE}) p
    UNION ALL SELECT DISTINCT ON (f.person_id) f.person_id, f.activity, f.effect, f.due
      FROM ({fields}) f JOIN whole w ON w.person_id = f.person_id
     -- Who keeps the proof alone loses the whole profile at once; their sales go apart.
     WHERE w.due > f.due AND (w.due_profile > f.due OR f.field = 'last_purchase')
     ORDER BY person_id, due
)"""


@contextmanager
def _over_everybody() -> Iterator[Any]:
    """A cursor for a statement over all people: the planner does not know how many rows a step
    gives, takes it for one, and would then walk over everybody for everybody."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on")


# Of who came by a file nothing goes the first time but by the owner's yes, or after it waited long
# enough: no field either, and no name. Of whom the file is no longer known nobody can be asked:
# they wait as long.
_MAY_GO = """
NOT EXISTS (
    SELECT FROM people_person p
     WHERE p.id = d.person_id AND p.source = 'import'
       AND CASE WHEN p.source_ref IS NULL THEN d.due + %(waits)s >= %(today)s
           ELSE NOT EXISTS (SELECT FROM retention_importclearance c
                WHERE c.import_id = p.source_ref
                  AND (c.agreed_at IS NOT NULL OR c.first_due_on + %(waits)s <= %(today)s)) END)
"""


def collect_due(*, run_id: UUID, today: date) -> int:
    """Write down everybody whom a clean-up of this day must look at; how many. One statement."""
    with _over_everybody() as cursor:
        cursor.execute(
            f"""{_due_sql(some=False)}
            INSERT INTO retention_duerow (run_id, person_id, activity_key, effect)
            SELECT %(run)s, d.person_id, d.activity, d.effect FROM due_row d
             WHERE d.due < %(today)s AND {_MAY_GO}""",
            {**values_of(today, None), "run": run_id},
        )
        return int(cursor.rowcount)


def still_due(people: Sequence[UUID], *, effect: str, today: date) -> list[UUID]:
    """Who of these is due now: somebody may have bought something since, or be held."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_due_sql(some=True)} SELECT d.person_id FROM due_row d"
            f" WHERE d.effect = %(effect)s AND d.due < %(today)s AND {_MAY_GO}",
            {**values_of(today, people), "effect": effect},
        )
        return [row[0] for row in cursor.fetchall()]


def fields_due(people: Sequence[UUID], *, today: date) -> dict[str, list[UUID]]:
    """Per field the people of these of whom no purpose needs it any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{spans_sql(some=True)}"
            f" SELECT d.field, array_agg(d.person_id) FROM"
            f" ({_FIELDS.format(present=present_sql(some=True))}) d"
            f" WHERE d.due < %(today)s AND {_MAY_GO} GROUP BY d.field",
            values_of(today, people),
        )
        return dict(cursor.fetchall())


# What does not go although a term of it is over: held, frozen, or needed for something else.
_EXCEPTIONS = """
SELECT s.person_id, s.activity, 'stays' AS effect, min(s.due) AS due
  FROM span s JOIN whole w ON w.person_id = s.person_id
 WHERE s.due < %(today)s AND s.activity <> 'proof' AND NOT w.judged AND w.due_profile >= %(today)s
 GROUP BY 1, 2
UNION ALL
SELECT s.person_id, s.activity, 'held', max(s.due) FROM span s
 WHERE s.person_id IN (SELECT person_id FROM held) AND s.due < %(today)s AND s.activity <> 'proof'
 GROUP BY 1, 2
"""


def told_sql(*, some: bool) -> str:
    """`told`: all that the plan counts, by person, activity, day and effect; open for a SELECT."""
    return f"""{_due_sql(some=some)}, told AS (
            SELECT person_id, activity, due,
                   CASE WHEN d.due < %(today)s AND NOT {_MAY_GO} THEN 'waits' ELSE effect END
                     AS effect
              FROM due_row d
            UNION ALL SELECT person_id, activity, due, effect FROM ({_EXCEPTIONS}) e)
"""


def count_due(*, today: date) -> list[DueCount]:
    """Per rule how many people go now and within each window, who waits for the owner's yes, and
    what stays although a term is over; one statement."""
    counts = ", ".join(
        f"count(DISTINCT d.person_id) FILTER (WHERE d.due < %(today)s::date + {days})"
        for days in WINDOWS
    )
    with _over_everybody() as cursor:
        cursor.execute(
            f"""{told_sql(some=False)}
            SELECT d.activity, d.effect, {counts} FROM told d
             WHERE d.due < %(today)s::date + {WINDOWS[-1]} GROUP BY 1, 2 ORDER BY 1, 2""",
            values_of(today, None),
        )
        return [DueCount(row[0], row[1], tuple(row[2:])) for row in cursor.fetchall()]


def who_waits(*, today: date) -> dict[UUID | None, int]:
    """Per file of how many of its people something is due and waits for the owner's yes; None: of
    people whose file is no longer known, who wait as long without one."""
    with _over_everybody() as cursor:
        cursor.execute(
            f"""{_due_sql(some=False)}
            SELECT p.source_ref, count(DISTINCT p.id)
              FROM due_row d JOIN people_person p ON p.id = d.person_id
             WHERE d.due < %(today)s AND NOT {_MAY_GO}
             GROUP BY 1""",
            values_of(today, None),
        )
        return dict(cursor.fetchall())


def people_due(*, today: date, limit: int = 0) -> list[UUID]:
    """Everybody who would be forgotten by a clean-up of this day."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_due_sql(some=False)} SELECT d.person_id FROM due_row d WHERE d.effect = 'erase'"
            f" AND d.due < %(today)s AND {_MAY_GO} ORDER BY 1"
            + (" LIMIT %(limit)s" if limit else ""),
            {**values_of(today, None), "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]
