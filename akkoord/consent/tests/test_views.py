"""Staff pages of the room."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.consent.models import CollectionPoint, Form, Notice, PermissionEvent, Standing
from akkoord.consent.suppression import suppress
from akkoord.consent.tests import factories as make
from akkoord.consent.withdraw import object_to_marketing
from akkoord.datamap.keys import keyed_hash
from akkoord.law.parameters import term_end
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import RetentionRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    make.make_organisation()
    return make.make_topic()


@pytest.fixture
def staff(client, topic):
    owner = create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")
    client.force_login(owner)
    return client


def form_data(topic, **values):
    return {"name": "Nieuws", "topics": [str(topic.id)], "fields_asked": ["first_name"]} | values


def test_every_page_opens_empty_and_filled(staff, topic) -> None:
    names = ("forms", "overview", "suppressions", "wordings", "form_create", "wording_create")
    for _ in range(2):
        for name in names:
            assert staff.get(reverse(f"consent:{name}")).status_code == 200, name
        shown = CollectionPoint.objects.first() or make.make_form(topic)
        make.sign_up(shown, f"a{Person.objects.count()}@example.nl")
        object_to_marketing(
            person_id=Person.objects.first().id,
            method=Method.STAFF,
            actor=make.STAFF,
            at=make.NOW,
        )
    assert staff.get(reverse("consent:form", args=[shown.form_id])).status_code == 200
    text = staff.get(reverse("consent:suppressions")).content.decode()
    assert "a0@example.nl" not in text  # INV-40


def test_a_form_is_made_looked_at_and_published(staff, topic) -> None:
    answer = staff.post(reverse("consent:form_create"), form_data(topic))
    form = Form.objects.get()
    assert answer.url == reverse("consent:form", args=[form.id])
    assert staff.get("/f/nieuws/").status_code == 410
    staff.post(reverse("consent:form_publish", args=[form.id]))
    assert CollectionPoint.objects.count() == 2
    assert staff.get("/f/nieuws/").status_code == 200
    assert staff.get(answer.url + "?language=en").status_code == 200
    staff.post(reverse("consent:form_edit", args=[form.id]), form_data(topic, intro_nl="Hoi"))
    page = staff.get(answer.url).content.decode()
    assert reverse("consent:form_publish", args=[form.id]) in page
    staff.post(reverse("consent:form_close", args=[form.id]))
    assert staff.get("/f/nieuws/").status_code == 410


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": ""}, "name"), ({"topics": []}, "topics"), ({"asks_terms": "on"}, "terms_url")],
)
def test_a_form_that_cannot_be_gets_an_error_at_the_field(staff, topic, values, field) -> None:
    page = staff.post(reverse("consent:form_create"), form_data(topic, **values))
    assert page.status_code == 200
    assert f"id_{field}_error" in page.content.decode()
    assert not Form.objects.exists()


def test_inv43_an_incomplete_notice_is_not_published(staff, topic) -> None:
    staff.post(reverse("consent:form_create"), form_data(topic))
    RetentionRule.objects.all().delete()
    staff.post(reverse("consent:form_publish", args=[Form.objects.get().id]))
    assert not CollectionPoint.objects.exists()


def test_inv07_words_are_declared(staff) -> None:
    url = reverse("consent:wording_create")
    data = {"source": "Oude site", "text": "Ja, graag.", "language": "nl"}
    assert staff.post(url, data).status_code == 302
    assert Notice.objects.get().declared_by is not None
    bad = staff.post(url, data | {"first_day": "2030-01-01"})
    assert "id_first_day_error" in bad.content.decode()


def grant_data(topic, **values):
    point = ContactPoint.objects.get(channel="email")
    return {"address": f"email:{point.id}"} | yes_data(topic) | values


def yes_data(topic):
    return {
        "topic": str(topic.id),
        "method": "paper",
        "happened_on": "2026-01-02",
        "words": "typed",
        "wording": "Ja, mail mij.",
        "where": "Map 1",
        "was_ticked": "on",
        "scan": SimpleUploadedFile("kaart.pdf", make.PDF),
    }


def test_a_yes_is_entered_with_its_evidence(staff, topic) -> None:
    point = make.make_point()
    url = reverse("consent:person_grant", args=[point.person_id])
    assert staff.get(url).status_code == 200
    assert staff.post(url, grant_data(topic)).status_code == 302
    assert Standing.objects.get().state == "given"
    event = PermissionEvent.objects.get()
    assert event.is_declared
    assert event.actor_ref is not None


def test_inv35_what_staff_type_of_a_person_outlives_nobody(staff, topic) -> None:
    """A notice is kept when the person goes: neither the address nor the place may be in it."""
    point = make.make_point("jan@example.nl")
    url = reverse("consent:person_grant", args=[point.person_id])
    typed = grant_data(topic, where="mail van jan@example.nl")
    page = staff.post(url, typed | {"wording": "Ja, mail Jan@example.nl."})
    assert "id_wording_error" in page.content.decode()
    assert not Notice.objects.filter(is_declared=True).exists()
    typed["scan"].seek(0)
    assert staff.post(url, typed).status_code == 302
    assert "example" not in Notice.objects.get(is_declared=True).declared_for
    assert PermissionEvent.objects.get().evidence["where"] == "mail van jan@example.nl"


def test_inv08_a_yes_that_was_ticked_beforehand_is_refused(staff, topic) -> None:
    point = make.make_point()
    url = reverse("consent:person_grant", args=[point.person_id])
    page = staff.post(url, {k: v for k, v in grant_data(topic).items() if k != "was_ticked"})
    assert "id_was_ticked_error" in page.content.decode()
    assert not PermissionEvent.objects.exists()


def test_inv05_staff_stop_at_once_and_cannot_undo_it(staff, topic) -> None:
    point = make.make_point()
    grant = reverse("consent:person_grant", args=[point.person_id])
    stop = reverse("consent:person_stop", args=[point.person_id])
    staff.post(grant, grant_data(topic))
    assert staff.get(stop).status_code == 200
    assert staff.post(stop, {"what": "objection", "method": "phone"}).status_code == 302
    assert Standing.objects.get().state == "objected"
    page = staff.post(grant, grant_data(topic))
    assert page.status_code == 200
    assert Standing.objects.get().state == "objected"


def test_the_person_page_shows_standings_and_history(staff, topic) -> None:
    point = make.make_point()
    staff.post(reverse("consent:person_grant", args=[point.person_id]), grant_data(topic))
    page = staff.get(reverse("people:person", args=[point.person_id]))
    assert page.status_code == 200
    assert "Ja, mail mij." in page.content.decode()


def test_pages_are_for_staff_only(client, topic) -> None:
    for name in ("forms", "overview", "suppressions", "wordings"):
        assert client.get(reverse(f"consent:{name}")).status_code in (302, 403)


def test_the_preview_is_a_document_of_its_own_that_nothing_gets_out_of(staff, topic) -> None:
    data = form_data(topic, kind="newsletter", intro_nl='"></iframe><script>alert(1)</script>')
    page = staff.post(reverse("consent:form_preview"), data)
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script>alert" not in text
    assert 'sandbox title="' in text
    document = text.partition('srcdoc="')[2].partition('"')[0]
    assert "&lt;form" not in document  # nothing to post
    assert "Nieuws newsletter" in document
    assert not Form.objects.exists()


def test_the_preview_names_a_field_that_nothing_needs(staff, topic) -> None:
    data = form_data(topic, fields_asked=["city"])
    page = staff.post(reverse("consent:form_preview"), data).content.decode()
    assert "Woonplaats" in page
    assert "5(1)(c)" in page


@pytest.mark.parametrize("data", [{}, {"kind": "nonsense"}, {"topics": ["x"]}, {"name": "x" * 500}])
def test_the_preview_takes_an_unfinished_form(staff, data) -> None:
    assert staff.post(reverse("consent:form_preview"), data).status_code == 200


def new_person(topic, **values):
    return (
        {
            "email": "nieuw@example.nl",
            "given_name": "Noor",
            "family_name": "Smit",
            "language": "nl",
            "why": "consent",
        }
        | yes_data(topic)
        | values
    )


def test_somebody_is_added_with_the_evidence_in_one_press(staff, topic) -> None:
    url = reverse("consent:person_add")
    assert url in staff.get(reverse("people:index")).content.decode()
    assert staff.get(url).status_code == 200
    answer = staff.post(url, new_person(topic))
    point = ContactPoint.objects.get(normalised="nieuw@example.nl")
    assert answer.headers["Location"] == reverse("people:person", args=[point.person_id])
    assert Standing.objects.get(contact_point=point).state == "given"
    assert PermissionEvent.objects.get().evidence["file"]
    assert (point.person.full_name, point.person.judge_by) == ("Noor Smit", None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "geen adres"}, "email"),
        ({"why": "nothing"}, "why"),
        ({"scan": ""}, "scan"),
        ({"wording": ""}, "wording"),
        ({"happened_on": "2099-01-01"}, "happened_on"),
    ],
)
def test_somebody_without_a_reason_or_evidence_is_not_kept(staff, topic, values, field) -> None:
    page = staff.post(reverse("consent:person_add"), new_person(topic, **values))
    assert f"id_{field}_error" in page.content.decode()
    assert not Person.objects.exists()


def test_inv05_somebody_forgotten_is_not_added_by_staff(staff, topic) -> None:
    suppress(
        keyed_hash=keyed_hash("nieuw@example.nl"),
        channel="email",
        reason="erasure",
        at=timezone.now(),
        actor=make.STAFF,
    )
    page = staff.post(reverse("consent:person_add"), new_person(topic))
    assert page.status_code == 200
    assert not Person.objects.exists()


def test_an_address_is_added_once(staff, topic) -> None:
    staff.post(reverse("consent:person_add"), new_person(topic))
    page = staff.post(reverse("consent:person_add"), new_person(topic, email="Nieuw@Example.nl"))
    assert "id_email_error" in page.content.decode()
    assert Person.objects.count() == 1


def test_inv44_a_customer_goes_on_to_the_sale_and_is_judged_until_then(staff, topic) -> None:
    customer = {"email": "nieuw@example.nl", "language": "nl", "why": "customer"}
    answer = staff.post(reverse("consent:person_add"), customer)
    person = Person.objects.get()
    assert answer.headers["Location"] == reverse("imports:sale_by_hand", args=[person.id])
    assert person.judge_by == term_end("import-review-term", timezone.localdate())
    assert not PermissionEvent.objects.exists()
