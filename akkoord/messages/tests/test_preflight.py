"""What is said before sending, what the person's page shows, what the worker's jobs do."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone
from pytest_django.fixtures import Settings

from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailboxMessage
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages import groups, jobs
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused, start_dispatch
from akkoord.messages.groups import GroupRefused
from akkoord.messages.models import Message
from akkoord.messages.preflight import Preflight, preflight
from akkoord.messages.queries import dispatch_figures, messages_of
from akkoord.messages.sections import _strips, _timeline
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import (
    NOW,
    make_many,
    make_organisation,
    make_point,
    make_source,
    make_topic,
    run_job,
)
from akkoord.messages.values import field_facts, sample_values, values_for
from akkoord.people.models import ContactPoint, OwnFieldValue, Person, PostalAddress, Purchase
from akkoord.register.models import ActivityField, PersonalDataField, Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def look(topic: Purpose, segment: str = "", **values: object) -> Preflight:
    return preflight(purpose=topic, source=make_source(**values), segment=segment, at=NOW)


def test_who_gets_it_and_why_not_the_others(topic: Purpose) -> None:
    make_many(10, topic, refused=3)
    make_point("nobody@example.nl")
    found = look(topic)
    assert (found.selected, found.may_be_mailed) == (11, 7)
    assert {reason.value: count for reason, count in found.reasons.items()} == {
        "withdrawn": 3,
        "no-basis": 1,
    }
    assert not found.blocking
    assert [each.code for each in found.warnings] == ["no-preheader", "built-in-mailbox"]


def test_the_counts_are_one_statement(
    topic: Purpose, django_assert_max_num_queries: object
) -> None:
    make_many(4, topic)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        look(topic)


def test_what_does_not_compile_blocks_in_plain_words(topic: Purpose) -> None:
    make_many(1, topic)
    found = look(topic, body="Dag {{ nonsense }}")
    assert [(each.code, each.place) for each in found.blocking] == [("unknown-field", "body:1")]
    assert "nonsense" in found.blocking[0].sentence


def test_a_field_outside_the_purpose_says_what_to_do(topic: Purpose) -> None:
    make_many(1, topic)
    found = look(topic, body="Dag {{ city | default: 'daar' }}")
    assert [each.code for each in found.blocking] == ["field-outside-purpose"]
    assert len(found.blocking[0].sentence) > 60


def test_a_picture_without_words_blocks_with_its_line(topic: Purpose) -> None:
    make_many(1, topic)
    body = "Dag.\n\n![](https://elders.example.org/a.png)"
    found = look(topic, body=body)
    assert [(each.code, each.place) for each in found.blocking] == [
        ("image-without-words", "body:3")
    ]
    with pytest.raises(CompileError):
        start_dispatch(
            purpose=topic, source=make_source(body=body), segment="", approved_by=None, at=NOW
        )
    found = look(topic, body=body.replace("[]", "[Een fiets]"))
    assert found.blocking == []
    assert "image-elsewhere" in [each.code for each in found.warnings]


def test_nobody_to_mail_blocks(topic: Purpose) -> None:
    assert [each.code for each in look(topic).blocking] == ["no-recipients"]


def test_not_public_url_blocks_what_leaves_the_machine(topic: Purpose, settings: Settings) -> None:
    make_many(1, topic)
    settings.SMTP_URL = "smtp://mail.example.org:25"
    found = look(topic)
    assert [each.code for each in found.blocking] == ["not-public-url"]
    assert "dns-not-checked" in [each.code for each in found.warnings]
    settings.SMTP_URL = "smtp://127.0.0.1:25"
    assert not look(topic).blocking


def test_a_group_narrows_and_a_bad_one_blocks(
    topic: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = make_many(5, topic)

    def compiler(text: str, _purpose: Purpose, _at: object) -> Q:
        if text == "bad":
            raise GroupRefused("unknown-word", 0, "This word is not known.")
        return Q(id__in=points[:2])

    monkeypatch.setattr(groups, "_compilers", [compiler])
    assert look(topic, "two").selected == 2
    assert [each.code for each in look(topic, "bad").blocking] == ["unknown-word"]
    dispatch = start_dispatch(
        purpose=topic, source=make_source(), segment="two", approved_by=None, at=NOW
    )
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport(), clock=lambda: NOW)
    assert dispatch_figures(dispatch.id).sent == 2


def test_an_ended_topic_starts_nothing(topic: Purpose) -> None:
    topic.ended_at = NOW
    topic.save()
    assert "purpose-ended" in [each.code for each in look(topic).blocking]
    with pytest.raises(DispatchRefused):
        start_dispatch(purpose=topic, source=make_source(), segment="", approved_by=None, at=NOW)


def test_field_facts_follow_the_register(topic: Purpose) -> None:
    facts = field_facts(topic)
    assert facts["first_name"].within_purpose
    assert not facts["city"].within_purpose
    ActivityField.objects.create(
        activity_key=topic.activity_key,
        field=PersonalDataField.objects.get(key="city"),
        why_nl="Voor acties in de buurt.",
        why_en="For offers near you.",
        admitted_at=NOW,
    )
    assert field_facts(topic)["city"].within_purpose


def test_values_for_many_in_one_statement(
    topic: Purpose, django_assert_num_queries: object
) -> None:
    first, second = make_many(2, topic)
    person = ContactPoint.objects.get(id=first).person
    for town in ("Zwolle", "Utrecht"):
        PostalAddress.objects.create(
            person=person,
            street="Dorpsstraat",
            house_number="1",
            postcode="1234 AB",
            city=town,
            created_at=NOW,
            ended_at=NOW if town == "Zwolle" else None,
        )
    Purchase.objects.create(
        person=person,
        number="1",
        bought_on=NOW.date(),
        amount="1249.50",
        source="test",
        created_at=NOW,
    )
    own = PersonalDataField.objects.create(
        key="bike", name_nl="Fiets", name_en="Bike", category="pd:Preference", is_own=True,
        created_at=NOW,
    )  # fmt: skip
    OwnFieldValue.objects.create(person=person, field=own, value="bakfiets", updated_at=NOW)
    slots = ["city", "first_name", "last_purchase", "purchase_amount", "bike"]
    with django_assert_num_queries(3):  # type: ignore[operator]  # own fields, whose yes, values
        found = values_for([first, second], slots, topics=[topic])
    assert found[first] == {
        "address": "p0@example.nl",
        "city": "Utrecht",
        "first_name": "Anna",
        "last_purchase": "24 november 2026",
        "purchase_amount": "1.249,50",
        "bike": "bakfiets",
    }
    assert found[second]["city"] == ""


def test_sample_values_fill_every_slot() -> None:
    found = sample_values({"first_name", "bike"})
    assert found["first_name"] == "Anna"
    assert found["bike"] == "[bike]"
    assert found["unsubscribe_url"].startswith("http")


def test_the_timeline_says_sent_or_why_not(topic: Purpose) -> None:
    make_many(2, topic, refused=1)
    dispatch = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=NOW
    )
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport(), clock=lambda: NOW)
    kinds = {}
    for person in Person.objects.all():
        entry = _timeline([person.id], 10)[0]
        kinds[entry.kind] = entry
        assert len(messages_of([person.id])) == 1
    assert "withdrawn" not in kinds[""].title
    assert kinds[""].detail
    assert kinds["good"].detail == ""


def test_the_strip_shows_what_runs(topic: Purpose) -> None:
    make_many(2, topic)
    dispatch = start_dispatch(
        purpose=topic, source=make_source(subject="Herfst"), segment="", approved_by=None, at=NOW
    )
    assert [(each.label, each.state) for each in _strips()] == [("Herfst", "running")]
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=MemoryTransport(), clock=lambda: NOW)
    assert _strips() == []


def test_the_job_sends_and_the_sweep_wakes_what_was_left(topic: Purpose) -> None:
    make_many(2, topic)
    now = timezone.now()
    dispatch = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=now
    )
    run_job(dispatch.id)
    assert MailboxMessage.objects.count() == 2
    Message.objects.filter(dispatch=dispatch).update(
        state="claimed", claimed_at=now - timedelta(hours=1), handing_at=None, claimed_by=uuid7()
    )
    dispatch.state = "running"
    dispatch.save(update_fields=["state"])
    jobs.sweep(0)
    assert dispatch_figures(dispatch.id).due == 2
    run_job(dispatch.id)
    assert dispatch_figures(dispatch.id).state == "finished"
    run_job(uuid7())  # gone in the meantime: no error
