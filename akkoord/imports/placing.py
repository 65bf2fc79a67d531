"""Sales of which nobody said where they were made: by file, and set afterwards (INV-7, 15).

Until then nothing shows what these customers saw, so their sales carry service and post alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from akkoord.consent.actions import settle_customers
from akkoord.consent.models import CollectingPlace
from akkoord.imports.hand_sale import HAND
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.orders import SALE_LAYOUTS
from akkoord.law.reasons import Reason
from akkoord.law.sale_rules import SAW_OPT_OUT
from akkoord.people.models import Purchase
from akkoord.trail.actions import Actor, record_change


@dataclass(frozen=True, slots=True)
class Placeless:
    """Sales without a place that came in together: one file, or one source."""

    source: str
    source_ref: UUID | None
    name: str
    count: int
    first: date
    last: date

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.source}|{self.source_ref or ''}"


def placeless_sales() -> list[Placeless]:
    """Sales without a place, by the file that brought them, the newest first; two queries."""
    groups = list(
        Purchase.objects.filter(place_id=None, person__isnull=False)
        .values_list("source", "source_ref")
        .annotate(count=Count("id"), first=Min("bought_on"), last=Max("bought_on"))
        .order_by("-last")[:100]
    )
    files = dict(
        Import.objects.filter(id__in=[ref for _source, ref, *_ in groups if ref]).values_list(
            "id", "file_name"
        )
    )
    return [
        Placeless(source, ref, files.get(ref) or _source_words(source), count, first, last)
        for source, ref, count, first, last in groups
    ]


def _source_words(source: str) -> str:
    if source == HAND:
        return _("Entered by hand")
    layout = SALE_LAYOUTS.get(source)
    return layout.title if layout and layout.title else source


# Nothing but what was unknown is filled in; index people_purchase_place from then on.
_PLACE = """
UPDATE people_purchase p
   SET place_id = %(place)s,
       optout_shown_id = coalesce(p.optout_shown_id, CASE WHEN p.optout_answer = ANY(%(saw)s) THEN (
           SELECT f.collection_point_id FROM consent_placeproof f
            WHERE f.place_id = %(place)s AND p.bought_on >= f.first_day
              AND (f.last_day IS NULL OR p.bought_on <= f.last_day) LIMIT 1) END)
 WHERE p.place_id IS NULL AND p.person_id IS NOT NULL AND p.source = %(source)s
   AND p.source_ref IS NOT DISTINCT FROM %(source_ref)s
   AND (%(first)s::date IS NULL OR p.bought_on >= %(first)s)
   AND (%(last)s::date IS NULL OR p.bought_on <= %(last)s)
RETURNING contact_point_id
"""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of the sales that are meant; open ends are None."""

    first: date | None = None
    last: date | None = None


@transaction.atomic
def place_sales(
    *,
    source: str,
    source_ref: UUID | None,
    place_id: UUID,
    period: Period,
    at: datetime,
    actor: Actor,
) -> tuple[int, int]:
    """Say where these sales were made; how many they are, and how many standings that gave.

    What customers saw at that place and time is tied to them in the same transaction. Refuses a
    place that is not there, and a period that runs backwards.
    """
    place = CollectingPlace.objects.filter(id=place_id).first()
    if place is None:
        raise ImportRefused(Reason.OPT_OUT_NOT_OFFERED, _("There is no place with this name."))
    if period.first and period.last and period.last < period.first:
        raise ImportRefused(Reason.IMPOSSIBLE_TIME, _("The last day lies before the first."))
    points = _place(source, source_ref, place, period)
    settled = settle_customers(
        point_ids={each for each in points if each is not None}, at=at, actor=actor
    )
    if points:
        record_change(
            actor=actor, action="sales.place", object_kind="place", object_id=place.id, at=at
        )
    return len(points), settled.given


def _place(
    source: str, source_ref: UUID | None, place: CollectingPlace, period: Period
) -> Sequence[UUID | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE,
            {
                "place": place.id,
                "saw": [each.value for each in SAW_OPT_OUT],
                "source": source,
                "source_ref": source_ref,
                "first": period.first,
                "last": period.last,
            },
        )
        return [each for (each,) in cursor.fetchall()]
