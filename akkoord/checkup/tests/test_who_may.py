"""No button of the check-up leads a role to a page that refuses it; it says who can do it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from akkoord import checkup
from akkoord.accounts.access import Action, role_may
from akkoord.accounts.models import Role
from akkoord.accounts.tests.factories import make_staff
from akkoord.checkup.points import Finding, Seen
from akkoord.checkup.queries import check_up
from akkoord.checkup.questions import QUESTIONS
from akkoord.checkup.shown import Reader, seen_rows
from akkoord.config.access import roles_at
from akkoord.law.duties import Duty, State
from akkoord.register.tests.factories import NOW, make_organisation, make_topic

pytestmark = pytest.mark.django_db
SOURCES = Path(checkup.__file__).parent.glob("live*.py")
# Every page that a point can ever lead to, also when it is in order now.
PAGES = sorted(
    {name for each in SOURCES for name in re.findall(r'reverse\("([\w:]+)"\)', each.read_text())}
)


def logged_in(role: str) -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(
        make_staff(role, f"{role}@example.nl"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def row_of(url: str, role: str, *, is_question: bool = False) -> str:
    finding = Finding(State.WRONG, "Zo is het.", url, "Ga")
    seen = Seen("x", Duty.SECURITY, 1, "X", "Y", "AVG 32", finding, is_question)
    with translation.override("nl"):
        return seen_rows([seen], {}, Reader(role, roles_at))[0].others


@pytest.mark.parametrize("role", Role.values)
def test_every_page_that_a_point_leads_to_opens_or_has_no_button(role: str) -> None:
    make_organisation()
    client = logged_in(role)
    assert {"backups:index", "accounts:staff", "people:index"} <= set(PAGES)
    for name in PAGES:
        opens = client.get(reverse(name)).status_code != 403
        assert (row_of(reverse(name), role) == "") is opens, name
    for question in QUESTIONS:
        url = reverse("checkup:question", args=[question.key])
        may = role_may(role, Action.CHANGE_REGISTER)
        assert (row_of(url, role, is_question=True) == "") is may, question.key


def test_who_can_do_it_is_said() -> None:
    assert row_of(reverse("backups:index"), "marketer") == "Wie dit kan: Eigenaar"
    said = row_of(reverse("people:index") + "?te-beoordelen=1", "marketer")
    assert said == ""
    both = row_of(reverse("accounts:staff"), "marketer")
    assert both == f"Wie dit kan: Eigenaar, {translated(Role.PRIVACY_OFFICER)}"


def translated(role: Role) -> str:
    with translation.override("nl"):
        return str(role.label)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("page", ["checkup:index", "insight:duties"])
def test_the_pages_show_no_button_that_refuses(role: str, page: str) -> None:
    """As it is for a new house, with most points red."""
    make_organisation()
    make_topic()
    client = logged_in(role)
    shown = client.get(reverse(page)).content.decode()
    part = r'<div class="point-do">(.*?)</div>' if page == "checkup:index" else r"(.*)"
    links = {
        link
        for each in re.findall(part, shown, re.DOTALL)
        for link in re.findall(r'href="(/[^"]*)"', each)
    }
    assert links
    for link in links:
        assert client.get(link).status_code == 200, link
    refused = {
        each.finding.url
        for each in check_up(at=NOW).seen
        if each.finding.url and role not in roles_at(each.finding.url)
    }
    assert not links & refused
    if page == "checkup:index":
        assert shown.count("Wie dit kan") >= len(refused)
        assert bool(refused) is (role != Role.OWNER)
