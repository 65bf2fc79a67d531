"""Take a file of sales back, as long as nothing was sent to these customers since.

The sales go, what its credit notes took back counts again, sales that were known are as they were,
and what rested on it ends as an event of the ledger. People whom only the file made are forgotten.
Of who is held for a legal claim or frozen the sales stay, and they are named.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import ngettext

from akkoord.consent.actions import settle_customers
from akkoord.imports.models import Import
from akkoord.imports.statements import statements
from akkoord.imports.undoing import SaleStays, Undoing, begun, keep_only_made, kept_people
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor
from akkoord.web.numbers import in_words


class _OnlyAsked(Exception):
    """Takes back what was only tried."""


def what_undoing_sales_does(record: Import, *, at: datetime) -> Undoing:
    """What would happen; everything is tried and rolled back, so that it is the truth."""
    undoing = Undoing()
    try:
        with transaction.atomic():
            undoing = take_sales_back(record, at=at, actor=Actor.system())
            raise _OnlyAsked
    except _OnlyAsked:
        return undoing


def take_sales_back(record: Import, *, at: datetime, actor: Actor) -> Undoing:
    """Take the sales of a file back, in the caller's transaction; `why_not` when it cannot be."""
    run, values = statements("undo_sales"), _values(record, at=at)
    with connection.cursor() as cursor:
        cursor.execute(run["sales"], values)
        cursor.execute("ANALYZE undo_sale")
        cursor.execute(run["stays"], values)
        kept = tuple(SaleStays(person, count) for person, count in cursor.fetchall())
        cursor.execute(run["sent"], values)
        sent = int(cursor.fetchone()[0])
        if sent:
            cursor.execute("DROP TABLE undo_sale")
            return Undoing(sent=sent, why_not=_sent_sentence(sent))
        cursor.execute(run["standings"])
        invalidated = int(cursor.fetchone()[0])
        cursor.execute("SELECT DISTINCT contact_point_id FROM undo_sale")
        points = [each for (each,) in cursor.fetchall() if each is not None]
        cursor.execute(run["relations"])
        cursor.execute(run["gone"], values)
        sales = cursor.rowcount
        cursor.execute(run["as_they_were"], values)
        changed = cursor.rowcount
        cursor.execute(run["changes_gone"], values)
        cursor.execute(run["valid_again"], values)
        again = cursor.rowcount
    settled = settle_customers(point_ids=points, at=at, actor=actor)
    with connection.cursor() as cursor:
        made, going = gather_made_by_sales(cursor, record)
        cursor.execute(run["to_be_judged"], values)
        cursor.execute(run["addresses"], values)
        cursor.execute(run["points"], values)
        cursor.execute("DROP TABLE undo_sale, undo_person")
    # A standing may end by its sale, or by the place that goes from it again.
    ended = max(invalidated, settled.ended)
    return Undoing(going, made - going, ended, sales=sales, again=again, changed=changed, kept=kept)


def gather_made_by_sales(cursor: CursorWrapper, record: Import) -> tuple[int, int]:
    """The table of people whom only the file made; how many it made, and how many of them go."""
    run, values = statements("undo_sales"), _values(record, at=record.started_at)
    cursor.execute(run["people"], values)
    cursor.execute("ANALYZE undo_person")
    cursor.execute("SELECT count(*) FROM undo_person")
    made = int(cursor.fetchone()[0])
    cursor.execute(run["stay"])
    cursor.execute(run["said_no"])
    keep_only_made(cursor, record)
    cursor.execute("SELECT count(*) FROM undo_person WHERE is_made")
    return made, int(cursor.fetchone()[0])


def _values(record: Import, *, at: datetime) -> dict[str, Any]:
    return {
        "import_id": record.id,
        "at": record.ended_at,
        "begun": begun(record),
        "judge_by": term_end("import-review-term", law_day(at)),
        "kept": kept_people(),
    }


def _sent_sentence(sent: int) -> str:
    return ngettext(
        "{n} message was sent to customers in this file since, so it can no longer be undone.",
        "{n} messages were sent to customers in this file since, so it can no longer be undone.",
        sent,
    ).format(n=in_words(sent))
