"""The settings of the organisation and the first-run page, as somebody fills them in."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from akkoord.accounts.tests.factories import make_staff
from akkoord.datamap.keys import sign_token
from akkoord.register.actions import RegisterRefused, change_organisation
from akkoord.register.logo_models import Logo
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
        if name != "logo_file"
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


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), **values: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#b5471b").save(out, kind, **values)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_stands_on_public_pages_and_in_notifications(client: Client, kind: str) -> None:
    anybody = Client()
    tick = anybody.get("/p/icoon.png").content
    upload = SimpleUploadedFile("logo", picture(kind))
    client.post("/instellingen/", as_shown(client) | {"logo_file": upload})
    address = Organisation.objects.get().logo
    shown = anybody.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(shown.content)).size == (432, 144)
    assert address in anybody.get("/privacy/").content.decode()
    icon = anybody.get("/p/icoon.png").content
    assert icon != tick
    assert Image.open(io.BytesIO(icon)).size == (192, 192)
    client.post("/instellingen/", as_shown(client))  # saving without a file keeps it
    assert Organisation.objects.get().logo == address
    client.post("/instellingen/", as_shown(client) | {"no_logo": "on"})
    assert Organisation.objects.get().logo == ""
    assert anybody.get("/p/icoon.png").content == tick
    assert anybody.get(address).status_code == 404


def test_nothing_but_the_picture_comes_along(client: Client) -> None:
    told = PngInfo()
    told.add_text("Author", "Anouk van Dam")
    upload = SimpleUploadedFile("logo.png", picture(pnginfo=told))
    client.post("/instellingen/", as_shown(client) | {"logo_file": upload})
    logo = Logo.objects.get()
    assert b"Anouk" not in bytes(logo.picture) + bytes(logo.icon)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "kunnen wij niet lezen"),
        (picture()[:200], "kunnen wij niet lezen"),
        (picture(size=(5000, 4000)), "te groot"),
        (b"\x89PNG" + b"0" * (2 * 1024 * 1024), "te groot"),
        (picture("GIF"), "kunnen wij niet lezen"),
    ],
)
def test_what_is_no_logo_is_refused_at_its_field(
    client: Client, content: bytes, words: str
) -> None:
    upload = SimpleUploadedFile("logo.png", content)
    page = client.post("/instellingen/", as_shown(client) | {"logo_file": upload})
    assert words in page.context["form"].errors["logo_file"][0]
    assert not Logo.objects.exists()
