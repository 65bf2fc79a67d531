"""Renewing a yes: the button in the mail that asks before its term is over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation

from akkoord.consent.events import lock_point
from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.grants import grant_from_preference_centre
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.own_yes import asked_anew, know_as_sixteen, rest_on_a_parent
from akkoord.consent.tokens import Place
from akkoord.law.states import LIVE_STATES, Basis
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion


@dataclass(frozen=True, slots=True)
class Renewable:
    """What a link can carry on: the topic's words, and whether a parent's yes becomes one's own."""

    version: PurposeVersion
    is_at_sixteen: bool


def renewable(place: Place, point: ContactPoint, *, at: datetime) -> Renewable | None:
    """The topic's words, while this very yes still counts; None: it stopped, ended or was renewed.

    The link carries a yes on; it never begins one: who withdrew meanwhile stays out (INV-5). A
    parent's yes is carried on by the child alone, once they may say that they are sixteen (INV-14).
    """
    purpose_id = place.purpose_id or point.id  # a renewal link always names its purpose
    found = Standing.objects.filter(
        contact_point=point,
        purpose_id=purpose_id,
        basis=Basis.CONSENT,
        state__in=LIVE_STATES,
        valid_until__gt=at,
        since__lte=place.issued_at,
    )
    if not found.exists():
        return None
    is_parents = rest_on_a_parent(found).exists()
    if is_parents and not asked_anew(at).filter(pk__in=found.values("pk")).exists():
        return None
    version = _words(purpose_id)
    return Renewable(version, is_parents) if version else None


def _words(purpose_id: UUID) -> PurposeVersion | None:
    return (
        PurposeVersion.objects.filter(purpose_id=purpose_id, valid_to=None, purpose__ended_at=None)
        .select_related("purpose")
        .first()
    )


def renew(place: Place, point: ContactPoint, *, at: datetime) -> PermissionEvent | None:
    """A new yes in the words of today, with a new term; None when there is nothing to renew.

    At sixteen it is the child's own, and from then on they are no known child.
    """
    with transaction.atomic():
        point = lock_point(point.id)
        found = renewable(place, point, at=at)
        if found is None:
            return None
        if found.is_at_sixteen:
            know_as_sixteen(point)
        shown = preference_point(language=translation.get_language() or "nl", at=at)
        return grant_from_preference_centre(
            point_id=point.id,
            version=found.version,
            shown=shown,
            at=at,
            said_sixteen=found.is_at_sixteen,
        )
