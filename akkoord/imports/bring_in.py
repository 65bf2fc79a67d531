"""Bring a file in: one transaction, set by set; a dry run is the same, rolled back.

Nothing is overwritten, an import never lifts a withdrawal or an objection (INV-4, 5), and who
was forgotten stays out (INV-35).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.models import CollectionPoint, Notice
from akkoord.imports.bring_besides import bring_besides, bring_special
from akkoord.imports.judge import Refusal, StagedRow
from akkoord.imports.layouts import POSTAL
from akkoord.imports.models import Import
from akkoord.imports.order import purpose_ended
from akkoord.imports.preview import preview_rows
from akkoord.imports.report import Report
from akkoord.imports.statements import statements
from akkoord.law.parameters import term_end
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.law.terms import law_day
from akkoord.permission.queries import refusals
from akkoord.register.models import Purpose
from akkoord.register.queries import current_version, current_versions, live_topics

_STAYS_OUT = {
    "erasure": Reason.FORGOTTEN_BEFORE,
    "objection": Reason.OBJECTED_BEFORE,
    "complaint": Reason.OBJECTED_BEFORE,
}
_TICK = 5_000  # rows between two words on how far it is


@dataclass(frozen=True, slots=True)
class Bringing:
    """What a file is brought in as."""

    record: Import
    topic: Purpose | None
    wording: Notice | None
    collection_point: CollectionPoint | None
    staff_id: UUID | None


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one table. `quarantined` is asked when they have all gone by: the fields that
    stay out as a whole, because something in them may not be stored (INV-32)."""

    rows: Iterable[StagedRow | Refusal]
    quarantined: Callable[[], list[str]] = list
    name: str = ""


Tell = Callable[[int], None]
"""Is told how many rows have been read."""


class _RolledBack(Exception):
    """Carries the report of a dry run out of its transaction."""


def bring_in(
    batches: Iterable[Batch], bringing: Bringing, *, at: datetime, tell: Tell | None = None
) -> Report:
    """Bring judged rows in, all or nothing, and say what became of them.

    With `bringing.record.is_dry_run` everything is done and rolled back, so that what it says is
    what would happen. A file of several tables is one whole: all of them, or none.
    """
    report = Report()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            values = _values(bringing, at=at)
            cursor.execute(statements()["begin"])
            for batch in batches:
                _bring_in(cursor, batch, bringing, report, values, tell or _silent)
            _count_people(cursor, bringing, report, at=at)
            cursor.execute("DROP TABLE import_seen, import_unproven")
            if bringing.record.is_dry_run:
                raise _RolledBack
    except _RolledBack:
        pass
    return report


def _silent(_rows: int) -> None:
    """Nobody listens."""


def _bring_in(
    cursor: CursorWrapper,
    batch: Batch,
    bringing: Bringing,
    report: Report,
    values: dict[str, Any],
    tell: Tell,
) -> None:
    at, run = values["at"], statements()
    _stage(cursor, batch, report, tell)
    for (line,) in cursor.stream(run["duplicates"]):
        report.refused.append(Refusal(line, Reason.DUPLICATE_ROW, part=batch.name))
    cursor.execute(run["match"], values)
    cursor.execute("ANALYZE import_match")
    for line, why in cursor.stream(run["stayed_out"]):
        report.stayed_out += 1
        reason = _STAYS_OUT.get(why, Reason.SUPPRESSED)
        report.refused.append(Refusal(line, reason, part=batch.name))
    cursor.execute("SELECT count(*) FROM import_match WHERE is_new")
    (new,) = cursor.fetchone()
    cursor.execute(run["points"], values)
    if cursor.rowcount < new:  # somebody signed up meanwhile
        cursor.execute(run["rematch"])
    cursor.execute(run["persons"], values)
    report.created += cursor.rowcount
    cursor.execute("CREATE TEMP TABLE import_touched (point_id uuid) ON COMMIT DROP")
    cursor.execute(run["undeliverable"])
    _overwrite(cursor, bringing, report, values)
    bring_besides(cursor, report, values)
    bring_special(cursor, report, bringing.staff_id, at=at)
    _append_events(cursor, bringing, values, report)
    cursor.execute(run["pending"], values)
    cursor.execute(run["judged"])
    _count(cursor, report)
    if bringing.record.is_dry_run:
        preview_rows(cursor, bringing.topic, report, name=batch.name, at=at)
    cursor.execute("DROP TABLE import_row, import_match, import_touched, staged_permission_event")


def _overwrite(
    cursor: CursorWrapper, bringing: Bringing, report: Report, values: dict[str, Any]
) -> None:
    """Count who has another name in the file; only when the owner switched it on, take it over.

    What a person said of themself stays (art. 5(1)(d), 16).
    """
    run = statements()
    cursor.execute(run["differing"], values)
    report.differing += cursor.fetchone()[0]
    if not bringing.record.overwrites:
        return
    cursor.execute(run["remember_names"], values)
    cursor.execute(run["overwrite_names"], values)
    report.overwritten += cursor.rowcount


_ROW_TABLE = """
CREATE TEMP TABLE import_row (
    line integer NOT NULL, value text NOT NULL, normalised text NOT NULL,
    keyed_hash bytea NOT NULL, given_name text NOT NULL, family_name text NOT NULL,
    language text NOT NULL, state text NOT NULL, happened_at timestamptz, stop_state text NOT NULL,
    stopped_at timestamptz, cleaned_at timestamptz, evidence jsonb NOT NULL, reason text NOT NULL,
    besides jsonb
) ON COMMIT DROP
"""


_EMPTIED = {"first_name": "given_name", "last_name": "family_name"}


def _stage(cursor: CursorWrapper, batch: Batch, report: Report, tell: Tell) -> None:
    cursor.execute(_ROW_TABLE)
    with cursor.copy("COPY import_row FROM STDIN") as copy:
        for row in _accepted(batch.rows, report, tell):
            copy.write_row(row)
    for key in batch.quarantined():
        if key in _EMPTIED:
            cursor.execute(f"UPDATE import_row SET {_EMPTIED[key]} = ''")  # noqa: S608 - constants
        else:
            gone = "post" if key in POSTAL else key
            cursor.execute("UPDATE import_row SET besides = besides - %s", [gone])
    cursor.execute("ANALYZE import_row")


def _accepted(
    rows: Iterable[StagedRow | Refusal], report: Report, tell: Tell
) -> Iterator[StagedRow]:
    for row in rows:
        report.rows += 1
        if report.rows % _TICK == 0:
            tell(report.rows)
        if isinstance(row, Refusal):
            report.refused.append(row)
        else:
            yield row


def _values(bringing: Bringing, *, at: datetime) -> dict[str, Any]:
    stop_topics = [bringing.topic] if bringing.topic else list(live_topics())
    granted = current_version(bringing.topic) if bringing.topic else None
    if bringing.topic and granted is None:
        raise purpose_ended()
    return {
        "at": at,
        "import_id": bringing.record.id,
        "judge_by": term_end("import-review-term", law_day(at)),
        "review_on": term_end("suppression-review", law_day(at)),
        "ms": int(at.timestamp() * 1000),
        "version": granted.id if granted else None,
        "scope": bringing.topic.slug if bringing.topic else "marketing",
        "stop_versions": [version.id for version in current_versions(stop_topics)],
        "staff": bringing.staff_id,
        "notice": bringing.wording.id if bringing.wording else None,
        "collection_point": bringing.collection_point.id if bringing.collection_point else None,
    }


def _append_events(
    cursor: CursorWrapper, bringing: Bringing, values: dict[str, Any], report: Report
) -> None:
    """Stage and append grants and stops, and note which known people got something new."""
    run = statements()
    create_staging(cursor)
    if bringing.topic and bringing.wording:
        cursor.execute(run["grants"], values)
    cursor.execute(run["stops"], values)
    cursor.execute(
        "SELECT count(DISTINCT contact_point_ref) FROM staged_permission_event "
        "WHERE state IN ('withdrawn', 'objected')"
    )
    report.withdrawn += cursor.fetchone()[0]
    cursor.execute(run["objections"], values)
    cursor.execute(run["touched"])
    append_staged_events(cursor)


def _count(cursor: CursorWrapper, report: Report) -> None:
    cursor.execute(
        "SELECT count(*) FILTER (WHERE NOT is_new), "
        "count(*) FILTER (WHERE cleaned_at IS NOT NULL), "
        "(SELECT count(DISTINCT point_id) FROM import_touched) FROM import_match"
    )
    known, undeliverable, touched = cursor.fetchone()
    report.undeliverable += undeliverable
    report.updated += touched
    report.unchanged += known - touched
    cursor.execute(statements()["seen"])
    cursor.execute(statements()["not_proven"])


def _count_people(
    cursor: CursorWrapper, bringing: Bringing, report: Report, *, at: datetime
) -> None:
    """Who of the whole file may be mailed, each person once, by the gate as it stands now."""
    cursor.execute("ANALYZE import_seen")
    cursor.execute(statements()["unproven"])
    report.not_mailable = dict(cursor.fetchall())
    if bringing.topic is None:
        return
    cursor.execute("SELECT count(DISTINCT point_id) FROM import_seen")
    considered = cursor.fetchone()[0]
    within = ("SELECT point_id FROM import_seen", ())
    by_gate = refusals(bringing.topic, Channel.EMAIL, at=at, within_sql=within)
    for reason, n in by_gate.items():
        report.not_mailable[str(reason)] = report.not_mailable.get(str(reason), 0) + n
    report.may_be_mailed = considered - sum(by_gate.values())
