# ruff: noqa: F811 - fixtures of other files

"""All tables of a file of sales: sheets of a book, files of a ZIP, and a choice among them."""

from typing import Any

import pytest
from django.urls import reverse

from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.tests.sale_samples import E_BOEKHOUDEN, MONEYBIRD
from akkoord.imports.tests.samples import book, zipped
from akkoord.imports.tests.test_invoices import bring, staff, till, topic  # noqa: F401 - fixtures
from akkoord.imports.tests.test_sales_pages import owner, page, shop, upload  # noqa: F401
from akkoord.people.models import Purchase

pytestmark = pytest.mark.django_db
HEADER = ["Bonnummer", "Datum", "E-mail", "Naam", "Productgroep"]


def sheet_of(*numbers: str) -> list[list[object]]:
    mail = "{}@example.nl".format
    rows = [[n, "01-10-2026", mail(n.lower()), "Anna de Wit", "Fietsen"] for n in numbers]
    return [list(HEADER), *rows]


YEARS = {"2025": sheet_of("A1", "A2"), "2026": sheet_of("B1"), "Uitleg": [["Wat is dit"], ["x"]]}


def numbers() -> list[str]:
    return sorted(Purchase.objects.values_list("number", flat=True))


def csv_of(rows: list[list[object]]) -> bytes:
    return "\n".join(";".join(map(str, row)) for row in rows).encode()


@pytest.mark.usefixtures("topic")
def test_all_sheets_of_a_book_come_in_and_others_are_named() -> None:
    report = bring(book(YEARS), "verkopen.xlsx")
    assert numbers() == ["A1", "A2", "B1"]
    assert [(each["name"], each["rows"]) for each in report.parts] == [("2025", 2), ("2026", 1)]
    assert report.ignored == ["Uitleg"]


@pytest.mark.usefixtures("topic")
def test_all_files_of_a_zip_come_in_also_with_one_name() -> None:
    content = zipped(
        {
            "noord/kassa.csv": csv_of(sheet_of("A1")),
            "zuid/kassa.csv": csv_of(sheet_of("B1")),
            "leesmij.pdf": b"%PDF",
        }
    )
    report = bring(content, "kassa.zip")
    assert numbers() == ["A1", "B1"]
    assert [each["name"] for each in report.parts] == ["kassa.csv", "kassa.csv (2)"]
    assert report.ignored == ["leesmij.pdf"]


@pytest.mark.usefixtures("topic")
def test_one_sheet_that_is_named_alone() -> None:
    bring(book(YEARS), "verkopen.xlsx", sheets=("2026",))
    assert numbers() == ["B1"]


@pytest.mark.usefixtures("topic")
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ImportRefused, match="2025, 2026, Uitleg"):
        bring(book(YEARS), "verkopen.xlsx", sheets=("2026", "2027"))
    assert not numbers()


def test_columns_that_lack_are_called_as_in_the_file() -> None:
    with pytest.raises(ImportRefused, match="bonnummer"):
        bring(csv_of([["Datum", "E-mail"], ["2026-01-02", "a@example.nl"]]), layout="till")


@pytest.mark.usefixtures("topic")
def test_sales_of_another_kind_are_passed_over_and_named() -> None:
    content = zipped({"a.csv": MONEYBIRD.strip().encode(), "b.csv": E_BOEKHOUDEN.strip().encode()})
    report = bring(content, "alles.zip")
    assert report.ignored == ["b.csv"]
    assert numbers() == ["2026-0001", "2026-0003"]


@pytest.mark.usefixtures("topic")
def test_a_refusal_names_its_table() -> None:
    rows = sheet_of("A1")
    rows.append(["A2", "ooit", "a2@example.nl", "", ""])
    report = bring(book({"2025": sheet_of("B1"), "2026": rows}), "verkopen.xlsx")
    assert [(each.part, each.line) for each in report.refused] == [("2026", 3)]


def test_the_screen_offers_the_tables_and_takes_only_the_chosen(owner: Any, shop: Any) -> None:
    looked = upload(owner, book(YEARS), "verkopen.xlsx", place="")
    assert "Tabellen in het bestand" in page(looked)
    record = Import.objects.get()
    assert record.sales["sales"] == 3
    nothing = owner.post(reverse("imports:sales_tables", args=[record.id]), follow=True)
    assert "Kies minstens één tabel" in page(nothing)
    again = owner.post(
        reverse("imports:sales_tables", args=[record.id]), {"table": ["2026"]}, follow=True
    )
    record.refresh_from_db()
    assert (record.state, record.sales["sales"]) == ("checked", 1)
    assert "Er is nog niets veranderd" in page(again)
    owner.post(reverse("imports:sales_bring_in", args=[record.id]))
    assert numbers() == ["B1"]
