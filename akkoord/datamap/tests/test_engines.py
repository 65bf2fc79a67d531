"""Export, erasure and the catalogue, from declarations alone."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from akkoord.datamap.declaration import OnErasure, personal_stores
from akkoord.datamap.dpv import CATEGORIES, PURPOSE_CLASSES, iri
from akkoord.datamap.erase import ErasureRefused, StoreOutcome, erase_people
from akkoord.datamap.export import export_person, holdings
from akkoord.datamap.fields import CatalogueField, catalogue
from akkoord.datamap.sections import Registry
from akkoord.datamap.tests.shop import (
    ANNA,
    BERT,
    Customer,
    Door,
    Invoice,
    Note,
    Sending,
    own_declarations,
    shop,
)

__all__ = ["own_declarations", "shop"]
RUN = uuid.UUID(int=7)


def _rows(exports: list[Any], store: str) -> list[dict[str, Any]]:
    return [row for each in exports if each.store == store for row in each.rows]


def test_an_export_has_everything_of_one_person_and_nothing_of_another(shop: None) -> None:
    """Also two steps away; ready for JSON; no secrets."""
    exports = export_person([ANNA])
    text = json.dumps([each.as_json() for each in exports])
    assert "Anna" in text
    assert "Bert" not in text
    assert str(BERT) not in text
    (customer,) = _rows(exports, "shop_customer")
    assert "password" not in customer
    assert [row["text"] for row in _rows(exports, "shop_note")] == ["Anna wil een bel"]
    assert _rows(exports, "shop_sending")[0]["state"] == "sent"


def test_a_portable_export_has_only_what_the_person_provided(shop: None) -> None:
    """Art. 20: not what we observed or made."""
    exports = export_person([ANNA], portable=True)
    assert [each.store for each in exports] == ["shop_customer"]
    assert set(exports[0].rows[0]) == {"given", "family", "email"}


def test_an_export_asks_one_query_per_store(shop: None) -> None:
    """However many rows or people."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        export_person([ANNA, BERT])
    assert len(asked) == len(personal_stores())


def test_holdings_tell_what_would_happen(shop: None) -> None:
    """The preview, in one query."""
    with CaptureQueriesContext(connection) as asked:
        found = {each.store: each for each in holdings([ANNA])}
    assert len(asked) == 1
    assert {name: (each.rows, each.fate) for name, each in found.items()} == {
        "shop_customer": (1, OnErasure.DELETE),
        "shop_door": (1, OnErasure.DELETE),
        "shop_note": (1, OnErasure.DELETE),
        "shop_sending": (1, OnErasure.BLANK),
        "shop_invoice": (1, OnErasure.KEEP),
    }
    assert found["shop_invoice"].ground == "fiscal-record"


def test_inv35_erasure_follows_the_declarations(shop: None) -> None:
    """Goes, is blanked, or stays on its ground; the other customer is untouched."""
    outcomes = {each.store: each for each in erase_people([ANNA], run_id=RUN)}
    connection.check_constraints()
    assert outcomes["shop_customer"].removed == 1
    assert outcomes["shop_note"].removed == 1
    assert outcomes["shop_sending"].blanked == 1
    assert outcomes["shop_invoice"] == StoreOutcome(
        "shop_invoice",
        outcomes["shop_invoice"].label,
        kept=1,
        ground="fiscal-record",
        until="fiscal-term",
    )
    assert list(Customer.objects.values_list("id", flat=True)) == [BERT]
    assert Door.objects.count() == Note.objects.count() == 1
    assert sorted(Sending.objects.values_list("words", "state")) == [
        ("", "sent"),
        ("voor Bert", "sent"),
    ]
    assert Invoice.objects.count() == 1
    assert erase_people([ANNA], run_id=RUN) == [outcomes["shop_invoice"]]


def test_a_thousand_people_cost_no_more_statements_than_one(shop: None) -> None:
    """Set-based."""
    with CaptureQueriesContext(connection) as one:
        erase_people([ANNA], run_id=RUN)
    with CaptureQueriesContext(connection) as many:
        erase_people([uuid.uuid4() for _ in range(1000)], run_id=RUN)
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_erasing_outside_a_transaction_is_refused() -> None:
    """Half an erasure is none."""
    with pytest.raises(ErasureRefused):
        erase_people([ANNA], run_id=RUN)


def test_a_file_goes_after_the_commit_and_stays_after_a_rollback(
    shop: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """A file is no part of the transaction, so it waits for it."""
    file = Path(settings.DATA_DIR) / "anna.txt"
    file.write_text("bel")
    Note.objects.filter(door__customer_id=ANNA).update(path="anna.txt")

    def erase_and_fail() -> None:
        with transaction.atomic():
            erase_people([ANNA], run_id=RUN)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        erase_and_fail()
    assert file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase_people([ANNA], run_id=RUN)
    assert not file.exists()


def test_a_path_out_of_the_data_folder_is_refused(shop: None) -> None:
    """A stored path is no licence to delete anything."""
    Note.objects.filter(door__customer_id=ANNA).update(path="../../etc/passwd")
    with pytest.raises(ErasureRefused):
        erase_people([ANNA], run_id=RUN)


def test_append_only_tables_are_told_the_run(shop: None) -> None:
    """A trigger may ask for it; afterwards the door is shut."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION shop_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF current_setting('akkoord.erasing', true) IS DISTINCT FROM %s"
            " THEN RAISE 'not told'; END IF; RETURN NEW; END $$",
            [str(RUN)],
        )
        cursor.execute(
            "CREATE TRIGGER told BEFORE UPDATE ON shop_sending"
            " FOR EACH ROW EXECUTE FUNCTION shop_told()"
        )
        erase_people([ANNA], run_id=RUN)
        cursor.execute("SELECT current_setting('akkoord.erasing', true)")
        assert cursor.fetchone() == ("",)


def test_the_catalogue_is_made_from_the_declarations(
    shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And from the sources that rooms register."""
    field = catalogue()["shop_given"]
    assert (field.table, field.column, field.path) == ("shop_customer", "given", "id")
    assert field.may_serve("dpv:ServiceProvision")
    assert not field.may_serve("dpv:DirectMarketing")
    own = CatalogueField("own_colour", "t", "value", "pd:Preference", (), "person_id", "Colour")
    monkeypatch.setattr("akkoord.datamap.fields._sources", [lambda: [own]])
    assert catalogue()["own_colour"] is own


def test_every_term_of_the_vocabulary_has_an_address_and_a_name() -> None:
    """For the register's exports and for screens."""
    for key in (*CATEGORIES, *PURPOSE_CLASSES):
        assert iri(key).startswith("https://w3id.org/dpv")
    assert iri("pd:GivenName") == "https://w3id.org/dpv/pd#Name"


def test_a_registry_keeps_its_order() -> None:
    """By order, then by when a thing was added; once each."""
    registry = Registry[str]()
    registry.add("b")
    registry.add("c", order=200)
    registry.add("a", order=1)
    registry.add("b")
    assert list(registry) == ["a", "b", "c"]
