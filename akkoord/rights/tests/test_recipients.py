"""Recipients are told, asked again until they answer, and named to the person (art. 19, INV-37)."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from akkoord.accounts.keys import KeyRefused, keys_shown, make_key
from akkoord.accounts.tests.factories import make_staff
from akkoord.cli.output import Refused
from akkoord.cli.recipients import recipient_named
from akkoord.consent.tests.factories import make_point
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import certificate_holds
from akkoord.delivery.models import OutboxMail
from akkoord.messages.models import Dispatch, LetterRun, Message
from akkoord.people.actions import correct_names
from akkoord.people.addresses import correct_address
from akkoord.people.joining import Choices, join_people, part_people
from akkoord.people.models import Person
from akkoord.register.companies import end_company
from akkoord.register.models import Recipient
from akkoord.register.processors import enter_mail_host
from akkoord.register.refused import RegisterRefused
from akkoord.rights.about import recipients_of
from akkoord.rights.actions import RequestFacts, close_request, open_request
from akkoord.rights.corrections import tell_corrections
from akkoord.rights.disclosures import hand_over_file, record_disclosure, record_disclosures
from akkoord.rights.forget import forget
from akkoord.rights.models import Disclosure, ErasureRun, RecipientNotice, RightsRequest
from akkoord.rights.recipient_queries import open_notice_count, parties
from akkoord.rights.recipients import (
    acknowledge,
    choose_way,
    content_of,
    drop_old_notices,
)
from akkoord.rights.telling import acknowledge_link, tell_due
from akkoord.rights.tests.factories import ADDRESS, NOW, STAFF, TRACES, plant_person
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def make_recipient(key: str = "caller", **more: Any) -> Recipient:
    values: dict[str, Any] = {
        "name": "Belhuis De Lijn",
        "service_nl": "belt",
        "service_en": "calls",
        "contract_on": (NOW - 9 * DAY).date(),
    }
    return Recipient.objects.create(key=key, **(values | {"valid_from": NOW - 9 * DAY} | more))


def forget_her(person: Person) -> ErasureRun:
    return forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW).run


def handed_to(recipient: Recipient) -> Person:
    person = plant_person()
    record_disclosure(person_id=person.id, recipient_id=recipient.id, at=NOW, actor=STAFF)
    return person


@contextmanager
def their_system(status: int = 200, *, is_done: bool = True) -> Iterator[tuple[str, list[Any]]]:
    """A recipient's own system on loopback, that checks the signature."""
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = base64.b64decode(self.headers["Akkoord-Signature"])
            heard.append((json.loads(body), certificate_holds(body, signature)))
            self.send_response(status)
            self.end_headers()
            answer = {"acknowledged": heard[-1][0]["id"]} if is_done else {}
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/vergeten", heard
    finally:
        server.shutdown()
        server.server_close()


def test_inv37_their_system_is_told_signed_and_what_it_took_goes_with_the_answer() -> None:
    """Enough to find her, no more; the certificate says that it is kept till then, and why."""
    recipient = make_recipient()
    person = handed_to(recipient)
    run = forget_her(person)
    assert run.state == ErasureRun.State.CLEAN
    assert run.certificate is not None
    kept = {each["store"]: each for each in run.certificate["kept"]}
    assert kept["rights_recipientnotice"]["ground"] == "recipient-notice"
    assert kept["rights_recipientnotice"]["until"] == "2027-02-24"
    assert not Disclosure.objects.exists()
    with their_system() as (address, heard):
        choose_way(recipient_id=recipient.id, by="webhook", where=address, at=NOW, actor=STAFF)
        assert tell_due(at=NOW, loopback=True) == 1
        assert tell_due(at=NOW + 30 * DAY, loopback=True) == 0
    ((told, is_genuine),) = heard
    assert is_genuine
    assert told["kind"] == "erasure"
    assert told["people"][0]["email"] == [ADDRESS]
    assert "name" not in told["people"][0]
    notice = RecipientNotice.objects.get()
    assert (notice.state, notice.sealed) == ("acknowledged", None)
    assert open_notice_count() == 0


def test_inv37_who_does_not_answer_is_asked_again_and_stays_on_the_list() -> None:
    """Later each time; at the end of the term what it held goes, and the line stays."""
    recipient = make_recipient()
    forget_her(handed_to(recipient))
    with their_system(503) as (address, heard):
        choose_way(recipient_id=recipient.id, by="webhook", where=address, at=NOW, actor=STAFF)
        for hours, times in ((0, 1), (0.5, 1), (1.1, 2), (3, 2), (5.2, 3)):
            tell_due(at=NOW + timedelta(hours=hours), loopback=True)
            assert len(heard) == times
    notice = RecipientNotice.objects.get()
    assert (notice.state, notice.problem) == ("waiting", "status-503")
    with their_system(is_done=False) as (address, heard):
        choose_way(recipient_id=recipient.id, by="webhook", where=address, at=NOW, actor=STAFF)
        assert tell_due(at=NOW + 9 * DAY, loopback=True) == 1
    notice.refresh_from_db()
    assert notice.state == "told"
    assert content_of(notice)
    assert drop_old_notices(at=NOW + 200 * DAY) == 1
    assert open_notice_count() == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "https://127.0.0.1/", "https://db/x"])
def test_nothing_is_posted_inside_a_network(address: str) -> None:
    """Nor without https: the guard of every other line outwards."""
    recipient = make_recipient(told_by="webhook", told_at=address)
    forget_her(handed_to(recipient))
    assert tell_due(at=NOW) == 0
    assert RecipientNotice.objects.get().problem in ("not-https", "not-public")


def test_inv37_a_mail_names_nobody_and_its_page_takes_the_answer() -> None:
    """GET changes nothing; the button does; afterwards nothing of her is left there."""
    recipient = make_recipient(told_by="mail", told_at="privacy@belhuis.example.nl")
    forget_her(handed_to(recipient))
    assert tell_due(at=NOW) == 1
    mail = OutboxMail.objects.get(kind="recipient-notice")
    text = f"{mail.subject} {mail.text} {mail.html}".lower()
    assert [each for each in TRACES if each in text] == []
    notice = RecipientNotice.objects.get()
    link = acknowledge_link(notice.id)
    assert link in mail.text
    visitor = Client()
    path = link.removeprefix("http://127.0.0.1:8000")
    page = visitor.get(path)
    assert ADDRESS in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    notice.refresh_from_db()
    assert notice.state == "told"
    assert ADDRESS not in visitor.post(path).content.decode()
    notice.refresh_from_db()
    assert (notice.state, notice.sealed) == ("acknowledged", None)
    assert visitor.get(path[:-3] + "xx/").status_code == 410


def test_the_house_that_prints_is_known_from_the_letters() -> None:
    """No row is written when a letter is made; name and door are what they got."""
    house = make_recipient("print-pers", name="De Pers")
    person = plant_person()
    message = Message.objects.get(person_id=person.id)
    Message.objects.filter(id=message.id).update(state="made", reason="", evidence_id=uuid7())
    Dispatch.objects.filter(id=message.dispatch_id).update(channel="post")
    LetterRun.objects.create(
        run_id=message.dispatch_id,
        registers="not-checked",
        dated_on=NOW.date(),
        printer=house,
        downloads=1,
        downloaded_at=NOW,
    )
    assert "De Pers" in {each.name for each in recipients_of([person.id])}
    forget_her(person)
    (told,) = content_of(RecipientNotice.objects.get())
    assert told == {"name": "Liselotte van Dongen", "address": ["9876 ZX 12b"]}


def test_a_provider_of_mail_is_known_from_what_left() -> None:
    """While it stood in the register, not before."""
    make_recipient("mail-brevo", name="Brevo", valid_from=NOW - DAY, valid_to=NOW + DAY)
    make_recipient("mail-later", name="Later", valid_from=NOW + DAY)
    person = plant_person()
    OutboxMail.objects.filter(subject_id=person.id).update(state="sent", done_at=NOW)
    forget_her(person)
    notice = RecipientNotice.objects.select_related("recipient").get()
    assert notice.recipient.name == "Brevo"
    assert content_of(notice) == [{"email": [ADDRESS]}]


@pytest.mark.parametrize("kind", ["rectification", "restriction"])
def test_inv37_a_correction_and_a_freeze_are_told_as_well(kind: str) -> None:
    """When it was done, once."""
    recipient = make_recipient()
    person = handed_to(recipient)
    facts = RequestFacts(
        kinds=(kind,), channel=RightsRequest.Channel.LETTER, received_at=NOW, person_id=person.id
    )
    asked = open_request(facts=facts, at=NOW, actor=STAFF)
    close_request(request_id=asked.id, at=NOW, actor=STAFF)
    close_request(request_id=asked.id, at=NOW, actor=STAFF)
    assert [each.kind for each in RecipientNotice.objects.all()] == [kind]


def test_staff_see_who_did_not_answer_and_choose_the_way() -> None:
    """The mark on the start page, the list, the form with its refusals, and told another way."""
    recipient = make_recipient()
    person = handed_to(recipient)
    browser = Client()
    browser.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(reverse("rights:hand", args=[person.id])).status_code == 200
    forget_her(person)
    assert reverse("rights:recipients") in browser.get("/").content.decode()
    assert "Belhuis De Lijn" in browser.get(reverse("rights:recipients")).content.decode()
    way = reverse("rights:recipient_way", args=[recipient.id])
    for by, where in (("mail", "geen adres"), ("webhook", "https://localhost/")):
        assert browser.post(way, {"told_by": by, "told_at": where}).status_code == 422
    browser.post(way, {"told_by": "mail", "told_at": "privacy@belhuis.example.nl"})
    notice = RecipientNotice.objects.get()
    assert notice.state == "waiting"
    browser.post(reverse("rights:notice_answered", args=[notice.id]))
    notice.refresh_from_db()
    assert (notice.state, notice.sealed) == ("otherwise", None)
    assert acknowledge(notice_id=notice.id, at=NOW, actor=STAFF) is False


def who_asks_nothing() -> Person:
    """The planted person without the request that stands open."""
    person = plant_person()
    RightsRequest.objects.all().delete()
    return person


def corrects(person: Person, *, at: Any = NOW + DAY, **more: Any) -> None:
    """As the person does on their own page."""
    values = {"given_name": "Lise", "family_name": "van Dongen", "language": "nl"} | more
    with time_machine.travel(at, tick=False):
        correct_names(person_id=person.id, at=at, actor=Actor.person(), **values)


def test_inv37_what_a_key_of_another_company_read_is_known_and_told() -> None:
    """Nobody writes it down; a key of our own reads without a line."""
    recipient = make_recipient()
    person = plant_person()
    for whose in (None, recipient.id):
        made = make_key(name="x", role="owner", at=NOW, actor=STAFF, recipient_id=whose)
        headers = {"authorization": f"Bearer {made.secret}"}
        for _again in range(2):
            page = Client().get("/api/v1/permissions", {"address": ADDRESS}, headers=headers)
            assert page.status_code == 200
        assert Disclosure.objects.count() == (0 if whose is None else 1)
    found = Disclosure.objects.get()
    assert (found.person_id, found.how, found.fields) == (person.id, "api", ["email"])
    corrects(person)  # a name is nothing that they got
    tell_corrections(at=NOW)
    assert tell_corrections(at=NOW + 2 * DAY) == 0
    forget_her(person)
    assert content_of(RecipientNotice.objects.get()) == [{"email": [ADDRESS]}]


def test_inv37_a_company_that_was_entered_anew_is_told_of_what_it_got_before() -> None:
    """One company, two versions: the way is the company's, and the key shows whose it is."""
    person = plant_person()
    old = enter_mail_host(
        host="mx.example.org",
        company="Postbus",
        has_contract=True,
        leaves_eea=False,
        at=NOW - DAY,
        actor=STAFF,
    )
    make_key(name="x", role="owner", at=NOW, actor=STAFF, recipient_id=old.id)
    record_disclosure(person_id=person.id, recipient_id=old.id, at=NOW, actor=STAFF)
    new = enter_mail_host(
        host="mx.example.org",
        company="Postbus",
        has_contract=True,
        leaves_eea=False,
        at=NOW,
        actor=STAFF,
    )
    assert [each.party for each in keys_shown()] == ["Postbus"]  # type: ignore[attr-defined]
    choose_way(recipient_id=new.id, by="mail", where="p@example.org", at=NOW, actor=STAFF)
    forget_her(person)
    notice = RecipientNotice.objects.get(recipient=old)
    assert notice.state == RecipientNotice.State.WAITING
    again = enter_mail_host(
        host="mx.example.org",
        company="Postbus",
        has_contract=True,
        leaves_eea=False,
        at=NOW + DAY,
        actor=STAFF,
    )
    assert (again.told_by, again.told_at) == ("mail", "p@example.org")


def test_inv37_a_file_for_another_company_is_written_down_by_the_download() -> None:
    """Without an answer to who gets it there is no file; for the person nothing is written down."""
    recipient = make_recipient()
    person = plant_person()
    browser = Client()
    browser.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    path = reverse("rights:export", args=[person.id])
    assert "Belhuis De Lijn" in browser.get(path).content.decode()
    for who, status in (("", 422), ("zomaar", 422), ("person", 200), ("ourselves", 200)):
        assert browser.post(path, {"who": who}).status_code == status
    assert not Disclosure.objects.exists()
    assert browser.post(path, {"who": str(recipient.id)})["Content-Type"] == "application/json"
    found = Disclosure.objects.get()
    assert (found.recipient_id, found.how, found.fields) == (recipient.id, "file", [])


def test_inv37_of_thousands_it_is_written_down_in_one_statement(
    django_assert_num_queries: Any,
) -> None:
    """Once per person; what was in it adds up, and all stays all."""
    recipient, people = make_recipient(), [uuid7() for _each in range(3000)]
    values: dict[str, Any] = {"recipient_id": recipient.id, "how": "file", "at": NOW}
    with django_assert_num_queries(1):
        done = record_disclosures(person_ids=people, fields=["email"], **values)
    assert done == 3000
    assert record_disclosures(person_ids=people, fields=["email"], **values) == 0
    assert record_disclosures(person_ids=people[:2], fields=["phone"], **values) == 2
    assert Disclosure.objects.get(person_id=people[0]).fields == ["email", "phone"]
    assert record_disclosures(person_ids=people[:1], **values) == 1
    assert record_disclosures(person_ids=people[:1], fields=["email"], **values) == 0
    assert Disclosure.objects.get(person_id=people[0]).fields == []
    assert Disclosure.objects.count() == 3000


def test_inv37_a_correction_tells_the_new_values_of_just_what_they_got() -> None:
    """By themselves, the night after; one notice, however much was corrected."""
    make_recipient("mail-brevo", name="Brevo")
    everything, address = make_recipient("all"), make_recipient("some", name="Alleen adres")
    person = who_asks_nothing()
    OutboxMail.objects.filter(subject_id=person.id).update(state="sent", done_at=NOW)
    for each, fields in ((everything, []), (address, ["address"])):
        record_disclosures(
            person_ids=[person.id], recipient_id=each.id, how="file", fields=fields, at=NOW
        )
    assert tell_corrections(at=NOW) == 0  # only where to begin
    corrects(person)
    corrects(person, family_name="Wit")
    with time_machine.travel(NOW + DAY, tick=False):
        correct_address(
            person_id=person.id,
            typed={"street": "Plein 1", "postcode": "1234AB", "city": "Daar"},
            at=NOW + DAY,
            actor=STAFF,
        )
    assert tell_corrections(at=NOW + 2 * DAY) == 2
    assert tell_corrections(at=NOW + 3 * DAY) == 0
    told = {each.recipient_id: content_of(each)[0]["now"] for each in RecipientNotice.objects.all()}
    home = {"address": "Plein 1, 1234 AB Daar"}
    assert told == {
        everything.id: home | {"given_name": "Lise", "family_name": "Wit"},
        address.id: home,
    }


def test_inv37_a_correction_that_was_under_way_is_told_the_next_time() -> None:
    """It says when it was begun, and nobody could see it yet when we looked."""
    recipient = make_recipient()
    person = who_asks_nothing()
    record_disclosure(person_id=person.id, recipient_id=recipient.id, at=NOW, actor=STAFF)
    tell_corrections(at=NOW)
    assert tell_corrections(at=NOW + 2 * DAY) == 0
    corrects(person, at=NOW + 2 * DAY - timedelta(minutes=1))
    assert tell_corrections(at=NOW + 3 * DAY) == 1
    assert tell_corrections(at=NOW + 4 * DAY) == 0


def test_inv37_a_correction_of_a_record_that_was_joined_is_told_of_the_other() -> None:
    recipient = make_recipient()
    person = who_asks_nothing()
    stays = make_point("nieuw@example.nl").person
    record_disclosure(person_id=person.id, recipient_id=recipient.id, at=NOW, actor=STAFF)
    tell_corrections(at=NOW)
    corrects(person)
    choices = Choices(from_old=frozenset({"given_name"}))
    join_people(old_id=person.id, new_id=stays.id, choices=choices, at=NOW + DAY, actor=STAFF)
    assert tell_corrections(at=NOW + 2 * DAY) == 1
    (told,) = content_of(RecipientNotice.objects.get())
    assert told["now"]["given_name"] == "Lise"


def test_inv37_a_corrected_value_stands_behind_the_link_and_never_in_the_mail() -> None:
    recipient = make_recipient(told_by="mail", told_at="privacy@belhuis.example.nl")
    person = who_asks_nothing()
    record_disclosure(person_id=person.id, recipient_id=recipient.id, at=NOW, actor=STAFF)
    tell_corrections(at=NOW)
    corrects(person)
    tell_corrections(at=NOW + 2 * DAY)
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        assert tell_due(at=NOW + 2 * DAY) == 1
    mail = OutboxMail.objects.get(kind="recipient-notice")
    assert "lise" not in f"{mail.subject} {mail.text} {mail.html}".lower()
    link = acknowledge_link(RecipientNotice.objects.get().id)
    page = Client(headers={"accept-language": "nl"}).get("/" + link.split("/", 3)[3])
    assert "Voornaam" in page.content.decode()
    assert "Lise" in page.content.decode()


def test_inv37_what_a_request_is_about_is_told_with_its_answer_and_not_twice() -> None:
    recipient = make_recipient()
    person = who_asks_nothing()
    record_disclosure(person_id=person.id, recipient_id=recipient.id, at=NOW, actor=STAFF)
    tell_corrections(at=NOW)
    facts = RequestFacts(
        kinds=("rectification",),
        channel=RightsRequest.Channel.LETTER,
        received_at=NOW,
        person_id=person.id,
    )
    asked = open_request(facts=facts, at=NOW, actor=STAFF)
    corrects(person)
    assert tell_corrections(at=NOW + 2 * DAY) == 0
    close_request(request_id=asked.id, at=NOW + 2 * DAY, actor=STAFF)
    assert tell_corrections(at=NOW + 3 * DAY) == 0
    (told,) = content_of(RecipientNotice.objects.get())
    assert told["now"] == {"given_name": "Lise"}


def test_inv37_who_got_data_of_two_records_got_it_of_the_one_that_stays() -> None:
    """What was in either; parted again, as it stood."""
    some, everything = make_recipient("some"), make_recipient("all", name="Alles")
    old, new = (make_point(f"{each}@example.nl").person for each in ("oud", "nieuw"))
    for person, recipient, fields in (
        (old, some, ["phone"]),
        (new, some, ["email"]),
        (old, everything, []),
        (new, everything, ["email"]),
    ):
        record_disclosures(
            person_ids=[person.id], recipient_id=recipient.id, how="api", fields=fields, at=NOW
        )
    done = join_people(old_id=old.id, new_id=new.id, choices=Choices(), at=NOW, actor=STAFF)
    found = {each.recipient_id: each.fields for each in Disclosure.objects.all()}
    assert found == {some.id: ["email", "phone"], everything.id: []}
    with time_machine.travel(NOW, tick=False):
        part_people(joining_id=done.id, at=NOW, actor=STAFF)
    back = {(each.person_id, each.recipient_id): each.fields for each in Disclosure.objects.all()}
    assert back[(new.id, some.id)] == back[(new.id, everything.id)] == ["email"]
    assert back[(old.id, some.id)] == ["phone"]


def test_inv42_no_key_and_no_file_for_a_company_that_may_receive_nothing(
    django_assert_num_queries: Any,
) -> None:
    """Without a contract, and outside the EEA without a ground: it is not offered."""
    fine = make_recipient()
    bare = make_recipient("bare", name="Zonder", contract_on=None)
    far = make_recipient("far", name="Ver", country="US")
    with django_assert_num_queries(3):
        assert parties() == [(fine.id, "Belhuis De Lijn")]
    for each in (bare, far):
        with pytest.raises(KeyRefused):
            make_key(name="x", role="owner", at=NOW, actor=STAFF, recipient_id=each.id)
        with pytest.raises(RegisterRefused):
            hand_over_file(person_id=uuid7(), recipient_id=each.id, at=NOW, actor=STAFF)
    assert not Disclosure.objects.exists()


def test_inv42_a_file_is_not_made_for_who_lost_the_contract_meanwhile() -> None:
    """On the page and by the command; nothing is written down as given."""
    recipient = make_recipient()
    person = plant_person()
    browser = Client()
    browser.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    path = reverse("rights:export", args=[person.id])
    Recipient.objects.filter(id=recipient.id).update(contract_on=None)
    assert browser.post(path, {"who": str(recipient.id)}).status_code == 422
    with pytest.raises(Refused):
        recipient_named(recipient.key)
    assert not Disclosure.objects.exists()


def test_inv42_a_key_reads_nobody_for_a_company_that_may_receive_nothing_any_more() -> None:
    """It says why; a company that ended loses its keys at once, and others keep theirs."""
    recipient = make_recipient()
    plant_person()
    made = make_key(name="x", role="owner", at=NOW, actor=STAFF, recipient_id=recipient.id)
    own = make_key(name="ours", role="owner", at=NOW, actor=STAFF)

    def asked(secret: str) -> Any:
        headers = {"authorization": f"Bearer {secret}"}
        return Client().get("/api/v1/permissions", {"address": ADDRESS}, headers=headers)

    assert asked(made.secret).status_code == 200
    Disclosure.objects.all().delete()
    Recipient.objects.filter(id=recipient.id).update(contract_on=None)
    refused = asked(made.secret)
    assert (refused.status_code, refused.json()["reason"]) == (403, "blocked-recipient")
    assert not Disclosure.objects.exists()
    end_company(recipient_id=recipient.id, reason="Opgezegd.", at=NOW, actor=STAFF)
    assert asked(made.secret).status_code == 401
    assert asked(own.secret).status_code == 200
