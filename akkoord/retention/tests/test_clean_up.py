"""The nightly clean-up: nobody stays without a reason, nobody goes with one (INV-44)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from akkoord.consent.models import Suppression
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.datamap.forgetting import NobodyForgets, forget_people, register_forgetting
from akkoord.imports.models import Import
from akkoord.people.models import Person, Purchase
from akkoord.retention.actions import agree_to_clear, clean_up
from akkoord.retention.models import ImportClearance
from akkoord.retention.queries import may_go_now, waiting_files
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
    assert may_go_now(NOW.date()).count() == 0
    assert clean_up(at=NOW).forgotten == 0
    assert Person.objects.count() == 2


def test_without_a_room_that_forgets_nothing_is_pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error, not a silence."""
    monkeypatch.setattr("akkoord.datamap.forgetting._forgetting", [])
    with pytest.raises(NobodyForgets):
        forget_people(person_ids=[], at=NOW)
    register_forgetting(lambda **_values: 3)
    assert forget_people(person_ids=[], at=NOW) == 3
