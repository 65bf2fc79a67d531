"""A person sees and takes along what is kept, without anybody of the staff (art. 15, 20)."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from akkoord.delivery.models import OutboxMail
from akkoord.register import hand
from akkoord.register.tests.factories import answered_example
from akkoord.rights.inbox import take_in
from akkoord.rights.models import RightsRequest
from akkoord.rights.tests.factories import ADDRESS, NOW, STAFF, plant_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visitor() -> Client:
    plant_person()
    RightsRequest.objects.all().delete()
    return Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})


def mailed() -> str:
    mail = OutboxMail.objects.filter(kind="mailbox-check").latest("created_at", "id")
    found = re.search(r"http://[^/]+(/(?:privacyverzoek|mijn)/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def link_to_data(visitor: Client, *kinds: str) -> str:
    """Ask at the page, press in the mailbox: the link that comes then."""
    visitor.post("/privacyverzoek/", {"kinds": kinds, "email": ADDRESS, "words": ""})
    take_in(request_id=RightsRequest.objects.latest("id").id, at=NOW)
    visitor.post(mailed())
    return mailed()


@pytest.mark.parametrize("kinds", [("portability",), ("access",), ("access", "portability")])
def test_one_request_is_answered_whole_by_one_link(visitor: Client, kinds: tuple[str, ...]) -> None:
    """No second request beside the first, and nothing of it stays open."""
    link = link_to_data(visitor, *kinds)
    request = RightsRequest.objects.get()
    assert request.state == "open"
    file = visitor.post(f"{link}gegevens.zip")
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        found = {name: book.read(name) for name in book.namelist()}
    assert found["overzicht.pdf"].startswith(b"%PDF")
    assert "brief.pdf" not in found
    assert json.loads(found["gegevens.json"])["about"]["purposes"]
    assert json.loads(found["meenemen.json"])["stores"]
    rows = list(csv.reader(io.StringIO(found["meenemen/people_contactpoint.csv"].decode())))
    assert ADDRESS in str(rows)
    request.refresh_from_db()
    assert (request.state, request.owes_letter) == ("done", False)
    assert RightsRequest.objects.count() == 1


def test_the_file_for_a_program_leaves_what_may_be_taken_along_open(visitor: Client) -> None:
    link = link_to_data(visitor, "access", "portability")
    visitor.post(f"{link}gegevens.json")
    request = RightsRequest.objects.get()
    assert dict(request.parts.values_list("kind", "state")) == {
        "access": "done",
        "portability": "open",
    }


def test_what_is_told_beside_it_is_done_for_this_person(visitor: Client) -> None:
    """Neither a draft, which may have no basis yet, nor work for a client, nor the payroll."""
    hand.make_activity(values={"name_nl": "Fietsen uitlenen"}, at=NOW, actor=STAFF)
    for name, clients in (
        ("client-payroll", ["Bakkerij Smit, Dorp 1, 06 00000000"]),
        ("payroll", []),
        ("invoices", []),
    ):
        made = answered_example(example_key=name, clients=clients, at=NOW, actor=STAFF)
        hand.publish_activity(key=made.key, at=NOW, actor=STAFF)
    link = link_to_data(visitor, "access")
    page = visitor.get(link)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "Facturen en boekhouding" in shown
    for name in ("Fietsen uitlenen", "Lonen van klanten", "Lonen en personeel"):
        assert name not in shown
    file = visitor.post(f"{link}gegevens.zip")
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        about = json.loads(book.read("gegevens.json"))["about"]
    assert all(each["why"] for each in about["purposes"])


def test_the_page_tells_what_must_be_told_beside_the_data(visitor: Client) -> None:
    """Purposes, recipients, terms, source, rights and the AP (art. 15(1)); GET answers nothing."""
    link = link_to_data(visitor, "access")
    page = visitor.get(link).content.decode()
    for title in (
        "Waarvoor, en waarom dat mag",
        "Hoe lang",
        "Wie het ontving",
        "Waar het vandaan komt",
        "Uw rechten",
        "Autoriteit Persoonsgegevens",
    ):
        assert title in page, title
    assert visitor.get(f"{link}gegevens.zip").status_code == 405
    assert RightsRequest.objects.get().state == "open"
    assert visitor.post("/mijn/verzonnen/gegevens.zip").status_code == 410
