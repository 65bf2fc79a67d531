"""Which purposes hold somebody, and since when no more: what terms are counted from.

Told to the data map's registry in SQL; `infinity` while a purpose goes on.
"""

# ruff: noqa: S608 - every part of the SQL is a constant of this file

from akkoord.datamap.spans import register_spans
from akkoord.law.states import LIVE_STATES, Basis, Method, PermissionState
from akkoord.register.exception_models import SPECIAL

_QUOTED = ", ".join(f"'{each.value}'" for each in sorted(LIVE_STATES))
_WAITS = f"'{PermissionState.REQUESTED.value}'"
_CUSTOMER = f"'{Basis.EXISTING_CUSTOMER.value}'"
# Not an act of their own: a file, a member of staff on their own account, Akkoord itself.
_NOT_THEIRS = ", ".join(
    f"'{each.value}'" for each in (Method.IMPORT, Method.SYSTEM, Method.STAFF, Method.API)
)


def _day(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Europe/Amsterdam')::date"


# A yes counts until it ends; one that rests on sales until they carry no more (INV-15).
# Index consent_standing.person_id.
TOPICS = f"""
SELECT s.person_id, p.activity_key AS activity, 'withdrawal' AS trigger,
       CASE WHEN p.ended_at IS NOT NULL AND starts_with(p.activity_key, '{SPECIAL}')
            THEN {_day("p.ended_at")}  -- the field is closed for all
            WHEN s.state = {_WAITS} THEN 'infinity'::date
            WHEN s.state NOT IN ({_QUOTED}) THEN {_day("s.since")}
            WHEN s.valid_until IS NOT NULL THEN {_day("s.valid_until")}
            WHEN s.basis = {_CUSTOMER} THEN
                 (coalesce((SELECT max(b.bought_on) FROM people_purchase b
                             WHERE b.person_id = s.person_id), {_day("s.since")})
                  + make_interval(years => %(soft_years)s))::date
            ELSE 'infinity'::date END AS ended
  FROM consent_standing s JOIN register_purpose p ON p.id = s.purpose_id
 WHERE true{{those:s.person_id}}
"""

# What people did themselves: an act of consent, a purchase, a question, a press that they let us
# keep (INV-28). Opens without a yes are never looked at: there are none.
SIGNS = f"""
SELECT person_id, {_day("since")} AS day FROM consent_standing
 WHERE method NOT IN ({_NOT_THEIRS}){{those:person_id}}
UNION ALL SELECT person_id, bought_on FROM people_purchase
 WHERE person_id IS NOT NULL{{those:person_id}}
UNION ALL SELECT person_id, {_day("received_at")} FROM consent_enquiry
 WHERE true{{those:person_id}}
UNION ALL SELECT person_id, {_day("at")} FROM messages_hit WHERE true{{those:person_id}}
"""
# Who never gave one is counted from the day on which they came.
SILENT = f"""
SELECT t.person_id, t.activity, 'last-sign-of-life' AS trigger,
       greatest(max({_day("who.created_at")}), max(sign.day)) AS ended
  FROM (SELECT DISTINCT s.person_id, p.activity_key AS activity
          FROM consent_standing s JOIN register_purpose p ON p.id = s.purpose_id
         WHERE true{{those:s.person_id}}
        UNION SELECT person_id, 'customers' FROM people_purchase
         WHERE person_id IS NOT NULL{{those:person_id}}
        UNION SELECT person_id, 'customers' FROM people_agreement
         WHERE true{{those:person_id}}) t
  JOIN people_person who ON who.id = t.person_id
  LEFT JOIN ({SIGNS}) sign ON sign.person_id = t.person_id
 WHERE EXISTS (SELECT FROM register_retentionrule r
                WHERE r.valid_to IS NULL AND r.trigger = 'last-sign-of-life'
                  AND r.activity_key = t.activity)
 GROUP BY t.person_id, t.activity
"""

# Being a customer rests on sales and agreements; other relations last until somebody leaves.
# Index people_purchase_last.
_BOUGHT = """
SELECT person_id, max(bought_on) AS bought_on FROM people_purchase
 WHERE person_id IS NOT NULL{those:person_id} GROUP BY person_id
"""
_AGREED = """
SELECT person_id, CASE WHEN cancelled_on IS NOT NULL THEN least(cancelled_on, ends_on)
                       WHEN ends_on IS NOT NULL THEN ends_on
                       WHEN kind = 'appointment' THEN agreed_day
                       ELSE 'infinity'::date END AS ended
  FROM people_agreement WHERE true{those:person_id}
"""
CUSTOMERS = f"""
SELECT held.person_id, 'customers' AS activity, each.trigger, held.ended
  FROM (SELECT person_id, bought_on AS ended FROM ({_BOUGHT}) sale
        UNION ALL SELECT person_id, ended FROM ({_AGREED}) agreed) held
 CROSS JOIN (VALUES ('last-purchase'), ('end-of-relation')) each (trigger)
UNION ALL
-- Who has an agreement is no stranger while it runs, however silent.
SELECT person_id, 'customers', 'last-sign-of-life', ended FROM ({_AGREED}) agreed
UNION ALL
SELECT person_id, 'customers', 'end-of-book-year',
       make_date(extract(year FROM bought_on)::int, 12, 31) FROM ({_BOUGHT}) sale
UNION ALL
SELECT person_id, 'customers', 'end-of-book-year',
       CASE WHEN ended = 'infinity' THEN ended
            ELSE make_date(extract(year FROM ended)::int, 12, 31) END FROM ({_AGREED}) agreed
UNION ALL
SELECT r.person_id, 'customers', each.trigger, 'infinity'::date FROM people_relation r
 CROSS JOIN (VALUES ('last-purchase'), ('end-of-relation'), ('end-of-book-year'),
                    ('last-sign-of-life')) each (trigger)
 WHERE r.until IS NULL AND r.kind <> 'customer'{{those:r.person_id}}
UNION ALL
-- Whatever the rule counts from, a relation that ended is the last of them. Of a customer the sales
-- are, where there are any.
SELECT r.person_id, 'customers', each.trigger,
       CASE WHEN each.trigger = 'end-of-book-year'
            THEN make_date(extract(year FROM r.until)::int, 12, 31) ELSE r.until END
  FROM people_relation r
 CROSS JOIN (VALUES ('last-purchase'), ('end-of-relation'), ('end-of-book-year'),
                    ('last-sign-of-life')) each (trigger)
 WHERE r.until IS NOT NULL{{those:r.person_id}}
   AND (r.kind <> 'customer' OR each.trigger = 'end-of-relation' OR r.person_id NOT IN (
          SELECT person_id FROM people_purchase WHERE person_id IS NOT NULL{{those:person_id}}))
"""

# A question that waits, or was answered of late: it goes by its own term, then it holds nobody.
QUESTIONS = """
SELECT person_id, 'questions' AS activity, 'question-answered' AS trigger,
       'infinity'::date AS ended FROM consent_enquiry WHERE true{those:person_id}
"""

# The day is that on which the term ends: it was counted from the import on.
JUDGED = """
SELECT id AS person_id, 'import-to-be-judged' AS activity, 'import' AS trigger,
       judge_by - %(review_days)s AS ended FROM people_person
 WHERE judge_by IS NOT NULL{those:id}
"""

# The proof of a choice: from the last end of a yes, whichever it was (art. 7(1), 17(3)(e)). What
# rests on sales proves nothing of a choice.
PROOF = f"""
SELECT person_id, 'proof' AS activity, 'withdrawal' AS trigger,
       CASE WHEN state = {_WAITS} THEN 'infinity'::date
            WHEN state NOT IN ({_QUOTED}) THEN {_day("since")}
            ELSE coalesce({_day("valid_until")}, 'infinity'::date) END AS ended
  FROM consent_standing
 WHERE NOT (basis = {_CUSTOMER} AND state IN ({_QUOTED})){{those:person_id}}
"""


def tell() -> None:
    """Tell the data map what holds people, as far as this room can see."""
    for name, sql in (
        ("topics", TOPICS),
        ("silence", SILENT),
        ("customers", CUSTOMERS),
        ("questions", QUESTIONS),
        ("to-be-judged", JUDGED),
        ("proof", PROOF),
    ):
        register_spans(name, sql)
