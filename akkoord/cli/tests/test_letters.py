"""`akkoord campaign` for letters by post: create, preflight, send, letters, handed-over."""

import json
import os
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from akkoord.campaigns.models import Campaign
from akkoord.cli.campaign import command
from akkoord.consent.tests.factories import NOW, STAFF, make_organisation, make_topic
from akkoord.consent.withdraw import withdraw
from akkoord.law.states import Method
from akkoord.messages.models import Dispatch, LetterRun
from akkoord.people.models import ContactPoint
from akkoord.permission.tests.factories import sell
from akkoord.permission.tests.test_post import make_letterbox, weigh
from akkoord.register.models import Purpose, Recipient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic(settings: Any) -> Purpose:
    settings.BASE_URL = "https://post.example.nl"
    make_organisation()
    topic = make_topic("aanbod", channels=("email", "post"))
    weigh(topic)
    for name in ("Bakker", "Visser", "Smit"):
        sell(make_letterbox(family_name=name))
    make_letterbox(family_name="Mulder")  # bought nothing
    return topic


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "brief.md"
    path.write_text("Beste {{ first_name | default: 'klant' }},\n\nKom langs.\n")
    return path


def call(*words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--json"])


def create(body: Path, *more: str) -> Result:
    words = ["create", "--topic", "aanbod", "--subject", "Onderhoud", "--body", str(body)]
    return call(*words, "--channel", "post", *more)


def found(answer: Result) -> dict[str, Any]:
    assert answer.exit_code == 0, answer.output
    values: dict[str, Any] = json.loads(answer.stdout)
    return values


def reason(answer: Result) -> str:
    assert answer.exit_code == 1, answer.output
    return str(json.loads(answer.stdout)["reason"])


def test_inv19_from_the_words_to_the_post(topic: Purpose, body: Path, tmp_path: Path) -> None:
    key = found(create(body))["id"]
    assert Campaign.objects.get(id=key).channel == "post"
    before = found(call("preflight", key))
    assert (before["selected"], before["may_be_mailed"], before["not"]) == (4, 3, {"no-basis": 1})
    sent = found(call("send", key, "--registers", "not-checked", "--wait"))
    assert (sent["state"], sent["made"], sent["sent"]) == ("ready", 3, 0)
    assert sent["skipped"] == {"no-basis": 1}

    pdf, listed = tmp_path / "brieven.pdf", tmp_path / "adressen.csv"
    pdf.write_text("of before")
    pdf.chmod(0o644)
    told = found(call("letters", key, "--output", str(pdf), "--addresses", str(listed)))
    assert (told["letters"], told["bytes"]) == (3, pdf.stat().st_size)
    assert len(pypdfium2.PdfDocument(pdf)) == 3
    assert len(listed.read_text().splitlines()) == 4
    assert {path.stat().st_mode & 0o777 for path in (pdf, listed)} == {0o600}

    over = found(call("handed-over", key))
    assert (over["state"], over["sent"], over["made"]) == ("finished", 3, 0)
    assert reason(call("handed-over", key)) == "not-ready"


def test_inv19_the_choice_on_the_registers_is_asked(topic: Purpose, body: Path) -> None:
    key = found(create(body))["id"]
    assert reason(call("send", key)) == "registers-not-said"
    assert not Dispatch.objects.exists()
    assert call("send", key, "--registers", "perhaps").exit_code == 2


def test_letters_that_are_not_there_are_refused_by_name(
    topic: Purpose, body: Path, tmp_path: Path
) -> None:
    key, output = found(create(body))["id"], tmp_path / "brieven.pdf"
    assert reason(call("letters", key, "--output", str(output))) == "not-ready"
    assert reason(call("handed-over", key)) == "not-ready"
    assert not output.exists()
    assert reason(call("letters", "x", "--output", str(output))) == "unknown-campaign"


def test_inv25_who_stops_holds_the_file_and_the_pile(
    topic: Purpose, body: Path, tmp_path: Path
) -> None:
    key, output = found(create(body))["id"], tmp_path / "brieven.pdf"
    call("send", key, "--registers", "checked", "--wait")
    assert reason(call("handed-over", key)) == "not-printed"
    found(call("letters", key, "--output", str(output)))
    output.unlink()
    point = ContactPoint.objects.get(person__family_name="Visser")
    withdraw(point_id=point.id, method=Method.PAPER, actor=STAFF, at=NOW, purpose_id=topic.id)
    assert reason(call("letters", key, "--output", str(output))) == "stopped-since"
    assert not output.exists()
    assert reason(call("handed-over", key)) == "take-out"
    over = found(call("handed-over", key, "--took-out"))
    assert (over["sent"], over["skipped"]) == (2, {"no-basis": 1, "withdrawn": 1})


def test_inv42_a_post_house_needs_a_contract(topic: Purpose, body: Path, tmp_path: Path) -> None:
    key, output = found(create(body))["id"], tmp_path / "brieven.pdf"
    call("send", key, "--registers", "not-checked", "--wait")
    house = ["letters", key, "--output", str(output), "--printer", "De Drukker"]
    assert reason(call(*house)) == "no-processor-contract"
    assert not output.exists()
    found(call(*house, "--contract"))
    assert Recipient.objects.filter(name="De Drukker").exists()


def test_a_place_that_cannot_be_written_is_told_before_anything_is_noted(
    topic: Purpose, body: Path, tmp_path: Path
) -> None:
    key = found(create(body))["id"]
    call("send", key, "--registers", "not-checked", "--wait")
    for place in (tmp_path, tmp_path / "nowhere" / "brieven.pdf"):
        assert call("letters", key, "--output", os.fspath(place)).exit_code == 2
    assert LetterRun.objects.get().downloads == 0


def test_bad_input_of_a_letter_by_post(topic: Purpose, body: Path, tmp_path: Path) -> None:
    body.write_text("![alt](https://fietsen.example.nl/a.png)")
    assert create(body).exit_code == 1
    body.write_text("Dag.")
    topic.channels = ["email"]
    topic.save()
    assert create(body).exit_code == 1
    assert not Campaign.objects.exists()
    mjml = tmp_path / "brief.mjml"
    mjml.write_text("<mjml></mjml>")
    assert create(mjml).exit_code == 1
