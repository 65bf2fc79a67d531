"""The check-up on the start page: the score and what to do first, for everybody."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from akkoord.accounts.models import Role, Staff
from akkoord.checkup.models import Answer
from akkoord.checkup.queries import check_up
from akkoord.insight import views
from akkoord.register.tests.factories import NOW, make_organisation, make_topic

pytestmark = pytest.mark.django_db
LATER = date(2099, 1, 1)


def log_in(client: Client, role: Role) -> None:
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role=role, name="O"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"


def test_the_start_page_asks_for_it_and_it_names_the_three_next_things(client: Client) -> None:
    make_organisation()
    make_topic()
    log_in(client, Role.OWNER)
    part = reverse("insight:duties")
    assert f'hx-get="{part}"' in client.get("/").content.decode()
    page = client.get(part).content.decode()
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
    page = client.get(reverse("insight:duties")).content.decode()
    assert "Niet in orde" in page
    assert "/controle/plan/" not in page


def test_what_is_mended_shows_at_once_but_where_looking_takes_long(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(key: str) -> None:
        Answer.objects.create(
            question=key, says="yes", evidence="Aan de wand.", answered_at=NOW, review_on=LATER
        )

    make_organisation()
    log_in(client, Role.OWNER)
    part = reverse("insight:duties")
    before = client.get(part).content
    answer("leak-plan")
    assert client.get(part).content != before
    monkeypatch.setattr(views, "SLOW_CHECK_UP", -1.0)
    kept = client.get(part).content
    answer("trained")
    assert client.get(part).content == kept
