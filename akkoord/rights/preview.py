"""What would happen if this person were forgotten: read from the data map, changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from akkoord.datamap.declaration import OnErasure
from akkoord.datamap.export import Holding, holdings
from akkoord.datamap.holds import Hold, holds_on
from akkoord.law.erasure_rules import KEEP_GROUNDS, KeepGround, kept_until
from akkoord.people.models import Person
from akkoord.people.queries import all_ids, groups_of_ids
from akkoord.rights.words import store_word
from akkoord.trail.ledger import sources


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One store: how many rows, what happens, and why something stays."""

    store: str
    label: str
    rows: int
    why: str
    ground: str
    article: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What goes, what is emptied so that only a count or a fingerprint is left, what stays.

    While there are `holds`, nothing goes at all (art. 17(3)(e)).
    """

    goes: tuple[PreviewLine, ...]
    emptied: tuple[PreviewLine, ...]
    stays: tuple[PreviewLine, ...]
    holds: tuple[Hold, ...] = ()


def preview_erasure(person: Person, *, on: date) -> Preview:
    """What would go and stay, and what is held for a claim; a few queries more than the aliases."""
    ids = all_ids(person.id)
    return replace(_sorted(holdings(ids), on), holds=tuple(holds_on(ids)))


def preview_of_many(person_ids: Sequence[UUID], *, on: date) -> Preview:
    """The same for many, by all their ids; who is held is counted elsewhere."""
    ids = [each for group in groups_of_ids(person_ids) for each in group]
    return _sorted(holdings(ids), on)


def _sorted(found: Sequence[Holding], on: date) -> Preview:
    """The stores by what happens to them."""
    lines = [(each.fate, _line(each, on)) for each in found]
    return Preview(
        goes=tuple(line for fate, line in lines if fate is OnErasure.DELETE),
        emptied=tuple(line for fate, line in lines if fate is OnErasure.BLANK),
        stays=tuple(line for fate, line in lines if fate is OnErasure.KEEP),
    )


def _line(each: Holding, on: date) -> PreviewLine:
    """One store as the page shows it."""
    ground = each.ground
    if each.fate is OnErasure.BLANK:
        ground = _ground_of_shell(each.store)
    known = KeepGround(ground) if ground in set(KeepGround) else None
    return PreviewLine(
        store=each.store,
        label=store_word(each.store, each.label),
        rows=each.rows,
        why=each.why,
        ground=ground,
        article=KEEP_GROUNDS[known].article if known else "",
        until=kept_until(known, on) if known else None,
    )


def _ground_of_shell(store: str) -> str:
    """On which ground an emptied row stays; none for a bare count."""
    if store in {each.table for each in sources()}:
        return KeepGround.SEALED_HASH.value
    return KeepGround.REQUEST_RECORD.value if store == "rights_rightsrequest" else ""
