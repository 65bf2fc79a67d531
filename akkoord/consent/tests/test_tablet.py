"""The tablet on the counter: a yes of the person's own, and no trace for the next."""

from datetime import timedelta

import pytest
from django.urls import reverse

from akkoord.accounts.actions import create_staff
from akkoord.consent.form_facts import FormFacts
from akkoord.consent.forms_publishing import create_form, publish_form
from akkoord.consent.models import CheckoutAct, Enquiry, PermissionEvent, SignUp, Standing
from akkoord.consent.tablet_pin import LOCKED_FOR, try_pin, with_pin
from akkoord.consent.tests import factories as make
from akkoord.consent.withdraw import object_to_marketing
from akkoord.delivery.models import OutboxMail
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
FORM = "/balie/"
PIN = "4829"
TWICE = {"pin": PIN, "again": PIN}


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic())


@pytest.fixture
def owner(shown):
    return create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")


@pytest.fixture
def tablet(client, owner, shown):
    """A browser that the owner set ready."""
    client.force_login(owner)
    answer = client.post(reverse("consent:tablet_start", args=[shown.form_id]), TWICE)
    assert answer.url == FORM
    return client


def filled(shown, **values):
    return {
        "shown": str(shown.id),
        "topics": [str(each) for each in shown.purpose_version_ids],
        "email": "anna@example.nl",
        "first_name": "Anna",
        "sixteen": "on",
    } | values


def test_inv13_a_yes_at_the_tablet_stands_at_once_without_a_mail(tablet, owner, shown) -> None:
    answer = tablet.post(FORM, filled(shown))
    assert answer.status_code == 302
    assert answer.url.startswith("/balie/dank/")
    event = PermissionEvent.objects.get()
    assert (event.state, event.method, event.actor_kind) == ("given", "counter", "person")
    assert event.evidence["tablet"] == str(owner.pk)
    assert (event.collection_point_id, event.notice_id) == (shown.id, shown.notice_id)
    assert Standing.objects.get().state == "given"
    assert not SignUp.objects.exists()
    assert not OutboxMail.objects.exists()
    assert Person.objects.get().given_name == "Anna"


def test_inv05_the_persons_own_act_at_the_tablet_lifts_an_older_no(tablet, shown) -> None:
    point = make.make_point()
    object_to_marketing(
        person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=make.NOW
    )
    tablet.post(FORM, filled(shown))
    assert Standing.objects.get(contact_point=point).state == "given"


def test_a_name_that_is_known_is_not_changed_at_the_counter(tablet, shown) -> None:
    make.make_point()
    Person.objects.update(given_name="Johanna")
    tablet.post(FORM, filled(shown))
    assert Person.objects.get().given_name == "Johanna"


def test_the_tablet_opens_nothing_else_until_staff_log_in_again(tablet, shown) -> None:
    assert tablet.get(FORM).status_code == 200
    for path in ("/", "/mensen/", f"/formulieren/{shown.form_id}/"):
        answer = tablet.get(path)
        assert answer.status_code == 302
        assert "/account/login/" in answer.url
    assert "/account/login/" in tablet.get("/balie/weg/").url
    assert tablet.get(FORM).status_code == 200  # it is still a tablet


def test_inv45_who_set_it_ready_stands_in_the_trail(tablet, owner, shown) -> None:
    note = Change.objects.get(action="tablet.start")
    assert (note.actor_id, note.object_id) == (owner.pk, shown.form_id)


def test_leaving_asks_the_password_and_the_pin(tablet, owner, shown) -> None:
    assert "/account/login/" in tablet.post("/balie/weg/", {"pin": PIN}).url  # no log-in yet
    tablet.force_login(owner)
    for path in ("/", "/mensen/", f"/formulieren/{shown.form_id}/"):
        assert tablet.get(path).url == "/balie/weg/"  # nor the other way round
    assert tablet.get("/balie/weg/").status_code == 200
    assert tablet.post("/balie/weg/", {"pin": "1111"}).status_code == 200
    assert tablet.get("/mensen/").url == "/balie/weg/"
    left = tablet.post("/balie/weg/", {"pin": PIN})
    assert left.url == reverse("consent:form", args=[shown.form_id])
    assert tablet.get("/mensen/").status_code == 200
    assert "/account/login/" in tablet.get(FORM).url


def test_five_wrong_tries_lock_it_and_log_out(tablet, owner) -> None:
    tablet.force_login(owner)
    for left in (4, 3, 2, 1):
        page = tablet.post(
            "/balie/weg/", {"pin": "0000"}, headers={"accept-language": "nl"}
        ).content.decode()
        assert f"nog {left} keer" in page
    locked = tablet.post("/balie/weg/", {"pin": "0000"}, headers={"accept-language": "nl"})
    assert "over 15 minuten" in locked.content.decode()
    assert "/account/login/" in tablet.get("/mensen/").url
    assert tablet.get(FORM).status_code == 200  # it is still a tablet
    tablet.force_login(owner)
    assert tablet.post("/balie/weg/", {"pin": PIN}).status_code == 200  # the right one neither
    assert tablet.get("/mensen/").status_code == 302


def test_the_lock_ends_by_itself() -> None:
    kept = with_pin(PIN)
    for _ in range(5):
        answer = try_pin(kept, "0000", at=make.NOW)
    assert answer.locked_minutes == 15
    assert try_pin(kept, PIN, at=make.NOW + LOCKED_FOR - timedelta(seconds=1)).locked_minutes == 1
    assert try_pin(kept, PIN, at=make.NOW + LOCKED_FOR).is_right


def test_the_pin_is_kept_as_a_hash_alone(tablet) -> None:
    kept = tablet.session["tablet"]
    assert PIN not in str(kept)
    assert kept["pin"].startswith("argon2") or "$" in kept["pin"]


@pytest.mark.parametrize("pin", ["", "123", "1234", "4321", "0000", "890123456", "12ab", "٤٨٢٩"])
def test_a_pin_that_is_none_or_everybodys_is_refused(client, owner, shown, pin) -> None:
    client.force_login(owner)
    address = reverse("consent:tablet_start", args=[shown.form_id])
    page = client.post(address, {"pin": pin, "again": pin})
    assert page.status_code == 200
    assert page.context["form"].errors["pin"]
    assert client.post(address, {"pin": PIN, "again": "4820"}).context["form"].errors["again"]
    assert "tablet" not in client.session


def test_a_question_is_asked_at_the_tablet_without_any_topic(client, owner, shown) -> None:
    asked = other_form("question", shown)
    start(client, owner, asked)
    answer = client.post(
        FORM,
        {"shown": str(asked.id), "email": "anna@example.nl", "message": "Maakt u ook bakfietsen?"},
    )
    assert answer.status_code == 302
    assert Enquiry.objects.get().text == "Maakt u ook bakfietsen?"
    assert not PermissionEvent.objects.exists()
    assert client.post(FORM, {"shown": str(asked.id), "email": "b@example.nl"}).status_code == 422


def test_inv09_an_order_at_the_tablet_is_no_yes_and_a_tick_is(client, owner, shown) -> None:
    checkout = other_form("checkout", shown)
    start(client, owner, checkout)
    posted = {"shown": str(checkout.id), "email": "anna@example.nl"}
    assert client.post(FORM, posted).status_code == 302
    assert CheckoutAct.objects.get().ip_truncated == ""
    assert not PermissionEvent.objects.exists()
    client.post(FORM, posted | {"topics": [str(each) for each in checkout.purpose_version_ids]})
    assert PermissionEvent.objects.get().state == "given"


def other_form(kind, shown):
    """A published form of another kind, with the same topic."""
    facts = FormFacts(name=kind, kind=kind, topic_ids=tuple(shown.form.topic_ids))
    form = create_form(facts=facts, at=make.NOW, actor=make.STAFF)
    return publish_form(form_id=form.id, at=make.NOW, actor=make.STAFF)[0]


def start(client, owner, shown) -> None:
    client.force_login(owner)
    client.post(reverse("consent:tablet_start", args=[shown.form_id]), TWICE)


def test_a_browser_that_nobody_set_ready_is_no_tablet(client, shown) -> None:
    for path in (FORM, "/balie/dank/"):
        assert "/account/login/" in client.get(path).url
    assert "/account/login/" in client.post(FORM, filled(shown)).url
    assert not PermissionEvent.objects.exists()
    assert (
        client.post(reverse("consent:tablet_start", args=[shown.form_id]), TWICE).status_code == 302
    )
    assert "tablet" not in client.session


def test_no_trace_is_kept_of_the_person_before(tablet, shown) -> None:
    page = tablet.post(FORM, filled(shown, topics=[]))
    assert page.status_code == 422
    for answer in (page, tablet.get(FORM), tablet.get("/balie/dank/")):
        assert "no-store" in answer["Cache-Control"]
    text = tablet.get(FORM).content.decode()
    assert "anna@example.nl" not in text
    assert 'autocomplete="email"' not in text
    assert 'autocomplete="off"' in text
    assert 'data-idle="60"' in text
    assert "counter" in text


@pytest.mark.parametrize(
    ("values", "field"),
    [({"topics": []}, "topics"), ({"email": "anna"}, "email"), ({"email": ""}, "email")],
)
def test_bad_input_is_told_at_the_field(tablet, shown, values, field) -> None:
    page = tablet.post(FORM, filled(shown, **values))
    assert page.status_code == 422
    assert f"id_{field}_error" in page.content.decode()
    assert not PermissionEvent.objects.exists()
    assert not ContactPoint.objects.exists()


def test_the_form_is_in_the_language_that_is_chosen(tablet, shown) -> None:
    assert "Yes, this is what I want" in tablet.get(f"{FORM}?taal=en").content.decode()
    assert "Ja, dit wil ik" in tablet.get(f"{FORM}?taal=nl").content.decode()


def test_a_closed_form_ends_it(tablet, shown) -> None:
    shown.form.closed_at = make.NOW
    shown.form.save()
    assert "/account/login/" in tablet.get(FORM).url
