"""Reads of staff accounts."""

from collections.abc import Collection
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from akkoord.accounts.models import Staff


def members() -> QuerySet[Staff]:
    """Everybody, those who may log in first, by name."""
    return Staff.objects.order_by("-is_active", "name")


def with_second_step(staff_ids: Collection[UUID]) -> set[UUID]:
    """Who of these logs in with something beside the password; codes to recover do not count."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found = Authenticator.objects.filter(user_id__in=staff_ids, type__in=kinds)
    return set(found.values_list("user_id", flat=True))


def member(staff_id: UUID) -> Staff | None:
    """One member of staff, or None."""
    return Staff.objects.filter(pk=staff_id).first()
