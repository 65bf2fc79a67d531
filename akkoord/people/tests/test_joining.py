"""Two records of one person made one, and parted again: nothing lost, nothing sent twice."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import translation

from akkoord.consent.actions import (
    change_address,
    confirm_sign_up,
    object_to_marketing,
    restrict_person,
    stop_by_link,
    withdraw,
)
from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.joined_nos import in_words
from akkoord.consent.models import PermissionEvent, Standing, Suppression
from akkoord.consent.tests.factories import (
    NOW,
    confirmation_token,
    make_form,
    make_organisation,
    make_topic,
    sign_up,
)
from akkoord.consent.tokens import StopPlace
from akkoord.datamap.declaration import Identifier, personal_stores
from akkoord.datamap.ids import uuid7
from akkoord.datamap.joining import places
from akkoord.law.states import Channel, Method
from akkoord.people.joining import Choices, JoinRefused, forget_joinings, join_people, part_people
from akkoord.people.joining_steps import Join
from akkoord.people.models import (
    ContactPoint,
    Joining,
    Person,
    PersonAlias,
    PostalAddress,
    Purchase,
)
from akkoord.people.queries import all_ids, person_by_id
from akkoord.people.tests.factories import make_person, make_point
from akkoord.permission.queries import judged
from akkoord.rights.begin import begin_erasure
from akkoord.rights.forget import forget
from akkoord.rights.tests.factories import plant_person
from akkoord.trail.actions import Actor
from akkoord.trail.seal import seal
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(uuid7())
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def join(old: UUID, new: UUID, *from_old: str, at: Any = LATER) -> Joining:
    return join_people(
        old_id=old, new_id=new, choices=Choices(frozenset(from_old)), at=at, actor=STAFF
    )


def test_every_column_that_leads_to_a_person_follows_or_says_that_it_keeps() -> None:
    """By introspection: a new table is covered by its declaration, or fails here."""
    moved = {(each.table, each.field.attname) for each in places(Person)}
    for store in personal_stores():
        if store.model is None or store.model is Person:
            continue
        for field in store.model._meta.local_concrete_fields:
            declared = store.columns.get(field.attname)
            leads = (
                (field.is_relation and field.related_model is Person)
                or field.attname == store.subject
                or (declared is not None and declared.identifier is Identifier.PERSON_ID)
            )
            if leads:
                assert ((store.table, field.attname) in moved) != (field.attname in store.keeps), (
                    store.table,
                    field.attname,
                )


def everything() -> dict[str, list[Any]]:
    """Every row of every store, without what a joining itself leaves behind."""
    found: dict[str, list[Any]] = {}
    skip = {"trail_change", "people_joining"}
    with connection.cursor() as cursor:
        for store in personal_stores():
            if store.table in skip:
                continue
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{store.table}" t')
            rows = [json.loads(row[0]) for row in cursor.fetchall()]
            for row in rows:
                row.pop("updated_at", None)
            found[store.table] = sorted(rows, key=str)
        cursor.execute("SELECT to_jsonb(t)::text FROM consent_suppression t")
        found["suppression"] = sorted(row[0] for row in cursor.fetchall())
    return found


def test_joining_and_parting_leave_everything_as_it_was() -> None:
    planted = plant_person()
    other = make_person(given_name="Lies", family_name="van Dongen", customer_number="7")
    make_point(other, "lies@voorbeeld.example.nl")
    PostalAddress.objects.create(
        person=other,
        street="Weg",
        house_number="1",
        postcode="1234 AB",
        city="Elders",
        created_at=NOW,
    )
    before = everything()
    done = join(planted.id, other.id, "given_name", "customer_number", "address")
    other.refresh_from_db()
    assert (other.given_name, other.customer_number) == ("Liselotte", "KLANT-881201")
    assert PostalAddress.objects.get(ended_at=None).postcode == "9876 ZX"
    for place in places(Person):
        left = place.model._base_manager.filter(**{place.field.attname: planted.id})
        assert not left.exists(), place.name
    assert not Person.objects.filter(id=planted.id).exists()
    assert person_by_id(planted.id) == other
    assert planted.id in all_ids(other.id)
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert not Joining.objects.exists()


def two_with(topic: Any) -> tuple[ContactPoint, ContactPoint]:
    """Two records that said yes to this topic, each at an address of their own."""
    form = make_form(topic)
    points = []
    for address in ("anna@example.nl", "anna.dewit@example.org"):
        signed = sign_up(form, address)
        confirm_sign_up(confirmation_token(signed), at=NOW)
        points.append(ContactPoint.objects.get(normalised=address))
    return points[0], points[1]


def reasons(topic: Any, at: Any = LATER) -> dict[str, str]:
    """What the gate says of each living address."""
    found = judged(topic, Channel.EMAIL, at=at).values_list("normalised", "reason")
    return dict(found)


@pytest.fixture
def topic() -> Any:
    make_organisation()
    return make_topic()


def test_inv04_a_no_of_either_holds_for_both_and_parting_gives_back_the_yes(topic: Any) -> None:
    one, other = two_with(topic)
    withdraw(
        point_id=one.id,
        purpose_id=topic.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=NOW + timedelta(hours=1),
    )
    assert reasons(topic) == {one.normalised: "withdrawn", other.normalised: ""}
    done = join(one.person_id, other.person_id)
    assert reasons(topic)[other.normalised] == "suppressed"
    seal(LATER)
    assert verify().ok
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    assert reasons(topic) == {one.normalised: "withdrawn", other.normalised: ""}
    assert verify().ok


def test_inv04_an_objection_of_either_holds_over_every_way(topic: Any) -> None:
    one, other = two_with(topic)
    object_to_marketing(
        person_id=other.person_id, method=Method.PREFERENCE_CENTRE, actor=Actor.person(), at=NOW
    )
    join(one.person_id, other.person_id)
    assert reasons(topic)[one.normalised] == "suppressed"
    entry = Suppression.objects.get(reason="joined")
    assert entry.scope == Suppression.ALL_MARKETING


def says_yes(topic: Any, address: str, at: Any, slug: str) -> ContactPoint:
    """Somebody signs up, and confirms it."""
    signed = sign_up(make_form(topic, slug=slug), address, at=at)
    confirm_sign_up(confirmation_token(signed), at=at + timedelta(minutes=1))
    return ContactPoint.objects.get(normalised=address, ended_at=None)


def says_no_to_all(point: ContactPoint, at: Any) -> None:
    point.refresh_from_db()
    object_to_marketing(
        person_id=point.person_id, method=Method.PREFERENCE_CENTRE, actor=Actor.person(), at=at
    )


def test_inv04_an_exception_of_the_one_does_not_stand_against_an_objection_of_the_other(
    topic: Any,
) -> None:
    one, other = two_with(topic)
    says_no_to_all(other, NOW + timedelta(hours=1))
    says_yes(topic, other.normalised, NOW + timedelta(hours=2), "nog-een")
    says_no_to_all(one, NOW + timedelta(hours=4))
    before = reasons(topic)
    assert before[other.normalised] == ""
    done = join(one.person_id, other.person_id)
    assert reasons(topic)[other.normalised] == "suppressed"
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    assert reasons(topic) == before


def test_inv05_what_both_said_yes_to_again_stays_a_yes(topic: Any) -> None:
    one, other = two_with(topic)
    for hours, point in ((1, one), (4, other)):
        says_no_to_all(point, NOW + timedelta(hours=hours))
        says_yes(topic, point.normalised, NOW + timedelta(hours=hours + 1), f"nog-{hours}")
    join(one.person_id, other.person_id)
    assert set(reasons(topic).values()) == {""}


def test_inv04_a_no_of_the_other_falls_on_each_address_where_the_one_said_yes(topic: Any) -> None:
    one, other = two_with(topic)
    second = says_yes(topic, "anna.thuis@example.nl", NOW, "thuis")
    join(second.person_id, other.person_id, at=NOW + timedelta(hours=1))
    for hours, point in ((2, other), (3, one)):
        withdraw(
            point_id=point.id,
            purpose_id=topic.id,
            method=Method.PREFERENCE_CENTRE,
            actor=Actor.person(),
            at=NOW + timedelta(hours=hours),
        )
    says_yes(topic, second.normalised, NOW + timedelta(hours=4), "opnieuw")
    before = reasons(topic)
    assert before == {
        one.normalised: "withdrawn",
        other.normalised: "withdrawn",
        second.normalised: "",
    }
    side = Join(old=one.person_id, new=other.person_id, at=LATER, actor=STAFF)
    assert in_words(side)
    done = join(one.person_id, other.person_id)
    assert reasons(topic)[second.normalised] == "suppressed"
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    assert reasons(topic) == before


def test_inv04_a_no_falls_on_no_mailbox_that_never_answered_and_comes_along_when_it_does(
    topic: Any,
) -> None:
    """A mistyped address is somebody else's, who said nothing; the strictest holds all the same."""
    one, other = two_with(topic)
    object_to_marketing(
        person_id=one.person_id,
        method=Method.REPLY,
        actor=Actor.person(),
        at=NOW + timedelta(hours=1),
    )
    change = change_address(
        point_id=other.id,
        email="nieuw@example.net",
        shown=preference_point(language="nl", at=LATER),
        actor=Actor.person(),
        at=LATER,
    )
    assert change is not None
    join(one.person_id, other.person_id, at=LATER + timedelta(minutes=1))
    new = ContactPoint.objects.get(normalised="nieuw@example.net")
    listed = Suppression.objects.filter(keyed_hash=bytes(new.keyed_hash))
    assert not listed.exists()
    assert reasons(topic, LATER + timedelta(minutes=2))[other.normalised] == "suppressed"
    confirm_sign_up(confirmation_token(change), at=LATER + timedelta(minutes=3))
    assert listed.exists()
    assert set(reasons(topic, LATER + timedelta(minutes=4)).values()).isdisjoint({""})


def test_inv05_a_later_own_yes_lifts_what_was_shared_and_stays_after_parting(topic: Any) -> None:
    one, other = two_with(topic)
    withdraw(
        point_id=one.id,
        purpose_id=topic.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=NOW + timedelta(hours=1),
    )
    done = join(one.person_id, other.person_id)
    again = LATER + timedelta(hours=1)
    signed = sign_up(make_form(topic, slug="nog-een"), other.normalised, at=again)
    confirm_sign_up(confirmation_token(signed), at=again + timedelta(minutes=1))
    assert reasons(topic, again + timedelta(hours=1))[other.normalised] == ""
    part_people(joining_id=done.id, at=again + timedelta(hours=2), actor=STAFF)
    late = reasons(topic, again + timedelta(hours=3))
    assert late == {one.normalised: "withdrawn", other.normalised: ""}


def test_a_no_after_the_joining_stays_for_both(topic: Any) -> None:
    one, other = two_with(topic)
    done = join(one.person_id, other.person_id)
    withdraw(
        point_id=other.id,
        purpose_id=topic.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=LATER + timedelta(hours=1),
    )
    part_people(joining_id=done.id, at=LATER + timedelta(hours=2), actor=STAFF)
    assert reasons(topic, LATER + timedelta(hours=3)) == {
        one.normalised: "withdrawn",
        other.normalised: "withdrawn",
    }
    # Each no stands under the one whose address it was about: nothing of another in an export.
    for point in (one, other):
        point.refresh_from_db()
        refs = PermissionEvent.objects.filter(contact_point_ref=point.id)
        assert set(refs.values_list("person_ref", flat=True)) == {point.person_id}
    seal(LATER + timedelta(hours=3))
    assert verify().ok


def test_a_link_in_an_old_mail_stops_both_after_the_joining(topic: Any) -> None:
    one, other = two_with(topic)
    done = join(one.person_id, other.person_id)
    place = StopPlace(point_id=one.id, purpose_id=topic.id, message_id=None)
    assert stop_by_link(place, at=LATER + timedelta(hours=1)) == 1
    assert set(reasons(topic, LATER + timedelta(hours=2)).values()) == {"withdrawn"}
    part_people(joining_id=done.id, at=LATER + timedelta(hours=2), actor=STAFF)
    for point in (one, other):
        point.refresh_from_db()
        refs = PermissionEvent.objects.filter(contact_point_ref=point.id)
        assert set(refs.values_list("person_ref", flat=True)) == {point.person_id}


def test_inv38_a_frozen_record_is_not_joined_and_freezing_after_it_holds_for_both() -> None:
    one, other = make_person(), make_person()
    restrict_person(person_id=one.id, actor=STAFF, at=NOW)
    with pytest.raises(JoinRefused, match="frozen"):
        join(one.id, other.id)
    third = make_person()
    done = join(third.id, other.id)
    restrict_person(person_id=other.id, actor=STAFF, at=LATER)
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    assert Person.objects.get(id=third.id).restricted_at is not None


def test_inv14_a_known_child_on_either_side_is_a_child() -> None:
    child = make_person(is_known_child=True, known_child_at=NOW)
    other = make_person()
    done = join(child.id, other.id)
    other.refresh_from_db()
    assert (other.is_known_child, other.known_child_at) == (True, NOW)
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    other.refresh_from_db()
    assert other.is_known_child is None


def test_with_itself_with_who_is_gone_and_twice() -> None:
    one, other = make_person(), make_person()
    with pytest.raises(JoinRefused, match="one record already"):
        join(one.id, one.id)
    with pytest.raises(JoinRefused, match="no longer there"):
        join(uuid7(), one.id)
    join(one.id, other.id)
    with pytest.raises(JoinRefused, match="one record already"):
        join(one.id, other.id)


def test_chains_of_former_ids_are_flat_and_undone_last_first() -> None:
    one, two, three = make_person(), make_person(), make_person()
    first = join(one.id, two.id)
    second = join(two.id, three.id)
    assert person_by_id(one.id) == person_by_id(two.id) == three
    with pytest.raises(JoinRefused, match="joined again since"):
        part_people(joining_id=first.id, at=LATER, actor=STAFF)
    part_people(joining_id=second.id, at=LATER, actor=STAFF)
    assert person_by_id(one.id) == two
    part_people(joining_id=first.id, at=LATER, actor=STAFF)
    assert not PersonAlias.objects.exists()
    assert Person.objects.count() == 3


def test_inv04_two_joined_into_one_are_parted_last_first_and_no_no_is_lost(topic: Any) -> None:
    one, other = two_with(topic)
    third = says_yes(topic, "anna.thuis@example.nl", NOW, "thuis")
    withdraw(
        point_id=one.id,
        purpose_id=topic.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=NOW + timedelta(hours=1),
    )
    first = join(one.person_id, other.person_id)
    second = join(third.person_id, other.person_id)
    assert reasons(topic)[third.normalised] == "suppressed"
    before = everything()
    with pytest.raises(JoinRefused, match="Part the later joining first"):
        part_people(joining_id=first.id, at=LATER, actor=STAFF)
    assert everything() == before
    part_people(joining_id=second.id, at=LATER, actor=STAFF)
    part_people(joining_id=first.id, at=LATER, actor=STAFF)
    assert reasons(topic) == {
        one.normalised: "withdrawn",
        other.normalised: "",
        third.normalised: "",
    }


def test_after_its_term_what_was_kept_goes_and_nothing_is_parted() -> None:
    one, other = make_person(), make_person()
    done = join(one.id, other.id)
    after = LATER + timedelta(days=32)
    with pytest.raises(JoinRefused, match="cannot be parted"):
        part_people(joining_id=done.id, at=after, actor=STAFF)
    assert forget_joinings(at=LATER) == 0
    assert forget_joinings(at=after) == 1
    assert person_by_id(one.id) == other


def test_what_was_bought_since_by_an_address_goes_along_with_it() -> None:
    one, other = make_person(), make_person()
    point, its = make_point(one), make_point(other)
    done = join(one.id, other.id)
    for number, of in (("1", point), ("2", its)):
        Purchase.objects.create(
            person=other,
            contact_point=of,
            number=number,
            bought_on=LATER.date(),
            source="till",
            created_at=LATER,
        )
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    owners = dict(Purchase.objects.values_list("number", "person_id"))
    assert owners == {"1": one.id, "2": other.id}


def test_a_field_that_was_changed_since_stays_when_the_records_are_parted() -> None:
    one = make_person(given_name="Anna Maria")
    other = make_person(given_name="A.")
    done = join(one.id, other.id, "given_name")
    Person.objects.filter(id=other.id).update(given_name="Annemarie")
    part_people(joining_id=done.id, at=LATER, actor=STAFF)
    assert Person.objects.get(id=other.id).given_name == "Annemarie"
    assert Person.objects.get(id=one.id).given_name == "Anna Maria"


def test_inv35_forgetting_a_joined_person_leaves_nothing_of_either() -> None:
    planted = plant_person()
    other = make_person(given_name="Lies", family_name="Overig", customer_number="KL-99812")
    make_point(other, "lies.overig@voorbeeld.example.nl")
    done = join(planted.id, other.id, "given_name")
    certificate = forget(person_id=planted.id, by="staff", actor=STAFF, at=LATER)
    assert certificate.is_genuine, certificate.run.hits
    assert certificate.run.hits == 0
    assert not Person.objects.filter(id__in=[planted.id, other.id]).exists()
    assert not Joining.objects.exists()
    assert not PersonAlias.objects.exists()
    with pytest.raises(JoinRefused, match="cannot be parted"):
        part_people(joining_id=done.id, at=LATER, actor=STAFF)


def test_who_is_being_forgotten_is_joined_to_nobody() -> None:
    one, other = make_person(), make_person()
    begin_erasure(person_ids=[one.id], by="staff", actor=STAFF, at=LATER)
    with pytest.raises(JoinRefused, match="being forgotten"):
        join(one.id, other.id)


def test_standings_of_both_are_under_the_one(topic: Any) -> None:
    one, other = two_with(topic)
    join(one.person_id, other.person_id)
    assert set(Standing.objects.values_list("person_id", flat=True)) == {other.person_id}
    assert verify().ok
