"""Stores with a term of their own that nobody else clears: sales in the books, messages, the trail,
the queue. In small batches, each a transaction of its own; who is held or frozen stays, and so does
everything of an activity that is held.
"""

# ruff: noqa: S608 - every part of the SQL is a constant of this file

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from akkoord.datamap.holds import held_people
from akkoord.law.parameters import parameter, term_end
from akkoord.law.retention_rules import BOOKS, CUSTOMERS, Effect, Term, preset_term
from akkoord.law.terms import add_months, law_day
from akkoord.register.term_queries import past_before, rules_now
from akkoord.retention.hold_queries import is_activity_held
from akkoord.retention.models import RetentionRun
from akkoord.retention.run import add_line
from akkoord.trail.erase import erasing
from akkoord.trail.models import Backup, RestoreTry
from akkoord.trail.trim import trim_journal

STEP = 5000
AUDIT_TRAIL = "audit-trail"
# Art. 18(1)(c): who is frozen may need it themselves. Index: the primary key.
_NOT_FROZEN = (
    "NOT EXISTS (SELECT FROM people_person f WHERE f.id = {person} AND f.restricted_at IS NOT NULL)"
)


def oldest(key: str, today: date) -> date:
    """The first day that a term of the law's table, counted back from today, still covers."""
    day = today
    for _step in range(2):  # months are not all as long: once more for the rest
        end = term_end(key, day, today)
        assert end is not None  # noqa: S101 - these terms all have an end
        day -= end - today
    return day


def _in_steps(sql: str, values: Mapping[str, Any]) -> int:
    """Do a statement with a LIMIT until it finds no more; how many rows."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, {**values, "step": STEP})
            done = int(cursor.rowcount)
        total += done
        if done < STEP:
            return total


def rule_term(activity_key: str, today: date) -> Term:
    """The term of an activity's rule as the register has it now; without one: the proposed."""
    rule = next((each for each in rules_now([activity_key]) if not each.category), None)
    return rule.term if rule is not None else preset_term(activity_key, today)


def sweep_books(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Sales without a person that the books need no longer (AWR 52(4)); index of the primary key.

    A longer rule of the organisation's own is counted on top of the law's.
    """
    if is_activity_held(BOOKS):
        return 0
    longer = (rule_term(BOOKS, today).months or 0) - parameter("fiscal-term", today) * 12
    return _in_steps(
        "DELETE FROM people_purchase WHERE id IN (SELECT id FROM people_purchase"
        " WHERE person_id IS NULL AND kept_until < %(before)s LIMIT %(step)s)",
        {"before": add_months(today, -max(longer, 0))},
    )


def sweep_agreements(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Agreements that were over longer ago than a customer is kept; index people_agreement_once."""
    if is_activity_held(CUSTOMERS):
        return 0
    return _in_steps(
        "DELETE FROM people_agreement WHERE id IN (SELECT id FROM people_agreement"
        " WHERE (ends_on < %(before)s OR cancelled_on < %(before)s"
        "        OR (kind = 'appointment' AND agreed_day < %(before)s AND ends_on IS NULL))"
        f"   AND {_NOT_FROZEN.format(person='person_id')}"
        "   AND person_id <> ALL(%(held)s::uuid[]) LIMIT %(step)s)",
        {"before": past_before(CUSTOMERS, today), "held": held_people()},
    )


def sweep_messages(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Who got which message long ago: the message stays in the figures, without anybody in it."""
    return _in_steps(
        "UPDATE messages_message SET person_id = NULL, contact_point_id = NULL WHERE id IN ("
        "SELECT id FROM messages_message WHERE due_at < %(before)s"
        " AND state NOT IN ('due', 'claimed')"
        " AND (person_id IS NOT NULL OR contact_point_id IS NOT NULL)"
        f" AND {_NOT_FROZEN.format(person='person_id')}"
        " AND coalesce(person_id <> ALL(%(held)s::uuid[]), true) LIMIT %(step)s)",
        {"before": oldest("message-record-term", today), "held": held_people()},
    )


def sweep_trail(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Whom an act of long ago was about; the act stays sealed, without a name (INV-6, 45)."""
    if is_activity_held(AUDIT_TRAIL):
        return 0
    total = 0
    while True:
        with erasing(run.id), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE trail_change SET subject_id = NULL, object_id = NULL, salt = NULL"
                " WHERE id IN (SELECT id FROM trail_change WHERE at < %s AND salt IS NOT NULL"
                "   AND action <> 'retention.run'"  # by these the blanked events are accounted for
                f"   AND {_NOT_FROZEN.format(person='subject_id')}"
                "   AND coalesce(subject_id <> ALL(%s::uuid[]), true) ORDER BY id LIMIT %s)",
                [past_before(AUDIT_TRAIL, today), held_people(), STEP],
            )
            done = int(cursor.rowcount)
        total += done
        if done < STEP:
            return total


def sweep_queue(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Work that failed or was called off, and when work that comes back was begun."""
    values = {"before": oldest("queue-record-term", today)}
    jobs = _in_steps(
        "DELETE FROM procrastinate_jobs WHERE id IN (SELECT j.id FROM procrastinate_jobs j"
        " WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')"
        "   AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id"
        "                    AND e.at >= %(before)s) LIMIT %(step)s)",
        values,
    )
    return jobs + _in_steps(
        "DELETE FROM procrastinate_periodic_defers WHERE id IN ("
        "SELECT d.id FROM procrastinate_periodic_defers d"
        " WHERE to_timestamp(d.defer_timestamp) < %(before)s AND d.defer_timestamp < ("
        "   SELECT max(n.defer_timestamp) FROM procrastinate_periodic_defers n"
        "    WHERE n.task_name = d.task_name AND n.periodic_id = d.periodic_id) LIMIT %(step)s)",
        values,
    )


def sweep_wrong_codes(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Wrong codes of letters, which count for a short while only."""
    return _in_steps(
        "DELETE FROM consent_wrongcode WHERE id IN (SELECT id FROM consent_wrongcode"
        " WHERE at < %(before)s LIMIT %(step)s)",
        {"before": at - timedelta(days=1)},
    )


def sweep_incoming(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Pieces of uploads that broke off."""
    gone = 0
    for path in (Path(settings.DATA_DIR) / "incoming").glob("*"):
        if path.is_file() and path.stat().st_mtime < (at - timedelta(days=1)).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def sweep_runs(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Clean-ups whose record nobody needs any more (art. 5(2))."""
    old = RetentionRun.objects.filter(
        state=RetentionRun.State.DONE, on_day__lt=oldest("erasure-record-term", today)
    )
    return old.delete()[0]


def sweep_journal(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Lines of the journal of nos that no backup can ask for any more."""
    return trim_journal(at=at)


def sweep_logs(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Files of logs in our own data folder that nobody wrote to for the term; never what a link
    leads to, for that is somebody else's."""
    folder = Path(settings.DATA_DIR) / "logs"
    before, gone = oldest("access-log-term", today), 0
    if folder.is_symlink():
        return 0
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        if law_day(datetime.fromtimestamp(path.stat().st_mtime, UTC)) < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def sweep_backups(*, today: date, at: datetime, run: RetentionRun) -> int:  # noqa: ARG001
    """Records of backups that can exist no more, and of old times that one was put back."""
    before = past_before(AUDIT_TRAIL, today)
    made = Backup.objects.filter(begun_at__date__lt=before, kept_until__lt=today, is_here=False)
    return made.delete()[0] + RestoreTry.objects.filter(at__date__lt=before).delete()[0]


Sweep = Callable[..., int]
SWEEPS: Mapping[str, tuple[str, Sweep]] = MappingProxyType(
    {
        "people_purchase": (Effect.ERASE, sweep_books),
        "people_agreement": (Effect.ERASE, sweep_agreements),
        "messages_message": (Effect.PSEUDONYMISE, sweep_messages),
        "trail_change": (Effect.PSEUDONYMISE, sweep_trail),
        "consent_wrongcode": (Effect.ERASE, sweep_wrong_codes),
        "incoming": (Effect.ERASE, sweep_incoming),
        "procrastinate_jobs": (Effect.ERASE, sweep_queue),
        "journal": (Effect.ERASE, sweep_journal),
        "logs": (Effect.ERASE, sweep_logs),
        "trail_backup": (Effect.ERASE, sweep_backups),
        "retention_retentionrun": (Effect.ERASE, sweep_runs),
    }
)


def sweep_stores(*, run: RetentionRun, at: datetime) -> dict[str, int]:
    """Every store with a term of its own; how many rows of each, noted in the run."""
    today = law_day(at)
    done = {}
    for store, (effect, sweep) in SWEEPS.items():
        if count := sweep(today=today, at=at, run=run):
            done[store] = count
            add_line(run, effect=effect, store=store, rows=count)
    return done
