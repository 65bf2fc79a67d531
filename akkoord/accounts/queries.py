"""Reads of staff accounts."""

from uuid import UUID

from django.db.models import QuerySet

from akkoord.accounts.models import Staff


def members() -> QuerySet[Staff]:
    """Everybody, those who may log in first, by name."""
    return Staff.objects.order_by("-is_active", "name")


def member(staff_id: UUID) -> Staff | None:
    """One member of staff, or None."""
    return Staff.objects.filter(pk=staff_id).first()
