"""What pages show of a certificate and of a person's data: words beside the numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime
from procrastinate.contrib.django import app

from akkoord.datamap.export import StoreExport
from akkoord.people.models import Person
from akkoord.people.queries import people_count
from akkoord.rights.certificate import certificate_of
from akkoord.rights.export import stores_of
from akkoord.rights.forget import begin_erasure, carry_out
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.prove import prove
from akkoord.rights.words import finding_word, ground_word, store_word
from akkoord.trail.actions import Actor

AT_ONCE = 50_000  # people: below it the whole check is done before the page answers


@dataclass(frozen=True, slots=True)
class ShownStore:
    """One store of an export: a list of records, each a list of (label, value)."""

    label: str
    records: list[list[tuple[str, Any]]]
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
            }
            for each in found.kept
        ],
        "findings": [
            {
                "what": finding_word(each["kind"]),
                "where": store_word(each["store"]),
                "place": each["place"],
                "count": each["count"],
            }
            for each in run.findings
        ],
    }


def shown_stores(person: Person, limit: int = 200) -> list[ShownStore]:
    """Everything that is kept, to read: values as people write them, empty ones left out."""
    return [_shown(each, limit) for each in stores_of(person)]


def _shown(store: StoreExport, limit: int) -> ShownStore:
    """One store to read; ids mean nothing to a reader and stand in the file."""
    columns = [each for each in store.columns if not _is_id(each.name)]
    records = []
    for row in store.rows[:limit]:
        values = [(each.label, _plain(row.get(each.name))) for each in columns]
        filled = [(label, value) for label, value in values if value not in ("", None)]
        if filled:
            records.append(filled)
    return ShownStore(
        store_word(store.store, store.label), records, max(0, len(store.rows) - limit)
    )


def _is_id(name: str) -> bool:
    """Whether a column holds a bare number of ours."""
    return name == "id" or name.endswith(("_id", "_ref", "_hash")) or name == "old_id"


def _plain(value: Any) -> Any:
    """A value of the export as it is read: days and moments as such, lists as words."""
    if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-":
        moment: datetime | date | None = None
        try:
            moment = parse_datetime(value) if "T" in value else parse_date(value)
        except ValueError:
            return value
        return moment or value
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    return value
