"""Collecting places: what customers saw at the till or in the web shop, shown once per period.

Without it a sale carries no mail: the owner must be able to show that customers could say no at
the very place and time (INV-7, 15).
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.consent.customers import settle_customers
from akkoord.consent.evidence_files import JPEG, PNG, BadFile, clean_file
from akkoord.consent.models import CollectingPlace, CollectionPoint, PlaceProof
from akkoord.consent.notices import declare_wording, hash_snapshot
from akkoord.law.sale_rules import SAW_OPT_OUT
from akkoord.trail.actions import Actor, record_change

SALE = "sale"
MAX_PICTURE = 3 * 1024 * 1024


class PlaceRefused(Exception):
    """A place or proof that cannot be; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@transaction.atomic
def open_place(*, name: str, kind: str, at: datetime, actor: Actor) -> CollectingPlace:
    """A place where customers give their address at a sale. Refuses an empty or double name."""
    name = " ".join(name.split())
    slug = slugify(name)[:80]
    if not slug:
        raise PlaceRefused("name", _("Give this place a name, for example “Till”."))
    try:
        with transaction.atomic():
            place = CollectingPlace.objects.create(slug=slug, name=name, kind=kind, created_at=at)
    except IntegrityError:
        raise PlaceRefused("name", _("There is a place with this name already.")) from None
    _record(place, "place.open", at=at, actor=actor)
    return place


@transaction.atomic
def close_place(*, place_id: UUID, at: datetime, actor: Actor) -> CollectingPlace:
    """Nothing is sold there any more; what was shown stays as proof, and ends today."""
    place = CollectingPlace.objects.select_for_update().get(id=place_id)
    if place.ended_at is None:
        place.ended_at = at
        place.save(update_fields=["ended_at"])
        touched = _end_open_proof(place, timezone.localdate(at))
        settle_customers(point_ids=touched, at=at, actor=actor)
        _record(place, "place.close", at=at, actor=actor)
    return place


@dataclass(frozen=True, slots=True)
class ShownAtSale:
    """What customers saw at a place: the exact text, a picture, or both; and from when.

    `offers_opt_out` is what staff answer for: that it let customers say no, for free.
    """

    first_day: date
    last_day: date | None = None
    text: str = ""
    picture: bytes = b""
    language: str = "nl"
    offers_opt_out: bool = False


@transaction.atomic
def show_place(
    *, place_id: UUID, shown: ShownAtSale, at: datetime, actor: Actor
) -> tuple[PlaceProof, int]:
    """Freeze what customers saw at a place in a period; also how many may now be written to.

    The sales of that place and period are tied to it and the customers' standings made, in the
    same transaction. Refuses: nothing shown, no way to say no in it (art. 11.7 Tw), a picture that
    is none or too big, a period that runs backwards, ahead, or over another one of the place. An
    open period ends the day before.
    """
    _check(shown, at=at, actor=actor)
    place = CollectingPlace.objects.select_for_update().get(id=place_id)
    touched = _make_room(place, shown)
    proof = _freeze(place, shown, at=at, actor=actor)
    touched += _points(_TIE, proof)
    carried = settle_customers(point_ids=touched, at=at, actor=actor)
    _record(place, "place.show", at=at, actor=actor)
    return proof, carried.given


@transaction.atomic
def end_showing(*, proof_id: UUID, last_day: date, at: datetime, actor: Actor) -> PlaceProof:
    """From the next day on customers no longer see this. Sales until then keep their proof.

    Refuses an end that is set already, before its beginning, or ahead of today. Sales after it are
    no longer tied to it, and what rested on them ends.
    """
    proof = PlaceProof.objects.select_for_update().select_related("place").get(id=proof_id)
    if proof.last_day is not None:
        raise PlaceRefused("last_day", _("This has ended already."))
    if last_day < proof.first_day:
        raise PlaceRefused("last_day", _("The last day lies before the first."))
    if last_day > timezone.localdate(at):
        raise PlaceRefused("last_day", _("This day is still to come."))
    proof.last_day = last_day
    proof.save(update_fields=["last_day"])
    settle_customers(point_ids=_points(_UNTIE, proof), at=at, actor=actor)
    _record(proof.place, "place.end-showing", at=at, actor=actor)
    return proof


def _check(shown: ShownAtSale, *, at: datetime, actor: Actor) -> None:
    today = timezone.localdate(at)
    if actor.id is None:
        raise PlaceRefused("text", _("Somebody must answer for this: log in first."))
    if not shown.text.strip() and not shown.picture:
        raise PlaceRefused("text", _("Enter the exact text, or add a picture of what they saw."))
    if not shown.offers_opt_out:
        raise PlaceRefused(
            "offers_opt_out",
            _(
                "Could customers not say no there? Then you may not mail them on the ground of "
                "their purchase (art. 11.7 Telecommunicatiewet). Add the line “Rather no mail? "
                "Tick here” to your till or shop, and enter it here from that day on."
            ),
        )
    if shown.last_day and shown.last_day < shown.first_day:
        raise PlaceRefused("last_day", _("The last day lies before the first."))
    if shown.first_day > today or (shown.last_day and shown.last_day > today):
        raise PlaceRefused("first_day", _("This day is still to come."))


def _clean_picture(picture: bytes) -> tuple[str, bytes]:
    """The media type and the picture drawn anew, without what a camera writes beside it."""
    if not picture:
        return "", b""
    if len(picture) > MAX_PICTURE:
        raise PlaceRefused("picture", _("This picture is bigger than 3 MB."))
    try:
        kind, clean = clean_file(picture)
    except BadFile:
        kind, clean = "", b""
    if kind not in (PNG, JPEG):
        raise PlaceRefused("picture", _("This is no picture that we know: use PNG or JPEG."))
    return kind, clean


def _make_room(place: CollectingPlace, shown: ShownAtSale) -> list[UUID]:
    """An open period that began earlier ends the day before; any other overlap is refused.

    Answers the addresses whose sales that concerns.
    """
    touched: list[UUID] = []
    if place.proofs.filter(last_day=None, first_day__lt=shown.first_day).exists():
        touched = _end_open_proof(place, shown.first_day - timedelta(days=1))
    clash = place.proofs.filter(Q(last_day=None) | Q(last_day__gte=shown.first_day))
    if shown.last_day is not None:
        clash = clash.filter(first_day__lte=shown.last_day)
    if clash.exists():
        raise PlaceRefused(
            "first_day", _("You showed already what customers saw here in (part of) this period.")
        )
    return touched


def _end_open_proof(place: CollectingPlace, last_day: date) -> list[UUID]:
    """Close what is open; its later sales wait for other proof."""
    touched: list[UUID] = []
    for proof in place.proofs.filter(last_day=None):
        proof.last_day = max(last_day, proof.first_day)
        proof.save(update_fields=["last_day"])
        touched += _points(_UNTIE, proof)
    return touched


def _freeze(
    place: CollectingPlace, shown: ShownAtSale, *, at: datetime, actor: Actor
) -> PlaceProof:
    kind, picture = _clean_picture(shown.picture)
    digest = hashlib.sha256(picture).hexdigest() if picture else ""
    text = shown.text.strip() or _("The picture with SHA-256 {hash}.").format(hash=digest)
    notice = declare_wording(
        text=text,
        source=place.name,
        actor=actor,
        at=at,
        language=shown.language,
        first_day=shown.first_day,
        last_day=shown.last_day,
    )
    snapshot = {
        "kind": SALE,
        "place": place.name,
        "text": shown.text.strip(),
        "picture_sha256": digest,
        "offers_opt_out": True,
        "first_day": shown.first_day.isoformat(),
        "declared": True,
    }
    latest = CollectionPoint.objects.filter(kind=SALE, language=shown.language).count()
    point = CollectionPoint.objects.create(
        kind=SALE,
        version=latest + 1,
        language=shown.language,
        snapshot=snapshot,
        sha256=hash_snapshot(snapshot),
        notice=notice,
        published_at=at,
    )
    assert actor.id is not None  # noqa: S101 - `_check` refused it
    return PlaceProof.objects.create(
        place=place,
        collection_point=point,
        first_day=shown.first_day,
        last_day=shown.last_day,
        picture=picture or None,
        picture_kind=kind,
        entered_by=actor.id,
        entered_at=at,
    )


# Sales of the place and period whose own record does not say otherwise; index
# people_purchase_place.
_TIE = """
UPDATE people_purchase SET optout_shown_id = %(shown)s
 WHERE place_id = %(place)s AND bought_on >= %(first)s
   AND (%(last)s::date IS NULL OR bought_on <= %(last)s)
   AND optout_answer = ANY(%(saw)s) AND optout_shown_id IS NULL
RETURNING contact_point_id
"""
_UNTIE = """
UPDATE people_purchase SET optout_shown_id = NULL
 WHERE place_id = %(place)s AND optout_shown_id = %(shown)s AND bought_on > %(last)s
RETURNING contact_point_id
"""


def _points(statement: str, proof: PlaceProof) -> list[UUID]:
    values: dict[str, Any] = {
        "shown": proof.collection_point_id,
        "place": proof.place_id,
        "first": proof.first_day,
        "last": proof.last_day,
        "saw": [each.value for each in SAW_OPT_OUT],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list({row[0] for row in cursor.fetchall() if row[0] is not None})


def _record(place: CollectingPlace, action: str, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor, action=action, object_kind="place", object_id=place.id, fields=(), at=at
    )
