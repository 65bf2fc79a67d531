"""Seal what is committed and waits: leaves, a block over them, chained to the one before.

Writers never wait: they only add to the queue, and what commits late goes into the next block.
One sealer works at a time (advisory lock).
"""

from datetime import datetime
from functools import partial
from hashlib import sha256
from struct import pack

from django.db import connection, transaction

from akkoord.trail.blocks import GENESIS, LARGEST_BLOCK, block_hash
from akkoord.trail.journal import note_head
from akkoord.trail.ledger import nos_among
from akkoord.trail.merkle import root_of
from akkoord.trail.models import Block, JournalMark, Leaf
from akkoord.trail.nos import append, recent_events

_SEALER = 0x74726169  # "trai": the advisory lock's key

# The oldest rows of the queue up to one block's worth. Question: what is sealed next? Index: pk.
_NEXT = """
SELECT id, events, commitments FROM (
  SELECT id, events, commitments, sum(size) OVER (ORDER BY id) AS total
    FROM (SELECT * FROM trail_unsealed ORDER BY id LIMIT %(most)s) AS oldest
) AS waiting WHERE total <= %(most)s ORDER BY id
"""


def seal(at: datetime) -> Block | None:
    """Seal everything that is committed and waits; the last block made, None when none was due.

    Blocks hold at most 65,536 leaves and each is a transaction of its own, so memory stays flat.
    """
    last = None
    while (block := _seal_block(at)) is not None:
        last = block
    return last


@transaction.atomic
def _seal_block(at: datetime) -> Block | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER])
        cursor.execute(_NEXT, {"most": LARGEST_BLOCK})
        waiting = cursor.fetchall()
        if not waiting:
            return None
        events = b"".join(row[1] for row in waiting)
        commitments = b"".join(row[2] for row in waiting)
        ids = [events[i : i + 16] for i in range(0, len(events), 16)]
        hashes = [
            sha256(b"\x00" + event + commitments[place : place + 32]).digest()
            for event, place in zip(ids, range(0, len(commitments), 32), strict=True)
        ]
        block = _chain_block(hashes, at)
        _copy_leaves(block.height, ids, hashes)
        cursor.execute("DELETE FROM trail_unsealed WHERE id = ANY(%s)", [[r[0] for r in waiting]])
    transaction.on_commit(lambda: note_head(block))
    transaction.on_commit(partial(note_nos, block.height), robust=True)
    return block


def note_nos(height: int) -> None:
    """Note the nos of all blocks up to this one that the journal does not have yet (INV-36).

    Most stand there since the moment they were said; this catches what came in bulk, and what a
    crash or a full disk kept out.
    """
    mark = JournalMark.objects.filter(id=1).first()
    known = recent_events()
    for each in range(mark.height + 1 if mark else 1, height + 1):
        ids = list(Leaf.objects.filter(block=each).values_list("event", flat=True))
        append(
            [entry for entry in nos_among(ids) if entry["event"] not in known],
            height=each,
        )


def _chain_block(hashes: list[bytes], at: datetime) -> Block:
    """Write the block over these leaves, chained to the head."""
    head = Block.objects.order_by("-height").first()
    height = head.height + 1 if head else 1
    previous = bytes(head.hash) if head else GENESIS
    root = root_of(hashes)
    return Block.objects.create(
        height=height,
        previous_hash=previous,
        root=root,
        size=len(hashes),
        sealed_at=at,
        hash=block_hash(
            height=height, previous_hash=previous, root=root, size=len(hashes), sealed_at=at
        ),
    )


def _copy_leaves(height: int, ids: list[bytes], hashes: list[bytes]) -> None:
    """Write the leaves by COPY in its binary form, built here: the hot loop of sealing."""
    before_id = pack(">hi", 4, 16)
    before_position = pack(">iqi", 8, height, 4)
    before_hash = pack(">i", 32)
    rows = [
        before_id + event + before_position + position.to_bytes(4) + before_hash + leaf
        for position, (event, leaf) in enumerate(zip(ids, hashes, strict=True))
    ]
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY trail_leaf (event, block, position, hash) FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for start in range(0, len(rows), 4096):
            copy.write(b"".join(rows[start : start + 4096]))
        copy.write(b"\xff\xff")
