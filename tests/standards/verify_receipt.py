"""Verify an Akkoord receipt with nothing but Python's standard library and the published formats.

Written from the description in docs/guide/receipts.md; it shares no code with the product:
`python verify_receipt.py receipt.json`. Status 0 and one line when it holds, else 1 and the fault.
"""

import base64
import hashlib
import json
import pathlib
import struct
import sys
import uuid
from datetime import UTC, datetime, timedelta


def fail(fault):
    print(f"NOT PROVEN: {fault}")
    sys.exit(1)


def fields(content):
    """PostgreSQL's binary row: count, and for each column type, length and bytes."""
    if content[0] != 1:
        fail("unknown version of the content")
    (count,) = struct.unpack_from(">i", content, 1)
    at, found = 5, []
    for _ in range(count):
        (size,) = struct.unpack_from(">i", content, at + 4)
        at += 8
        found.append(None if size < 0 else content[at : at + size])
        at += max(size, 0)
    if at != len(content):
        fail("something stands after the content")
    return found


def moment(raw):
    if raw is None:
        return None
    (micros,) = struct.unpack(">q", raw)
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return (start + timedelta(microseconds=micros)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def identity(raw):
    return None if raw is None else str(uuid.UUID(bytes=raw))


def root(leaf, place, size, path):
    """RFC 9162, 2.1.3.2."""
    if place >= size:
        fail("the place lies outside the tree")
    fn, sn, node = place, size - 1, leaf
    for sibling in path:
        if sn == 0:
            fail("the path is too long")
        if fn % 2 or fn == sn:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while fn % 2 == 0 and fn:
                fn >>= 1
                sn >>= 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        fn >>= 1
        sn >>= 1
    if sn:
        fail("the path is too short")
    return node


def main(name):
    data = pathlib.Path(name).read_bytes()
    receipt = json.loads(data.decode("utf-8"))
    plain = json.dumps(receipt, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"
    if plain != data:
        fail("the file is not in its canonical form")
    rest = {key: receipt[key] for key in receipt if key != "integrity"}
    body = json.dumps(rest, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"
    integrity = receipt["integrity"]
    if hashlib.sha256(body).hexdigest() != integrity["sha256"]:
        fail("the receipt was changed")
    if len(base64.b64decode(integrity["signature"], validate=True)) != 64:
        fail("the signature has another length")

    mandatory(receipt)
    notice = receipt["processing"]["privacy_notice"]
    if hashlib.sha256(notice["text"].encode("utf-8")).hexdigest() != notice["sha256"]:
        fail("the text of the notice was changed")

    proof = receipt["proof"]
    content, salt = bytes.fromhex(proof["content"]), bytes.fromhex(proof["salt"])
    if hashlib.sha256(salt + content).hexdigest() != proof["commitment"]:
        fail("the content is not what was committed to")
    row = fields(content)
    told, purpose = receipt["event"], receipt["processing"]["purposes"][0]
    sealed = {
        receipt["record"]["record_id"]: identity(row[1]),
        receipt["record"]["pii_principal_id"]: identity(row[2]),
        receipt["record"]["address_id"]: identity(row[3]),
        purpose["purpose_version_id"]: identity(row[4]),
        told["channel"]: row[5].decode(),
        told["basis"]: row[6].decode(),
        told["event_state"]: row[7].decode(),
        told["event_time"]: moment(row[8]),
        purpose["collection_method"]: row[13].decode(),
        notice["notice_id"]: identity(row[15]),
    }
    for claimed, stands in sealed.items():
        if claimed != stands:
            fail(f"the receipt says {claimed}, the ledger {stands}")
    if json.loads(row[17])["notice_sha256"] != notice["sha256"]:
        fail("another text was sealed")
    if proof["state"] != "sealed":
        print("WHOLE, not sealed yet")
        return
    chain(proof, uuid.UUID(bytes=row[1]).bytes)
    print(f"PROVEN under head {proof['head']}")


def chain(proof, event):
    leaf = hashlib.sha256(b"\x00" + event + bytes.fromhex(proof["commitment"])).digest()
    path = [bytes.fromhex(each) for each in proof["path"]]
    headers = proof["headers"]
    if root(leaf, proof["position"], proof["size"], path).hex() != headers[0]["root"]:
        fail("the event is not in the tree")
    if proof["size"] != headers[0]["size"]:
        fail("the tree has another size")
    previous = headers[0]["previous_hash"]
    for header in headers:
        if header["previous_hash"] != previous:
            fail("the chain is broken")
        at = datetime.fromisoformat(header["sealed_at"])
        micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        packed = struct.pack(">BQ", 1, header["height"]) + bytes.fromhex(previous)
        packed += bytes.fromhex(header["root"]) + struct.pack(">Qq", header["size"], micros)
        if hashlib.sha256(packed).hexdigest() != header["hash"]:
            fail("a block was changed")
        previous = header["hash"]
    if previous != proof["head"]:
        fail("the chain ends elsewhere")


def mandatory(receipt):
    """The mandatory fields of ISO/IEC TS 27560, and those that the AVG needs besides."""
    purpose = receipt["processing"]["purposes"][0]
    wanted = [
        (receipt["receipt"], "receipt_schema_version consent_receipt_id"),
        (receipt["record"], "schema_version record_id pii_principal_id"),
        (receipt["processing"], "privacy_notice language purposes"),
        (
            purpose,
            (
                "purpose pii_information pii_controllers storage_locations retention_period "
                "jurisdiction recipient_third_parties withdrawal_method lawful_basis "
                "collection_method privacy_rights authority_party"
            ),
        ),
        (
            receipt["event"],
            "event_time validity_duration entity_id event_type event_state",
        ),
    ]
    wanted += [(each, "pii_type") for each in purpose["pii_information"]]
    controller = receipt["party_identification"][0]
    wanted.append((controller, "party_id party_address party_name party_contact party_type"))
    for part, names in wanted:
        for name in names.split():
            if not part.get(name):
                fail(f"{name} is missing")


if __name__ == "__main__":
    main(sys.argv[1])
