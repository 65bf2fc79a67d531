"""People with several addresses, channels and topics: all ways of asking give one answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.consent.models import Rhythm, Standing, Suppression
from akkoord.law.states import Basis, Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.permission import queries
from akkoord.permission.tests.factories import (
    NOW,
    TODAY,
    give,
    make_organisation,
    make_person,
    make_topic,
)
from akkoord.register.models import Purpose

SLUGS = ("news", "offers")

times = st.sampled_from([None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])
standings = st.fixed_dictionaries(
    {
        "state": st.sampled_from([*PermissionState]),
        "basis": st.sampled_from([*Basis]),
        "method": st.sampled_from([*Method]),
        "valid_until": times,
        "purpose_version_number": st.integers(1, 3),
    }
)
rhythms = st.fixed_dictionaries({"paused_until": times, "not_before": times})
contact_points = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(["email", "email", "post", "sms"]),
        "ended_at": st.sampled_from([None, None, NOW]),
        "undeliverable_at": st.sampled_from([None, None, NOW]),
        "suppressed": st.sampled_from([None, None, "marketing", *SLUGS]),
        "standings": st.dictionaries(st.sampled_from(SLUGS), standings),
        # "" is the pause of everything, which knows no frequency.
        "rhythms": st.dictionaries(st.sampled_from(["", *SLUGS]), rhythms),
    }
)
people = st.fixed_dictionaries(
    {
        "restricted_at": st.sampled_from([None, None, NOW]),
        "is_known_child": st.sampled_from([None, None, False, True]),
        "judge_by": st.sampled_from([None, TODAY]),
        "points": st.lists(contact_points, max_size=3),
    }
)
purposes = st.fixed_dictionaries(
    {
        "ended_at": st.sampled_from([None, None, None, NOW]),
        "channels": st.sampled_from([["email"], ["email", "post"], ["email", "post", "sms"], []]),
        "consent_version": st.integers(1, 2),
    }
)


def build(topics: dict[str, Purpose], person: dict[str, Any], at: int) -> None:
    """Put one drawn person into the database."""
    row = make_person(
        **{key: person[key] for key in ("restricted_at", "is_known_child", "judge_by")}
    )
    for number, facts in enumerate(person["points"]):
        address = f"p{at}-{number}@example.nl"
        point = ContactPoint.objects.create(
            person=row,
            channel=facts["channel"],
            value=address,
            normalised=address,
            keyed_hash=address.encode().ljust(32, b"."),
            source="test",
            created_at=NOW,
            ended_at=facts["ended_at"],
            undeliverable_at=facts["undeliverable_at"],
        )
        if facts["suppressed"]:
            Suppression.objects.create(
                keyed_hash=point.keyed_hash,
                channel=point.channel,
                scope=facts["suppressed"],
                reason="objection",
                since=NOW,
                review_on=TODAY,
            )
        for slug, standing in facts["standings"].items():
            give(point, topics[slug], **standing)
        for slug, rhythm in facts["rhythms"].items():
            Rhythm.objects.create(
                contact_point=point,
                purpose=topics.get(slug),
                paused_until=rhythm["paused_until"],
                at_most="week" if slug else "",
                not_before=rhythm["not_before"] if slug else None,
                changed_at=NOW,
            )


def check(topic: Purpose, channel: str) -> None:
    """All ways of asking about everybody."""
    allowed = {point.id: point.evidence_id for point in queries.audience(topic, channel, at=NOW)}
    everybody = list(ContactPoint.objects.filter(channel=channel))
    asked = queries.ask([point.id for point in everybody], topic, channel, at=NOW)
    assert {key for key, answer in asked.items() if answer.allowed} == set(allowed)
    for point in everybody:
        answer = asked[point.id]
        assert answer.evidence_id == allowed.get(point.id)
        if answer.allowed:  # INV-1: with a standing of this very address that says yes
            standing = Standing.objects.get(contact_point=point, purpose=topic)
            assert standing.event_id == answer.evidence_id
            assert standing.state in ("given", "confirmed")
            wishes = Rhythm.objects.filter(contact_point=point, purpose=topic)
            everything = Rhythm.objects.filter(contact_point=point, purpose=None)
            assert not (wishes | everything).filter(paused_until__gt=NOW).exists()
            assert not wishes.filter(not_before__gt=NOW).exists()
        else:
            assert answer.reason is not None  # INV-2
    for person in Person.objects.all():
        own = [point for point in everybody if point.person_id == person.id]
        answers = queries.explain(person, topic, channel, at=NOW)
        assert all(each.sentence for each in answers)
        first = queries.first_refusal(answers)
        assert (first is None) == any(asked[point.id].allowed for point in own)
        if len(own) == 1 and first is not None:
            assert first.reason == asked[own[0].id].reason
        if first is None:
            evidence = {each.evidence for each in answers if each.evidence}
            assert evidence <= {str(allowed[point.id]) for point in own if point.id in allowed}
            assert evidence
    living = [point for point in everybody if point.ended_at is None]
    counts: dict[str, int] = {}
    for point in living:
        reason = asked[point.id].reason
        if reason:
            counts[reason] = counts.get(reason, 0) + 1
    assert queries.refusals(topic, channel, at=NOW) == counts


@pytest.fixture
def topics(db: None) -> dict[str, Purpose]:
    make_organisation()
    return {slug: make_topic(slug) for slug in SLUGS}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    drawn=st.lists(people, max_size=5),
    changes=st.lists(purposes, min_size=2, max_size=2),
    slug=st.sampled_from(SLUGS),
    channel=st.sampled_from(["email", "email", "post"]),
)
def test_inv01_inv02_also_for_people_with_several_addresses(
    topics: dict[str, Purpose],
    drawn: list[dict[str, Any]],
    changes: list[dict[str, Any]],
    slug: str,
    channel: str,
) -> None:
    with transaction.atomic():
        for topic, values in zip(topics.values(), changes, strict=True):
            for name, value in values.items():
                setattr(topic, name, value)  # each example sets all three
            topic.save()
        for number, person in enumerate(drawn):
            build(topics, person, number)
        check(topics[slug], channel)
        transaction.set_rollback(True)
