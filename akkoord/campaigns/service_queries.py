"""Named reads of service messages: templates, purchases to choose from, how one looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service import purpose_of, source_of_service
from akkoord.consent.models import CollectingPlace
from akkoord.law.reasons import Reason
from akkoord.messages.compile import Preview
from akkoord.messages.dispatch import compile_for
from akkoord.messages.gate_of import purchase_values
from akkoord.messages.models import Dispatch
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.service import ServiceCheck
from akkoord.messages.values import sample_values, values_for
from akkoord.people.models import Agreement, ContactPoint, Purchase
from akkoord.permission.sentences import way_of, words_of
from akkoord.permission.service import Proof, is_agreements

SHOWN = 100  # rows on the page; more are sent all together or not at all


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which purchases: of these days, kind and place. `since` is asked, so that nobody by accident
    writes to every customer there ever was."""

    since: date
    until: date
    product_group: str = ""
    place: UUID | None = None

    def purchases(self) -> QuerySet[Purchase]:
        """The sales with somebody behind them that were not taken back."""
        found = Purchase.objects.filter(
            person__isnull=False,
            reversed_on=None,
            bought_on__gte=self.since,
            bought_on__lte=self.until,
        )
        if self.product_group:
            found = found.filter(product_group=self.product_group)
        if self.place:
            found = found.filter(place_id=self.place)
        return found


@dataclass(frozen=True, slots=True)
class ChosenAgreements:
    """Which agreements: whose appointment or last day lies between these days, of this kind."""

    since: date
    until: date
    kind: str = ""

    def agreements(self) -> QuerySet[Agreement]:
        """Those that were not called off."""
        found = Agreement.objects.filter(cancelled_on=None).annotate(
            moment=Coalesce("ends_on", "agreed_day")
        )
        found = found.filter(moment__gte=self.since, moment__lte=self.until)
        return found.filter(kind=self.kind) if self.kind else found


@dataclass(frozen=True, slots=True)
class Row:
    """A purchase or an agreement on the page, with its box."""

    key: str
    day: date
    person_id: UUID
    name: str
    what: str
    number: str
    is_ticked: bool


def only_ticked(found: Proof, keys: Sequence[str]) -> Proof:
    """Of these the ticked ones; all of them when none is ticked."""
    wanted = []
    for key in keys[:SHOWN]:
        try:
            wanted.append(UUID(key))
        except ValueError:
            continue
    return found.filter(id__in=wanted) if wanted else found


def rows_of(found: Proof, ticked: Sequence[str]) -> list[Row]:
    """The newest of these, with their customer; one statement."""
    if is_agreements(found):
        agreed = found.select_related("person").order_by("-agreed_day", "-id")[:SHOWN]
        return [
            Row(
                str(each.id),
                each.agreed_day,
                each.person_id,
                each.person.full_name,
                str(each.get_kind_display()),
                each.number,
                str(each.id) in ticked,
            )
            for each in agreed
        ]
    return [
        Row(
            str(each.id),
            each.bought_on,
            each.person_id,
            each.person.full_name if each.person else "",
            each.product_group,
            each.number,
            str(each.id) in ticked,
        )
        for each in shown_purchases(found)
        if each.person_id
    ]


def proof_with(template: ServiceTemplate, keys: Sequence[str]) -> Proof:
    """The purchases, or the agreements, with these ids: by what the message is about."""
    if template.about == ServiceTemplate.About.AGREEMENT:
        return Agreement.objects.filter(id__in=keys)
    return Purchase.objects.filter(id__in=keys)


def service_templates() -> list[ServiceTemplate]:
    """Templates in use, by name."""
    return list(ServiceTemplate.objects.filter(ended_at=None).order_by("name"))


def shown_purchases(found: QuerySet[Purchase]) -> list[Purchase]:
    """The newest of these purchases, with their customer."""
    return list(found.select_related("person").order_by("-bought_on", "-id")[:SHOWN])


def purchases_of_person(person_ids: Sequence[UUID]) -> QuerySet[Purchase]:
    """What somebody bought and kept, newest first."""
    return Purchase.objects.filter(person_id__in=person_ids, reversed_on=None).order_by(
        "-bought_on", "-id"
    )


def purchases_with(template: ServiceTemplate, keys: Sequence[str]) -> Proof | None:
    """What it is about, by ids as an address of ours has them; None: none, or no ids at all."""
    try:
        wanted = [UUID(key) for key in keys[:50]]
    except ValueError:
        return None
    if not wanted:
        return None
    if template.about == ServiceTemplate.About.AGREEMENT:
        return Agreement.objects.filter(id__in=wanted)
    return Purchase.objects.filter(id__in=wanted, person__isnull=False)


def places() -> list[tuple[str, str]]:
    """Collecting places, to choose from."""
    return [(str(each.id), each.name) for each in CollectingPlace.objects.order_by("name")]


def kinds_sold() -> list[str]:
    """Kinds of products in the sales, to choose from."""
    found = Purchase.objects.exclude(product_group="").order_by("product_group")
    return list(found.values_list("product_group", flat=True).distinct()[:200])


def reason_rows(check: ServiceCheck) -> list[dict[str, object]]:
    """Why some do not get it, for the component of reasons."""
    return [
        {"label": words_of(reason), "count": count, "url": "", "way": way_of(reason), "way_url": ""}
        for reason, count in check.reasons.items()
    ]


def service_preview(template: ServiceTemplate, purchases: Proof | None) -> Preview:
    """How it looks to the first of these customers; without one, with made-up values.

    Raises CompileError, CampaignRefused.
    """
    purpose = purpose_of(template, at=timezone.now())
    compiled = compile_for(purpose, source_of_service(template))
    values = {
        "purchase_number": "2026-104",
        "purchase_date": "3 mei 2026" if template.language == "nl" else "3 May 2026",
        "product_group": "Fietsen",
        "purchase_amount": "45,00",
        "agreement_number": "L-1204",
        "agreement_kind": "lidmaatschap" if template.language == "nl" else "membership",
        "agreement_date": "3 mei 2026" if template.language == "nl" else "3 May 2026",
        "agreement_end": "2 mei 2027" if template.language == "nl" else "2 May 2027",
    }
    made_up = sample_values(compiled.slots) | values
    newest = purchases.order_by("-created_at", "-id").first() if purchases is not None else None
    if newest is None or newest.person_id is None or purchases is None:
        return compiled.preview(made_up)
    point = (
        ContactPoint.objects.filter(person_id=newest.person_id, channel="email", ended_at=None)
        .order_by("id")
        .first()
    )
    if point is None:
        return compiled.preview(made_up)
    own = purchase_values(purchases, compiled.slots, language=template.language)
    found = values_for(
        [point.id],
        compiled.slots,
        language=template.language,
        own_values=own,
        topics=(purpose,),
    )
    return compiled.preview(made_up | found.get(point.id, {}))


@dataclass(frozen=True, slots=True)
class Sent:
    """A run that was started: its words and how it stands."""

    dispatch: Dispatch
    subject: str
    sent: int
    waiting: int
    failed: int
    reasons: list[dict[str, object]]


def sent_run(dispatch: Dispatch) -> Sent:
    """How a run of service messages stands."""
    figures = dispatch_figures(dispatch.id)
    rows: list[dict[str, object]] = [
        {
            "label": words_of(Reason(reason)),
            "count": count,
            "url": "",
            "way": way_of(Reason(reason)),
            "way_url": "",
        }
        for reason, count in figures.skipped.items()
    ]
    return Sent(
        dispatch,
        str(dispatch.template.get("subject", "")),
        figures.sent,
        figures.remaining,
        figures.failed + figures.uncertain,
        rows,
    )


def recent_runs(limit: int = 10) -> list[Dispatch]:
    """The newest runs of service messages."""
    return list(Dispatch.objects.filter(kind="service").order_by("-created_at")[:limit])
