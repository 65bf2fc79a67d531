"""What pages show of a certificate and of a person's data: words beside the numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from procrastinate.contrib.django import app

from akkoord.datamap.export import StoreExport
from akkoord.people.models import Person
from akkoord.people.queries import people_count
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.certificate import certificate_of
from akkoord.rights.export import stores_of
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.prove import prove
from akkoord.rights.readable import Names, entries, is_id, is_named, names_of, readable
from akkoord.rights.words import (
    end_word,
    finding_word,
    ground_word,
    place_word,
    store_place,
    store_word,
)
from akkoord.trail.actions import Actor

SHOWN = 50  # records of a store on the page; the file has them all
AT_ONCE = 50_000  # people: below it the whole check is done before the page answers


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is kept: what it is called, and the value as people read it."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record: what says something, and apart from it what only the machine needs."""

    facts: list[Fact]
    technical: list[Fact]


@dataclass(frozen=True, slots=True)
class ShownStore:
    """One store: its records, how many there are, and how many stand only in the file."""

    label: str
    records: list[ShownRecord]
    count: int
    more: int


def forget_from_page(
    *, person: Person, by: str, actor: Actor, at: datetime, request: RightsRequest | None = None
) -> ErasureRun:
    """Forget now; in a large database the check follows in the worker, and the page says so."""
    run = begin_erasure(person_ids=[person.id], by=by, actor=actor, at=at)
    run = carry_out(run_id=run.id, actor=actor, at=at, request=request)
    if people_count() <= AT_ONCE:
        return prove(run_id=run.id, at=at)
    with transaction.atomic():
        app.configure_task("rights.prove").defer(run_id=str(run.id))
    return run


def certificate_context(run: ErasureRun) -> dict[str, Any]:
    """What a page shows of an erasure."""
    found = certificate_of(run)
    return {
        "run": run,
        "certificate": found,
        "is_clean": run.state == ErasureRun.State.CLEAN,
        "is_blocked": run.state == ErasureRun.State.BLOCKED,
        "erased": [(store_word(store), rows) for store, rows in found.erased.items()],
        "kept": [
            {
                "label": store_word(each.store),
                "why": ground_word(each.ground),
                "article": each.article,
                "until": each.until,
                "end": end_word(each.end),
            }
            for each in found.kept
        ],
        "findings": [
            {
                "what": finding_word(each["kind"]),
                "where": store_word(each["store"]),
                "place": place_word(each["place"]),
                "count": each["count"],
            }
            for each in run.findings
        ],
    }


def shown_stores(person: Person, limit: int = SHOWN, *, redacted: bool = False) -> list[ShownStore]:
    """Everything that is kept, to read: words for codes, empty ones left out, newest first.

    `redacted`: as the person may see it, without what is about somebody else (art. 15(4)).
    """
    return shown_of(stores_of(person, redacted=redacted), limit)


def shown_of(stores: Iterable[StoreExport], limit: int) -> list[ShownStore]:
    """These rows to read."""
    ordered = sorted(stores, key=lambda each: store_place(each.store))
    names = names_of(ordered)
    return [_shown(each, names, limit) for each in ordered]


def _shown(store: StoreExport, names: Names, limit: int) -> ShownStore:
    """One store to read."""
    records = []
    for row in list(reversed(store.rows))[:limit]:
        record = _record(store, row, names)
        if record.facts or record.technical:
            records.append(record)
    return ShownStore(
        capfirst(store_word(store.store, store.label)),
        records,
        len(store.rows),
        max(0, len(store.rows) - limit),
    )


def _record(store: StoreExport, row: Mapping[str, Any], names: Names) -> ShownRecord:
    """One record; an id stands between the rest only when it has a name."""
    facts: list[Fact] = []
    technical: list[Fact] = []
    for column in store.columns:
        value = row.get(column.name)
        if value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            for label, each, is_number in entries(value):
                (technical if is_number else facts).append(Fact(label, each))
            continue
        told = Fact(column.label, readable(store.store, row, column.name, names))
        is_number = is_id(value) and not is_named(value, names)
        (technical if column.technical or is_number else facts).append(told)
    return ShownRecord(facts, technical)
