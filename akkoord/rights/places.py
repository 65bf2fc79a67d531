"""What stands in the way of a certificate, place by place, and what the responsible one can do.

A column that was declared to hold nobody, and holds somebody, is cleaned by no erasure: no path
leads to it, and what it says may be needed. So a person decides: empty what names them, with a
reason; or let it stay, on a ground of the law and until a day. Then everything is looked through
once more (art. 17(1) and (3); INV-35).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.exceptions import InvalidTag
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.loose import CannotEmpty, blank_cells, cells_naming, empty_cells
from akkoord.datamap.needles import Needles
from akkoord.datamap.scan import FILES, Hit, ScanResult, UnreadCell
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day
from akkoord.rights.models import ErasureItem, ErasureRun, KeptPlace
from akkoord.rights.search import searches_of
from akkoord.rights.swept import add_to_items
from akkoord.trail.actions import Actor, record_change

logger = logging.getLogger(__name__)

UNREADABLE = "unreadable"
# A keyed hash or a sealed shell names nobody: those stay by themselves.
GROUNDS = (KeepGround.FISCAL_RECORD, KeepGround.LEGAL_CLAIM, KeepGround.LEGAL_OBLIGATION)


class PlaceRefused(Exception):
    """It cannot be done; the sentence says why and what else."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Place:
    """A column in which somebody was found; `is_unread`: no more is known than that bytes stand
    there that nobody can read."""

    store: str
    column: str
    rows: int
    can_be_emptied: bool
    is_unread: bool = False


def places_of(run: ErasureRun) -> list[Place]:
    """The columns that stand in the way of this run's certificate, each once."""
    if run.state != ErasureRun.State.BLOCKED:
        return []
    rows: dict[tuple[str, str], int] = {}
    named: set[tuple[str, str]] = set()
    for each in run.findings:
        if each["store"] != FILES:
            key = each["store"], each["place"]
            rows[key] = max(rows.get(key, 0), int(each["count"]))
            if each["kind"] != UNREADABLE:
                named.add(key)
    return [
        Place(
            store,
            column,
            count,
            can_be_emptied=(store, column) in named and _can_be_emptied(store, column),
            is_unread=(store, column) not in named,
        )
        for (store, column), count in sorted(rows.items())
    ]


def _can_be_emptied(store: str, column: str) -> bool:
    try:
        cells_naming(Needles(), store=store, column=column)
    except CannotEmpty:
        return False
    return True


def empty_place(
    *, run: ErasureRun, store: str, column: str, why: str, actor: Actor, at: datetime
) -> int:
    """Empty what names the people of this run in one column; how many rows.

    One transaction, with the reason in the trail. Refused for what is no finding of this run, and
    for a place that lets nobody change it: what is sealed, a key, a file.
    """
    _found(run, store, column)
    needles = _needles(run)
    try:
        with transaction.atomic():
            rows = empty_cells(needles, store=store, column=column)
            if rows:
                add_to_items(run, [ErasureItem(store=store, blanked=rows)])
                run.rewrites = sorted({*run.rewrites, store})
                run.save(update_fields=["rewrites"])
            _note("erasure.empty-place", run, (store, column, why), actor=actor, at=at)
    except (CannotEmpty, DatabaseError):
        raise PlaceRefused(_cannot()) from None
    return rows


def keep_place(
    *,
    run: ErasureRun,
    store: str,
    column: str,
    ground: KeepGround,
    until: date,
    actor: Actor,
    at: datetime,
) -> KeptPlace:
    """Let the cells of one column that name the people of this run stay until a day (art. 17(3)).

    They stand on the certificate with ground and end, and are emptied when that day is over.
    Refused for another ground, a day that was, or one further than the longest term of the law.
    """
    today = law_day(at)
    longest = term_end("fiscal-term-long", today) or today
    if ground not in GROUNDS:
        raise PlaceRefused(_("Choose why the law lets it stay."))
    if not today < until <= longest:
        raise PlaceRefused(_("Choose a day that is still to come, ten years from now at most."))
    found = _found(run, store, column)
    try:
        cells = cells_naming(_needles(run), store=store, column=column)
    except CannotEmpty:
        if not found.is_unread:
            raise PlaceRefused(_cannot()) from None
        cells = {}  # what nobody can read is not emptied either: its day ends the decision
    with transaction.atomic():
        place, _new = KeptPlace.objects.update_or_create(
            run=run,
            store=store,
            column=column,
            defaults={
                "ground": ground.value,
                "until": until,
                "rows": max(len(cells), found.rows if found.is_unread else 0),
                "keys": list(cells.items()),
                "decided_at": at,
                "decided_by": actor.id,
            },
        )
        _note("erasure.keep-place", run, (store, column, ground.value), actor=actor, at=at)
    return place


def _found(run: ErasureRun, store: str, column: str) -> Place:
    for each in places_of(run):
        if (each.store, each.column) == (store, column):
            return each
    raise PlaceRefused(_("This is not there any more. Look again."))


def _needles(run: ErasureRun) -> Needles:
    try:
        found = searches_of(run)
    except InvalidTag:
        found = None
    if found is None:
        raise PlaceRefused(_("What to look for cannot be opened any more. Ask your administrator."))
    return found[0]


def _cannot() -> str:
    return _(
        "This place cannot be emptied here. Open it where you made it, change it there, and look "
        "again."
    )


def _note(
    action: str, run: ErasureRun, fields: Sequence[str], *, actor: Actor, at: datetime
) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="erasure-run",
        object_id=run.id,
        at=at,
        fields=fields,
    )


def without_kept(run: ErasureRun, result: ScanResult) -> tuple[Hit, ...]:
    """What was found but for the places that staff let stay; of those no row more than then."""
    places = {(each.store, each.column): each.rows for each in run.places.all()}
    return tuple(
        each for each in result.hits if each.count > places.get((each.store, each.place), 0)
    )


def unread_but_kept(run: ErasureRun, result: ScanResult) -> tuple[UnreadCell, ...]:
    """The columns that could not be read, but for those that staff let stay with so many rows."""
    places = {(each.store, each.column): each.rows for each in run.places.all()}
    return tuple(
        each for each in result.unread if each.count > places.get((each.store, each.place), 0)
    )


def note_kept(run: ErasureRun) -> None:
    """The places that stay, on the run's record: the certificate names ground and end."""
    for each in run.places.all():
        ErasureItem.objects.update_or_create(
            run=run,
            store=each.store,
            ground=each.ground,
            defaults={"kept": each.rows, "hits": each.rows, "until": each.until},
        )


def end_kept_places(*, at: datetime) -> int:
    """Empty the texts whose day is over; how many rows. What went or was changed meanwhile is
    passed by, and so is a column that is no more; one that holds another up is told in the log and
    tried again."""
    emptied = 0
    for place in KeptPlace.objects.filter(until__lt=law_day(at)).select_related("run"):
        try:
            emptied += _end_one(place, at=at)
        except DatabaseError:
            logger.error("a place that stayed after an erasure could not be emptied")
    return emptied


def _end_one(place: KeptPlace, *, at: datetime) -> int:
    with transaction.atomic():
        try:
            emptied = blank_cells(dict(place.keys), store=place.store, column=place.column)
        except CannotEmpty:
            emptied = 0
        _note(
            "erasure.end-place",
            place.run,
            (place.store, place.column),
            actor=Actor.system(),
            at=at,
        )
        place.delete()
    return emptied
