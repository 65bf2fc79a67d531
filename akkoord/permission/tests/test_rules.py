"""Each rule by itself: what it refuses, with which reason."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from akkoord.consent.models import PermissionEvent, Standing, Suppression
from akkoord.consent.tests.factories import make_notice, version_of
from akkoord.law.reasons import REASONS, Reason, Stage
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint
from akkoord.permission import queries
from akkoord.permission.rules import RULE_VERSION, Question, points, rules_for
from akkoord.permission.sales_sql import SALE_STEP
from akkoord.permission.sentences import way_of
from akkoord.permission.tests.factories import (
    NOW,
    TODAY,
    give,
    make_organisation,
    make_person,
    make_point,
    make_topic,
)
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def reason_of(point: ContactPoint, topic: Purpose) -> Reason | None:
    """The answer of all three ways of asking, which must be one."""
    answer = queries.ask([point.id], topic, point.channel, at=NOW)[point.id]
    first = queries.first_refusal(queries.explain(point.person, topic, point.channel, at=NOW))
    found = queries.audience(topic, point.channel, at=NOW).filter(id=point.id).exists()
    assert answer.allowed == found == (first is None)
    assert answer.reason == (first.reason if first else None)
    return answer.reason


def test_confirmed_consent_may_be_reached_with_its_evidence(topic: Purpose) -> None:
    point = make_point()
    standing = give(point, topic)
    assert reason_of(point, topic) is None
    found = queries.audience(topic, "email", at=NOW).get()
    assert found.evidence_id == standing.event_id
    assert queries.ask([point.id], topic, "email", at=NOW)[point.id].evidence_id == (
        standing.event_id
    )


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        ("objected", "not-objected"),
        ("withdrawn", "not-withdrawn"),
        ("refused", "not-refused"),
        ("invalidated", "not-invalidated"),
        ("expired", "not-expired"),
        ("requested", "confirmed"),
    ],
)
def test_inv02_a_no_names_the_event_that_it_comes_from(
    topic: Purpose, state: str, rule: str
) -> None:
    point = make_point()
    standing = give(point, topic, state=state)
    answers = {each.rule: each for each in queries.explain(point.person, topic, "email", at=NOW)}
    assert not answers[rule].holds
    assert answers[rule].evidence == str(standing.event_id)
    assert answers["has-basis"].evidence == str(standing.event_id)
    assert answers["purpose-live"].evidence == ""


def test_an_event_that_is_too_old_or_of_older_words_is_named(topic: Purpose) -> None:
    point = make_point()
    standing = give(point, topic, valid_until=NOW)
    topic.consent_version = 2
    topic.save()
    answers = {each.rule: each for each in queries.explain(point.person, topic, "email", at=NOW)}
    for rule in ("still-valid", "covers-todays-words"):
        assert not answers[rule].holds
        assert answers[rule].evidence == str(standing.event_id)


def ended(point: ContactPoint, topic: Purpose) -> None:
    topic.ended_at = NOW
    topic.save()


def only_post(point: ContactPoint, topic: Purpose) -> None:
    topic.channels = ["post"]
    topic.save()


def of_point(**values: Any) -> Callable[[ContactPoint, Purpose], None]:
    return lambda point, _topic: ContactPoint.objects.filter(id=point.id).update(**values) and None


def of_person(**values: Any) -> Callable[[ContactPoint, Purpose], None]:
    def change(point: ContactPoint, _topic: Purpose) -> None:
        for name, value in values.items():
            setattr(point.person, name, value)
        point.person.save()

    return change


def suppress(scope: str) -> Callable[[ContactPoint, Purpose], None]:
    def change(point: ContactPoint, _topic: Purpose) -> None:
        Suppression.objects.create(
            keyed_hash=bytes(point.keyed_hash),
            channel="email",
            scope=scope,
            reason="objection",
            since=NOW,
            review_on=TODAY,
        )

    return change


def newer_words(point: ContactPoint, topic: Purpose) -> None:
    topic.consent_version = 2
    topic.save()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (ended, Reason.PURPOSE_ENDED),
        (only_post, Reason.CHANNEL_NOT_OFFERED),
        (of_point(ended_at=NOW), Reason.ADDRESS_ENDED),
        (of_point(undeliverable_at=NOW), Reason.UNDELIVERABLE),
        (of_person(restricted_at=NOW), Reason.RESTRICTED),
        (of_person(is_known_child=True), Reason.KNOWN_CHILD),
        (suppress("marketing"), Reason.SUPPRESSED),
        (suppress("newsletter"), Reason.SUPPRESSED),
        (newer_words, Reason.OLDER_WORDING),
    ],
)
def test_inv02_each_fact_refuses_with_its_reason(
    topic: Purpose, change: Callable[[ContactPoint, Purpose], None], reason: Reason
) -> None:
    point = make_point()
    give(point, topic)
    change(point, topic)
    point.refresh_from_db()
    topic.refresh_from_db()
    assert reason_of(point, topic) is reason


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": "requested"}, Reason.AWAITING_CONFIRMATION),
        ({"state": "refused"}, Reason.REFUSED),
        ({"state": "withdrawn"}, Reason.WITHDRAWN),
        ({"state": "objected"}, Reason.OBJECTED),
        ({"state": "expired"}, Reason.EXPIRED),
        ({"state": "invalidated"}, Reason.INVALIDATED),
        ({"valid_until": NOW}, Reason.EXPIRED),
        ({"valid_until": NOW + timedelta(seconds=1)}, None),
        ({"state": "given", "basis": "consent"}, None),  # a card at the counter (INV-13)
        ({"state": "given", "basis": "existing-customer"}, Reason.NO_SALE),
        ({"state": "given", "basis": "contract"}, Reason.NO_BASIS),
        ({"state": "given", "basis": "legitimate-interest"}, Reason.NO_BASIS),
        ({"state": "withdrawn", "basis": "existing-customer"}, Reason.WITHDRAWN),
        ({"state": "new-state"}, Reason.NO_BASIS),
    ],
)
def test_inv01_standing_decides(
    topic: Purpose, values: dict[str, Any], reason: Reason | None
) -> None:
    point = make_point()
    give(point, topic, **values)
    assert reason_of(point, topic) is reason


def test_inv12_permission_for_one_address_covers_no_other(topic: Purpose) -> None:
    person = make_person()
    allowed, other = make_point("a@example.nl", person), make_point("b@example.nl", person)
    give(allowed, topic)
    asked = queries.ask([allowed.id, other.id], topic, "email", at=NOW)
    assert asked[allowed.id].allowed
    assert asked[other.id].reason is Reason.NO_BASIS
    assert queries.audience(topic, "email", at=NOW).get() == allowed


def test_inv12_email_consent_authorises_no_other_channel(topic: Purpose) -> None:
    topic.channels = ["email", "sms"]
    topic.save()
    point = make_point()
    give(point, topic)
    assert not queries.audience(topic, "sms", at=NOW).exists()
    assert queries.ask([point.id], topic, "sms", at=NOW)[point.id].reason is Reason.PERSON_GONE


def test_inv14_a_parents_yes_carries_a_known_child(topic: Purpose) -> None:
    point = make_point()
    of_person(is_known_child=True)(point, topic)
    event = PermissionEvent.objects.create(
        person_ref=point.person_id,
        contact_point_ref=point.id,
        purpose_version=version_of(topic),
        channel="email",
        basis="consent",
        state="given",
        happened_at=NOW,
        recorded_at=NOW,
        actor_kind="staff",
        method="paper",
        notice=make_notice(),
        evidence={"parent_consent": True, "file": "1"},
        commitment=b"",
    )
    standing = give(point, topic, state="given", method="paper", event_id=event.id)
    assert reason_of(point, topic) is None
    standing.basis = "existing-customer"  # no soft opt-in to known children
    standing.save()
    assert reason_of(point, topic) is Reason.KNOWN_CHILD


def test_inv03_every_refusal_has_a_way_onward_that_is_no_mail() -> None:
    from akkoord.permission.sentences import badge_of, way_of, words_of

    for reason, fact in REASONS.items():
        if fact.stage not in (Stage.GATE, Stage.PIPELINE):
            continue
        badge = badge_of(reason)
        assert badge.sentence != reason.value, reason
        assert badge.sentence
        assert words_of(reason)
        assert words_of(reason) != reason.value
        assert way_of(reason)


def test_asking_costs_one_statement(
    topic: Purpose, django_assert_num_queries: Callable[[int], Any]
) -> None:
    wanted = [make_point(f"p{number}@example.nl") for number in range(20)]
    with django_assert_num_queries(1):
        queries.ask([point.id for point in wanted], topic, "email", at=NOW)
    with django_assert_num_queries(1):
        queries.explain(wanted[0].person, topic, "email", at=NOW)
    with django_assert_num_queries(1):
        queries.refusals(topic, "email", at=NOW)


def test_the_version_changes_with_the_conditions() -> None:
    """A changed condition must have a new version: raise the digit, then note both here."""
    purpose = Purpose(id="00000000-0000-7000-8000-000000000001", slug="x")
    questions = [Question(purpose, each, NOW) for each in (Channel.EMAIL, Channel.POST)]
    found = "\n".join(
        str(points(question).filter(rule.condition(question)).only("id").query)
        for question in questions
        for rule in rules_for(question.channel)
    )
    found += SALE_STEP  # what the rules on sales call
    digest = hashlib.sha256(re.sub(r"\s+", " ", found).encode()).hexdigest()[:12]
    assert (RULE_VERSION, digest) == ("5331d7092b4d", "d11031a9a58c")


def test_the_ready_made_statement_answers_for_its_own_moment(topic: Purpose) -> None:
    point = make_point()
    give(point, topic, valid_until=NOW)
    for at, allowed in ((NOW - timedelta(seconds=1), True), (NOW, False)):
        assert queries.ask([point.id], topic, "email", at=at)[point.id].allowed is allowed
        with connection.cursor() as cursor:
            cursor.execute(*queries.judged_sql(topic, "email", at=at))
            assert cursor.fetchone() == (
                point.id,
                point.person_id,
                "" if allowed else "expired",
                Standing.objects.get().event_id,
            )
    topic.consent_version = 2
    topic.save()  # what the topic says now is read when it runs
    earlier = NOW - timedelta(seconds=1)
    answer = queries.ask([point.id], topic, "email", at=earlier)[point.id]
    assert answer.reason is Reason.OLDER_WORDING


@pytest.mark.parametrize(
    "reason",
    [each for each, fact in REASONS.items() if fact.stage in (Stage.GATE, Stage.PIPELINE)],
)
def test_inv03_no_reason_is_a_dead_end(reason: Reason) -> None:
    assert way_of(reason) != "There is nothing to do."
    assert way_of(reason) != "U hoeft niets te doen."
