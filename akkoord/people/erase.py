"""Erasure of sales: they go with the person, but for what the books must keep (AWR 52(4))."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from akkoord.datamap.erase import Erased
from akkoord.datamap.prepared import prepared
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.parameters import parameter

# Who must keep the books keeps number, day, amount and kind, and nothing that leads to a person
# (the fiscal term counts from the end of the book year). Index people_purchase_last.
_ERASE = """
WITH sale AS (
    SELECT p.id, make_date(extract(year FROM p.bought_on)::int + %(years)s::int, 12, 31) AS until,
           EXISTS (SELECT FROM register_organisation WHERE keeps_books) AS in_books
      FROM people_purchase p WHERE p.person_id = ANY(%(people)s::uuid[])
), kept AS (
    UPDATE people_purchase p
       SET id = gen_random_uuid(),  -- the old one stood in the evidence of a standing
           person_id = NULL, contact_point_id = NULL, company_id = NULL, place_id = NULL,
           optout_answer = '', optout_shown_id = NULL, source_ref = NULL, kept_until = s.until
      FROM sale s WHERE s.id = p.id AND s.in_books AND s.until >= %(today)s::date RETURNING 1
), gone AS (
    DELETE FROM people_purchase p USING sale s
     WHERE s.id = p.id AND NOT (s.in_books AND s.until >= %(today)s::date) RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM kept)
"""


def erase_purchases(person_ids: Sequence[UUID], _run_id: UUID) -> Erased:
    """Sales of these people: gone, or without them in the books when Akkoord keeps those.

    Runs in the erasure's transaction. What stays is number, date, amount and product group.
    """
    today = timezone.localdate()
    values: dict[str, Any] = {
        "people": list(person_ids),
        "today": today,
        "years": parameter("fiscal-term", today),
    }
    [(removed, kept)] = prepared(_ERASE, values)
    if not kept:
        return Erased(removed)
    return Erased(removed, kept, ground=KeepGround.FISCAL_RECORD, until="fiscal-term")
