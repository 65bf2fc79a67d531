"""A house whose journal is lost: looked at, stopped in, and nothing else (INV-36)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akkoord.accounts.keys import make_key
from akkoord.accounts.tests.factories import make_staff
from akkoord.config.readiness import LOCKED
from akkoord.consent.models import PermissionEvent, Suppression
from akkoord.consent.tests.factories import NOW, STAFF, make_organisation, make_point, make_topic
from akkoord.consent.tokens import withdrawal_link
from akkoord.datamap.keys import keyed_hash
from akkoord.rights.models import RightsRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOCKED, "lost")
    make_organisation()


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(make_staff(role="owner"))
    return client


def test_inv36_every_staff_page_says_so_and_nothing_can_be_changed(owner: Client) -> None:
    page = owner.get("/")
    assert page.status_code == 200
    assert "Er wordt niets verstuurd" in page.content.decode()
    refused = owner.post(reverse("rights:open"), {"kinds": "access"})
    assert refused.status_code == 503
    assert "U kunt nu niets veranderen" in refused.content.decode()


def test_inv36_who_wants_to_stop_still_can() -> None:
    point, topic = make_point(), make_topic()
    link = withdrawal_link(point_id=point.id, purpose_id=topic.id)
    path = "/" + link.split("/", 3)[3]
    answer = Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert PermissionEvent.objects.filter(contact_point_ref=point.id).count() == 1
    # By the code of a letter on paper too: a wrong one gets its own answer, not a closed door.
    assert Client().post(reverse("consent_public:letter_code"), {"code": "X"}).status_code != 503


@pytest.mark.parametrize("kinds", [["objection"], ["access", "objection"]])
def test_inv34_who_objects_at_the_page_is_heard_in_a_locked_house(kinds: list[str]) -> None:
    """Without an account; who only asks to see something comes back later."""
    path = reverse("rights_public:request_new")
    asked = {"kinds": kinds, "email": "nee@example.nl", "words": ""}
    assert Client().post(path, asked).status_code == 200
    assert Suppression.objects.filter(keyed_hash=keyed_hash("nee@example.nl")).exists()
    assert Client().post(path, asked | {"kinds": ["access"]}).status_code == 503


def test_inv34_another_system_passes_on_a_no_to_a_locked_house() -> None:
    """Each end-point that says no; a request without one, and what cannot be read, is refused."""
    secret = make_key(name="Web shop", role="marketer", at=NOW, actor=STAFF).secret

    def post(path: str, sent: Any) -> int:
        head = {"authorization": f"Bearer {secret}"}
        return (
            Client()
            .post(f"/api/v1{path}", sent, content_type="application/json", headers=head)
            .status_code
        )

    address = {"address": "nee@example.nl"}
    assert post("/objections", address) == 202
    assert post("/withdrawals", address) == 202
    assert post("/requests", address | {"kinds": ["objection"]}) == 202
    assert Suppression.objects.filter(keyed_hash=keyed_hash("nee@example.nl")).exists()
    for refused in (address | {"kinds": ["access"]}, address, {"kinds": 7}, [], "{"):
        assert post("/requests", refused) == 503
    assert RightsRequest.objects.count() == 1


def test_unlocked_all_is_as_ever(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOCKED, "")
    assert "Er wordt niets verstuurd" not in owner.get("/").content.decode()
    assert owner.post(reverse("rights:open"), {"kinds": "access"}).status_code != 503
