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
from akkoord.rights.special_out import VALUES, sealed_words
from akkoord.rights.words import store_word
from akkoord.trail.ledger import sources


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One store: how many rows, what happens, and why something stays.

    `detail`: what it is, where the number alone would hide what goes.
    """

    store: str
    label: str
    rows: int
    why: str
    ground: str
    article: str
    until: date | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What goes, what is emptied so that only a count or a fingerprint is left, what stays.

    While there are `holds`, nothing goes at all (art. 17(3)(e)).
    """

    goes: tuple[PreviewLine, ...]
    emptied: tuple[PreviewLine, ...]
    stays: tuple[PreviewLine, ...]
    holds: tuple[Hold, ...] = ()


def preview_erasure(person: Person, *, on: date, is_own: bool = False) -> Preview:
    """What would go and stay, and what is held for a claim; a few queries more than the aliases.

    `is_own`: for the person alone, who reads in which sealed fields something stands (INV-32).
    """
    ids = all_ids(person.id)
    found = _sorted(holdings(ids), on)
    return replace(_with_sealed(found, ids, is_own=is_own), holds=tuple(holds_on(ids)))


def preview_of_many(person_ids: Sequence[UUID], *, on: date) -> Preview:
    """The same for many, by all their ids; who is held is counted elsewhere."""
    ids = [each for group in groups_of_ids(person_ids) for each in group]
    return _with_sealed(_sorted(holdings(ids), on), ids, is_own=False)


def _with_sealed(preview: Preview, ids: Sequence[UUID], *, is_own: bool) -> Preview:
    """What a special category goes by is said, and to whom it is not, who may see it."""
    if not any(line.store == VALUES for line in preview.goes):
        return preview
    detail = sealed_words(ids, is_own=is_own)
    return replace(
        preview,
        goes=tuple(
            replace(line, detail=detail) if line.store == VALUES else line for line in preview.goes
        ),
    )


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
