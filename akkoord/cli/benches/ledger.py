"""`akkoord bench ledger`: append, seal and verify, against a plain copy and a plain hash."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection, transaction

from akkoord.cli.benches.filling import fill, lay_ground
from akkoord.cli.benches.results import Result, faster, seconds
from akkoord.consent.bulk import STAGED_COLUMNS, append_staged_events, create_staging
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

_COLUMNS = ", ".join(STAGED_COLUMNS)
_EVENTS = """
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY c.id)), c.person_id, c.id, v.id, 'email',
       'consent', 'confirmed', %s, %s, NULL, 'person', NULL, 'confirmation', NULL, %s, false,
       '{"network": "192.0.2.0"}'
  FROM people_contactpoint c, register_purposeversion v WHERE v.purpose_id = %s
"""


def bench(people: int, *, at: datetime) -> list[Result]:
    """One event for everybody, then the whole ledger checked."""
    ground = lay_ground(at=at)
    fill(ground, first=1, last=people, at=at)
    seal(at=at)
    moment = at - timedelta(hours=1)
    with transaction.atomic(), connection.cursor() as cursor:
        create_staging(cursor)
        ms = int(moment.timestamp() * 1000)
        cursor.execute(_EVENTS, [ms, moment, moment, ground.notice.id, ground.topic.id])
        cursor.execute("CREATE UNLOGGED TABLE bench_rows AS TABLE staged_permission_event")
        cursor.execute("DROP TABLE staged_permission_event")
        cursor.execute("CREATE TABLE bench_plain (LIKE bench_rows)")
    copied = seconds(_copy_plain)
    appended = seconds(_append) + seconds(lambda: seal(at=at))
    report = verify()
    if not report.ok:
        raise AssertionError(f"the ledger is not in order: {report.faults[:3]}")
    checked = seconds(verify)
    return [
        faster(
            f"ledger: append and seal {people:,} events, against a plain copy of the rows",
            people / appended,
            people / copied,
            good=0.3,
            aim=0.5,
            unit="events per second",
        ),
        faster(
            f"ledger: verify {report.events:,} events, against SHA-256 of the same bytes",
            report.events / checked,
            report.events / _hash_seconds(report.events),
            good=0.3,
            aim=0.6,
            unit="events per second",
        ),
    ]


@transaction.atomic
def _copy_plain() -> None:
    """The same rows into a table without an index, by COPY from this process."""
    with connection.cursor() as cursor:
        with cursor.copy("COPY bench_rows TO STDOUT (FORMAT binary)") as copy:
            blocks = [bytes(block) for block in copy]
        with cursor.copy("COPY bench_plain FROM STDIN (FORMAT binary)") as copy:
            for block in blocks:
                copy.write(block)


@transaction.atomic
def _append() -> None:
    """Staged as an import does, then appended: salted, committed to, queued, folded."""
    with connection.cursor() as cursor:
        create_staging(cursor)
        with cursor.copy("COPY bench_rows TO STDOUT (FORMAT binary)") as copy:
            blocks = [bytes(block) for block in copy]
        with cursor.copy(
            f"COPY staged_permission_event ({_COLUMNS}) FROM STDIN (FORMAT binary)"
        ) as copy:
            for block in blocks:
                copy.write(block)
        append_staged_events(cursor)
        cursor.execute("DROP TABLE staged_permission_event")


def _hash_seconds(events: int) -> float:
    """A Python loop over what the ledger's commitments cover, as long as one event's content."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.salt || consent_permissionevent_content(e) "
            "FROM consent_permissionevent e LIMIT 20000"
        )
        contents = [bytes(row[0]) for row in cursor.fetchall()]
    took = seconds(lambda: [hashlib.sha256(content).digest() for content in contents])
    return took / len(contents) * events
