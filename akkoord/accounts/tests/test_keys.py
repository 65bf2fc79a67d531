"""Pages of keys: the owner's, the secret shown once."""

import pytest
from django.urls import reverse

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import ApiKey
from akkoord.consent.tests import factories as make
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    make.make_organisation()
    staff = create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")
    client.force_login(staff)
    return client


def test_a_key_is_made_shown_once_and_revoked(owner) -> None:
    index, create = reverse("accounts:keys"), reverse("accounts:key_create")
    assert owner.get(index).status_code == 200
    assert owner.get(create).status_code == 200
    answer = owner.post(create, {"name": "Webwinkel", "role": "marketer", "recipient_id": "own"})
    assert answer["Cache-Control"] == "no-store"
    key = ApiKey.objects.get()
    shown = answer.content.decode()
    secret = answer.context["made"].secret
    assert secret in shown
    assert secret not in owner.get(index).content.decode()
    assert owner.post(reverse("accounts:key_revoke", args=[key.id])).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert owner.get(index).status_code == 200
    actions = set(Change.objects.values_list("action", flat=True))
    assert {"apikey.create", "apikey.revoke"} <= actions


def test_a_key_needs_a_name_and_a_role(owner) -> None:
    page = owner.post(reverse("accounts:key_create"), {"name": "", "role": "god"})
    assert "id_name_error" in page.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", ["marketer", "privacy-officer"])
def test_keys_are_the_owners(client, role) -> None:
    make.make_organisation()
    client.force_login(create_staff(email="m@example.nl", name="M", password="x" * 12, role=role))
    assert client.get(reverse("accounts:keys")).status_code == 403
    assert client.post(reverse("accounts:key_create"), {}).status_code == 403
