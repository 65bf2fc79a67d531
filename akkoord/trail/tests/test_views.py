"""The staff pages: blocks, the check, a proof, the trail of changes."""

import ast
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

import akkoord
from akkoord.datamap.ids import uuid7
from akkoord.trail.action_words import ACTION_WORDS
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import Change
from akkoord.trail.seal import seal
from akkoord.trail.tests.factories import AT, make_change, make_changes

pytestmark = pytest.mark.django_db
CODE = r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*"


@pytest.fixture
def staff() -> Any:
    return get_user_model().objects.create_user(
        email="els@example.nl", password="rustig-fietsen-9", role="owner"
    )


@pytest.fixture
def client(staff: Any) -> Client:
    found = Client()
    found.force_login(staff)
    return found


def get(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(
        reverse(f"trail:{name}", args=args), query, headers={"accept-language": "nl"}
    )
    assert response.status_code == 200
    return response.content.decode()


def test_empty_ledger_says_what_comes_next(client: Client) -> None:
    assert client.get(reverse("trail:index")).status_code == 200
    assert client.get(reverse("trail:changes")).status_code == 200


def test_blocks_are_listed_and_paged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akkoord.trail.queries.PAGE", 2)
    for _ in range(3):
        make_changes(2)
        block = seal(AT)
    assert block is not None
    page = get(client, "index")
    assert bytes(block.hash).hex()[:12] in page
    assert "?onder=2" in page
    assert "not-allowed" not in page
    older = get(client, "index", onder="2")
    assert "?onder=1" not in older
    assert client.get(reverse("trail:index"), {"onder": "x" * 30}).status_code == 200


def test_check_shows_the_outcome_and_is_recorded(client: Client, staff: Any) -> None:
    change = make_change()
    seal(AT)
    assert "callout good" in client.post(reverse("trail:check")).content.decode()
    assert Change.objects.filter(action="ledger.verify", actor_id=staff.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE trail_change SET action = 'x' WHERE id = %s", [change.id])
        cursor.execute("SET LOCAL session_replication_role = origin")
    page = client.post(reverse("trail:check")).content.decode()
    assert str(change.id) in page
    assert "content-changed" in page
    assert client.get(reverse("trail:check")).status_code == 405


def test_event_page_shows_its_place_and_nobody(client: Client) -> None:
    person = uuid7()
    change = make_change(subject=person)
    waiting = get(client, "event", change.id)
    assert "needs-you" in waiting
    seal(AT)
    page = get(client, "event", change.id)
    assert str(person) not in page
    assert reverse("trail:proof_file", args=[change.id]) in page
    assert client.get(reverse("trail:event", args=[uuid7()])).status_code == 404


def test_proof_download_is_recorded(client: Client, staff: Any) -> None:
    change = make_change()
    url = reverse("trail:proof_file", args=[change.id])
    assert client.get(url).status_code == 404
    seal(AT)
    assert client.get(url).json()["event"] == str(change.id)
    assert Change.objects.filter(action="proof.export", actor_id=staff.pk).count() == 1
    assert b"PROVEN" in client.get(reverse("trail:checker")).content


def test_inv45_trail_is_filtered_and_paged(
    client: Client, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.trail.queries.PAGE", 2)
    for number in range(3):
        record_change(
            actor=Actor.staff(staff.pk),
            action="campaign.send",
            object_kind="campaign",
            fields=(f"field_{number}",),
            at=AT,
        )
    make_change(action="person.read")
    page = get(client, "changes", action="campaign.send", actor=str(staff.pk))
    assert "field 2" in page
    assert "field 0" not in page
    assert "Gegevens van een persoon bekeken</td>" not in page
    key = Change.objects.order_by("-id")[2].id
    assert f"below={key}" in page
    older = get(client, "changes", action="campaign.send", below=str(key))
    assert "field 0" in older
    assert "field 2" not in older
    assert "</td>" not in get(client, "changes", last="2001-01-01")
    assert "</td>" in get(client, "changes", first="2001-01-01")
    assert client.get(reverse("trail:changes"), {"below": "x", "first": "y"}).status_code == 200


def test_what_was_done_stands_there_in_words(client: Client, staff: Any) -> None:
    record_change(
        actor=Actor.staff(staff.pk),
        action="organisation.change",
        object_kind="organisation",
        fields=("sender_email", "city"),
        at=AT,
    )
    page = get(client, "changes")
    for told in ("Instellingen van de organisatie gewijzigd", "adres van de afzender", "Plaats"):
        assert told.lower() in page.lower()
    assert ">organisation.change<" not in page
    assert "sender_email" not in page


FILE_ENDS = {"com", "json", "typ"}
# Where a list of people was looked at (`trail.seen`): a place, no act.
WHERE_SEEN = {
    "breach.people",
    "breach.post",
    "campaign.refused",
    "enquiry.list",
    "group.people",
    "mail.list",
}


def test_every_act_has_a_word() -> None:
    """Also one that somebody adds: whatever in the source is written as an act is one."""
    kinds = {code.split(".")[0] for code in ACTION_WORDS}
    found = {
        node.value
        for path in Path(akkoord.__file__).parent.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(CODE, node.value) and node.value.split(".")[0] in kinds
    }
    found = {each for each in found if each.split(".")[1] not in FILE_ENDS} - WHERE_SEEN
    assert len(found) > 90
    assert found <= set(ACTION_WORDS)
    with override("en"):
        english = {code: str(word) for code, word in ACTION_WORDS.items()}
    with override("nl"):
        assert not [code for code, word in ACTION_WORDS.items() if str(word) == english[code]]


def test_pages_ask_a_fixed_number_of_questions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_changes(30)
    seal(AT)
    for name in ("index", "changes"):
        with django_assert_max_num_queries(14):
            get(client, name)


def test_command_seals_and_verifies() -> None:
    import json

    from click.testing import CliRunner

    from akkoord.cli.ledger import command

    run = CliRunner().invoke
    change = make_change()
    refused = run(command, ["proof", str(change.id)])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert json.loads(run(command, ["seal", "--json"]).stdout)["height"] == 1
    assert run(command, ["seal"]).exit_code == 0
    assert json.loads(run(command, ["verify", "--json"]).stdout) == {
        "ok": True,
        "events": 1,
        "blocks": 1,
        "faults": [],
    }
    assert json.loads(run(command, ["proof", str(change.id), "--json"]).stdout)["version"] == 1
    assert run(command, ["proof", "nonsense"]).exit_code == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE trail_change SET action = 'x'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    outcome = run(command, ["verify", "--json"])
    assert outcome.exit_code == 1
    assert json.loads(outcome.stdout)["faults"] == [
        {"event": str(change.id), "fault": "content-changed"}
    ]
    assert StringIO(outcome.stderr).readline()
