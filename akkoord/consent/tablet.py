"""The tablet on the counter: people tick themselves, and that stands at once (INV-13).

Staff set it ready for one form; from then on the browser is logged out, so that whoever holds the
tablet reaches nothing else. What it keeps is which form, and who set it ready.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from akkoord.consent.checkout import keep_checkout
from akkoord.consent.enquiries import keep_enquiry
from akkoord.consent.events import lock_point
from akkoord.consent.evidence import Proof
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.models import CollectionPoint, Form, PermissionEvent
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sign_up import SignUpFacts, find_or_make_point, ticked_versions
from akkoord.consent.tablet_pin import with_pin
from akkoord.consent.typed_values import take_over, typed_at
from akkoord.datamap.identifiers import BadIdentifier, normalise_email, plain_name
from akkoord.law.form_rules import FormKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor, record_change

KEY = "tablet"
KINDS = tuple(kind.value for kind in FormKind)
"""Every form that people fill in themselves; a page for push messages is of their own browser."""


@dataclass(frozen=True, slots=True)
class Tablet:
    """A browser that was set ready: the form, and the member of staff who did so."""

    form: Form
    staff_id: UUID


def set_ready(session: Any, *, form: Form, staff_id: UUID, pin: str, at: datetime) -> None:
    """Note in a fresh session what this tablet is for and its PIN; the trail says who did it."""
    session[KEY] = {"form": str(form.id), "staff": str(staff_id)} | with_pin(pin)
    record_change(
        actor=Actor.staff(staff_id),
        action="tablet.start",
        object_kind="form",
        object_id=form.id,
        at=at,
    )


def tablet_of(session: Any) -> Tablet | None:
    """What this browser was set ready for; None: for nothing, or its form is closed."""
    found = session.get(KEY)
    if not found:
        return None
    form = Form.objects.filter(id=UUID(found["form"]), closed_at=None, kind__in=KINDS).first()
    return Tablet(form, UUID(found["staff"])) if form else None


def agree_at_tablet(
    *, collection_point: CollectionPoint, facts: SignUpFacts, staff_id: UUID, at: datetime
) -> list[PermissionEvent]:
    """Record what somebody did at the tablet: the question, the order, and a yes per ticked topic,
    of their own and without a mail.

    Refuses (ConsentRefused with the field) what the form itself would: no box, a box that was not
    on it, terms or age not ticked, an address that cannot be one, a known child (INV-14).
    """
    versions = ticked_versions(collection_point, facts)
    try:
        normalised = normalise_email(facts.email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
    with transaction.atomic():
        found = find_or_make_point(normalised, facts, collection_point, at=at)
        point = lock_point(found.id)
        # The counter's own network says nothing about anybody.
        keep_enquiry(point, facts, collection_point, network="", at=at)
        keep_checkout(point, facts, collection_point, network="", at=at)
        events = [
            record_evidence_grant(
                point_id=point.id,
                grant=EvidenceGrant(
                    version=version,
                    method=Method.COUNTER,
                    happened_at=at,
                    notice=collection_point.notice,
                    shown=collection_point,
                    language=collection_point.language,
                    proof=Proof(tablet=staff_id),
                ),
                actor=Actor.person(),
                at=at,
            )
            for version in versions
        ]
        _know(point, facts, collection_point, at=at)
    return events


def _know(point: ContactPoint, facts: SignUpFacts, shown: CollectionPoint, *, at: datetime) -> None:
    """What was typed beside the address, of somebody new; nobody at the counter changes a record.

    Only what the form's own activity and the topics that were ticked need (INV-31).
    """
    person = point.person
    person.refresh_from_db()
    if person.created_at != at:
        return
    person.given_name = plain_name(facts.given_name)[:120]
    person.family_name = plain_name(facts.family_name)[:160]
    versions = PurposeVersion.objects.filter(id__in=facts.version_ids).select_related("purpose")
    carrier = shown.snapshot.get("carrier", "")
    keys = [*([carrier] if carrier else []), *(each.purpose.activity_key for each in versions)]
    take_over(person, typed_at(shown, facts.typed), keys, at=at)
    person.save(update_fields=["given_name", "family_name", "language"])
