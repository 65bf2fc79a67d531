"""What an exception keeps goes by no other act, and passes to no other ground (INV-4, 32)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone, translation

from akkoord.consent.change import change_address
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.models import PermissionEvent, SpecialValue, Standing
from akkoord.consent.special_clear import clear_closed
from akkoord.consent.special_values import SpecialRefused, write_value
from akkoord.consent.special_yes import record_yes, take_back
from akkoord.consent.tests.factories import (
    NOW,
    confirmation_token,
    make_form,
    make_point,
    make_topic,
)
from akkoord.consent.tests.test_special_values import (
    LATER,
    UNTIL,
    World,
    _paper,
    _world,
    open_field,
    read,
    say_yes,
    write,
)
from akkoord.consent.tokens import fresh_link, preference_link
from akkoord.consent.withdraw import object_to_marketing, withdraw
from akkoord.datamap import holds
from akkoord.datamap.holds import Hold
from akkoord.law.states import Method
from akkoord.people.joining import Choices, JoinRefused, join_people, part_people
from akkoord.people.models import Joining, Person
from akkoord.register.exception_entry import Decision
from akkoord.register.exceptions import decide_anew, end_exception
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with translation.override("en"):
        found = _world(NOW)
        say_yes(found)
        write(found)
        yield found


@pytest.fixture
def today() -> Iterator[World]:
    """The same, with an exception of today: pages ask the clock."""
    with translation.override("en"):
        found = _world(timezone.now())
        say_yes(found, timezone.now())
        write(found, at=timezone.now())
        yield found


def decide(world: World, at: datetime, ground: str = "9(2)(a)", seen_by: str = "owner") -> None:
    reason = "De kok moet weten wat iemand niet kan eten."
    decision = Decision(ground, reason, seen_by, UNTIL)
    decide_anew(field_key="allergie", decision=decision, at=at, actor=world.owner)


def _button_of_the_mail(world: World) -> None:
    withdraw(
        point_id=world.point.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=LATER,
    )


def _objection(world: World) -> None:
    object_to_marketing(person_id=world.guest.id, method=Method.STAFF, actor=world.owner, at=LATER)


@pytest.mark.parametrize("act", [_button_of_the_mail, _objection])
def test_inv4_a_no_to_letters_leaves_the_explicit_yes(
    world: World, act: Callable[[World], None]
) -> None:
    act(world)
    assert Standing.objects.get(purpose__slug="art9-allergie").state == "given"
    assert clear_closed(at=LATER) == 0
    assert read(world, at=LATER) == ["noten"]


@pytest.mark.parametrize("link", [fresh_link, preference_link])
def test_inv4_everything_off_leaves_it_by_either_button(
    today: World, client: Client, link: Callable[..., str]
) -> None:
    address = urlsplit(link(point_id=today.point.id, at=timezone.now())).path
    assert client.post(address, {"do": "off"}).status_code == 200
    assert Standing.objects.get(purpose__slug="art9-allergie").state == "given"
    assert SpecialValue.objects.exists()


def test_inv32_another_ground_begins_anew(world: World) -> None:
    decide(world, LATER, ground="9(2)(e)")
    assert read(world, at=LATER) == []  # what was written on a yes is not "made public"
    assert Purpose.objects.get(slug="art9-allergie").ended_at == LATER
    assert clear_closed(at=LATER) == 1
    # Back on consent, the yes of before counts no more.
    later = LATER + timedelta(hours=1)
    decide(world, later)
    with pytest.raises(SpecialRefused):
        write(world, at=later)


def test_inv32_recorded_again_after_an_end_nothing_revives(world: World) -> None:
    end_exception(field_key="allergie", at=LATER, actor=world.owner)
    later = LATER + timedelta(minutes=5)
    decide(world, later, ground="9(2)(e)")
    assert read(world, at=later) == []
    assert clear_closed(at=later) == 1


def test_a_decision_on_the_same_ground_goes_on(world: World) -> None:
    for hours in (1, 2, 3):
        decide(world, NOW + timedelta(hours=hours))
    assert clear_closed(at=NOW + timedelta(hours=4)) == 0
    assert read(world, at=NOW + timedelta(hours=4)) == ["noten"]


@pytest.fixture
def hold(world: World) -> Iterator[None]:
    """The guest is held for a claim, by whoever keeps the holds."""
    before, activities = holds._holds[:], holds._held_activities[:]
    held = Hold(world.guest.id, "Zaak", None)
    holds.register_holds(lambda _people: [held], lambda _key: False)
    yield
    holds._holds[:], holds._held_activities[:] = before, activities


@pytest.mark.parametrize("value", ["", "melk"])
def test_of_who_is_held_what_stands_there_stays(world: World, hold: None, value: str) -> None:
    with pytest.raises(SpecialRefused) as refused:
        write(world, value)
    assert "legal claim" in refused.value.sentence
    assert read(world) == ["noten"]


@pytest.mark.parametrize("value", ["", "melk"])
def test_of_who_is_frozen_nothing_is_emptied_or_written_over(world: World, value: str) -> None:
    Person.objects.update(restricted_at=NOW)
    with pytest.raises(SpecialRefused) as refused:
        write(world, value)
    assert "frozen" in refused.value.sentence
    assert read(world) == ["noten"]


def test_one_value_that_nobody_can_open_closes_no_page(today: World, client: Client) -> None:
    now = timezone.now()
    open_field(today.owner, nl="Dieet", en="Diet", at=now)
    record_yes(
        person_id=today.guest.id,
        field_key="dieet",
        scan=_paper(),
        happened_at=now,
        at=now,
        actor=today.owner,
    )
    write_value(
        person_id=today.guest.id, field_key="dieet", value="zout", at=now, actor=today.owner
    )
    SpecialValue.objects.filter(field__key="allergie").update(sealed=b"x" * 40)
    link = urlsplit(fresh_link(point_id=today.point.id, at=timezone.now())).path
    text = client.get(link).content.decode()
    assert "niet meer te lezen" in text
    assert "zout" in text
    assert read(today, at=timezone.now()) == ["", "zout"]
    assert client.post(link, {"do": "special", "field": "allergie"}).status_code == 200
    assert SpecialValue.objects.get().field.key == "dieet"


def test_inv32_another_address_is_no_explicit_yes_and_ends_none(world: World) -> None:
    shown = make_form(make_topic())
    asked = change_address(
        point_id=world.point.id,
        email="eva@new.example.nl",
        shown=shown,
        actor=Actor.person(),
        at=LATER,
    )
    assert asked is not None
    confirm_sign_up(confirmation_token(asked), at=LATER)
    yes = Standing.objects.get(purpose__slug="art9-allergie")
    assert (yes.contact_point_id, yes.state) == (world.point.id, "given")
    assert PermissionEvent.objects.filter(purpose_version__purpose=yes.purpose).count() == 1
    assert clear_closed(at=LATER) == 0
    assert read(world, at=LATER) == ["noten"]
    take_back(person_id=world.guest.id, field_key="allergie", at=LATER, actor=Actor.person())
    assert not SpecialValue.objects.exists()


def _second(world: World) -> Person:
    """Another record of the same guest, who said yes there too."""
    point = make_point("tweede@example.nl")
    record_yes(
        person_id=point.person_id,
        field_key="allergie",
        scan=_paper(),
        happened_at=NOW,
        at=NOW,
        actor=world.owner,
    )
    write(world, "melk", person_id=point.person_id)
    return point.person


def _join(world: World, other: Person) -> Joining:
    return join_people(
        old_id=other.id,
        new_id=world.guest.id,
        choices=Choices(),
        at=LATER,
        actor=world.owner,
    )


def test_inv32_joining_writes_nothing_sealed_elsewhere_and_can_be_undone(world: World) -> None:
    other = _second(world)
    joined = join_people(
        old_id=other.id, new_id=world.guest.id, choices=Choices(), at=LATER, actor=world.owner
    )
    assert "wrapped_key" not in str(joined.before)
    assert read(world, at=LATER) == ["noten"]
    end_exception(field_key="allergie", at=LATER, actor=world.owner)
    clear_closed(at=LATER)
    assert part_people(joining_id=joined.id, at=LATER, actor=world.owner) == other.id
    assert not SpecialValue.objects.exists()


def test_of_who_is_held_no_value_goes_by_joining(world: World, hold: None) -> None:
    other = _second(world)
    with pytest.raises(JoinRefused):
        join_people(
            old_id=other.id, new_id=world.guest.id, choices=Choices(), at=LATER, actor=world.owner
        )
    assert SpecialValue.objects.count() == 2


def test_the_night_clears_a_field_in_one_statement_however_many(
    world: World, django_assert_max_num_queries: Callable[..., object]
) -> None:
    Standing.objects.update(state="withdrawn")
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        assert clear_closed(at=LATER) == 1
