"""Counts for the builder while somebody edits a group: a bitmap per condition, combined in memory.

For showing only: what a letter may do is asked of the gate, of the database, each time (INV-1).
A large database takes a part of a second per condition; so each is asked once, and what `and`, `or`
and `not` make of them costs microseconds. Every bitmap comes from the very statement that letters
use, and is kept a hundred times as long as it took, two minutes at most: see
`akkoord.insight.seldom` for the same rule. With few people nothing is kept and every count is
exact. The first count of a topic is the database's own, while the bitmaps are made beside it.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import and_, or_
from threading import Lock, Thread
from time import monotonic

from django.db import connection
from django.db.models import QuerySet
from pyroaring import BitMap

from akkoord.law.states import Channel
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import audience
from akkoord.register.models import Purpose
from akkoord.segments.compile import NOT_FROZEN, condition_maker
from akkoord.segments.tree import And, Leaf, Node, Not, Or, Read
from akkoord.segments.within import whole

FEW = 50_000  # addresses; below this a count is quick, and is asked of the database itself
SHARE = 100  # a bitmap is kept so many times as long as it took to make
LONGEST = 120.0  # seconds
ROOM = 64 * 2**20  # bytes of bitmaps that one process keeps


@dataclass(frozen=True, slots=True)
class _Kept:
    bitmap: BitMap
    size: int  # bytes
    until: float  # on the monotonic clock


class Shelf:
    """Bitmaps by name, each until its time is over; the least used go when there is no room."""

    def __init__(self, room: int = ROOM) -> None:
        """`room` in bytes."""
        self._room = room
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, name: Hashable, make: Callable[[], BitMap]) -> BitMap:
        """The bitmap of this name, kept or made now. It is shared: never change it."""
        with self._lock:
            found = self._kept.get(name)
            if found is not None and found.until > monotonic():
                self._kept.move_to_end(name)
                return found.bitmap
        began = monotonic()
        bitmap = make()
        ended = monotonic()
        until = ended + min((ended - began) * SHARE, LONGEST)
        with self._lock:
            self._kept[name] = _Kept(bitmap, len(bitmap.serialize()), until)
            self._kept.move_to_end(name)
            taken = sum(each.size for each in self._kept.values())
            while taken > self._room and len(self._kept) > 1:
                taken -= self._kept.popitem(last=False)[1].size
        return bitmap

    def has(self, name: Hashable) -> bool:
        """Whether this bitmap is kept and its time is not over."""
        with self._lock:
            found = self._kept.get(name)
            return found is not None and found.until > monotonic()

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()


SHELF = Shelf()  # of this process
_LAYING = Lock()


def is_large() -> bool:
    """Whether there are so many addresses that counting them takes time; one quick statement.

    By the planner's own estimate, so a database that was never looked over counts as small.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
            [ContactPoint._meta.db_table],
        )
        return float(cursor.fetchone()[0]) > FEW


def count_with_bitmaps(
    tree: Node, purpose: Purpose, channel: Channel, *, at: datetime, shelf: Shelf = SHELF
) -> tuple[int, int]:
    """How many living addresses the group finds, and how many of them may get a letter now.

    Raises SegmentError as `compile_segment` does, also when every bitmap is there.
    """
    made = condition_maker(purpose, at)
    topic = (purpose.id, channel, law_day(at))
    living = ContactPoint.objects.filter(channel=channel, ended_at=None)

    def asked(node: Leaf) -> BitMap:
        rows = living.filter(made(node))  # purpose binding, each time
        if isinstance(node, Read):
            return _numbers(rows)  # never kept: after a no nothing counts (INV-28)
        return shelf.get((*topic, replace(node, place=0)), lambda: _numbers(rows))

    def found(node: Node) -> BitMap:
        match node:
            case And(parts):
                return reduce(and_, [found(part) for part in parts])
            case Or(parts):
                return reduce(or_, [found(part) for part in parts])
            case Not(part):
                return everybody - found(part)
        return asked(node)

    everybody, may = _grounds(purpose, channel, at=at, shelf=shelf)
    group = everybody & found(whole(tree, purpose))
    return len(group), group.intersection_cardinality(may)


def _grounds(
    purpose: Purpose, channel: Channel, *, at: datetime, shelf: Shelf
) -> tuple[BitMap, BitMap]:
    """Everybody who is not frozen, and whom the gate lets through: most of the work."""
    everybody, may = _names(purpose, channel)
    living = ContactPoint.objects.filter(NOT_FROZEN, channel=channel, ended_at=None)
    return (
        shelf.get(everybody, lambda: _numbers(living)),
        shelf.get(may, lambda: _numbers(audience(purpose, channel, at=at))),
    )


def _names(purpose: Purpose, channel: Channel) -> tuple[Hashable, Hashable]:
    return ("everybody", channel), ("gate", purpose.id, channel)


def are_grounds_there(purpose: Purpose, channel: Channel, *, shelf: Shelf = SHELF) -> bool:
    """Whether a count needs its own conditions only."""
    return all(shelf.has(name) for name in _names(purpose, channel))


def lay_grounds_meanwhile(purpose: Purpose, channel: Channel, *, at: datetime) -> None:
    """Make the dear bitmaps beside the request that will want them next; once at a time."""
    if not _LAYING.acquire(blocking=False):
        return

    def lay() -> None:
        try:
            _grounds(purpose, channel, at=at, shelf=SHELF)
        finally:
            connection.close()  # this thread's own
            _LAYING.release()

    Thread(target=lay, name="grounds", daemon=True).start()


def _numbers(rows: QuerySet[ContactPoint]) -> BitMap:
    """The numbers of these addresses, over the wire as four bytes each."""
    sql, values = rows.order_by().values("number").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT string_agg(int4send(g.number), ''::bytea) FROM ({sql}) AS g",  # noqa: S608 - our own
            values,
        )
        packed = cursor.fetchone()[0] or b""
    numbers = array("I", bytes(packed))
    numbers.byteswap()  # the wire is big-endian
    bitmap = BitMap(numbers)
    bitmap.run_optimize()
    return bitmap
