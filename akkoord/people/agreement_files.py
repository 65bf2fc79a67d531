"""Agreements out of a file, for people who are here already: nobody comes in by it."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from uuid import UUID

from django.db import transaction

from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.law.states import Channel
from akkoord.people.actions import PersonRefused
from akkoord.people.agreements import AgreementFacts, record_agreement
from akkoord.people.models import Agreement, ContactPoint
from akkoord.trail.actions import Actor

COLUMNS = ("email", "kind", "number", "day")


@dataclass(slots=True)
class AgreementReport:
    """What a file did: rows = created + unchanged + refused."""

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def bring_agreements(text: str, *, at: datetime, actor: Actor) -> AgreementReport:
    """Write the agreements of a file down; what is there already stays as it is.

    A row about somebody who is not here, of another kind or with a day that does not exist is
    refused by its number. Doing it again changes nothing.
    """
    report = AgreementReport()
    dialect = ";" if text.partition("\n")[0].count(";") else ","
    table = csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=dialect)
    if not set(COLUMNS) <= {(each or "").strip().lower() for each in table.fieldnames or ()}:
        return report
    for line, raw in enumerate(table, start=2):
        cells = {(key or "").strip().lower(): (raw[key] or "").strip() for key in raw if key}
        report.rows += 1
        reason = _bring(cells, report, at=at, actor=actor)
        if reason:
            report.refused.append((line, reason))
    return report


def _bring(cells: dict[str, str], report: AgreementReport, *, at: datetime, actor: Actor) -> str:
    """One row; why it was refused, empty: it was not."""
    try:
        address = normalise_email(cells["email"])
        day = date.fromisoformat(cells["day"])
        ends_on = date.fromisoformat(cells["end"]) if cells.get("end") else None
    except BadIdentifier:
        return "bad-address"
    except ValueError:
        return "no-such-day"
    point = _point(address)
    if point is None:
        return "unknown-person"
    if _is_known(point.person_id, cells):
        report.unchanged += 1
        return ""
    facts = AgreementFacts(cells["kind"].lower(), cells["number"], day, ends_on)
    try:
        record_agreement(
            person_id=point.person_id, facts=facts, at=at, actor=actor, point=point, source="file"
        )
    except PersonRefused as refusal:
        return f"bad-{refusal.field}"
    report.created += 1
    return ""


def _point(address: str) -> ContactPoint | None:
    return ContactPoint.objects.filter(
        channel=Channel.EMAIL, normalised=address, ended_at=None
    ).first()


def _is_known(person_id: UUID, cells: dict[str, str]) -> bool:
    known = Agreement.objects.filter(person_id=person_id, kind=cells["kind"].lower())
    return known.filter(number=cells["number"]).exists()
