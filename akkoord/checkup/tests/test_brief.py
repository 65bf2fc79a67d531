"""The check-up on the start page: the score and what to do first, for everybody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from akkoord.accounts.models import Role, Staff
from akkoord.checkup.queries import check_up
from akkoord.register.tests.factories import NOW, make_organisation, make_topic

pytestmark = pytest.mark.django_db


def log_in(client: Client, role: Role) -> None:
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role=role, name="O"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"


def test_the_start_page_asks_for_it_and_it_names_the_three_next_things(client: Client) -> None:
    make_organisation()
    make_topic()
    log_in(client, Role.OWNER)
    brief = reverse("checkup:brief")
    assert f'hx-get="{brief}"' in client.get("/").content.decode()
    page = client.get(brief).content.decode()
    with translation.override("nl"):
        found = check_up(at=NOW)
        assert len(found.actions) == 3
        for each in found.actions:
            assert str(each.title) in page
            assert each.finding.url in page
    assert f'value="{found.score}"' in page
    assert "<html" not in page


def test_who_may_not_change_the_register_sees_it_without_plans(client: Client) -> None:
    make_organisation()
    log_in(client, Role.MARKETER)
    page = client.get(reverse("checkup:brief")).content.decode()
    assert "Niet in orde" in page
    assert "/controle/plan/" not in page
