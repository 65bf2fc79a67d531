"""What a customer saw and did at a checkout: the way out that was offered, taken or not (INV-15).

It comes from a page that anybody can post to. So it can stop mail, and it can stand beside a sale
as evidence, but by itself it lets nothing leave.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from akkoord.consent.events import Fact, append
from akkoord.consent.models import CheckoutAct, CollectionPoint, Standing
from akkoord.law.form_rules import FormKind
from akkoord.law.states import LIVE_STATES, Basis, Method, PermissionState
from akkoord.people.models import ContactPoint
from akkoord.register.models import ProcessingActivity, PurposeVersion
from akkoord.trail.actions import Actor

if TYPE_CHECKING:
    from akkoord.consent.sign_up import SignUpFacts


def keep_checkout(
    point: ContactPoint,
    facts: "SignUpFacts",
    shown: CollectionPoint,
    *,
    network: str,
    at: datetime,
) -> CheckoutAct | None:
    """Keep what stood on the screen of a checkout form, and honour "rather no mail" at once.

    The same order twice is one act; a tick in either counts. The caller holds the lock of the
    contact point.
    """
    if shown.snapshot.get("kind") != FormKind.CHECKOUT:
        return None
    offered = bool(shown.snapshot.get("offers_opt_out"))
    opted_out = offered and facts.no_mail
    number = facts.order_number.strip()[:60]
    act = CheckoutAct.objects.filter(
        contact_point=point, collection_point=shown, order_number=number
    ).first()
    if act is None or not number:
        act = CheckoutAct.objects.create(
            person=point.person,
            contact_point=point,
            collection_point=shown,
            order_number=number,
            opt_out_shown=offered,
            opted_out=opted_out,
            terms_accepted=facts.terms_accepted,
            ip_truncated=network,
            acted_at=at,
        )
    elif opted_out and not act.opted_out:
        act.opted_out = True
        act.save(update_fields=["opted_out"])
    if opted_out:
        _refuse(point, shown, act, at=at)
    return act


def _refuse(point: ContactPoint, shown: CollectionPoint, act: CheckoutAct, *, at: datetime) -> None:
    """A no for every purpose that would have rested on being a customer (art. 21; Tw 11.7).

    A yes that the person gave in so many words is another matter, and stays.
    """
    agreed = Standing.objects.filter(
        contact_point=point, basis=Basis.CONSENT, state__in=LIVE_STATES
    ).values("purpose_id")
    versions = PurposeVersion.objects.filter(
        valid_to=None,
        purpose__ended_at=None,
        purpose__activity_key__in=ProcessingActivity.objects.filter(
            valid_to=None, telecom_basis__contains=Basis.EXISTING_CUSTOMER
        ).values("key"),
    ).exclude(purpose_id__in=agreed)
    append(
        point=point,
        facts=[
            Fact(
                version=version,
                state=PermissionState.REFUSED,
                method=Method.CHECKOUT,
                happened_at=at,
                basis=Basis.EXISTING_CUSTOMER,
                collection_point=shown,
                notice=shown.notice,
                evidence={"checkout": str(act.id)},
            )
            for version in versions.select_related("purpose")
        ],
        actor=Actor.person(),
        at=at,
    )


def checkout_answers(point_ids: Collection[UUID]) -> list[CheckoutAct]:
    """What these addresses saw and answered at checkouts, newest first; for the soft opt-in."""
    return list(
        CheckoutAct.objects.filter(contact_point_id__in=point_ids)
        .select_related("collection_point")
        .order_by("-acted_at")
    )
