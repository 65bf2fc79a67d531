"""Proof of work, only under attack; and the slower way for who has no script.

The challenge is ALTCHA's protocol (SHA-256 of a salt and a number, signed by us), so its widget can
be used as well as our snippet. Nothing is stored: a challenge is bound to its form and network by
the signature and lives for some minutes; what it can be used again for is bounded by the limits per
network. Who cannot compute gets a ticket, waits a minute, and posts again.
"""

import base64
import binascii
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from akkoord.consent.limits import Crowd
from akkoord.consent.refusals import ConsentRefused
from akkoord.datamap.keys import read_token, sign_token
from akkoord.law.reasons import Reason

ALGORITHM = "SHA-256"
HARDEST = 50_000  # numbers to try at most: about a second on a phone
LIVES = timedelta(minutes=10)
WAIT = timedelta(seconds=60)
TICKET_LIVES = timedelta(hours=1)
FROM_NETWORK = 20  # posts in an hour from one network: from here on it looks like a machine
IN_ALL = 120  # posts in ten minutes in all


def is_under_attack(crowd: Crowd) -> bool:
    """Whether so many posts came of late that a proof is asked."""
    return crowd.from_network >= FROM_NETWORK or crowd.in_all >= IN_ALL


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge as ALTCHA's widget reads it."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int


def make_challenge(*, form_id: UUID, network: str, at: datetime) -> Challenge:
    """A fresh challenge for this form and network."""
    expires = int((at + LIVES).timestamp())
    salt = f"{secrets.token_hex(12)}?expires={expires}&"
    answer = _hash(salt, secrets.randbelow(HARDEST))
    return Challenge(
        ALGORITHM, answer, salt, _sign(answer, form_id=form_id, network=network), HARDEST
    )


def is_solved(proof: str, *, form_id: UUID, network: str, at: datetime) -> bool:
    """Whether this is the answer to a challenge of ours, for this form and network, in time."""
    if not proof or len(proof) > 2000:
        return False
    try:
        said = json.loads(base64.b64decode(proof, validate=True))
        salt, number, answer = str(said["salt"]), int(said["number"]), str(said["challenge"])
        expires = int(salt.partition("?expires=")[2].rstrip("&"))
        signature = str(said["signature"])
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        return False
    return bool(
        said.get("algorithm") == ALGORITHM
        and 0 <= number <= HARDEST
        and at.timestamp() <= expires
        and _hash(salt, number) == answer
        and secrets.compare_digest(
            signature.encode(), _sign(answer, form_id=form_id, network=network).encode()
        )
    )


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _sign(answer: str, *, form_id: UUID, network: str) -> str:
    return sign_token("altcha", f"{answer} {form_id} {network}".encode())


def make_ticket(*, form_id: UUID, at: datetime) -> str:
    """A ticket for who has no script: it opens a minute from now."""
    return sign_token("ticket", form_id.bytes + struct.pack(">Q", int(at.timestamp())))


def waited_enough(ticket: str, *, form_id: UUID, at: datetime) -> bool:
    """Whether the holder of this ticket waited, and not for ever."""
    payload = read_token("ticket", ticket) if ticket else None
    if payload is None or len(payload) != 24 or payload[:16] != form_id.bytes:
        return False
    waited: float = at.timestamp() - struct.unpack(">Q", payload[16:])[0]
    return WAIT.total_seconds() <= waited <= TICKET_LIVES.total_seconds()


def demand_proof(proof: str, ticket: str, *, form_id: UUID, network: str, at: datetime) -> None:
    """Refuse (`proof-needed`) without the answer to a challenge or a ticket that waited."""
    if is_solved(proof, form_id=form_id, network=network, at=at):
        return
    if not waited_enough(ticket, form_id=form_id, at=at):
        raise ConsentRefused(Reason.PROOF_NEEDED)
