"""Who is affected: by each way, by the trail, counted by the data map, gone with the person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.affected import (
    ScopeFacts,
    add_person,
    add_scope,
    affected_page,
    remove_scope,
)
from akkoord.breaches.counting import kinds_found
from akkoord.breaches.models import Affected, Breach, BreachScope
from akkoord.breaches.sweeps import forget_affected, forget_breaches
from akkoord.breaches.tests.factories import STAFF, decided, make_breach
from akkoord.consent.tests.factories import make_form, make_organisation, make_topic, sign_up
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import check_keys
from akkoord.law.breach_rules import Decision
from akkoord.people.models import Company, PersonAlias, Relation
from akkoord.people.tests.factories import make_person, make_point
from akkoord.rights.together import forget_for_retention
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import Seen
from akkoord.trail.seen import forget_seen, note_seen

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def breach() -> Breach:
    check_keys()
    make_organisation()
    return make_breach(at=timezone.now())


def find(breach: Breach, kind: str, value: UUID | None = None, **period: Any) -> set[UUID]:
    """Whom one way finds, and nobody else."""
    breach.scopes.all().delete()
    add_scope(
        breach_id=breach.id,
        facts=ScopeFacts(kind, value, **period),
        at=timezone.now(),
        actor=STAFF,
    )
    return set(breach.affected.values_list("person_id", flat=True))


def test_by_topic_form_and_everybody(breach: Breach) -> None:
    topic = make_topic()
    form = make_form(topic)
    signed = sign_up(form, "anna@example.nl").person
    other = make_point().person
    assert find(breach, "topic", topic.id) == {signed.id}
    assert find(breach, "form", form.form_id) == {signed.id}
    assert find(breach, "everybody") == {signed.id, other.id}


def test_by_company_and_file(breach: Breach) -> None:
    now = timezone.now()
    company = Company.objects.create(name="Bedrijf BV", created_at=now)
    works, came = make_person(), make_person(source="import", source_ref=uuid7())
    Relation.objects.create(person=works, company=company, kind="contact", since=now.date())
    assert find(breach, "company", company.id) == {works.id}
    assert find(breach, "import", came.source_ref) == {came.id}


def test_which_records_did_this_account_read_since_tuesday(breach: Breach) -> None:
    now = timezone.now()
    before, read, listed, others = (make_person() for _each in range(4))
    who, other = Actor.staff(uuid7()), Actor.staff(uuid7())
    reads = ((before, who, now - 5 * DAY), (read, who, now - DAY), (others, other, now))
    for person, actor, at in reads:
        record_change(
            actor=actor,
            action="person.read",
            object_kind="person",
            object_id=person.id,
            subject_id=person.id,
            at=at,
        )
    note_seen(actor=who, place="people.list", people=[listed.id], at=now - DAY)
    note_seen(actor=who, place="people.list", people=[listed.id], at=now - DAY)
    assert Seen.objects.count() == 1
    since = now - 3 * DAY
    assert find(breach, "account", who.id, since=since) == {read.id, listed.id}
    assert find(breach, "account", who.id) == {before.id, read.id, listed.id}
    assert find(breach, "key", who.id) == set()  # that is no key


def test_former_numbers_are_followed_and_who_is_no_more_is_not_there(breach: Breach) -> None:
    person, now = make_person(), timezone.now()
    former = uuid7()
    PersonAlias.objects.create(old_id=former, person=person, merged_at=now)
    actor = Actor.api(uuid7())
    for subject in (former, uuid7()):
        record_change(
            actor=actor, action="person.read", object_kind="person", subject_id=subject, at=now
        )
    assert find(breach, "key", actor.id) == {person.id}


def test_the_data_map_counts_people_and_records_per_kind(breach: Breach) -> None:
    person = make_person(given_name="Anna", family_name="")
    make_point(person, "anna@example.nl")
    make_point(make_person(given_name="", family_name="Smit"))
    find(breach, "everybody")
    breach.refresh_from_db()
    kinds = {row.key: (row.people, row.rows) for row in kinds_found(breach)}
    assert kinds["pd:EmailAddress"] == (2, 2)
    assert kinds["pd:GivenName"] == (1, 1)  # an empty name is no name
    assert breach.persons == 2
    assert breach.counted_at is not None


def test_a_way_is_taken_out_again_and_who_was_added_by_hand_stays(breach: Breach) -> None:
    make_point(email="anna@example.nl")
    by_hand = make_point(email="bram@example.nl").person_id
    scope = add_scope(
        breach_id=breach.id, facts=ScopeFacts("everybody"), at=timezone.now(), actor=STAFF
    )
    add_person(breach_id=breach.id, address="bram@example.nl", at=timezone.now(), actor=STAFF)
    assert breach.affected.count() == 2
    remove_scope(scope_id=scope.id, at=timezone.now(), actor=STAFF)
    assert set(breach.affected.values_list("person_id", flat=True)) == {by_hand}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "account", "since": timedelta(days=1)}, "since"),
        ({"kind": "account", "since": timedelta(0), "until": timedelta(days=-1)}, "until"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    breach: Breach, facts: dict[str, Any], field: str
) -> None:
    now = timezone.now()
    moments = {k: now + v if k != "kind" else v for k, v in facts.items()}
    with pytest.raises(BreachRefused) as caught:
        add_scope(breach_id=breach.id, facts=ScopeFacts(**moments), at=now, actor=STAFF)
    assert caught.value.field == field
    assert not BreachScope.objects.exists()


def test_nobody_is_added_who_is_not_known(breach: Breach) -> None:
    with pytest.raises(BreachRefused):
        add_person(
            breach_id=breach.id, address="niemand@example.nl", at=timezone.now(), actor=STAFF
        )


def test_the_list_is_paged_by_key(breach: Breach, django_assert_num_queries: Any) -> None:
    for number in range(52):
        make_person(given_name=f"P{number}")
    find(breach, "everybody")
    with django_assert_num_queries(2):
        page = affected_page(breach)
    rest = affected_page(breach, after=page.next_key)
    assert (len(page.rows), len(rest.rows), rest.next_key) == (50, 2, "")


def test_who_is_forgotten_goes_from_the_list_and_the_numbers_stay(breach: Breach) -> None:
    person = make_point(email="anna@example.nl").person
    find(breach, "everybody")
    note_seen(actor=STAFF, place="people.list", people=[person.id], at=timezone.now())
    forget_for_retention(person_ids=[person.id], at=timezone.now())
    breach.refresh_from_db()
    assert (breach.affected.count(), breach.persons) == (0, 1)
    assert not Seen.objects.exists()


def test_the_list_goes_after_its_term_and_the_record_after_its_own(breach: Breach) -> None:
    make_person()
    find(breach, "everybody")
    decided(breach, Decision.NO_LEAK, at=timezone.now())
    now = timezone.now()
    closed = now - timedelta(days=364)
    Breach.objects.filter(id=breach.id).update(state="closed", closed_at=closed)
    assert forget_affected(at=now) == 0
    Breach.objects.filter(id=breach.id).update(closed_at=now - timedelta(days=367))
    assert forget_affected(at=now) == 1
    assert forget_breaches(at=now) == 0
    Breach.objects.filter(id=breach.id).update(closed_at=now - timedelta(days=1828))
    assert forget_breaches(at=now) == 1
    assert not Affected.objects.exists()


def test_who_was_seen_in_a_list_goes_after_six_months() -> None:
    now = timezone.now()
    for days in (10, 190):
        note_seen(actor=STAFF, place="x", people=[uuid7()], at=now - timedelta(days=days))
    assert forget_seen(today=now.date()) == 1
