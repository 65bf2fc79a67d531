"""Postal addresses of customers: with a sale, under the activity that needs them (INV-19, 31)."""

# ruff: noqa: F811 - fixtures of other files

from datetime import timedelta
from pathlib import Path

import pytest

from akkoord.accounts.models import Staff
from akkoord.consent.actions import suppress
from akkoord.consent.models import CollectingPlace
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.models import Import
from akkoord.imports.tests import ubl_samples as ubl
from akkoord.imports.tests.factories import WORDING, bring_bytes
from akkoord.imports.tests.test_invoices import (  # noqa: F401 - fixtures
    AT,
    bring,
    staff,
    till,
    topic,
)
from akkoord.imports.undo import undo_import
from akkoord.people.models import ContactPoint, PostalAddress
from akkoord.people.points import post_key
from akkoord.register.models import ActivityField, Purpose
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
HEADER = "Bonnummer;Datum;E-mail;Naam;Straat;Huisnummer;Postcode;Plaats;Land"


def sales(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def shown() -> list[str]:
    return [
        f"{each.street} {each.house_number}, {each.postcode} {each.city} {each.country}"
        for each in PostalAddress.objects.order_by("postcode")
    ]


ANNA = "B1;01-10-2026;anna@example.nl;Anna de Wit;Dorpsstraat;12a;1234ab;Utrecht;NL"


def test_inv19_a_sale_brings_the_address_and_a_point_for_post(topic: Purpose) -> None:
    report = bring(sales(ANNA), "kassa.csv")
    assert (report.posts, report.posts_out) == (1, {})
    assert shown() == ["Dorpsstraat 12a, 1234 AB Utrecht NL"]
    point = ContactPoint.objects.get(channel="post")
    expected = post_key("1234 AB", "12a", family_name="de Wit", given_name="Anna")
    assert point.normalised == expected
    assert bytes(point.keyed_hash) == keyed_hash(expected)
    assert point.person == ContactPoint.objects.get(channel="email").person


def test_inv31_without_a_need_in_the_register_it_stays_out_and_is_told(topic: Purpose) -> None:
    ActivityField.objects.filter(activity_key="customers", field__key="street").update(ended_at=AT)
    report = bring(sales(ANNA), "kassa.csv")
    assert report.sales == 1
    assert report.posts_out == {"not-admitted": 1}
    assert not shown()


@pytest.mark.parametrize(
    "row",
    [
        "B1;01-10-2026;anna@example.nl;Anna de Wit;Dorpsstraat;;1234AB;Utrecht;NL",
        "B1;01-10-2026;anna@example.nl;Anna de Wit;Dorpsstraat;1;12;Utrecht;NL",
        "B1;01-10-2026;anna@example.nl;;Dorpsstraat;1;1234AB;Utrecht;NL",
        "B1;01-10-2026;anna@example.nl;Anna de Wit;Dorpsstraat;1;1234AB;;NL",
        "B1;01-10-2026;anna@example.nl;Anna de Wit;Dorpsstraat;1;75001;Parijs;FR",
        "B1;01-10-2026;anna@example.nl;Anna de Wit;NL91ABNA0417164300;1;1234AB;Utrecht;NL",
    ],
)
def test_an_address_that_is_not_whole_stays_out_and_the_sale_comes_in(
    row: str, topic: Purpose
) -> None:
    report = bring(sales(row), "kassa.csv")
    assert (report.sales, report.posts_out) == (1, {"incomplete": 1})
    assert not shown()


def test_the_newest_sale_counts_and_nothing_known_is_overwritten(topic: Purpose) -> None:
    newer = "B2;09-10-2026;anna@example.nl;Anna de Wit;Kerkweg;3;5678CD;Breda;NL"
    bring(sales(ANNA, newer), "kassa.csv")
    assert shown() == ["Kerkweg 3, 5678 CD Breda NL"]
    moved = "B3;20-10-2026;anna@example.nl;Anna de Wit;Plein;9;9999ZZ;Assen;NL"
    bring(sales(moved), "kassa.csv")
    assert shown() == ["Kerkweg 3, 5678 CD Breda NL"]


def test_two_at_one_door_are_two_addresses(topic: Purpose) -> None:
    bo = "B2;01-10-2026;bo@example.nl;Bo de Wit;Dorpsstraat;12a;1234AB;Utrecht;NL"
    bring(sales(ANNA, bo), "kassa.csv")
    assert ContactPoint.objects.filter(channel="post").count() == 2


def test_inv17_the_address_of_a_company_is_nobodys_home(topic: Purpose) -> None:
    bring(ubl.invoice(customer=ubl.company()))
    assert not shown()


def test_inv35_an_address_that_was_forgotten_stays_out(topic: Purpose) -> None:
    digest = keyed_hash(post_key("1234 AB", "12a", family_name="de Wit", given_name="Anna"))
    suppress(keyed_hash=digest, channel="post", reason="erasure", at=AT, actor=Actor.system())
    bring(sales(ANNA), "kassa.csv")
    assert not shown()


@pytest.mark.django_db(transaction=True)
def test_inv35_it_goes_with_the_person(topic: Purpose) -> None:
    bring(sales(ANNA), "kassa.csv")
    person = ContactPoint.objects.get(channel="email").person
    certificate = forget(person_id=person.id, by=ErasureRun.By.PERSON, actor=Actor.system(), at=AT)
    assert certificate.run.findings == []
    assert not shown()


def test_undo_takes_it_back(topic: Purpose, till: CollectingPlace) -> None:
    bring(sales(ANNA.replace("Dorpsstraat;12a", ";")), "kassa.csv")
    bring(sales(ANNA.replace("B1", "B2")), "kassa.csv")
    assert shown()
    later = AT + timedelta(hours=1)
    undo_import(import_id=Import.objects.latest("id").id, at=later, actor=Actor.system())
    assert not shown()
    assert not ContactPoint.objects.filter(channel="post").exists()


LIST = (
    b"email;voornaam;achternaam;straat;postcode;woonplaats\n"
    b"anna@example.nl;Anna;de Wit;Dorpsstraat 12;1234AB;Utrecht\n"
    b"bo@example.nl;Bo;Jansen;Dorpsstraat 14;1234AB;Utrecht\n"
)


def test_a_list_of_customers_brings_it_of_who_is_one(topic: Purpose, tmp_path: Path) -> None:
    owner = Staff.objects.get()
    bring(sales("B1;01-10-2026;anna@example.nl;Anna de Wit;;;;;"), "kassa.csv")
    report = bring_bytes(LIST, "klanten.csv", tmp_path, owner, source="customers")
    assert shown() == ["Dorpsstraat 12, 1234 AB Utrecht NL"]
    assert (report.posts, report.posts_out) == (1, {"no-customer": 1})
    record = Import.objects.latest("id")
    undo_import(import_id=record.id, at=AT + timedelta(hours=1), actor=Actor.staff(owner.pk))
    assert not shown()


@pytest.mark.parametrize("source", ["other-system"])
def test_from_elsewhere_it_is_dropped_and_reported(
    source: str, topic: Purpose, tmp_path: Path
) -> None:
    bring(sales("B1;01-10-2026;anna@example.nl;Anna de Wit;;;;;"), "kassa.csv")
    report = bring_bytes(
        LIST, "klanten.csv", tmp_path, Staff.objects.get(), source=source, wording=WORDING
    )
    assert not shown()
    assert {"straat", "postcode", "woonplaats"} <= set(report.dropped_columns)
