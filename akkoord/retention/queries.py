"""Reads of retention's own: files whose people wait, runs, and the plan as it was last counted."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from akkoord.imports.models import Import
from akkoord.law.parameters import duration
from akkoord.retention.due import who_waits
from akkoord.retention.hold_queries import holds_that_count
from akkoord.retention.models import ImportClearance, LegalHold, RetentionRun
from akkoord.trail.queries import staff_names


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
    counts = {key: n for key, n in who_waits(today=today).items() if key is not None}
    since = dict(
        ImportClearance.objects.filter(import_id__in=counts).values_list(
            "import_id", "first_due_on"
        )
    )
    names = dict(Import.objects.filter(id__in=counts).values_list("id", "file_name"))
    return [
        WaitingFile(key, names.get(key, ""), n, since.get(key, today) + waits)
        for key, n in sorted(counts.items())
    ]


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold as a page shows it."""

    hold: LegalHold
    about: str
    person_id: UUID | None
    by: str
    counts: bool


def holds_in_short() -> int:
    """How many holds count now."""
    return holds_that_count().count()


def holds_shown(names: dict[str, str], limit: int = 200) -> list[HoldLine]:
    """Holds that count first, then those of the past; newest first."""
    found = list(
        LegalHold.objects.select_related("person").order_by(
            F("lifted_at").desc(nulls_first=True), "-put_at"
        )[:limit]
    )
    return _lines(found, names)


def holds_of(person_id: UUID) -> list[HoldLine]:
    """The holds on one person, newest first."""
    return _lines(list(LegalHold.objects.filter(person_id=person_id).order_by("-put_at")), {})


def _lines(found: list[LegalHold], names: dict[str, str]) -> list[HoldLine]:
    counting = set(holds_that_count().values_list("id", flat=True))
    staff = staff_names({each.put_by for each in found if each.put_by})
    return [
        HoldLine(
            hold=each,
            about=each.person.full_name if each.person else names.get(each.activity_key, ""),
            person_id=each.person_id,
            by=staff.get(each.put_by, "") if each.put_by else "",
            counts=each.id in counting,
        )
        for each in found
    ]


def last_runs(limit: int = 10) -> list[RetentionRun]:
    """The last clean-ups, the newest first."""
    return list(RetentionRun.objects.order_by("-started_at").prefetch_related("lines")[:limit])


def run_by_reference(reference: str) -> RetentionRun | None:
    """A clean-up by its reference."""
    return RetentionRun.objects.filter(reference=reference).prefetch_related("lines").first()
