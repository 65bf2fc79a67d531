"""Companies, measures, who answers, and the inspector's link (INV-42, art. 28, 30, 32)."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.forms_publishing import FormFacts, close_form, create_form, publish_form
from akkoord.law.register_rules import Fault
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register import companies, hand, inspecting, measures
from akkoord.register.exporting import FORMATS
from akkoord.register.history import shown_history
from akkoord.register.known_companies import KNOWN
from akkoord.register.models import InspectorLink, Measure, Recipient, RegisterVersion
from akkoord.register.records import entry_now
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, answered_example, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
COMPANY = {
    "name": "Verre Wolk Inc.",
    "service_nl": "Bewaart foto’s",
    "service_en": "Keeps photos",
    "role": "processor",
    "country": "US",
    "safeguard": "",
    "contract_on": None,
    "subprocessors": [],
}


def enter(**more: object) -> Recipient:
    """A company, as typed."""
    return companies.enter_company(values=COMPANY | more, at=NOW, actor=STAFF)


def give(key: str) -> None:
    """Let an activity give data to a company."""
    hand.choose_recipients(
        key="customers", wanted={key}, reason="Ander bedrijf.", at=NOW, actor=STAFF
    )


def test_inv42_without_contract_or_ground_nothing_can_be_given() -> None:
    """It says what is lacking; mended, the activity names it in the same transaction."""
    make_organisation()
    made = enter()
    for mended in ({"safeguard": "clauses"}, {"contract_on": date(2026, 1, 1)}):
        with pytest.raises(RegisterRefused):
            give(made.key)
        companies.change_company(recipient_id=made.id, values=mended, at=NOW, actor=STAFF)
    give(made.key)
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key="customers").order_by("-number").first()
    assert last is not None
    assert "Verre Wolk Inc." in [each["name"] for each in last.content["recipients"]]
    with pytest.raises(RegisterRefused) as refused:  # nor taken away while it gets data
        companies.change_company(
            recipient_id=made.id,
            values={"safeguard": "adequacy"},
            reason="Kan dit ook?",
            at=NOW,
            actor=STAFF,
        )
    assert refused.value.field == "safeguard"


@pytest.mark.parametrize("key", KNOWN)
def test_inv42_known_companies_are_in_order_by_one_tick(key: str) -> None:
    """Their standard contract; the post needs none. Whose list of sub-processors nobody looked up
    stands there without one, and with the warning."""
    make_organisation()
    made = companies.enter_known(key=key, at=NOW, actor=STAFF)
    bare = made.role == "processor" and not made.subprocessors
    assert companies.faults_of(made, NOW.date(), "x") == ((Fault.NO_SUBPROCESSORS,) if bare else ())
    assert all(each.startswith("https://") for each in made.subprocessors)
    assert (made.contract_on is None) is (made.role == "independent")


def test_a_contract_is_kept_encrypted_and_given_back() -> None:
    """A PDF of at most 5 MB; what is something else is refused and leaves no file."""
    make_organisation()
    content = b"%PDF-1.7 het contract"
    made = companies.enter_company(
        values=COMPANY, contract=companies.Contract("c.pdf", content), at=NOW, actor=STAFF
    )
    kept = (Path(settings.DATA_DIR) / made.contract_path).read_bytes()
    assert b"het contract" not in kept
    assert companies.contract_of(made) == content
    for bad in (b"MZ program", b"%PDF" + b"x" * 5_000_001):
        with pytest.raises(RegisterRefused) as refused:
            companies.change_company(
                recipient_id=made.id,
                values={},
                contract=companies.Contract("c.exe", bad),
                at=NOW,
                actor=STAFF,
            )
        assert refused.value.field == "contract"


def test_a_company_that_ends_goes_from_every_entry() -> None:
    """The version without it says by which act."""
    make_organisation()
    made = companies.enter_known(key="books-jortt", at=NOW, actor=STAFF)
    give(made.key)
    connection.check_constraints()
    with pytest.raises(RegisterRefused) as refused:
        companies.end_company(recipient_id=made.id, at=NOW + timedelta(days=1), actor=STAFF)
    assert refused.value.field == "reason"
    companies.end_company(
        recipient_id=made.id,
        reason="Wij stappen over.",
        at=NOW + timedelta(days=1),
        actor=STAFF,
    )
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key="customers").order_by("-number").first()
    assert last is not None
    assert (last.act, last.content["recipients"]) == ("company.end", [])
    assert last.reason == "Wij stappen over."


def test_a_company_that_changes_says_why_in_every_entry_that_names_it() -> None:
    """Before anything names it nothing is asked; the page asks it once something does."""
    make_organisation()
    made = companies.enter_known(key="books-jortt", at=NOW, actor=STAFF)
    change = {"recipient_id": made.id, "at": NOW, "actor": STAFF}
    companies.change_company(values={"service_nl": "Boekhouden"}, **change)  # type: ignore[arg-type]
    client = Client()
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/register/bedrijven/{made.id}/"
    assert 'name="reason"' not in client.get(page).content.decode()
    give(made.key)
    with pytest.raises(RegisterRefused) as refused:
        companies.change_company(values={"service_nl": "Lonen"}, **change)  # type: ignore[arg-type]
    assert refused.value.field == "reason"
    assert client.get(page).content.decode().count('name="reason"') == 2  # to change, to end
    companies.change_company(
        values={"service_nl": "Lonen"},
        reason="Zij doen nu ook de lonen.",
        **change,  # type: ignore[arg-type]
    )
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key="customers").order_by("-number").first()
    assert last is not None
    assert last.reason == "Zij doen nu ook de lonen."


def test_a_new_form_changes_the_register_and_a_closed_one_too() -> None:
    """Where the data comes from follows what is published."""
    make_organisation()
    topic = make_topic()
    form = create_form(facts=FormFacts(name="Aanmelden", topic_ids=[topic.id]), at=NOW, actor=STAFF)
    publish_form(form_id=form.id, at=NOW, actor=STAFF)
    connection.check_constraints()
    versions = RegisterVersion.objects.filter(key=topic.activity_key).order_by("-number")
    assert (versions[0].content["forms"], versions[0].act) == (["Aanmelden"], "form.publish")
    close_form(form_id=form.id, is_closed=True, at=NOW, actor=STAFF)
    connection.check_constraints()
    assert (versions[0].content["forms"], versions[0].act) == ([], "form.close")


def test_measures_are_seen_or_declared_and_stand_in_the_register() -> None:
    """What Akkoord sees to hold; what people declare, with a day to look again."""
    make_organisation()
    staff = make_staff()
    seen = dict(measures.looks_now())
    assert not next(look for name, look in seen.items() if "factor" in name).holds
    measures.note_seen_measures(at=NOW, actor=STAFF)
    measures.declare_measure(
        name_nl="Kast op slot",
        name_en="Cabinet locked",
        review_on=date(2027, 11, 1),
        at=NOW,
        actor=STAFF,
    )
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key=":house").order_by("-number").first()
    assert last is not None
    keys = {each["key"] for each in last.content["measures"]}
    assert "kast-op-slot" in keys
    assert "sealed-files" in keys
    assert "second-factor" not in keys
    assert last.act == "measure.declare"
    with pytest.raises(RegisterRefused):
        measures.declare_measure(
            name_nl="Bel 06-12345678", name_en="", review_on=date(2027, 1, 1), at=NOW, actor=STAFF
        )
    due = measures.measures_now(date(2028, 1, 1))
    assert [each.measure.key for each in due if each.is_due] == ["kast-op-slot"]
    assert staff.is_active


def link(days: int = 14) -> tuple[InspectorLink, str]:
    """A link of now."""
    return inspecting.make_link(
        office="Autoriteit Persoonsgegevens", days=days, at=timezone.now(), actor=STAFF
    )


def words_of(content: bytes) -> str:
    """All that a page or a file holds: every part of an archive, a PDF's pages and properties."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    if content[:4] == b"%PDF":
        book = pypdfium2.PdfDocument(content)
        pages = [page.get_textpage().get_text_bounded() for page in book]
        return "\n".join([*pages, str(book.get_metadata_dict())])
    return content.decode()


def test_the_inspector_reads_no_draft_in_the_history_of_what_was_published_later() -> None:
    """It begins at the first published version, whole; staff see the drafts."""
    make_organisation()
    made = answered_example(example_key="payroll", at=NOW, actor=STAFF)
    for words in ({"term_nl": "Kladtermijn."}, {"term_nl": "Zeven jaar."}):
        hand.change_activity(key=made.key, values=words, reason="", at=NOW, actor=STAFF)
        connection.check_constraints()
    hand.publish_activity(key=made.key, at=NOW, actor=STAFF)
    hand.change_activity(
        key=made.key, values={"term_nl": "Acht jaar."}, reason="Langer nodig.", at=NOW, actor=STAFF
    )
    connection.check_constraints()
    _made, token = link()
    client = Client(headers={"accept-language": "nl"})
    answer = client.get(f"/inzage/{token}/{made.key}/")
    assert "Kladtermijn" not in answer.content.decode()
    newest, first = answer.context["steps"]
    assert newest["differences"]
    assert first["lines"]
    assert not first["differences"]
    assert "Kladtermijn" in str(shown_history(made.key, {}))


def test_the_inspector_sees_the_register_and_its_history_and_nobody_in_it() -> None:
    """Read only; every look is written down; no person's identifier on any page or file."""
    make_organisation()
    make_topic()
    person = make_person(given_name="Zwaantje", family_name="Quispel")
    make_point(person, "zwaantje.quispel@example.nl")
    secret = hand.make_activity(values={"name_nl": "Nog een concept"}, at=NOW, actor=STAFF)
    staff = make_staff(name="Anouk van Dam")
    connection.check_constraints()
    _made, token = link()
    client = Client(headers={"accept-language": "nl"})
    pages = [f"/inzage/{token}/", f"/inzage/{token}/topic-nieuwsbrief/"]
    pages += [f"/inzage/{token}/bestand/{name}/" for name in FORMATS]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        text = words_of(answer.content)
        assert "Fietsen van Amstel" in text or "geschiedenis" in text.lower() or "Versie" in text
        for planted in ("Zwaantje", "Quispel", "zwaantje.quispel", staff.name, str(staff.id)):
            assert planted not in text
        assert "concept" not in text
        assert client.post(page).status_code in (403, 405)
    assert Change.objects.filter(action="inspector.read").count() == len(pages)
    looks = Change.objects.filter(action="inspector.read").count()
    for nothing in (f"/inzage/{token}/bestand/wie-bent-u/", f"/inzage/{token}/{secret.key}/"):
        answer = client.get(nothing)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    last = Change.objects.filter(action="inspector.read").order_by("-id")
    assert last.count() == looks + 1  # a format that is none is not written down
    assert last[0].fields == ["history"]
    assert client.get("/register/").status_code == 302  # it opens nothing else


def test_a_link_ends_by_its_day_by_taking_it_back_and_by_haste() -> None:
    """From that second it shows nothing; an unknown one neither."""
    make_organisation()
    client = Client()
    made, token = link()
    assert client.get(f"/inzage/{token}/").status_code == 200
    assert inspecting.link_of(token, timezone.now() + timedelta(days=15)) is None
    inspecting.revoke_link(link_id=made.id, at=timezone.now(), actor=STAFF)
    assert client.get(f"/inzage/{token}/").status_code == 410
    assert client.get("/inzage/onbekend/").status_code == 410
    hurried, token = link()
    for _ in range(inspecting.PER_MINUTE):
        inspecting.note_look(hurried, "register", timezone.now())
    assert client.get(f"/inzage/{token}/").status_code == 410
    with pytest.raises(RegisterRefused):
        link(days=91)
    assert token.encode() not in bytes(made.token_hash)


def test_the_pages_of_companies_measures_and_links() -> None:
    """They open, take a form, and say what is wrong at the field."""
    make_organisation()
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    typed = {"name": "Wolk B.V.", "service": "Bewaart", "role": "processor", "country": "NL"}
    file = SimpleUploadedFile("c.pdf", b"%PDF-1.7 x")
    made = client.post(
        "/register/bedrijven/nieuw/", typed | {"contract_on": "2026-01-01", "contract": file}
    )
    assert made.status_code == 302
    company = Recipient.objects.get(name="Wolk B.V.")
    assert client.get(f"/register/bedrijven/{company.id}/contract/").content == b"%PDF-1.7 x"
    bad = typed | {"service": "Bel 06-12345678"}
    assert client.post(f"/register/bedrijven/{company.id}/", bad).status_code == 200
    assert client.post("/register/bedrijven/nieuw/", {"known": "post-nl"}).status_code == 302
    assert "PostNL" in client.get("/register/bedrijven/").content.decode()
    assert client.post(f"/register/bedrijven/{company.id}/stoppen/").status_code == 302
    assert client.post("/register/maatregelen/", {"look": "1"}).status_code == 302
    late = client.post("/register/maatregelen/", {"name": "Kast", "review_on": "2020-01-01"})
    assert late.status_code == 200
    assert not Measure.objects.filter(is_measured=False).exists()
    officer = {"officer_name": "Fleur de Wit", "officer_email": "fg@fietsen.example"}
    assert client.post("/register/wie/", officer).status_code == 302
    entry = entry_now("customers")
    assert entry is not None
    assert entry.house["officer_name"] == "Fleur de Wit"
    assert (
        "/inzage/"
        in client.post("/register/inzage/", {"office": "Boekhouder", "days": "7"}).content.decode()
    )
    connection.check_constraints()
    history = client.get("/register/wie/geschiedenis/")
    assert history.status_code == 200
    assert "Fleur de Wit" in history.content.decode()
