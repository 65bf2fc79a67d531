"""The gate on customers: the sale that the standing names decides, each time (INV-14, 15, 17)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import REASONS, Reason, Remedy
from akkoord.law.terms import LAW_ZONE
from akkoord.people.models import Company, ContactPoint, Purchase, Relation
from akkoord.permission import queries
from akkoord.permission.sentences import way_of
from akkoord.permission.tests.factories import (
    NOW,
    TODAY,
    give,
    give_as_customer,
    make_organisation,
    make_point,
    make_topic,
    open_to_customers,
    sell,
)
from akkoord.permission.tests.test_gate_agrees import check
from akkoord.register.customers import allow_customers
from akkoord.register.models import ProcessingActivity, ProductGroup, Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    purpose = make_topic()
    open_to_customers(purpose, "Fietsen")
    return purpose


def reason_of(point: ContactPoint, topic: Purpose) -> Reason | None:
    """The answer of all three ways of asking, which must be one."""
    answer = queries.ask([point.id], topic, point.channel, at=NOW)[point.id]
    first = queries.first_refusal(queries.explain(point.person, topic, point.channel, at=NOW))
    found = queries.audience(topic, point.channel, at=NOW).filter(id=point.id).exists()
    assert answer.allowed == found == (first is None)
    assert answer.reason == (first.reason if first else None)
    return answer.reason


def changed(**values: Any) -> Callable[[Purchase], None]:
    return lambda sale: Purchase.objects.filter(id=sale.id).update(**values) and None


def gone(sale: Purchase) -> None:
    sale.delete()


def other_address(sale: Purchase) -> None:
    sale.contact_point = make_point("other@example.nl")
    sale.save()


CASES = [
    (gone, Reason.NO_SALE),
    (changed(reversed_on=TODAY), Reason.NO_SALE),
    (other_address, Reason.ADDRESS_NOT_FROM_SALE),
    (changed(contact_point=None), Reason.ADDRESS_NOT_FROM_SALE),
    (changed(optout_shown_id=None), Reason.OPT_OUT_NOT_OFFERED),
    (changed(optout_answer="not-shown"), Reason.OPT_OUT_NOT_OFFERED),
    (changed(optout_answer="used"), Reason.OPT_OUT_NOT_OFFERED),
    (changed(optout_answer="shown"), None),
    (changed(product_group="Kleding"), Reason.NOT_SIMILAR),
    (changed(product_group=""), Reason.NOT_SIMILAR),
    (changed(product_group="Kleding", other_groups=["Fietsen"]), None),
    (changed(bought_on=date(2024, 11, 24)), None),
    (changed(bought_on=date(2024, 11, 23)), Reason.SALE_TOO_OLD),
    (changed(bought_on=TODAY + timedelta(days=3)), Reason.SALE_TOO_OLD),
]


@pytest.mark.parametrize(("change", "reason"), CASES)
def test_inv15_the_sale_named_decides(
    topic: Purpose, change: Callable[[Purchase], None], reason: Reason | None
) -> None:
    point = make_point()
    sale = sell(point)
    standing = give_as_customer(point, topic, sale)
    assert reason_of(point, topic) is None
    assert queries.audience(topic, "email", at=NOW).get().evidence_id == standing.event_id
    change(sale)
    assert reason_of(point, topic) is reason


@pytest.mark.parametrize(
    ("change", "reason"), [(change, reason) for change, reason in CASES if change is not gone]
)
def test_inv15_who_has_no_standing_yet_is_told_how_far_the_sale_gets(
    topic: Purpose, change: Callable[[Purchase], None], reason: Reason | None
) -> None:
    point = make_point()
    change(sell(point))
    assert reason_of(point, topic) is (reason or Reason.NO_BASIS)


def test_inv15_without_a_sale_nothing_shows_a_yes(topic: Purpose) -> None:
    assert reason_of(make_point(), topic) is Reason.NO_BASIS


def test_inv15_a_topic_without_product_groups_is_for_who_agreed(topic: Purpose) -> None:
    """The default: a sale carries nothing, and is no reason either."""
    allow_customers(purpose_id=topic.id, product_groups=(), at=NOW, actor=Actor.system())
    point, other = make_point(), make_point("bo@example.nl")
    give_as_customer(point, topic, sell(point))
    sell(other)
    assert reason_of(point, topic) is Reason.NOT_SIMILAR
    assert reason_of(other, topic) is Reason.NO_BASIS


def test_inv15_the_register_must_name_the_basis(topic: Purpose) -> None:
    """What the activity does not say under art. 11.7 Tw is not done."""
    point = make_point()
    give_as_customer(point, topic, sell(point))
    ProcessingActivity.objects.filter(key=topic.activity_key, valid_to=None).update(
        telecom_basis="consent"
    )
    assert reason_of(point, topic) is Reason.NOT_SIMILAR


def test_inv14_never_to_a_known_child(topic: Purpose) -> None:
    point = make_point()
    give_as_customer(point, topic, sell(point))
    point.person.is_known_child = True
    point.person.save()
    assert reason_of(point, topic) is Reason.KNOWN_CHILD


def test_inv17_a_company_sale_carries_until_the_contact_leaves(topic: Purpose) -> None:
    point = make_point()
    company = Company.objects.create(name="Voorbeeld B.V.", created_at=NOW)
    relation = Relation.objects.create(
        person=point.person, company=company, kind="contact", since=TODAY - timedelta(days=90)
    )
    give_as_customer(point, topic, sell(point, company=company))
    assert reason_of(point, topic) is None
    relation.until = TODAY
    relation.save()
    assert reason_of(point, topic) is Reason.CONTACT_LEFT


def test_inv17_the_day_is_the_day_in_the_netherlands(topic: Purpose) -> None:
    """Half an hour after midnight there, it is still the day before in UTC."""
    point = make_point()
    company = Company.objects.create(name="Voorbeeld B.V.", created_at=NOW)
    Relation.objects.create(
        person=point.person,
        company=company,
        kind="contact",
        since=TODAY - timedelta(days=90),
        until=TODAY,
    )
    give_as_customer(point, topic, sell(point, company=company))
    midnight = datetime.combine(TODAY, time(), tzinfo=LAW_ZONE)
    for minutes, allowed in ((-30, True), (30, False)):
        at = midnight + timedelta(minutes=minutes)
        assert queries.ask([point.id], topic, point.channel, at=at)[point.id].allowed is allowed
        assert queries.audience(topic, point.channel, at=at).exists() is allowed


def test_inv12_a_sale_carries_no_other_address_of_the_customer(topic: Purpose) -> None:
    point = make_point()
    other = make_point("other@example.nl", point.person)
    give_as_customer(point, topic, sell(point))
    asked = queries.ask([point.id, other.id], topic, "email", at=NOW)
    assert asked[point.id].allowed
    assert asked[other.id].reason is Reason.ADDRESS_NOT_FROM_SALE


def test_consent_needs_no_sale(topic: Purpose) -> None:
    point = make_point()
    give(point, topic)
    sell(point, optout_shown_id=None)
    assert reason_of(point, topic) is None


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        (Reason.NO_SALE, Remedy.ADD_INVOICE),
        (Reason.ADDRESS_NOT_FROM_SALE, Remedy.ADD_INVOICE),
        (Reason.OPT_OUT_NOT_OFFERED, Remedy.ADD_EVIDENCE),
        (Reason.NOT_SIMILAR, Remedy.ASK_AT_FORM),
        (Reason.SALE_TOO_OLD, Remedy.ASK_AT_FORM),
        (Reason.CONTACT_LEFT, Remedy.CORRECT_ADDRESS),
    ],
)
def test_inv03_each_reason_has_its_own_way_onward(reason: Reason, remedy: Remedy) -> None:
    assert REASONS[reason].remedy is remedy
    assert len(way_of(reason)) > 20


sales = st.fixed_dictionaries(
    {
        "bought_on": st.sampled_from([TODAY, date(2024, 11, 24), date(2024, 11, 23)]),
        "product_group": st.sampled_from(["Fietsen", "Kleding", ""]),
        "other_groups": st.sampled_from([None, [], ["Fietsen"]]),
        "optout_shown_id": st.sampled_from([None, uuid7()]),
        "optout_answer": st.sampled_from(["", "", "shown", "not-shown", "used"]),
        "reversed_on": st.sampled_from([None, None, TODAY]),
        "has_point": st.booleans(),
        "company": st.sampled_from([None, None, "there", "left"]),
    }
)
customers = st.fixed_dictionaries(
    {
        "sale": sales,
        "standing": st.sampled_from(["none", "named", "lost", "consent", "withdrawn", "expired"]),
        "is_known_child": st.sampled_from([None, None, True]),
    }
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=st.lists(customers, max_size=5), groups=st.sampled_from([["Fietsen"], []]))
def test_inv01_inv02_inv15_set_batch_and_explanation_agree_on_customers(
    topic: Purpose, drawn: list[dict[str, Any]], groups: list[str]
) -> None:
    with transaction.atomic():
        ProductGroup.objects.get_or_create(name="Kleding", defaults={"created_at": NOW})
        allow_customers(purpose_id=topic.id, product_groups=groups, at=NOW, actor=Actor.system())
        topic.refresh_from_db()
        for number, each in enumerate(drawn):
            build(topic, number, each)
        check(topic, "email")
        transaction.set_rollback(True)


def build(topic: Purpose, number: int, each: dict[str, Any]) -> None:
    """Put one drawn customer into the database."""
    point = make_point(f"k{number}@example.nl")
    point.person.is_known_child = each["is_known_child"]
    point.person.save()
    facts = dict(each["sale"])
    kind = facts.pop("company")
    company = Company.objects.create(name="Voorbeeld B.V.", created_at=NOW) if kind else None
    if company is not None:
        Relation.objects.create(
            person=point.person,
            company=company,
            kind="contact",
            since=TODAY,
            until=TODAY if kind == "left" else None,
        )
    has_point = facts.pop("has_point")
    sale = sell(point, company=company, **facts)
    if not has_point:
        changed(contact_point=None)(sale)
    if each["standing"] in ("named", "lost"):
        give_as_customer(point, topic, sale if each["standing"] == "named" else None)
    elif each["standing"] == "consent":
        give(point, topic)
    elif each["standing"] != "none":
        give(point, topic, state=each["standing"], basis="existing-customer")
