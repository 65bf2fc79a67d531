"""The nightly clean-up: nobody stays without a reason, nobody goes with one (INV-44)."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.consent.events import Fact, record_event
from akkoord.consent.models import PermissionEvent, Suppression
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic, version_of
from akkoord.datamap.forgetting import NobodyForgets, forget_people, register_forgetting
from akkoord.imports.models import Import
from akkoord.law.parameters import parameter
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import Person, PostalAddress, Purchase
from akkoord.register.models import Purpose
from akkoord.retention.actions import agree_to_clear, clean_up
from akkoord.retention.due import fields_due, people_due
from akkoord.retention.models import ImportClearance
from akkoord.retention.queries import waiting_files
from akkoord.retention.tests.factories import said, somebody
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PAST = date(2026, 11, 20)


def brought_in(file: Import | None = None, **more: Any) -> Person:
    person = make_point(f"p{Person.objects.count()}@example.nl").person
    values = {"judge_by": PAST} | more
    if file is not None:
        values |= {"source": "import", "source_ref": file.id}
    Person.objects.filter(id=person.id).update(**values)
    return person


@pytest.fixture
def file() -> Import:
    make_organisation()
    return Import.objects.create(
        file_name="lijst.csv",
        file_sha256="0" * 64,
        layout="auto",
        source="own-signup",
        started_at=NOW,
    )


def test_inv44_who_came_by_a_form_alone_goes_at_once(file: Import) -> None:
    """No basis, no reason; erased with a certificate, and not suppressed."""
    brought_in(source="form")
    done = clean_up(at=NOW)
    assert (done.forgotten, done.waiting) == (1, 0)
    assert not Person.objects.exists()
    assert not Suppression.objects.exists()


def test_inv44_people_of_a_file_wait_for_the_owners_yes(file: Import) -> None:
    """The first time; then they go the same night."""
    brought_in(file)
    brought_in(file)
    assert clean_up(at=NOW).forgotten == 0
    (waits,) = waiting_files(NOW.date())
    assert (waits.people, waits.file_name) == (2, "lijst.csv")
    assert waits.goes_on == NOW.date() + timedelta(days=30)
    agree_to_clear(import_id=file.id, at=NOW, actor=Actor.system())
    assert waiting_files(NOW.date()) == []
    assert clean_up(at=NOW).forgotten == 2


def test_inv44_without_a_yes_they_wait_thirty_days_at_most(file: Import) -> None:
    """A yes that never comes keeps nobody."""
    brought_in(file)
    clean_up(at=NOW)
    assert clean_up(at=NOW + timedelta(days=29)).forgotten == 0
    assert clean_up(at=NOW + timedelta(days=30)).forgotten == 1
    assert ImportClearance.objects.get().agreed_at is None


def test_inv44_whose_file_is_no_longer_known_waits_as_long_and_then_goes(file: Import) -> None:
    """There is nobody who could say yes for them: not at once, and not never."""
    brought_in(source="import")
    first = clean_up(at=NOW)
    assert (first.forgotten, first.waiting) == (0, 1)
    assert clean_up(at=NOW + timedelta(days=20)).forgotten == 0
    assert clean_up(at=NOW + timedelta(days=40)).forgotten == 1


@pytest.mark.parametrize("state", ["confirmed", "withdrawn"])
def test_inv44_of_who_came_by_a_file_no_field_goes_without_the_owners_yes(
    file: Import, state: str
) -> None:
    """Old sales of a reader, and the name of who said no: they wait as the people do."""
    person = somebody(source="import", source_ref=file.id)
    said(person, state, 100)
    Purchase.objects.create(
        person=person,
        number="1",
        bought_on=NOW.date() - timedelta(days=5 * 365),
        amount=1,
        source="till",
        created_at=NOW,
    )
    first = clean_up(at=NOW)
    assert (first.emptied, first.reduced, first.waiting) == (0, 0, 1)
    assert fields_due([person.id], today=NOW.date()) == {}
    assert Purchase.objects.exists()
    assert Person.objects.get().given_name == "Anna"
    agree_to_clear(import_id=file.id, at=NOW, actor=Actor.system())
    assert waiting_files(NOW.date()) == []
    clean_up(at=NOW)
    assert not Purchase.objects.filter(person=person).exists()
    assert Person.objects.get().given_name == ("Anna" if state == "confirmed" else "")


def test_who_has_a_reason_stays(file: Import) -> None:
    """A purchase keeps somebody, and a day that is still to come."""
    buyer = brought_in(source="form")
    Purchase.objects.create(
        person=buyer,
        number="1",
        bought_on=PAST,
        amount=1,
        source="till",
        created_at=NOW,
    )
    brought_in(source="form", judge_by=NOW.date())
    assert people_due(today=NOW.date()) == []
    assert clean_up(at=NOW).forgotten == 0
    assert Person.objects.count() == 2


def test_without_a_room_that_forgets_nothing_is_pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error, not a silence."""
    monkeypatch.setattr("akkoord.datamap.forgetting._forgetting", [])
    with pytest.raises(NobodyForgets):
        forget_people(person_ids=[], at=NOW)
    register_forgetting(lambda **_values: nullcontext(lambda _people: 3))
    assert forget_people(person_ids=[], at=NOW) == 3


def left(days: int, state: str = "withdrawn", **more: Any) -> Person:
    """Somebody with a name and a town who said no so many days ago."""
    topic = Purpose.objects.filter(slug="newsletter").first() or make_topic()
    point = make_point(f"p{Person.objects.count()}@example.nl")
    said = NOW - timedelta(days=days)
    record_event(
        point_id=point.id,
        fact=Fact(
            version=version_of(topic),
            state=PermissionState(state),
            method=Method.ONE_CLICK,
            happened_at=said,
        ),
        actor=Actor.person(),
        at=said,
    )
    PostalAddress.objects.create(
        person=point.person, street="", house_number="", postcode="", city="Ergens", created_at=NOW
    )
    Person.objects.filter(id=point.person_id).update(given_name="Anna", judge_by=None, **more)
    return Person.objects.get(id=point.person_id)


def test_inv39_who_said_no_keeps_the_proof_alone(file: Import) -> None:
    """After some days; the address and the events stay, so that the no can be shown."""
    gone, fresh = left(31), left(29)
    assert clean_up(at=NOW).reduced == 1
    gone.refresh_from_db()
    fresh.refresh_from_db()
    assert (gone.given_name, fresh.given_name) == ("", "Anna")
    assert not PostalAddress.objects.filter(person=gone).exists()
    assert gone.points.count() == 1
    assert PermissionEvent.objects.filter(person_ref=gone.id, state="withdrawn").exists()
    assert clean_up(at=NOW).reduced == 0


def test_inv39_another_reason_keeps_the_whole(file: Import) -> None:
    customer, waits = left(100), left(100)
    Purchase.objects.create(
        person=customer, number="1", bought_on=PAST, amount=1, source="till", created_at=NOW
    )
    record_event(
        point_id=waits.points.get().id,
        fact=Fact(
            version=version_of(make_topic("offers")),
            state=PermissionState.REQUESTED,
            method=Method.WEB_FORM,
            happened_at=NOW,
        ),
        actor=Actor.person(),
        at=NOW,
    )
    assert clean_up(at=NOW).reduced == 0


@pytest.mark.parametrize(
    ("state", "scope"), [("withdrawn", "newsletter"), ("objected", "marketing")]
)
def test_inv05_after_the_term_the_person_goes_and_the_no_stays(
    file: Import, state: str, scope: str
) -> None:
    left(5 * 365 + 10, state)
    assert clean_up(at=NOW).forgotten == 1
    assert not Person.objects.exists()
    assert Suppression.objects.get().scope == scope


def test_inv05_a_no_from_a_file_outlives_the_term_of_the_file(file: Import) -> None:
    """Two lists of one shop: who is on both is not brought back by the first after the term."""
    person = left(10)
    Person.objects.filter(id=person.id).update(judge_by=PAST, source="import", source_ref=file.id)
    agree_to_clear(import_id=file.id, at=NOW, actor=Actor.system())
    assert clean_up(at=NOW).forgotten == 1
    assert Suppression.objects.get().scope == "newsletter"


def test_the_page_says_the_terms_of_the_law_table(client: Client) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    page = client.get("/bewaren/", headers={"accept-language": "nl"}).content.decode()
    today = timezone.localdate()
    for name in ("import-review-term", "import-owner-wait"):
        assert f"{parameter(name, today)} dagen" in page
