"""Groups in groups: as they are now, never round, and not taken away under who names them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_models import Series
from akkoord.messages.groups import GroupRefused
from akkoord.messages.topics import group_for_all
from akkoord.people.models import PostalAddress
from akkoord.permission.tests.factories import NOW, make_point, make_topic
from akkoord.register.models import ActivityField, Purpose
from akkoord.segments import actions
from akkoord.segments.actions import GroupRejected
from akkoord.segments.language import segment_condition
from akkoord.segments.models import Group
from akkoord.segments.tests.test_compile import admit, found, refusal
from akkoord.segments.tests.test_compile import topic as topic  # a fixture
from akkoord.segments.tests.test_groups import BY, make_group
from akkoord.segments.tests.test_groups import client as client  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(topic: Purpose) -> None:
    for name, city in (("anna", "Utrecht"), ("bert", "Zeist"), ("carla", "Ede")):
        person = make_point(f"{name}@example.nl").person
        PostalAddress.objects.create(person=person, city=city, created_at=NOW)


def revised(group: Group, text: str, name: str = "") -> Group:
    group.refresh_from_db()
    return actions.revise_group(
        group_id=group.id,
        name=name or group.name,
        text=text,
        version=group.version,
        at=NOW,
        actor=BY,
    )


@pytest.mark.usefixtures("towns")
def test_a_group_stands_in_another_as_it_is_now(topic: Purpose) -> None:
    inner = make_group(topic)
    assert found('in group "Utrecht"', topic) == {"a"}
    assert found('not in groep "Utrecht"', topic) == {"b", "c"}
    make_group(topic, 'in group "Utrecht" or city is "Ede"', "Both")
    assert found('in group "Both" and not city is "Ede"', topic) == {"a"}
    revised(inner, 'city is "Zeist"')
    assert found('in group "Both"', topic) == {"b", "c"}


def test_inv31_the_rules_in_it_are_asked_of_the_letter_s_own_topic(topic: Purpose) -> None:
    make_group(topic)
    other = make_topic("other")
    assert refusal('in group "Utrecht"', other).code == "unknown-group"
    with pytest.raises(GroupRefused) as refused:
        group_for_all('source is empty or in group "Utrecht"', topic, [other], NOW)
    assert refused.value.code == "field-outside-purpose"
    admit(other, "city", "source")
    assert group_for_all('source is empty or in group "Utrecht"', topic, [other], NOW)
    # Another topic's group of that name is another group.
    admit(other, "postcode")
    make_group(other, 'postcode is "1234 AB"')
    ActivityField.objects.filter(activity_key=other.activity_key, field__key="city").delete()
    assert segment_condition('in group "Utrecht"', other, NOW)
    with pytest.raises(GroupRefused):
        group_for_all('in group "Utrecht"', topic, [other], NOW)


def test_nothing_goes_round(topic: Purpose) -> None:
    with pytest.raises(GroupRejected, match="zichzelf"):
        make_group(topic, 'city is "x" or in group "A"', "A")
    a = make_group(topic, name="A")
    b = make_group(topic, 'in group "A"', "B")
    make_group(topic, 'in group "B"', "C")
    for text in ('in group "A"', 'not in group "B"', 'city is "x" and in group "C"'):
        with pytest.raises(GroupRejected, match="“A”"):
            revised(a, text)
    # What came to be all the same (two who changed at once) is refused where it is asked.
    Group.objects.filter(id=a.id).update(text='in group "C"')
    problem = refusal('source is "x" or in group "B"', topic)
    assert (problem.code, problem.place) == ("goes-round", 17)
    Group.objects.filter(id=b.id).update(text="what is")
    assert refusal('in group "B"', topic).place == 0


def test_a_group_grows_no_larger_than_the_database_can_bear(topic: Purpose) -> None:
    make_group(topic, " or ".join(f'city is "{n}"' for n in range(100)), "0")
    for level in range(1, 3):
        make_group(topic, f'in group "{level - 1}" and city is "x"', str(level))
    with pytest.raises(GroupRejected, match="300"):
        make_group(topic, " or ".join(['in group "2"'] * 3), "much")


def test_compiling_costs_one_question_more(
    topic: Purpose, django_assert_max_num_queries: Any
) -> None:
    make_group(topic)
    make_group(topic, 'in group "Utrecht"', "B")
    with django_assert_max_num_queries(5):
        segment_condition('in group "B" or in group "Utrecht"', topic, NOW)


def letter(topic: Purpose, **more: Any) -> Campaign:
    return Campaign.objects.create(
        name="Lente", purpose=topic, subject="x", body="x", created_at=NOW, updated_at=NOW, **more
    )


@pytest.mark.parametrize("where", ["group", "letter", "block", "drawn", "series"])
def test_a_group_that_is_used_is_not_put_away_or_renamed(topic: Purpose, where: str) -> None:
    group = make_group(topic)
    text = 'in group "Utrecht"'
    match where:
        case "group":
            make_group(topic, text, "Lente")
        case "letter":
            letter(topic, segment=text)
        case "block":
            letter(topic).__class__.objects.update(body='{"if": "in group \\"Utrecht\\""}')
        case "drawn":
            letter(topic).__class__.objects.update(body="<x if='in groep &quot;Utrecht&quot;'>")
        case "series":
            Series.objects.create(
                name="Lente",
                purpose=topic,
                trigger="welcome",
                segment=text,
                created_at=NOW,
                updated_at=NOW,
            )
    with pytest.raises(GroupRejected, match="“Lente”"):
        actions.end_group(group_id=group.id, at=NOW, actor=BY)
    with pytest.raises(GroupRejected, match="“Lente”") as refused:
        revised(group, 'city is "Ede"', name="Ede")
    assert refused.value.field == "name"
    revised(group, 'city is "Ede"')
    group.refresh_from_db()
    assert (group.ended_at, group.name, group.version) == (None, "Utrecht", 2)


def test_what_only_looks_like_it_keeps_nothing(topic: Purpose) -> None:
    group = make_group(topic)
    make_group(topic, 'city is "in group"', "Other")
    letter(topic, segment='city is "Utrecht"')
    actions.end_group(group_id=group.id, at=NOW, actor=BY)
    assert Group.objects.get(id=group.id).ended_at


def test_the_page_says_where_it_is_used(client: Client, topic: Purpose) -> None:
    group = make_group(topic)
    make_group(topic, 'in group "Utrecht"', "Trouw")
    steer = reverse("segments:steer", args=[group.id, "opbergen"])
    page = client.post(steer, follow=True).content.decode()
    assert "in gebruik in: “Trouw”" in page
    edit = client.get(reverse("segments:edit", args=[Group.objects.get(name="Trouw").id]))
    page = edit.content.decode()
    assert '<option value="Utrecht" selected>' in page
    assert '<option value="Trouw"' not in page  # not in itself
