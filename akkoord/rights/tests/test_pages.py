"""Pages of staff and of the person: from the preference centre to the certificate."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from akkoord.accounts.models import Staff
from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.editing import Moment, change_blocks, fill_block, keep_as_beginning
from akkoord.campaigns.models import Campaign
from akkoord.composing.models import KeptLetter
from akkoord.composing.tree import Tree, as_text, new_block, read_tree
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import ContactPoint, Person
from akkoord.rights import tokens
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.tests.factories import ADDRESS, NOW, plant_file, plant_person
from akkoord.trail.actions import Actor
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


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})


def words(page: HttpResponse) -> str:
    """A page without the token of its language switch."""
    return re.sub(r'value="\w{64}"', "", page.content.decode())


def mailed(point: ContactPoint) -> str:
    mail = OutboxMail.objects.filter(kind="mailbox-check").latest("created_at")
    found = re.search(r"http://[^/]+(/mijn/\S+)", mail.text)
    assert found
    assert mail.subject_id == point.person_id
    return found[1]


def test_staff_forget_with_one_press_and_see_the_certificate(staff: Client) -> None:
    """Preview by GET, which changes nothing; forget by POST."""
    person = plant_person()
    url = reverse("rights:forget", args=[person.id])
    page = staff.get(url)
    assert "Liselotte van Dongen vergeten?" in page.content.decode()
    assert Person.objects.filter(id=person.id).exists()
    done = staff.post(url, follow=True)
    text = done.content.decode()
    run = ErasureRun.objects.get()
    assert run.by_kind == "staff"
    assert run.reference in text
    assert "De handtekening klopt" in text
    assert "Liselotte" not in text
    assert staff.get(url).status_code == 404
    public = Client().get(reverse("rights_public:certificate", args=[run.reference.lower()]))
    assert run.reference in public.content.decode()
    file = json.loads(Client().get(reverse("rights_public:file", args=[run.reference])).content)
    assert file["certificate"]["reference"] == run.reference
    assert set(file) == {"certificate", "signature", "public_key", "how"}


def test_inv35_a_blocked_erasure_is_shown_plainly(staff: Client) -> None:
    """To staff with the place, to the public without it; look again by a press."""
    person = plant_person()
    path = plant_file()
    page = staff.post(reverse("rights:forget", args=[person.id]), follow=True)
    run = ErasureRun.objects.get()
    try:
        assert "Er is nog geen certificaat" in page.content.decode()
        assert "lijst.csv" in page.content.decode()
        public = Client().get(reverse("rights_public:certificate", args=[run.reference]))
        assert "lijst.csv" not in public.content.decode()
        file = Client().get(reverse("rights_public:file", args=[run.reference]))
        assert file.status_code == 404
        assert run.reference in staff.get(reverse("rights:index")).content.decode()
    finally:
        path.unlink()
    done = staff.post(reverse("rights:look_again", args=[run.reference]), follow=True)
    assert "De handtekening klopt" in done.content.decode()


def _write_about(text: str) -> Campaign:
    """A letter that named somebody before, and is kept as a beginning that still does."""
    actor = Actor.system()
    letter = create_campaign(
        purpose=make_topic("brieven"),
        text=CampaignText(
            name="Herfst",
            subject="Herfst",
            body=as_text(Tree((new_block("text", {"text": text}),))),
            body_kind="blocks",
        ),
        at=NOW,
        actor=actor,
    )
    keep_as_beginning(campaign_id=letter.id, name=text, at=NOW, actor=actor)
    block = read_tree(letter.body).blocks[0]
    return change_blocks(
        campaign_id=letter.id,
        change=fill_block(block.id, {"text": "Dag", "align": "left"}, ""),
        moment=Moment(letter.version, NOW + timedelta(hours=1), actor),
    )


def test_inv35_letters_that_name_somebody_are_named_and_their_words_can_go(staff: Client) -> None:
    """From what blocks the certificate to the place where it is removed, and then it is there."""
    person = plant_person()
    letter = _write_about(ADDRESS)
    page = staff.post(reverse("rights:forget", args=[person.id]), follow=True).content.decode()
    run = ErasureRun.objects.get()
    for told in ("Eerdere versies van brieven", "Bewaarde beginbrieven", "de tekst"):
        assert told in page
    assert ADDRESS.lower() not in page.lower(), "its name would tell who it is about"
    versions = reverse("campaigns:versions", args=[letter.id])
    assert f"{versions}?tot=1#version-1" in page
    public = Client().get(reverse("rights_public:certificate", args=[run.reference]))
    assert versions not in public.content.decode()
    assert 'name="weg" value="1"' in staff.get(f"{versions}?tot=1").content.decode()
    staff.post(versions, {"weg": "1"})
    kept = KeptLetter.objects.get()
    remove = reverse("campaigns:beginning_remove", args=[kept.id])
    assert remove in staff.get(reverse("campaigns:create")).content.decode()
    staff.post(remove)
    kept.refresh_from_db()
    assert (kept.name, kept.subject, kept.body) == ("", "", "")
    done = staff.post(reverse("rights:look_again", args=[run.reference]), follow=True)
    assert "De handtekening klopt" in done.content.decode()


def test_staff_see_everything_that_is_kept_and_reading_is_recorded(staff: Client) -> None:
    """From the data map, to read and as a file (INV-45)."""
    person = plant_person()
    before = Change.objects.count()
    text = staff.get(reverse("rights:keep", args=[person.id])).content.decode()
    for expected in ("Liselotte", "van Dongen", "06 - 48 21 73 90", "9876 ZX", "bon 7"):
        assert expected in text
    file = json.loads(
        staff.post(reverse("rights:export", args=[person.id]), {"who": "person"}).content
    )
    assert {each["store"] for each in file["stores"]} >= {"people_person", "people_purchase"}
    assert "salt" not in json.dumps(file)
    assert Change.objects.count() == before + 2


def test_every_staff_page_answers_in_both_languages(staff: Client) -> None:
    """Also when there is nothing."""
    make_organisation()
    point = make_point()
    urls = [
        reverse("rights:index"),
        reverse("rights:open") + f"?persoon={point.person_id}",
        reverse("rights:keep", args=[point.person_id]),
        reverse("rights:forget", args=[point.person_id]),
        reverse("people:person", args=[point.person_id]),
        reverse("retention:index"),
    ]
    for language in ("nl", "en"):
        for url in urls:
            assert staff.get(url, headers={"accept-language": language}).status_code == 200
    person_page = staff.get(urls[4]).content.decode()
    assert reverse("rights:forget", args=[point.person_id]) in person_page


def test_a_request_is_written_down_answered_and_refused(staff: Client) -> None:
    """The whole way over the screen; mistakes stand at the field."""
    make_organisation()
    point = make_point()
    url = reverse("rights:open")
    values = {
        "kinds": ["access", "erasure"],
        "email": "ANNA@example.nl",
        "channel": "letter",
        "received_on": "2026-11-20",
        "words": "Wat weet u van mij?",
    }
    assert staff.post(url, {**values, "received_on": "2026-12-01"}).status_code == 422
    assert staff.post(url, {**values, "kinds": []}).status_code == 422
    page = staff.post(url, values, follow=True)
    request = RightsRequest.objects.get()
    assert (request.subject_id, str(request.due_on)) == (point.person_id, "2026-12-21")
    assert reverse("rights:forget", args=[point.person_id]) in page.content.decode()
    refused = staff.post(reverse("rights:refuse", args=[request.id]), {"reason": ""})
    assert refused.status_code == 422
    staff.post(reverse("rights:extend", args=[request.id]), {"reason": "veel"})
    close = reverse("rights:close", args=[request.id])
    assert staff.post(close).status_code == 422, "nobody was forgotten yet"
    kept = {"kinds": ["erasure"], "ground": "excessive", "explanation": "Gisteren al beantwoord."}
    assert staff.post(reverse("rights:refuse", args=[request.id]), kept).status_code == 302
    staff.post(close)
    request.refresh_from_db()
    assert request.state == "done"
    assert request.extended_until is not None


def test_the_person_forgets_themself_through_the_mailbox(visitor: Client) -> None:
    """From the preference centre: a fresh link, what goes and stays, one press, the certificate."""
    person = plant_person()
    point = person.points.get(channel="email")
    ask = tokens.ask_link(point_id=point.id, kind=tokens.ERASURE, at=NOW)
    assert visitor.get(ask).status_code == 200
    assert not OutboxMail.objects.filter(kind="mailbox-check").exists()
    assert visitor.post(ask).status_code == 200
    link = mailed(point)
    page = visitor.get(link)
    assert "Vergeet mij voorgoed" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert Person.objects.filter(id=person.id).exists()
    done = visitor.post(link, follow=True)
    run = ErasureRun.objects.get()
    assert run.by_kind == "person"
    assert run.reference in done.content.decode()
    assert not OutboxMail.objects.filter(subject_id=person.id).exists()
    assert not Person.objects.filter(id=person.id).exists()
    assert "Wij kennen u niet meer" in visitor.post(link).content.decode()


def test_the_person_reads_and_downloads_everything(visitor: Client) -> None:
    """By GET to read, by POST as a file, which answers the request (art. 15, 20)."""
    person = plant_person()
    point = person.points.get(channel="email")
    visitor.post(tokens.ask_link(point_id=point.id, kind=tokens.ACCESS, at=NOW))
    link = mailed(point)
    assert "9876 ZX" in visitor.get(link).content.decode()
    waiting = RightsRequest.objects.get(kinds=["access"])
    assert waiting.state == "waiting-identity"
    file = json.loads(visitor.post(f"{link}gegevens.json").content)
    assert any(each["store"] == "people_contactpoint" for each in file["stores"])
    waiting.refresh_from_db()
    assert waiting.state == "done"
    assert visitor.get(f"{link}gegevens.json").status_code == 405


def test_three_links_a_day_and_the_same_answer(visitor: Client) -> None:
    """Nobody's mailbox is flooded, and the page tells nobody who is known."""
    make_organisation()
    point = make_point()
    ask = tokens.ask_link(point_id=point.id, kind=tokens.ERASURE, at=NOW)
    answers = {words(visitor.post(ask)) for _ in range(6)}
    assert OutboxMail.objects.count() == 3
    Person.objects.all().delete()
    answers.add(words(visitor.post(ask)))
    assert len(answers) == 1
    assert OutboxMail.objects.count() == 3


def test_old_forged_and_exchanged_links_do_nothing(visitor: Client) -> None:
    """An hour; a link that may ask is no link that may do; a link to read does not erase."""
    make_organisation()
    point = make_point()
    ask = tokens.ask_link(point_id=point.id, kind=tokens.ERASURE, at=NOW)
    token = ask.rstrip("/").rpartition("/")[2]
    old = tokens.mailed_link(
        point_id=point.id, kind=tokens.ERASURE, at=NOW - timedelta(hours=1, minutes=2)
    )
    read = tokens.mailed_link(point_id=point.id, kind=tokens.ACCESS, at=NOW)
    for path in (f"/mijn/{token}/", old, f"/mijn/{token[:-2]}AA/", "/mijn/x/"):
        assert visitor.post(path.removeprefix("http://127.0.0.1:8000")).status_code == 410
    visitor.post(read.removeprefix("http://127.0.0.1:8000"))
    assert Person.objects.count() == 1


def test_a_wrong_reference_is_told_so() -> None:
    """Without more."""
    page = Client().get(reverse("rights_public:certificate", args=["AK-0000-0000"]))
    assert page.status_code == 404
