"""Agreements out of a file, for people who are here already: nobody comes in by it."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.ids import uuid7
from akkoord.datamap.plain_words import note_problem
from akkoord.law.states import Channel
from akkoord.people.actions import PersonRefused
from akkoord.people.agreements import AgreementFacts, companies_of, record_agreement
from akkoord.people.models import Agreement, ContactPoint
from akkoord.trail.actions import Actor, record_change

COLUMNS = ("email", "kind", "number", "day")


@dataclass(slots=True)
class AgreementReport:
    """What a file did, or would do: rows = created + unchanged + refused. `file_id`: to undo it."""

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    file_id: UUID = field(default_factory=uuid7)


@transaction.atomic
def bring_agreements(text: str, *, at: datetime, actor: Actor) -> AgreementReport:
    """Write the agreements of a file down; what is there already stays as it is.

    A row about somebody who is not here, of another kind, of a company where they are no contact
    or with a day that does not exist is refused by its number. Doing it again changes nothing.
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


def try_agreements(text: str, *, at: datetime, actor: Actor) -> AgreementReport:
    """What the file would do: done in full and taken back, so that nothing of it stays."""
    with transaction.atomic():
        report = bring_agreements(text, at=at, actor=actor)
        transaction.set_rollback(True)
    return report


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """A file that agreements came from, by what of it is still here."""

    file_id: UUID
    at: datetime
    count: int


def brought_files(limit: int = 20) -> list[BroughtFile]:
    """The files of which agreements are here, the newest first (index people_agreement_file)."""
    found = (
        Agreement.objects.exclude(file_id=None)
        .values("file_id")
        .annotate(at=Min("created_at"), count=Count("id"))
        .order_by("-at")[:limit]
    )
    return [
        BroughtFile(each["file_id"], each["at"], each["count"]) for each in found if each["file_id"]
    ]


def agreements_of_file(file_id: UUID) -> QuerySet[Agreement]:
    """What a file brought and is here still."""
    return Agreement.objects.filter(file_id=file_id)


@transaction.atomic
def undo_agreements(
    *, file_id: UUID, used: QuerySet[Agreement], at: datetime, actor: Actor
) -> tuple[int, int]:
    """Take a file back; how many went, and how many stay since messages rest on them (`used`).

    What stays is the proof of what was sent; it can be called off at the person.
    """
    found = agreements_of_file(file_id).select_for_update(of=("self",))
    stay = set(used.values_list("id", flat=True))
    going = [each for each in found if each.id not in stay]
    for each in going:
        record_change(
            actor=actor,
            action="agreement.undo",
            object_kind="agreement",
            object_id=each.id,
            subject_id=each.person_id,
            at=at,
        )
    Agreement.objects.filter(id__in=[each.id for each in going]).delete()
    return len(going), len(stay)


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
    if note_problem(cells["number"]):  # art. 9 GDPR: a number is no place for it (INV-32)
        return "sensitive-number"
    company = _company(point.person_id, cells.get("company", ""), at=at)
    if cells.get("company") and company is None:
        return "bad-company"
    facts = AgreementFacts(cells["kind"].lower(), cells["number"], day, ends_on, company)
    try:
        record_agreement(
            person_id=point.person_id,
            facts=facts,
            at=at,
            actor=actor,
            point=point,
            source="file",
            file_id=report.file_id,
        )
    except PersonRefused as refusal:
        return f"bad-{refusal.field}"
    report.created += 1
    return ""


def _point(address: str) -> ContactPoint | None:
    return ContactPoint.objects.filter(
        channel=Channel.EMAIL, normalised=address, ended_at=None
    ).first()


def _company(person_id: UUID, name: str, *, at: datetime) -> UUID | None:
    """The company of this name where somebody is a contact; None: there is none, or no name."""
    found = companies_of(person_id, at=at).filter(name__iexact=name) if name else None
    return found.values_list("id", flat=True).first() if found is not None else None


def _is_known(person_id: UUID, cells: dict[str, str]) -> bool:
    known = Agreement.objects.filter(person_id=person_id, kind=cells["kind"].lower())
    return known.filter(number=cells["number"]).exists()
