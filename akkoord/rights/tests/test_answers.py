"""From what is found to a delivered answer: letter, file, a mailbox check, and gone again."""

import csv
import io
import json
import re
import resource
import signal
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akkoord.accounts.models import Staff
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.datamap.declaration import personal_stores
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import ContactPoint, Person
from akkoord.rights import answers
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.bundle import make_bundle
from akkoord.rights.export import export_document
from akkoord.rights.forget import forget
from akkoord.rights.letters import draft_letter
from akkoord.rights.models import ErasureRun, RecordNote, RequestAnswer, RightsRequest
from akkoord.rights.parts import refuse_parts
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.tests.factories import ADDRESS, NOW, STAFF, plant_person
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """One moment for all pages."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(
        Staff.objects.create_user("eva@winkel.example.nl", "x" * 20, name="Eva", role="owner"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def asked(person: Person | None, *kinds: str, **more: Any) -> RightsRequest:
    facts = RequestFacts(
        kinds=kinds,
        channel="letter",
        received_at=NOW,
        person_id=person.id if person else None,
        **more,
    )
    return open_request(facts=facts, at=NOW, actor=STAFF)


def approved(request: RightsRequest) -> RequestAnswer:
    text = answers.draft(request, at=NOW)
    answers.write_letter(request_id=request.id, text=text, at=NOW, actor=STAFF)
    return answers.approve_letter(request_id=request.id, at=NOW, actor=STAFF)


def link_in(mail: OutboxMail) -> str:
    found = re.search(r"http://[^/]+(/\S+)", mail.text)
    assert found
    return found[1]


def files(request: RightsRequest) -> dict[str, bytes]:
    content = answers.fetch(RequestAnswer.objects.get(request=request), at=NOW)
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_an_answer_is_fetched_after_a_mailbox_check_and_is_gone_after_14_days() -> None:
    """The first link gives a mail and no data; the file is sealed on the disk."""
    person = plant_person()
    request = asked(person, "access", "portability")
    approved(request)
    answer = answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF)
    stored = Path(django_settings.DATA_DIR) / answer.path
    assert b"iselotte" not in stored.read_bytes()
    request.refresh_from_db()
    assert request.state == "done"
    visitor = Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})
    ready = link_in(OutboxMail.objects.get(kind="rights-reply", subject__contains="klaar"))
    for page in (visitor.get(ready), visitor.post(ready)):
        assert page.status_code == 200
        assert "iselotte" not in page.content.decode()
    mail = OutboxMail.objects.filter(kind="mailbox-check").latest("created_at", "id")
    assert mail.recipient == ADDRESS
    path = link_in(mail)
    assert "Beste Liselotte" in visitor.get(path).content.decode()
    file = visitor.post(path)
    assert zipfile.is_zipfile(io.BytesIO(file.content))
    assert file.headers["Cache-Control"] == "no-store"
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert visitor.get(path).status_code == 410
        assert visitor.get(ready).status_code == 200
    late = NOW + timedelta(days=14, minutes=1)
    assert answers.drop_expired(at=NOW) == 0
    with time_machine.travel(late, tick=False):
        assert visitor.get(ready).status_code == 410
    answer.refresh_from_db()
    assert answer.state == "delivered"


@pytest.mark.django_db(transaction=True)
def test_the_file_leaves_the_disk_and_the_log_says_so() -> None:
    person = plant_person()
    request = asked(person, "access")
    approved(request)
    answer = answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF)
    stored = Path(django_settings.DATA_DIR) / answer.path
    assert stored.exists()
    assert answers.drop_expired(at=NOW + timedelta(days=15)) == 1
    assert not stored.exists()
    answer.refresh_from_db()
    assert (answer.path, answer.wrapped_key, answer.state) == ("", None, "gone")
    assert request.steps.filter(code="file-gone").exists()
    forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    assert not RequestAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_inv35_an_answer_goes_with_its_person() -> None:
    """File, key and letter; the certificate is not blocked by the copy."""
    person = plant_person()
    request = asked(person, "access")
    approved(request)
    stored = Path(django_settings.DATA_DIR) / (
        answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF).path
    )
    done = forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    assert done.run.state == "clean"
    assert not stored.exists()
    assert not RequestAnswer.objects.exists()


def test_everything_is_in_the_file_and_only_what_may_be_taken_along_in_the_other() -> None:
    """PDF, JSON and CSV; purposes, recipients, terms, source and rights beside it."""
    person = plant_person()
    request = asked(person, "access", "portability")
    approved(request)
    answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF)
    found = files(request)
    assert {"brief.pdf", "overzicht.pdf", "gegevens.json", "meenemen.json"} <= set(found)
    assert found["overzicht.pdf"].startswith(b"%PDF")
    data = json.loads(found["gegevens.json"])
    stores = {each["store"] for each in data["stores"]}
    assert {"people_person", "people_purchase", "rights_rightsrequest", "trail_change"} <= stores
    about = data["about"]
    assert about["purposes"]
    assert about["terms"]
    assert about["rights"]
    assert "autoriteitpersoonsgegevens.nl" in about["complaint"]
    portable = json.loads(found["meenemen.json"])
    columns = {each["store"]: [c["name"] for c in each["columns"]] for each in portable["stores"]}
    assert "given_name" in columns["people_person"]
    assert "source" not in columns["people_person"]  # ours, not theirs
    assert "trail_change" not in columns
    assert "rights_rightsrequest" not in columns  # kept by law, not by consent or contract
    rows = list(csv.reader(io.StringIO(found["meenemen/people_person.csv"].decode("utf-8-sig"))))
    assert any("Liselotte" in row for row in rows)


def test_others_are_left_out_of_the_copy() -> None:
    """Art. 15(4): another's address, number and name; the person's own stay."""
    person = plant_person()
    other = make_point("bram@elders.example.nl")
    Person.objects.filter(id=other.person_id).update(given_name="Bram", family_name="de Wit")
    asked(
        person,
        "rectification",
        words=f"Ik ben {ADDRESS}, niet bram@elders.example.nl; die is van Bram de Wit uit Delft.",
    )
    whole = json.dumps(export_document(person, at=NOW))
    assert "Bram de Wit" in whole
    clean = json.dumps(export_document(person, at=NOW, redacted=True), ensure_ascii=False)
    assert "Bram" not in clean
    assert "bram@" not in clean
    assert "gaat over iemand anders" in clean or "about somebody else" in clean
    assert ADDRESS in clean
    assert "Liselotte" in clean
    assert "Delft" in clean


def test_a_full_disk_leaves_nothing_half(settings: Any) -> None:
    """The letter stays approved, nothing was mailed, no file is left."""
    person = plant_person()
    request = asked(person, "access")
    approved(request)
    mails = OutboxMail.objects.count()
    before = set(Path(settings.DATA_DIR).rglob("*"))
    with no_room(), pytest.raises(RequestRefused) as refused:
        answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF)
    assert "disk is full" in refused.value.sentence or "schijf is vol" in refused.value.sentence
    assert {each for each in Path(settings.DATA_DIR).rglob("*") if each.is_file()} <= before
    assert OutboxMail.objects.count() == mails
    assert RequestAnswer.objects.get(request=request).state == "approved"
    assert answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF).path


@contextmanager
def no_room() -> Iterator[None]:
    """No file of more than a few kilobytes can be written, as on a full disk."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.django_db(transaction=True)
def test_two_who_deliver_at_once_deliver_once(settings: Any) -> None:
    """One mail, one file."""
    person = plant_person()
    request = asked(person, "access")
    approved(request)

    def press(_number: int) -> bool:
        try:
            answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF)
        except RequestRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(press, range(3))) == 1
    assert OutboxMail.objects.filter(kind="rights-reply", subject__contains="klaar").count() == 1
    assert len(list((Path(settings.DATA_DIR) / "attachments").rglob("*.sealed"))) == 1


def test_a_refusal_makes_a_letter_with_the_ap_and_the_court() -> None:
    """And its ground, with its article, in the language of the request."""
    person = plant_person()
    for language, way_out, article in (
        ("nl", ("Autoriteit Persoonsgegevens", "rechtbank"), "art. 12(5) AVG"),
        ("en", ("Autoriteit Persoonsgegevens", "court"), "art. 12(5) GDPR"),
    ):
        request = asked(person, "access", language=language)
        refuse_parts(
            request_id=request.id,
            kinds=None,
            ground="excessive",
            explanation="Vorige week is dit al beantwoord.",
            at=NOW,
            actor=STAFF,
        )
        text = draft_letter(request, person, on=NOW.date())
        assert "Vorige week is dit al beantwoord." in text
        assert article in text
        assert all(each in text for each in way_out)


def test_a_refusal_that_closed_the_request_is_still_told(staff: Client) -> None:
    """Art. 12(4): also when the letter was begun before; then it is drafted anew."""
    person = plant_person()
    request = asked(person, "access")
    answers.write_letter(request_id=request.id, text="Begonnen.", at=NOW, actor=STAFF)
    later = NOW + timedelta(minutes=5)
    refused = refuse_parts(
        request_id=request.id,
        kinds=None,
        ground="excessive",
        explanation="Vorige week is dit al beantwoord.",
        at=later,
        actor=STAFF,
    )
    assert refused.state == RightsRequest.State.REFUSED
    with pytest.raises(RequestRefused):
        answers.approve_letter(request_id=request.id, at=later, actor=STAFF)
    page = staff.get(f"/verzoeken/{request.id}/").content.decode()
    assert "Vorige week is dit al beantwoord." in page
    assert "Begonnen." not in page
    assert 'value="approve"' in page
    text = answers.draft(request, at=later)
    answers.write_letter(request_id=request.id, text=text, at=later, actor=STAFF)
    answers.approve_letter(request_id=request.id, at=later, actor=STAFF)
    before = set(OutboxMail.objects.values_list("id", flat=True))
    answers.deliver(request_id=request.id, way="mail", at=later, actor=STAFF)
    assert "Autoriteit Persoonsgegevens" in OutboxMail.objects.exclude(id__in=before).get().text


def test_saying_that_it_is_done_erases_nobody(staff: Client) -> None:
    person = plant_person()
    for kind in ("erasure", "objection-use"):
        request = asked(person, kind)
        shown = staff.post(f"/verzoeken/{request.id}/klaar/")
        assert shown.status_code == 422
        shown = staff.post(f"/verzoeken/{request.id}/onderdeel/", {"kind": kind})
        assert shown.status_code == 422
        request.refresh_from_db()
        assert request.state == RightsRequest.State.OPEN


def test_what_is_undecided_keeps_the_letter_from_leaving() -> None:
    person = plant_person()
    request = asked(person, "access", "rectification")
    with pytest.raises(RequestRefused):
        answers.deliver(request_id=request.id, way="link", at=NOW, actor=STAFF)
    with pytest.raises(RequestRefused):
        approved(request)
    with pytest.raises(RequestRefused):
        answers.write_letter(request_id=request.id, text=" ", at=NOW, actor=STAFF)


def test_nobody_known_gets_a_letter_that_says_so() -> None:
    """By mail, without data: there is none."""
    make_organisation()
    request = asked(None, "access", reply_to="niemand@example.nl")
    approved(request)
    answers.deliver(request_id=request.id, way="mail", at=NOW, actor=STAFF)
    mail = OutboxMail.objects.get(kind="rights-reply")
    assert mail.recipient == "niemand@example.nl"
    assert "Wij bewaren niets met dit adres" in mail.text
    request.refresh_from_db()
    assert request.state == "done"


def test_the_whole_way_on_the_page_of_staff(staff: Client) -> None:
    """Found, refused in part, written, approved, delivered; the log tells it by name of staff."""
    person = plant_person()
    request = asked(person, "access", "rectification")
    url = reverse("rights:request", args=[request.id])
    page = staff.get(url).content.decode()
    assert "Aankopen" in page
    assert "Niemand anders" not in page
    sale = person.purchases.get()
    staff.post(
        reverse("rights:annotate", args=[request.id]),
        {"row_id": str(sale.id), "text": "De naam op de bon moet Van Dongen zijn."},
    )
    assert RecordNote.objects.get().row_id == sale.id
    staff.post(reverse("rights:finish", args=[request.id]), {"kind": "rectification"})
    text = answers.draft(request, at=NOW)
    wrong = staff.post(reverse("rights:letter", args=[request.id]), {"text": "", "do": "approve"})
    assert wrong.status_code == 422
    bsn = {"text": f"{text}\n\nUw BSN is 111222333.", "do": "approve"}
    assert staff.post(reverse("rights:letter", args=[request.id]), bsn).status_code == 422
    staff.post(reverse("rights:letter", args=[request.id]), {"text": text, "do": "approve"})
    assert staff.get(reverse("rights:letter_file", args=[request.id])).content[:4] == b"%PDF"
    assert staff.get(reverse("rights:bundle", args=[request.id])).content[:2] == b"PK"
    assert Change.objects.filter(action="person.export").exists()
    mail = {"way": "mail"}
    assert staff.post(reverse("rights:deliver", args=[request.id]), mail).status_code == 422
    done = staff.post(reverse("rights:deliver", args=[request.id]), {"way": "link"}, follow=True)
    log = done.content.decode()
    assert "Antwoord bezorgd" in log
    assert "Eva" in log
    request.refresh_from_db()
    assert request.state == "done"


def test_a_name_alone_finds_nobody(staff: Client) -> None:
    """Hundreds share it; a fact that fits one person does."""
    make_organisation()
    for number in range(30):
        point = make_point(f"jan{number}@example.nl")
        Person.objects.filter(id=point.person_id).update(given_name="Jan", family_name="Jansen")
    request = asked(None, "access", reply_to="jan@elders.example.nl")
    url = reverse("rights:request", args=[request.id])
    page = staff.get(url, {"naam": "Jan Jansen"}).content.decode()
    assert "Een naam alleen is niet genoeg" in page
    assert "Dit is de persoon" not in page
    page = staff.get(url, {"naam": "Jansen", "feit": "Jan7@example.nl"}).content.decode()
    assert page.count("Dit is de persoon") == 1
    right = ContactPoint.objects.get(value="jan7@example.nl").person_id
    wrong = ContactPoint.objects.get(value="jan8@example.nl").person_id
    where = reverse("rights:attach", args=[request.id])
    assert staff.post(where, {"person": wrong, "fact": "jan7@example.nl"}).status_code == 422
    assert staff.post(where, {"person": "geen", "fact": "jan7@example.nl"}).status_code == 422
    staff.post(where, {"person": right, "fact": "jan7@example.nl"})
    request.refresh_from_db()
    assert request.subject_id == right


def test_more_than_the_mailbox_needs_a_reason_and_never_a_passport(staff: Client) -> None:
    """Art. 12(6)."""
    person = plant_person()
    request = asked(person, "access")
    where = reverse("rights:ask_more", args=[request.id])
    for reason in (
        "Twijfel.",
        "Wij twijfelen en vragen een kopie van het paspoort, graag vandaag.",
    ):
        assert staff.post(where, {"identity_reason": reason}).status_code == 422
    why = "De mail kwam van een ander adres; wij vragen het nummer van de laatste bestelling."
    staff.post(where, {"identity_reason": why})
    request.refresh_from_db()
    assert request.identity_reason == why
    assert request.steps.filter(code="more-asked").exists()


def test_the_page_of_a_request_asks_the_same_number_of_questions_for_much_as_for_little(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    """One statement per store that there is, however much stands in it."""
    person = plant_person()
    request = asked(person, "access", "rectification")
    url = reverse("rights:request", args=[request.id])
    staff.get(url)
    with CaptureQueriesContext(connection) as little:
        staff.get(url)
    for number in range(40):
        person.purchases.create(
            number=f"bon {100 + number}",
            bought_on=NOW.date(),
            amount="1.00",
            source="till",
            created_at=NOW,
        )
        asked(person, "access")
    with django_assert_max_num_queries(len(little) + 2):
        staff.get(url)


def test_a_copy_reads_every_store_once_however_much_stands_in_it() -> None:
    """For the overview, the file and what may be taken along together (art. 15, 20)."""
    person = plant_person()
    request = asked(person, "access", "portability")
    kinds = {"access", "portability"}
    make_bundle(request, person, "Uw gegevens.", kinds=kinds, at=NOW)
    with CaptureQueriesContext(connection) as little:
        make_bundle(request, person, "Uw gegevens.", kinds=kinds, at=NOW)
    for number in range(40):
        person.purchases.create(
            number=f"bon {100 + number}",
            bought_on=NOW.date(),
            amount="1.00",
            source="till",
            created_at=NOW,
        )
    with CaptureQueriesContext(connection) as much:
        make_bundle(request, person, "Uw gegevens.", kinds=kinds, at=NOW)
    assert len(much) <= len(little)
    assert len(little) <= len(personal_stores()) + 40
