"""Who is due: people without any live basis whose term is over (INV-39, 44)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from akkoord.consent.models import Enquiry, Standing
from akkoord.imports.models import Import
from akkoord.law.parameters import Unit, duration, parameter_entry
from akkoord.law.sale_rules import oldest_keeping_sale
from akkoord.law.states import LIVE_STATES, STOP_STATES, PermissionState
from akkoord.law.terms import add_years
from akkoord.people.models import Agreement, Person, Purchase, Relation
from akkoord.people.queries import more_than_proof
from akkoord.retention.models import ImportClearance

FROM_FILE = "import"


def due_people(today: date) -> QuerySet[Person]:
    """Everybody past the day to be judged, or past the term of the proof of their no, whom nothing
    keeps here."""
    return _kept_by_nothing(today).filter(
        Q(judge_by__lt=today) | (_last_no_before(_ago("consent-evidence-after-end", today)))
    )


def left_behind(today: date) -> QuerySet[Person]:
    """People who said no, whom nothing else keeps here, and of whom more is kept than the proof.

    Some days after their last no: who pressed by mistake may come back (parameter
    `after-withdrawal`).
    """
    return _kept_by_nothing(today).filter(
        _last_no_before(_ago("after-withdrawal", today)), more_than_proof(), judge_by=None
    )


def past_customers(today: date) -> QuerySet[Person]:
    """Who came in by a sale, and whose last one is past its term: three years, by parameter."""
    return _kept_by_nothing(today).filter(
        Exists(Purchase.objects.filter(person=OuterRef("id"))), judge_by=None
    )


def books_past_term(today: date) -> QuerySet[Purchase]:
    """Sales without a person that the books need no longer (AWR 52(4))."""
    return Purchase.objects.filter(person=None, kept_until__lt=today)


def agreements_past_term(today: date) -> QuerySet[Agreement]:
    """Agreements that were over longer ago than a sale is kept."""
    before = oldest_keeping_sale(today)
    return Agreement.objects.filter(
        Q(ends_on__lt=before)
        | Q(cancelled_on__lt=before)
        | Q(kind=Agreement.Kind.APPOINTMENT, agreed_day__lt=before, ends_on=None)
    )


def _kept_by_nothing(today: date) -> QuerySet[Person]:
    """A sale keeps somebody until its term; being a customer rests on sales, and a contact at a
    company is one until they leave."""
    bought = Purchase.objects.filter(
        person=OuterRef("id"), bought_on__gte=oldest_keeping_sale(today)
    )
    related = Relation.objects.filter(person=OuterRef("id"), until=None).exclude(
        kind=Relation.Kind.CUSTOMER
    )
    # As long as a sale: whoever has, or had of late, an agreement is a customer (AVG 5(1)(e)).
    agreed = (
        Agreement.objects.filter(person=OuterRef("id"))
        .filter(Q(ends_on=None, cancelled_on=None) | Q(ends_on__gte=oldest_keeping_sale(today)))
        .exclude(kind=Agreement.Kind.APPOINTMENT, agreed_day__lt=oldest_keeping_sale(today))
    )
    keeps = Standing.objects.filter(
        person=OuterRef("id"),
        state__in=[*(state.value for state in LIVE_STATES), PermissionState.REQUESTED.value],
    )
    return Person.objects.exclude(
        Exists(keeps)
        | Exists(bought)
        | Exists(agreed)
        | Exists(related)
        # A question that still waits or was answered of late; it goes by a term of its own.
        | Exists(Enquiry.objects.filter(person=OuterRef("id")))
    )


def _last_no_before(moment: datetime) -> Q:
    """There is a no, and none of that moment or later."""
    nos = Standing.objects.filter(
        person=OuterRef("id"), state__in=[state.value for state in STOP_STATES]
    )
    return Q(Exists(nos)) & ~Q(Exists(nos.filter(since__gte=moment)))


def _ago(key: str, today: date) -> datetime:
    """The beginning of the day on which a term began that ends today, on the law's clock."""
    entry = parameter_entry(key, today)
    if entry.unit is Unit.YEARS:
        began = add_years(today, -entry.value)
    else:
        began = today - duration(key, today)
    return timezone.make_aware(datetime.combine(began, time.min))


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
