"""A signed list as evidence for a group: line by line, set-based."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from akkoord.accounts.actions import create_staff
from akkoord.consent.evidence_files import keep_file
from akkoord.consent.list_forms import read_lines
from akkoord.consent.lists import SignedList, find_people, match_list
from akkoord.consent.models import EvidenceFile, EvidenceRow, PermissionEvent, Standing
from akkoord.consent.notices import declare_wording
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.row_sources import TypedRow, row_choices
from akkoord.consent.suppression import suppress
from akkoord.consent.tests import factories as make
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.models import Import, PendingEvidence
from akkoord.law.reasons import Reason
from akkoord.people.models import Person
from akkoord.permission.queries import ask

pytestmark = pytest.mark.django_db
SIGNED = make.NOW - timedelta(days=3)


@pytest.fixture
def topic():
    make.make_organisation()
    return make.make_topic()


@pytest.fixture
def sheet(topic):
    notice = declare_wording(text="Ja, mail mij.", source="Open dag", actor=make.STAFF, at=make.NOW)
    return SignedList(
        file=keep_file(make.PDF, person_id=None, actor=make.STAFF, at=make.NOW),
        version=make.version_of(topic),
        signed_at=SIGNED,
        notice=notice,
    )


def match(sheet, *rows):
    return match_list(sheet=sheet, rows=rows, at=make.NOW, actor=make.STAFF)


def row(number, address, name="Anna Bakker"):
    return TypedRow(number, name, address)


def test_lines_are_read_as_they_stand_on_the_sheet() -> None:
    text = "Anna Bakker, anna@example.nl\n\nBram\tbram@example.nl\n<c@example.nl> Carla\nDaan"
    assert read_lines(text) == [
        TypedRow(1, "Anna Bakker", "anna@example.nl"),
        TypedRow(3, "Bram", "bram@example.nl"),
        TypedRow(4, "Carla", "c@example.nl"),
        TypedRow(5, "Daan", ""),
    ]


def test_inv07_each_event_names_the_file_and_the_line(sheet, topic) -> None:
    known = make.make_point()
    matched = match(sheet, row(2, "Anna@example.nl"), row(7, "new@example.nl", "Bram de Vries"))
    assert (matched.agreed, matched.left) == (2, ())
    events = {event.evidence["row"]: event for event in PermissionEvent.objects.all()}
    assert events[2].evidence["file"] == str(sheet.file.id)
    assert events[2].evidence["file_sha256"] == sheet.file.sha256
    assert (events[2].method, events[2].actor_ref) == ("paper", make.STAFF.id)
    assert events[2].person_ref == known.person_id
    new = Person.objects.get(id=events[7].person_ref)
    assert (new.given_name, new.family_name) == ("Bram", "de Vries")
    assert EvidenceRow.objects.count() == 2
    assert Standing.objects.filter(state="given").count() == 2
    assert list(standing_faults()) == []


def test_lines_that_were_not_matched_stay_unmailable(sheet, topic) -> None:
    other = make.make_point("other@example.nl")
    match(sheet, row(1, "anna@example.nl"))
    answer = ask([other.id], topic, "email", at=make.NOW)[other.id]
    assert answer.reason is Reason.NO_BASIS


@pytest.mark.parametrize("days", [1, 9])
def test_inv05_a_no_after_the_signature_stays(sheet, topic, days) -> None:
    point = make.make_point()
    no_at = make.NOW - timedelta(days=days)
    suppress(
        keyed_hash=keyed_hash("anna@example.nl"),
        channel="email",
        reason="objection",
        at=no_at,
        actor=make.STAFF,
    )
    matched = match(sheet, row(1, "anna@example.nl"))
    is_later = no_at > SIGNED
    assert matched.left == ((1,) if is_later else ())
    allowed = ask([point.id], topic, "email", at=make.NOW)[point.id].allowed
    assert allowed is not is_later


def test_inv14_a_known_child_does_not_agree_by_a_list(sheet) -> None:
    make.make_point()
    Person.objects.update(is_known_child=True)
    assert match(sheet, row(1, "anna@example.nl")).left == (1,)


def test_a_person_stands_on_a_list_once(sheet) -> None:
    assert match(sheet, row(1, "a@example.nl"), row(2, "A@example.nl")).left == (2,)
    assert match(sheet, row(1, "a@example.nl"), row(1, "b@example.nl")).agreed == 0
    assert EvidenceRow.objects.count() == 1


def test_inv12_words_of_another_topic_carry_nothing(sheet, topic) -> None:
    shown = make.make_form(make.make_topic("other"))
    wrong = SignedList(sheet.file, sheet.version, SIGNED, shown.notice, shown)
    with pytest.raises(ConsentRefused):
        match(wrong, row(1, "anna@example.nl"))
    assert not PermissionEvent.objects.exists()


def test_as_many_statements_for_many_lines_as_for_few(sheet, django_assert_max_num_queries) -> None:
    rows = [row(number, f"p{number}@example.nl") for number in range(1, 201)]
    with django_assert_max_num_queries(45):
        assert match(sheet, *rows).agreed == 200
    with django_assert_max_num_queries(2):
        find_people(rows)


# ---- the pages ----


@pytest.fixture
def staff(client, topic):
    owner = create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")
    client.force_login(owner)
    return client


def data_of(topic, **values):
    return {
        "scan": SimpleUploadedFile("lijst.pdf", make.PDF),
        "topic": str(topic.id),
        "signed_on": "2026-01-02T10:00",
        "words": "typed",
        "wording": "Ja, mail mij.",
        "source": "",
        "lines": "Anna Bakker, anna@example.nl\nBram, bram@example.nl\nCarla",
    } | values


def test_staff_enter_a_list_and_tick_line_by_line(staff, topic) -> None:
    make.make_point("bram@example.nl")
    assert staff.get(reverse("consent:list_create")).status_code == 200
    page = staff.post(reverse("consent:list_create"), data_of(topic))
    text = page.content.decode()
    assert page.status_code == 200
    assert "checked" not in text  # nothing is ticked beforehand
    assert 'value="3"' not in text  # a line without an address cannot be ticked
    file = EvidenceFile.objects.get()
    posted = {
        "terms": page.context["terms"],
        "ticked": ["2"],
        "name-2": "Bram",
        "address-2": "bram@example.nl",
        "name-1": "Anna Bakker",
        "address-1": "anna@example.nl",
    }
    answer = staff.post(reverse("consent:list_match", args=[file.id]), posted)
    assert answer.status_code == 302
    assert PermissionEvent.objects.get().evidence["row"] == 2
    assert not Person.objects.filter(given_name="Anna").exists()


def test_terms_of_a_page_cannot_be_changed(staff, topic, sheet) -> None:
    url = reverse("consent:list_match", args=[sheet.file.id])
    assert staff.post(url, {"terms": "made up", "ticked": ["1"]}).status_code == 302
    assert not PermissionEvent.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"lines": ""}, "lines"),
        ({"lines": "a@example.nl\n" * 301}, "lines"),
        ({"scan": SimpleUploadedFile("x.pdf", b"<html>")}, "scan"),
        ({"wording": ""}, "wording"),
        ({"signed_on": "2099-01-01T10:00"}, "signed_on"),
    ],
)
def test_bad_input_is_told_at_the_field(staff, topic, values, field) -> None:
    page = staff.post(reverse("consent:list_create"), data_of(topic, **values))
    assert f"id_{field}_error" in page.content.decode()
    assert not EvidenceFile.objects.exists()


def test_people_of_a_file_who_wait_are_lines_to_match(staff, topic, sheet) -> None:
    point = make.make_point()
    Person.objects.update(given_name="Anna", judge_by=make.NOW.date())
    record = Import.objects.create(file_name="beurs.csv", started_at=make.NOW)
    PendingEvidence.objects.create(
        import_file=record,
        person=point.person,
        contact_point=point,
        row=4,
        reason="wording-not-declared",
    )
    choice = f"import:{record.id}"
    assert choice in dict(row_choices())
    page = staff.post(reverse("consent:list_create"), data_of(topic, source=choice, lines=""))
    assert page.context["found"][0].row == TypedRow(4, "Anna", "anna@example.nl")
    match(sheet, page.context["found"][0].row)
    assert not PendingEvidence.objects.exists()
    assert Person.objects.get().judge_by is None
