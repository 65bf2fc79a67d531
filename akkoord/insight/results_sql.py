"""The questions behind a letter's results: each over one run, set by set in the database.

All of them are asked seldom when a letter went to very many (see `seldom`).
"""

# Question: which codes did servers refuse with, at the hand-over? Index messages_counts.
FAILED = """
SELECT outcome_code, count(*) FROM messages_message
 WHERE dispatch_id = %(run)s AND state = 'failed' GROUP BY 1
"""
# Question: which addresses turned out not to work in the days after the letter was taken?
RETURNED = """
SELECT c.undeliverable_why, count(*) FROM messages_message m
  JOIN people_contactpoint c ON c.id = m.contact_point_id
 WHERE m.dispatch_id = %(run)s AND m.state = 'sent'
   AND c.undeliverable_at > m.outcome_at AND c.undeliverable_at < m.outcome_at + interval '7 days'
 GROUP BY 1
"""
# Question: at which addresses was stop pressed in this very letter, and when? By the message that
# the link stood in; from the events since the letter began.
STOPS = """
SELECT m.contact_point_id, e.recorded_at FROM consent_permissionevent e
  JOIN messages_message m ON m.id = (e.evidence->>'message')::uuid AND m.dispatch_id = %(run)s
 WHERE e.state = 'withdrawn' AND e.recorded_at >= %(since)s AND e.evidence ? 'message'
"""
# Question: for whom was this the last letter of its topic before a mail program reported it?
# Index messages_person.
COMPLAINTS = """
SELECT e.person_ref, bool_or(e.recorded_at <= %(end)s)
  FROM consent_permissionevent e
  CROSS JOIN LATERAL (
    SELECT m.dispatch_id FROM messages_message m
      JOIN messages_dispatch d ON d.id = m.dispatch_id
           AND coalesce(m.purpose_id, d.purpose_id) = ANY(%(topics)s)
     WHERE m.person_id = e.person_ref AND m.state = 'sent' AND m.due_at <= e.recorded_at
     ORDER BY m.due_at DESC LIMIT 1) AS last
 WHERE e.method = 'complaint' AND e.state IN ('withdrawn', 'objected')
   AND e.recorded_at >= %(since)s AND e.recorded_at < %(since)s + interval '30 days'
   AND last.dispatch_id = %(run)s
 GROUP BY 1
"""
# Question: who of those it reached said a new yes, to whatever, in the days after it?
# Index messages_once_per_person.
OPT_INS = """
SELECT count(DISTINCT e.person_ref) FROM consent_permissionevent e
  JOIN messages_message m ON m.dispatch_id = %(run)s AND m.person_id = e.person_ref
       AND m.state = 'sent'
 WHERE e.state IN ('given', 'confirmed') AND e.basis = 'consent'
   AND e.recorded_at > m.outcome_at AND e.recorded_at < m.outcome_at + %(days)s * interval '1 day'
   AND e.recorded_at >= %(since)s
"""
# Question: what was bought in the days after it by those whom it reached? Frozen records do not
# count (INV-38). Index people_purchase_last.
REVENUE = """
SELECT count(DISTINCT p.person_id), count(*), coalesce(sum(p.amount), 0)
  FROM messages_message m
  JOIN people_person f ON f.id = m.person_id AND f.restricted_at IS NULL
  JOIN people_purchase p ON p.person_id = m.person_id AND p.reversed_on IS NULL
       AND p.currency = 'EUR' AND p.amount IS NOT NULL
       AND p.bought_on >= (m.outcome_at AT TIME ZONE 'Europe/Amsterdam')::date
       AND p.bought_on < (m.outcome_at AT TIME ZONE 'Europe/Amsterdam')::date + %(days)s
 WHERE m.dispatch_id = %(run)s AND m.state = 'sent'
"""
# Question: what became of each message, with all that a part of them is counted by? One row per
# message that was handed over; money only when every topic of the letter may know of it. Indexes:
# messages_counts, messages_hit_run, people_purchase_last.
EACH = """
WITH pressed AS MATERIALIZED (
  SELECT DISTINCT person_id FROM messages_hit
   WHERE dispatch_id = %(run)s AND what = 'click' AND kind = 'press'),
bought AS MATERIALIZED (
  SELECT m.person_id, sum(p.amount) AS amount FROM messages_message m
    JOIN people_person f ON f.id = m.person_id AND f.restricted_at IS NULL
    JOIN people_purchase p ON p.person_id = m.person_id AND p.reversed_on IS NULL
         AND p.currency = 'EUR' AND p.amount IS NOT NULL
         AND p.bought_on >= (m.outcome_at AT TIME ZONE 'Europe/Amsterdam')::date
         AND p.bought_on < (m.outcome_at AT TIME ZONE 'Europe/Amsterdam')::date + %(days)s
   WHERE %(money)s AND m.dispatch_id = %(run)s AND m.state = 'sent' GROUP BY 1),
each AS MATERIALIZED (
  SELECT c.id AS point, coalesce(m.purpose_id, %(purpose)s) AS topic,
         split_part(c.normalised, '@', 2) AS domain, f.restricted_at IS NULL AS is_free,
         (m.state = 'sent')::int AS sent, (m.state = 'failed')::int AS failed,
         coalesce(m.state = 'sent' AND c.undeliverable_at > m.outcome_at
           AND c.undeliverable_at < m.outcome_at + interval '7 days', false)::int AS returned,
         (c.id = ANY(%(stopped)s))::int AS stopped,
         (m.person_id = ANY(%(complained)s))::int AS complained,
         (h.person_id IS NOT NULL)::int AS pressed,
         (b.person_id IS NOT NULL)::int AS bought, coalesce(b.amount, 0) AS amount
    FROM messages_message m JOIN people_contactpoint c ON c.id = m.contact_point_id
    JOIN people_person f ON f.id = c.person_id
    LEFT JOIN pressed h ON h.person_id = m.person_id
    LEFT JOIN bought b ON b.person_id = m.person_id AND m.state = 'sent'
   WHERE m.dispatch_id = %(run)s AND m.state IN ('sent', 'failed'))
"""
_SUMS = """coalesce(sum(sent), 0)::int, coalesce(sum(failed), 0)::int,
  coalesce(sum(returned), 0)::int, coalesce(sum(stopped), 0)::int,
  coalesce(sum(complained), 0)::int, coalesce(sum(pressed), 0)::int, coalesce(sum(bought), 0)::int,
  coalesce(sum(amount), 0)"""
# Question: how did it go per receiving domain? Those with fewer than five are one line together.
DOMAINS = f"""{EACH},
sized AS (SELECT domain, count(*) AS n FROM each GROUP BY 1),
named AS (
  SELECT domain AS own, CASE WHEN row_number() OVER (ORDER BY n DESC, domain) <= 10
                              AND n >= %(small)s THEN domain ELSE '' END AS name FROM sized)
SELECT name, {_SUMS} FROM each JOIN named ON own = domain
 GROUP BY 1 ORDER BY name = '', 2 DESC, 1
"""  # noqa: S608 - our own parts
# Question: how did it go per topic, of a letter about several?
TOPICS = f"""{EACH}
SELECT topic, {_SUMS} FROM each GROUP BY 1
"""  # noqa: S608 - our own parts
# One of the groups of a letter, in the statement over all of them.
GROUP = f"""
SELECT %(group)s, {_SUMS} FROM each WHERE is_free AND point IN (SELECT g.id FROM ({{inside}}) AS g)
"""  # noqa: S608 - our own parts
# Question: how many people opened, and pressed, of those who let us see it? Index messages_hit_run.
MEASURED = """
SELECT count(DISTINCT person_id) FILTER (WHERE what = 'open' AND kind = 'press'),
       count(DISTINCT person_id) FILTER (WHERE what = 'open' AND kind = 'ahead'),
       count(DISTINCT person_id) FILTER (WHERE what = 'click' AND kind = 'press')
  FROM messages_hit WHERE dispatch_id = %(run)s
"""
# Question: how often was each link of these runs pressed? Index messages_link_place.
CLICKS = """
SELECT l.dispatch_id, l.place, l.url, coalesce(sum(c.n) FILTER (WHERE c.kind = 'press'), 0)::int,
       coalesce(sum(c.n) FILTER (WHERE c.kind = 'ahead'), 0)::int
  FROM messages_link l LEFT JOIN messages_linkcount c ON c.link_id = l.id
 WHERE l.dispatch_id = ANY(%(runs)s) GROUP BY 1, 2, 3 ORDER BY 1, 2
"""
