"""The person's pages: small, without cookies, and GET changes nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.consent.ask_link import PER_ADDRESS
from akkoord.consent.models import CollectionPoint, Form, PermissionEvent, SignUp, Standing
from akkoord.consent.tests import factories as make
from akkoord.consent.tokens import fresh_link, preference_link, why_link, withdrawal_link
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import ContactPoint, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic(), make.make_topic("offers"))


@pytest.fixture
def person(client):
    return Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def words_of(page) -> str:
    """The page without the token of its language switch."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())


def post_form(person, shown, **values):
    data = {
        "shown": shown.id,
        "topics": [str(each) for each in shown.purpose_version_ids],
        "email": "anna@example.nl",
    } | values
    return person.post("/f/nieuwsbrief/", data)


def confirmed(person, shown) -> ContactPoint:
    post_form(person, shown)
    link = re.search(r"/b/[^/\s]+/", OutboxMail.objects.get().text).group()
    assert person.post(link).status_code == 200
    return ContactPoint.objects.get()


def test_the_form_is_whole_small_and_needs_no_cookie(person, shown) -> None:
    page = person.get("/f/nieuwsbrief/")
    text = page.content.decode()
    assert page.status_code == 200
    assert len(page.content) < 15_000
    # INV-43: everything that art. 13 asks; INV-8: no box is ticked.
    for told in ("Fietsen Jansen", "info@fietsen.example.nl", "autoriteitpersoonsgegevens.nl"):
        assert told in text
    assert "checked" not in text
    assert "<script>" not in text  # no script of the page itself, and none that it needs
    assert " style=" not in text


def test_inv13_signing_up_and_confirming_by_button(person, shown) -> None:
    answer = post_form(person, shown, first_name="Anna")
    assert answer.status_code == 302
    assert "mailbox" in person.get(answer.url).content.decode().lower()
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("confirmation", "anna@example.nl")
    link = re.search(r"/b/[^/\s]+/", mail.text).group()
    for _ in range(2):
        assert person.get(link).status_code == 200
        assert person.head(link).status_code == 200
    assert not PermissionEvent.objects.filter(state="confirmed").exists()
    page = person.post(link, {"shown": SignUp.objects.get().id})
    assert "/v/" in page.content.decode()
    assert PermissionEvent.objects.filter(state="confirmed").count() == 2
    assert len(page.content) < 15_000
    again = person.post(link)
    assert again.status_code == 200
    assert PermissionEvent.objects.filter(state="confirmed").count() == 2


def test_known_and_unknown_addresses_get_the_same_answer(person, shown) -> None:
    make.make_point("known@example.nl")
    known = post_form(person, shown, email="known@example.nl")
    fresh = post_form(person, shown, email="fresh@example.nl")
    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert words_of(person.get(known.url)) == words_of(person.get(fresh.url))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"topics": []}, "topics"),
        ({"email": ""}, "email"),
        ({"email": "nonsense"}, "email"),
        ({"email": "a@b\r\nBcc: x@example.nl"}, "email"),
        ({"topics": ["nonsense"]}, "topics"),
        ({"first_name": "x" * 500}, "first_name"),
    ],
)
def test_bad_input_gets_an_error_at_the_field(person, shown, values, field) -> None:
    page = post_form(person, shown, **values)
    assert page.status_code == 422
    assert f'id="id_{field}_error"' in page.content.decode()
    assert not Person.objects.exists()
    assert not OutboxMail.objects.exists()


def test_a_machine_that_fills_the_trap_stores_nothing(person, shown) -> None:
    assert post_form(person, shown, website="http://spam.example").status_code == 302
    assert not Person.objects.exists()


def test_a_form_keeps_what_was_on_the_screen(person, shown) -> None:
    from akkoord.consent.forms_publishing import publish_form

    Form.objects.update(intro_nl="Anders")
    publish_form(form_id=shown.form_id, at=timezone.now(), actor=make.STAFF)
    post_form(person, shown)
    assert SignUp.objects.get().collection_point_id == shown.id
    other = CollectionPoint.objects.exclude(id=shown.id).filter(language="nl").get()
    assert other.version == 2


def test_a_closed_form_says_so(person, shown) -> None:
    Form.objects.update(closed_at=make.NOW)
    assert person.get("/f/nieuwsbrief/").status_code == 410
    assert post_form(person, shown).status_code == 410


def test_a_flood_is_told_to_wait(person, shown) -> None:
    from akkoord.consent.challenge import FROM_NETWORK

    for number in range(FROM_NETWORK):
        post_form(person, shown, email=f"a{number}@example.nl")
    assert post_form(person, shown, email="late@example.nl").status_code == 429
    assert OutboxMail.objects.count() == FROM_NETWORK


@pytest.mark.parametrize("token", ["x", "AAAA", "a" * 300, "%C3%A9", "..", "%00"])
@pytest.mark.parametrize("place", ["b", "u", "v", "waarom"])
def test_forged_links_get_a_helpful_page(person, shown, place, token) -> None:
    page = person.get(f"/{place}/{token}/")
    assert page.status_code == 404


def test_an_expired_confirmation_leads_back_to_the_form(person, shown) -> None:
    signed_up = make.sign_up(shown, at=timezone.now() - timedelta(days=9))
    page = person.post(f"/b/{make.confirmation_token(signed_up)}/")
    assert page.status_code == 410
    assert "/f/nieuwsbrief/" in page.content.decode()


def stop_path(point, slug="newsletter") -> str:
    purpose = Standing.objects.get(contact_point=point, purpose__slug=slug).purpose_id
    return path_of(withdrawal_link(point_id=point.id, purpose_id=purpose))


@pytest.mark.parametrize(
    ("body", "kind", "agent"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded", "Google-Mail"),
        (
            (
                '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
                "One-Click\r\n--b--\r\n"
            ),
            "multipart/form-data; boundary=b",
            "",
        ),
        ("--broken", "multipart/form-data; boundary=other", "curl/8"),
        ("", "text/plain", "Googlebot/2.1"),
        ("x" * 3_000_000, "application/x-www-form-urlencoded", "Mozilla/5.0"),
    ],
)
def test_inv23_one_click_as_providers_send_it(
    person, shown, django_assert_num_queries, body, kind, agent
) -> None:
    point = confirmed(person, shown)
    path = stop_path(point)
    with django_assert_num_queries(2):  # the stop, and what the journal must know of it
        answer = Client(HTTP_USER_AGENT=agent, enforce_csrf_checks=True).post(
            path, body, content_type=kind
        )
    assert answer.status_code == 200
    assert not answer.cookies
    assert Standing.objects.get(purpose__slug="newsletter").state == "withdrawn"
    assert Standing.objects.get(purpose__slug="offers").state == "confirmed"
    again = person.post(path, body, content_type=kind)
    assert again.status_code == 200
    assert PermissionEvent.objects.filter(state="withdrawn").count() == 1


def test_inv23_get_and_head_change_nothing(person, shown) -> None:
    path = stop_path(confirmed(person, shown))
    assert person.get(path).status_code == person.head(path).status_code == 200
    assert not PermissionEvent.objects.filter(state="withdrawn").exists()


def test_inv24_the_page_stops_with_one_press_and_offers_less(person, shown) -> None:
    point = confirmed(person, shown)
    path = stop_path(point)
    page = person.post(path, "page=1", content_type="application/x-www-form-urlencoded")
    assert page.status_code == 200
    assert not page.cookies
    less = re.search(r'action="(/u/[^"]+/minder/)"', page.content.decode()).group(1)
    for _ in range(PER_ADDRESS + 2):
        assert person.post(less).status_code == 200
    links = OutboxMail.objects.filter(kind="preference-link")
    assert links.count() == PER_ADDRESS
    assert "anna" not in person.post(less).content.decode()


def test_after_an_erasure_every_link_says_that_nothing_is_sent(person, shown) -> None:
    point = confirmed(person, shown)
    purpose = Standing.objects.first().purpose_id
    now = timezone.now()
    paths = [
        stop_path(point),
        path_of(preference_link(point_id=point.id, at=now)),
        path_of(why_link(point_id=point.id, purpose_id=purpose, at=now)),
    ]
    Person.objects.all().delete()
    for path in paths:
        page = person.get(path)
        assert page.status_code == 200
    assert person.post(paths[0]).status_code == 200


def centre(point) -> str:
    return path_of(fresh_link(point_id=point.id, at=timezone.now()))


def boxes(page) -> tuple[str, dict[str, str]]:
    text = page.content.decode()
    shown = re.search(r'name="shown" value="([^"]+)"', text).group(1)
    found = re.findall(r'name="topic" value="([^"]+)" id="[^"]+"( checked)?', text)
    return shown, dict(found)


def test_topics_go_off_and_on_in_the_preference_centre(person, shown) -> None:
    point = confirmed(person, shown)
    path = centre(point)
    page = person.get(path)
    assert len(page.content) < 15_000
    words, topics = boxes(page)
    assert set(topics.values()) == {" checked"}
    keep, drop = topics
    form = {"do": "topics", "shown": words, "on_screen": list(topics)}
    assert person.post(path, form | {"topic": [keep]}).status_code == 200
    assert sorted(Standing.objects.values_list("state", flat=True)) == ["confirmed", "withdrawn"]
    words, topics = boxes(person.get(path))
    assert person.post(path, form | {"topic": [keep, drop], "shown": words}).status_code == 200
    assert set(Standing.objects.values_list("state", flat=True)) == {"confirmed"}
    fresh = PermissionEvent.objects.filter(method="preference-centre", state="confirmed").get()
    assert fresh.collection_point.kind == "preference-centre"
    assert fresh.notice is not None  # INV-7


def test_a_grant_needs_the_words_that_were_on_the_screen(person, shown) -> None:
    point = confirmed(person, shown)
    path = centre(point)
    person.post(path, {"do": "off"})
    assert set(Standing.objects.values_list("state", flat=True)) == {"withdrawn"}
    _words, topics = boxes(person.get(path))
    page = person.post(path, {"do": "topics", "shown": "other", "topic": list(topics)})
    assert page.status_code == 422
    assert set(Standing.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_inv32_an_official_number_in_a_name_is_not_kept(person, shown) -> None:
    point = confirmed(person, shown)
    before = Person.objects.get().full_name
    sent = {"do": "names", "given_name": "Jan BSN 111222333", "family_name": "", "language": "nl"}
    answer = person.post(centre(point), sent)
    assert "officieel nummer" in answer.content.decode()
    assert Person.objects.get().full_name == before


def test_name_and_address_are_corrected(person, shown) -> None:
    point = confirmed(person, shown)
    path = centre(point)
    person.post(path, {"do": "names", "given_name": "An", "family_name": "Bos", "language": "en"})
    assert Person.objects.get().full_name == "An Bos"
    make.make_point("bob@example.nl")
    taken = person.post(path, {"do": "address", "email": "bob@example.nl"})
    free = person.post(path, {"do": "address", "email": "an@new.example.nl"})
    assert taken.status_code == free.status_code == 200
    mail = OutboxMail.objects.get(kind="mailbox-check")
    assert mail.recipient == "an@new.example.nl"
    assert person.post(path, {"do": "address", "email": "x"}).status_code == 422
    link = re.search(r"/b/[^/\s]+/", mail.text).group()
    assert person.post(link).status_code == 200
    point.refresh_from_db()
    assert point.ended_at is not None


def test_a_withdrawal_token_opens_no_preferences(person, shown) -> None:
    point = confirmed(person, shown)
    token = stop_path(point).split("/")[2]
    assert person.get(f"/v/{token}/").status_code == 404


def test_a_link_is_mailed_and_nobody_is_told_who_is_known(person, shown) -> None:
    confirmed(person, shown)
    known = person.post("/voorkeuren/", {"email": "anna@example.nl"})
    unknown = person.post("/voorkeuren/", {"email": "nobody@example.nl"})
    assert known.status_code == 200
    assert words_of(known) == words_of(unknown)
    assert OutboxMail.objects.filter(kind="preference-link").count() == 1
    assert person.post("/voorkeuren/", {"email": "x"}).status_code == 422


def test_why_shows_the_exact_words_and_no_address(person, shown) -> None:
    point = confirmed(person, shown)
    standing = Standing.objects.get(purpose__slug="newsletter")
    now = timezone.now()
    link = why_link(point_id=point.id, purpose_id=standing.purpose_id, at=now)
    text = person.get(path_of(link)).content.decode()
    assert "Tips over newsletter." in text
    assert "anna@example.nl" not in text


def test_every_public_page_has_an_english_face(shown) -> None:
    english = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert "News newsletter" in english.get("/f/nieuwsbrief/").content.decode()
    assert english.get(reverse("consent_public:ask_link")).status_code == 200


def test_a_page_that_is_too_old_says_so_and_can_be_sent_again(person, shown) -> None:
    page = person.post("/f/nieuwsbrief/", {"shown": "geen-nummer", "email": "a@example.nl"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "Deze pagina stond te lang open" in text
    assert "Er ontbreekt iets" not in text
    assert f'value="{shown.id}"' in text, "the next press is about what stands here now"


def test_a_flood_is_told_when_to_come_back_and_nothing_else(person, shown) -> None:
    from akkoord.consent.challenge import FROM_NETWORK

    for number in range(FROM_NETWORK):
        post_form(person, shown, email=f"a{number}@example.nl")
    page = post_form(person, shown, email="late@example.nl")
    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0
    assert "Kijk naar de velden" not in page.content.decode()
