"""Every change of the register is a version, made by the database itself and sealed (INV-30)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from akkoord.law.states import Channel
from akkoord.register import actions, balancing, customers, own_fields, processors, terms
from akkoord.register.form_activities import ensure_carrier
from akkoord.register.models import ActivityField, Purpose, RegisterVersion
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
KEY = "topic-nieuwsbrief"
LATER = NOW + timedelta(hours=1)


def settle() -> None:
    """What happens at the end of a transaction."""
    connection.check_constraints()


def newest(key: str = KEY) -> RegisterVersion:
    """The last version of an entry."""
    settle()
    found = RegisterVersion.objects.filter(key=key).order_by("-number").first()
    assert found is not None
    return found


@pytest.fixture
def topic() -> Purpose:
    """A topic whose first version stands."""
    make_organisation()
    purpose = make_topic()
    settle()
    return purpose


def test_a_new_topic_is_in_the_register_in_the_same_transaction(topic: Purpose) -> None:
    """With its fields, its term, its recipients and who made it by which act."""
    found = newest()
    assert found.number == 1
    assert found.act == "topic.create"
    assert found.made_at == NOW
    assert [each["key"] for each in found.content["fields"]] == [
        "email",
        "first_name",
        "language",
        "last_name",
    ]
    assert len(found.content["terms"]) == 1
    assert {each["key"] for each in found.content["recipients"]} == {"hosting", "mail"}
    assert found.content["topics"][0]["name_nl"] == "Nieuwsbrief"


def test_set_up_gives_each_entry_one_version() -> None:
    """However many rows an act writes, an entry gets one version of it."""
    make_organisation()
    settle()
    numbers = set(RegisterVersion.objects.values_list("number", flat=True))
    assert numbers == {1}
    assert RegisterVersion.objects.filter(key=":house").count() == 1


def _new_field() -> None:
    own_fields.admit_field(
        activity_key=KEY,
        field_key="city",
        why_nl="Voor nieuws uit uw buurt.",
        why_en="For news from near you.",
        at=LATER,
        actor=STAFF,
    )


def _field_goes() -> None:
    own_fields.release_field(activity_key=KEY, field_key="language", at=LATER, actor=STAFF)


def _new_rule() -> None:
    rule = terms.RuleFacts(
        activity_key=KEY, trigger="withdrawal", term=terms.Term(days=20), effect="erase"
    )
    terms.change_rule(facts=rule, at=LATER, actor=STAFF)


def _new_processor() -> None:
    processors.enter_mail_processor(kind="brevo", leaves_eea=False, at=LATER, actor=STAFF)


def _new_channel() -> None:
    actions.offer_channels(
        purpose_id=Purpose.objects.get().id,
        channels=[Channel.EMAIL, Channel.PUSH],
        at=LATER,
        actor=STAFF,
    )


def _new_words() -> None:
    words = actions.TopicWords("Fietspost", "Bicycle post", "Nieuws.", "News.")
    actions.revise_topic(
        purpose_id=Purpose.objects.get().id, words=words, is_material=False, at=LATER, actor=STAFF
    )


def _weighed() -> None:
    step = "Wij willen klanten vertellen over onderhoud van hun fiets."
    balancing.write_balancing_test(
        activity_key=KEY, words=balancing.Weighing(step, step, step), at=LATER, actor=STAFF
    )


def _ended() -> None:
    actions.end_topic(purpose_id=Purpose.objects.get().id, at=LATER, actor=STAFF)


@pytest.mark.parametrize(
    ("act", "code", "part"),
    [
        (_new_field, "field.admit", "fields"),
        (_field_goes, "field.release", "fields"),
        (_new_rule, "retention.rule", "terms"),
        (_new_processor, "processor.enter", "recipients"),
        (_new_channel, "topic.channels", "topics"),
        (_new_words, "topic.revise", "topics"),
        (_weighed, "balancing.write", "weighing"),
        (_ended, "topic.end", "is_ended"),
    ],
)
def test_each_act_changes_the_register_with_who_and_by_what(
    topic: Purpose, act: object, code: str, part: str
) -> None:
    """A new field, term, processor, way, wording: the entry has a version that says so."""
    before = newest()
    act()  # type: ignore[operator]
    after = newest()
    assert after.number == before.number + 1
    assert after.content[part] != before.content[part]
    assert (after.act, after.changed_by, after.made_at) == (code, STAFF.id, LATER)


def test_inv30_opening_a_topic_to_customers_says_why_and_closing_it_too(topic: Purpose) -> None:
    """With the products by name: those who bought them may get it."""
    customers.enter_product_group(name="Fietsen", at=LATER, actor=STAFF)
    said = []
    for hours, groups in ((1, ["Fietsen"]), (2, [])):
        at = LATER + timedelta(hours=hours)
        customers.allow_customers(purpose_id=topic.id, product_groups=groups, at=at, actor=STAFF)
        said.append((newest().reason, newest().content["telecom_basis"]))
    assert [reason.count("Fietsen") for reason, _basis in said] == [1, 0]
    assert all(reason for reason, _basis in said)
    assert [basis for _reason, basis in said] == ["consent existing-customer", "consent"]


def test_a_form_that_needs_an_activity_brings_it_into_the_register() -> None:
    """Publishing a question form enters the activity, in the same transaction."""
    make_organisation()
    assert ensure_carrier(kind="question", at=LATER, actor=STAFF) == "questions"
    assert newest("questions").act == "activity.enter"


def test_a_change_by_hand_in_the_database_is_followed_too(topic: Purpose) -> None:
    """No act can forget it: the database itself writes the version."""
    before = newest()
    ActivityField.objects.filter(activity_key=KEY, field__key="language").update(ended_at=LATER)
    assert newest().number == before.number + 1


def test_what_changes_nothing_makes_no_version(topic: Purpose) -> None:
    """The same again is no history."""
    before = newest()
    Purpose.objects.update(refresh_weeks=5)  # a reminder's day, which no entry speaks of
    assert newest().number == before.number


def test_inv30_versions_cannot_be_changed_or_deleted(topic: Purpose) -> None:
    """The database refuses, whoever asks."""
    found = newest()
    for act in (
        lambda: RegisterVersion.objects.filter(id=found.id).update(content={}),
        lambda: RegisterVersion.objects.filter(id=found.id).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_inv30_versions_are_sealed_in_the_ledger(topic: Purpose) -> None:
    """A version changed behind the triggers' back is found by verify."""
    found = newest()
    seal(LATER)
    assert verify().ok
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE register_registerversion SET content = '{}' WHERE id = %s", [found.id]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    report = verify()
    assert [each.event for each in report.faults] == [str(found.id)]
