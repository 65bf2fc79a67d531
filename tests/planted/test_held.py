"""Of somebody who is held for a legal claim no clean-up takes anything, found by looking.

One row of hers in every table, as old as it can be; then everything that lets something go by
itself runs, decades later, and every job of the worker's clock. A new table with a term is covered
by itself, and so is a new sweep: one that does not ask for holds takes a row of hers, and this is
red. Lifted, the rows with a term of their own do go: the sweeps came by (art. 17(3)(e), INV-39).
"""

import inspect
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from akkoord.consent.models import Standing
from akkoord.datamap.declaration import declaration_of, personal_stores
from akkoord.datamap.paths import quoted, subject_condition
from akkoord.law.terms import law_day
from akkoord.retention.holds import lift_hold, put_hold
from akkoord.retention.models import LegalHold, RetentionRun
from akkoord.retention.run import begin_run
from akkoord.retention.store_terms import TERMS
from akkoord.trail.actions import Actor
from tests.planted.planter import NOW, Planter
from tests.planted.test_planted_person import planter_of, somebody

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = datetime(2001, 2, 3, tzinfo=UTC)
LATER = NOW + timedelta(days=365 * 40)
STAFF = Actor.system()
STORES = {
    each.table: TERMS[each.table].sweep
    for each in personal_stores()
    if each.table in TERMS and TERMS[each.table].sweep
}
# What a row must be for its sweep to want it, where age alone is not enough.
SHAPES = {
    "campaigns_seriesrun": "state = 'done'",
    "consent_incomingmail": "outcome = 'returned', sender = '', subject = '', words = ''",
    "consent_signup": "state = 'waiting'",
    "delivery_outboxmail": "state = 'sent', kind = 'service', evidence = id",
    "messages_dispatch": "state = 'finished', ended_at = created_at",
    "messages_message": "state = 'sent'",
}
FROM = {  # rows that say how old hers are
    "imports_overwrittenname": "imports_import",
    "imports_changedsale": "imports_import",
    "messages_occasion": "messages_dispatch",
    "messages_letterpage": "messages_letterfile",
}
# Made from what stays: which records look alike, found anew each night, and the file of an answer.
COPIES = {"people_duplicateside", "rights_requestanswer"}
LISTED = {"rights_erasurelistrow"}  # whom a list to forget names, until somebody decides on it
NOT_HERS = {"people_purchase"}  # its sweep takes sales that are nobody's any more


def in_its_own(statement: str, *values: object) -> bool:
    """One statement while triggers and foreign keys rest; whether the checks let it through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, list(values))
            return True
    except DatabaseError:
        return False


def make_old(planter: Planter, table: str) -> None:
    """Every moment and day of a planted row lies long ago, as far as its checks allow."""
    if shape := SHAPES.get(table):
        assert in_its_own(f"UPDATE {quoted(table)} SET {shape}"), table
    for place in planter.catalogue.tables[table]:
        if table in SHAPES and place.name in SHAPES[table]:
            continue
        if place.type in ("timestamptz", "date") and not place.generated:
            in_its_own(f"UPDATE {quoted(table)} SET {quoted(place.name)} = %s", LONG_AGO)


def rows_of(person_id: UUID) -> dict[str, list[str]]:
    """Everything that leads to her, word for word, by table."""
    found = {}
    with connection.cursor() as cursor:
        for each in personal_stores():
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {quoted(each.table)} t"
                f" WHERE {subject_condition(each)} ORDER BY 1",
                {"people": [person_id]},
            )
            found[each.table] = [row[0] for row in cursor.fetchall()]
    return found


def sweep_all(run: RetentionRun) -> None:
    """Whatever lets go of what a table of people holds."""
    for name in sorted({each.sweep for each in TERMS.values() if each.sweep}):
        sweep = import_string(name)
        takes = inspect.signature(sweep).parameters
        values = {"at": LATER, "today": law_day(LATER), "run": run, "timestamp": 0}
        sweep(**{key: value for key, value in values.items() if key in takes})


def run_every_job() -> None:
    """What the worker runs by the clock, decades later; whatever it is called and whoever made it.

    Not sealing: the planted row is no event. Each by itself, so that one planted row that makes
    no sense to a job holds up no other.
    """
    with time_machine.travel(LATER, tick=False):
        for each in app.periodic_registry.periodic_tasks.values():
            if each.task.name != "trail.seal":
                with transaction.atomic():
                    each.task.func(timestamp=0)


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    return {table for table, rows in before.items() if rows != after[table]}


def test_inv39_of_who_is_held_nothing_goes_and_lifted_it_does() -> None:
    person, known = somebody()
    planter = planter_of(person, known)
    for table in {*STORES, *FROM.values()}:
        make_old(planter, table)
    Standing.objects.update(state="withdrawn")  # a device without a yes, of an address that ended
    person.points.update(ended_at=LONG_AGO)
    RetentionRun.objects.all().delete()
    LegalHold.objects.all().delete()
    hold = put_hold(person_id=person.id, reason="Zaak 7", at=NOW, actor=STAFF)
    run = begin_run(at=NOW, actor=STAFF)
    before = rows_of(person.id)
    assert {table for table in STORES if not before[table]} == set(), "nothing of hers is planted"
    sweep_all(run)
    assert changed(before, rows_of(person.id)) == LISTED, "a sweep does not ask who is held"
    run_every_job()
    assert changed(before, rows_of(person.id)) == COPIES | LISTED, "a job does not ask who is held"
    lift_hold(hold_id=hold.id, at=NOW, actor=STAFF)
    before = rows_of(person.id)
    sweep_all(run)
    untouched = set(STORES) - changed(before, rows_of(person.id)) - NOT_HERS
    assert untouched == set(), "never came up: add what it needs to SHAPES"
    assert all(declaration_of(each) for each in STORES)
