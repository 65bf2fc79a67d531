"""Reads of staff accounts."""

from uuid import UUID

from django.db.models import QuerySet

from akkoord.accounts.models import Staff, normalise_log_in


def members() -> QuerySet[Staff]:
    """Everybody, those who may log in first, by name."""
    return Staff.objects.order_by("-is_active", "name")


def member(staff_id: UUID) -> Staff | None:
    """One member of staff, or None."""
    return Staff.objects.filter(pk=staff_id).first()


def member_by_address(email: str) -> Staff | None:
    """The member of staff with this address, or None."""
    return Staff.objects.filter(email=normalise_log_in(email)).first()
