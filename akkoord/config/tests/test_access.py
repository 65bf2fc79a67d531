"""Who may open which page: every address has a rule, and the rule holds."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from akkoord.accounts.models import Role, Staff
from akkoord.config import access
from akkoord.law.request_rules import RefusalGround
from akkoord.register.tests.factories import make_organisation
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.models import RequestPart
from akkoord.trail.actions import Actor


def every_page(
    resolver: URLResolver, namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, str]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from every_page(each, inner)
        elif isinstance(each, URLPattern):
            yield ":".join(namespaces), each.name or "", str(each.pattern)


class Match:
    def __init__(self, namespace: str, url_name: str) -> None:
        self.namespace = namespace
        self.url_name = url_name


PAGES = sorted(set(every_page(get_resolver())))


@pytest.mark.parametrize(("namespace", "name", "pattern"), PAGES)
def test_every_page_has_a_rule(namespace: str, name: str, pattern: str) -> None:
    assert access.rule_for(Match(namespace, name)) is not None, (  # type: ignore[arg-type]
        f"{pattern} ({namespace}:{name}) has no rule in akkoord.config.access"
    )


def test_every_rule_of_one_page_has_a_page() -> None:
    known = {f"{namespace}:{name}" for namespace, name, _ in PAGES} | {
        name for namespace, name, _ in PAGES if not namespace
    }
    single = {each for each in access.RULES if ":" in each or each.startswith(("account_", "mfa_"))}
    assert sorted(single - known) == []


@pytest.mark.django_db
def test_before_the_first_run_staff_pages_lead_to_it(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/begin/")


@pytest.mark.django_db
def test_the_first_run_is_not_for_strangers(client: Client) -> None:
    assert client.get("/begin/", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/begin/", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 403
    assert client.get("/begin/?token=abc", REMOTE_ADDR="192.0.2.7").status_code == 403


@pytest.mark.django_db
def test_behind_a_proxy_nobody_sits_at_the_machine(client: Client, settings: Any) -> None:
    """Also behind one on the same machine that passes no address on."""
    assert client.get("/begin/").status_code == 200
    settings.HTTPS = True
    assert client.get("/begin/").status_code == 403


@pytest.mark.django_db
def test_the_first_run_link_lets_its_holder_begin(client: Client) -> None:
    from akkoord.config.commands.serve import first_run_link

    link = first_run_link("http://testserver").removeprefix("http://testserver")
    answer = client.get(link, REMOTE_ADDR="192.0.2.7")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/begin/")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.get("/begin/", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.django_db
def test_a_role_outside_the_rule_is_refused(client: Client) -> None:
    marketer = Staff.objects.create_user("m@example.nl", "x" * 20, role=Role.MARKETER, name="M")
    client.force_login(marketer)
    assert client.get("/instellingen/").status_code == 403


@pytest.mark.django_db
def test_sign_up_is_nobodys(client: Client) -> None:
    assert client.get("/account/signup/").status_code == 403


@pytest.mark.django_db
def test_no_page_has_an_unsafe_policy(client: Client) -> None:
    policy = client.get("/account/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.django_db
def test_an_unknown_address_is_not_found(client: Client) -> None:
    assert client.get("/nergens/").status_code == 404


@pytest.mark.django_db
def test_health_answers_when_the_database_does(client: Client) -> None:
    assert client.get("/health/").content == b"ok"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/mensen/?q=%00", "/mailbox/?q=%00", "/register/%00/"])
def test_a_character_that_the_database_cannot_hold_is_a_bad_request(
    client: Client, address: str
) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    assert client.get(address).status_code in (400, 404)


@pytest.mark.django_db
def test_a_nul_in_a_form_is_refused_at_its_field_and_nothing_is_stored(client: Client) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    key = open_request(
        facts=RequestFacts(kinds=("erasure",), channel="letter", received_at=timezone.now()),
        at=timezone.now(),
        actor=Actor.system(),
    ).id
    url = f"/verzoeken/{key}/weigeren/"
    form = {"kinds": ["erasure"], "ground": RefusalGround.LEGAL_DUTY.value}
    before = RequestPart.objects.filter(request_id=key).values().get()
    answer = client.post(url, form | {"explanation": "a\0b"})
    assert answer.status_code == 422
    wrong = answer.context["refusal"].errors.as_data()
    codes = {name: [each.code for each in found] for name, found in wrong.items()}
    assert codes == {"explanation": ["null_characters_not_allowed"]}  # that, and nothing else
    assert RequestPart.objects.filter(request_id=key).values().get() == before
    assert client.post(url, form | {"explanation": "ab"}).status_code == 302
