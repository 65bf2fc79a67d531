"""Own fields and notes of a file: what the register admits, screened before it is stored."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from akkoord.accounts.models import Staff
from akkoord.consent.actions import restrict_person
from akkoord.datamap.keys import check_keys
from akkoord.imports.actions import ImportOrder
from akkoord.imports.models import Import, SensitiveDecision
from akkoord.imports.provisional import spool_of, table_of
from akkoord.imports.quarantine import decide
from akkoord.imports.receiving import receive_upload
from akkoord.imports.tests.factories import AT, WORDING, bring_bytes, make_owner
from akkoord.imports.undo import forget_made_people, undo_import, what_undo_does
from akkoord.imports.unfinished import texts_of
from akkoord.imports.upload import bring_in_upload, choose_columns, run_upload
from akkoord.people.models import OwnFieldValue, Person, PostalAddress
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.models import PersonalDataField, Purpose
from akkoord.register.own_fields import admit_field
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.retention.models import LegalHold
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
HEADER = "Email Address,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID"
PROVEN = "2024-01-02 10:00:00,84.1.2.3,2024-01-02 11:00:00,84.1.2.9,1"
BSN = "111222333"


@pytest.fixture
def topic(settings: Any, tmp_path: Path) -> Purpose:
    settings.DATA_DIR = tmp_path / "data"  # what waits there is nobody else's
    settings.DATA_DIR.mkdir()
    check_keys()
    make_organisation()
    return make_topic()


@pytest.fixture
def owner() -> Staff:
    return make_owner()


def own_field(
    topic: Purpose, key: str, name: str, *, kind: str = "text", **more: object
) -> PersonalDataField:
    field = PersonalDataField.objects.create(
        key=key,
        name_nl=name,
        name_en=name,
        category="pd:PersonalInformation",
        is_own=True,
        value_kind=kind,
        created_at=AT,
        **more,
    )
    admit_field(
        activity_key=topic.activity_key,
        field_key=key,
        why_nl="Om te schrijven over wat past.",
        why_en="To write about what fits.",
        at=AT,
        actor=Actor.system(),
    )
    return field


def file_with(column: str, *cells: str, proof: str = PROVEN) -> bytes:
    rows = [f'{chr(97 + n)}@example.nl,Ann,{proof},"{cell}"' for n, cell in enumerate(cells)]
    return "\n".join([f"{HEADER},{column}", *rows]).encode()


def stored() -> set[str]:
    return set(OwnFieldValue.objects.values_list("value", flat=True))


def test_it_works(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    own_field(topic, "framemaat", "Framemaat")
    report = bring_bytes(
        file_with("Framemaat", "52", "54"), "leden.csv", tmp_path, owner, wording=WORDING
    )
    assert stored() == {"52", "54"}
    assert report.as_json()["own_fields"] == {"kept": 2, "left_out_rows": 0}
    assert "Framemaat" not in report.dropped_columns


def test_inv31_a_column_that_the_topic_does_not_need_stays_out(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    other = make_topic("acties")
    own_field(other, "framemaat", "Framemaat")
    report = bring_bytes(
        file_with("Framemaat", "52"),
        "leden.csv",
        tmp_path,
        owner,
        wording=WORDING,
        topic_slug=topic.slug,
    )
    assert not stored()
    assert "Framemaat" in report.dropped_columns


def test_inv31_without_a_yes_there_is_nothing_to_keep_it_for(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "framemaat", "Framemaat")
    report = bring_bytes(file_with("Framemaat", "52"), "leden.csv", tmp_path, owner)
    assert not stored()
    assert report.as_json()["own_fields"] == {"kept": 0, "left_out_rows": 1}


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("diabetes", "health"),
        ("belt graag, is katholiek", "religion"),
        (f"bsn {BSN}", "bsn"),
        ("rekening NL91ABNA0417164300", "iban"),
        ("paspoort NPR4K2L81", "id-document"),
        ("zat in de gevangenis", "criminal"),
    ],
)
def test_inv32_a_note_with_sensitive_data_is_never_stored_and_its_column_waits(
    tmp_path: Path, topic: Purpose, owner: Staff, cell: str, kind: str
) -> None:
    own_field(topic, "notes", "Notities")
    report = bring_bytes(
        file_with("Notities", "houdt van fietsen", cell),
        "leden.csv",
        tmp_path,
        owner,
        wording=WORDING,
    )
    assert not stored()
    (found,) = [each for each in report.sensitive if each["column"] == "Notities"]
    assert kind in found["classes"]
    assert found["quarantined"]


def test_inv32_after_the_decision_the_rest_of_the_column_comes_in(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "notes", "Notities")
    decide(
        layout="mailchimp",
        column="Notities",
        kind=SensitiveDecision.Kind.CELLS_OUT,
        classes=[],
        at=AT,
        actor=Actor.staff(owner.pk),
    )
    content = file_with("Notities", "houdt van fietsen", "diabetes", f"bsn {BSN}")
    bring_bytes(content, "leden.csv", tmp_path, owner, wording=WORDING)
    assert stored() == {"houdt van fietsen"}


def test_inv32_a_column_of_bare_bsns_is_found_by_their_number(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "code", "Code")
    bsns = ("111222333", "123456782", "999999990", "010464554", "232262536", "216366593")
    report = bring_bytes(file_with("Code", *bsns), "leden.csv", tmp_path, owner, wording=WORDING)
    assert not stored()
    assert [each["column"] for each in report.sensitive if each["quarantined"]] == ["Code"]


def test_inv32_a_number_is_looked_at_as_well(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    own_field(topic, "number", "BSN", kind="number")
    bring_bytes(file_with("BSN", BSN), "leden.csv", tmp_path, owner, wording=WORDING)
    assert not stored()


def test_a_value_of_another_kind_stays_behind(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    own_field(topic, "since", "Sinds", kind="date")
    content = file_with("Sinds", "02-03-2021", "2022-04-05", "ooit")
    bring_bytes(content, "leden.csv", tmp_path, owner, wording=WORDING)
    assert stored() == {"2021-03-02", "2022-04-05"}


def test_a_choice_is_one_of_its_words_in_either_language(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    own_field(
        topic,
        "kleur",
        "Kleur",
        kind="choice",
        choices_nl=["rood", "blauw"],
        choices_en=["red", "blue"],
    )
    content = file_with("Kleur", "Rood", "blue", "paars")
    bring_bytes(content, "leden.csv", tmp_path, owner, wording=WORDING)
    assert stored() == {"rood", "blauw"}


def test_a_formula_is_no_value(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    own_field(topic, "notes", "Notities")
    content = file_with("Notities", "=HYPERLINK(1)", "gewoon")
    bring_bytes(content, "leden.csv", tmp_path, owner, wording=WORDING)
    assert stored() == {"gewoon"}


def test_nothing_known_is_overwritten(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    field = own_field(topic, "framemaat", "Framemaat")
    point = make_point(make_person(), value="a@example.nl", normalised="a@example.nl")
    OwnFieldValue.objects.create(person=point.person, field=field, value="60", updated_at=AT)
    bring_bytes(file_with("Framemaat", "52"), "leden.csv", tmp_path, owner, wording=WORDING)
    assert stored() == {"60"}


def test_undo_takes_the_values_back_and_forgets_whom_it_made(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "framemaat", "Framemaat")
    known = make_point(make_person(), value="a@example.nl", normalised="a@example.nl")
    bring_bytes(file_with("Framemaat", "52", "54"), "leden.csv", tmp_path, owner, wording=WORDING)
    record = Import.objects.get()
    undo_import(import_id=record.id, at=AT, actor=Actor.staff(owner.pk))
    forget_made_people(import_id=record.id, at=AT)
    assert not stored()
    assert list(Person.objects.all()) == [known.person]


@pytest.mark.parametrize("how", ["held", "frozen"])
def test_inv38_undo_leaves_the_answers_and_addresses_of_who_is_held_or_frozen(
    tmp_path: Path, topic: Purpose, owner: Staff, how: str
) -> None:
    """They may be what the claim or quarrel is about (art. 17(3)(e), 18); the others' go."""
    own_field(topic, "framemaat", "Framemaat")
    known = make_point(make_person(), value="a@example.nl", normalised="a@example.nl").person
    bring_bytes(file_with("Framemaat", "52", "54"), "leden.csv", tmp_path, owner, wording=WORDING)
    record = Import.objects.get()
    other = Person.objects.exclude(id=known.id).get()
    for person in (known, other):
        home = {"street": "Kade", "house_number": "1", "postcode": "1234 AB", "city": "Delft"}
        PostalAddress.objects.create(person=person, created_at=record.ended_at, **home)
    keep(known, how)
    undo_import(import_id=record.id, at=AT, actor=Actor.staff(owner.pk))
    assert stored() == {"52"}
    assert [each.person_id for each in PostalAddress.objects.all()] == [known.id]


@pytest.mark.parametrize("how", ["held", "frozen"])
def test_inv38_undo_never_forgets_who_is_held_or_frozen_although_the_file_made_them(
    tmp_path: Path, topic: Purpose, owner: Staff, how: str
) -> None:
    own_field(topic, "framemaat", "Framemaat")
    bring_bytes(file_with("Framemaat", "52", "54"), "leden.csv", tmp_path, owner, wording=WORDING)
    record = Import.objects.get()
    known = Person.objects.order_by("id")[0]
    keep(known, how)
    assert (what_undo_does(record).going, what_undo_does(record).staying) == (1, 1)
    undo_import(import_id=record.id, at=AT, actor=Actor.staff(owner.pk))
    forget_made_people(import_id=record.id, at=AT)
    assert list(Person.objects.all()) == [known]
    assert len(stored()) == 1


def keep(person: Person, how: str) -> None:
    """Held for a legal claim, or frozen."""
    if how == "held":
        LegalHold.objects.create(person=person, reason="Zaak 7", put_at=AT)
    else:
        restrict_person(person_id=person.id, actor=Actor.system(), at=AT)


def upload(content: bytes, owner: Staff, **roles: str) -> Import:
    """Through the wizard until it was looked through; `roles`: what staff change a column into."""
    actor = Actor.staff(owner.pk)
    order = ImportOrder(file_name="leden.csv", wording=WORDING, is_dry_run=True)
    record = receive_upload(BytesIO(content), order=order, at=AT, actor=actor)
    choices = [
        part["roles"] | {role: part["header"].index(name) for name, role in roles.items()}
        for part in record.parts
    ]
    choose_columns(import_id=record.id, choices=choices, at=AT, actor=actor)
    run_upload(import_id=record.id, at=AT)
    record.refresh_from_db()
    return record


def bring_in(record: Import) -> None:
    bring_in_upload(import_id=record.id)
    run_upload(import_id=record.id, at=AT)
    record.refresh_from_db()


def test_inv32_the_wizard_writes_no_sensitive_note_down_anywhere(
    topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "notes", "Opmerking")
    content = file_with("Notities", "houdt van fietsen", "diabetes", f"bsn {BSN}")
    record = upload(content, owner, Notities="own:notes")
    waiting = "".join([*texts_of(table_of(record.id)), *texts_of(spool_of(record.id))])
    assert "a@example.nl" in waiting
    assert "diabetes" not in waiting
    assert BSN not in waiting
    assert [each["column"] for each in record.sensitive if each["quarantined"]] == ["Notities"]
    bring_in(record)
    assert record.created == 3
    assert not stored()


def test_inv32_the_wizard_finds_bare_bsns_that_staff_call_a_field(
    topic: Purpose, owner: Staff
) -> None:
    own_field(topic, "code", "Klantcode")
    bsns = ("111222333", "123456782", "999999990", "010464554", "232262536", "216366593")
    record = upload(file_with("Nr", *bsns), owner, Nr="own:code")
    assert [each["column"] for each in record.sensitive if each["quarantined"]] == ["Nr"]
    bring_in(record)
    assert not stored()


def test_the_wizard_brings_an_own_field(topic: Purpose, owner: Staff) -> None:
    own_field(topic, "framemaat", "Framemaat")
    record = upload(file_with("Framemaat", "52", "54"), owner)
    assert not stored()
    bring_in(record)
    assert stored() == {"52", "54"}
    assert record.besides == {"values": 2}
