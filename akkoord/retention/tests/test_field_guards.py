"""What a field was stays what it was, and it is not called unused, or let go, too early."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from akkoord.campaigns import used_fields
from akkoord.campaigns.models import AbTest, Campaign, Plan, ServiceTemplate
from akkoord.campaigns.plan import plan_campaign
from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
from akkoord.consent.models import Form
from akkoord.consent.tests.factories import make_organisation
from akkoord.law.use_rules import UseKind
from akkoord.messages.models import Dispatch
from akkoord.messages.tests.factories import make_many
from akkoord.people.models import OwnFieldValue, Person
from akkoord.register import field_lock
from akkoord.register.models import ActivityField, PersonalDataField, Purpose, Recipient
from akkoord.register.own_fields import OwnFieldFacts, admit_field, make_own_field
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import make_topic
from akkoord.retention.catalogue import catalogue_rows, idle_names
from akkoord.retention.holds import put_hold
from akkoord.retention.letting_go import FieldStays, let_field_go
from akkoord.retention.tests.factories import NOW, TODAY, somebody
from akkoord.rights.disclosures import hand_over_file, record_disclosures
from akkoord.rights.recipients import tell_recipients
from akkoord.segments.actions import create_group
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


def letter(topic: Purpose, body: str = "{{ soort }}", **more: Any) -> Campaign:
    return Campaign.objects.create(
        name="L", purpose=topic, subject="s", body=body, created_at=NOW, updated_at=NOW, **more
    )


def _planned_among_many(topic: Purpose) -> None:
    Plan.objects.create(campaign=letter(topic), starts_at=NOW, version=1, planned_at=NOW)
    letter(topic, "Een nieuwer concept")


def _second_of_planned(topic: Purpose) -> None:
    first, other = letter(topic, "Dag"), letter(topic, part=Campaign.Part.VARIANT)
    AbTest.objects.create(campaign=first, other=other, what="content", measure="clicks")
    Plan.objects.create(campaign=first, starts_at=NOW, version=1, planned_at=NOW)


def _compared(topic: Purpose) -> None:
    left = dispatched(topic, "{{ soort }}", Dispatch.State.FINISHED)
    AbTest.objects.create(
        campaign=letter(topic, dispatch=left),
        other=letter(topic, "Anders", part=Campaign.Part.VARIANT),
        what="content",
        measure="clicks",
        state=AbTest.State.RUNNING,
        started_at=NOW,
        decides_at=NOW,
    )


def dispatched(topic: Purpose, body: str, state: str, days_ago: int = 1) -> Dispatch:
    moment = NOW - timedelta(days=days_ago)
    return Dispatch.objects.create(
        kind="campaign",
        purpose=topic,
        template={"subject": "Nieuws", "body": body},
        content_hash=body,
        rule_version="1",
        state=state,
        created_at=moment,
        started_at=moment,
    )


def _paused_with_a_later_twin(topic: Purpose) -> None:
    dispatched(topic, "{{ soort }}", Dispatch.State.PAUSED, 800)
    dispatched(topic, "{{ soort }}", Dispatch.State.FINISHED, 1)


def _service_text(_topic: Purpose) -> None:
    ServiceTemplate.objects.create(
        name="Klaar",
        activity_key="customers",
        subject="Klaar",
        body="Uw {{ soort }} staat klaar",
        created_at=NOW,
        updated_at=NOW,
    )


def _welcome(topic: Purpose) -> None:
    form = Form.objects.create(
        slug="aanmelden",
        name="Aanmelden",
        topic_ids=[topic.id],
        field_keys=["email"],
        texts={"nl": {"welcome_subject": "Welkom, {{ soort }}", "welcome_body": "Fijn."}},
        created_at=NOW,
        updated_at=NOW,
    )
    publish_form(form_id=form.id, at=NOW, actor=ME)


@pytest.mark.parametrize(
    "use",
    [
        _planned_among_many,
        _second_of_planned,
        _compared,
        _paused_with_a_later_twin,
        _service_text,
        _welcome,
    ],
)
def test_what_leaves_later_by_itself_must_stop_first(
    topic: Purpose, use: Callable[[Purpose], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(used_fields, "MOST_WAITING", 1)
    use(topic)
    with pytest.raises(FieldStays) as refused:
        let_field_go(field_key=KEY, at=NOW, actor=ME)
    assert refused.value.uses
    assert PersonalDataField.objects.filter(key=KEY, ended_at=None).exists()


def locks() -> set[str]:
    """How this transaction holds the lock of fields."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND objid = %s",
            [field_lock._LOCK],
        )
        return {mode for (mode,) in cursor}


def _makes_a_form(topic: Purpose) -> None:
    facts = FormFacts(name="Aanmelden", topic_ids=(topic.id,), field_keys=("email", KEY))
    create_form(facts=facts, at=NOW, actor=ME)


def _makes_a_group(topic: Purpose) -> None:
    create_group(purpose=topic, name="Racers", text=f"{KEY} is not empty", at=NOW, actor=ME)


def _plans(topic: Purpose) -> None:
    make_many(1, topic)
    later = NOW + timedelta(hours=1)
    found = letter(topic, "Dag lezer, de winter komt.")
    plan_campaign(campaign_id=found.id, starts_at=later, at=NOW, actor=ME)


@pytest.mark.parametrize("begin", [_makes_a_form, _makes_a_group, _plans])
def test_what_begins_to_use_a_field_and_letting_go_wait_for_each_other(
    topic: Purpose, begin: Callable[[Purpose], None]
) -> None:
    assert not locks()
    begin(topic)
    assert locks() == {"ShareLock"}


def test_nothing_begins_to_use_a_field_while_it_goes(topic: Purpose) -> None:
    let_field_go(field_key=KEY, at=NOW, actor=ME)
    assert locks() == {"ExclusiveLock"}


def test_pages_that_point_at_unused_fields_look_for_them_once_a_day(
    topic: Purpose, django_assert_num_queries: Any
) -> None:
    assert idle_names(at=NOW) == ["Soort"]
    with django_assert_num_queries(1):
        assert idle_names(at=NOW + timedelta(hours=1)) == ["Soort"]
    let_field_go(field_key=KEY, at=NOW, actor=ME)
    assert idle_names(at=NOW) == []
    own(topic)
    assert idle_names(at=NOW + timedelta(days=1)) == ["Soort"]


def _by_a_file(person: Person, to: Recipient) -> None:
    hand_over_file(person_id=person.id, recipient_id=to.id, at=NOW, actor=ME)


def _by_a_correction(person: Person, to: Recipient) -> None:
    record_disclosures(
        person_ids=[person.id], recipient_id=to.id, how="file", at=NOW, fields=[KEY, "email"]
    )
    tell_recipients(
        kind="rectification",
        person_ids=[person.id],
        at=NOW,
        changes={person.id: {KEY: "Bakfiets"}},
    )


@pytest.mark.parametrize("hand_over", [_by_a_file, _by_a_correction])
def test_what_others_get_of_people_is_a_use(
    topic: Purpose, hand_over: Callable[[Person, Recipient], None]
) -> None:
    person = somebody()
    field = PersonalDataField.objects.get(key=KEY)
    OwnFieldValue.objects.create(person=person, field=field, value="Racefiets", updated_at=NOW)
    assert asks_to_go(KEY)
    rental = Recipient.objects.create(
        key="verhuur",
        name="Fietsverhuur",
        role="controller",
        service_nl="Verhuur",
        service_en="Rental",
        activity_keys=[topic.activity_key],
        valid_from=BEFORE,
    )
    hand_over(person, rental)
    row = catalogue_rows(at=NOW, key=KEY)[0]
    assert [(each.kind, each.name) for each in row.uses] == [(UseKind.EXPORT, "Fietsverhuur")]
    assert row.last_on == TODAY
    assert not row.asks_to_go
    assert not any(each.is_live for each in row.uses)
