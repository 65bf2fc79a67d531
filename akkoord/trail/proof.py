"""An inclusion proof of one event, complete in itself; `check_proof.py` checks it stand-alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.sql import SQL, Identifier

from akkoord.trail.blocks import GENESIS
from akkoord.trail.ledger import sources
from akkoord.trail.merkle import inclusion_path
from akkoord.trail.models import Block, Leaf

# Question: what was committed to? Index: primary key.
_EVENT = SQL("""
SELECT CASE WHEN e.salt IS NOT NULL THEN {content}(e) END, e.salt, e.commitment
  FROM {table} e WHERE e.id = %s
""")


class ProofRefused(Exception):
    """No proof can be given: `reason` is `unknown-event` or `not-sealed-yet`."""

    def __init__(self, reason: str) -> None:
        """Carry the reason code."""
        super().__init__(reason)
        self.reason = reason


Lets = Callable[[UUID, str], bool]
_guards: list[Lets] = []


def guard_proofs(lets: Lets) -> None:
    """Say of which events only some roles may see the content; the last one counts."""
    _guards[:] = [lets]


def may_see(event_id: UUID, role: str) -> bool:
    """Whether a member of staff with this role may have the content of this event."""
    return all(lets(event_id, role) for lets in _guards)


def proof_of(event_id: UUID) -> dict[str, Any]:
    """Everything that shows that this event is in the ledger, as JSON-ready values.

    Of a blanked event content and salt are null: what is left proves that something was sealed,
    not what. Refuses (ProofRefused) an unknown event, and one that waits for its block.
    """
    source, content, salt, commitment = _committed(event_id)
    leaf = Leaf.objects.filter(event=event_id).first()
    if leaf is None:
        raise ProofRefused("not-sealed-yet")
    hashes = [
        bytes(each)
        for each in Leaf.objects.filter(block=leaf.block)
        .order_by("position")
        .values_list("hash", flat=True)
    ]
    headers = [_header(block) for block in _chain(leaf.block)]
    return {
        "version": 1,
        "event": str(event_id),
        "source": source,
        "content": content,
        "salt": salt,
        "commitment": commitment,
        "leaf": bytes(leaf.hash).hex(),
        "position": leaf.position,
        "size": len(hashes),
        "path": [each.hex() for each in inclusion_path(hashes, leaf.position)],
        "root": headers[0]["root"],
        "headers": headers,
        "head": headers[-1]["hash"] if headers else GENESIS.hex(),
    }


def commitment_of(event_id: UUID) -> dict[str, Any]:
    """What was committed to, also before it is sealed: content, salt and commitment, as hex.

    Refuses (ProofRefused) an unknown event.
    """
    source, content, salt, commitment = _committed(event_id)
    return {
        "event": str(event_id),
        "source": source,
        "content": content,
        "salt": salt,
        "commitment": commitment,
    }


def _committed(event_id: UUID) -> tuple[str, str | None, str | None, str]:
    """Source, content, salt and commitment of an event, as hex."""
    with connection.cursor() as cursor:
        for source in sources():
            cursor.execute(
                _EVENT.format(table=Identifier(source.table), content=source.content_function),
                [event_id],
            )
            if (row := cursor.fetchone()) is not None:
                content, salt, commitment = row
                return source.name, _hex(content), _hex(salt), bytes(commitment).hex()
    raise ProofRefused("unknown-event")


def _hex(value: bytes | memoryview | None) -> str | None:
    return None if value is None else bytes(value).hex()


def _chain(height: int) -> list[Block]:
    """From this block to the head."""
    return list(Block.objects.filter(height__gte=height).order_by("height"))


def _header(block: Block) -> dict[str, Any]:
    return {
        "height": block.height,
        "previous_hash": bytes(block.previous_hash).hex(),
        "root": bytes(block.root).hex(),
        "size": block.size,
        "sealed_at": block.sealed_at.isoformat(),
        "hash": bytes(block.hash).hex(),
    }
