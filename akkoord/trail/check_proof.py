"""Check a proof from Akkoord's ledger without Akkoord: `python check_proof.py < proof.json`."""

import json
import sys
from datetime import datetime, timedelta
from hashlib import sha256
from struct import pack
from uuid import UUID

proof = json.load(sys.stdin)
event, commitment = UUID(proof["event"]).bytes, bytes.fromhex(proof["commitment"])
size, root, blocks = proof["size"], proof["root"], proof["headers"]
checks = {}
if proof["content"] is not None:
    salt, content = bytes.fromhex(proof["salt"]), bytes.fromhex(proof["content"])
    id_at = 21 + int.from_bytes(content[9:13], "big")
    checks["the content is another event's"] = content[id_at : id_at + 16] == event
    checks["the content was changed"] = sha256(salt + content).digest() == commitment
node = sha256(b"\0" + event + commitment).digest()
place, last = proof["position"], size - 1
for sibling in map(bytes.fromhex, proof["path"]):
    while 0 < place == last and place % 2 == 0:
        place, last = place // 2, last // 2
    node = sha256(b"\1" + (sibling + node if place % 2 else node + sibling)).digest()
    place, last = place // 2, last // 2
checks["the leaf is not in the tree"] = place == last == 0 and node.hex() == root
checks["the tree is another block's"] = (blocks[0]["root"], blocks[0]["size"]) == (root, size)
previous, epoch = blocks[0]["previous_hash"], datetime.fromisoformat("1970-01-01T00:00+00:00")
for b in blocks:
    moment = (datetime.fromisoformat(b["sealed_at"]) - epoch) // timedelta(microseconds=1)
    hashes = bytes.fromhex(b["previous_hash"] + b["root"])
    header = pack(">BQ64sQq", 1, b["height"], hashes, b["size"], moment)
    whole = b["previous_hash"] == previous and sha256(header).hexdigest() == b["hash"]
    checks["the chain is broken"] = whole and checks.get("the chain is broken", True)
    previous = b["hash"]
checks["the chain ends elsewhere"] = previous == proof["head"]
for fault in [each for each, holds in checks.items() if not holds]:
    sys.exit(f"NOT PROVEN: {fault}")
print(f"PROVEN: event {proof['event']} is in the ledger with head {previous}")
