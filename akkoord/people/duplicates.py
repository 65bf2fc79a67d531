"""Records that may be of one person: found set by set, looked at by staff (art. 5(1)(d) GDPR)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from akkoord.law.likeness import BLOCK, ENOUGH, WEIGHTS, Likeness
from akkoord.people.joining import JoinRefused
from akkoord.people.models import ContactPoint, DuplicatePair, DuplicateSide, Person
from akkoord.people.sounding import sound_names
from akkoord.people.spelling import spell_names
from akkoord.trail.actions import Actor, record_change

PAGE = 25
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('akkoord people duplicates'))"

SENTENCES = {
    Likeness.CUSTOMER_NUMBER: _("They have the same customer number."),
    Likeness.MAILBOX: _("Their e-mail addresses differ in dots or in what follows a plus only."),
    Likeness.FORMER_ADDRESS: _("One has an e-mail address that the other left."),
    Likeness.PHONE: _("They have the same telephone number."),
    Likeness.DOOR: _(
        "They have the same postcode and house number, and a last name that sounds the same."
    ),
    Likeness.COMPANY: _("They are at the same company, with a last name that sounds the same."),
    Likeness.SAME_NAME: _("They have the same first and last name."),
    Likeness.LIKE_NAME: _("Their last name is the same, and the first name may be."),
    Likeness.LIKE_SOUND: _("Their names are spelled differently and sound the same."),
    Likeness.BY_STAFF: _("Somebody of your staff says so."),
    Likeness.OTHER_NAME: _("Their names differ: they may be of one household."),
}


@cache
def _statements() -> dict[str, str]:
    text = (files("akkoord.people") / "sql" / "duplicates.sql").read_text()
    parts = text.split("-- name: ")[1:]
    return {name.strip(): sql for name, _, sql in (part.partition("\n") for part in parts)}


@transaction.atomic
def find_duplicates(*, at: datetime) -> int:
    """Look for records that may be of one person; how many pairs wait to be looked at.

    What staff said of a pair stays. Two at once wait for each other. Blocks, never everybody
    against everybody: the work grows with what people share, not with the square of how many.
    """
    values: dict[str, str | int | datetime] = {
        "block": BLOCK,
        "enough": ENOUGH,
        "weights": json.dumps({each.value: weight for each, weight in WEIGHTS.items()}),
        "at": at,
        "ms": int(at.timestamp() * 1000),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        for name, statement in _statements().items():
            cursor.execute(statement, values)
            if name == "named":  # by their key, before anything is compared
                spell_names(cursor)
                sound_names(cursor)
        for table in ("dup_name", "dup_sound", "dup_key", "dup_block", "dup_pair", "dup_found"):
            cursor.execute(f"DROP TABLE {table}")  # in tests a transaction has several
    return waiting()


def waiting() -> int:
    """How many pairs wait to be looked at."""
    return _shown().count()


def _shown() -> QuerySet[DuplicatePair]:
    """Pairs to look at; not those with somebody who is frozen meanwhile (INV-38)."""
    frozen = DuplicateSide.objects.filter(person__restricted_at__isnull=False)
    return DuplicatePair.objects.filter(state=DuplicatePair.State.NEW).exclude(
        id__in=frozen.values("pair_id")
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, in short."""

    person: Person
    address: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair to look at, with why in sentences."""

    id: UUID
    score: int
    why: list[str]
    sides: list[Side]


@dataclass(frozen=True, slots=True)
class PairsPage:
    """A page of pairs, those that look most alike first."""

    pairs: list[Pair]
    next_key: str


def pairs_page(*, after: str = "") -> PairsPage:
    """The pairs to look at, paged by key; three queries."""
    found = _shown()
    score, _sep, key = after.partition("-")
    if score.isdecimal() and _is_uuid(key):
        found = found.filter(Q(score__lt=int(score)) | Q(score=int(score), id__lt=key))
    rows = list(found.order_by("-score", "-id")[: PAGE + 1])
    shown = rows[:PAGE]
    sides = sides_of([each.id for each in shown])
    pairs = [
        Pair(each.id, each.score, sentences(each.reasons), sides.get(each.id, [])) for each in shown
    ]
    last = f"{shown[-1].score}-{shown[-1].id}" if len(rows) > PAGE else ""
    return PairsPage([each for each in pairs if len(each.sides) == 2], last)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def sentences(reasons: Sequence[str]) -> list[str]:
    """Why we think so, in words; what speaks against it last."""
    known = [each for each in Likeness if each.value in reasons]
    return [str(SENTENCES[each]) for each in known]


def sides_of(pairs: Sequence[UUID]) -> dict[UUID, list[Side]]:
    """The two people of each pair; who was known first comes first."""
    sides = list(
        DuplicateSide.objects.filter(pair_id__in=pairs)
        .select_related("person")
        .order_by("person__created_at", "person_id")
    )
    people = [each.person_id for each in sides]
    addresses = dict(
        ContactPoint.objects.filter(person_id__in=people, channel="email", ended_at=None)
        .order_by("-created_at")
        .values_list("person_id", "value")
    )
    found: dict[UUID, list[Side]] = {}
    for each in sides:
        side = Side(each.person, addresses.get(each.person_id, ""))
        found.setdefault(each.pair_id, []).append(side)
    return found


@transaction.atomic
def not_the_same(*, pair_id: UUID, at: datetime, actor: Actor) -> None:
    """Two people: never shown again. Refuses (JoinRefused) what was decided already."""
    done = DuplicatePair.objects.filter(id=pair_id, state=DuplicatePair.State.NEW).update(
        state=DuplicatePair.State.NOT_SAME, decided_at=at, decided_by=actor.id
    )
    if not done:
        raise JoinRefused(str(_("Somebody looked at this pair already.")))
    record_change(actor=actor, action="pair.not-same", object_kind="pair", object_id=pair_id, at=at)
