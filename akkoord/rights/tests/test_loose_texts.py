"""What somebody called a file may name a person, and is emptied when that person goes (INV-35)."""

from typing import Any

import pytest

from akkoord.consent.models import Notice
from akkoord.datamap.needles import needles_of
from akkoord.imports.models import ColumnMapping, Import
from akkoord.people.models import Person
from akkoord.people.tests.factories import make_person, make_point
from akkoord.rights.certificate import Certificate
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.rights.prove import look_everywhere
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db(transaction=True)


def make_import(name: str, **more: Any) -> Import:
    return Import.objects.create(
        file_name=name, layout="plain", source="own-signup", started_at=NOW, **more
    )


def anna() -> Person:
    person = make_person(given_name="Anna", family_name="de Wit", customer_number="K104433")
    make_point(person=person, email="anna@example.nl")
    return person


def forget_person(person: Person) -> Certificate:
    return forget(person_id=person.id, by=ErasureRun.By.PERSON, actor=STAFF, at=NOW)


@pytest.mark.parametrize(
    "name",
    [
        "anna@example.nl.csv",
        "zie anna@example.nl.csv van maandag",
        "lijst ANNA@example.nl",
        "Bestelling Anna de Wit.csv",
        "wit_anna-de-wit_2026.xlsx",
        "de Wit, Anna.pdf",
        "klant K104433.csv",
    ],
)
def test_inv35_a_file_that_is_called_after_somebody_loses_its_name(name: str) -> None:
    person, record = anna(), make_import(name)
    certificate = forget_person(person)
    assert certificate.run.state == ErasureRun.State.CLEAN
    assert certificate.erased["imports_import"] == 1
    record.refresh_from_db()
    assert record.file_name == "…"


def test_inv35_tables_columns_and_declared_words_as_well_and_nothing_else() -> None:
    person = anna()
    record = make_import(
        "mensen.zip",
        parts=[{"name": "anna@example.nl.csv", "rows": 3}, {"name": "bo.csv", "rows": 2}],
        ignored=["Anna de Wit.pdf", "leesmij.txt"],
        dropped_columns=["mail van anna@example.nl", "Hobby"],
        sales={"other_sellers": {"Anna de Wit": 2, "Fietsenmaker Bo": 1}},
    )
    mapping = ColumnMapping.objects.create(
        fingerprint="a", layout="plain", columns={"email": "anna@example.nl"}, saved_at=NOW
    )
    notice = Notice.objects.create(
        kind="declared",
        language="nl",
        text="Ja.",
        sha256="0",
        is_declared=True,
        declared_for="anna@example.nl",
        declared_by=record.id,
        created_at=NOW,
    )
    certificate = forget_person(person)
    assert certificate.run.findings == []
    for each in (record, mapping, notice):
        each.refresh_from_db()
    assert record.file_name == "mensen.zip"
    assert record.parts == [{"name": "…", "rows": 3}, {"name": "bo.csv", "rows": 2}]
    assert record.ignored == ["…", "leesmij.txt"]
    assert record.dropped_columns == ["…", "Hobby"]
    assert record.sales == {"other_sellers": {"…": 2, "Fietsenmaker Bo": 1}}
    assert mapping.columns == {"email": "…"}
    assert notice.declared_for == "…"


def test_a_file_that_is_called_after_others_keeps_its_name() -> None:
    person, record = anna(), make_import("Anna Bakker, anna@example.nl.nu en Bo de Wit.csv")
    forget_person(person)
    record.refresh_from_db()
    assert record.file_name.startswith("Anna Bakker")


def test_a_name_that_came_after_the_erasure_is_emptied_before_it_is_held_against_us() -> None:
    person = anna()
    needles = needles_of([person.id])
    make_import("lijst van anna@example.nl")
    assert not look_everywhere(needles).is_clean
    assert forget_person(person).run.state == ErasureRun.State.CLEAN
