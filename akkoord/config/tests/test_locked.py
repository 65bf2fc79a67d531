"""A house whose journal is lost: looked at, stopped in, and nothing else (INV-36)."""

import pytest
from django.test import Client
from django.urls import reverse

from akkoord.accounts.tests.factories import make_staff
from akkoord.config.readiness import LOCKED
from akkoord.consent.models import PermissionEvent
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.consent.tokens import withdrawal_link

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


def test_unlocked_all_is_as_ever(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOCKED, "")
    assert "Er wordt niets verstuurd" not in owner.get("/").content.decode()
    assert owner.post(reverse("rights:open"), {"kinds": "access"}).status_code != 503
