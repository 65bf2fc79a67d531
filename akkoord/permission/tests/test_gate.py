"""The gate: what is allowed, why not, and that the set and the single case always agree."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.consent.models import Standing, Suppression
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import REASONS, Reason
from akkoord.law.states import Basis, PermissionState
from akkoord.people.models import ContactPoint
from akkoord.people.tests.factories import NOW, make_person, make_point
from akkoord.permission.queries import (
    ask,
    audience,
    explain,
    first_refusal,
    refusals,
    refused_points,
)
from akkoord.permission.rules import RULES
from akkoord.permission.sentences import sentence_of, way_of, words_of
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_topic

pytestmark = pytest.mark.django_db


def make_standing(point: ContactPoint, topic: Purpose, **more: Any) -> Standing:
    values = {
        "person_id": point.person_id,
        "contact_point": point,
        "purpose": topic,
        "channel": point.channel,
        "state": PermissionState.CONFIRMED,
        "basis": Basis.CONSENT,
        "method": "confirmation",
        "event_id": uuid7(),
        "purpose_version_number": 1,
        "since": NOW,
        "heard_at": NOW,
    }
    return Standing.objects.create(**(values | more))


def make_suppression(point: ContactPoint, scope: str = Suppression.ALL_MARKETING) -> None:
    Suppression.objects.create(
        keyed_hash=point.keyed_hash,
        channel=point.channel,
        scope=scope,
        reason="objection",
        since=NOW,
        review_on=NOW.date(),
    )


def reason_of(point: ContactPoint, topic: Purpose, channel: str = "email") -> Reason | None:
    return ask([point.id], topic, channel, at=NOW)[point.id].reason


def test_inv01_a_confirmed_consent_of_this_address_is_allowed_with_its_evidence() -> None:
    topic, point = make_topic(), make_point()
    standing = make_standing(point, topic)
    answer = ask([point.id], topic, "email", at=NOW)[point.id]
    assert (answer.allowed, answer.evidence_id) == (True, standing.event_id)
    assert [each.id for each in audience(topic, "email", at=NOW)] == [point.id]


def test_inv01_consent_of_another_address_or_topic_does_not_count() -> None:
    topic, other = make_topic(), make_topic("acties")
    person = make_person()
    old, new = make_point(person), make_point(person)
    make_standing(old, topic)
    assert reason_of(new, topic) is Reason.NO_BASIS
    assert reason_of(old, other) is Reason.NO_BASIS


def test_inv02_an_unknown_state_or_address_is_a_no_with_a_reason() -> None:
    topic, point = make_topic(), make_point()
    make_standing(point, topic, state="unheard-of")
    assert reason_of(point, topic) is Reason.NO_BASIS
    gone = uuid7()
    assert ask([gone], topic, "email", at=NOW)[gone].reason is Reason.PERSON_GONE


@pytest.mark.parametrize("scope", [Suppression.ALL_MARKETING, "nieuwsbrief"])
def test_inv04_suppression_beats_consent_within_its_scope(scope: str) -> None:
    topic, other, point = make_topic(), make_topic("acties"), make_point()
    make_standing(point, topic)
    make_standing(point, other)
    make_suppression(point, scope)
    assert reason_of(point, topic) is Reason.SUPPRESSED
    assert (reason_of(point, other) is None) == (scope == "nieuwsbrief")


def test_inv12_consent_for_mail_is_none_for_push() -> None:
    topic = make_topic(channels=("email", "push"))
    person = make_person()
    make_standing(make_point(person), topic)
    push = make_point(person, channel="push")
    assert reason_of(push, topic, "push") is Reason.NO_BASIS


def test_inv13_a_request_sends_nothing() -> None:
    topic, point = make_topic(), make_point()
    make_standing(point, topic, state=PermissionState.REQUESTED)
    assert reason_of(point, topic) is Reason.AWAITING_CONFIRMATION


def test_inv14_a_known_child_is_refused_and_an_unknown_age_is_not() -> None:
    topic = make_topic()
    for known, reason in ((None, None), (False, None), (True, Reason.KNOWN_CHILD)):
        point = make_point(make_person(is_known_child=known))
        make_standing(point, topic)
        assert reason_of(point, topic) is reason


def test_inv38_a_frozen_person_is_not_reached() -> None:
    topic, point = make_topic(), make_point(make_person(restricted_at=NOW))
    make_standing(point, topic)
    assert reason_of(point, topic) is Reason.RESTRICTED


def test_inv44_who_was_brought_along_without_a_basis_is_not_reached() -> None:
    topic, point = make_topic(), make_point(make_person(judge_by=NOW.date()))
    assert reason_of(point, topic) is Reason.IMPORT_TO_BE_JUDGED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"valid_until": NOW}, Reason.EXPIRED),
        ({"valid_until": NOW + timedelta(seconds=1)}, None),
        ({"purpose_version_number": 0}, Reason.OLDER_WORDING),
        ({"state": PermissionState.WITHDRAWN}, Reason.WITHDRAWN),
        ({"state": PermissionState.OBJECTED}, Reason.OBJECTED),
        ({"state": PermissionState.EXPIRED}, Reason.EXPIRED),
        ({"basis": Basis.CONTRACT, "state": "given"}, Reason.NO_BASIS),
    ],
)
def test_each_standing_has_its_reason(change: dict[str, Any], reason: Reason | None) -> None:
    topic, point = make_topic(), make_point()
    make_standing(point, topic, **change)
    assert reason_of(point, topic) is reason


def test_an_ended_topic_and_a_dead_address_are_refused() -> None:
    topic, point = make_topic(), make_point(undeliverable_at=NOW)
    make_standing(point, topic)
    assert reason_of(point, topic) is Reason.UNDELIVERABLE
    Purpose.objects.update(ended_at=NOW)
    assert reason_of(point, topic) is Reason.PURPOSE_ENDED


def test_every_reason_of_the_gate_has_words_and_a_way_onward() -> None:
    for rule in RULES:
        assert sentence_of(rule.reason) != rule.reason.value
        assert words_of(rule.reason)
        assert way_of(rule.reason)
        assert REASONS[rule.reason].articles


def test_refusals_are_counted_and_can_be_clicked_through() -> None:
    topic = make_topic()
    waiting = [make_point() for _ in range(3)]
    for point in waiting:
        make_standing(point, topic, state=PermissionState.REQUESTED)
    make_standing(make_point(), topic)
    make_point()
    counts = refusals(topic, "email", at=NOW)
    assert counts == {Reason.AWAITING_CONFIRMATION: 3, Reason.NO_BASIS: 1}
    first = refused_points(topic, "email", Reason.AWAITING_CONFIRMATION, at=NOW, limit=2)
    rest = refused_points(topic, "email", Reason.AWAITING_CONFIRMATION, at=NOW, after=first[-1].id)
    assert {each.id for each in (*first, *rest)} == {each.id for each in waiting}


def test_explaining_a_person_is_one_statement() -> None:
    topic, point = make_topic(), make_point()
    make_standing(point, topic)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answers = explain(point.person, topic, "email", at=NOW)
    assert len(queries) == 1
    assert all(answer.holds for answer in answers)


moments = st.sampled_from([None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])
standings = st.none() | st.fixed_dictionaries(
    {
        "state": st.sampled_from([*PermissionState, "unheard-of"]),
        "basis": st.sampled_from([*Basis, "unheard-of"]),
        "valid_until": moments,
        "purpose_version_number": st.integers(0, 3),
    }
)
people = st.fixed_dictionaries(
    {
        "person": st.fixed_dictionaries(
            {
                "is_known_child": st.sampled_from([None, False, True]),
                "restricted_at": st.sampled_from([None, NOW]),
                "judge_by": st.sampled_from([None, NOW.date()]),
            }
        ),
        "point": st.fixed_dictionaries(
            {
                "channel": st.sampled_from(["email", "push"]),
                "undeliverable_at": st.sampled_from([None, NOW]),
                "ended_at": st.sampled_from([None, NOW]),
            }
        ),
        "standing": standings,
        "other_standing": standings,
        "suppressed": st.sampled_from(["", "marketing", "nieuwsbrief", "acties"]),
    }
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    crowd=st.lists(people, max_size=6),
    ended=st.booleans(),
    consent_version=st.integers(1, 2),
    channel=st.sampled_from(["email", "push", "post"]),
)
def test_inv01_inv02_the_set_the_batch_and_the_explanation_always_agree(
    crowd: list[dict[str, Any]], ended: bool, consent_version: int, channel: str
) -> None:
    with transaction.atomic():
        topic, other = make_topic(channels=("email", "push")), make_topic("acties")
        Purpose.objects.filter(id=topic.id).update(
            ended_at=NOW if ended else None, consent_version=consent_version
        )
        points = [make_one(each, topic, other) for each in crowd]
        topic.refresh_from_db()
        reached = {each.id: each.evidence_id for each in audience(topic, channel, at=NOW)}
        on_channel = [point for point in points if point.channel == channel]
        answers = ask([point.id for point in on_channel], topic, channel, at=NOW)
        for point in on_channel:
            told = first_refusal(explain(point.person, topic, channel, at=NOW))
            answer = answers[point.id]
            assert answer.allowed == (point.id in reached) == (told is None)
            assert answer.reason == (told.reason if told else None)
            assert answer.evidence_id == reached.get(point.id)
        living = [point for point in on_channel if point.ended_at is None]
        refused = sum(refusals(topic, channel, at=NOW).values())
        assert refused + len(reached) == len(living)
        transaction.set_rollback(True)


def make_one(each: dict[str, Any], topic: Purpose, other: Purpose) -> ContactPoint:
    point = make_point(make_person(**each["person"]), **each["point"])
    for purpose, standing in ((topic, each["standing"]), (other, each["other_standing"])):
        if standing:
            make_standing(point, purpose, **standing)
    if each["suppressed"]:
        make_suppression(point, each["suppressed"])
    return point
