"""What the demo's shop sold, and where its customers live."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from akkoord.consent.models import PlaceProof
from akkoord.insight.demo_history import Comer, first_sale_of, id_at
from akkoord.insight.demo_people import MadeUpPerson
from akkoord.insight.demo_texts import PRODUCT_GROUPS
from akkoord.law.sale_rules import OptOutAnswer
from akkoord.people.models import PostalAddress, Purchase, Relation

CUSTOMERS = ("counter", "checkout", "customer")
Known = tuple[MadeUpPerson, UUID, UUID, datetime]  # person, person id, point id, known since


def customers(comers: list[Comer], dice: random.Random) -> list[Known]:
    """Who bought something: everybody from the shop, and a third of those from the form."""
    return [
        (each.person, each.person_id, each.point_id, each.joined)
        for each in comers
        if each.way in CUSTOMERS or (each.way == "form" and dice.random() < 0.33)
    ]


def write_first_sales(comers: list[Comer], till: PlaceProof, dice: random.Random) -> None:
    """The sale that somebody's standing as a customer rests on, before any letter leaves."""
    for comer in comers:
        if comer.way != "checkout":
            continue
        sale = _purchase(comer.person_id, comer.point_id, comer.joined, till, dice)
        sale.id, sale.number = first_sale_of(comer.point_id), f"K{str(comer.point_id)[-12:]}"
        sale.save()


def write_purchases(
    known: list[Known],
    till: PlaceProof,
    not_shown: set[UUID],
    dice: random.Random,
    *,
    at: datetime,
) -> int:
    """Sales with their product groups, the address and the relation of each customer; how many.

    `not_shown`: addresses that were taken down without asking anything.
    """
    there = dict(Purchase.objects.values_list("contact_point_id", "number"))
    purchases: list[Purchase] = []
    for _person, person_id, point_id, since in known:
        moments = sorted(_moment(since, at, dice) for _ in range(dice.choice((0, 0, 1, 1, 2, 4))))
        bought = [
            _purchase(person_id, point_id, moment, till, dice)
            for moment in (*([] if point_id in there else [since]), *moments)
        ]
        if point_id in not_shown:
            for each in bought:
                each.optout_answer, each.optout_shown_id = OptOutAnswer.NOT_SHOWN, None
        purchases += bought
    purchases.sort(key=lambda each: each.created_at)
    for number, each in enumerate(purchases, start=1):
        each.number = f"K{each.created_at.year}-{number:05}"
    Purchase.objects.bulk_create(purchases, batch_size=2000)
    first = {each.person_id: each.number for each in reversed(purchases)}
    first |= {person: there[point] for _person, person, point, _since in known if point in there}
    Relation.objects.bulk_create(
        Relation(
            id=id_at(since, dice),
            person_id=person_id,
            kind=Relation.Kind.CUSTOMER,
            since=since.date(),
            proof=f"kassabon {first[person_id]}",
        )
        for _person, person_id, _point, since in known
    )
    PostalAddress.objects.bulk_create(
        PostalAddress(
            id=id_at(since, dice),
            person_id=person_id,
            street=person.home.street,
            house_number=person.home.house_number,
            postcode=person.home.postcode,
            city=person.home.city,
            created_at=since,
        )
        for person, person_id, _point, since in known
    )
    return len(purchases)


def _moment(since: datetime, at: datetime, dice: random.Random) -> datetime:
    """Some moment from the first sale until now."""
    return since + timedelta(seconds=dice.randint(0, max(1, int((at - since).total_seconds()))))


def _purchase(
    person_id: UUID, point_id: UUID, moment: datetime, till: PlaceProof, dice: random.Random
) -> Purchase:
    """One sale."""
    group, low, high, _ = dice.choices(PRODUCT_GROUPS, [each[3] for each in PRODUCT_GROUPS])[0]
    return Purchase(
        id=id_at(moment, dice),
        person_id=person_id,
        contact_point_id=point_id,
        bought_on=moment.date(),
        amount=Decimal(dice.randint(low, high)) - Decimal("0.05"),
        product_group=group,
        source="till",
        place_id=till.place_id,
        optout_shown_id=till.collection_point_id if moment.date() >= till.first_day else None,
        created_at=moment,
    )
