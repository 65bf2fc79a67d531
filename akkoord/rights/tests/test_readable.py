"""What a person reads of their data: words in both languages, never a column's name or a code."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.tests.factories import make_point
from akkoord.datamap.column_words import is_technical
from akkoord.datamap.declaration import Declaration, personal_stores
from akkoord.datamap.export import _exported_columns
from akkoord.datamap.labels import store_label, written_label
from akkoord.imports.models import Import, PendingEvidence
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.rights.export import export_document
from akkoord.rights.shown import shown_stores
from akkoord.rights.tests.factories import NOW, plant_person
from akkoord.rights.words import store_word

STORES = personal_stores()
LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("store", STORES, ids=[each.table for each in STORES])
def test_every_exported_column_is_called_something_in_both_languages(store: Declaration) -> None:
    """A column that is new needs a word: in `column_words`, or as `Column.label`."""
    said: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with override(language):
            for column in _exported_columns(store, portable=False, opens=True):
                label = str(written_label(store, column.name))
                assert label, f"{store.table}.{column.name} is called nothing"
                assert column.label != column.name
                assert "_" not in label
                said.setdefault(column.name, {})[language] = label
    for name, words in said.items():
        assert words["nl"] != words["en"] or len(words["nl"]) < 8, f"{name}: {words}"
    for language in LANGUAGES:
        shown = [words[language].lower() for name, words in said.items() if not is_technical(name)]
        assert len(shown) == len(set(shown)), f"{store.table} says one thing twice: {shown}"


@pytest.mark.parametrize("store", STORES, ids=[each.table for each in STORES])
def test_every_store_is_called_something_in_both_languages(store: Declaration) -> None:
    words = set()
    for language in LANGUAGES:
        with override(language):
            words.add(store_word(store.table, store_label(store)))
    assert len(words) == 2, words


@pytest.mark.django_db(transaction=True)
def test_codes_are_words_and_numbers_stand_apart() -> None:
    person = plant_person()
    with override("nl"):
        stores = shown_stores(person)
    facts = [fact for store in stores for record in store.records for fact in record.facts]
    values = {str(fact.value) for fact in facts}
    assert not [value for value in values if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", value)]
    assert not values & {"given", "confirmed", "sent", "email", "permission-event", "True", "nl"}
    assert "Nederlands" in values
    assert {"Voornaam", "Postcode"} <= {fact.label for fact in facts}
    assert stores[0].label == "Naam en taal"
    assert any(record.technical for store in stores for record in store.records)


@pytest.mark.django_db(transaction=True)
def test_the_page_folds_and_the_file_says_the_same_words() -> None:
    person = plant_person()
    staff = Client(headers={"accept-language": "nl"})
    staff.force_login(
        make_staff(email="lezer@fietsen.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    page = staff.get(reverse("rights:keep", args=[person.id])).content.decode()
    assert page.count('class="card holding"') >= 6
    assert page.count('class="card holding" open') == 1
    assert "Technisch" in page
    file = json.loads(
        staff.post(reverse("rights:export", args=[person.id]), {"who": "person"}).content
    )
    labels = {
        column["label"]
        for store in file["stores"]
        for column in store["columns"]
        if not column["technical"]
    }
    assert {"Voornaam", "Achternaam", "Hoe het ervoor staat"} <= labels
    shown = set(re.findall(r"<dt>([^<]+)</dt>", page))
    assert labels & shown


@pytest.mark.django_db(transaction=True)
def test_proof_is_told_in_words_and_exported_as_it_is_built() -> None:
    make_organisation()
    make_topic()
    point = make_point("ann@example.nl")
    event = {"row": 26, "optin_ip": "203.0.113.0", "optin_time": "2023-10-15 05:43:42"}
    PendingEvidence.objects.create(
        import_file=Import.objects.create(
            file_name="mensen.csv", layout="mailchimp", started_at=NOW
        ),
        person=point.person,
        contact_point=point,
        row=26,
        reason="wording-not-declared",
        evidence=event,
    )
    with override("nl"):
        stores = {each.label: each for each in shown_stores(point.person)}
    (record,) = stores["Bewijs uit een bestand"].records
    told = {fact.label: fact.value for fact in record.facts}
    assert told["Aangemeld vanaf IP-adres, ingekort"] == "203.0.113.0"
    assert told["Bestand"] == "mensen.csv"
    assert told["Welk adres"] == "ann@example.nl"
    document = export_document(point.person, at=NOW)
    kept = next(each for each in document["stores"] if each["store"] == "imports_pendingevidence")
    assert kept["rows"][0]["evidence"] == event
