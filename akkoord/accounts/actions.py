"""What is done to staff accounts: made, changed, switched off. Each leaves a trail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from akkoord.accounts.models import Language, Role, Staff, normalise_log_in
from akkoord.trail.actions import Actor, record_change


class StaffRefused(Exception):
    """The account cannot be made or changed; the message is a code: address-taken, last-owner."""


@transaction.atomic
def create_staff(
    *,
    email: str,
    name: str,
    password: str,
    role: str = Role.MARKETER,
    language: str = Language.DUTCH,
    at: datetime | None = None,
    actor: Actor | None = None,
) -> Staff:
    """A new member of staff who may log in at once.

    The password has been checked by the caller's form (`validate_password`). `actor` is who made
    the account; None when the first owner makes their own. Refuses an address that is taken.
    """
    moment = at or timezone.now()
    if Staff.objects.filter(email=normalise_log_in(email)).exists():
        raise StaffRefused("address-taken")
    staff = Staff.objects.create_user(
        email,
        password,
        at=moment,
        name=name.strip(),
        role=Role(role),
        language=Language(language),
    )
    _record(staff, "staff.create", at=moment, actor=actor or Actor.staff(staff.pk))
    return staff


@transaction.atomic
def change_role(*, staff: Staff, role: str, at: datetime, actor: Actor) -> None:
    """Give somebody another role. The last owner who may log in stays owner (last-owner)."""
    if staff.role == Role.OWNER and role != Role.OWNER:
        _demand_another_owner(staff)
    staff.role = Role(role)
    staff.save(update_fields=["role"])
    _record(staff, "staff.change-role", at=at, actor=actor, fields=("role",))


@transaction.atomic
def switch_off(*, staff: Staff, at: datetime, actor: Actor) -> None:
    """End somebody's access; the row stays for the trail. Refuses the last owner (last-owner)."""
    if staff.role == Role.OWNER:
        _demand_another_owner(staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    _record(staff, "staff.switch-off", at=at, actor=actor, fields=("is_active",))


def choose_language(*, staff: Staff, language: str) -> None:
    """Keep the language that a member of staff chose for their screens."""
    Staff.objects.filter(pk=staff.pk).update(language=Language(language))
    staff.language = language


def _demand_another_owner(staff: Staff) -> None:
    """Locks the owners, so that two of them cannot leave at the same moment."""
    owners = Staff.objects.select_for_update().filter(role=Role.OWNER, is_active=True)
    if not [each for each in owners if each.pk != staff.pk]:
        raise StaffRefused("last-owner")


def _record(
    staff: Staff, action: str, *, at: datetime, actor: Actor, fields: tuple[str, ...] = ()
) -> None:
    record_change(
        actor=actor, action=action, object_kind="staff", object_id=staff.pk, fields=fields, at=at
    )
