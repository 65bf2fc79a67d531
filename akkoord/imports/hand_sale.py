"""One sale entered by hand, with its invoice as evidence (INV-15)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.actions import settle_customers
from akkoord.consent.evidence_files import PDF, BadFile, clean_file, keep_file
from akkoord.consent.models import PlaceProof
from akkoord.imports.order import ImportRefused
from akkoord.law.reasons import Reason
from akkoord.people.models import ContactPoint, Person, Purchase, Relation
from akkoord.trail.actions import Actor, record_change

HAND = "hand"


@dataclass(frozen=True, slots=True)
class HandSale:
    """What staff say of one sale. `point_id`: the address on the invoice; None: there is none."""

    number: str
    bought_on: date
    product_group: str = ""
    point_id: UUID | None = None
    place_id: UUID | None = None
    invoice: bytes = b""


@transaction.atomic
def record_sale(*, person_id: UUID, sale: HandSale, at: datetime, actor: Actor) -> Purchase:
    """Record a sale with its invoice (a PDF, sealed; it goes with the person).

    Gives the standing that it carries. Refuses a day that is still to come, an address of somebody
    else, no invoice or another kind of file, and a number that was entered before.
    """
    person = Person.objects.select_for_update(no_key=True).get(id=person_id)
    if sale.bought_on > timezone.localdate(at):
        raise ImportRefused(Reason.FUTURE_TIME, _("This day is still to come."))
    point = None
    if sale.point_id is not None:
        point = ContactPoint.objects.filter(id=sale.point_id, person=person, ended_at=None).first()
        if point is None:
            raise ImportRefused(Reason.ADDRESS_ENDED, _("Choose an address of this person."))
    _keep_invoice(sale.invoice, person, at=at, actor=actor)
    purchase = _write(person, point, sale, at=at)
    if not Relation.objects.filter(person=person, kind=Relation.Kind.CUSTOMER).exists():
        Relation.objects.create(
            person=person,
            kind=Relation.Kind.CUSTOMER,
            since=sale.bought_on,
            proof=purchase.number,
        )
    if point is not None:
        settle_customers(point_ids=[point.id], at=at, actor=actor)
    record_change(
        actor=actor,
        action="sale.record",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=("number", "bought_on", "product_group"),
        at=at,
    )
    return purchase


def _keep_invoice(invoice: bytes, person: Person, *, at: datetime, actor: Actor) -> None:
    try:
        kind, _content = clean_file(invoice)
        if kind != PDF:
            raise ImportRefused(Reason.NO_EVIDENCE, _("Add the invoice as a PDF."))
        keep_file(invoice, person_id=person.id, at=at, actor=actor)
    except BadFile:
        raise ImportRefused(
            Reason.NO_EVIDENCE, _("Add the invoice as a PDF, without a password, at most 10 MB.")
        ) from None


def _write(person: Person, point: ContactPoint | None, sale: HandSale, *, at: datetime) -> Purchase:
    shown = PlaceProof.objects.filter(place_id=sale.place_id, first_day__lte=sale.bought_on)
    proof = shown.exclude(last_day__lt=sale.bought_on).first() if sale.place_id else None
    try:
        with transaction.atomic():
            return Purchase.objects.create(
                person=person,
                contact_point=point,
                number=sale.number.strip()[:60],
                bought_on=sale.bought_on,
                product_group=sale.product_group,
                source=HAND,
                place_id=sale.place_id,
                optout_shown_id=proof.collection_point_id if proof else None,
                created_at=at,
            )
    except IntegrityError:
        raise ImportRefused(
            Reason.DUPLICATE_ROW, _("A sale with this number was entered before.")
        ) from None
