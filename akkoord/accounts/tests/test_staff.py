"""Staff accounts: made, changed, ended; what each role may do."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from akkoord.accounts.access import MAY, Action, role_may
from akkoord.accounts.actions import StaffRefused, change_role, switch_off
from akkoord.accounts.models import Role, Staff
from akkoord.accounts.queries import members
from akkoord.accounts.tests.factories import PASSWORD, make_staff
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

AT = datetime(2026, 11, 24, 13, tzinfo=UTC)


@pytest.mark.django_db
def test_an_account_is_made_and_recorded() -> None:
    staff = make_staff(email="  Anouk@Example.NL ")
    assert staff.email == "anouk@example.nl"
    assert staff.check_password(PASSWORD)
    assert Change.objects.filter(action="staff.create", object_id=staff.pk).exists()


@pytest.mark.django_db
def test_an_address_is_taken_once_whatever_its_case() -> None:
    make_staff()
    with pytest.raises(StaffRefused, match="address-taken"):
        make_staff(email="ANOUK@example.nl")


@pytest.mark.django_db
@pytest.mark.parametrize("field", [{"role": "god"}, {"language": "xx"}, {"email": "A@example.nl"}])
def test_the_database_refuses_what_is_unknown(field: dict[str, str]) -> None:
    staff = make_staff()
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(**field)


@pytest.mark.django_db
def test_the_last_owner_stays() -> None:
    owner = make_staff()
    actor = Actor.staff(owner.pk)
    with pytest.raises(StaffRefused, match="last-owner"):
        change_role(staff=owner, role=Role.MARKETER, at=AT, actor=actor)
    with pytest.raises(StaffRefused, match="last-owner"):
        switch_off(staff=owner, at=AT, actor=actor)
    other = make_staff(email="bram@example.nl")
    switch_off(staff=owner, at=AT, actor=Actor.staff(other.pk))
    assert list(members()) == [other, owner]


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role.values)


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        ("owner", Action.MANAGE_STAFF, True),
        ("privacy-officer", Action.SEE_STAFF, True),
        ("privacy-officer", Action.MANAGE_STAFF, False),
        ("marketer", Action.SEE_STAFF, False),
        ("marketer", Action.SEND_CAMPAIGN, True),
        ("marketer", Action.ERASE, False),
        ("marketer", Action.CHANGE_SETTINGS, False),
        ("privacy-officer", Action.ERASE, True),
        ("privacy-officer", Action.SEND_CAMPAIGN, False),
        ("nobody", Action.READ_PEOPLE, False),
    ],
)
def test_what_a_role_may_do(role: str, action: Action, may: bool) -> None:
    assert role_may(role, action) is may
