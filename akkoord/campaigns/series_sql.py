"""The statements of series; each is one short transaction over a bounded number of people.

Named values throughout; `{judged}` and `{group}` come with values of their own (`named`).
"""

from collections.abc import Sequence
from typing import Any


def named(statement: str, parameters: Sequence[Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """A statement with places as one with names, so that several go into one."""
    parts = statement.split("%s")
    names = [f"{prefix}{number}" for number in range(len(parts) - 1)]
    text = "".join(f"{part}%({name})s" for part, name in zip(parts, names, strict=False))
    return text + parts[-1], dict(zip(names, parameters, strict=True))


# Question: who enters, of the next page of those whom the trigger names? The database refuses who
# is in it already, or was for this occasion.
ENTER = """
WITH found AS MATERIALIZED ({question}),
allowed AS MATERIALIZED (
  SELECT j.id FROM ({judged}) AS j
   WHERE j.reason = ANY(%(let_in)s) AND j.id = ANY(ARRAY(SELECT point FROM found))),
fits AS (SELECT f.* FROM found f JOIN allowed a ON a.id = f.point WHERE {group}),
entered AS (
  INSERT INTO campaigns_seriesrun (id, series_id, person_id, contact_point_id, occasion, day,
    entered_at, next_step_id, due_at, state, reason)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY point)), %(series)s, person, point,
    occasion, day, %(at)s, %(step)s, %(due)s, 'waiting', ''
    FROM fits
  ON CONFLICT DO NOTHING
  RETURNING id, person_id),
logged AS (
  INSERT INTO campaigns_serieslog (id, run_id, person_id, at, what, reason)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY id)), id, person_id, %(at)s,
    'entered', '' FROM entered)
SELECT (SELECT count(*) FROM found), (SELECT point FROM found ORDER BY point DESC LIMIT 1),
       (SELECT count(*) FROM entered)
"""
# Question: who of the next page bought something else since they entered, and may enter by it? They
# leave, so that the same round lets them in anew.
AGAIN = """
WITH found AS MATERIALIZED ({question}),
allowed AS MATERIALIZED (
  SELECT j.id FROM ({judged}) AS j
   WHERE j.reason = ANY(%(let_in)s) AND j.id = ANY(ARRAY(SELECT point FROM found))),
fits AS (SELECT f.* FROM found f JOIN allowed a ON a.id = f.point WHERE {group}),
gone AS (
  UPDATE campaigns_seriesrun r SET state = 'left', reason = 'again', ended_at = %(at)s
    FROM fits f
   WHERE r.series_id = %(series)s AND r.person_id = f.person AND r.state = 'waiting'
     AND f.occasion <> r.occasion AND NOT EXISTS (
       SELECT 1 FROM campaigns_seriesrun o WHERE o.series_id = r.series_id
          AND o.person_id = r.person_id AND o.occasion = f.occasion)
  RETURNING r.id, r.person_id),
logged AS (
  INSERT INTO campaigns_serieslog (id, run_id, person_id, at, what, reason)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY id)), id, person_id, %(at)s, 'ended',
    'again' FROM gone)
SELECT (SELECT count(*) FROM found), (SELECT point FROM found ORDER BY point DESC LIMIT 1),
       (SELECT count(*) FROM gone)
"""
# Question: whose permission is gone, of the next page of those who are in it? (INV-2, 25)
LEAVE = """
WITH inside AS MATERIALIZED (
  SELECT id, contact_point_id FROM campaigns_seriesrun
   WHERE series_id = %(series)s AND state = 'waiting' AND id > %(after)s
   ORDER BY id LIMIT %(limit)s),
verdict AS MATERIALIZED (
  SELECT j.id, j.reason FROM ({judged}) AS j
   WHERE j.id = ANY(ARRAY(SELECT contact_point_id FROM inside))),
gone AS (
  UPDATE campaigns_seriesrun r SET state = 'left', ended_at = %(at)s,
         reason = coalesce(v.reason, 'person-gone')
    FROM inside i LEFT JOIN verdict v ON v.id = i.contact_point_id
   WHERE r.id = i.id AND r.state = 'waiting'
     AND NOT coalesce(v.reason, 'person-gone') = ANY(%(let_in)s)
  RETURNING r.id, r.person_id, r.reason),
logged AS (
  INSERT INTO campaigns_serieslog (id, run_id, person_id, at, what, reason)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY id)), id, person_id, %(at)s, 'ended',
    reason FROM gone)
SELECT (SELECT count(*) FROM inside), (SELECT id FROM inside ORDER BY id DESC LIMIT 1),
       (SELECT count(*) FROM gone)
"""
# Who has reached the goal: bought something since they entered, or said yes to the other topic;
# of a series that asks anew, whose yes is another one by now.
GOALS = {
    "purchase": """EXISTS (SELECT 1 FROM people_purchase p WHERE p.person_id = r.person_id
      AND p.reversed_on IS NULL AND p.created_at > r.entered_at
      AND p.bought_on >= (r.entered_at AT TIME ZONE 'Europe/Amsterdam')::date)""",
    "choice": """EXISTS (SELECT 1 FROM consent_standing s WHERE s.person_id = r.person_id
      AND s.purpose_id = %(goal_topic)s AND s.state IN ('given', 'confirmed')
      AND s.heard_at > r.entered_at)""",
    "refresh": """EXISTS (SELECT 1 FROM consent_standing s
      WHERE s.contact_point_id = r.contact_point_id AND s.purpose_id = %(purpose)s
      AND s.state IN ('given', 'confirmed') AND s.event_id::text <> r.occasion)""",
}
REACHED = """
WITH reached AS (
  UPDATE campaigns_seriesrun r SET state = 'done', ended_at = %(at)s, reason = 'goal'
   WHERE r.series_id = %(series)s AND r.state = 'waiting' AND ({goal})
  RETURNING r.id, r.person_id),
logged AS (
  INSERT INTO campaigns_serieslog (id, run_id, person_id, at, what, reason)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY id)), id, person_id, %(at)s, 'ended',
    'goal' FROM reached)
SELECT count(*) FROM reached
"""
# Whether anybody's turn for a step has come; who still waits for the letter before does not count.
# Index campaigns_run_due.
_TURN = """
  SELECT r.id, r.person_id, r.contact_point_id FROM campaigns_seriesrun r
   WHERE r.next_step_id = %(step)s AND r.state = 'waiting' AND r.due_at <= %(at)s
     AND NOT EXISTS (SELECT 1 FROM messages_message m
                      WHERE m.id = r.message_id AND m.state IN ('due', 'claimed'))
   ORDER BY r.due_at, r.id LIMIT %(limit)s"""
ANYBODY = f"SELECT EXISTS ({_TURN})"
# The first of the steps to come that this person (`l.run_id`) did not have: steps may be moved.
# Index campaigns_step_once_each.
NEXT = """
      SELECT s.step, s.due
        FROM unnest(%(steps)s::uuid[], %(dues)s::timestamptz[]) WITH ORDINALITY AS s (step, due, n)
       WHERE NOT EXISTS (SELECT 1 FROM campaigns_serieslog had
                          WHERE had.run_id = l.run_id AND had.step_id = s.step)
       ORDER BY s.n LIMIT 1"""
# Question: whose turn has come? Their letter, their line in the log and their next place, written
# together; who is not in the step's group passes it. A letter that somebody had today already (a
# second occasion) is not theirs twice.
HAND = f"""
WITH turn AS MATERIALIZED ({_TURN} FOR UPDATE SKIP LOCKED),
fits AS MATERIALIZED (
  SELECT t.* FROM (SELECT *, contact_point_id AS point FROM turn) AS t WHERE {{group}}),
letters AS (
  INSERT INTO messages_message (id, dispatch_id, person_id, contact_point_id, state, reason,
    evidence_kind, rule_version, content_hash, to_device, due_at, attempts, outcome_code)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY id)), %(dispatch)s, person_id,
    contact_point_id, 'due', '', 'permission-event', %(rules)s, '', false, %(at)s, 0, ''
    FROM fits
  ON CONFLICT DO NOTHING
  RETURNING id, person_id),
logged AS (
  INSERT INTO campaigns_serieslog (id, run_id, person_id, step_id, at, what, reason, message_id)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY t.id)), t.id, t.person_id, %(step)s,
    %(at)s, CASE WHEN l.id IS NULL THEN 'not-for' ELSE 'letter' END,
    CASE WHEN f.id IS NULL THEN 'group' WHEN l.id IS NULL THEN 'twice' ELSE '' END, l.id
    FROM turn t LEFT JOIN fits f ON f.id = t.id LEFT JOIN letters l ON l.person_id = t.person_id
  RETURNING run_id, person_id, message_id),
moved AS (
  UPDATE campaigns_seriesrun r SET
         next_step_id = n.step, due_at = n.due,
         message_id = coalesce(l.message_id, r.message_id),
         state = CASE WHEN n.step IS NULL THEN 'done' ELSE 'waiting' END,
         ended_at = CASE WHEN n.step IS NULL THEN %(at)s::timestamptz END
    FROM logged l LEFT JOIN LATERAL ({NEXT}) AS n ON true
   WHERE r.id = l.run_id
  RETURNING r.id)
SELECT (SELECT count(*) FROM turn), (SELECT count(*) FROM letters), (SELECT count(*) FROM moved)
"""  # noqa: S608 - constants
# Everybody who is in it leaves, or the one who is named.
END = """
WITH gone AS (
  UPDATE campaigns_seriesrun r SET state = 'left', reason = %(reason)s, ended_at = %(at)s
   WHERE r.series_id = %(series)s AND r.state = 'waiting'
     AND (%(run)s::uuid IS NULL OR r.id = %(run)s)
  RETURNING r.id, r.person_id),
logged AS (
  INSERT INTO campaigns_serieslog (id, run_id, person_id, at, what, reason)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY id)), id, person_id, %(at)s, 'ended',
    %(reason)s FROM gone)
SELECT count(*) FROM gone
"""
# A step is taken out: who waited for it waits for the next that they did not have, or is through.
PASS_ON = f"""
UPDATE campaigns_seriesrun r SET
       next_step_id = n.step, due_at = n.due,
       state = CASE WHEN n.step IS NULL THEN 'done' ELSE 'waiting' END,
       ended_at = CASE WHEN n.step IS NULL THEN %(at)s::timestamptz END
  FROM (SELECT id AS run_id FROM campaigns_seriesrun
         WHERE next_step_id = %(step)s AND state = 'waiting') AS l
  LEFT JOIN LATERAL ({NEXT}) AS n ON true
 WHERE r.id = l.run_id
"""  # noqa: S608 - constants
# Two steps changed places: who waits for the one that was first, and did not have the other, gets
# the other first, at the moment that was theirs.
SWAP = """
UPDATE campaigns_seriesrun r SET next_step_id = %(other)s
 WHERE r.next_step_id = %(step)s AND r.state = 'waiting'
   AND NOT EXISTS (SELECT 1 FROM campaigns_serieslog had
                    WHERE had.run_id = r.id AND had.step_id = %(other)s)
"""
# What is past its term goes: with the run its log (art. 5(1)(e)).
FORGET = """
WITH old AS MATERIALIZED (
  SELECT id FROM campaigns_seriesrun WHERE state <> 'waiting' AND ended_at < %(before)s
      AND person_id <> ALL(%(held)s::uuid[])
   LIMIT %(limit)s),
lines AS (DELETE FROM campaigns_serieslog WHERE run_id IN (SELECT id FROM old))
DELETE FROM campaigns_seriesrun WHERE id IN (SELECT id FROM old)
"""
