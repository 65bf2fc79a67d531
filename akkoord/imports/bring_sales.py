"""Bring sales in: one transaction, set by set; a dry run is the same, rolled back.

Once per source and number, so a file brought in twice adds nothing. A sale never lifts a no
(INV-4, 5); who was forgotten stays out with what was bought before (INV-35).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from akkoord.consent.actions import settle_customers
from akkoord.imports.judge import Refusal
from akkoord.imports.models import Import
from akkoord.imports.report import Report
from akkoord.imports.sales import StagedSale
from akkoord.imports.statements import statements
from akkoord.law.parameters import term_end
from akkoord.law.reasons import Reason
from akkoord.law.sale_rules import SAW_OPT_OUT, oldest_keeping_sale
from akkoord.law.states import Channel
from akkoord.permission.queries import refusals
from akkoord.register.models import Purpose
from akkoord.register.queries import field_allowed
from akkoord.trail.actions import Actor

CUSTOMERS = "customers"


@dataclass(slots=True)
class SalesReport(Report):
    """What a file of sales brought, on top of what every file's report says.

    `articles`: what no product group takes, with how often; `sellers`: others' invoices.
    """

    sales: int = 0
    known: int = 0
    credited: int = 0
    may_write: int = 0  # standings that these sales gave or renewed
    articles: dict[str, int] = field(default_factory=dict)
    sellers: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The answer of `akkoord import` for sales."""
        return Report.as_json(self) | self.of_sales()

    def of_sales(self) -> dict[str, Any]:
        """What is said of sales alone; kept on the record."""
        return {
            "sales": self.sales,
            "known_sales": self.known,
            "credited": self.credited,
            "standings": self.may_write,
            "articles_without_group": _most(self.articles),
            "other_sellers": _most(self.sellers),
            "addresses": self.posts,
            "addresses_left_out": self.posts_out,
        }


def _most(counts: dict[str, int], limit: int = 50) -> dict[str, int]:
    """The most frequent ones."""
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:limit])


@dataclass(frozen=True, slots=True)
class SalesIn:
    """What a file of sales is brought in as. `source` and a sale's number name it for ever."""

    record: Import
    source: str
    place_id: UUID | None
    topic: Purpose | None
    actor: Actor


class _RolledBack(Exception):
    """Takes a dry run back."""


def bring_sales(
    rows: Iterable[StagedSale | Refusal], sales_in: SalesIn, *, at: datetime
) -> SalesReport:
    """Bring judged sales in, all or nothing, and say what became of them and of whom.

    With `record.is_dry_run` everything is done and rolled back.
    """
    report = SalesReport()
    try:
        with transaction.atomic():
            _bring_in(rows, sales_in, report, at=at)
            if sales_in.record.is_dry_run:
                raise _RolledBack
    except _RolledBack:
        pass
    return report


def _bring_in(
    rows: Iterable[StagedSale | Refusal], sales_in: SalesIn, report: SalesReport, *, at: datetime
) -> None:
    run, values = statements("bring_sales"), _values(sales_in, at=at)
    with connection.cursor() as cursor:
        _stage(cursor, rows, report)
        _leave_out(cursor, run["duplicates"], Reason.DUPLICATE_ROW, report)
        cursor.execute(run["match"], values)
        report.stayed_out = _leave_out(cursor, run["stayed_out"], Reason.FORGOTTEN_BEFORE, report)
        _leave_out(cursor, run["nobody"], Reason.NO_ADDRESS, report)
        cursor.execute(run["newcomers"], values)
        cursor.execute(run["persons"], values)
        report.created = cursor.rowcount
        for name in ("points", "whose", "companies", "company_of", "relations"):
            cursor.execute(run[name], values)
        cursor.execute("SELECT count(*) FROM sale_match")
        all_sales = int(cursor.fetchone()[0])
        cursor.execute(run["before"], values)
        cursor.execute(run["sales"], values)
        written = [row[0] for row in cursor.fetchall()]
        report.sales, report.known = sum(written), all_sales - sum(written)
        report.updated = len(written) - sum(written)
        report.unchanged = report.known - report.updated
        cursor.execute(run["changed"], values)
        cursor.execute(run["credits"], values)
        touched = [row[0] for row in cursor.fetchall()]
        report.credited = len(touched)
        _leave_out(cursor, run["credits_of_nothing"], Reason.NO_SALE, report, values)
        cursor.execute(run["no_longer_judged"], values)
        cursor.execute(run["addresses"], values)
        report.posts = int(cursor.fetchone()[0])
        cursor.execute("SELECT DISTINCT known_point FROM sale_match WHERE known_point IS NOT NULL")
        points = {row[0] for row in cursor.fetchall()}
        touched = [each for each in touched if each is not None]
        settled = settle_customers(point_ids=points.union(touched), at=at, actor=sales_in.actor)
        report.may_write = settled.given
        _count(cursor, sales_in, report, at=at)
        cursor.execute("DROP TABLE sale_row, sale_match, sale_newcomer, sale_company, sale_before")


_ROW_TABLE = """
CREATE TEMP TABLE sale_row (
    line integer NOT NULL, part text NOT NULL, number text NOT NULL, bought_on date NOT NULL,
    amount numeric(12, 2), currency text NOT NULL, product_group text NOT NULL,
    other_groups text[] NOT NULL, value text NOT NULL, normalised text NOT NULL,
    keyed_hash bytea NOT NULL, given_name text NOT NULL, family_name text NOT NULL,
    language text NOT NULL, customer_number text NOT NULL, company text NOT NULL,
    registration text NOT NULL, answer text NOT NULL, is_credit boolean NOT NULL,
    credits text NOT NULL, post jsonb
) ON COMMIT DROP
"""


def _stage(
    cursor: CursorWrapper, rows: Iterable[StagedSale | Refusal], report: SalesReport
) -> None:
    cursor.execute(_ROW_TABLE)
    with cursor.copy("COPY sale_row FROM STDIN") as copy:
        for row in _accepted(rows, report):
            copy.write_row(row)
    cursor.execute("ANALYZE sale_row")


def _accepted(rows: Iterable[StagedSale | Refusal], report: SalesReport) -> Iterator[StagedSale]:
    for row in rows:
        report.rows += 1
        if isinstance(row, Refusal):
            report.refused.append(row)
        else:
            yield row


def _leave_out(
    cursor: CursorWrapper,
    statement: str,
    reason: Reason,
    report: SalesReport,
    values: dict[str, Any] | None = None,
) -> int:
    """Run a statement that answers lines; each is a refusal with this reason. How many."""
    before = len(report.refused)
    report.refused.extend(
        Refusal(line, reason, "", part) for line, part in cursor.stream(statement, values)
    )
    return len(report.refused) - before


def _values(sales_in: SalesIn, *, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    names = field_allowed(CUSTOMERS) >= {"first_name", "last_name"}
    return {
        "at": at,
        "import_id": sales_in.record.id,
        "source": sales_in.source,
        "place": sales_in.place_id,
        "judge_by": term_end("import-review-term", today),
        "oldest": oldest_keeping_sale(today),
        "ms": int(at.timestamp() * 1000),
        "saw": [each.value for each in SAW_OPT_OUT],
        "names": names,
    }


def _count(cursor: CursorWrapper, sales_in: SalesIn, report: SalesReport, *, at: datetime) -> None:
    """How many of these customers may be mailed about the topic, and why the others may not."""
    if sales_in.topic is None:
        return
    within = "SELECT known_point FROM sale_match WHERE known_point IS NOT NULL"
    cursor.execute(f"SELECT count(DISTINCT known_point) FROM ({within}) AS w")  # noqa: S608 - ours
    considered = cursor.fetchone()[0]
    by_gate = refusals(sales_in.topic, Channel.EMAIL, at=at, within_sql=(within, ()))
    report.not_mailable = {str(reason): n for reason, n in by_gate.items()}
    report.may_be_mailed = considered - sum(by_gate.values())
