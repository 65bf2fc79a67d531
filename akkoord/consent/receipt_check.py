"""Check a receipt off-line: no database, no network, no Django.

What it shows, link by link: the file is as we signed it; the notice's text is the one that is named
by its hash; what the receipt tells is what the ledger's event says; the event is the one that was
committed to; the commitment stands in the tree of its block; the blocks are chained to the head.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from struct import Struct
from struct import error as unreadable
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from akkoord.trail.blocks import block_hash
from akkoord.trail.merkle import is_included, leaf_hash

SCHEMA: Final = "ISO/IEC TS 27560:2023"
TABLE: Final = "consent_permissionevent"
LARGEST = 4_000_000  # bytes; a receipt has some ten thousand
# The columns of the event's binary form, in their order for ever (see `trail.evented`).
COLUMNS: Final = (
    "table", "id", "person_ref", "contact_point_ref", "purpose_version_id", "channel", "basis",
    "state", "happened_at", "recorded_at", "valid_until", "actor_kind", "actor_ref", "method",
    "collection_point_id", "notice_id", "is_declared", "evidence",
)  # fmt: skip
_UUIDS = {name for name in COLUMNS if name.endswith(("_ref", "_id"))} | {"id"}
_TIMES = {"happened_at", "recorded_at", "valid_until"}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_INT, _LONG = Struct(">i"), Struct(">q")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check came to. `faults` name what is wrong, the gravest first."""

    faults: list[str] = field(default_factory=list)
    is_sealed: bool = False
    head: str = ""
    public_key: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def canonical(receipt: dict[str, Any]) -> bytes:
    """The one form of a receipt as a file: UTF-8, two spaces, the order in which it was made."""
    return (json.dumps(receipt, ensure_ascii=False, indent=2) + "\n").encode()


def signed_part(receipt: dict[str, Any]) -> bytes:
    """What digest and signature go over: everything but themselves."""
    return canonical({key: value for key, value in receipt.items() if key != "integrity"})


def check_receipt(data: bytes) -> Verdict:
    """Every fault of a receipt's file; none, when it is whole. Never raises."""
    try:
        receipt = json.loads(data) if len(data) <= LARGEST else None
        if not isinstance(receipt, dict):
            return Verdict(["no-receipt"])
        return _check(receipt, data)
    except (
        AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError,
        unreadable,
    ):  # fmt: skip
        return Verdict(["no-receipt"])


def _check(receipt: dict[str, Any], data: bytes) -> Verdict:
    proof, notice = receipt["proof"], receipt["processing"]["privacy_notice"]
    sealed = proof.get("state") == "sealed"
    checks = {
        "no-receipt": receipt["receipt"]["receipt_schema_version"] == SCHEMA,
        "notice-text": hashlib.sha256(notice["text"].encode()).hexdigest() == notice["sha256"],
        **_commitment_checks(receipt, proof),
        **(_chain_checks(proof) if sealed else {}),
        **_integrity_checks(receipt),
        # What a reader of JSON forgives (a space, the order, a double key) is a change as well.
        "other-bytes": canonical(receipt) == data,
    }
    return Verdict(
        faults=[name for name, holds in checks.items() if not holds],
        is_sealed=sealed,
        head=proof["head"] if sealed else "",
        public_key=receipt["integrity"]["public_key"],
    )


def _commitment_checks(receipt: dict[str, Any], proof: dict[str, Any]) -> dict[str, bool]:
    content, salt = bytes.fromhex(proof["content"]), bytes.fromhex(proof["salt"])
    committed = hashlib.sha256(salt + content).hexdigest() == proof["commitment"]
    if not committed:
        return {"commitment": False}
    event = read_event(content)
    return {
        "commitment": True,
        "other-event": event["id"] == proof["event"] == receipt["record"]["record_id"],
        **{f"fact-{name}": holds for name, holds in _fact_checks(receipt, event).items()},
    }


def _fact_checks(receipt: dict[str, Any], event: dict[str, Any]) -> dict[str, bool]:
    """What the receipt tells, held against what was sealed."""
    record, told = receipt["record"], receipt["event"]
    processing = receipt["processing"]
    notice, purpose = processing["privacy_notice"], processing["purposes"][0]
    evidence = event["evidence"] or {}
    return {
        "person": record["pii_principal_id"] == told["entity_id"] == event["person_ref"],
        "address": record["address_id"] == event["contact_point_ref"],
        "purpose": purpose["purpose_version_id"] == event["purpose_version_id"],
        "channel": told["channel"] == event["channel"],
        "basis": told["basis"] == event["basis"],
        "state": told["event_state"] == event["state"],
        "time": told["event_time"] == event["happened_at"],
        "recorded": told["recorded_at"] == event["recorded_at"],
        "valid-until": told["valid_until"] == event["valid_until"],
        "entered-by": told["entered_by"] == event["actor_kind"],
        "method": purpose["collection_method"] == event["method"],
        "shown": notice["shown_id"] == event["collection_point_id"],
        "notice": notice["notice_id"] == event["notice_id"],
        "declared": notice["is_declared"] == event["is_declared"],
        # Events of before this was sealed along with them name their text by its id alone.
        "wording": evidence.get("notice_sha256", notice["sha256"]) == notice["sha256"],
    }


def read_event(content: bytes) -> dict[str, Any]:
    """The columns of an event's binary form: PostgreSQL's `record_send` after one version byte."""
    if content[:1] != b"\x01" or _INT.unpack_from(content, 1)[0] != len(COLUMNS):
        raise ValueError("not an event of this version")
    at, event = 5, {}
    for name in COLUMNS:
        size = _INT.unpack_from(content, at + 4)[0]
        at += 8
        event[name] = None if size < 0 else _value(name, content[at : at + size])
        at += max(size, 0)
    if at != len(content) or event["table"] != TABLE:
        raise ValueError("not a permission event")
    return event


def _value(name: str, raw: bytes) -> Any:
    if name in _UUIDS:
        return str(UUID(bytes=raw))
    if name in _TIMES:
        moment = _EPOCH + timedelta(microseconds=_LONG.unpack(raw)[0])
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if name == "is_declared":
        return raw == b"\x01"
    return json.loads(raw) if name == "evidence" else raw.decode()


def _chain_checks(proof: dict[str, Any]) -> dict[str, bool]:
    headers = proof["headers"]
    entry = UUID(proof["event"]).bytes + bytes.fromhex(proof["commitment"])
    first, head = headers[0], headers[-1]["hash"]
    linked = all(later["previous_hash"] == earlier["hash"] for earlier, later in pairwise(headers))
    return {
        "leaf": leaf_hash(entry).hex() == proof["leaf"],
        "not-in-the-tree": is_included(
            bytes.fromhex(proof["leaf"]),
            proof["position"],
            proof["size"],
            [bytes.fromhex(each) for each in proof["path"]],
            bytes.fromhex(proof["root"]),
        ),
        "other-block": (first["root"], first["size"]) == (proof["root"], proof["size"]),
        "chain": linked and head == proof["head"] and all(map(_is_whole, headers)),
    }


def _is_whole(header: dict[str, Any]) -> bool:
    found = block_hash(
        height=header["height"],
        previous_hash=bytes.fromhex(header["previous_hash"]),
        root=bytes.fromhex(header["root"]),
        size=header["size"],
        sealed_at=datetime.fromisoformat(header["sealed_at"]),
    )
    return found.hex() == str(header["hash"])


def _integrity_checks(receipt: dict[str, Any]) -> dict[str, bool]:
    integrity, content = receipt["integrity"], signed_part(receipt)
    return {
        "digest": hashlib.sha256(content).hexdigest() == integrity["sha256"],
        "signature": _is_signed(content, integrity["signature"], integrity["public_key"]),
    }


def _is_signed(content: bytes, signature: str, public_key: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
