"""The four kinds of form: what each rests on, what it may ask, and what it keeps."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from akkoord.consent.checkout import checkout_answers
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.enquiries import (
    AnswerRefused,
    answer_enquiry,
    close_enquiry,
    forget_old_enquiries,
)
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.form_facts import FormFacts, FormRefused
from akkoord.consent.forms_publishing import create_form, publish_form
from akkoord.consent.models import (
    CheckoutAct,
    CollectionPoint,
    Enquiry,
    Form,
    PermissionEvent,
    SignUp,
)
from akkoord.consent.placing import plain_html
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sign_up import SignUpFacts, request_sign_up
from akkoord.consent.tests import factories as make
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import OutboxMail
from akkoord.law.reasons import Reason
from akkoord.people.models import OwnFieldValue, Person, PostalAddress
from akkoord.register.models import (
    ActivityField,
    PersonalDataField,
    ProcessingActivity,
    Purpose,
    Recipient,
)
from akkoord.register.own_fields import OwnFieldFacts, admit_field, make_own_field
from akkoord.retention.models import LegalHold

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make.make_organisation()
    return make.make_topic()


def published(kind: str, *topics: Purpose, fields=("email",), **values) -> CollectionPoint:
    """A published form of a kind; its Dutch version."""
    facts = FormFacts(
        name=f"Formulier {kind}",
        kind=kind,
        topic_ids=tuple(each.id for each in topics),
        field_keys=fields,
        **values,
    )
    form = create_form(facts=facts, at=make.NOW, actor=make.STAFF)
    return publish_form(form_id=form.id, at=make.NOW, actor=make.STAFF)[0]


def post(shown: CollectionPoint, at=make.NOW, **values):
    """What comes of a post."""
    facts = SignUpFacts(
        **{"email": "anna@example.nl", "version_ids": (), "ip": "203.0.113.7"} | values
    )
    return request_sign_up(collection_point=shown, facts=facts, at=at)


def test_a_question_needs_no_topic_and_is_answered_as_service(topic) -> None:
    shown = published("question", fields=("email", "first_name", "city"))
    assert shown.snapshot["carrier"] == "questions"
    assert ProcessingActivity.objects.filter(key="questions", valid_to=None).exists()
    assert Recipient.objects.filter(activity_keys__contains=["questions"]).exists()
    outcome = post(shown, message="Hebt u een bakfiets?", given_name="Anna", typed={"city": "Ede"})
    enquiry = outcome.enquiry
    assert outcome.sign_up is None
    assert (enquiry.text, enquiry.typed, enquiry.given_name) == (
        "Hebt u een bakfiets?",
        {"city": "Ede"},
        "Anna",
    )
    # No marketing comes of it, and nobody is asked for a yes by mail (INV-3).
    assert not PermissionEvent.objects.exists()
    assert not SignUp.objects.exists()
    told = OutboxMail.objects.get()
    assert told.kind == "staff"
    assert "bakfiets" not in told.text
    assert "anna@example.nl" not in told.text
    # What was typed for an address touches no person.
    person = Person.objects.get()
    assert (person.given_name, person.judge_by) == ("", None)
    assert not PostalAddress.objects.exists()
    answer_enquiry(enquiry_id=enquiry.id, text="Ja, in het blauw.", at=make.NOW, actor=make.STAFF)
    answer = OutboxMail.objects.exclude(kind="staff").get()
    assert (answer.kind, answer.recipient, answer.evidence) == (
        "service",
        "anna@example.nl",
        enquiry.id,
    )
    with pytest.raises(AnswerRefused):
        answer_enquiry(enquiry_id=enquiry.id, text="Nog eens", at=make.NOW, actor=make.STAFF)


def test_inv26_an_answer_with_promotion_is_refused(topic) -> None:
    enquiry = post(published("question"), message="Hoe laat open?").enquiry
    with pytest.raises(AnswerRefused):
        answer_enquiry(
            enquiry_id=enquiry.id,
            text="Om 9 uur. En nu 20% korting!",
            at=make.NOW,
            actor=make.STAFF,
        )
    assert not OutboxMail.objects.filter(kind="service").exists()
    close_enquiry(enquiry_id=enquiry.id, at=make.NOW, actor=make.STAFF)
    enquiry.refresh_from_db()
    assert enquiry.answered_by == make.STAFF.id


def test_inv32_a_question_keeps_no_official_number(topic) -> None:
    shown = published("question")
    sent = {"shown": shown.id, "email": "anna@example.nl", "message": "Mijn BSN is 111222333."}
    page = Client(HTTP_ACCEPT_LANGUAGE="nl").post(f"/f/{shown.form.slug}/", sent)
    assert page.status_code == 422
    assert "officieel nummer" in page.content.decode()
    assert not Enquiry.objects.exists()


def test_a_question_with_a_ticked_topic_asks_one_confirmation(topic) -> None:
    shown = published("question", topic)
    outcome = post(shown, message="Open?", version_ids=tuple(shown.purpose_version_ids))
    assert outcome.is_mailed
    assert OutboxMail.objects.filter(kind="confirmation").count() == 1
    again = post(shown, message="Open?", version_ids=tuple(shown.purpose_version_ids))
    assert again.enquiry == outcome.enquiry
    assert OutboxMail.objects.filter(kind="confirmation").count() == 1


def test_an_empty_question_is_refused_at_its_field(topic) -> None:
    with pytest.raises(ConsentRefused) as refused:
        post(published("question"), message="  ")
    assert (refused.value.reason, refused.value.field) == (Reason.NOTHING_ASKED, "message")
    assert not Person.objects.exists()


def test_inv44_an_old_question_goes_and_its_asker_is_judged(topic) -> None:
    shown = published("question", topic)
    enquiry = post(shown, message="Open?", version_ids=tuple(shown.purpose_version_ids)).enquiry
    expire_sign_ups(at=make.NOW + timedelta(days=8))
    person = Person.objects.get()
    assert person.judge_by is None  # the question still stands
    close_enquiry(enquiry_id=enquiry.id, at=make.NOW, actor=make.STAFF)
    assert forget_old_enquiries(at=make.NOW + timedelta(days=364)) == 0
    held = LegalHold.objects.create(activity_key="questions", reason="Zaak 7", put_at=make.NOW)
    assert forget_old_enquiries(at=make.NOW + timedelta(days=366)) == 0
    held.delete()
    assert forget_old_enquiries(at=make.NOW + timedelta(days=366)) == 1
    assert not Enquiry.objects.exists()
    person.refresh_from_db()
    assert person.judge_by is not None


def test_inv09_terms_stand_only_where_there_is_a_contract(topic) -> None:
    with pytest.raises(FormRefused) as refused:
        published("newsletter", topic, asks_terms=True, terms_url="https://example.nl/terms")
    assert refused.value.field == "asks_terms"
    shown = published(
        "checkout",
        topic,
        asks_terms=True,
        terms_url="https://example.nl/terms",
        terms_version="2026-1",
    )
    assert shown.snapshot["terms"]["version"] == "2026-1"
    assert "https://example.nl/terms (2026-1)" in shown.notice.text
    with pytest.raises(ConsentRefused) as unread:
        post(shown)
    assert unread.value.reason is Reason.TERMS_ARE_NOT_CONSENT
    act = post(shown, terms_accepted=True).checkout
    assert act.terms_accepted
    assert not PermissionEvent.objects.exists()  # accepting terms is never a yes


def test_inv09_the_database_refuses_terms_without_a_contract(topic) -> None:
    shown = make.make_form(topic)
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.filter(id=shown.form_id).update(asks_terms=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.filter(id=shown.form_id).update(kind="checkout", offers_opt_out=True)


def test_inv15_the_opt_out_that_was_shown_is_frozen_with_what_was_done(topic) -> None:
    shown = published("checkout", offers_opt_out=True)
    assert shown.snapshot["offers_opt_out"] is True
    assert shown.snapshot["opt_out"]["label"] in shown.notice.text
    kept = post(shown, order_number="2026-17").checkout
    assert (kept.opt_out_shown, kept.opted_out) == (True, False)
    ticked = post(shown, order_number="2026-17", no_mail=True).checkout
    assert ticked.id == kept.id
    assert ticked.opted_out
    assert [each.id for each in checkout_answers([kept.contact_point_id])] == [kept.id]
    # It stops what rests on being a customer, and by itself gives nobody leave to write.
    assert not PermissionEvent.objects.filter(state__in=["given", "confirmed"]).exists()
    assert not OutboxMail.objects.exists()


def test_rather_no_mail_is_a_no_for_what_rests_on_being_a_customer(topic) -> None:
    ProcessingActivity.objects.filter(key=topic.activity_key).update(
        telecom_basis="existing-customer", legal_basis="legitimate-interest"
    )
    act = post(published("checkout", offers_opt_out=True), no_mail=True).checkout
    event = PermissionEvent.objects.get()
    assert (event.state, event.basis, event.method) == ("refused", "existing-customer", "checkout")
    assert event.contact_point_ref == act.contact_point_id


def test_inv08_consent_boxes_and_the_opt_out_do_not_stand_together(topic) -> None:
    with pytest.raises(FormRefused) as refused:
        published("checkout", topic, offers_opt_out=True)
    assert refused.value.field == "offers_opt_out"
    with pytest.raises(FormRefused):
        published("newsletter", topic, offers_opt_out=True)


def test_inv31_a_field_that_no_chosen_purpose_needs_cannot_be_added(topic) -> None:
    with pytest.raises(FormRefused) as refused:
        published("newsletter", topic, fields=("email", "city"))
    assert refused.value.field == "fields"
    # The register alone is not enough: a town was made for service, not for letters.
    admit_field(
        activity_key=topic.activity_key,
        field_key="city",
        why_nl="Nieuws uit de buurt",
        why_en="News from near you",
        at=make.NOW,
        actor=make.STAFF,
    )
    with pytest.raises(FormRefused):
        published("newsletter", topic, fields=("email", "city"))


def own_field(topic: Purpose, key: str = "frame-size", kind: str = "number") -> PersonalDataField:
    """An own field that a topic may use."""
    field = PersonalDataField.objects.create(
        key=key,
        name_nl="Framemaat",
        name_en="Frame size",
        category="pd:PersonalInformation",
        is_own=True,
        value_kind=kind,
        created_at=make.NOW,
    )
    admit_field(
        activity_key=topic.activity_key,
        field_key=key,
        why_nl="Om fietsen te tonen die u passen.",
        why_en="To show bicycles that fit you.",
        at=make.NOW,
        actor=make.STAFF,
    )
    return field


def test_inv31_each_field_says_why_and_is_stored_only_after_the_confirmation(topic) -> None:
    own_field(topic)
    shown = published("newsletter", topic, fields=("email", "language", "frame-size"))
    asked = {field["key"]: field for field in shown.snapshot["fields"]}
    assert asked["frame-size"]["why"] == "Om fietsen te tonen die u passen."
    assert "Framemaat" in shown.notice.text
    outcome = post(
        shown,
        version_ids=tuple(shown.purpose_version_ids),
        typed={"frame-size": "56", "language": "en", "city": "Ede"},
    )
    assert outcome.sign_up.typed == {"frame-size": "56", "language": "en"}
    assert not OwnFieldValue.objects.exists()
    confirm_sign_up(make.confirmation_token(outcome.sign_up), at=make.NOW)
    assert OwnFieldValue.objects.get().value == "56"
    assert Person.objects.get().language == "en"
    assert not PostalAddress.objects.exists()
    outcome.sign_up.refresh_from_db()
    assert outcome.sign_up.typed == {}


def test_inv31_a_value_whose_purpose_went_meanwhile_is_not_stored(topic) -> None:
    own_field(topic)
    shown = published("newsletter", topic, fields=("email", "frame-size"))
    outcome = post(shown, version_ids=tuple(shown.purpose_version_ids), typed={"frame-size": "56"})
    ActivityField.objects.filter(field__key="frame-size").update(ended_at=make.NOW)
    confirm_sign_up(make.confirmation_token(outcome.sign_up), at=make.NOW)
    assert not OwnFieldValue.objects.exists()


def test_an_address_goes_with_the_confirmation_of_a_form_that_needs_it(topic) -> None:
    ActivityField.objects.create(
        activity_key="questions",
        field=PersonalDataField.objects.get(key="street"),
        why_nl="Om langs te komen.",
        why_en="To come by.",
        admitted_at=make.NOW,
    )
    create_form(
        facts=FormFacts(name="Vraag", kind="question", topic_ids=()), at=make.NOW, actor=make.STAFF
    )
    shown = published("question", topic, fields=("email", "street", "city"))
    outcome = post(
        shown,
        message="Komt u langs?",
        version_ids=tuple(shown.purpose_version_ids),
        typed={"street": "Dorpsstraat 12 B", "city": "Ede"},
    )
    assert not PostalAddress.objects.exists()
    confirm_sign_up(make.confirmation_token(outcome.sign_up), at=make.NOW)
    address = PostalAddress.objects.get()
    assert (address.street, address.house_number, address.city) == ("Dorpsstraat", "12 B", "Ede")


def test_inv13_the_confirmation_mail_has_own_words_but_no_promotion(topic) -> None:
    with pytest.raises(FormRefused) as refused:
        published(
            "newsletter", topic, texts={"nl": {"confirm_text": "Bevestig en krijg 10% korting."}}
        )
    assert refused.value.field == "confirm_text_nl"
    shown = published(
        "newsletter",
        topic,
        texts={"nl": {"confirm_subject": "Bent u het?", "confirm_text": "Fijn dat u er bent."}},
    )
    post(shown, version_ids=tuple(shown.purpose_version_ids))
    mail = OutboxMail.objects.get()
    assert mail.subject == "Bent u het?"
    assert "Fijn dat u er bent." in mail.text
    assert "Fijn dat u er bent." in mail.html
    # INV-7: the words of the mail are frozen with the version.
    Form.objects.update(texts={"nl": {"confirm_subject": "Anders"}})
    post(shown, email="bram@example.nl", version_ids=tuple(shown.purpose_version_ids))
    assert OutboxMail.objects.get(recipient="bram@example.nl").subject == "Bent u het?"


def test_pages_of_every_kind_take_a_post(topic) -> None:
    person = Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)
    own_field(topic, kind="yes-no")
    for kind, values, ready in (
        ("question", {"message": "Open?"}, True),
        ("checkout", {"order_number": "7", "no_mail": "on"}, True),
        ("counter", {"topics": [str(make.version_of(topic).id)], "own_frame-size": "yes"}, False),
    ):
        topics = (topic,) if kind == "counter" else ()
        shown = published(
            kind,
            *topics,
            fields=("email", "frame-size") if topics else ("email",),
            offers_opt_out=kind == "checkout",
        )
        url = f"/f/{shown.form.slug}/"
        page = person.get(url)
        assert page.status_code == 200
        assert "checked" not in page.content.decode()
        answer = person.post(url, {"shown": shown.id, "email": f"{kind}@example.nl"} | values)
        assert answer.status_code == 302, answer.content
        assert answer.url.endswith("?klaar=1") is ready
        assert person.get(answer.url).status_code == 200
    assert Enquiry.objects.count() == 1
    assert CheckoutAct.objects.get().opted_out
    assert SignUp.objects.get().typed == {"frame-size": "yes"}


def test_a_value_of_the_wrong_kind_gets_an_error_at_its_field(topic) -> None:
    own_field(topic)
    shown = published("newsletter", topic, fields=("email", "frame-size"))
    page = Client().post(
        f"/f/{shown.form.slug}/",
        {
            "shown": shown.id,
            "email": "anna@example.nl",
            "topics": [str(each) for each in shown.purpose_version_ids],
            "own_frame-size": "groot",
        },
    )
    assert page.status_code == 422
    assert 'id="id_own_frame-size_error"' in page.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("own_frame-size", "ik heb een hernia"), ("first_name", "Anna, BSN 111222333")],
)
def test_inv32_what_somebody_types_of_their_health_or_bsn_is_not_kept(topic, name, value) -> None:
    own_field(topic, kind="text")
    shown = published("newsletter", topic, fields=("email", "first_name", "frame-size"))
    posted = {
        "shown": shown.id,
        "email": "anna@example.nl",
        "topics": [str(each) for each in shown.purpose_version_ids],
    }
    page = Client(HTTP_ACCEPT_LANGUAGE="nl").post(f"/f/{shown.form.slug}/", posted | {name: value})
    assert page.status_code == 422
    assert "Laat dit weg." in page.content.decode()
    assert not Person.objects.exists()
    by_the_way = post(
        shown,
        version_ids=tuple(shown.purpose_version_ids),
        typed={"frame-size": "ik heb een hernia"},
    )
    assert by_the_way.sign_up.typed == {}


def test_somebody_is_called_christian(topic) -> None:
    shown = published("newsletter", topic, fields=("email", "first_name"))
    posted = {
        "shown": shown.id,
        "email": "anna@example.nl",
        "topics": [str(each) for each in shown.purpose_version_ids],
        "first_name": "Christian",
    }
    assert Client().post(f"/f/{shown.form.slug}/", posted).status_code == 302


def test_a_reason_typed_in_the_register_cannot_carry_script(topic) -> None:
    own_field(topic)
    ActivityField.objects.filter(field__key="frame-size").update(why_nl="<script>alert(1)</script>")
    shown = published("newsletter", topic, fields=("email", "frame-size"))
    assert "<script>alert" not in Client().get(f"/f/{shown.form.slug}/").content.decode()


@pytest.mark.parametrize("kind", ["nonsense", "", "api"])
def test_a_kind_that_is_not_there_is_refused(topic, kind) -> None:
    with pytest.raises(FormRefused) as refused:
        create_form(
            facts=FormFacts(name="X", kind=kind, topic_ids=(topic.id,)),
            at=make.NOW,
            actor=make.STAFF,
        )
    assert refused.value.field == "kind"


def test_a_topic_that_never_was_is_refused(topic) -> None:
    with pytest.raises(FormRefused) as refused:
        create_form(facts=FormFacts(name="X", topic_ids=(uuid7(),)), at=make.NOW, actor=make.STAFF)
    assert refused.value.field == "topics"


def test_inv07_the_person_page_and_the_why_page_show_the_form_as_it_looked_then(
    topic, client
) -> None:
    from django.urls import reverse
    from django.utils import timezone

    from akkoord.accounts.actions import create_staff
    from akkoord.consent.tokens import why_link

    shown = published("newsletter", topic, intro_nl="Zoals het was.")
    sign_up = post(shown, version_ids=tuple(shown.purpose_version_ids)).sign_up
    confirm_sign_up(make.confirmation_token(sign_up), at=make.NOW)
    Form.objects.update(name="Anders", intro_nl="Anders")
    publish_form(form_id=shown.form_id, at=timezone.now(), actor=make.STAFF)
    owner = create_staff(email="o@example.nl", name="Owner", password="x" * 12, role="owner")
    client.force_login(owner)
    page = client.get(reverse("people:person", args=[sign_up.person_id])).content.decode()
    version = reverse("consent:form_version", args=[shown.id])
    assert version in page
    then = client.get(version).content.decode()
    assert "Zoals het was." in then
    assert "Anders" not in then.partition("srcdoc=")[2]
    link = why_link(
        point_id=sign_up.contact_point_id, purpose_id=topic.id, at=timezone.now()
    ).removeprefix("http://127.0.0.1:8000")
    person = Client(HTTP_ACCEPT_LANGUAGE="nl")
    assert "formulier/" in person.get(link).content.decode()
    looked = person.get(link + "formulier/")
    assert "Zoals het was." in looked.content.decode()
    assert "anna@example.nl" not in looked.content.decode()
    assert "<script" not in looked.content.decode()
    assert person.get("/waarom/nonsense/formulier/").status_code == 404


def choice_field(topic: Purpose) -> None:
    """An own field of the kind choice."""
    make_own_field(
        facts=OwnFieldFacts(
            "Soort fiets",
            "Kind of bicycle",
            "choice",
            "Om te tonen wat bij u past.",
            "To show what suits you.",
            (("Racefiets", "Racing bicycle"), ("Bakfiets", "Cargo bicycle")),
        ),
        activity_key=topic.activity_key,
        at=make.NOW,
        actor=make.STAFF,
    )


def test_an_own_choice_is_a_list_on_the_form_and_other_words_are_refused(topic, client) -> None:
    choice_field(topic)
    shown = published("newsletter", topic, fields=("email", "soort-fiets"))
    asked = shown.snapshot["fields"][0]
    assert asked["choices"] == [["Racefiets", "Racefiets"], ["Bakfiets", "Bakfiets"]]
    address = f"/f/{shown.form.slug}/"
    page = client.get(address, headers={"accept-language": "nl"}).content.decode()
    assert '<select name="own_soort-fiets"' in page
    assert '<option value="Bakfiets">' in plain_html(shown.form, shown)
    posted = {
        "shown": str(shown.id),
        "email": "anna@example.nl",
        "topics": [str(each) for each in shown.purpose_version_ids],
    }
    refused = client.post(
        address, posted | {"own_soort-fiets": "Brommer"}, headers={"accept-language": "nl"}
    )
    assert "Kies een van de woorden uit deze lijst." in refused.content.decode()
    assert not SignUp.objects.exists()
    client.post(address, posted | {"own_soort-fiets": "Bakfiets"})
    assert SignUp.objects.get().typed == {"soort-fiets": "Bakfiets"}


def test_a_value_outside_the_list_is_never_kept_whatever_way_it_comes(topic) -> None:
    choice_field(topic)
    shown = published("newsletter", topic, fields=("email", "soort-fiets"))
    outcome = post(
        shown, version_ids=tuple(shown.purpose_version_ids), typed={"soort-fiets": "Brommer"}
    )
    assert outcome.sign_up.typed == {}
