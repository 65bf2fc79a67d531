"""Letters on paper: one sealed file, each person once, the gate at every step (INV-1, 19, 25)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from akkoord.consent.models import LetterCode, Standing
from akkoord.consent.tests.factories import NOW, STAFF, make_organisation, make_topic
from akkoord.consent.tokens import StopPlace
from akkoord.consent.withdraw import object_to_marketing, stop_by_link, withdraw
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.messages import closing
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused, resume_dispatch, start_dispatch
from akkoord.messages.letter import LetterSource, compile_letter
from akkoord.messages.letter_actions import (
    Printer,
    download_addresses,
    download_letters,
    hand_over_letters,
    make_anew,
    stopped_since,
    throw_away,
)
from akkoord.messages.letter_erase import forget_letter_files
from akkoord.messages.letter_making import content_of
from akkoord.messages.letter_pdf import OneLetter, make_pdf
from akkoord.messages.models import Dispatch, LetterFile, LetterPage, LetterRun, Message
from akkoord.messages.pauses import pause_sentence
from akkoord.messages.preflight import preflight
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.template import CompileError, FieldFact
from akkoord.people.models import ContactPoint
from akkoord.permission.rules import RULE_VERSION
from akkoord.permission.tests.factories import give, sell
from akkoord.permission.tests.test_post import make_letterbox, weigh
from akkoord.register.balancing import current_test
from akkoord.register.models import Purpose, Recipient
from akkoord.trail.models import Change
from akkoord.web.documents import TypesettingFailed, typeset_apart

OURSELVES = Printer()


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.BASE_URL = "https://post.example.nl"


@pytest.fixture
def topic(db: None) -> Purpose:
    make_organisation()
    topic = make_topic("aanbod", channels=("email", "post"))
    weigh(topic)
    return topic


def source(**values: Any) -> LetterSource:
    facts = {
        "subject": "Onderhoud van uw fiets",
        "body": "Beste {{ first_name | default: 'klant' }},\n\n"
        "Uw fiets *verdient* **aandacht**.\n\n"
        "1. Ketting\n2. Remmen\n\n- [Afspraak](https://fietsen.example.nl)\n\n# Tot ziens",
        "language": "nl",
        "organisation": "Fietsen Jansen",
        "postal_address": "Dorpsstraat 1\n1234 AB Ergens",
        "contact": "info@fietsen.example.nl",
        "topic": "Aanbod",
    }
    return LetterSource(**facts | values)


def customers(number: int) -> list[ContactPoint]:
    found = [
        make_letterbox(given_name=f"Zoë{each}", family_name="Müller-Lüdenscheidt")
        for each in range(number)
    ]
    for point in found:
        sell(point)
    return found


def start(topic: Purpose, **values: Any) -> Dispatch:
    return start_dispatch(
        purpose=topic,
        source=source(**values),
        segment="",
        approved_by=STAFF.id,
        at=NOW,
        registers="not-checked",
    )


def made(topic: Purpose, number: int = 3) -> Dispatch:
    customers(number)
    run = start(topic)
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: NOW)
    run.refresh_from_db()
    return run


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def codes(pdf: bytes) -> list[str]:
    """What another program reads in the square codes."""
    document = pypdfium2.PdfDocument(pdf)
    return [
        found.text
        for page in document
        for found in zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    ]


def test_inv19_one_file_with_an_address_a_code_and_a_square_code_for_each(
    topic: Purpose, client: Client
) -> None:
    run = made(topic)
    assert run.state == "ready"
    pdf = download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    pages = texts(pdf)
    assert len(pages) == 3
    links = codes(pdf)
    assert len(set(links)) == 3
    for number, (page, link) in enumerate(zip(pages, links, strict=True)):
        assert f"Zoë{number} Müller-Lüdenscheidt" in page
        assert "Dorpsstraat 12" in page
        assert "ERGENS" in page
        assert f"Beste Zoë{number}," in page
        assert "post.example.nl/brief/" in page
        assert "24 november 2026" in page
        assert "(https://fietsen.example.nl)" in page
        assert f"{number + 1:05d}" in page
        assert "omdat u klant bent" in page
        assert link.startswith("https://post.example.nl/u/")
    # GET changes nothing; the press stops it for that person alone.
    path = links[1].removeprefix("https://post.example.nl")
    assert client.get(path).status_code == 200
    assert not Standing.objects.exists()
    shown = client.post(
        path, "page=1", content_type="application/x-www-form-urlencoded"
    ).content.decode()
    assert "per post" in shown
    assert "Mail mij" not in shown
    stopped = Standing.objects.get()
    assert stopped.state == "withdrawn"
    assert [each.number for each in stopped_since(run, at=NOW)] == [2]


def test_inv01_each_row_holds_the_evidence_and_the_rules_that_decided(topic: Purpose) -> None:
    asked = make_letterbox()
    yes = give(asked, topic)
    run = made(topic, 1)
    rows = {each.contact_point_id: each for each in Message.objects.all()}
    assert rows[asked.id].evidence_id == yes.event_id
    assert rows[asked.id].evidence_kind == "permission-event"
    other = next(each for key, each in rows.items() if key != asked.id)
    test = current_test(topic.activity_key)
    assert test is not None
    assert (other.evidence_id, other.evidence_kind) == (test.id, "balancing-test")
    assert {each.rule_version for each in rows.values()} == {RULE_VERSION}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(id=other.id).update(evidence_id=None)
    assert "ja zei tegen post" in "".join(
        texts(download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF))
    )


def test_refusals_are_rows_with_their_reason(topic: Purpose) -> None:
    withdraw(
        point_id=customers(1)[0].id, method=Method.PAPER, actor=STAFF, at=NOW, purpose_id=topic.id
    )
    make_letterbox()  # said nothing, bought nothing
    run = made(topic, 2)
    found = dispatch_figures(run.id, at=NOW)
    assert (found.audience, found.made) == (4, 2)
    assert found.skipped == {"withdrawn": 1, "no-basis": 1}
    before = preflight(purpose=topic, source=source(), segment="", at=NOW)
    assert before.may_be_mailed == 2
    assert before.reasons == {Reason.WITHDRAWN: 1, Reason.NO_BASIS: 1}
    assert "post-registers" in [each.code for each in before.warnings]
    assert not before.blocking


def test_the_file_is_sealed_and_each_download_is_noted(topic: Purpose) -> None:
    run = made(topic, 1)
    file = LetterFile.objects.get()
    kept = (Path(settings.DATA_DIR) / file.path).read_bytes()
    assert b"%PDF" not in kept
    assert b"Dorpsstraat" not in kept
    assert content_of(file).startswith(b"%PDF")
    download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    download_addresses(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    assert LetterRun.objects.get().downloads == 2
    assert Change.objects.filter(action="letters.download", actor_id=STAFF.id).count() == 1
    assert Change.objects.filter(action="letters.download-addresses").count() == 1


def test_inv42_a_post_house_needs_a_contract_and_stands_in_the_register(topic: Purpose) -> None:
    run = made(topic, 1)
    with pytest.raises(DispatchRefused) as refusal:
        download_letters(run_id=run.id, printer=Printer("De Drukker"), at=NOW, actor=STAFF)
    assert refusal.value.code == "no-processor-contract"
    assert not Recipient.objects.filter(name="De Drukker").exists()
    assert LetterRun.objects.get().downloads == 0
    download_letters(run_id=run.id, printer=Printer("De Drukker", True), at=NOW, actor=STAFF)
    house = Recipient.objects.get(name="De Drukker")
    assert house.contract_on
    assert topic.activity_key in house.activity_keys
    assert LetterRun.objects.get().printer == house


def test_the_addresses_for_a_post_house(topic: Purpose) -> None:
    point = make_letterbox(given_name="=2+2", family_name="Bakker", street="Rue à côté")
    sell(point)
    run = made(topic, 1)
    text = download_addresses(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    lines = text.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("00001;'=2+2;Bakker;Rue à côté;12;1234 AB;Ergens;NL")


def test_inv25_who_stops_after_the_file_was_made_gets_no_letter(topic: Purpose) -> None:
    run = made(topic, 3)
    person = LetterPage.objects.get(number=2).person
    object_to_marketing(person_id=person.id, method=Method.PHONE, actor=STAFF, at=NOW)
    for download in (download_letters, download_addresses):
        with pytest.raises(DispatchRefused) as refusal:
            download(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
        assert refusal.value.code == "stopped-since"
    assert make_anew(run_id=run.id, at=NOW, actor=STAFF) == 3
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: NOW)
    pdf = download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    assert len(texts(pdf)) == 2
    assert "Zoë1" not in "".join(texts(pdf))
    found = dispatch_figures(run.id, at=NOW)
    assert (found.made, sum(found.skipped.values())) == (2, 1)
    assert LetterCode.objects.count() == 2


def test_inv25_who_stops_after_printing_is_taken_out_of_the_pile(topic: Purpose) -> None:
    run = made(topic, 3)
    with pytest.raises(DispatchRefused) as early:
        hand_over_letters(run_id=run.id, took_out=True, at=NOW, actor=STAFF)
    assert early.value.code == "not-printed"
    download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    page = LetterPage.objects.get(number=3)
    point = ContactPoint.objects.get(person=page.person)
    stop_by_link(StopPlace(point.id, topic.id, page.message_id), at=NOW)
    with pytest.raises(DispatchRefused) as refusal:
        hand_over_letters(run_id=run.id, took_out=False, at=NOW, actor=STAFF)
    assert "00003" in refusal.value.sentence
    assert hand_over_letters(run_id=run.id, took_out=True, at=NOW, actor=STAFF) == 2
    found = dispatch_figures(run.id, at=NOW)
    assert (found.state, found.sent, found.skipped) == ("finished", 2, {"withdrawn": 1})
    with pytest.raises(DispatchRefused):
        download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)


def test_thrown_away_nobody_got_anything_and_the_file_is_gone(
    topic: Purpose, django_capture_on_commit_callbacks: Any
) -> None:
    run = made(topic, 2)
    path = Path(settings.DATA_DIR) / LetterFile.objects.get().path
    with django_capture_on_commit_callbacks(execute=True):
        throw_away(run_id=run.id, at=NOW, actor=STAFF)
    assert not path.exists()
    assert not LetterFile.objects.exists()
    assert not LetterPage.objects.exists()
    assert not LetterCode.objects.exists()
    found = dispatch_figures(run.id, at=NOW)
    assert (found.state, found.sent, found.skipped) == ("cancelled", 0, {"campaign-cancelled": 2})


def test_a_worker_that_dies_loses_nobody_and_nobody_stands_in_it_twice(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    from akkoord.messages import letter_making

    monkeypatch.setattr(letter_making, "TOGETHER", 2)
    customers(5)
    run = start(topic)
    calls = iter([None, None, KeyboardInterrupt])
    real = letter_making.make_pdf

    def dying(*arguments: Any, **named: Any) -> bytes:
        if (problem := next(calls, None)) is not None:
            raise problem
        return real(*arguments, **named)

    monkeypatch.setattr(letter_making, "make_pdf", dying)
    with pytest.raises(KeyboardInterrupt):
        run_dispatch(run.id, worker_id=uuid7(), clock=lambda: NOW)
    assert dispatch_figures(run.id, at=NOW).made == 4
    later = NOW + closing.CLAIM_LEASE + timedelta(seconds=1)
    closing.release_lost(at=later)
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: later)
    pdf = download_letters(run_id=run.id, printer=OURSELVES, at=later, actor=STAFF)
    names = texts(pdf)
    assert len(names) == 5
    assert sum(f"Zoë{number} " in "".join(names) for number in range(5)) == 5
    assert len(set(codes(pdf))) == 5
    assert LetterCode.objects.count() == 5
    assert LetterFile.objects.count() == 1


def test_the_sweep_does_not_finish_letters_that_nobody_handed_over(topic: Purpose) -> None:
    run = made(topic, 1)
    Dispatch.objects.update(state="running")
    assert not closing.finish(run.id, at=NOW)


def test_a_file_goes_after_its_term(topic: Purpose) -> None:
    run = made(topic, 1)
    assert forget_letter_files(at=NOW + timedelta(days=30)) == 0
    assert forget_letter_files(at=NOW + timedelta(days=31)) == 1
    assert not LetterFile.objects.exists()
    found = dispatch_figures(run.id, at=NOW)
    assert (found.state, found.skipped) == ("cancelled", {"campaign-cancelled": 1})


def test_after_handing_over_the_file_goes_and_the_codes_stay(topic: Purpose) -> None:
    run = made(topic, 1)
    download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF)
    hand_over_letters(run_id=run.id, took_out=False, at=NOW, actor=STAFF)
    assert forget_letter_files(at=NOW + timedelta(days=9)) == 1
    assert dispatch_figures(run.id, at=NOW).sent == 1
    assert LetterCode.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"subject": " "}, "empty-subject"),
        ({"body": ""}, "empty-body"),
        ({"body": "x" * 12_001}, "letter-too-long"),
        ({"body": "![a](https://example.nl/a.png)"}, "letter-mark-up"),
        ({"body": "---"}, "letter-mark-up"),
        ({"body": "{{ unsubscribe_url }}"}, "field-not-here"),
        ({"body": "{{ nonsense }}"}, "unknown-field"),
        ({"body": "{{ city }}"}, "field-outside-purpose"),
        ({"body": "{% for a in b %}{% endfor %}"}, "tag-not-allowed"),
        ({"postal_address": ""}, "no-postal-address"),
    ],
)
def test_what_may_not_stand_in_a_letter(values: dict[str, str], code: str) -> None:
    fields = {"first_name": FieldFact(True), "city": FieldFact(False, "anders")}
    with pytest.raises(CompileError) as problem:
        compile_letter(source(**values), allowed_fields=fields)
    assert problem.value.code == code


def test_a_name_is_text_and_never_markup(topic: Purpose) -> None:
    point = make_letterbox(given_name="#panic()", family_name="*x* $y$ [z] \\ //")
    sell(point)
    run = start(topic)
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: NOW)
    page = texts(download_letters(run_id=run.id, printer=OURSELVES, at=NOW, actor=STAFF))[0]
    assert "#panic() *x* $y$ [z]" in page


def test_inv19_letters_are_not_made_without_the_choice_on_the_registers(topic: Purpose) -> None:
    with pytest.raises(DispatchRefused) as refusal:
        start_dispatch(purpose=topic, source=source(), segment="", approved_by=None, at=NOW)
    assert refusal.value.code == "registers-not-said"


def test_inv21_no_paper_leaves_with_a_way_out_that_leads_nowhere(
    topic: Purpose, settings: Any
) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    found = preflight(purpose=topic, source=source(), segment="", at=NOW)
    assert "not-public-url" in [each.code for each in found.blocking]
    with pytest.raises(DispatchRefused):
        start(topic)


def test_setting_many_letters_keeps_the_process_small() -> None:
    """Typst keeps what it set: so it sets each part in a process of its own, which is gone after.

    Seen to fail (some 10 MB a part) when the parts are set in this process.
    """
    compiled = compile_letter(source(), allowed_fields={"first_name": FieldFact(True)})

    def part(turn: int) -> bytes:
        letters = [
            OneLetter(
                address=[f"Klant {turn}-{number}", "Dorpsstraat 1", "1234 AB  UTRECHT"],
                values={"first_name": f"Naam{turn}{number}"},
                code=f"AB{turn:04d}{number:02d}CD",
                stop_url=f"https://akkoord.example.nl/p/{turn}{number:040d}/",
                by_interest=False,
                number=f"{turn * 40 + number:05d}",
            )
            for number in range(40)
        ]
        return make_pdf(compiled, letters, on=date(2026, 11, 26))

    part(0)
    before = _resident()
    sizes = [len(part(turn)) for turn in range(1, 5)]
    assert min(sizes) > 10_000
    assert _resident() - before < 10_000  # kB


def _resident() -> int:
    """What this process holds in memory, in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


def test_a_document_that_cannot_be_set_says_so_and_quotes_nobody(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.typ"
    wrong.write_text("#panic(json(bytes(sys.inputs.values)).name)")
    with pytest.raises(TypesettingFailed) as failed:
        typeset_apart(wrong, {"name": "Anna de Vries"})
    assert "Anna" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_letters_that_cannot_be_set_pause_the_run_and_lose_nothing(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would fail again each minute, and nobody would hear of it."""

    def fails(*_values: object, **_more: object) -> bytes:
        raise TypesettingFailed("status 1")

    with monkeypatch.context() as broken:
        broken.setattr("akkoord.messages.letter_making.make_pdf", fails)
        run = made(topic)
    assert (run.state, run.pause_reason) == ("paused", "typesetting")
    assert "papier" in pause_sentence(run.pause_reason)
    assert set(run.messages.values_list("state", flat=True)) == {"due"}
    resume_dispatch(dispatch_id=run.id, at=NOW)
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: NOW)
    assert set(run.messages.values_list("state", flat=True)) == {"made"}
