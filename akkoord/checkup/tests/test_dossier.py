"""The register in the dossier: a document to read, and every version of it (art. 30)."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pypdfium2
import pytest
from django.db import connection
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from akkoord.checkup.dossier import write_dossier
from akkoord.register.companies import change_company, enter_company
from akkoord.register.hand import (
    change_activity,
    choose_recipients,
    publish_activity,
)
from akkoord.register.tests.factories import NOW, answered_example, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.system()


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    """A shop with a topic, and words in Dutch."""
    make_organisation()
    make_topic()
    with translation.override("nl"):
        yield


def test_the_dossier_has_the_register_as_a_document_and_every_version_of_it() -> None:
    """A PDF with contents, a spreadsheet, linked data; who changed what stays without names."""
    made = answered_example(example_key="payroll", at=NOW, actor=STAFF)
    publish_activity(key=made.key, at=NOW, actor=STAFF)
    company = enter_company(
        values={"name": "Loonkantoor Voorbeeld", "country": "NL", "contract_on": NOW.date()},
        at=NOW,
        actor=STAFF,
    )
    choose_recipients(
        key=made.key,
        wanted={company.key},
        reason="Het loonkantoor erbij.",
        at=NOW,
        actor=STAFF,
    )
    connection.check_constraints()
    change_activity(
        key=made.key, values={"term_nl": "Acht jaar."}, reason="Langer nodig.", at=NOW, actor=STAFF
    )
    connection.check_constraints()
    change_company(
        recipient_id=company.id,
        values={"country": "BE"},
        reason="Verhuisd naar Gent.",
        at=NOW,
        actor=STAFF,
    )
    connection.check_constraints()
    now = timezone.now()
    twice = [BytesIO(), BytesIO()]
    for out in twice:
        write_dossier(out, at=now)
    with ZipFile(twice[0]) as archive, ZipFile(twice[1]) as again:
        for name in ("register.xlsx", "register.jsonld", "history.csv"):
            assert archive.read(f"register/{name}") == again.read(f"register/{name}")
        book = pypdfium2.PdfDocument(archive.read("register/register.pdf"))
        assert any("Lonen en personeel" in each.get_title() for each in book.get_toc())
        table = CalamineWorkbook.from_filelike(BytesIO(archive.read("register/register.xlsx")))
        assert made.key in [row[0] for row in table.get_sheet_by_index(0).to_python()]
        linked = json.loads(archive.read("register/register.jsonld"))
        assert f"urn:akkoord:activity:{made.key}" in {each["@id"] for each in linked["@graph"]}
        history = archive.read("register/history.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(StringIO(history), delimiter=";"))
    told = {
        tuple(each[name] for name in ("kind", "code", "why", "before", "after")) for each in lines
    }
    assert ("company", company.key, "Verhuisd naar Gent.", "NL", "BE") in told
    assert any(
        kind == "activity" and why == "Langer nodig." and after == "Acht jaar."
        for kind, _code, why, _before, after in told
    )
    assert {each["kind"] for each in lines} == {"activity", "company", "house"}
    assert all(len(each["seal"]) == 64 for each in lines)
    old = BytesIO()
    write_dossier(old, at=NOW - timedelta(days=400))
    with ZipFile(old) as archive:
        assert made.key.encode() not in archive.read("register/register.jsonld")
        assert archive.read("register/history.csv").decode("utf-8-sig").count("\n") == 1
