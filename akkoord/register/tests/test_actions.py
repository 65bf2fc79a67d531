"""Setting up, and topics with their versions."""

from datetime import timedelta

import pytest

from akkoord.register import queries
from akkoord.register.actions import (
    RegisterRefused,
    TopicWords,
    end_topic,
    offer_channels,
    revise_topic,
)
from akkoord.register.models import ProcessingActivity, Recipient
from akkoord.register.own_fields import admit_field
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
WORDS = TopicWords("Nieuws", "News", "Anders.", "Different.")


def test_set_up_fills_the_register_with_terms_and_recipients() -> None:
    make_organisation()
    activities = list(queries.current_activities())
    assert {"customers", "proof", "suppression", "import-to-be-judged"} <= {
        each.key for each in activities
    }
    for recipient in Recipient.objects.all():
        assert set(recipient.activity_keys) == {each.key for each in activities}


def test_one_installation_serves_one_organisation() -> None:
    make_organisation()
    with pytest.raises(RegisterRefused):
        make_organisation()


def test_a_topic_starts_with_address_names_and_language_only() -> None:
    make_organisation()
    topic = make_topic()
    assert queries.field_allowed(topic.activity_key) == {
        "email",
        "first_name",
        "last_name",
        "language",
    }
    assert all(
        topic.activity_key in recipient.activity_keys for recipient in Recipient.objects.all()
    )


@pytest.mark.parametrize("slug", ["Nieuws Brief", "", "-x", "ü"])
def test_a_malformed_slug_is_refused_at_its_field(slug: str) -> None:
    with pytest.raises(RegisterRefused) as refusal:
        make_topic(slug)
    assert refusal.value.field == "slug"


def test_a_taken_slug_is_refused() -> None:
    make_topic()
    with pytest.raises(RegisterRefused):
        make_topic()


def test_new_words_are_a_new_version_and_the_old_one_stays() -> None:
    topic = make_topic()
    later = NOW + timedelta(days=1)
    revise_topic(
        purpose_id=topic.id, words=WORDS, is_material=False, at=later, actor=Actor.system()
    )
    versions = list(topic.versions.order_by("number"))
    assert [(each.number, each.valid_to) for each in versions] == [(1, later), (2, None)]
    topic.refresh_from_db()
    assert topic.consent_version == 1


def test_a_material_change_asks_consent_anew() -> None:
    topic = make_topic()
    revise_topic(purpose_id=topic.id, words=WORDS, is_material=True, at=NOW, actor=Actor.system())
    topic.refresh_from_db()
    assert topic.consent_version == 2


def test_an_ended_topic_ends_its_activity_and_keeps_its_history() -> None:
    topic = make_topic()
    end_topic(purpose_id=topic.id, at=NOW, actor=Actor.system())
    assert not queries.live_topics().exists()
    assert queries.current_activity(topic.activity_key) is None
    assert ProcessingActivity.objects.filter(key=topic.activity_key).exists()
    with pytest.raises(RegisterRefused):
        revise_topic(
            purpose_id=topic.id, words=WORDS, is_material=False, at=NOW, actor=Actor.system()
        )


def test_a_field_is_admitted_with_a_reason_only() -> None:
    make_organisation()
    topic = make_topic()
    admit = {"activity_key": topic.activity_key, "field_key": "city", "at": NOW}
    with pytest.raises(RegisterRefused):
        admit_field(**admit, why_nl="", why_en="", actor=Actor.system())  # type: ignore[arg-type]
    admit_field(
        **admit,  # type: ignore[arg-type]
        why_nl="Voor een ritje in de buurt.",
        why_en="For a ride nearby.",
        actor=Actor.system(),
    )
    assert "city" in queries.field_allowed(topic.activity_key)


def test_inv43_the_notice_names_what_is_missing_before_set_up() -> None:
    topic = make_topic()
    missing = queries.notice_facts([topic], "nl").missing()
    assert {"controller", "contact", "recipients"} <= set(missing)


def test_inv43_after_set_up_the_notice_is_complete_in_both_languages() -> None:
    make_organisation()
    topic = make_topic()
    for language in ("nl", "en"):
        assert queries.notice_facts([topic], language).missing() == []


def test_inv45_every_change_leaves_a_trail_with_names_of_fields_only() -> None:
    make_organisation()
    change = Change.objects.get(action="organisation.set-up")
    assert "sender_email" in change.fields
    assert not any("@" in field for field in change.fields)


def test_offering_push_enters_the_register_and_leaving_it_leaves() -> None:
    make_organisation()
    topic = make_topic()
    activity = topic.activity_key
    assert "push_address" not in queries.field_allowed(activity)
    offer_channels(purpose_id=topic.id, channels=["push", "email"], at=NOW, actor=Actor.system())
    topic.refresh_from_db()
    assert topic.channels == ["email", "push"]
    assert list(queries.push_topics()) == [topic]
    assert "push_address" in queries.field_allowed(activity)
    carrier = Recipient.objects.get(key="browser-push")
    assert carrier.activity_keys == [activity]
    assert (carrier.role, carrier.country) == ("independent", "US")
    other = make_topic("acties", channels=("push",))
    carrier.refresh_from_db()
    assert carrier.activity_keys == [activity, other.activity_key]
    make_topic("brief")
    offer_channels(purpose_id=topic.id, channels=["email"], at=NOW, actor=Actor.system())
    carrier.refresh_from_db()
    assert carrier.activity_keys == [other.activity_key]
    assert "push_address" not in queries.field_allowed(activity)
    with pytest.raises(RegisterRefused):
        offer_channels(purpose_id=topic.id, channels=[], at=NOW, actor=Actor.system())


def test_the_push_address_is_no_field_of_letters() -> None:
    make_organisation()
    make_topic(channels=("push",))
    assert "push_address" not in {each.key for each in queries.known_fields()}
