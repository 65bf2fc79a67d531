"""What somebody enters a series by: for each trigger one question to the database.

Each answers the address, the person, the occasion (somebody enters once for each) and its day in
Amsterdam, in the order of the addresses, a page at a time. Whether they may be written to is for
the gate. What happened before the series was turned on does not count.
"""

from datetime import date, datetime, timedelta
from typing import Any

from akkoord.campaigns.series_models import Series
from akkoord.law.terms import law_day

Trigger = Series.Trigger
OLDEST_YES = 3  # days: a welcome that comes later is odd
OLDEST_SALE = 14  # days: books come in a week late
CATCH_UP = 30  # days in which somebody who was missed still enters
SALES = "last_purchase"  # the field that a topic must be allowed before sales begin anything
ADULT = 16  # a birthday says how old somebody is: no child enters by it (INV-14)
EVERY_MINUTE = frozenset({Trigger.WELCOME})  # the others are a matter of days
# A minute's round looks at the yeses of the last hour, an hour's round at those of three days: what
# a round missed (it was killed, nobody worked, the clock jumped) comes in within the hour. There is
# no mark of how far it came that could run ahead of a yes.
LATELY, OFTEN = timedelta(days=OLDEST_YES), timedelta(hours=1)

_LIVING = "c.channel = 'email' AND c.ended_at IS NULL"
_YES = (
    "s.purpose_id = %(purpose)s AND s.channel = 'email' AND s.basis = 'consent' "
    "AND s.state IN ('given', 'confirmed')"
)
_PAGE = "ORDER BY point LIMIT %(limit)s"
# Index consent_standing_lately; consent_event_point; campaigns_run_once. A first yes, heard of a
# moment ago: neither one that was brought along, nor one that is carried on.
_WELCOME = f"""
SELECT s.contact_point_id AS point, s.person_id AS person, 'once' AS occasion,
       (s.heard_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
  FROM consent_standing s
 WHERE {_YES} AND NOT s.is_declared AND s.method <> 'import'
   AND s.heard_at > %(since)s AND s.heard_at <= %(at)s
   AND s.heard_at > %(lately)s AND s.contact_point_id > %(after)s
   AND NOT EXISTS (
     SELECT 1 FROM campaigns_seriesrun r
      WHERE r.series_id = %(series)s AND r.person_id = s.person_id AND r.occasion = 'once')
   AND NOT EXISTS (
     SELECT 1 FROM consent_permissionevent e
       JOIN register_purposeversion v ON v.id = e.purpose_version_id AND v.purpose_id = s.purpose_id
      WHERE e.contact_point_ref = s.contact_point_id AND e.state IN ('given', 'confirmed')
        AND e.recorded_at < s.heard_at - interval '7 days')
 {_PAGE}
"""  # noqa: S608 - constants
# The newest sale of each that came in since; taken back does not count.
_PURCHASE = f"""
SELECT DISTINCT ON (c.id) c.id AS point, c.person_id AS person, p.id::text AS occasion,
       p.bought_on AS day
  FROM people_purchase p JOIN people_contactpoint c ON c.person_id = p.person_id AND {_LIVING}
 WHERE p.reversed_on IS NULL AND p.created_at > %(since)s AND p.created_at <= %(at)s
   AND p.bought_on <= %(today)s
   AND p.bought_on > %(today)s - {OLDEST_SALE} AND c.id > %(after)s
 ORDER BY c.id, p.bought_on DESC, p.id LIMIT %(limit)s
"""  # noqa: S608 - constants
_BIRTHDAY = f"""
SELECT c.id AS point, c.person_id AS person, %(year)s AS occasion, %(today)s::date AS day
  FROM people_ownfieldvalue v
  JOIN register_personaldatafield f ON f.id = v.field_id AND f.key = %(field)s
       AND f.ended_at IS NULL
  JOIN people_contactpoint c ON c.person_id = v.person_id AND {_LIVING}
 WHERE v.value ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND substr(v.value, 6) = ANY(%(dates)s)
   AND substr(v.value, 1, 4)::int <= %(year)s::int - {ADULT} AND c.id > %(after)s
 {_PAGE}
"""  # noqa: S608 - constants
_ANNIVERSARY = f"""
SELECT s.contact_point_id AS point, s.person_id AS person, %(year)s AS occasion,
       %(today)s::date AS day
  FROM consent_standing s
 WHERE {_YES} AND s.contact_point_id > %(after)s
   AND to_char(s.since AT TIME ZONE 'Europe/Amsterdam', 'MM-DD') = ANY(%(dates)s)
   AND to_char(s.since AT TIME ZONE 'Europe/Amsterdam', 'YYYY') < %(year)s
 {_PAGE}
"""  # noqa: S608 - constants
# A yes whose term ends soon, that was not asked about in any way; a parent carries on no yes.
_REFRESH = f"""
SELECT s.contact_point_id AS point, s.person_id AS person, s.event_id::text AS occasion,
       %(today)s::date AS day
  FROM consent_standing s JOIN people_person h ON h.id = s.person_id
 WHERE {_YES} AND s.contact_point_id > %(after)s AND h.is_known_child IS NOT TRUE
   AND s.valid_until > %(at)s AND s.valid_until <= %(at)s + %(days)s * interval '1 day'
   AND NOT EXISTS (
     SELECT 1 FROM messages_message m JOIN messages_dispatch d ON d.id = m.dispatch_id
      WHERE m.person_id = s.person_id AND m.evidence_id = s.event_id
        AND d.kind = 'consent-renewal' AND m.state IN ('due', 'claimed', 'sent', 'uncertain'))
 {_PAGE}
"""  # noqa: S608 - constants
# Index people_purchase_last.
_WIN_BACK = f"""
SELECT DISTINCT ON (c.id) c.id AS point, c.person_id AS person, p.bought_on::text AS occasion,
       p.bought_on + %(days)s AS day
  FROM people_purchase p JOIN people_contactpoint c ON c.person_id = p.person_id AND {_LIVING}
 WHERE p.reversed_on IS NULL AND c.id > %(after)s
   AND p.bought_on <= %(today)s - %(days)s AND p.bought_on > %(today)s - %(days)s - {CATCH_UP}
   AND NOT EXISTS (
     SELECT 1 FROM people_purchase later
      WHERE later.person_id = p.person_id AND later.reversed_on IS NULL
        AND later.bought_on > %(today)s - %(days)s)
 ORDER BY c.id, p.bought_on DESC LIMIT %(limit)s
"""  # noqa: S608 - constants

QUESTIONS: dict[str, str] = {
    Trigger.WELCOME: _WELCOME,
    Trigger.PURCHASE: _PURCHASE,
    Trigger.BIRTHDAY: _BIRTHDAY,
    Trigger.ANNIVERSARY: _ANNIVERSARY,
    Trigger.REFRESH: _REFRESH,
    Trigger.WIN_BACK: _WIN_BACK,
}


def values_for(series: Series, *, at: datetime, is_often: bool = False) -> dict[str, Any]:
    """What the question of this series is asked with at this moment; `is_often`: each minute."""
    today = law_day(at)
    return {
        "purpose": series.purpose_id,
        "since": series.on_since,
        "at": at,
        "lately": at - (OFTEN if is_often else LATELY),
        "today": today,
        "year": str(today.year),
        "dates": birthdays_on(today),
        "days": series.days,
        "field": series.field_key,
    }


def birthdays_on(today: date) -> list[str]:
    """The days of the year that are celebrated today: 29 February on the 28th in a common year."""
    found = [today.strftime("%m-%d")]
    if found == ["02-28"] and (today + timedelta(days=1)).month == 3:
        found.append("02-29")
    return found


def needed_field(trigger: str, goal: str, field_key: str) -> list[str]:
    """The fields that the topic must be allowed for this trigger and goal (art. 5(1)(b))."""
    found = [field_key] if trigger == Trigger.BIRTHDAY else []
    if trigger in (Trigger.PURCHASE, Trigger.WIN_BACK) or goal == Series.Goal.PURCHASE:
        found.append(SALES)
    return found
