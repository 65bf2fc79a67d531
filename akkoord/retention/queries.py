"""Who is due: people without any live basis whose term is over (INV-44)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from akkoord.consent.models import Standing
from akkoord.imports.models import Import
from akkoord.law.parameters import duration
from akkoord.law.states import LIVE_STATES
from akkoord.people.models import Person, Purchase, Relation
from akkoord.retention.models import ImportClearance

FROM_FILE = "import"


def due_people(today: date) -> QuerySet[Person]:
    """Everybody past the day to be judged whom nothing keeps here."""
    live = Standing.objects.filter(
        person=OuterRef("id"), state__in=[state.value for state in LIVE_STATES]
    )
    return Person.objects.filter(judge_by__lt=today).exclude(
        Exists(live)
        | Exists(Purchase.objects.filter(person=OuterRef("id")))
        | Exists(Relation.objects.filter(person=OuterRef("id")))
    )


def may_go_now(today: date) -> QuerySet[Person]:
    """Those of them who need not wait for the owner's yes.

    People of a file wait for it, the first time and 30 days at most; others never asked for
    more than a moment.
    """
    waits = duration("import-owner-wait", today)
    cleared = ImportClearance.objects.filter(import_id=OuterRef("source_ref")).exclude(
        agreed_at=None, first_due_on__gt=today - waits
    )
    return due_people(today).exclude(source=FROM_FILE) | due_people(today).filter(
        Exists(cleared), source=FROM_FILE
    )


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file of which people wait for the owner's yes."""

    import_id: UUID
    file_name: str
    people: int
    goes_on: date


def waiting_files(today: date) -> list[WaitingFile]:
    """The files whose people are due and wait, with the day on which they go anyhow."""
    waits = duration("import-owner-wait", today)
    counts: dict[UUID, int] = {
        row["source_ref"]: row["n"]
        for row in due_people(today)
        .filter(source=FROM_FILE, source_ref__isnull=False)
        .values("source_ref")
        .annotate(n=Count("id"))
        if row["source_ref"] is not None
    }
    since = dict(
        ImportClearance.objects.filter(import_id__in=counts).values_list(
            "import_id", "first_due_on"
        )
    )
    agreed = set(
        ImportClearance.objects.filter(import_id__in=counts)
        .exclude(agreed_at=None)
        .values_list("import_id", flat=True)
    )
    names = dict(Import.objects.filter(id__in=counts).values_list("id", "file_name"))
    return [
        WaitingFile(key, names.get(key, ""), n, since.get(key, today) + waits)
        for key, n in counts.items()
        if key not in agreed
    ]
