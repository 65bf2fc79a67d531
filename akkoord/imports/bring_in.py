"""Bring a file in: one transaction, set by set; a dry run is the same, rolled back.

Nothing is overwritten, an import never lifts a withdrawal or an objection (INV-4, 5), and who
was forgotten stays out (INV-35).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.models import CollectionPoint, Notice
from akkoord.imports.judge import Refusal, StagedRow
from akkoord.imports.models import Import, RefusedRow
from akkoord.law.parameters import term_end
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.permission.queries import refusals
from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import Actor, record_change

_STAYS_OUT = {
    "erasure": Reason.FORGOTTEN_BEFORE,
    "objection": Reason.OBJECTED_BEFORE,
    "complaint": Reason.OBJECTED_BEFORE,
}
MAX_REFUSALS = 100_000


@dataclass(slots=True)
class Report:
    """What a file brought; the JSON answer of `akkoord import`."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    may_be_mailed: int = 0
    not_mailable: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    undeliverable: int = 0
    stayed_out: int = 0
    refused: list[Refusal] = field(default_factory=list)
    dropped_columns: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The answer as design.md gives it; `dropped_columns` beside it."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "may_be_mailed": self.may_be_mailed,
            "not_mailable": self.not_mailable,
            "withdrawn": self.withdrawn,
            "undeliverable": self.undeliverable,
            "stayed_out": self.stayed_out,
            "refused": [{"row": each.line, "reason": str(each.reason)} for each in self.refused],
            "dropped_columns": self.dropped_columns,
        }


@dataclass(frozen=True, slots=True)
class Bringing:
    """What a file is brought in as."""

    record: Import
    topic: Purpose | None
    wording: Notice | None
    collection_point: CollectionPoint | None
    staff_id: UUID | None


class _RolledBack(Exception):
    """Carries the report of a dry run out of its transaction."""


@cache
def _statements() -> dict[str, str]:
    text = (files("akkoord.imports") / "sql" / "bring_in.sql").read_text()
    parts = text.split("-- name: ")[1:]
    return {name.strip(): sql for name, _, sql in (part.partition("\n") for part in parts)}


def bring_in(rows: Iterable[StagedRow | Refusal], bringing: Bringing, *, at: datetime) -> Report:
    """Bring judged rows in, all or nothing, and say what became of them.

    With `bringing.record.is_dry_run` everything is done and rolled back, so that what it says is
    what would happen.
    """
    report = Report()
    try:
        with transaction.atomic():
            _bring_in(rows, bringing, report, at=at)
            if bringing.record.is_dry_run:
                raise _RolledBack
    except _RolledBack:
        pass
    return report


def _bring_in(
    rows: Iterable[StagedRow | Refusal], bringing: Bringing, report: Report, *, at: datetime
) -> None:
    with connection.cursor() as cursor:
        _stage(cursor, rows, report)
        values = _values(bringing, at=at)
        run = _statements()
        cursor.execute(run["duplicates"])
        report.refused += [Refusal(line, Reason.DUPLICATE_ROW) for (line,) in cursor.fetchall()]
        cursor.execute(run["match"], values)
        cursor.execute("ANALYZE import_match")
        cursor.execute(run["stayed_out"])
        out = cursor.fetchall()
        report.stayed_out = len(out)
        report.refused += [
            Refusal(line, _STAYS_OUT.get(why, Reason.SUPPRESSED)) for line, why in out
        ]
        cursor.execute("SELECT count(*) FROM import_match WHERE is_new")
        (new,) = cursor.fetchone()
        cursor.execute(run["points"], values)
        if cursor.rowcount < new:  # somebody signed up meanwhile
            cursor.execute(run["rematch"])
        cursor.execute(run["persons"], values)
        report.created = cursor.rowcount
        cursor.execute(run["undeliverable"])
        touched = cursor.rowcount
        touched += _append_events(cursor, bringing, values, report)
        cursor.execute(run["pending"], values)
        cursor.execute(run["judged"])
        _count(cursor, bringing, report, touched=touched, at=at)
        cursor.execute("DROP TABLE import_row, import_match, staged_permission_event")
    report.refused.sort(key=lambda each: each.line)


_ROW_TABLE = """
CREATE TEMP TABLE import_row (
    line integer NOT NULL, value text NOT NULL, normalised text NOT NULL,
    keyed_hash bytea NOT NULL, given_name text NOT NULL, family_name text NOT NULL,
    language text NOT NULL, state text NOT NULL, happened_at timestamptz, stop_state text NOT NULL,
    stopped_at timestamptz, cleaned_at timestamptz, evidence jsonb NOT NULL, reason text NOT NULL
) ON COMMIT DROP
"""


def _stage(cursor: CursorWrapper, rows: Iterable[StagedRow | Refusal], report: Report) -> None:
    cursor.execute(_ROW_TABLE)
    with cursor.copy("COPY import_row FROM STDIN") as copy:
        for row in _accepted(rows, report):
            copy.write_row(row)
    cursor.execute("ANALYZE import_row")


def _accepted(rows: Iterable[StagedRow | Refusal], report: Report) -> Iterator[StagedRow]:
    for row in rows:
        report.rows += 1
        if isinstance(row, Refusal):
            report.refused.append(row)
        else:
            yield row


def _values(bringing: Bringing, *, at: datetime) -> dict[str, Any]:
    stop_topics = [bringing.topic] if bringing.topic else list(live_topics())
    granted = current_versions([bringing.topic])[0].id if bringing.topic else None
    return {
        "at": at,
        "import_id": bringing.record.id,
        "judge_by": term_end("import-review-term", at.date()),
        "review_on": term_end("suppression-review", at.date()),
        "ms": int(at.timestamp() * 1000),
        "version": granted,
        "scope": bringing.topic.slug if bringing.topic else "marketing",
        "stop_versions": [version.id for version in current_versions(stop_topics)],
        "staff": bringing.staff_id,
        "notice": bringing.wording.id if bringing.wording else None,
        "collection_point": bringing.collection_point.id if bringing.collection_point else None,
    }


def _append_events(
    cursor: CursorWrapper, bringing: Bringing, values: dict[str, Any], report: Report
) -> int:
    """Stage and append grants and stops; how many known people got something new."""
    run = _statements()
    create_staging(cursor)
    new_points = (
        "SELECT count(DISTINCT contact_point_ref) FROM staged_permission_event e "
        "JOIN import_match m ON m.point_id = e.contact_point_ref WHERE NOT m.is_new"
    )
    if bringing.topic and bringing.wording:
        cursor.execute(run["grants"], values)
    cursor.execute(run["stops"], values)
    cursor.execute(
        "SELECT count(DISTINCT contact_point_ref) FROM staged_permission_event "
        "WHERE state IN ('withdrawn', 'objected')"
    )
    report.withdrawn = cursor.fetchone()[0]
    cursor.execute(run["objections"], values)
    cursor.execute(new_points)
    touched = int(cursor.fetchone()[0])
    append_staged_events(cursor)
    return touched


def _count(
    cursor: CursorWrapper, bringing: Bringing, report: Report, *, touched: int, at: datetime
) -> None:
    cursor.execute(
        "SELECT count(*) FILTER (WHERE NOT is_new), "
        "count(*) FILTER (WHERE cleaned_at IS NOT NULL) FROM import_match"
    )
    known, report.undeliverable = cursor.fetchone()
    report.updated = touched
    report.unchanged = known - touched
    cursor.execute(_statements()["not_proven"])
    report.not_mailable = dict(cursor.fetchall())
    if bringing.topic is None:
        return
    within = (
        "SELECT point_id FROM import_match m WHERE m.reason = '' OR m.stop_state <> '' OR "
        "EXISTS (SELECT 1 FROM consent_standing s WHERE s.contact_point_id = m.point_id)"
    )
    cursor.execute(f"SELECT count(*) FROM ({within}) AS w")  # noqa: S608 - constants
    considered = cursor.fetchone()[0]
    by_gate = refusals(bringing.topic, Channel.EMAIL, at=at, within_sql=(within, ()))
    for reason, n in by_gate.items():
        report.not_mailable[str(reason)] = report.not_mailable.get(str(reason), 0) + n
    report.may_be_mailed = considered - sum(by_gate.values())


def record_report(record: Import, report: Report, *, at: datetime, actor: Actor) -> None:
    """Write what became of a file beside its provenance, with the refused lines and the trail."""
    for name in (
        "rows",
        "created",
        "updated",
        "unchanged",
        "may_be_mailed",
        "not_mailable",
        "withdrawn",
        "undeliverable",
        "stayed_out",
        "dropped_columns",
    ):
        setattr(record, name, getattr(report, name))
    record.refused = len(report.refused) - report.stayed_out
    record.state = Import.State.CHECKED if record.is_dry_run else Import.State.DONE
    record.ended_at = at
    record.save()
    record.refusals.all().delete()
    RefusedRow.objects.bulk_create(
        (
            RefusedRow(import_file=record, row=each.line, reason=each.reason, column=each.column)
            for each in report.refused[:MAX_REFUSALS]
        ),
        batch_size=5000,
    )
    record_change(
        actor=actor,
        action="import.look-through" if record.is_dry_run else "import.bring-in",
        object_kind="import",
        object_id=record.id,
        at=at,
    )
