"""The receipt of a yes: what was agreed to, when and how, with the ledger's own proof.

By the structure of ISO/IEC TS 27560 (consent record and receipt): its mandatory fields, and the
lawful basis, collection method, rights and authority that the AVG needs besides. It is made when it
is asked for and kept nowhere, so there is nothing to erase. `receipt_check` verifies one off-line.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from akkoord.consent.models import PermissionEvent
from akkoord.consent.queries import wording_of
from akkoord.consent.receipt_check import SCHEMA, canonical, signed_part
from akkoord.datamap.keys import certificate_public_key, certificate_sign
from akkoord.law.states import LIVE_STATES, Basis
from akkoord.people.models import ContactPoint
from akkoord.register.models import ProcessingActivity
from akkoord.register.queries import current_activity, notice_facts, organisation
from akkoord.trail.proof import ProofRefused, commitment_of, proof_of

_RECEIPTS = UUID("5e0a4b0e-6f0b-5d7a-9d43-27560a2c0001")  # the name space of receipt ids
AUTHORITY = {
    "party_id": "authority",
    "party_type": "supervisory-authority",
    "party_name": "Autoriteit Persoonsgegevens",
    "party_url": "https://autoriteitpersoonsgegevens.nl",
}


def grants_of(point: ContactPoint, *, limit: int = 200) -> list[PermissionEvent]:
    """Every yes by consent at this address, newest first: each has a receipt."""
    return list(
        PermissionEvent.objects.filter(
            contact_point_ref=point.id, state__in=LIVE_STATES, basis=Basis.CONSENT
        )
        .select_related("purpose_version__purpose", "notice", "collection_point")
        .order_by("-happened_at", "-id")[:limit]
    )


def grant_of(point: ContactPoint, event_id: UUID) -> PermissionEvent | None:
    """This yes of this very address; None: it is another's, or no yes."""
    return (
        PermissionEvent.objects.filter(
            id=event_id,
            contact_point_ref=point.id,
            state__in=LIVE_STATES,
            basis=Basis.CONSENT,
        )
        .select_related("purpose_version__purpose", "notice", "collection_point")
        .first()
    )


def receipt_of(event: PermissionEvent, *, address: str, at: datetime) -> dict[str, Any]:
    """The whole receipt, signed, as JSON-ready values; complete once the event is sealed."""
    receipt: dict[str, Any] = {
        "receipt": {
            "receipt_schema_version": SCHEMA,
            "consent_receipt_id": str(uuid5(_RECEIPTS, str(event.id))),
            "issued_at": _moment(at),
        },
        "record": {
            "schema_version": SCHEMA,
            "record_id": str(event.id),
            "pii_principal_id": str(event.person_ref),
            "address": address,
            "address_id": str(event.contact_point_ref),
        },
        "processing": _processing(event),
        "party_identification": [_controller(event), AUTHORITY],
        "event": _event(event),
        "proof": _proof(event),
    }
    content = signed_part(receipt)
    receipt["integrity"] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "signature": base64.b64encode(certificate_sign(content)).decode(),
        "public_key": base64.b64encode(certificate_public_key()).decode(),
    }
    return receipt


def receipt_file(receipt: dict[str, Any]) -> bytes:
    """The file, in the one form in which it can be checked byte by byte."""
    return canonical(receipt)


def _facts(event: PermissionEvent) -> dict[str, Any]:
    """What the notice told, as it was shown; of a paper, as the register tells it now."""
    shown = event.collection_point.snapshot if event.collection_point else {}
    told = shown.get("notice")
    if isinstance(told, dict) and told.get("controller"):
        return told
    return notice_facts([event.purpose_version.purpose], _language(event)).as_json()


def _language(event: PermissionEvent) -> str:
    return event.notice.language if event.notice else "nl"


def _processing(event: PermissionEvent) -> dict[str, Any]:
    notice, shown, facts = event.notice, event.collection_point, _facts(event)
    return {
        "privacy_notice": {
            "text": notice.text if notice else "",
            "sha256": notice.sha256 if notice else "",
            "notice_id": str(event.notice_id),
            "is_declared": event.is_declared,
            "declared": _declared(event),
            "shown_id": str(event.collection_point_id) if event.collection_point_id else None,
            "shown_kind": shown.kind if shown else None,
            "shown_sha256": shown.sha256 if shown else None,
        },
        "language": _language(event),
        "purposes": [_purpose(event, facts)],
    }


def _declared(event: PermissionEvent) -> dict[str, Any] | None:
    """For whom and when the wording was declared; None: it was shown by us, or on paper (INV-7)."""
    notice = event.notice
    if not event.is_declared or notice is None:
        return None
    return {
        "source": notice.declared_for,
        "first_day": notice.declared_from and notice.declared_from.isoformat(),
        "last_day": notice.declared_to and notice.declared_to.isoformat(),
        "declared_at": _moment(notice.created_at),
        "declared_by": "a member of staff of the controller",
    }


def _purpose(event: PermissionEvent, facts: dict[str, Any]) -> dict[str, Any]:
    version = event.purpose_version
    english = _language(event) == "en"
    activity: ProcessingActivity | None = current_activity(version.purpose.activity_key)
    return {
        "purpose": version.name_en if english else version.name_nl,
        "purpose_description": version.description_en if english else version.description_nl,
        "purpose_type": list(activity.purpose_classes) if activity else ["dpv:DirectMarketing"],
        "purpose_id": str(version.purpose_id),
        "purpose_version_id": str(version.id),
        "wording": wording_of(event),
        "lawful_basis": "eu-gdpr:A6-1-a",
        "pii_information": [
            {"pii_type": each["name"], "pii_attribute_id": each["key"], "why": each["why"]}
            for each in facts.get("fields", [])
        ],
        "pii_controllers": ["controller"],
        "collection_method": event.method,
        "processing_method": ["dpv:Collect", "dpv:Store", "dpv:Use"],
        "storage_locations": sorted(
            {each.get("country") or "NL" for each in facts.get("recipients", [])} or {"NL"}
        ),
        "retention_period": list(facts.get("terms", [])),
        "jurisdiction": "NL",
        "recipient_third_parties": [
            {"name": each["name"], "service": each["service"], "country": each["country"]}
            for each in facts.get("recipients", [])
        ],
        "withdrawal_method": facts.get("withdrawal", ""),
        "privacy_rights": list(facts.get("rights", [])),
        "authority_party": "authority",
    }


def _controller(event: PermissionEvent) -> dict[str, Any]:
    facts, house = _facts(event), organisation()
    return {
        "party_id": "controller",
        "party_type": "pii-controller",
        "party_name": facts.get("controller", ""),
        "party_address": facts.get("address", ""),
        "party_email": facts.get("contact", ""),
        "party_phone": house.contact_phone if house else "",
        "party_url": house.website if house else "",
        "party_contact": facts.get("officer") or facts.get("contact", ""),
    }


def _event(event: PermissionEvent) -> dict[str, Any]:
    return {
        "event_time": _moment(event.happened_at),
        "recorded_at": _moment(event.recorded_at),
        "validity_duration": "until-withdrawn" if event.valid_until is None else "until",
        "valid_until": _moment(event.valid_until),
        "entity_id": str(event.person_ref),
        "entered_by": event.actor_kind,
        "event_type": "explicit" if event.state == "confirmed" else "expressed",
        "event_state": event.state,
        "channel": event.channel,
        "basis": event.basis,
    }


def _proof(event: PermissionEvent) -> dict[str, Any]:
    """The ledger's proof; before the event is sealed only what it commits to."""
    try:
        return {"state": "sealed", **proof_of(event.id)}
    except ProofRefused:
        return {"state": "not-sealed-yet", **commitment_of(event.id)}


def _moment(at: datetime | None) -> str | None:
    """As UTC with microseconds: the ledger's own precision."""
    if at is None:
        return None
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
