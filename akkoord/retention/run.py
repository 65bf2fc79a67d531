"""The clean-up itself: written down first, in small batches, taken up again when it was cut short.

Each batch is a transaction of its own and asks again who is due. At the end a certificate: which
rule let how many go, in numbers, signed (Ed25519).
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from akkoord.consent.actions import restrict_person
from akkoord.consent.models import SpecialValue
from akkoord.datamap.forgetting import ForgetBatch, forgetting
from akkoord.datamap.keys import certificate_public_key, certificate_sign
from akkoord.datamap.references import new_reference
from akkoord.datamap.rewriting import note_emptied
from akkoord.law.retention_rules import Effect
from akkoord.law.terms import law_day
from akkoord.people.actions import reduce_to_proof
from akkoord.register.queries import organisation
from akkoord.retention.due import FIELDS, collect_due, fields_due, still_due
from akkoord.retention.fields import empty_field
from akkoord.retention.models import DueRow, RetentionRun, RunLine
from akkoord.trail.actions import Actor, record_change

BATCH = 500
FORMAT = "akkoord-retention-certificate-1"
_CLEANER = 0x72657465  # "rete": the advisory lock's key


class CleanUpUnderWay(Exception):
    """Somebody is cleaning up at this moment: two at one list would count people twice."""


@contextmanager
def alone() -> Iterator[None]:
    """One clean-up at a time, over all processes. Raises CleanUpUnderWay for the second.

    The lock is the session's: it goes with a process that is killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_CLEANER])
        if not cursor.fetchone()[0]:
            raise CleanUpUnderWay
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_CLEANER])


def begin_run(*, at: datetime, actor: Actor) -> RetentionRun:
    """The run that is under way, or a new one with everybody written down whom it must look at.

    One transaction: a run without its list does not exist.
    """
    running = RetentionRun.objects.filter(state=RetentionRun.State.RUNNING).first()
    if running is not None:
        return running
    try:
        with transaction.atomic():
            run = RetentionRun.objects.create(
                reference=new_reference(),
                started_at=at,
                on_day=law_day(at),
                by_staff=actor.id,
            )
            collect_due(run_id=run.id, today=run.on_day)
            record_change(
                actor=actor,
                action="retention.run",
                object_kind="retention-run",
                object_id=run.id,
                at=at,
            )
    except IntegrityError:  # somebody began one in the same moment
        return RetentionRun.objects.get(state=RetentionRun.State.RUNNING)
    return run


def work_run(*, run: RetentionRun, at: datetime) -> None:
    """Work at a run until nobody of its list is left.

    Can be killed anywhere: what was done is done, what is left is on the list.
    """
    today = min(run.on_day, law_day(at))
    for effect, work in _WORK.items():
        while rows := _next(run, effect):
            work(run, rows, today, at)
    if not run.due.filter(effect=Effect.ERASE).exists():
        return
    with forgetting(at=at) as forget:  # at its end all of the night are looked for at once
        while rows := _next(run, Effect.ERASE):
            _erase(run, rows, today, forget)


def _next(run: RetentionRun, effect: str) -> list[DueRow]:
    return list(run.due.filter(effect=effect).order_by("id")[:BATCH])


def _note(run: RetentionRun, rows: Sequence[DueRow], people: Sequence[UUID], effect: str) -> None:
    """Count these people by the rule that let them go, and take the batch off the list."""
    gone = set(people)
    _count(run, [row for row in rows if row.person_id in gone], effect)
    DueRow.objects.filter(id__in=[row.id for row in rows]).delete()


def _count(run: RetentionRun, rows: Sequence[DueRow], effect: str, *, by: int = 1) -> None:
    for activity_key, count in sorted(Counter(row.activity_key for row in rows).items()):
        add_line(run, effect=effect, activity_key=activity_key, people=by * count)


def add_line(
    run: RetentionRun,
    *,
    effect: str,
    activity_key: str = "",
    store: str = "",
    people: int = 0,
    rows: int = 0,
) -> None:
    """Add to what a run did by one rule."""
    line, _new = RunLine.objects.get_or_create(
        run=run, activity_key=activity_key, store=store, effect=effect
    )
    RunLine.objects.filter(id=line.id).update(people=F("people") + people, rows=F("rows") + rows)


def _fields(run: RetentionRun, rows: Sequence[DueRow], today: date, at: datetime) -> None:
    with transaction.atomic():
        due = fields_due([row.person_id for row in rows], today=today)
        for key, people in sorted(due.items()):
            count = empty_field(key, people, run_id=run.id)
            add_line(run, effect=FIELDS, store=key, rows=count)
        _note(run, rows, [each for people in due.values() for each in people], FIELDS)
        note_emptied()
        _trail(run, "retention.fields", sorted(due), at=at)


def _blank(run: RetentionRun, rows: Sequence[DueRow], today: date, at: datetime) -> None:
    with transaction.atomic():
        people = still_due([row.person_id for row in rows], effect=Effect.BLANK, today=today)
        reduce_to_proof(person_ids=people, at=at)
        SpecialValue.objects.filter(person_id__in=people).delete()  # as own fields (INV-39)
        _note(run, rows, people, Effect.BLANK)
        note_emptied()


def _restrict(run: RetentionRun, rows: Sequence[DueRow], today: date, at: datetime) -> None:
    with transaction.atomic():
        people = still_due([row.person_id for row in rows], effect=Effect.RESTRICT, today=today)
        for each in people:
            restrict_person(person_id=each, actor=Actor.system(), at=at)
        _note(run, rows, people, Effect.RESTRICT)


def _erase(run: RetentionRun, rows: Sequence[DueRow], today: date, forget: ForgetBatch) -> None:
    """Forgotten in the erasure of this night, with its certificate; their rows go with them.

    Counted before, in one transaction with a mark, so that a kill in between counts nobody twice.
    """
    people = set(still_due([row.person_id for row in rows], effect=Effect.ERASE, today=today))
    with transaction.atomic():
        stays = [row for row in rows if row.person_id not in people]
        _count(run, [row for row in stays if row.is_counted], Effect.ERASE, by=-1)
        DueRow.objects.filter(id__in=[row.id for row in stays]).delete()
        fresh = [row for row in rows if row.person_id in people and not row.is_counted]
        _count(run, fresh, Effect.ERASE)
        DueRow.objects.filter(id__in=[row.id for row in fresh]).update(is_counted=True)
    forget(sorted(people))
    with transaction.atomic():
        left = list(DueRow.objects.filter(run=run, person_id__in=people))
        _count(run, left, Effect.ERASE, by=-1)  # held in the last moment
        DueRow.objects.filter(id__in=[row.id for row in left]).delete()


_WORK: dict[str, Callable[[RetentionRun, Sequence[DueRow], date, datetime], None]] = {
    Effect.BLANK: _blank,
    FIELDS: _fields,
    Effect.RESTRICT: _restrict,
}


def _trail(run: RetentionRun, action: str, fields: Sequence[str], *, at: datetime) -> None:
    if fields:
        record_change(
            actor=Actor.system(),
            action=action,
            object_kind="retention-run",
            object_id=run.id,
            fields=fields,
            at=at,
        )


@transaction.atomic
def finish_run(*, run_id: UUID, at: datetime) -> RetentionRun:
    """Write and sign the certificate of a run that is through. A second time changes nothing."""
    run = RetentionRun.objects.select_for_update().get(id=run_id)
    if run.state == RetentionRun.State.DONE:
        return run
    run.state, run.ended_at = RetentionRun.State.DONE, at
    run.certificate = _document(run)
    run.signature = certificate_sign(canonical(run.certificate))
    run.save(update_fields=["state", "ended_at", "certificate", "signature"])
    return run


def _document(run: RetentionRun) -> dict[str, Any]:
    """The content of the certificate: numbers and words of closed lists, nobody's data."""
    house = organisation()
    return {
        "format": FORMAT,
        "reference": run.reference,
        "organisation": house.name if house else "",
        "day": run.on_day.isoformat(),
        "begun": _moment(run.started_at),
        "ended": _moment(run.ended_at),
        "done": [
            {
                "rule": line.activity_key,
                "store": line.store,
                "effect": line.effect,
                "people": line.people,
                "rows": line.rows,
            }
            for line in run.lines.order_by("activity_key", "store", "effect")
        ],
    }


def certificate_file(run: RetentionRun) -> dict[str, Any]:
    """The certificate to download: content, signature, and the key to check it with."""
    return {
        "certificate": run.certificate,
        "signature": base64.b64encode(bytes(run.signature or b"")).decode(),
        "public_key": base64.b64encode(certificate_public_key()).decode(),
        "how": "Ed25519 over the certificate as JSON: keys sorted, no spaces, UTF-8.",
    }


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes that are signed."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
