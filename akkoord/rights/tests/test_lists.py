"""Many people forgotten from a list: four eyes, killed and taken up, one report (INV-35)."""

import json
import tracemalloc
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from akkoord.accounts.models import Staff
from akkoord.consent.actions import restrict_person
from akkoord.consent.nos import person_hash
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.datamap.keys import certificate_holds
from akkoord.delivery.models import OutboxMail
from akkoord.law.terms import end_of_day, law_day
from akkoord.people.joining import Choices, join_people
from akkoord.people.models import ContactPoint, Person
from akkoord.retention.holds import lift_hold, put_hold
from akkoord.rights import carry_out as erasing
from akkoord.rights import list_reading, lists
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.certificate import canonical
from akkoord.rights.list_matching import match_lines
from akkoord.rights.list_models import ErasureList, ErasureListRow
from akkoord.rights.list_reading import ListRefused, read_file, read_pasted
from akkoord.rights.list_report import report_pdf
from akkoord.rights.list_stays import who_stayed
from akkoord.rights.models import ErasurePending, ErasureRun, ErasureSearch, RightsRequest
from akkoord.rights.resume import resume_erasures
from akkoord.rights.tests.factories import NOW, plant_person
from akkoord.trail.actions import Actor
from akkoord.trail.nos import journal_file, lines, mark_known
from akkoord.web.sheets import workbook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asker() -> Actor:
    return staff("eva@winkel.example.nl")


@pytest.fixture
def second() -> Actor:
    return staff("bo@winkel.example.nl", role="privacy-officer")


def staff(email: str, role: str = "owner") -> Actor:
    return Actor.staff(Staff.objects.create_user(email, "x" * 20, name=email[:2], role=role).pk)


def people(count: int) -> list[Person]:
    make_organisation()
    return [make_point(f"p{n}@example.nl").person for n in range(count)]


def listed(text: str, actor: Actor, **more: Any) -> ErasureList:
    values = {"lines": read_pasted(text), "ground": "not-needed", "at": NOW} | more
    return lists.make_list(actor=actor, **values)


def approved(text: str, asker: Actor, second: Actor) -> ErasureList:
    found = listed(text, asker)
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    return lists.approve_list(list_id=found.id, at=NOW, actor=second)


def addresses(count: int) -> str:
    return "\n".join(f"p{n}@example.nl" for n in range(count))


def test_inv35_a_list_is_forgotten_with_one_signed_report(asker: Actor, second: Actor) -> None:
    """Asked, approved by somebody else, erased, looked for once; nobody stands on the report."""
    people(5)
    found = approved(addresses(4) + "\nwie@example.nl\np0@example.nl\nniets", asker, second)
    assert not ErasureListRow.objects.exists()
    assert ErasurePending.objects.count() == 4
    lists.work_list(list_id=found.id, at=NOW)
    found.refresh_from_db()
    assert list(ContactPoint.objects.values_list("value", flat=True)) == ["p4@example.nl"]
    assert (found.state, found.lines, found.not_found, found.doubles) == ("done", 7, 2, 1)
    assert found.report is not None
    assert (found.report["forgotten"], found.report["stayed"]) == (4, 0)
    assert (found.report["made_by"], found.report["approved_by"]) == ("owner", "privacy-officer")
    assert certificate_holds(canonical(found.report), bytes(found.signature or b""))
    assert "example" not in json.dumps(found.report)
    assert not ErasureSearch.objects.exists()
    run = ErasureRun.objects.get()
    assert (run.people, run.state, found.report["certificate"]) == (4, "clean", run.reference)
    assert report_pdf(found, language="nl").startswith(b"%PDF")


def test_who_asked_never_approves(asker: Actor, second: Actor) -> None:
    """Refused in words, and by the database itself."""
    people(1)
    found = listed(addresses(1), asker)
    with pytest.raises(ListRefused):
        lists.ask_approval(list_id=found.id, at=NOW, actor=second)
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    for nobody in (asker, Actor.system()):
        with pytest.raises(ListRefused):
            lists.approve_list(list_id=found.id, at=NOW, actor=nobody)
    with pytest.raises(IntegrityError, match="rights_list_by_two_people"), transaction.atomic():
        ErasureList.objects.filter(id=found.id).update(approved_by=asker.id)
    with pytest.raises(IntegrityError, match="rights_list_runs_approved"), transaction.atomic():
        ErasureList.objects.filter(id=found.id).update(state="running")
    assert Person.objects.count() == 1


def test_nobody_makes_a_list_without_a_name() -> None:
    with pytest.raises(ListRefused):
        listed("p0@example.nl", Actor.system())


def test_a_list_waits_a_week_and_is_gone_then(asker: Actor, second: Actor) -> None:
    """To the end of its seventh day, as the mail says; the rows too. A late yes is refused."""
    people(2)
    draft, asked = listed(addresses(1), asker), listed(addresses(2), asker)
    found = lists.ask_approval(list_id=asked.id, at=NOW, actor=asker)
    late = found.expires_at
    assert late == end_of_day(law_day(NOW) + timedelta(days=7))
    text = OutboxMail.objects.get(recipient="bo@winkel.example.nl").text
    assert f"voor {date_format(timezone.localtime(late), 'j F Y')}" in text
    assert "voor die dag" in text
    assert "einde van" not in text
    with pytest.raises(ListRefused):
        lists.approve_list(list_id=asked.id, at=late, actor=second)
    assert lists.tidy_lists(at=NOW + timedelta(days=2)) == 1
    draft.refresh_from_db()
    assert (draft.state, asked.rows.count()) == ("expired", 2)
    assert lists.tidy_lists(at=late) == 1
    assert not ErasureListRow.objects.exists()
    assert Person.objects.count() == 2
    lists.tidy_lists(at=NOW + timedelta(days=6 * 366))
    assert not ErasureList.objects.exists()


def test_a_refused_list_keeps_nobody(asker: Actor, second: Actor) -> None:
    people(1)
    found = listed(addresses(1), asker)
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    assert lists.refuse_list(list_id=found.id, at=NOW, actor=second).state == "refused"
    assert not ErasureListRow.objects.exists()
    with pytest.raises(ListRefused):
        lists.approve_list(list_id=found.id, at=NOW, actor=second)


def test_a_killed_list_goes_on_by_the_job(
    asker: Actor, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first batch; then the job of every ten minutes ends it, with the same report."""
    monkeypatch.setattr(erasing, "BATCH", 2)
    people(5)
    found = approved(addresses(5), asker, second)
    erasing.erase_batch(run_id=found.run_id or found.id, actor=second, at=NOW)  # and killed
    assert Person.objects.count() == 3
    assert lists.finish_lists(at=NOW) == 0
    assert resume_erasures(at=NOW + timedelta(minutes=10)) == 1
    assert lists.finish_lists(at=NOW) == 1
    found.refresh_from_db()
    assert found.report is not None
    assert (found.state, found.report["forgotten"]) == ("done", 5)
    lists.work_list(list_id=found.id, at=NOW)  # the killed job, started again: nothing to do
    assert ErasureRun.objects.count() == 1


def test_a_stopped_list_leaves_the_rest(
    asker: Actor, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is gone is certified; the others stay, and the report says so."""
    monkeypatch.setattr(erasing, "BATCH", 2)
    people(5)
    found = approved(addresses(5), asker, second)
    erasing.erase_batch(run_id=found.run_id or found.id, actor=second, at=NOW)
    lists.stop_list(list_id=found.id, at=NOW, actor=asker)
    lists.work_list(list_id=found.id, at=NOW)
    found.refresh_from_db()
    assert found.report is not None
    assert (found.state, found.report["forgotten"], found.report["stayed"]) == ("stopped", 2, 3)
    assert Person.objects.count() == 3
    assert not ErasurePending.objects.exists()


def test_a_list_stopped_before_its_first_batch_forgets_nobody(asker: Actor, second: Actor) -> None:
    people(2)
    found = approved(addresses(2), asker, second)
    lists.stop_list(list_id=found.id, at=NOW, actor=second)
    lists.work_list(list_id=found.id, at=NOW)
    found.refresh_from_db()
    assert found.report is not None
    assert (found.state, found.report["forgotten"], Person.objects.count()) == ("stopped", 0, 2)


def test_who_is_held_frozen_or_waits_for_an_answer_stays(asker: Actor, second: Actor) -> None:
    """Also when it came up between the asking and the yes."""
    held, frozen, waits, late, _goes = people(5)
    put_hold(person_id=held.id, reason="Geschil", at=NOW, actor=asker)
    restrict_person(person_id=frozen.id, actor=asker, at=NOW)
    asked = RequestFacts(
        kinds=("access",), channel=RightsRequest.Channel.MAIL, received_at=NOW, person_id=waits.id
    )
    open_request(facts=asked, at=NOW, actor=asker)
    found = listed(addresses(5), asker)
    assert (found.found, found.held, found.frozen, found.waiting, found.goes) == (5, 1, 1, 1, 2)
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    put_hold(person_id=late.id, reason="Geschil", at=NOW, actor=asker)
    found = lists.approve_list(list_id=found.id, at=NOW, actor=second)
    lists.work_list(list_id=found.id, at=NOW)
    assert set(Person.objects.values_list("id", flat=True)) == {
        each.id for each in (held, frozen, waits, late)
    }


def test_a_person_on_a_waiting_list_can_be_forgotten_alone(asker: Actor, second: Actor) -> None:
    """The line goes with them, the certificate is clean, and the list goes on without them."""
    from akkoord.rights.forget import forget

    one, _other = people(2)
    found = listed(addresses(2), asker)
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    done = forget(person_id=one.id, by=ErasureRun.By.STAFF, actor=asker, at=NOW)
    assert done.run.state == "clean"
    assert lists.approve_list(list_id=found.id, at=NOW, actor=second).goes == 1


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Liselotte.Van-Dongen+Fiets@voorbeeld.example.nl", "found"),
        ("06 - 48 21 73 90", "found"),
        ("+31 648217390", "found"),
        ("KLANT-881201", "found"),
        ("naam;e-mail\nLiselotte;liselotte.van-dongen+fiets@voorbeeld.example.nl", "found"),
        ("klantnummer;e-mail\nKLANT-881201;", "found"),
        ("klantnummer;e-mail\nKLANT-881201;ander@example.nl", "several"),
        ("klantnummer;e-mail\nKLANT-881201;niemand@example.nl", "in-part"),
        ("klantnummer;e-mail\nKLANT-9;ander@example.nl", "in-part"),
        ("kenmerk;telefoon\nAK-0000-0000;06 - 48 21 73 90", "in-part"),
        ("ander@example.nl;niemand@example.nl", "in-part"),
        ("naam;e-mail adviseur\nJo;ander@example.nl", "refused"),
        ("e-mail;mailadres\nander@example.nl;ander@example.nl", "refused"),
        ("klantnummer;e-mail adviseur\nKLANT-881201;ander@example.nl", "found"),
        ("648217390", "not-found"),
        ("naam;huisnummer;e-mail\nKLANT-881201;KLANT-881201;niemand@example.nl", "not-found"),
        ("e-mail\nniet eens een adres", "unreadable"),
        ("niemand@example.nl", "not-found"),
    ],
)
def test_whom_a_line_means(text: str, outcome: str) -> None:
    """By address, number in any notation, customer number; no column that does not say so."""
    plant_person()
    make_point("ander@example.nl")
    if outcome == "refused":
        with pytest.raises(ListRefused):
            read_pasted(text)
        return
    (line,) = match_lines(read_pasted(text))
    assert line.outcome == outcome


def test_inv35_a_line_with_a_wrong_cell_forgets_nobody_and_says_so(
    asker: Actor, second: Actor
) -> None:
    """One mistyped number beside the address of somebody: who made the list looks at it."""
    people(2)
    found = listed("klantnummer;e-mail\nKLANT-9;p0@example.nl\n;p1@example.nl", asker)
    assert (found.found, found.several) == (1, 1)
    words = client_of(asker).get(reverse("rights:list", args=[found.id])).content.decode()
    assert "Niet alles in deze regel wijst naar die ene persoon" in words


def test_inv35_who_is_frozen_or_asks_after_the_approval_stays(asker: Actor, second: Actor) -> None:
    """Looked at once more under the lock; the others of the list go."""
    frozen, asks, _goes = people(3)
    found = approved(addresses(3), asker, second)
    restrict_person(person_id=frozen.id, actor=asker, at=NOW)
    asked = RequestFacts(
        kinds=("access",), channel=RightsRequest.Channel.MAIL, received_at=NOW, person_id=asks.id
    )
    open_request(facts=asked, at=NOW, actor=asker)
    lists.work_list(list_id=found.id, at=NOW)
    found.refresh_from_db()
    assert found.report is not None
    assert (found.report["forgotten"], found.report["stayed"]) == (1, 0)
    assert found.report["left_out"] == {"held": 0, "frozen": 1, "waiting": 1}
    assert set(Person.objects.values_list("id", flat=True)) == {frozen.id, asks.id}
    assert {each.id for each in who_stayed(found)} == {frozen.id, asks.id}
    Person.objects.filter(id=frozen.id).update(given_name="Anna", family_name="Wit")
    page = client_of(second).get(reverse("rights:list", args=[found.id])).content.decode()
    assert "Gebleven na de goedkeuring" in page
    assert "Anna Wit" in page


def test_inv35_a_list_of_which_everybody_is_frozen_by_now_forgets_nobody(
    asker: Actor, second: Actor
) -> None:
    (frozen,) = people(1)
    found = approved(addresses(1), asker, second)
    restrict_person(person_id=frozen.id, actor=asker, at=NOW)
    lists.work_list(list_id=found.id, at=NOW)
    found.refresh_from_db()
    assert (found.state, Person.objects.count()) == ("done", 1)


def test_inv38_a_list_of_which_everybody_is_held_by_now_ends_and_never_begins_again(
    asker: Actor, second: Actor
) -> None:
    """Its yes was for that day: who is free again months later is asked about anew."""
    held = people(2)
    found = approved(addresses(2), asker, second)
    holds = [put_hold(person_id=each.id, reason="Geschil", at=NOW, actor=asker) for each in held]
    lists.work_list(list_id=found.id, at=NOW)
    found.refresh_from_db()
    assert found.report is not None
    assert (found.state, found.report["forgotten"], found.held) == ("done", 0, 2)
    assert {each.id for each in who_stayed(found)} == {each.id for each in held}
    for each in holds:
        lift_hold(hold_id=each.id, at=NOW + timedelta(days=90), actor=asker)
    later = NOW + timedelta(days=91)
    lists.work_list(list_id=found.id, at=later)
    assert resume_erasures(at=later) == 0
    assert Person.objects.count() == 2


def test_inv36_a_list_killed_before_its_line_in_the_journal_is_noted_all_the_same(
    asker: Actor, second: Actor
) -> None:
    """The batch is committed, the line is not written yet: a backup would bring them back."""
    ids = {each.id for each in people(2)}
    found = approved(addresses(2), asker, second)
    erasing.carry_out(run_id=found.erasure_id, actor=second, at=NOW)
    journal_file().unlink()
    mark_known(None)
    lists.work_list(list_id=found.id, at=NOW)
    told = {
        who
        for each in lines(journal_file())
        if each.body["kind"] == "forget"
        for who in each.body["who"]
    }
    assert told >= {person_hash(each) for each in ids}


def test_who_may_approve_hears_it_by_mail_and_nobody_else(asker: Actor, second: Actor) -> None:
    """It says how many, until when and where; not who stands on the list."""
    people(2)
    staff("gone@winkel.example.nl")
    Staff.objects.filter(email="gone@winkel.example.nl").update(is_active=False)
    staff("marketer@winkel.example.nl", role="marketer")
    found = listed(addresses(2), asker)
    assert not OutboxMail.objects.exists()
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("staff", "bo@winkel.example.nl")
    assert found.reference in mail.subject
    assert "vraagt om 2 mensen te vergeten" in mail.text
    assert reverse("rights:list", args=[found.id]) in mail.text
    assert "p0@" not in mail.text


def test_inv35_two_lines_that_became_one_record_are_looked_at_as_that_record(asker: Actor) -> None:
    stays, goes = people(2)
    found = listed(addresses(2), asker)
    join_people(old_id=goes.id, new_id=stays.id, choices=Choices(), at=NOW, actor=asker)
    restrict_person(person_id=stays.id, actor=asker, at=NOW)
    assert lists.people_of(found) == [stays.id]
    lists.ask_approval(list_id=found.id, at=NOW, actor=asker)
    with pytest.raises(ListRefused):
        lists.approve_list(list_id=found.id, at=NOW, actor=staff("bo@winkel.example.nl"))


def test_a_reference_means_whose_request_it_is() -> None:
    person = plant_person()
    request = RightsRequest.objects.get()
    former = person.aliases.get().old_id
    lines = read_pasted(f"{request.reference}\n{person.id}\n{former}")
    assert [each.outcome for each in match_lines(lines)] == ["found", "double", "double"]


def test_an_address_that_went_to_somebody_else_means_them() -> None:
    first = make_point("x@example.nl")
    ContactPoint.objects.filter(id=first.id).update(ended_at=NOW)
    assert match_lines(read_pasted("x@example.nl"))[0].person_id == first.person_id
    other = make_point("x@example.nl")
    assert match_lines(read_pasted("x@example.nl"))[0].person_id == other.person_id


def test_a_spreadsheet_is_read_and_what_is_no_list_is_refused() -> None:
    book = workbook([["E-mail", "Plaats"], ["a@example.nl", "Delft"]], name="lijst")
    assert [line.clues for line in read_file(BytesIO(book))] == [(("email", "a@example.nl"),)]
    for bad in (b"", b"naam;plaats\nAn;Delft\n", b"\xd0\xcf\x11\xe0abc", b"<html>", b"PK\x03\x04x"):
        with pytest.raises(ListRefused) as refused:
            read_file(BytesIO(bad))
        assert refused.value.sentence


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of three lines at most, so that a short file is a long one."""
    monkeypatch.setattr(lists, "IN_ONE", 3)


def file_of(many: int) -> BytesIO:
    """A file with the addresses of `people`, the first of them twice, far apart."""
    return BytesIO(f"{addresses(many)}\n{addresses(1)}\nniemand@example.nl".encode())


def test_a_long_file_becomes_lists_that_are_asked_and_approved_together(
    short_lists: None, asker: Actor, second: Actor
) -> None:
    """Nobody stands on two of them; each is carried out, proven and reported by itself."""
    gone = [each.id for each in people(7)]
    made = lists.make_lists(lines=read_file(file_of(7)), ground="duty", at=NOW, actor=asker)
    assert [(each.part, each.parts, each.lines) for each in made] == [
        (1, 3, 3),
        (2, 3, 3),
        (3, 3, 3),
    ]
    assert [each.goes for each in made] == [3, 3, 1]
    assert (made[2].doubles, made[2].not_found) == (1, 1)
    assert {each.whole for each in made} == {made[0].id}
    for_all = {"list_id": made[1].id, "at": NOW}
    assert lists.for_all_parts(lists.ask_approval, actor=asker, **for_all) == 3
    assert "vraagt om 7 mensen te vergeten" in OutboxMail.objects.get().text  # one for all of them
    page = client_of(second).get(reverse("rights:list", args=[made[0].id])).content.decode()
    assert "7 mensen gaan weg" in page
    assert "3 mensen gaan weg" not in page
    with pytest.raises(ListRefused):
        lists.for_all_parts(lists.approve_list, actor=asker, **for_all)
    assert lists.for_all_parts(lists.approve_list, actor=second, **for_all) == 3
    for each in made:
        lists.work_list(list_id=each.id, at=NOW)
    done = ErasureList.objects.order_by("part")
    assert [each.report["forgotten"] for each in done] == [3, 3, 1]
    assert not Person.objects.filter(id__in=gone).exists()


def test_a_part_on_which_nobody_goes_does_not_stop_the_others(
    short_lists: None, asker: Actor
) -> None:
    people(3)
    lines = read_file(BytesIO(f"{addresses(3)}\nniemand@example.nl".encode()))
    made = lists.make_lists(lines=lines, ground="duty", at=NOW, actor=asker)
    done = lists.for_all_parts(lists.ask_approval, list_id=made[1].id, at=NOW, actor=asker)
    assert done == 1
    assert [each.state for each in ErasureList.objects.order_by("part")] == ["asked", "draft"]


def test_inv35_two_parts_never_share_an_erasure(
    short_lists: None, asker: Actor, second: Actor
) -> None:
    """Who of part two became one with somebody of part one goes with that part."""
    found = people(4)
    made = lists.make_lists(lines=read_pasted(addresses(4)), ground="duty", at=NOW, actor=asker)
    join_people(old_id=found[3].id, new_id=found[0].id, choices=Choices(), at=NOW, actor=asker)
    for_all = {"list_id": made[0].id, "at": NOW}
    lists.for_all_parts(lists.ask_approval, actor=asker, **for_all)
    assert lists.for_all_parts(lists.approve_list, actor=second, **for_all) == 1
    first, other = ErasureList.objects.order_by("part")
    assert (other.state, other.run_id) == ("asked", None)
    lists.work_list(list_id=first.id, at=NOW)
    first.refresh_from_db()
    assert first.state == "done"
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureList.objects.filter(id=other.id).update(run_id=first.run_id)


def test_a_file_that_cannot_be_read_to_its_end_makes_no_list_at_all(
    short_lists: None, asker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(7)
    monkeypatch.setattr(list_reading, "MOST_LINES", 5)
    with pytest.raises(ListRefused):
        lists.make_lists(lines=read_file(file_of(7)), ground="duty", at=NOW, actor=asker)
    assert not ErasureList.objects.exists()


def test_a_file_is_read_as_far_as_is_asked(asker: Actor) -> None:
    """Of a long file only what was read on stands in memory."""
    lines = read_file(BytesIO("\n".join(f"a{n}@example.nl" for n in range(100_000)).encode()))
    tracemalloc.start()
    assert sum(1 for _line in lines) == 100_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "nl"})
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(Staff.objects.get(id=actor.id), backend=backend)
    return client


def test_the_pages_from_the_list_to_the_report(asker: Actor, second: Actor) -> None:
    """One brings in and asks, the other approves; lines that mean nobody stand there by number."""
    people(3)
    mine, theirs = client_of(asker), client_of(second)
    pasted = {"lines": addresses(3) + "\nwie@example.nl", "ground": "unlawful"}
    page = mine.post(reverse("rights:list_new"), pasted, follow=True)
    words = page.content.decode()
    assert page.status_code == 200
    assert ("Dit is van niemand" in words, "wie@example.nl" in words) == (True, False)
    found = ErasureList.objects.get()
    mine.post(reverse("rights:list_ask", args=[found.id]))
    words = mine.post(reverse("rights:list_approve", args=[found.id]), follow=True).content.decode()
    assert "Iemand anders moet" in words
    assert "Goedkeuren en vergeten" not in words
    assert found.reference in theirs.get(reverse("rights:index")).content.decode()
    url = reverse("rights:list", args=[found.id])
    assert "Goedkeuren en vergeten" in theirs.get(url).content.decode()
    assert theirs.get(reverse("rights:list_report", args=[found.id])).status_code == 404
    theirs.post(reverse("rights:list_approve", args=[found.id]))
    assert 'hx-trigger="every 2s"' in theirs.get(url).content.decode()
    lists.work_list(list_id=found.id, at=timezone.now())
    words = mine.get(url).content.decode()
    assert "Verslag" in words
    assert mine.get(reverse("rights:list_report", args=[found.id])).json()["report"]["found"] == 3
    paper = mine.get(reverse("rights:list_paper", args=[found.id]))
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")
    assert found.reference in mine.get(reverse("rights:lists")).content.decode()


def test_a_shop_with_one_member_of_staff_reads_what_to_do(asker: Actor) -> None:
    words = client_of(asker).get(reverse("rights:list_new")).content.decode()
    assert "Wie vraagt, keurt nooit zelf goed" in words
    assert "Voeg iemand toe" in words


def test_who_may_not_add_staff_is_told_to_ask_an_owner() -> None:
    """A privacy officer alone; the page of staff is theirs to read."""
    officer = staff("vos@winkel.example.nl", role="privacy-officer")
    words = client_of(officer).get(reverse("rights:list_new")).content.decode()
    assert "Vraag een eigenaar" in words
    assert "Voeg iemand toe" not in words


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ground": "duty"}, "een van de twee"),
        ({"ground": "duty", "lines": "a@example.nl", "file": b"a@example.nl"}, "een van de twee"),
        ({"lines": "a@example.nl"}, "verplicht"),
        ({"ground": "x", "lines": "a@example.nl"}, "keuze"),
        ({"ground": "duty", "file": b"\xd0\xcf\x11\xe0x"}, "wachtwoord"),
        ({"ground": "duty", "file": b"naam;plaats\nAn;Delft\n"}, "Geen kolom"),
        ({"ground": "duty", "lines": "a\x00b@example.nl"}, ""),
    ],
)
def test_bad_input_is_said_at_the_field(
    values: dict[str, Any], sentence: str, asker: Actor
) -> None:
    """And nothing is half done."""
    if isinstance(values.get("file"), bytes):
        values = values | {"file": SimpleUploadedFile("lijst.csv", values["file"])}
    page = client_of(asker).post(reverse("rights:list_new"), values)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ErasureList.objects.exists()


def test_a_long_list_costs_as_many_statements_as_a_short_one(
    asker: Actor, django_assert_max_num_queries: Any
) -> None:
    people(40)
    with django_assert_max_num_queries(25):
        found = listed(addresses(40), asker)
    assert found.goes == 40
    assert timezone.is_aware(found.expires_at)
