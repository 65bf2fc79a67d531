"""Invoices and orders come in as proof of the relation (INV-4, 5, 7, 15, 17, 31, 35)."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from akkoord.accounts.actions import create_staff
from akkoord.consent.actions import ShownAtSale, open_place, show_place, suppress
from akkoord.consent.models import CollectingPlace, PermissionEvent, Standing
from akkoord.datamap.identifiers import normalise_email
from akkoord.datamap.keys import check_keys, keyed_hash
from akkoord.imports.bring_sales import SalesReport
from akkoord.imports.documents import read_document
from akkoord.imports.invoices import SalesOrder, import_sales
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.packed import Limits
from akkoord.imports.reader import UnreadableFile
from akkoord.imports.tests import ubl_complete as whole
from akkoord.imports.tests import ubl_samples as ubl
from akkoord.imports.tests.factories import shared
from akkoord.imports.tests.sale_samples import (
    E_BOEKHOUDEN,
    MONEYBIRD,
    SHOPIFY,
    TILL_FILE,
    WOOCOMMERCE,
)
from akkoord.imports.ubl import read_sales
from akkoord.law.reasons import Reason
from akkoord.people.models import Company, ContactPoint, Person, Purchase, Relation
from akkoord.people.queries import living_point
from akkoord.permission.queries import ask
from akkoord.register.customers import (
    allow_customers,
    answer_bookkeeping,
    enter_product_group,
    name_seller,
)
from akkoord.register.models import ActivityField, Purpose
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TEXT = "Wij mailen u over fietsen. Liever geen mail? Vink dit aan."


@pytest.fixture
def staff() -> Actor:
    check_keys()
    owner = create_staff(
        email="eigenaar@fietsen.example", name="E", role="owner", password="een lange zin hier"
    )
    return Actor.staff(owner.pk)


@pytest.fixture
def topic(staff: Actor) -> Purpose:
    make_organisation()
    enter_product_group(name="Fietsen", signs=["fiets-"], at=AT, actor=staff)
    enter_product_group(name="Kleding", signs=["kled-", "helm"], at=AT, actor=staff)
    purpose = make_topic()
    return allow_customers(purpose_id=purpose.id, product_groups=["Fietsen"], at=AT, actor=staff)


@pytest.fixture
def till(topic: Purpose, staff: Actor) -> CollectingPlace:
    place = open_place(name="Kassa", kind="till", at=AT, actor=staff)
    shown = ShownAtSale(first_day=date(2024, 1, 1), text=TEXT, offers_opt_out=True)
    show_place(place_id=place.id, shown=shown, at=AT, actor=staff)
    return place


def bring(content: bytes | Path, name: str = "a.xml", **order: Any) -> SalesReport:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    at = order.pop("at", AT)
    _, report = import_sales(
        source, order=SalesOrder(file_name=name, **order), at=at, actor=Actor.system()
    )
    return report


def reason_of(address: str, topic: Purpose, at: datetime = AT) -> Reason | None:
    point = living_point(address, "email")
    assert point is not None
    return ask([point.id], topic, "email", at=at)[point.id].reason


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.xml", content)
    return buffer.getvalue()


def test_inv15_an_invoice_with_its_place_carries_mail(
    topic: Purpose, till: CollectingPlace
) -> None:
    report = bring(ubl.invoice(), place_slug=till.slug)
    assert (report.sales, report.created, report.may_write, report.may_be_mailed) == (1, 1, 1, 1)
    sale = Purchase.objects.get()
    assert (sale.number, sale.bought_on, sale.product_group) == (
        "2026-104",
        date(2026, 10, 1),
        "Fietsen",
    )
    person = Person.objects.get()
    assert (person.given_name, person.family_name, person.source) == ("Anna", "de Wit", "purchase")
    assert person.customer_number == "K-104"
    assert person.judge_by is None
    assert Relation.objects.get().kind == "customer"
    assert reason_of("anna@example.nl", topic) is None
    standing = Standing.objects.get()
    assert PermissionEvent.objects.get(id=standing.event_id).evidence["sale"] == str(sale.id)
    seal(AT)
    assert verify().ok


def test_inv15_without_a_place_the_sale_carries_service_and_post_alone(topic: Purpose) -> None:
    report = bring(ubl.invoice())
    assert (report.sales, report.may_be_mailed) == (1, 0)
    assert report.not_mailable == {"opt-out-not-offered": 1}
    assert not Standing.objects.exists()


def test_twice_is_once_and_a_group_found_later_is_taken_over(
    topic: Purpose, till: CollectingPlace, staff: Actor
) -> None:
    lines = (("BAND-7", "Binnenband", "6.95"),)
    first = bring(ubl.invoice(lines=lines), place_slug=till.slug)
    assert first.articles == {"Binnenband": 1}
    assert reason_of("anna@example.nl", topic) is Reason.NOT_SIMILAR
    again = bring(ubl.invoice(lines=lines), place_slug=till.slug)
    assert (again.sales, again.known, again.updated, again.created) == (0, 1, 0, 0)
    enter_product_group(name="Onderdelen", signs=["band-"], at=AT, actor=staff)
    allow_customers(
        purpose_id=topic.id, product_groups=["Fietsen", "Onderdelen"], at=AT, actor=staff
    )
    assert bring(ubl.invoice(lines=lines), place_slug=till.slug).updated == 1
    assert reason_of("anna@example.nl", topic) is None
    assert Purchase.objects.count() == Person.objects.count() == 1


def test_the_main_group_is_the_one_with_the_most_money(
    topic: Purpose, till: CollectingPlace
) -> None:
    lines = (("FIETS-01", "Stadsfiets", "100.00"), ("X", "Helm Volt", "120.00"))
    bring(ubl.invoice(lines=lines), place_slug=till.slug)
    sale = Purchase.objects.get()
    assert (sale.product_group, sale.other_groups) == ("Kleding", ["Fietsen"])
    assert reason_of("anna@example.nl", topic) is None


def test_a_credit_note_takes_the_sale_back(topic: Purpose, till: CollectingPlace) -> None:
    documents = {
        "a": ubl.invoice(),
        "b": ubl.invoice("C-1", day="2026-10-20", takes_back="2026-104"),
        "c": ubl.invoice("C-2", day="2026-10-21", takes_back="1999-1"),
    }
    report = bring(packed(**documents), "a.zip", place_slug=till.slug)
    assert (report.rows, report.sales, report.credited) == (3, 1, 1)
    assert [(each.part, each.reason) for each in report.refused] == [("c.xml", Reason.NO_SALE)]
    assert Purchase.objects.get().reversed_on == date(2026, 10, 20)
    assert reason_of("anna@example.nl", topic) is Reason.NO_SALE
    again = bring(packed(**documents), "a.zip", place_slug=till.slug)
    assert (again.sales, again.credited) == (0, 0)


def test_a_credit_note_for_a_part_leaves_the_sale(topic: Purpose, till: CollectingPlace) -> None:
    bring(ubl.invoice(), place_slug=till.slug)
    report = bring(ubl.invoice("C-1", takes_back="2026-104", total="10.00"))
    assert report.credited == 0
    assert reason_of("anna@example.nl", topic) is None


def test_inv17_a_company_sale_links_a_contact_until_they_leave(
    topic: Purpose, till: CollectingPlace
) -> None:
    content = ubl.invoice(customer=ubl.company(), profile=ubl.NLCIUS)
    bring(content, place_slug=till.slug)
    company, point = Company.objects.get(), ContactPoint.objects.get()
    assert (company.name, company.registration_number) == ("Voorbeeld B.V.", "12345678")
    assert point.is_legal_person
    relation = Relation.objects.get()
    assert (relation.kind, relation.company, relation.since) == (
        "contact",
        company,
        date(2026, 10, 1),
    )
    assert Purchase.objects.get().company == company
    assert reason_of("bo@voorbeeld.example", topic) is None
    relation.until = AT.date()
    relation.save()
    assert reason_of("bo@voorbeeld.example", topic) is Reason.CONTACT_LEFT
    second = ubl.invoice(
        "2026-105", customer=ubl.company("VOORBEELD BV", mail="cas@voorbeeld.example")
    )
    bring(second, place_slug=till.slug)
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Jansen V.O.F.", ""),
        ("Fietsatelier Jansen", ""),
        ("Jansen", "Eenmanszaak"),
        ("Maatschap X", ""),
    ],
)
def test_inv17_vof_and_eenmanszaak_are_people(
    topic: Purpose, till: CollectingPlace, name: str, form: str
) -> None:
    bring(ubl.invoice(customer=ubl.company(name, form=form)), place_slug=till.slug)
    assert not Company.objects.exists()
    assert not ContactPoint.objects.get().is_legal_person
    assert Relation.objects.get().kind == "customer"


def test_a_whole_invoice_with_allowances_rates_and_an_attachment(
    topic: Purpose, till: CollectingPlace, staff: Actor
) -> None:
    answer_bookkeeping(keeps_books=True, at=AT, actor=staff)
    report = bring(whole.WHOLE_INVOICE, place_slug=till.slug)
    assert (report.sales, report.articles) == (1, {})
    sale = Purchase.objects.get()
    assert (sale.number, sale.amount, sale.currency) == ("2026-900", Decimal("768.40"), "EUR")
    assert (sale.product_group, sale.other_groups) == ("Fietsen", ["Kleding"])
    kept = "\n".join(map(str, [*Person.objects.values(), *Purchase.objects.values()]))
    for text in ("NL91ABNA0417164300", "111222333", "QUJD", "afd. 7"):
        assert text not in kept


def test_an_invoice_in_dollars_keeps_its_currency(topic: Purpose, staff: Actor) -> None:
    answer_bookkeeping(keeps_books=True, at=AT, actor=staff)
    bring(whole.IN_DOLLARS)
    sale = Purchase.objects.get()
    assert (sale.amount, sale.currency) == (Decimal("768.40"), "USD")
    assert sale.company is not None


def test_a_whole_credit_note_takes_the_whole_sale_back(
    topic: Purpose, till: CollectingPlace
) -> None:
    bring(whole.WHOLE_INVOICE, place_slug=till.slug)
    report = bring(whole.WHOLE_CREDIT, place_slug=till.slug)
    assert report.credited == 1
    assert Purchase.objects.get().reversed_on == date(2026, 10, 1)


def test_inv31_no_vat_number_street_or_article_is_kept(
    topic: Purpose, till: CollectingPlace
) -> None:
    """Sole traders' older VAT numbers hold the BSN."""
    from django.apps import apps

    bring(ubl.invoice(customer=ubl.company("Jansen")), place_slug=till.slug)
    kept = "\n".join(
        str(row) for model in apps.get_models() for row in model._default_manager.all().values()
    )
    for text in ("123456782B01", "Voorbeeldkade 1</", "Stadsfiets"):
        assert text not in kept


def test_inv15_an_invoice_of_another_company_is_refused(topic: Purpose, staff: Actor) -> None:
    content = ubl.invoice(seller="Groothandel Wiel B.V.")
    with pytest.raises(ImportRefused) as refusal:
        bring(content)
    assert refusal.value.reason is Reason.OTHER_SELLER
    assert not Person.objects.exists()
    name_seller(name="Groothandel Wiel", at=AT, actor=staff)
    assert bring(content).sales == 1


def test_a_folder_of_invoices(topic: Purpose, till: CollectingPlace, tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    for number in range(5):
        path = tmp_path / "2026" / f"{number}.xml"
        path.write_bytes(
            ubl.invoice(f"F{number}", customer=ubl.consumer(mail=f"k{number}@example.nl"))
        )
    (tmp_path / "leesmij.txt").write_text("niets")
    (tmp_path / "stuk.xml").write_text("<geen-factuur/>")
    report = bring(tmp_path, "map", place_slug=till.slug)
    assert (report.rows, report.sales) == (6, 5)
    assert [(each.part, each.reason) for each in report.refused] == [
        ("stuk.xml", Reason.MALFORMED_ROW)
    ]


def test_a_dry_run_leaves_nothing(topic: Purpose, till: CollectingPlace) -> None:
    report = bring(ubl.invoice(), place_slug=till.slug, is_dry_run=True)
    assert (report.sales, report.may_be_mailed) == (1, 1)
    assert not Purchase.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ubl.EXTERNAL_ENTITY, Reason.UNSAFE_DOCUMENT),
        (ubl.EXTERNAL_DTD, Reason.UNSAFE_DOCUMENT),
        (ubl.LAUGHS, Reason.UNSAFE_DOCUMENT),
        (
            ubl.LAUGHS.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"),
            Reason.UNSAFE_DOCUMENT,
        ),
        (ubl.invoice(customer=""), Reason.NO_CUSTOMER),
        (
            ubl.invoice(
                customer="<cac:AccountingCustomerParty><cac:Party/></cac:AccountingCustomerParty>"
            ),
            Reason.NO_CUSTOMER,
        ),
        (ubl.invoice(customer=ubl.consumer(mail="")), Reason.NO_ADDRESS),
        (ubl.invoice(customer=ubl.consumer(mail="geen adres")), Reason.BAD_ADDRESS),
        (ubl.invoice(day="2027-01-01"), Reason.FUTURE_TIME),
        (ubl.invoice(day="ooit"), Reason.IMPOSSIBLE_TIME),
        (ubl.invoice(number=""), Reason.MALFORMED_ROW),
        (b"<Invoice/>", Reason.MALFORMED_ROW),
        (b"<Invoice", Reason.MALFORMED_ROW),
        (b"<a>" * 60 + b"</a>" * 60, Reason.FILE_TOO_LARGE),
        (b"<a>" + b"<b/>" * 200_001 + b"</a>", Reason.FILE_TOO_LARGE),
        (b"<a>" + b"x" * (21 * 1024 * 1024) + b"</a>", Reason.FILE_TOO_LARGE),
    ],
)
def test_a_bad_document_is_refused_with_its_reason_and_nothing_half_done(
    topic: Purpose, content: bytes, reason: Reason
) -> None:
    with pytest.raises(ImportRefused) as refusal:
        bring(content)
    assert refusal.value.reason is reason
    assert len(refusal.value.sentence) > 20
    assert not Person.objects.exists()
    assert not Import.objects.exists()


def test_no_entity_is_ever_expanded() -> None:
    for content in (ubl.EXTERNAL_ENTITY, ubl.LAUGHS):
        with pytest.raises(UnreadableFile) as problem:
            read_document(io.BytesIO(content))
        assert problem.value.reason is Reason.UNSAFE_DOCUMENT


def test_a_zip_bomb_of_invoices_is_refused(topic: Purpose) -> None:
    bomb = packed(a=b"<a>" + b" " * (40 * 1024 * 1024) + b"</a>")
    with pytest.raises(ImportRefused) as refusal:
        bring(bomb, "bom.zip")
    assert refusal.value.reason is Reason.FILE_TOO_LARGE
    with pytest.raises(UnreadableFile):
        list(read_sales(io.BytesIO(packed(a=b"<a/>", b=b"<a/>")), Limits(members=1)))


def test_one_bad_document_in_a_zip_leaves_the_others(topic: Purpose, till: CollectingPlace) -> None:
    content = packed(a=ubl.LAUGHS, b=ubl.invoice(customer=""), c=ubl.invoice())
    report = bring(content, "a.zip", place_slug=till.slug)
    assert report.sales == 1
    assert [(each.part, each.reason) for each in report.refused] == [
        ("a.xml", Reason.UNSAFE_DOCUMENT),
        ("b.xml", Reason.NO_CUSTOMER),
    ]


def test_inv05_inv35_a_sale_after_an_erasure_comes_in_without_marketing(
    topic: Purpose, till: CollectingPlace
) -> None:
    suppress(
        keyed_hash=keyed_hash(normalise_email("anna@example.nl")),
        channel="email",
        reason="erasure",
        at=datetime(2026, 9, 1, tzinfo=UTC),
        actor=Actor.system(),
    )
    before = bring(
        packed(a=ubl.invoice("F1", day="2026-08-01"), b=ubl.invoice("F2", day="2026-09-01")),
        "a.zip",
        place_slug=till.slug,
    )
    assert (before.sales, before.stayed_out, before.created) == (0, 2, 0)
    assert not Person.objects.exists()
    after = bring(ubl.invoice("F3", day="2026-09-02"), place_slug=till.slug)
    assert (after.sales, after.created, after.may_be_mailed) == (1, 1, 0)
    assert after.not_mailable == {"suppressed": 1}
    assert not Standing.objects.exists()


def test_inv44_who_bought_long_ago_is_to_be_judged(topic: Purpose) -> None:
    bring(ubl.invoice(day="2019-01-01"))
    assert Person.objects.get().judge_by is not None
    bring(ubl.invoice("N", day="2026-10-01"))
    assert Person.objects.get().judge_by is None


def test_a_known_person_keeps_their_name(topic: Purpose, till: CollectingPlace) -> None:
    bring(ubl.invoice(), place_slug=till.slug)
    bring(ubl.invoice("F2", customer=ubl.consumer("Piet", "Puk")), place_slug=till.slug)
    person = Person.objects.get()
    assert (person.given_name, person.purchases.count()) == ("Anna", 2)
    bring(ubl.invoice("F3", customer=ubl.consumer(mail="")))  # by the customer number
    assert person.purchases.count() == 3
    assert person.purchases.get(number="F3").contact_point is None


@pytest.mark.parametrize(
    ("books", "admitted", "amount"),
    [(False, False, None), (True, False, Decimal("649.00")), (False, True, Decimal("649.00"))],
)
def test_the_amount_is_kept_only_for_the_books_or_when_admitted(
    topic: Purpose, staff: Actor, books: bool, admitted: bool, amount: Decimal | None
) -> None:
    answer_bookkeeping(keeps_books=books, at=AT, actor=staff)
    if not admitted:
        ActivityField.objects.filter(activity_key="customers", field__key="purchase_amount").update(
            ended_at=AT
        )
    bring(ubl.invoice())
    assert Purchase.objects.get().amount == amount


def csv(text: str) -> bytes:
    return text.strip().encode()


def test_a_tills_own_csv(topic: Purpose, till: CollectingPlace) -> None:
    report = bring(csv(TILL_FILE), "kassa.csv", layout="till", place_slug=till.slug)
    assert (report.rows, report.sales, report.may_be_mailed) == (6, 3, 1)
    assert {each.line: each.reason for each in report.refused} == {
        4: Reason.NO_ADDRESS,
        5: Reason.IMPOSSIBLE_TIME,
        6: Reason.BAD_ADDRESS,
    }
    assert reason_of("anna@example.nl", topic) is None
    assert reason_of("bo@example.nl", topic) is Reason.OPT_OUT_NOT_OFFERED  # said no there
    assert reason_of("eva@example.nl", topic) is Reason.NOT_SIMILAR
    assert report.articles == {"Iets anders": 1}


@pytest.mark.parametrize(
    ("name", "text", "sales"),
    [
        ("shopify-orders", SHOPIFY, {"#1001"}),
        ("moneybird", MONEYBIRD, {"2026-0001", "2026-0003"}),
        ("e-boekhouden", E_BOEKHOUDEN, {"F001", "F002"}),
    ],
)
def test_exports_of_shops_and_bookkeepers(
    topic: Purpose, till: CollectingPlace, name: str, text: str, sales: set[str]
) -> None:
    report = bring(csv(text), "x.csv", place_slug=till.slug, layout="auto")
    assert set(Purchase.objects.values_list("number", flat=True)) == sales, list(report.refused)
    assert Import.objects.get().layout == name
    assert reason_of("anna@example.nl", topic) is None


def test_a_file_that_is_no_export_of_sales_is_told_so(topic: Purpose) -> None:
    for content, reason in (
        (b"a,b\n1,2\n", Reason.NOT_A_TABLE),
        (b"Bonnummer,Datum\n1,2026-01-01\n", Reason.NO_ADDRESS),
    ):
        with pytest.raises(ImportRefused) as refusal:
            bring(content, "x.csv")
        assert refusal.value.reason is reason


def test_inv15_a_web_shops_rows_say_what_was_shown(topic: Purpose, till: CollectingPlace) -> None:
    """A row of an order that never showed the opt-out, or where it was used, carries nothing."""
    report = bring(csv(WOOCOMMERCE), "o.csv", layout="woocommerce-orders", place_slug=till.slug)
    assert (report.rows, report.sales, report.credited) == (5, 4, 0)
    assert not report.refused
    assert report.articles == {"Bel": 1}
    reasons = {name: reason_of(f"{name}@example.nl", topic) for name in ("anna", "bo", "cas")}
    assert reasons == {
        "anna": None,
        "bo": Reason.OPT_OUT_NOT_OFFERED,
        "cas": Reason.OPT_OUT_NOT_OFFERED,
    }
    assert reason_of("fay@voorbeeld.example", topic) is None
    assert Company.objects.get().name == "Voorbeeld B.V."


EXAMPLE = shared("woocommerce", "orders.csv")


@pytest.mark.skipif(EXAMPLE is None, reason="the example exports are not beside this checkout")
def test_the_example_orders_go_in_as_they_are(topic: Purpose, till: CollectingPlace) -> None:
    assert EXAMPLE is not None
    report = bring(EXAMPLE, "orders.csv", layout="woocommerce-orders", place_slug=till.slug)
    told = report.as_json()
    considered = report.may_be_mailed + sum(report.not_mailable.values())
    assert report.may_be_mailed > 0
    assert considered == ContactPoint.objects.filter(channel="email").count()
    assert {each["reason"] for each in told["refused"]} <= {"bad-address", "no-address"}
    assert set(report.not_mailable) <= {
        "opt-out-not-offered",
        "not-similar",
        "sale-too-old",
        "import-to-be-judged",
    }
    again = bring(EXAMPLE, "orders.csv", layout="woocommerce-orders", place_slug=till.slug)
    assert (again.sales, again.created, again.may_write) == (0, 0, 0)
    assert verify().ok
