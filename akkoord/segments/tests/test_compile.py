"""Groups against a real database: who is in, who is out, and what does not compile."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.people.models import (
    ContactPoint,
    OwnFieldValue,
    Person,
    PostalAddress,
    Purchase,
    Relation,
)
from akkoord.permission.tests.factories import NOW, give, make_organisation, make_point, make_topic
from akkoord.register.models import ActivityField, PersonalDataField, Purpose
from akkoord.segments.fields import fields_for
from akkoord.segments.language import segment_condition
from akkoord.segments.naming import taken_names
from akkoord.segments.writing import in_words_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def admit(topic: Purpose, *keys: str) -> None:
    """The register admits these fields to the topic; those that are missing are entered."""
    for key in keys:
        field, _made = PersonalDataField.objects.get_or_create(
            key=key,
            defaults={"name_nl": key, "name_en": key, "category": "pd:X", "created_at": NOW},
        )
        ActivityField.objects.get_or_create(
            activity_key=topic.activity_key,
            field=field,
            ended_at=None,
            defaults={"admitted_at": NOW},
        )


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    topic = make_topic()
    admit(
        topic,
        *("city", "postcode", "country", "source", "known_since", "last_purchase"),
        *("purchase_amount", "product_group", "relation"),
    )
    return topic


def found(text: str, topic: Purpose) -> set[str]:
    """The first letters of the addresses in a group."""
    points = ContactPoint.objects.filter(segment_condition(text, topic, NOW))
    return {value[0] for value in points.values_list("value", flat=True)}


@pytest.fixture
def anna_bert_carla(topic: Purpose) -> dict[str, ContactPoint]:
    """Anna in Utrecht bought twice; Bert in Den Bosch bought long ago; Carla is only a name."""
    points = {name: make_point(f"{name}@example.nl") for name in ("anna", "bert", "carla")}
    anna, bert, carla = (point.person for point in points.values())
    Person.objects.filter(id=anna.id).update(given_name="Anna", language="en")
    Person.objects.filter(id=bert.id).update(
        given_name="Bert", created_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    )
    for person, city in ((anna, "Utrecht"), (bert, "’s-Hertogenbosch 100%")):
        PostalAddress.objects.create(
            person=person,
            street="Straat",
            house_number="1",
            postcode="1234 AB",
            city=city,
            created_at=NOW,
        )
    PostalAddress.objects.create(
        person=carla,
        street="Straat",
        house_number="1",
        postcode="1234 AB",
        city="Utrecht",
        created_at=NOW,
        ended_at=NOW,
    )
    for number, (person, days, amount, group) in enumerate(
        [(anna, 400, "10", "banden"), (anna, 30, "650.50", "fietsen"), (bert, 500, "90", "banden")]
    ):
        Purchase.objects.create(
            person=person,
            number=str(number),
            bought_on=TODAY - timedelta(days=days),
            amount=Decimal(amount),
            product_group=group,
            source="shop",
            created_at=NOW,
        )
    Relation.objects.create(person=bert, kind="customer", since=TODAY)
    return points


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("", "abc"),
        ('city is "utrecht"', "a"),
        ('city is not "Utrecht"', "bc"),
        ("city is empty", "c"),
        ("city is not empty", "ab"),
        ('city contains "100%"', "b"),
        ('city contains "%"', "b"),
        ('city starts with "UTR"', "a"),
        ('first_name is "anna"', "a"),
        ("first_name is empty", "c"),
        ('language is "en"', "a"),
        ('email contains "@EXAMPLE"', "abc"),
        ('email starts with "BERT@"', "b"),
        ("last_purchase within 90 days", "a"),
        ("not last_purchase within 90 days", "bc"),
        ("last_purchase before 2026-01-01", "b"),
        ("last_purchase after 2025-08-01", "a"),
        ("last_purchase is 2026-10-25", "a"),
        ("last_purchase is 2025-10-20", ""),  # she bought again since
        ("last_purchase is empty", "c"),
        ("purchase_amount more than 650", "a"),
        ("purchase_amount less than 50", "a"),
        ("aankoopbedrag >= 650.01 of aankoopbedrag <= 49", "a"),
        ("purchase_amount is 90", "b"),
        ('product_group is "banden"', "ab"),
        ('product_group is "banden" and not product_group is "fietsen"', "b"),
        ('relation is "customer"', "b"),
        ("known_since before 2026-01-01", ""),  # in Amsterdam it was the new year already
        ("known_since is 2026-01-01", "b"),
        ("known_since after 2026-01-01", "ac"),
        ("known_since within 3 days", "ac"),
        ('source is "test"', "abc"),
        ('city is "Utrecht" or relation is "Customer"', "ab"),
        ('not (city is "Utrecht" or relation is "Customer")', "c"),
        ('chose topic "newsletter"', "b"),
        ('not chose topic "newsletter"', "ac"),
    ],
)
def test_who_is_in(
    topic: Purpose, anna_bert_carla: dict[str, ContactPoint], text: str, who: str
) -> None:
    give(anna_bert_carla["anna"], topic, state="withdrawn")
    give(anna_bert_carla["bert"], topic, state="given")
    assert found(text, topic) == set(who)


def own(topic: Purpose, key: str, kind: str, values: dict[ContactPoint, str]) -> None:
    field = PersonalDataField.objects.create(
        key=key,
        name_nl=key,
        name_en=key,
        category="pd:X",
        is_own=True,
        value_kind=kind,
        created_at=NOW,
    )
    admit(topic, key)
    for point, value in values.items():
        OwnFieldValue.objects.create(person=point.person, field=field, value=value, updated_at=NOW)


@pytest.mark.parametrize(
    ("kind", "values", "text", "who"),
    [
        ("number", ["170", "9", "tall"], "height more than 100", "a"),
        ("number", ["170", "9", "tall"], "height is 9", "b"),
        ("number", ["170", "9", "tall"], "height is not 9", "ac"),
        ("date", ["2026-11-20", "2020-01-01", "soon"], "height within 7 days", "a"),
        ("date", ["2026-11-20", "2020-01-01", "soon"], "height before 2021-01-01", "b"),
        ("date", ["2026-11-20", "2020-01-01", "soon"], "height is 2020-01-01", "b"),
        ("text", ["Blue", "red", ""], 'height is "blue"', "a"),
        ("text", ["Blue", "red", ""], "height is empty", "c"),
    ],
)
def test_own_fields(topic: Purpose, kind: str, values: list[str], text: str, who: str) -> None:
    points = [make_point(f"{name}@example.nl") for name in "abc"]
    own(topic, "height", kind, dict(zip(points, values, strict=True)))
    assert found(text, topic) == set(who)


@pytest.fixture
def _asked_anew() -> Iterator[None]:
    taken_names.cache_clear()
    yield
    taken_names.cache_clear()


@pytest.mark.usefixtures("_asked_anew")
def test_an_own_field_keeps_a_name_that_the_language_took_later(topic: Purpose) -> None:
    anna, bert = make_point("a@example.nl"), make_point("b@example.nl")
    own(topic, "stad", "text", {anna: "Utrecht"})  # made before groups were read in Dutch
    PostalAddress.objects.create(person=bert.person, city="Utrecht", created_at=NOW)
    assert found('stad is "Utrecht"', topic) == {"a"}
    assert found('city is "Utrecht"', topic) == {"b"}
    assert found('woonplaats is "Utrecht"', topic) == {"b"}
    for text, dutch in (
        ('stad is "Utrecht"', 'stad is "Utrecht"'),
        ('city is "Utrecht" or stad is empty', 'city is "Utrecht" of stad is leeg'),
    ):
        assert in_words_of(text, "nl") == dutch
        assert in_words_of(dutch, "en") == text
    PersonalDataField.objects.filter(key="stad").update(ended_at=NOW)
    assert refusal('stad is "Utrecht"', topic).code == "unknown-field"  # never another field


def refusal(text: str, topic: Purpose) -> GroupRefused:
    with pytest.raises(GroupRefused) as problem:
        segment_condition(text, topic, NOW)
    return problem.value


def test_a_field_outside_the_purpose_does_not_compile_and_says_why(topic: Purpose) -> None:
    ActivityField.objects.filter(activity_key=topic.activity_key, field__key="city").update(
        ended_at=NOW
    )
    with translation.override("en"):
        problem = refusal('first_name is "A" and city is "Utrecht"', topic)
    assert (problem.code, problem.place) == ("field-outside-purpose", 22)
    assert "add the field to the topic" in problem.sentence
    admit(topic, "city")
    assert segment_condition('city is "Utrecht"', topic, NOW)


def test_special_categories_never_compile(topic: Purpose) -> None:
    own(topic, "diet", "text", {})
    PersonalDataField.objects.filter(key="diet").update(is_special=True)
    assert refusal('diet is "halal"', topic).code == "special-category"


def test_every_field_that_is_not_admitted_is_refused(topic: Purpose) -> None:
    ActivityField.objects.all().delete()
    for key, field in fields_for(topic).items():
        assert not field.allowed
        assert refusal(f"{key} is empty", topic).code in (
            "field-outside-purpose",
            "special-category",
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("birthday is empty", "unknown-field"),
        ("standing is empty", "unknown-field"),
        ('chose topic "none"', "unknown-topic"),
        ("city more than 3", "operator-not-for-field"),
        ("city is 3", "operator-not-for-field"),
        ('last_purchase is "x"', "operator-not-for-field"),
        ('last_purchase contains "x"', "operator-not-for-field"),
        ("purchase_amount is 2026-01-01", "operator-not-for-field"),
        ("purchase_amount within 3 days", "operator-not-for-field"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(topic: Purpose, text: str, code: str) -> None:
    problem = refusal(text, topic)
    assert problem.code == code
    assert problem.sentence


def test_an_almost_right_name_is_pointed_out(topic: Purpose) -> None:
    assert "“stad”" in refusal('citty is "Utrecht"', topic).sentence
    assert "“stad”" in refusal('stadd is "Utrecht"', topic).sentence


def test_inv38_who_is_frozen_is_in_no_group(topic: Purpose) -> None:
    point = make_point()
    assert found("first_name is empty", topic) == {"a"}
    Person.objects.filter(id=point.person_id).update(restricted_at=NOW)
    assert found("first_name is empty", topic) == set()
    assert found("not first_name is empty", topic) == set()


def test_a_group_is_one_statement_and_texts_are_values(
    topic: Purpose, anna_bert_carla: dict[str, ContactPoint]
) -> None:
    text = 'city is "x\' OR 1=1 --" or last_purchase within 90 days or chose topic "newsletter"'
    condition = segment_condition(text, topic, NOW)
    with CaptureQueriesContext(connection) as queries:
        assert ContactPoint.objects.filter(condition).count() == 1
    assert len(queries) == 1


def test_compiling_costs_the_same_for_any_group(
    topic: Purpose, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    text = " or ".join(f'city is "c{number}"' for number in range(100))
    with django_assert_max_num_queries(4):
        segment_condition(text, topic, NOW)


def test_letters_read_groups_by_this_language(topic: Purpose) -> None:
    assert group_condition('language is "nl"', topic, NOW) == segment_condition(
        'language is "nl"', topic, NOW
    )
