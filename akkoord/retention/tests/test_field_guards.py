"""What a field was stays what it was, and it is not called unused, or let go, too early."""

from datetime import timedelta

import pytest

from akkoord.consent.tests.factories import make_organisation
from akkoord.people.models import OwnFieldValue
from akkoord.register.models import ActivityField, PersonalDataField, Purpose
from akkoord.register.own_fields import OwnFieldFacts, admit_field, make_own_field
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import make_topic
from akkoord.retention.catalogue import catalogue_rows
from akkoord.retention.holds import put_hold
from akkoord.retention.letting_go import let_field_go
from akkoord.retention.tests.factories import NOW, somebody
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(days=400)
KEY = "soort"
ME = Actor.system()


def own(purpose: Purpose, kind: str = "text") -> PersonalDataField:
    return make_own_field(
        facts=OwnFieldFacts("Soort", "Kind", kind, "Om te tonen wat past.", "To show what fits."),
        activity_key=purpose.activity_key,
        at=BEFORE,
        actor=ME,
    )


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    purpose = make_topic()
    own(purpose)
    return purpose


def asks_to_go(key: str) -> bool:
    return catalogue_rows(at=NOW, key=key)[0].asks_to_go


def test_inv31_a_field_that_was_let_go_never_comes_back_with_its_answers(topic: Purpose) -> None:
    held = somebody()
    old = PersonalDataField.objects.get(key=KEY)
    OwnFieldValue.objects.create(person=held, field=old, value="Racefiets", updated_at=NOW)
    put_hold(person_id=held.id, reason="Geschil over factuur 7", at=NOW, actor=ME)
    assert let_field_go(field_key=KEY, at=NOW, actor=ME).people == 0
    again = [own(topic, "number")]
    let_field_go(field_key=again[0].key, at=NOW, actor=ME)
    again.append(own(topic, "date"))
    assert [each.key for each in again] == ["soort_2", "soort_3"]
    assert not OwnFieldValue.objects.filter(field__in=again).exists()
    old.refresh_from_db()
    assert (old.ended_at, old.value_kind) == (NOW, "text")
    assert not ActivityField.objects.filter(field=old, ended_at=None).exists()
    assert OwnFieldValue.objects.get().field == old
    with pytest.raises(RegisterRefused):
        own(topic)


def test_what_an_activity_uses_since_today_is_not_called_unused_today(topic: Purpose) -> None:
    PersonalDataField.objects.update(created_at=BEFORE)
    ActivityField.objects.update(admitted_at=BEFORE)
    assert asks_to_go(KEY)
    assert asks_to_go("first_name")
    other = make_topic("workshops")
    admit_field(
        activity_key=other.activity_key,
        field_key=KEY,
        why_nl="Om te kiezen.",
        why_en="To choose.",
        at=NOW,
        actor=ME,
    )
    assert not asks_to_go(KEY)
    # A new topic uses a first name by itself, and Akkoord's own fields are made at set-up.
    assert not asks_to_go("first_name")
