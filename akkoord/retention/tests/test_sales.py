"""Sales and the people behind them: how long they stay, and what the books keep (INV-35, 39)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from akkoord.accounts.actions import create_staff
from akkoord.consent.actions import ShownAtSale, open_place, show_place
from akkoord.consent.models import Standing
from akkoord.datamap.keys import check_keys
from akkoord.people.models import ContactPoint, Person, Purchase, Relation
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.customers import allow_customers, answer_bookkeeping, enter_product_group
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.retention.actions import clean_up
from akkoord.rights.forget import forget
from akkoord.trail.actions import Actor

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shop(transactional_db: None, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    check_keys()
    make_organisation()


def sell(point: ContactPoint, bought_on: date, number: str = "F1", **more: Any) -> Purchase:
    return Purchase.objects.create(
        person=point.person,
        contact_point=point,
        number=number,
        bought_on=bought_on,
        amount=Decimal("10.00"),
        product_group="Fietsen",
        source="test",
        created_at=AT,
        **more,
    )


def test_inv39_a_customer_goes_three_years_after_the_last_sale() -> None:
    old = make_point(make_person(source="purchase"))
    recent = make_point(make_person(source="purchase"))
    contact = make_point(make_person(source="purchase"))
    for number, (point, day) in enumerate(
        ((old, date(2023, 11, 1)), (recent, date(2023, 12, 1)), (contact, date(2020, 1, 1)))
    ):
        sell(point, day, f"F{number}")
        kind = "contact" if point == contact else "customer"
        Relation.objects.create(person=point.person, kind=kind, since=day)
    assert clean_up(at=AT).forgotten == 1
    assert set(Person.objects.values_list("id", flat=True)) == {recent.person_id, contact.person_id}
    assert Purchase.objects.count() == 2


def test_inv35_without_the_books_sales_go_with_the_person() -> None:
    point = make_point()
    sell(point, date(2026, 1, 1))
    certificate = forget(person_id=point.person_id, by="staff", actor=Actor.system(), at=AT)
    assert certificate.run.hits == 0
    assert certificate.as_json()["erased"]["people_purchase"] == 1
    assert not Purchase.objects.exists()


def test_inv35_the_books_keep_number_day_and_amount_without_the_person() -> None:
    answer_bookkeeping(keeps_books=True, at=AT, actor=Actor.system())
    point = make_point()
    sell(point, date(2026, 1, 1), "F1", source_ref=point.id)
    sell(point, date(2010, 1, 1), "F0")
    certificate = forget(person_id=point.person_id, by="staff", actor=Actor.system(), at=AT)
    assert certificate.run.hits == 0
    told = certificate.as_json()
    assert told["erased"]["people_purchase"] == 1
    kept = {each["store"]: each for each in told["kept"]}["people_purchase"]
    assert kept["ground"] == "fiscal-record"
    assert kept["until"]
    sale = Purchase.objects.get()
    assert (sale.number, sale.amount, sale.kept_until) == (
        "F1",
        Decimal("10.00"),
        date(2033, 12, 31),
    )
    assert (sale.person_id, sale.contact_point_id, sale.source_ref) == (None, None, None)
    assert clean_up(at=datetime(2033, 12, 31, 3, 0, tzinfo=UTC)).books == 0
    assert clean_up(at=datetime(2034, 1, 1, 3, 0, tzinfo=UTC)).books == 1
    assert not Purchase.objects.exists()


def test_inv35_a_customers_standing_and_its_evidence_go() -> None:
    owner = create_staff(email="e@fietsen.example", name="E", role="owner", password="x" * 12)
    staff = Actor.staff(owner.pk)
    enter_product_group(name="Fietsen", at=AT, actor=staff)
    topic = make_topic()
    allow_customers(purpose_id=topic.id, product_groups=["Fietsen"], at=AT, actor=staff)
    place = open_place(name="Kassa", kind="till", at=AT, actor=staff)
    point = make_point()
    sell(point, date(2026, 10, 1), place_id=place.id)
    shown = ShownAtSale(first_day=date(2026, 1, 1), text="Liever niet?", offers_opt_out=True)
    assert show_place(place_id=place.id, shown=shown, at=AT, actor=staff)[1] == 1
    assert Standing.objects.count() == 1
    certificate = forget(person_id=point.person_id, by="staff", actor=staff, at=AT)
    assert certificate.run.hits == 0
    assert not Standing.objects.exists()
    assert not Purchase.objects.exists()
