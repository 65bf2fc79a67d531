"""Purchases counted together, the company, days back and to come: who is in, and whose business."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from akkoord.people.models import Company, ContactPoint, Purchase, Relation
from akkoord.permission.tests.factories import NOW, make_point
from akkoord.register.models import ActivityField, Purpose
from akkoord.segments.language import segment_condition
from akkoord.segments.tests.test_compile import TODAY, found, own, refusal
from akkoord.segments.tests.test_compile import topic as topic  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyers(topic: Purpose) -> dict[str, ContactPoint]:
    """Anna bought three times, one of them taken back; Bert once, in dollars; Carla never."""
    points = {name: make_point(f"{name}@example.nl") for name in ("anna", "bert", "carla")}
    for number, (name, days, amount, currency, back) in enumerate(
        [
            ("anna", 1, "100", "EUR", None),
            ("anna", 10, "150.50", "EUR", None),
            ("anna", 20, "999", "EUR", TODAY),
            ("anna", 400, "500", "EUR", None),
            ("bert", 0, "80", "USD", None),
            ("bert", -3, "80", "EUR", None),
        ]
    ):
        Purchase.objects.create(
            person=points[name].person,
            number=str(number),
            bought_on=TODAY - timedelta(days=days),
            amount=Decimal(amount),
            currency=currency,
            reversed_on=back,
            source="shop",
            created_at=NOW,
        )
    return points


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("last purchase within 25 days", "a"),
        ("last purchase before 2026-11-10", "ab"),  # Anna's newer one was taken back
        ("last purchase is 2026-11-20", ""),
        ("last purchase is empty", "c"),
        ("purchase amount more than 900", ""),
        ("purchase amount is 10", "a"),
        ('product group is "banden"', ""),
        ('product group is not "banden"', "abc"),
        ("product group is empty", "bc"),
    ],
)
def test_a_purchase_that_was_taken_back_was_none(topic: Purpose, text: str, who: str) -> None:
    points = {name: make_point(f"{name}@example.nl") for name in ("anna", "bert", "carla")}
    for name, day, amount, product, back in (
        ("anna", "2026-11-01", 10, "fietsen", None),
        ("anna", "2026-11-20", 999, "banden", TODAY),
        ("bert", "2026-01-20", 5, "", None),
        ("carla", "2026-11-20", 999, "banden", TODAY),
    ):
        Purchase.objects.create(
            person=points[name].person,
            number=f"{name}{day}",
            bought_on=day,
            amount=amount,
            product_group=product,
            reversed_on=back,
            source="shop",
            created_at=NOW,
        )
    assert found(text, topic) == set(who)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('relation is "customer"', "ac"),
        ('relation is not "customer"', "b"),
        ("relation is empty", "b"),
        ('relation is "prospect"', ""),
    ],
)
def test_a_relation_that_ended_says_nothing_about_today(
    topic: Purpose, text: str, who: str
) -> None:
    points = {name: make_point(f"{name}@example.nl") for name in ("anna", "bert", "carla")}
    for name, kind, until in (
        ("anna", "prospect", TODAY - timedelta(days=1)),
        ("anna", "customer", None),
        ("bert", "customer", TODAY - timedelta(days=1)),
        ("carla", "customer", TODAY),
    ):
        Relation.objects.create(
            person=points[name].person, kind=kind, since=TODAY - timedelta(days=90), until=until
        )
    assert found(text, topic) == set(who)


@pytest.mark.usefixtures("buyers")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("bought at least 2 times within 90 days", "a"),
        ("bought at least 3 times within 90 days", ""),  # one was taken back
        ("bought at least 3 times within 400 days", "a"),
        ("bought at least 1 times within 90 days", "ab"),
        ("bought at most 1 times within 90 days", "bc"),
        ("bought at most 0 times within 90 days", "c"),
        ("bought at least 0 times within 90 days", "abc"),
        ("not bought at least 1 times within 90 days", "c"),
        ("spent at least 250.50 within 90 days", "a"),
        ("spent at least 250.51 within 90 days", ""),
        ("spent at least 1 within 90 days", "a"),  # sums are of euros
        ("besteedde hoogstens 250 binnen 90 dagen", "bc"),
        ("kocht minstens 2 keer binnen 90 dagen of besteedde minstens 9999 binnen 9 dagen", "a"),
    ],
)
def test_purchases_together(topic: Purpose, text: str, who: str) -> None:
    assert found(text, topic) == set(who)


@pytest.mark.parametrize(
    ("key", "text", "is_refused"),
    [
        ("last_purchase", "bought at least 1 times within 9 days", True),
        ("last_purchase", "spent at least 1 within 9 days", True),
        ("purchase_amount", "spent at least 1 within 9 days", True),
        ("purchase_amount", "bought at least 1 times within 9 days", False),
        ("relation", 'company is "X"', True),
    ],
)
def test_inv31_they_are_bound_to_the_fields_that_they_use(
    topic: Purpose, key: str, text: str, is_refused: bool
) -> None:
    assert segment_condition(text, topic, NOW)
    ActivityField.objects.filter(field__key=key).update(ended_at=NOW)
    if not is_refused:
        assert segment_condition(text, topic, NOW)
        return
    with translation.override("en"):
        problem = refusal(f'source is "x" and {text}', topic)
    assert (problem.code, problem.place) == ("field-outside-purpose", 18)
    assert "add the field to the topic" in problem.sentence


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('company is "fietsfabriek bv"', "a"),
        ('bedrijf bevat "fiets"', "a"),
        ("company is not empty", "a"),
        ("company is empty", "bc"),  # Bert left the company, Carla never had one
        ('company is not "Fietsfabriek BV"', "bc"),
    ],
)
def test_company(topic: Purpose, text: str, who: str) -> None:
    anna, bert, _carla = (make_point(f"{name}@example.nl") for name in ("anna", "bert", "carla"))
    company = Company.objects.create(name="Fietsfabriek BV", created_at=NOW)
    long_ago, yesterday = TODAY - timedelta(days=900), TODAY - timedelta(days=1)
    for person, until in ((anna.person, None), (bert.person, yesterday)):
        Relation.objects.create(
            person=person, kind="contact", company=company, since=long_ago, until=until
        )
    assert found(text, topic) == set(who)


@pytest.mark.parametrize(
    ("values", "text", "who"),
    [
        (["2026-11-24", "2026-12-01", "2026-12-02"], "born within next 7 days", "ab"),
        (["2026-11-23", "2026-11-24", "soon"], "born within next 7 days", "b"),
        (["1980-11-24", "2000-12-01", "1999-12-02"], "born anniversary within 7 days", "ab"),
        (["1980-01-02", "2000-11-23", "1999-02"], "born anniversary within 40 days", "a"),
        (["1980-02-29", "2000-02-28", "1999-03-01"], "born anniversary within 96 days", "ab"),
        (["2026-10-25", "2026-10-26", "2026-10-24"], "born exactly 30 days ago", "a"),
        (["2026-10-25", "2026-10-26", "2026-10-24"], "born at least 30 days ago", "ac"),
        (["2026-10-25", "2026-10-26", "2026-10-24"], "born at most 29 days ago", "b"),
        (["1980-11-24", "2000-12-01", ""], "not born verjaart binnen 3 dagen", "bc"),
    ],
)
def test_days_back_and_to_come(topic: Purpose, values: list[str], text: str, who: str) -> None:
    points = [make_point(f"{name}@example.nl") for name in "abc"]
    own(topic, "born", "date", dict(zip(points, values, strict=True)))
    assert found(text, topic) == set(who)


@pytest.mark.usefixtures("buyers")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("last_purchase at least 1 days ago", "a"),
        ("last_purchase exactly 1 days ago", "a"),
        ("last_purchase exactly 10 days ago", ""),  # she bought again since
        ("last_purchase within next 3 days", "b"),
        ("known_since exactly 1 days ago", ""),
        ("known_since anniversary within 366 days", "abc"),
    ],
)
def test_days_of_the_catalogue(topic: Purpose, text: str, who: str) -> None:
    assert found(text, topic) == set(who)


def test_each_is_one_statement(
    topic: Purpose, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    text = (
        "bought at least 2 times within 90 days and spent at most 9 within 9 days"
        ' or company is "X" or known_since anniversary within 9 days'
    )
    with django_assert_max_num_queries(4):
        condition = segment_condition(text, topic, NOW)
    with CaptureQueriesContext(connection) as queries:
        assert ContactPoint.objects.filter(condition).count() == 0
    assert len(queries) == 1
