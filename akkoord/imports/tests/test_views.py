"""The wizard: where from, columns, preview, result, undo; refusals at the field."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.consent.models import PermissionEvent
from akkoord.imports.models import ColumnMapping, Import, SensitiveDecision
from akkoord.imports.provisional import folder, spool_of, table_of
from akkoord.imports.tests import samples
from akkoord.imports.tests.factories import AT, WORDING, make_owner
from akkoord.imports.upload import run_upload
from akkoord.people.models import ContactPoint, Person
from akkoord.register.actions import end_topic
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db

LEAK = samples.table(
    ["E-mail", "Voornaam", "Achternaam", "Notitie", "Van IP"],
    ["a@example.nl", "Ann", "BSN 111222333", "heeft suikerziekte", "198.51.100.77"],
    ["b@example.nl", "Bo", "Smits", "belt liever, gezien op 198.51.100.78", "2001:db8:1:2::3"],
)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


@pytest.fixture
def owner(topic: Purpose) -> Staff:
    return make_owner()


@pytest.fixture
def staff(owner: Staff, client: Client) -> Client:
    client.force_login(owner)
    client.cookies["django_language"] = "nl"
    return client


def send(client: Client, content: bytes, name: str = "lijst.csv", **more: Any) -> Any:
    stream = BytesIO(content)
    stream.name = name
    data = {"file": stream, "source": "own-signup", "topic": "nieuwsbrief", "wording": WORDING}
    return client.post(reverse("imports:index"), data | more)


def choose(client: Client, record: Import, **more: str) -> Any:
    fields = {
        f"c{number}-{place}": role
        for number, part in enumerate(record.parts)
        for role, place in part["roles"].items()
    }
    return client.post(reverse("imports:columns", args=[record.id]), fields | more)


def look_through(client: Client, content: bytes, **more: Any) -> Import:
    answer = send(client, content, **more)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    record = Import.objects.latest("started_at")
    assert choose(client, record).status_code == 302
    run_upload(import_id=record.id, at=timezone.now())
    record.refresh_from_db()
    return record


def page(client: Client, name: str, record: Import) -> str:
    answer = client.get(reverse(f"imports:{name}", args=[record.id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sheet_goes_through_the_four_steps(staff: Client) -> None:
    record = look_through(
        staff, samples.LAPOSTA, name="relaties.xlsx", source="other-system", system="laposta"
    )
    assert record.state == Import.State.CHECKED
    shown = page(staff, "detail", record)
    assert "bewijs@example.nl" in shown
    assert "meldde zich aan, 8 okt 2025" in shown
    assert not Person.objects.exists()
    staff.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    record.refresh_from_db()
    assert (record.state, record.created, record.may_be_mailed) == (Import.State.DONE, 6, 1)
    assert record.spool_key is None
    assert not list(folder().glob(f"{record.id}.*"))
    assert "Het bestand is binnen" in page(staff, "detail", record)
    result = staff.get(reverse("imports:report", args=[record.id])).content.decode()
    assert "unknown-status" in result
    assert "@" not in result


def test_a_bought_list_is_refused_with_reason_article_and_the_lawful_way(staff: Client) -> None:
    answer = send(staff, samples.BREVO, source="bought").content.decode()
    assert "Een gekochte lijst mag u niet mailen" in answer
    assert "Tw 11.7" in answer
    assert reverse("consent:forms") in answer
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"PK\x03\x04rubbish", "geen tabel"),
        (samples.workbook(samples.cell("A9000000", "x")), "te groot"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "wachtwoord"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_at_the_field(
    staff: Client, content: bytes, words: str
) -> None:
    before = set(folder().glob("*.*"))  # of other tests
    answer = send(staff, content)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Import.objects.exists()
    assert set(folder().glob("*.*")) == before


def test_another_system_must_be_named_and_a_period_runs_forwards(staff: Client) -> None:
    answer = send(
        staff, LEAK, source="other-system", first_day="2025-02-01", last_day="2025-01-01"
    ).content.decode()
    assert "Kies uit welk systeem" in answer
    assert "De laatste dag ligt voor de eerste" in answer


def test_inv32_sensitive_cells_and_whole_ip_addresses_never_reach_the_disk(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal is taken off, so that the test can read what would stand there."""
    tag = bytes(16)
    sealing = "akkoord.datamap.sealed_stream.AESGCM"
    monkeypatch.setattr(f"{sealing}.encrypt", lambda _s, _n, data, _a: data + tag)
    monkeypatch.setattr(f"{sealing}.decrypt", lambda _s, _n, data, _a: data[: -len(tag)])
    record = look_through(staff, LEAK)
    for path in (table_of(record.id), spool_of(record.id)):
        written = path.read_text(errors="replace")
        for secret in ("111222333", "suikerziekte", "198.51.100.77", "100.78", "1:2::3"):
            assert secret not in written
    assert "198.51.100.0" in table_of(record.id).read_text(errors="replace")
    assert "Smits" not in spool_of(record.id).read_text(errors="replace")  # the column is held


def test_the_provisional_file_is_sealed(staff: Client) -> None:
    record = look_through(staff, LEAK)
    assert b"example" not in table_of(record.id).read_bytes()
    assert b"example" not in spool_of(record.id).read_bytes()
    assert spool_of(record.id).stat().st_mode & 0o077 == 0


def test_inv32_a_column_is_held_until_somebody_with_the_right_decides(
    staff: Client, owner: Staff
) -> None:
    record = look_through(staff, LEAK)
    held = {each["column"]: each for each in record.sensitive}
    assert held["Achternaam"]["quarantined"]
    assert held["Notitie"]["classes"] == {"health": 1}
    assert not held["Notitie"]["kept"]
    place = str([each["column"] for each in record.sensitive].index("Achternaam"))
    url = reverse("imports:decide_column", args=[record.id])
    exception = {"kind": "exception", "reason": "Zij vroegen erom", "finding": place}
    staff.post(url, exception)  # that is for the exception of a field of its own
    assert not SensitiveDecision.objects.exists()
    marketer = Client()
    marketer.force_login(make_owner("marketer", "m@fietsen.example"))
    assert marketer.post(url, {"kind": "cells-out", "finding": place}).status_code == 403
    staff.post(url, {"kind": "cells-out", "reason": "", "finding": place})
    decision = SensitiveDecision.objects.get()
    assert (decision.column, decision.classes, decision.by_staff) == ("achternaam", [], owner.pk)
    choose(staff, record)
    run_upload(import_id=record.id, at=timezone.now())
    staff.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    names = dict(ContactPoint.objects.values_list("normalised", "person__family_name"))
    assert names == {"a@example.nl": "", "b@example.nl": "Smits"}


def test_inv32_no_decision_lets_a_bsn_in(staff: Client) -> None:
    record = look_through(staff, LEAK)
    place = str([each["column"] for each in record.sensitive].index("Achternaam"))
    said = {"kind": "mistaken", "reason": "Zij vroegen erom"}
    staff.post(reverse("imports:decide_column", args=[record.id]), said | {"finding": place})
    assert SensitiveDecision.objects.get().classes == []
    record = look_through(staff, LEAK)
    staff.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    assert not Person.objects.filter(family_name__contains="111222333").exists()


def test_what_was_chosen_is_offered_the_next_time(staff: Client) -> None:
    content = samples.table(["Contact", "Wie"], ["a@example.nl", "Ann"])
    assert send(staff, content).status_code == 302
    record = Import.objects.get()
    assert record.parts[0]["roles"] == {"email": 0}  # by what stands in it
    choose(staff, record, **{"c0-1": "first_name"})
    assert ColumnMapping.objects.get().columns == {"email": "contact", "first_name": "wie"}
    send(staff, content)
    again = Import.objects.latest("started_at")
    assert again.parts[0]["roles"] == {"email": 0, "first_name": 1}
    assert "Wij vulden in wat u op" in page(staff, "columns", again)


def test_without_an_address_column_it_is_said_and_the_choice_stays_open(staff: Client) -> None:
    send(staff, samples.table(["Wie"], ["Ann"]))
    record = Import.objects.get()
    answer = choose(staff, record).content.decode()
    assert "Kies in welke kolom de e-mailadressen staan" in answer
    record.refresh_from_db()
    assert record.state == Import.State.MAPPING


def test_a_file_can_be_read_again_in_another_way(staff: Client) -> None:
    content = "a@example.nl;Zoë, Smit".encode("cp1252")
    send(staff, content)
    record = Import.objects.get()
    stream = BytesIO(content)
    stream.name = "lijst.csv"
    data = {"file": stream, "delimiter": ";", "encoding": "cp1252", "has_header": "no"}
    assert staff.post(reverse("imports:columns", args=[record.id]), data).status_code == 302
    record.refresh_from_db()
    assert record.parts[0]["header"] == ["column 1", "column 2"]
    assert "Zoë, Smit" in page(staff, "columns", record)


def test_names_are_taken_over_only_when_it_is_switched_on(staff: Client) -> None:
    content = samples.table(["E-mail", "Voornaam"], ["a@example.nl", "Anna"])
    for name, said in (("Ann", {}), ("Anna", {"overwrites": "yes"})):
        if not Person.objects.exists():
            record = look_through(staff, content.replace(b"Anna", b"Ann"))
            staff.post(reverse("imports:bring_in", args=[record.id]))
            run_upload(import_id=record.id, at=AT)
        record = look_through(staff, content)
        assert "Neem de naam van 1 persoon over" in page(staff, "detail", record)
        staff.post(reverse("imports:bring_in", args=[record.id]), said)
        run_upload(import_id=record.id, at=AT)
        assert Person.objects.get().given_name == name


def test_an_import_is_undone_on_its_own_page(staff: Client) -> None:
    record = look_through(staff, LEAK)
    staff.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    assert "mensen worden vergeten" in page(staff, "undo", record)
    staff.post(reverse("imports:undo", args=[record.id]))
    assert "Dit bestand is teruggedraaid" in page(staff, "detail", record)


def test_pages_cost_a_bounded_number_of_queries(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    record = look_through(staff, samples.BREVO)
    with django_assert_max_num_queries(25):
        page(staff, "detail", record)
    with django_assert_max_num_queries(25):
        page(staff, "columns", record)
    with django_assert_max_num_queries(25):
        staff.get(reverse("imports:index"))


UNPROVEN = samples.table(["E-mail", "Voornaam"], ["a@example.nl", "Ann"])


def brought_in(client: Client, content: bytes, **more: Any) -> Import:
    record = look_through(client, content, **more)
    client.post(reverse("imports:bring_in", args=[record.id]))
    run_upload(import_id=record.id, at=timezone.now())
    record.refresh_from_db()
    return record


@pytest.mark.parametrize("why", ["no topic yet", "topic has ended"])
def test_late_proof_that_cannot_be_says_why_and_what_to_do(
    staff: Client, topic: Purpose, why: str
) -> None:
    record = brought_in(staff, UNPROVEN, wording="")
    if why == "no topic yet":
        Import.objects.filter(id=record.id).update(topic_id=None)
    else:
        end_topic(purpose_id=topic.id, at=AT, actor=Actor.system())
    evidence = {
        "kind": "paper",
        "description": "Kaarten, map 3",
        "signed_on": "2026-01-02",
        "wording": WORDING,
    }
    for name, data in (("add_wording", {"wording": WORDING}), ("add_evidence", evidence)):
        answer = staff.post(reverse(f"imports:{name}", args=[record.id]), data, follow=True)
        assert answer.status_code == 200
        assert "onderwerp" in answer.content.decode()
    assert not PermissionEvent.objects.exists()


def test_a_topic_that_ends_between_the_two_presses(staff: Client, topic: Purpose) -> None:
    record = look_through(staff, UNPROVEN)
    staff.post(reverse("imports:bring_in", args=[record.id]))
    end_topic(purpose_id=topic.id, at=AT, actor=Actor.system())
    run_upload(import_id=record.id, at=timezone.now())
    record.refresh_from_db()
    assert (record.state, record.error) == (Import.State.FAILED, "purpose-ended")
    assert "is gestopt" in page(staff, "detail", record)


def test_proof_of_today_given_in_the_morning_lies_not_ahead(staff: Client) -> None:
    record = brought_in(staff, UNPROVEN, wording="")
    morning = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    with time_machine.travel(morning, tick=False):
        staff.post(
            reverse("imports:add_evidence", args=[record.id]),
            {
                "kind": "paper",
                "description": "Kaarten, map 3",
                "signed_on": "2026-11-25",
                "wording": WORDING,
            },
        )
    event = PermissionEvent.objects.get()
    assert event.happened_at == event.recorded_at == morning
