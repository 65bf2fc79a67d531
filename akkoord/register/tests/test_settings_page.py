"""The settings of the organisation and the first-run page, as somebody fills them in."""

import pytest
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.datamap.keys import sign_token
from akkoord.register.actions import RegisterRefused, change_organisation
from akkoord.register.models import Organisation
from akkoord.register.tests.factories import NOW, make_organisation
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    make_organisation()
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def as_shown(client: Client) -> dict[str, str]:
    """What a browser sends back when nothing was changed: a colour field is never empty."""
    form = client.get("/instellingen/").context["form"]
    return {
        name: str(form[name].value() or ("#000000" if name == "accent" else ""))
        for name in form.fields
    }


def test_saving_unchanged_changes_nothing(client: Client) -> None:
    before = Organisation.objects.values().get()
    assert client.post("/instellingen/", as_shown(client)).status_code == 302
    after = Organisation.objects.values().get()
    assert after["accent"] == ""
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


def test_a_chosen_colour_is_kept(client: Client) -> None:
    client.post("/instellingen/", as_shown(client) | {"accent": "#b5471b"})
    assert Organisation.objects.get().accent == "#b5471b"
    client.post("/instellingen/", as_shown(client))
    assert Organisation.objects.get().accent == "#b5471b"


@pytest.mark.parametrize("name", ["terms_url", "privacy_url", "website"])
def test_a_link_that_runs_is_refused_at_its_field(client: Client, name: str) -> None:
    page = client.post("/instellingen/", as_shown(client) | {name: "javascript:alert(1)"})
    assert page.status_code == 200
    assert "Begin het adres met https://." in page.context["form"].errors[name]
    with pytest.raises(RegisterRefused):
        change_organisation(values={name: "javascript:alert(1)"}, at=NOW, actor=Actor.system())


@pytest.mark.parametrize(
    ("language", "sentence", "top"),
    [
        ("nl", "Dit wachtwoord is te kort. Neem minstens 12 tekens", "Nog niet alles klopt"),
        ("en", "This password is too short. Take at least 12", "Not everything is right yet"),
    ],
)
def test_a_weak_password_is_refused_in_the_readers_language(
    language: str, sentence: str, top: str
) -> None:
    visitor = Client(headers={"accept-language": language})
    visitor.get(f"/begin/?token={sign_token('begin', b'')}")
    page = visitor.post("/begin/", {"name": "Fietsen", "owner_password": "kort", "trade": "shop"})
    text = page.content.decode()
    assert sentence in text
    assert top in text
