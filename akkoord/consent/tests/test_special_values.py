"""What is kept on an exception: sealed, for one role, while it holds, and gone after (INV-32)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.models import PermissionEvent, SpecialValue, Standing
from akkoord.consent.special_clear import clear_closed
from akkoord.consent.special_fit import fit_people
from akkoord.consent.special_values import (
    SpecialRefused,
    kept_of,
    read_values,
    write_value,
)
from akkoord.consent.special_yes import record_yes, take_back, words_of_yes
from akkoord.consent.tests.factories import NOW, make_organisation, make_point
from akkoord.consent.tokens import fresh_link
from akkoord.datamap.export import export_person
from akkoord.datamap.needles import Kind, Needles
from akkoord.datamap.scan import scan
from akkoord.datamap.sealed_values import ValueGone, open_value
from akkoord.law.terms import law_day
from akkoord.people.agreements import AgreementFacts, record_agreement
from akkoord.people.models import Agreement, ContactPoint, OwnFieldValue, Person, Relation
from akkoord.register.exception_entry import Decision
from akkoord.register.exceptions import (
    SpecialFieldFacts,
    end_exception,
    record_exception,
)
from akkoord.register.models import FieldException, Organisation, PersonalDataField
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 5, 1)

LATER = NOW + timedelta(hours=1)


@dataclass
class World:
    """A restaurant that may know who cannot eat what, and one guest."""

    owner: Actor
    officer: Actor
    marketer: Actor
    exception: FieldException
    point: ContactPoint

    @property
    def guest(self) -> Person:
        """The guest."""
        return self.point.person


def _staff(role: str) -> Actor:
    return Actor.staff(make_staff(role, email=f"{role}@example.nl", language="en").id)


def open_field(
    owner: Actor, ground: str = "9(2)(a)", *, at: datetime = NOW, **words: str
) -> FieldException:
    facts = SpecialFieldFacts(
        words.get("nl", "Allergie"),
        words.get("en", "Allergy"),
        "Om te koken wat u kunt eten.",
        "To cook what you can eat.",
        words.get("kind", "health"),
    )
    reason = "De kok moet weten wat iemand niet kan eten."
    until = UNTIL if at == NOW else law_day(at) + timedelta(days=90)
    decision = Decision(ground, reason, "owner", until)
    return record_exception(facts=facts, decision=decision, at=at, actor=owner)


def _world(at: datetime) -> World:
    make_organisation()
    owner = _staff("owner")
    opened = open_field(owner, at=at)
    return World(owner, _staff("privacy-officer"), _staff("marketer"), opened, make_point())


@pytest.fixture
def world() -> Iterator[World]:
    with translation.override("en"):
        yield _world(NOW)


@pytest.fixture
def today() -> Iterator[World]:
    """The same, with an exception of today: pages ask the clock."""
    with translation.override("en"):
        yield _world(timezone.now())


def say_yes(world: World, at: datetime = NOW) -> None:
    record_yes(
        person_id=world.guest.id,
        field_key="allergie",
        scan=_paper(),
        happened_at=at,
        at=at,
        actor=world.owner,
    )


def _paper() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return out.getvalue()


def write(world: World, value: str = "noten", **more: object) -> None:
    given: dict[str, object] = {
        "person_id": world.guest.id,
        "field_key": "allergie",
        "value": value,
        "at": NOW,
        "actor": world.owner,
    }
    write_value(**(given | more))  # type: ignore[arg-type]


def read(world: World, actor: Actor | None = None, at: datetime = NOW) -> list[str]:
    found = read_values(person_id=world.guest.id, at=at, actor=actor or world.owner)
    return [each.value for each in found]


def test_inv32_it_opens_for_the_one_role_and_each_reading_is_written_down(world: World) -> None:
    say_yes(world)
    write(world)
    assert read(world) == ["noten"]
    seen = Change.objects.get(action="special.read")
    assert (seen.actor_id, seen.subject_id, seen.fields) == (
        world.owner.id,
        world.guest.id,
        ["allergie"],
    )
    for other in (world.marketer, world.officer, Actor.system(), Actor.api(uuid4())):
        assert read(world, other) == []
        with pytest.raises(SpecialRefused):
            write(world, "melk", actor=other)
    assert Change.objects.filter(action="special.read").count() == 1


def test_inv32_the_database_holds_nothing_that_can_be_read(world: World) -> None:
    say_yes(world)
    write(world, "pindakaas")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(v)::text FROM consent_specialvalue v")
        row = cursor.fetchone()[0]
    assert "pindakaas" not in row
    assert b"pindakaas".hex() not in row
    kept = SpecialValue.objects.get()
    with pytest.raises(ValueGone):  # it cannot pass for another row's
        open_value(kept.sealed, kept.wrapped_key, row_id=uuid4())


def test_inv32_without_the_persons_own_yes_nothing_is_kept(world: World) -> None:
    with pytest.raises(SpecialRefused) as refused:
        write(world)
    assert "has not said an explicit yes" in refused.value.sentence
    assert not SpecialValue.objects.exists()


def test_inv7_the_yes_is_sealed_with_its_exact_words_and_paper(world: World) -> None:
    say_yes(world)
    event = PermissionEvent.objects.get()
    assert event.notice is not None
    assert event.notice.text == words_of_yes(world.exception, world.guest.language)
    assert event.evidence["file"]
    assert not event.purpose_version.purpose.is_topic


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("BSN 111222333", "more than this field is for"),
        ("heeft een strafblad", "more than this field is for"),
        ("is moslim", "more than this field is for"),
        ("noten, bel 06-12345678", "an address or a number"),
        ("zie eva@example.nl", "an address or a number"),
        ("x" * 201, "At most 200"),
    ],
)
def test_inv32_a_value_says_what_the_field_is_for_and_no_more(
    world: World, value: str, says: str
) -> None:
    say_yes(world)
    with pytest.raises(SpecialRefused) as refused:
        write(world, value)
    assert says in refused.value.sentence
    assert not SpecialValue.objects.exists()


def _day_over(world: World) -> datetime:
    return NOW.replace(year=2027, month=5, day=2)


def _owner_ends(world: World) -> datetime:
    end_exception(field_key="allergie", at=LATER, actor=world.owner)
    return LATER


def _yes_taken_back(world: World) -> datetime:
    """By another road than our own page: the ledger alone says so."""
    Standing.objects.update(state="withdrawn")
    return LATER


def _yes_past(world: World) -> datetime:
    Standing.objects.update(valid_until=NOW)
    return LATER


def _asked_anew(world: World) -> datetime:
    assert world.exception.purpose is not None
    world.exception.purpose.consent_version = 2
    world.exception.purpose.save()
    return LATER


@pytest.mark.parametrize("ends", [_day_over, _owner_ends, _yes_taken_back, _yes_past, _asked_anew])
def test_inv32_it_is_closed_at_once_and_gone_by_the_night(
    world: World, ends: Callable[[World], datetime]
) -> None:
    say_yes(world)
    write(world)
    assert clear_closed(at=NOW) == 0
    at = ends(world)
    assert read(world, at=at) == []  # before any clean-up
    with pytest.raises(SpecialRefused):
        write(world, "melk", at=at)
    assert SpecialValue.objects.count() == 1
    assert clear_closed(at=at) == 1
    assert not SpecialValue.objects.exists()
    assert Change.objects.filter(action="special.clear").exists()


def test_the_person_takes_it_back_with_one_press_and_it_is_gone(world: World) -> None:
    say_yes(world)
    write(world)
    assert take_back(person_id=world.guest.id, field_key="allergie", at=LATER, actor=Actor.person())
    assert not SpecialValue.objects.exists()
    assert Standing.objects.get().state == "withdrawn"
    assert not take_back(
        person_id=world.guest.id, field_key="allergie", at=LATER, actor=Actor.person()
    )


def test_of_who_is_frozen_it_stays_sealed_and_nothing_is_added(world: World) -> None:
    say_yes(world)
    write(world)
    Person.objects.update(restricted_at=NOW)
    with pytest.raises(SpecialRefused):
        write(world, "melk")
    end_exception(field_key="allergie", at=LATER, actor=world.owner)
    assert clear_closed(at=LATER) == 0
    assert SpecialValue.objects.count() == 1


def test_inv32_only_the_persons_own_copy_opens_it(world: World) -> None:
    say_yes(world)
    write(world)
    ids = [world.guest.id]
    own = {each.store: each.rows for each in export_person(ids, opens=True)}
    assert own["consent_specialvalue"][0]["sealed"] == "Allergy: noten"
    assert "noten" in str([each.rows for each in export_person(ids, opens=True, portable=True)])
    assert "noten" not in str([each.rows for each in export_person(ids)])
    assert [each.value for each in kept_of(ids)] == ["noten"]


def test_inv35_the_scan_looks_into_what_is_sealed(world: World, tmp_path: Path) -> None:
    say_yes(world)
    write(world, "van oma Wilhelmientje")
    needles = Needles(texts=frozenset({(Kind.CUSTOMER_NUMBER, "wilhelmientje")}))
    places = {(each.store, each.place) for each in scan(needles, [tmp_path]).hits}
    assert places == {("consent_specialvalue", "sealed")}


def test_an_employee_must_be_one_still(world: World) -> None:
    exception = open_field(world.owner, "9(2)(b)", nl="Ziekmelding", en="Sick leave")
    who = [world.guest.id]
    assert not fit_people(exception, who, at=NOW)
    Relation.objects.create(person=world.guest, kind="employee", since=NOW.date())
    assert fit_people(exception, who, at=NOW) == {world.guest.id}
    Relation.objects.update(until=NOW.date() - timedelta(days=1))
    assert not fit_people(exception, who, at=NOW)


def test_a_member_is_one_by_the_membership_that_was_agreed_also_a_former_one(world: World) -> None:
    """As staff and files write it down; no other agreement makes a member (UAVG 22(2)(c))."""
    Organisation.objects.update(trade="association")
    church = open_field(world.owner, "9(2)(d)", nl="Kerk", en="Church", kind="religion")
    who = [world.guest.id]
    agreed = record_agreement(
        person_id=world.guest.id,
        facts=AgreementFacts(kind="subscription", number="A1", day=NOW.date()),
        at=NOW,
        actor=world.owner,
    )
    assert not fit_people(church, who, at=NOW)
    Agreement.objects.filter(id=agreed.id).update(kind="member")
    assert fit_people(church, who, at=NOW) == {world.guest.id}
    write(world, "gereformeerd", field_key="kerk")
    Agreement.objects.update(ends_on=NOW.date())
    assert clear_closed(at=NOW + timedelta(days=2)) == 0
    Agreement.objects.all().delete()
    assert clear_closed(at=NOW + timedelta(days=2)) == 1


def test_what_was_made_public_says_where(world: World) -> None:
    open_field(world.owner, "9(2)(e)", nl="Partij", en="Party", kind="politics")
    with pytest.raises(SpecialRefused) as refused:
        write(world, "kandidaat", field_key="partij")
    assert refused.value.field == "where"
    write(world, "kandidaat", field_key="partij", where="https://lijst.example.nl")
    assert kept_of([world.guest.id])[0].where == "https://lijst.example.nl"


def _in_plain(world: World) -> None:
    OwnFieldValue.objects.create(
        person=world.guest, field=world.exception.field, value="noten", updated_at=NOW
    )


def _after_its_day(world: World) -> None:
    SpecialValue.objects.update(updated_at=NOW.replace(year=2028))


def _another_field(world: World) -> None:
    SpecialValue.objects.update(field=PersonalDataField.objects.get(key="city"))


def _not_sealed(world: World) -> None:
    SpecialValue.objects.update(sealed=b"noten")


def _written_while_closed(world: World) -> None:
    FieldException.objects.update(ended_at=NOW)
    SpecialValue.objects.update(updated_at=LATER)


@pytest.mark.parametrize(
    "road", [_in_plain, _after_its_day, _another_field, _not_sealed, _written_while_closed]
)
def test_inv32_the_database_refuses(world: World, road: Callable[[World], None]) -> None:
    say_yes(world)
    write(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        road(world)


def test_the_role_keeps_a_yes_and_a_value_by_the_page_and_a_marketer_does_not(
    today: World, client: Client
) -> None:
    address = reverse("consent:person_special", args=[today.guest.id])
    client.force_login(Staff.objects.get(id=today.owner.id))
    text = client.get(address).content.decode()
    assert "I say explicitly yes to" in words_of_yes(today.exception, "en")
    assert "Nothing may be kept yet" in text
    day = timezone.localdate().isoformat()
    empty = {"do": "yes", "field": "allergie", "happened_on": day}
    assert "This field is required" in client.post(address, empty).content.decode()
    scan = SimpleUploadedFile("papier.png", _paper(), "image/png")
    assert client.post(address, {**empty, "scan": scan}).status_code == 302
    wrong = {"do": "write", "field": "allergie", "value": "BSN 111222333"}
    assert "more than this field is for" in client.post(address, wrong).content.decode()
    assert client.post(address, wrong | {"value": "noten"}).status_code == 302
    assert "noten" in client.get(address).content.decode()
    person = reverse("people:person", args=[today.guest.id])
    assert address in client.get(person).content.decode()
    client.force_login(Staff.objects.get(id=today.officer.id))
    assert "noten" not in client.get(address).content.decode()
    assert client.post(address, wrong | {"value": "melk"}).status_code == 404
    client.force_login(Staff.objects.get(id=today.marketer.id))
    assert client.get(address).status_code == 403
    seen = client.get(person).content.decode()
    assert "noten" not in seen
    assert "Allergy" not in seen
    assert address not in seen
    client.force_login(Staff.objects.get(id=today.owner.id))
    client.post(address, {"do": "back", "field": "allergie"})
    assert not SpecialValue.objects.exists()


def test_the_person_sees_it_on_their_own_page_and_takes_it_back(
    today: World, client: Client
) -> None:
    say_yes(today, timezone.now())
    write(today, at=timezone.now())
    link = urlsplit(fresh_link(point_id=today.point.id, at=timezone.now())).path
    text = client.get(link).content.decode()
    assert "noten" in text
    answer = client.post(link, {"do": "special", "field": "allergie"})
    assert answer.status_code == 200
    assert not SpecialValue.objects.exists()
    assert "noten" not in answer.content.decode()
    assert client.post(link, {"do": "special", "field": "allergie"}).status_code == 422
