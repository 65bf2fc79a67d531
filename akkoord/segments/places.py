"""Where postcodes lie: the table that is brought, and who lives within so many kilometres.

No table comes with Akkoord: the organisation brings an open one. A file is read line by line; a
line that cannot be right is left out and told, and the old table stays until the new one is whole.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import (
    ASin,
    Cos,
    Least,
    Left,
    Power,
    Radians,
    Sin,
    Sqrt,
    Upper,
)
from django.utils.translation import gettext as _

from akkoord.people.models import PostalAddress, SqueezedPostcode
from akkoord.segments.places_models import PostcodePoint
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import Near
from akkoord.trail.actions import Actor, record_change

FIELD = "postcode"
"""The field of the catalogue that a distance uses, so that the topic must be allowed it."""
MOST_LINES = 1_000_000
TOLD = 20  # bad lines that are shown
LATITUDES, LONGITUDES = (50.5, 53.8), (3.0, 7.4)  # the Netherlands in Europe
EARTH = 6371.0088  # kilometres, the mean radius (IUGG)
A_DEGREE = 111.0  # kilometres of latitude, rather too few: the box must not be too small
CODE = re.compile(r"[1-9][0-9]{3}(?:[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Places:
    """What a file brought: how many postcodes of each kind, and the lines that were left out."""

    numbers: int
    whole: int
    bad: int
    told: tuple[tuple[int, str], ...]


class PlacesRefused(Exception):
    """A file that is no table of postcodes; `sentence` says why and what to do."""

    def __init__(self, sentence: str, told: tuple[tuple[int, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.told = told


def code_of(text: str) -> str:
    """A postcode as it is kept (3511, 3511AB), however it was typed; empty when it is none."""
    code = re.sub(r"\s", "", text).upper()
    return code if CODE.fullmatch(code) else ""


def bring_places(lines: Iterable[str], *, at: datetime, actor: Actor) -> Places:
    """Replace the table by this file's: GeoNames' NL.txt, or postcode;latitude;longitude.

    Bad lines are left out and told. Refuses, and keeps the table there was, when there is no good
    line, when more lines are bad than good, and when there are too many.
    """
    sums: dict[str, list[float]] = {}
    told: list[tuple[int, str]] = []
    bad = count = 0
    for number, cells in _rows(lines):
        if number > MOST_LINES:
            raise PlacesRefused(_("This file has more than a million lines."))
        problem, code, latitude, longitude = _read(cells)
        if problem:
            if not _is_head(number, cells):
                bad += 1
                told += [(number, problem)] if len(told) < TOLD else []
            continue
        count += 1
        _add(sums, code, latitude, longitude)
    if not sums or bad > count:
        raise PlacesRefused(
            _(
                "This is no table of postcodes, so nothing was changed. Bring NL.txt of GeoNames, "
                "or a file with on each line: postcode;latitude;longitude."
            ),
            tuple(told),
        )
    for code in [each for each in sums if len(each) == 6]:
        # The middle of four digits is that of what lies in it, when the file does not say it.
        if len(sums.get(code[:4], [0.0] * 4)) == 4:
            _add(sums, code[:4], sums[code][0] / sums[code][2], sums[code][1] / sums[code][2], True)
    _store(sums, at=at, actor=actor)
    numbers = sum(len(code) == 4 for code in sums)
    return Places(numbers, len(sums) - numbers, bad, tuple(told))


def _add(
    sums: dict[str, list[float]], code: str, latitude: float, longitude: float, made: bool = False
) -> None:
    """One more point of a postcode; the fourth number marks a middle that we made ourselves."""
    found = sums.setdefault(code, [0.0, 0.0, 0.0] + ([1.0] if made else []))
    found[0] += latitude
    found[1] += longitude
    found[2] += 1


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Cells per line, numbered from 1; empty lines mean nothing."""
    for number, line in enumerate(lines, 1):
        text = line.strip("\ufeff\r\n ")
        if not text.strip():
            continue
        sign = next((each for each in "\t;" if each in text), ",")
        yield number, [cell.strip() for cell in next(csv.reader([text], delimiter=sign))]


def _read(cells: list[str]) -> tuple[str, str, float, float]:
    """What is wrong with a line, or its postcode and where it lies."""
    if len(cells) >= 11:  # GeoNames: country, postcode, name, …, latitude, longitude, how exact
        country, code, latitude, longitude = cells[0], cells[1], cells[9], cells[10]
    elif len(cells) >= 3:
        country, (code, latitude, longitude) = "NL", cells[:3]
    else:
        return _("There are fewer than three columns."), "", 0, 0
    if country.upper() != "NL":
        return _("This is not about the Netherlands."), "", 0, 0
    if not (found := code_of(code)):
        return _("This is no postcode: four digits, or four digits and two letters."), "", 0, 0
    try:
        where = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        return _("Latitude or longitude is no number."), "", 0, 0
    if not (
        LATITUDES[0] <= where[0] <= LATITUDES[1] and LONGITUDES[0] <= where[1] <= LONGITUDES[1]
    ):
        return _("This lies outside the Netherlands. Perhaps the two are swapped."), "", 0, 0
    return "", found, *where


def _is_head(number: int, cells: list[str]) -> bool:
    """The first line may say what the columns are."""
    return number == 1 and not any(any(sign.isdigit() for sign in cell) for cell in cells)


@transaction.atomic
def _store(sums: dict[str, list[float]], *, at: datetime, actor: Actor) -> None:
    PostcodePoint.objects.all().delete()
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {PostcodePoint._meta.db_table} (code, latitude, longitude) FROM STDIN"
        ) as copy,
    ):
        for code, (latitude, longitude, count, *_made) in sums.items():
            copy.write_row((code, latitude / count, longitude / count))
    record_change(actor=actor, action="places.bring", object_kind="places", at=at)


def places_there() -> tuple[int, int]:
    """How many postcodes of four digits, and with letters, the table has."""
    whole = PostcodePoint.objects.filter(code__regex="[A-Z]").count()
    return PostcodePoint.objects.count() - whole, whole


def middle_of(node: Near) -> PostcodePoint:
    """Where the postcode of a condition lies; of its four digits when its letters are not known.

    Raises SegmentError when there is no table, or the postcode is not in it.
    """
    known = PostcodePoint.objects.filter(code__in=(node.code, node.code[:4]))
    if found := max(known, key=lambda each: len(each.code), default=None):
        return found
    if not PostcodePoint.objects.exists():
        raise SegmentError(
            "no-places",
            node.place,
            _(
                "Akkoord does not know yet where postcodes lie. Bring a table under Groups, "
                "“Where postcodes lie”."
            ),
        )
    raise SegmentError(
        "unknown-postcode",
        node.place,
        _("Your table of postcodes does not have {code}. Is it spelled right?").format(
            code=node.code
        ),
    )


def near(node: Near) -> Q:
    """Who has a Dutch address within so many kilometres, as the crow flies, of a postcode's middle.

    An address lies where its own postcode does, else where its four digits do; one that the table
    does not have is not within anything. The box first, then the great circle; by the postcode's
    own index, one address at a time.
    """
    inside = points_within(middle_of(node), float(node.kilometres))
    addresses = PostalAddress.objects.filter(
        person=OuterRef("person_id"), ended_at=None, country__iexact="NL"
    ).annotate(code=Upper(SqueezedPostcode("postcode")))
    addresses = addresses.annotate(digits=Left("code", 4))
    own = PostcodePoint.objects.filter(code=OuterRef("code"))
    return Q(
        Exists(
            addresses.filter(
                Q(Exists(inside.filter(code=OuterRef("code"))))
                | Q(Exists(inside.filter(code=OuterRef("digits")))) & ~Q(Exists(own))
            )
        )
    )


def points_within(middle: PostcodePoint, kilometres: float) -> QuerySet[PostcodePoint]:
    """The postcodes that lie so near, by the haversine, which is exact for short ways too."""
    high = kilometres / A_DEGREE
    wide = high / cos(radians(min(abs(middle.latitude) + high, 89.0)))
    return (
        PostcodePoint.objects.filter(
            latitude__range=(middle.latitude - high, middle.latitude + high),
            longitude__range=(middle.longitude - wide, middle.longitude + wide),
        )
        .annotate(kilometres=_haversine(middle))
        .filter(kilometres__lte=kilometres)
    )


def _haversine(middle: PostcodePoint) -> Combinable:
    """Kilometres to a point, in plain arithmetic.

    `Least`: a rounding may bring the root over 1, which has no arc sine.
    """
    latitude, longitude = Value(middle.latitude), Value(middle.longitude)
    north = Power(Sin(Radians(F("latitude") - latitude) / 2.0), 2)
    east = Power(Sin(Radians(F("longitude") - longitude) / 2.0), 2)
    both = north + Cos(Radians(F("latitude"))) * Cos(Radians(latitude)) * east
    return ASin(Least(Value(1.0), Sqrt(both))) * (2 * EARTH)
