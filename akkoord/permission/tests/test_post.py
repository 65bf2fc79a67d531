"""Letters by post: what the gate asks of each (INV-19), and that all ways of asking agree."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.tests.factories import STAFF
from akkoord.datamap.keys import keyed_hash
from akkoord.law.basis_rules import judge_post
from akkoord.law.reasons import Reason
from akkoord.people.models import ContactPoint, Person, PostalAddress, Purchase, Relation
from akkoord.people.points import post_key
from akkoord.permission import queries
from akkoord.permission.tests.factories import (
    NOW,
    TODAY,
    give,
    make_organisation,
    make_person,
    make_point,
    make_topic,
    sell,
)
from akkoord.permission.tests.test_rules import reason_of
from akkoord.register.balancing import (
    Weighing,
    current_test,
    end_balancing_test,
    note_post_check,
    write_balancing_test,
)
from akkoord.register.models import ActivityField, BalancingTest, PostCheck, Purpose

pytestmark = pytest.mark.django_db
WORDS = Weighing(
    interest="Wij willen klanten van onze fietsen wijzen op onderhoud in onze eigen werkplaats.",
    necessity="Veel klanten gaven geen mailadres. Wij gebruiken alleen naam en adres.",
    balance="Zij kennen ons van een aankoop. Elke brief heeft een code waarmee hij stopt.",
)
DOOR = {"street": "Dorpsstraat", "house_number": "12", "postcode": "1234 AB", "city": "Ergens"}


def weigh(topic: Purpose, **covers: bool) -> BalancingTest:
    words = Weighing(WORDS.interest, WORDS.necessity, WORDS.balance, **covers)
    return write_balancing_test(activity_key=topic.activity_key, words=words, at=NOW, actor=STAFF)


def make_letterbox(source: str = "test", **values: Any) -> ContactPoint:
    """Somebody with a name, a whole address and a point for post."""
    names = {"given_name": "Anna", "family_name": "Bakker"}
    names |= {key: values.pop(key) for key in (*names, "is_known_child") if key in values}
    person = values.pop("person", None) or make_person(**names)
    door = DOOR | {key: values.pop(key) for key in (*DOOR, "country") if key in values}
    PostalAddress.objects.create(person=person, created_at=NOW, **door)
    key = post_key(
        door["postcode"],
        door["house_number"],
        family_name=f"{person.family_name}{ContactPoint.objects.count()}",
        given_name=person.given_name,
    )
    return ContactPoint.objects.create(
        person=person,
        channel="post",
        value=f"{door['street']} {door['house_number']}, {door['postcode']} {door['city']}",
        normalised=key,
        keyed_hash=keyed_hash(key),
        source=source,
        created_at=NOW,
        **values,
    )


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic("aanbod", channels=("email", "post"))


def test_inv19_a_customer_gets_a_letter_on_a_balancing_test_that_is_written(
    topic: Purpose,
) -> None:
    point = make_letterbox()
    sell(point)
    assert reason_of(point, topic) is Reason.NO_BALANCING_TEST
    test = weigh(topic)
    assert reason_of(point, topic) is None
    answer = queries.ask([point.id], topic, "post", at=NOW)[point.id]
    assert answer.evidence_id == test.id
    end_balancing_test(activity_key=topic.activity_key, at=NOW, actor=STAFF)
    assert reason_of(point, topic) is Reason.NO_BALANCING_TEST


def test_inv19_the_test_of_another_activity_carries_nothing(topic: Purpose) -> None:
    point = make_letterbox()
    sell(point)
    weigh(make_topic("anders", channels=("post",)))
    assert reason_of(point, topic) is Reason.NO_BALANCING_TEST


def test_inv02_who_is_no_customer_and_said_nothing_gets_no_letter(topic: Purpose) -> None:
    weigh(topic, covers_bought=True)
    point = make_letterbox()
    assert reason_of(point, topic) is Reason.NO_BASIS
    Relation.objects.create(
        person=point.person, kind="customer", since=TODAY, until=TODAY, proof=""
    )
    assert reason_of(point, topic) is Reason.NO_BASIS  # it ended
    Relation.objects.update(until=None)
    assert reason_of(point, topic) is None
    Relation.objects.all().delete()
    sell(point, reversed_on=TODAY)
    assert reason_of(point, topic) is Reason.NO_BASIS  # the money went back


def test_inv12_a_yes_to_mail_is_none_to_post_and_a_yes_to_post_needs_no_test(
    topic: Purpose,
) -> None:
    point = make_letterbox()
    mail = make_point("anna@example.nl", person=point.person)
    give(mail, topic)
    assert reason_of(point, topic) is Reason.NO_BASIS
    yes = give(point, topic)
    assert reason_of(point, topic) is None
    answer = queries.ask([point.id], topic, "post", at=NOW)[point.id]
    assert answer.evidence_id == yes.event_id


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("objected", Reason.OBJECTED),
        ("withdrawn", Reason.WITHDRAWN),
        ("refused", Reason.REFUSED),
    ],
)
def test_inv02_inv04_a_no_over_another_way_stops_letters_that_nobody_asked_for(
    topic: Purpose, state: str, reason: Reason
) -> None:
    weigh(topic)
    point = make_letterbox()
    sell(point)
    mail = make_point("anna@example.nl", person=point.person)
    other = make_topic("anders")
    no = give(mail, topic, state=state)
    assert reason_of(point, topic) is reason
    # An objection is to everything, a withdrawal to one topic.
    no.purpose = other
    no.save()
    assert reason_of(point, topic) is (Reason.OBJECTED if state == "objected" else None)
    no.delete()
    give(point, topic, state=state)
    assert reason_of(point, topic) is reason


def test_inv04_who_asked_for_post_itself_is_stopped_by_a_no_to_post_alone(
    topic: Purpose,
) -> None:
    point = make_letterbox()
    give(point, topic)
    give(make_point("anna@example.nl", person=point.person), topic, state="withdrawn")
    assert reason_of(point, topic) is None


def test_inv14_a_known_child_gets_no_letter_as_a_customer(topic: Purpose) -> None:
    weigh(topic)
    point = make_letterbox(is_known_child=True)
    sell(point)
    assert reason_of(point, topic) is Reason.KNOWN_CHILD


def test_inv19_a_bought_address_needs_a_test_for_it_and_a_check_of_late(topic: Purpose) -> None:
    weigh(topic)
    point = make_letterbox("bought")
    assert reason_of(point, topic) is Reason.NO_BALANCING_TEST  # it was weighed for customers
    weigh(topic, covers_bought=True)
    assert reason_of(point, topic) is Reason.POST_REGISTERS_NOT_CHECKED
    check = note_post_check(checked_on=TODAY, at=NOW, actor=STAFF)
    assert reason_of(point, topic) is None
    PostCheck.objects.update(checked_on=TODAY - timedelta(days=32))
    assert reason_of(point, topic) is Reason.POST_REGISTERS_NOT_CHECKED
    PostCheck.objects.update(checked_on=TODAY, entered_at=NOW - timedelta(days=1))
    assert reason_of(point, topic) is Reason.POST_REGISTERS_NOT_CHECKED  # it came in after it
    sell(point)
    assert reason_of(point, topic) is None  # a customer needs no Postfilter
    assert check.entered_by


@pytest.mark.parametrize(
    "spoil",
    [
        lambda address: {"house_number": ""},
        lambda address: {"street": ""},
        lambda address: {"city": ""},
        lambda address: {"postcode": "123"},
        lambda address: {"postcode": "1234 AC"},  # they moved: another door
        lambda address: {"country": "BE"},
        lambda address: {"ended_at": NOW},
    ],
)
def test_inv11_a_letter_needs_a_whole_address_of_that_very_door(
    topic: Purpose, spoil: Callable[[PostalAddress], dict[str, Any]]
) -> None:
    weigh(topic)
    customer, asked = make_letterbox(), make_letterbox()
    sell(customer)
    give(asked, topic)
    assert reason_of(customer, topic) is None
    for address in PostalAddress.objects.all():
        PostalAddress.objects.filter(id=address.id).update(**spoil(address))
    assert reason_of(customer, topic) is Reason.ADDRESS_INCOMPLETE
    assert reason_of(asked, topic) is Reason.ADDRESS_INCOMPLETE


def test_a_letter_needs_a_last_name(topic: Purpose) -> None:
    weigh(topic)
    point = make_letterbox()
    sell(point)
    Person.objects.update(family_name="")
    assert reason_of(point, topic) is Reason.ADDRESS_INCOMPLETE


@pytest.mark.parametrize(
    ("country", "postcode"), [("BE", "2000"), ("DE", "10115"), ("FR", "75001")]
)
def test_addresses_of_the_neighbours_are_whole_by_their_own_postcodes(
    topic: Purpose, country: str, postcode: str
) -> None:
    weigh(topic)
    point = make_letterbox(country=country, postcode=postcode, family_name="Müller-Lüdenscheidt")
    sell(point)
    assert reason_of(point, topic) is None


def test_the_topic_must_be_allowed_to_use_the_address(topic: Purpose) -> None:
    weigh(topic)
    point = make_letterbox()
    sell(point)
    ActivityField.objects.filter(activity_key=topic.activity_key, field__key="postcode").update(
        ended_at=NOW
    )
    assert reason_of(point, topic) is Reason.POST_FIELDS_NOT_ADMITTED


def test_inv19_the_gate_says_what_the_law_says(topic: Purpose) -> None:
    """`law.judge_post` is the specification; the gate must answer the same in every case."""
    for has_test in (False, True):
        for is_bought in (False, True):
            for is_checked in (False, True):
                with transaction.atomic():
                    point = make_letterbox("bought" if is_bought else "test")
                    if not is_bought:
                        sell(point)
                    if has_test:
                        weigh(topic, covers_bought=True)
                    if is_checked:
                        note_post_check(checked_on=TODAY, at=NOW, actor=STAFF)
                    said = judge_post(
                        has_balancing_test=has_test,
                        has_opt_out_code=True,  # the letter's own maker puts it in
                        is_bought_address=is_bought,
                        has_checked_registers=is_checked,
                    )
                    assert reason_of(point, topic) == (said.reason if not said.allowed else None)
                    transaction.set_rollback(True)


people = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["test", "bought"]),
        "buys": st.booleans(),
        "is_known_child": st.sampled_from([None, False, True]),
        "family_name": st.sampled_from(["Bakker", "Bakker", ""]),
        "house_number": st.sampled_from(["12", "12", ""]),
        "undeliverable_at": st.sampled_from([None, None, NOW]),
        "ended_at": st.sampled_from([None, None, NOW]),
        "post": st.sampled_from(
            [
                None,
                None,
                ("given", "consent"),
                ("withdrawn", "consent"),
                ("objected", "consent"),
                ("expired", "consent"),
                ("requested", "consent"),
                ("given", "legitimate-interest"),
                ("given", "existing-customer"),
                ("given", "contract"),
            ]
        ),
        "mail": st.sampled_from([None, None, "given", "withdrawn", "objected", "refused"]),
    }
)


def build(drawn: dict[str, Any], topic: Purpose, number: int) -> None:
    facts = dict(drawn)
    buys, post, mail = (facts.pop(key) for key in ("buys", "post", "mail"))
    point = make_letterbox(**facts)
    if buys:
        sell(point)
    if post:
        give(point, topic, state=post[0], basis=post[1])
    if mail:
        give(make_point(f"p{number}@example.nl", person=point.person), topic, state=mail)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    drawn=st.lists(people, max_size=5),
    test=st.sampled_from(["", "customers", "bought", "both"]),
    checked=st.sampled_from([None, TODAY, TODAY - timedelta(days=40)]),
    offered=st.booleans(),
    admitted=st.booleans(),
)
def test_inv02_inv19_the_set_the_batch_and_the_explanation_agree_on_post(
    topic: Purpose,
    drawn: list[dict[str, Any]],
    test: str,
    checked: Any,
    offered: bool,
    admitted: bool,
) -> None:
    with transaction.atomic():
        if not offered:
            Purpose.objects.filter(id=topic.id).update(channels=["email"])
        if not admitted:
            ActivityField.objects.filter(field__key="street").update(ended_at=NOW)
        if test:
            weigh(
                topic,
                covers_customers=test in ("customers", "both"),
                covers_bought=test in ("bought", "both"),
            )
        if checked:
            PostCheck.objects.create(checked_on=checked, entered_by=STAFF.id, entered_at=NOW)
        for number, each in enumerate(drawn):
            build(each, topic, number)
        _agree(topic)
        transaction.set_rollback(True)


def _agree(topic: Purpose) -> None:
    points = list(ContactPoint.objects.filter(channel="post").select_related("person"))
    reached = {each.id: each.evidence_id for each in queries.audience(topic, "post", at=NOW)}
    asked = queries.ask([each.id for each in points], topic, "post", at=NOW)
    test = current_test(topic.activity_key)
    for point in points:
        first = queries.first_refusal(queries.explain(point.person, topic, "post", at=NOW))
        answer = asked[point.id]
        assert answer.allowed == (point.id in reached) == (first is None)
        assert answer.reason == (first.reason if first else None)
        if not answer.allowed:
            assert answer.reason is not None  # INV-2
            continue
        assert answer.evidence_id == reached[point.id]
        standing = Standing.objects.filter(contact_point=point, purpose=topic).first()
        if standing is None or standing.basis != "consent":  # INV-19: it rests on a test
            assert test is not None
            assert not Standing.objects.filter(
                person_id=point.person_id, purpose=topic, state__in=["objected", "withdrawn"]
            ).exists()
            is_customer = Purchase.objects.filter(person=point.person_id).exists()
            assert test.covers_customers if is_customer else test.covers_bought
        else:
            assert answer.evidence_id == standing.event_id
    living = [each for each in points if each.ended_at is None]
    refused = sum(queries.refusals(topic, "post", at=NOW).values())
    assert refused + len(reached) == len(living)
    assert not PermissionEvent.objects.exists()  # asking writes nothing
