"""A backup with records that are joined, or that were joined since, is put back (INV-36).

The journal names a person by every id that they had, so it does not matter which of them the backup
knows.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from akkoord.consent.actions import confirm_sign_up, restrict_person, withdraw
from akkoord.consent.tests.factories import (
    NOW,
    confirmation_token,
    make_form,
    make_organisation,
    make_topic,
    sign_up,
)
from akkoord.law.states import Channel, Method
from akkoord.people.joining import Choices, join_people
from akkoord.people.models import ContactPoint, Person, PersonAlias
from akkoord.people.queries import person_by_id
from akkoord.permission.queries import audience
from akkoord.rights.forget import forget
from akkoord.rights.journal import settle
from akkoord.trail.actions import Actor
from akkoord.trail.nos import forget_journal, mark_known
from tests.invariants.test_every_right import EveryRight, own_folder  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
STAFF = Actor.system()
ADDRESSES = ("anna@example.nl", "anna.dewit@example.org")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def topic() -> Any:
    make_organisation()
    topic = make_topic()
    form = make_form(topic)
    for address in ADDRESSES:
        confirm_sign_up(confirmation_token(sign_up(form, address)), at=NOW)
    forget_journal()
    mark_known(None)
    return topic


def point(address: str) -> ContactPoint:
    return ContactPoint.objects.get(normalised=address)


def join() -> UUID:
    """The first record goes into the second; the id that lives."""
    old, new = (point(each).person_id for each in ADDRESSES)
    join_people(old_id=old, new_id=new, choices=Choices(), at=LATER, actor=STAFF)
    return new


def put_back(mark: str) -> Any:
    EveryRight._write_journal()
    transaction.savepoint_rollback(mark)
    settled = settle(at=LATER + timedelta(days=2), is_put_back=True)
    assert (settled.hits, settled.locked) == (0, "")
    return settled


def backup() -> str:
    EveryRight._write_journal()
    mark: str = transaction.savepoint()
    return mark


@pytest.mark.parametrize("joined_first", [True, False])
def test_inv36_who_was_joined_and_forgotten_is_forgotten_under_every_id(
    topic: Any, joined_first: bool
) -> None:
    """The backup knows one record with an old id, or still two records."""
    living = join() if joined_first else None
    mark = backup()
    living = living or join()
    forget(person_id=living, by="person", actor=Actor.person(), at=LATER)
    assert put_back(mark).forgotten == (1 if joined_first else 2)
    assert not Person.objects.exists()
    assert not PersonAlias.objects.exists()
    assert not ContactPoint.objects.exists()


def test_inv36_a_no_and_a_freeze_of_a_joined_record_hold_after_it_was_put_back(
    topic: Any,
) -> None:
    """By the address of the record that went, and by its id."""
    old = point(ADDRESSES[0]).person_id
    living = join()
    mark = backup()
    withdraw(
        point_id=point(ADDRESSES[0]).id,
        purpose_id=topic.id,
        method=Method.ONE_CLICK,
        actor=Actor.person(),
        at=LATER,
    )
    restrict_person(person_id=living, actor=STAFF, at=LATER)
    settled = put_back(mark)
    assert settled.stopped >= 1
    assert settled.restricted == 1
    found = person_by_id(old)
    assert found is not None
    assert (found.id, found.restricted_at is not None) == (living, True)
    assert not audience(topic, Channel.EMAIL, at=LATER + timedelta(days=3)).exists()
