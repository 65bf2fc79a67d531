"""Check the whole ledger: every block, every leaf, every event, and what other rooms add.

Events are recomputed where they lie, by the database, set by set; the trees are recomputed here.
Memory stays flat: leaves come by ranges of blocks, faulty events only.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from akkoord.trail.blocks import GENESIS, block_hash
from akkoord.trail.journal import ledger_is_cut
from akkoord.trail.ledger import Fault, LedgerSource, known_runs, sources, verifications
from akkoord.trail.merkle import root_of
from akkoord.trail.models import Block

MOST_FAULTS: Final = 10_000  # named one by one; more of a kind are not listed
_LEAVES_AT_ONCE: Final = 262_144

# Question: which events differ from what was committed to, or from their leaf? Scans all, in
# parallel where the server may (a limit inside would keep it on one core). An event waits
# legitimately when its id is in the queue.
_EVENTS = SQL("""
WITH checked AS MATERIALIZED (SELECT id, fault FROM (
  SELECT e.id, CASE
      WHEN e.salt IS NOT NULL AND e.commitment <> sha256(e.salt || {content}(e))
        THEN 'content-changed'
      WHEN l.event IS NULL THEN 'not-sealed'
      WHEN l.hash <> sha256('\\x00'::bytea || uuid_send(e.id) || e.commitment)
        THEN 'leaf-changed'
      WHEN e.salt IS NULL AND ({filled}) THEN 'content-after-blanking'
    END AS fault
  FROM {table} e LEFT JOIN trail_leaf l ON l.event = e.id
) AS each WHERE fault IS NOT NULL) SELECT id, fault FROM checked LIMIT {limit}
""")

# Question: which leaves have no event any more? Asked only when the numbers differ.
_ORPHANS = SQL("SELECT l.event FROM trail_leaf l WHERE {none} LIMIT {limit}")
_NO_EVENT = SQL("NOT EXISTS (SELECT FROM {table} e WHERE e.id = l.event)")
_PRESENT = SQL("SELECT id FROM {table} WHERE id = ANY(%s)")
_FILLED = SQL("coalesce(e.{column}::text, '') NOT IN ('', '{{}}', '[]', '\\x')")

# Question: which erasure runs blanked events, and which events did no known run blank?
_RUNS = SQL("""
SELECT DISTINCT b.run FROM {table} e LEFT JOIN trail_blanking b ON b.event = e.id
 WHERE e.salt IS NULL
""")
_BLANKED = SQL("""
SELECT e.id FROM {table} e LEFT JOIN trail_blanking b ON b.event = e.id
 WHERE e.salt IS NULL AND (b.run IS NULL OR NOT b.run = ANY(%s::uuid[])) LIMIT %s
""")

# Question: what lies in these blocks? Index: trail_leaf_block (BRIN). 4 bytes of position and 32
# of hash for each leaf.
_LEAVES = """
SELECT block, string_agg(int4send(position) || hash, ''::bytea ORDER BY position)
  FROM trail_leaf WHERE block BETWEEN %s AND %s GROUP BY block
"""

# The planner takes hashing for free and stays on one core; here every core is welcome.
_PLANNING = """
SET LOCAL parallel_tuple_cost = 0; SET LOCAL parallel_setup_cost = 0; SET LOCAL jit = off;
SET LOCAL work_mem = '128MB'
"""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome: `ok` only without a single fault."""

    ok: bool
    events: int
    blocks: int
    faults: tuple[Fault, ...]


def verify() -> VerifyReport:
    """Check everything that can be checked; reads one snapshot, changes nothing.

    Faults of events: content-changed, leaf-changed, not-sealed (neither sealed nor waiting),
    event-missing, blanked-without-erasure, content-after-blanking. Of blocks (`block N`):
    block-missing, block-changed, chain-broken, leaves-missing, leaves-without-block,
    root-differs. Of the end (`head`): ledger-cut.
    """
    with _snapshot():
        faults: list[Fault] = []
        events = _count_events()
        faults += _event_faults()
        faults += _missing_events(events)
        faults += _blanking_faults()
        blocks = Block.objects.count()
        faults += _block_faults()
        faults += _head_faults()
        for verification in verifications():
            faults += verification()
    return VerifyReport(ok=not faults, events=events, blocks=blocks, faults=tuple(faults))


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database for all questions, so that writers at work make no faults."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if alone:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(_PLANNING)
        yield


def _count_events() -> int:
    counts = (SQL("SELECT count(*) FROM {}").format(Identifier(each.table)) for each in sources())
    return sum(_number(count) for count in counts)


def _number(sql: Composable | str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]
        return int(cursor.fetchone()[0])


def _waiting() -> set[UUID]:
    """Ids in the queue: minutes' worth of events, not more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT events FROM trail_unsealed")
        return {
            UUID(bytes=bytes(packed[i : i + 16]))
            for (packed,) in cursor
            for i in range(0, len(packed), 16)
        }


def _event_faults() -> Iterator[Fault]:
    """Events whose content, commitment or leaf was changed, or that were never sealed."""
    waiting = _waiting()
    for source in sources():
        filled: list[Composable] = [
            _FILLED.format(column=Identifier(name)) for name in source.blankable
        ]
        sql = _EVENTS.format(
            table=Identifier(source.table),
            content=source.content_function,
            filled=SQL(" OR ").join(filled or [SQL("false")]),
            limit=Literal(MOST_FAULTS + len(waiting)),
        )
        with connection.cursor() as cursor:
            cursor.execute(sql)
            for event, fault in cursor:
                if fault != "not-sealed" or event not in waiting:
                    yield Fault(str(event), fault)


def _missing_events(events: int) -> Iterator[Fault]:
    """Leaves whose event is gone, and waiting events that are gone."""
    leaves = _number("SELECT count(*) FROM trail_leaf")
    queued = _number("SELECT coalesce(sum(size), 0) FROM trail_unsealed")
    if leaves + queued == events:
        return
    tables = [Identifier(source.table) for source in sources()]
    nowhere: list[Composable] = [_NO_EVENT.format(table=table) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(
            _ORPHANS.format(
                none=SQL(" AND ").join(nowhere or [SQL("true")]), limit=Literal(MOST_FAULTS)
            )
        )
        yield from (Fault(str(event), "event-missing") for (event,) in cursor)
        gone = _waiting()
        for table in tables:
            cursor.execute(_PRESENT.format(table=table), [list(gone)])
            gone -= {row[0] for row in cursor}
    yield from (Fault(str(event), "event-missing") for event in sorted(gone))


def _blanking_faults() -> Iterator[Fault]:
    """Events without a salt that no recorded erasure run has blanked."""
    for source in sources():
        yield from _blanked_without_erasure(source)


def _blanked_without_erasure(source: LedgerSource) -> Iterator[Fault]:
    table = Identifier(source.table)
    with connection.cursor() as cursor:
        cursor.execute(_RUNS.format(table=table))
        runs = {row[0] for row in cursor}
        if not runs:
            return
        known = list(known_runs(runs - {None}))
        cursor.execute(_BLANKED.format(table=table), [known, MOST_FAULTS])
        yield from (Fault(str(event), "blanked-without-erasure") for (event,) in cursor)


def _block_faults() -> Iterator[Fault]:
    """Each block against its header, the one before, and its leaves."""
    expected, previous = 1, GENESIS
    for batch in _batches(Block.objects.order_by("height").iterator(chunk_size=2000)):
        trees = _trees(batch[0].height, batch[-1].height)
        for block in batch:
            if block.height != expected:
                yield Fault(f"block {expected}", "block-missing")
            elif bytes(block.previous_hash) != previous:
                yield Fault(f"block {block.height}", "chain-broken")
            yield from _one_block(block, trees.pop(block.height, None))
            expected, previous = block.height + 1, bytes(block.hash)
        yield from (Fault(f"block {height}", "leaves-without-block") for height in sorted(trees))
    if _number("SELECT count(*) FROM trail_leaf WHERE block >= %s", expected):
        yield Fault(f"block {expected}", "leaves-without-block")


def _one_block(block: Block, tree: bytes | None) -> Iterator[Fault]:
    name = f"block {block.height}"
    header = block_hash(
        height=block.height,
        previous_hash=bytes(block.previous_hash),
        root=bytes(block.root),
        size=block.size,
        sealed_at=block.sealed_at,
    )
    if header != bytes(block.hash):
        yield Fault(name, "block-changed")
    leaves = tree or b""
    if len(leaves) != block.size * 36 or not _is_in_order(leaves):
        yield Fault(name, "leaves-missing")
    if root_of([leaves[i : i + 32] for i in range(4, len(leaves), 36)]) != bytes(block.root):
        yield Fault(name, "root-differs")


def _is_in_order(leaves: bytes) -> bool:
    """Whether positions run from 0 without a gap or a double; compared a byte column at a time."""
    places = b"".join(place.to_bytes(4) for place in range(len(leaves) // 36))
    return all(leaves[column::36] == places[column::4] for column in range(4))


def _trees(first: int, last: int) -> dict[int, bytes]:
    """Per block: position and hash of its leaves, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [first, last])
        return {block: bytes(leaves) for block, leaves in cursor}


def _batches(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Runs of blocks with at most so many leaves together."""
    batch: list[Block] = []
    leaves = 0
    for block in blocks:
        if batch and leaves + block.size > _LEAVES_AT_ONCE:
            yield batch
            batch, leaves = [], 0
        batch.append(block)
        leaves += block.size
    if batch:
        yield batch


def _head_faults() -> Iterator[Fault]:
    """The end that this machine noted must still be there."""
    if ledger_is_cut():
        yield Fault("head", "ledger-cut")
