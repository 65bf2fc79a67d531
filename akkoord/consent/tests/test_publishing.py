"""A published form is frozen, whole, and found again by its hash."""

from datetime import timedelta

import pytest

from akkoord.consent.forms_publishing import FormFacts, FormRefused, create_form, publish_form
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.notices import WordingRefused, declare_wording, hash_snapshot, hash_text
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests import factories as make
from akkoord.law.reasons import Reason
from akkoord.register.models import Recipient, RetentionRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    make.make_organisation()
    return make.make_topic()


def test_inv07_what_was_on_the_screen_is_frozen(topic) -> None:
    shown = make.make_form(topic)
    assert shown.sha256 == hash_snapshot(shown.snapshot)
    assert shown.notice.sha256 == hash_text(shown.notice.text)
    assert "Fietsen Jansen" in shown.notice.text
    assert CollectionPoint.objects.filter(form=shown.form).count() == 2  # nl and en


def test_publishing_twice_makes_one_version_and_a_change_makes_another(topic) -> None:
    shown = make.make_form(topic)
    publish_form(form_id=shown.form_id, at=make.NOW, actor=make.STAFF)
    assert CollectionPoint.objects.count() == 2
    Form.objects.update(intro_nl="Welkom")
    later = make.NOW + timedelta(hours=1)
    publish_form(form_id=shown.form_id, at=later, actor=make.STAFF)
    shown.refresh_from_db()
    assert shown.ended_at == later
    assert CollectionPoint.objects.get(language="nl", ended_at=None).version == 2
    assert CollectionPoint.objects.filter(language="en").count() == 1


@pytest.mark.parametrize("model", [Recipient, RetentionRule])
def test_inv43_a_notice_without_an_element_cannot_be_bound(topic, model) -> None:
    model.objects.all().delete()
    with pytest.raises(ConsentRefused) as refused:
        make.make_form(topic)
    assert refused.value.reason is Reason.NOTICE_INCOMPLETE


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"topic_ids": ()}, "topics"),
        ({"field_keys": ("email", "birth_date")}, "fields"),
        ({"asks_terms": True}, "terms_url"),
        ({"name": "!!!"}, "slug"),
    ],
)
def test_a_form_that_cannot_be_is_refused(topic, values, field) -> None:
    facts = {"name": "Nieuws", "topic_ids": (topic.id,)} | values
    with pytest.raises(FormRefused) as refused:
        create_form(facts=FormFacts(**facts), at=make.NOW, actor=make.STAFF)
    assert refused.value.field == field


def test_a_slug_is_given_once(topic) -> None:
    make.make_form(topic)
    with pytest.raises(FormRefused) as refused:
        make.make_form(topic)
    assert refused.value.field == "slug"


def test_inv07_a_wording_is_declared_by_a_named_member_of_staff(topic) -> None:
    with pytest.raises(WordingRefused):
        declare_wording(text="Ja", source="Winkel", actor=make.BY_PERSON, at=make.NOW)
    with pytest.raises(WordingRefused):
        declare_wording(text=" ", source="Winkel", actor=make.STAFF, at=make.NOW)
    one = declare_wording(text="Ja", source="Winkel", actor=make.STAFF, at=make.NOW)
    two = declare_wording(text="Ja", source="Winkel", actor=make.STAFF, at=make.NOW)
    assert one == two
    assert one.declared_by == make.STAFF.id
