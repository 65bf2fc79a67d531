"""Named reads of the trail: blocks with the state of their chain, changes, one event's place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db.models import Sum

from akkoord.trail.action_words import action_word, field_words
from akkoord.trail.blocks import GENESIS, block_hash
from akkoord.trail.models import Blanking, Block, Change, Unsealed

PAGE = 50
_HERE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block as the list shows it; `is_whole`: its header and its link to the one before fit."""

    height: int
    sealed_at: datetime
    size: int
    hash: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class BlocksPage:
    """One page of blocks, newest first; `older` is the key of the next page, or None."""

    rows: tuple[BlockRow, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """What stands on top of the list."""

    blocks: int
    sealed: int
    waiting: int
    last_sealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in words, with the name of the member of staff when they are still known."""

    change: Change
    actor: str
    what: str
    fields: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """One page of changes, newest first."""

    rows: tuple[ChangeRow, ...]
    older: UUID | None


def blocks_page(*, below: int | None = None) -> BlocksPage:
    """Blocks under this height (or the newest), each held against the one before."""
    found = Block.objects.order_by("-height")
    if below is not None:
        found = found.filter(height__lt=below)
    blocks = list(found[: PAGE + 1])
    rows = tuple(
        BlockRow(
            height=block.height,
            sealed_at=block.sealed_at,
            size=block.size,
            hash=bytes(block.hash).hex(),
            is_whole=_is_whole(block, before),
        )
        for block, before in zip_longest(blocks, blocks[1:])
    )[:PAGE]
    return BlocksPage(rows, rows[-1].height if len(blocks) > PAGE else None)


def _is_whole(block: Block, before: Block | None) -> bool:
    """Header and link; the sizes of trees are `verify`'s work."""
    previous = bytes(before.hash) if before else GENESIS
    header = block_hash(
        height=block.height,
        previous_hash=bytes(block.previous_hash),
        root=bytes(block.root),
        size=block.size,
        sealed_at=block.sealed_at,
    )
    # The last row of a page has no neighbour here; only the very first block starts from zeros.
    linked = bytes(block.previous_hash) == previous or (before is None and block.height > 1)
    return linked and header == bytes(block.hash)


def ledger_figures() -> LedgerFigures:
    """Counts from blocks and queue, not from a million leaves."""
    head = Block.objects.order_by("-height").first()
    sealed = Block.objects.aggregate(total=Sum("size"))["total"] or 0
    waiting = Unsealed.objects.aggregate(total=Sum("size"))["total"] or 0
    return LedgerFigures(
        blocks=head.height if head else 0,
        sealed=sealed,
        waiting=waiting,
        last_sealed_at=head.sealed_at if head else None,
    )


def blanked_at(event: UUID) -> datetime | None:
    """When an erasure emptied this event; None when it was not."""
    return Blanking.objects.filter(event=event).values_list("at", flat=True).first()


def changes_page(
    *,
    action: str = "",
    actor: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    below: UUID | None = None,
) -> ChangesPage:
    """Changes by action, by member of staff and by day; paged by id, which is in time order."""
    found = Change.objects.order_by("-id").defer("salt", "commitment")
    if action:
        found = found.filter(action=action)
    if actor:
        found = found.filter(actor_id=actor)
    if first:
        found = found.filter(id__gte=_first_id(first))
    if last:
        found = found.filter(id__lt=_first_id(last + timedelta(days=1)))
    if below:
        found = found.filter(id__lt=below)
    changes = list(found[: PAGE + 1])
    names = staff_names({change.actor_id for change in changes if change.actor_id})
    rows = tuple(
        ChangeRow(
            each,
            names.get(each.actor_id, "") if each.actor_id else "",
            action_word(each.action),
            field_words(each.fields),
        )
        for each in changes[:PAGE]
    )
    return ChangesPage(rows, rows[-1].change.id if len(changes) > PAGE else None)


def _first_id(day: date) -> UUID:
    """The lowest UUIDv7 of a day here: its first 48 bits are milliseconds (RFC 9562)."""
    start = datetime.combine(day, time(), _HERE).astimezone(UTC)
    return UUID(int=int(start.timestamp() * 1000) << 80)


def staff_names(ids: set[UUID] | None = None) -> dict[UUID, str]:
    """Names of staff by id; of all when no ids are given."""
    staff = get_user_model()._default_manager.all()
    if ids is not None:
        staff = staff.filter(pk__in=ids)
    return {each.pk: str(each) for each in staff}


def known_actions() -> list[str]:
    """Every action code that occurs. Index: trail_change_action, skipping from code to code."""
    codes: list[str] = []
    after = ""
    while (
        code := Change.objects.filter(action__gt=after)
        .order_by("action")
        .values_list("action", flat=True)
        .first()
    ) is not None:
        codes.append(code)
        after = code
    return codes
