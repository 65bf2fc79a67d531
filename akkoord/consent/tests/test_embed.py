"""Forms on other people's sites: the script, its words, the POST end-point, code and paper."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from akkoord.accounts.actions import create_staff
from akkoord.consent.models import Form, SignUp
from akkoord.consent.tests import factories as make
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import Person
from akkoord.web.built import built_text

pytestmark = pytest.mark.django_db
OPEN = ("formulier.js", "formulier.json", "aanmelden/")


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic(), make.make_topic("offers"))


@pytest.fixture
def stranger() -> Client:
    """Another site: no cookie, and CSRF would be checked."""
    return Client(enforce_csrf_checks=True, headers={"Origin": "https://shop.example.org"})


def data_of(shown, **values):
    return {
        "shown": str(shown.id),
        "email": "anna@example.nl",
        "topics": [str(shown.purpose_version_ids[0])],
    } | values


def post(stranger, data, **values):
    return stranger.post(
        "/f/nieuwsbrief/aanmelden/",
        data if isinstance(data, str | bytes) else json.dumps(data),
        content_type=values.pop("content_type", "application/json"),
        **values,
    )


def test_the_script_is_small_and_the_same_for_every_form(stranger, shown) -> None:
    page = stranger.get("/f/nieuwsbrief/formulier.js")
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/javascript")
    assert 500 < len(page.content) < 10_000
    assert page.content.decode() == built_text("embed.js")
    for banned in ("cookie", "localStorage", "innerHTML", "eval(", "document.write"):
        assert banned not in page.content.decode()


def test_exactly_the_public_end_points_are_open_to_other_sites(stranger, shown) -> None:
    for name in OPEN:
        url = f"/f/nieuwsbrief/{name}"
        asked = stranger.options(url, headers={"Access-Control-Request-Method": "POST"})
        assert asked.status_code == 204
        assert asked["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in asked
        got = stranger.get(url)
        assert got["Access-Control-Allow-Origin"] == "*"
        assert not got.cookies
    for url in ("/f/nieuwsbrief/", "/voorkeuren/", "/privacy/", "/"):
        assert "Access-Control-Allow-Origin" not in stranger.get(url)


def test_inv07_the_snippet_shows_exactly_the_frozen_words(stranger, shown) -> None:
    found = stranger.get("/f/nieuwsbrief/formulier.json?taal=nl").json()
    assert found["shown"] == str(shown.id)
    assert found["notice"] == shown.notice.text
    assert [each["label"] for each in found["topics"]] == [
        each["sentence"] for each in shown.snapshot["topics"]
    ]
    assert stranger.get("/f/nieuwsbrief/formulier.json?taal=en").json()["language"] == "en"
    assert stranger.get("/f/nieuwsbrief/formulier.json?taal=xx").json()["language"] == "nl"


@pytest.mark.parametrize("kind", ["json", "form"])
def test_inv13_a_post_from_another_site_waits_for_its_confirmation(stranger, shown, kind) -> None:
    if kind == "json":
        answer = post(stranger, data_of(shown, first_name="Anna"))
    else:
        answer = stranger.post("/f/nieuwsbrief/aanmelden/", data_of(shown, first_name="Anna"))
    assert answer.status_code == 202, answer.content
    assert answer.json()["heading"] == "Kijk in uw mailbox"
    assert not answer.cookies
    sign_up = SignUp.objects.get()
    assert (sign_up.state, sign_up.collection_point_id, sign_up.given_name) == (
        "waiting",
        shown.id,
        "Anna",
    )
    assert OutboxMail.objects.get().kind == "confirmation"


def test_inv07_a_post_without_its_version_is_refused(stranger, shown) -> None:
    answer = post(stranger, data_of(shown) | {"shown": ""})
    assert answer.status_code == 422
    assert "shown" in answer.json()["errors"]
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": None}, "email"),
        ({"email": {"$ne": ""}}, "email"),
        ({"topics": []}, "topics"),
        ({"topics": "nonsense"}, "topics"),
        ({"topics": [["a"]]}, "topics"),
        ({"first_name": "x" * 500}, "first_name"),
        ({"email": "a@b\r\nBcc: x@example.nl"}, "email"),
        ({"email": "a\u0000@example.nl"}, "email"),
    ],
)
def test_bad_input_gets_an_error_per_field(stranger, shown, values, field) -> None:
    answer = post(stranger, data_of(shown, **values))
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not Person.objects.exists()
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff\xfe", b'"text"', b"[" * 5000, b'{"email":"' + b"x" * 30_000]
)
def test_a_body_that_is_no_object_is_refused(stranger, shown, body) -> None:
    answer = post(stranger, body)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"]
    assert not Person.objects.exists()


def test_a_form_that_is_closed_or_was_never_published_says_so(stranger, shown) -> None:
    Form.objects.update(closed_at=make.NOW)
    assert stranger.get("/f/nieuwsbrief/formulier.json").status_code == 410
    assert post(stranger, data_of(shown)).status_code == 410
    assert stranger.get("/f/nergens/formulier.json").status_code == 404


def test_known_and_unknown_addresses_get_the_same_answer_from_the_end_point(
    stranger, shown
) -> None:
    make.make_point("known@example.nl")
    known = post(stranger, data_of(shown, email="known@example.nl"))
    fresh = post(stranger, data_of(shown, email="fresh@example.nl"))
    assert (known.status_code, known.content) == (fresh.status_code, fresh.content)
    assert known.headers.keys() == fresh.headers.keys()
    assert OutboxMail.objects.count() == 2  # each mailbox hears the same


@pytest.fixture
def staff(client, shown):
    owner = create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")
    client.force_login(owner)
    return client


def test_the_page_with_everything_to_place_a_form(staff, shown) -> None:
    page = staff.get(reverse("consent:form_place", args=[shown.form_id])).content.decode()
    assert "formulier.js" in page
    assert "/voorkeuren/" in page
    assert str(shown.id) in page
    assert "checked" not in page.partition("&lt;form")[2].partition("/form&gt;")[0]


def test_inv07_plain_html_names_the_version_that_its_words_are_of(shown, stranger) -> None:
    from akkoord.consent.placing import plain_html

    html = plain_html(shown.form, shown)
    assert f'name="shown" value="{shown.id}"' in html
    for topic in shown.snapshot["topics"]:
        assert topic["sentence"] in html
    assert "<script" not in html
    assert " checked" not in html


@pytest.mark.parametrize(("what", "size"), [("poster", (595, 841)), ("kaartje", (297, 419))])
def test_the_poster_and_the_card_are_print_ready(staff, shown, what, size) -> None:
    import re

    answer = staff.get(reverse("consent:form_paper", args=[shown.form_id, what]))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", answer.content)
    assert box
    assert (int(float(box[1])), int(float(box[2]))) == size
    assert staff.get(reverse("consent:form_paper", args=[shown.form_id, "vlag"])).status_code == 404
    code = staff.get(reverse("consent:form_code", args=[shown.form_id]))
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<path" in code.content


def test_a_title_with_marks_is_text_on_paper(staff, shown) -> None:
    from akkoord.consent.printed import printed

    shown.snapshot["title"] = '#panic("x") "quoted" \\ $x$ <script>'
    assert printed(shown, "https://example.nl/f/x/", paper="a6").startswith(b"%PDF")
