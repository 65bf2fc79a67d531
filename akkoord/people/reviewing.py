"""What comes up for review because it may not be right (art. 5(1)(d) GDPR).

Each kind says whom it is about, why, and what one press does. Rooms above enter theirs in their
`sections.py`; this room names none of them. What somebody said is right comes up no more for the
term `review-settled-term`, then it is looked at again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from akkoord.law.parameters import parameter
from akkoord.law.terms import add_months, law_day
from akkoord.people.models import ContactPoint, Person, ReviewSettled
from akkoord.trail.actions import Actor, record_change

PAGE = 25


class ReviewRefused(Exception):
    """One press that cannot be now; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ReviewKind:
    """A kind of what may be wrong. `find`: whom it is about; `details`: what there is to see, per
    person, in a bounded number of statements; `settles`: what one press does, called `act` (it
    answers whether anything changed, or refuses: ReviewRefused);
    `keeps`: what it is called to say that it is right as it is (empty: cannot be)."""

    label: Any
    why: Any
    article: str
    order: int
    find: Callable[[datetime], QuerySet[Person]]
    details: Callable[[Sequence[UUID]], Mapping[UUID, str]]
    act: Any
    settles: Callable[[UUID, datetime, Actor], Any]
    keeps: Any = ""


_kinds: dict[str, ReviewKind] = {}


def add_review(key: str, kind: ReviewKind) -> None:
    """Plug a kind in."""
    _kinds[key] = kind


def review_kinds() -> dict[str, ReviewKind]:
    """Every kind, in order."""
    return dict(sorted(_kinds.items(), key=lambda each: each[1].order))


def to_review(key: str, *, at: datetime) -> QuerySet[Person]:
    """Whom a kind is about now; nobody who is frozen (INV-38), nor what was said to be right."""
    today = law_day(at)
    since = at - (today - add_months(today, -parameter("review-settled-term", today)))
    settled = ReviewSettled.objects.filter(person=OuterRef("pk"), kind=key, settled_at__gt=since)
    return review_kinds()[key].find(at).filter(~Exists(settled), restricted_at=None)


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind with how many there are."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Somebody who comes up, with what there is to see."""

    person: Person
    address: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of one kind, by key."""

    rows: list[ReviewRow]
    next_key: str


def tabs(*, at: datetime) -> list[Tab]:
    """Every kind with its count: one statement each."""
    return [
        Tab(key, str(kind.label), to_review(key, at=at).count())
        for key, kind in review_kinds().items()
    ]


def review_count(*, at: datetime) -> int:
    """How many there are of all kinds together, somebody of two kinds twice; one statement."""
    first, *others = (to_review(key, at=at).order_by().values("id") for key in review_kinds())
    return first.union(*others, all=True).count()


def review_page(key: str, *, at: datetime, after: str = "") -> ReviewPage:
    """Twenty-five people of a kind, oldest first; the same number of statements for any page."""
    people = to_review(key, at=at).order_by("id")
    if after:
        people = people.filter(id__gt=_key(after))
    found = list(people[: PAGE + 1])
    shown = found[:PAGE]
    ids = [each.id for each in shown]
    addresses = dict(
        ContactPoint.objects.filter(person_id__in=ids, channel="email", ended_at=None)
        .order_by("-created_at")
        .values_list("person_id", "value")
    )
    details = review_kinds()[key].details(ids)
    rows = [
        ReviewRow(each, addresses.get(each.id, ""), str(details.get(each.id, ""))) for each in shown
    ]
    return ReviewPage(rows, str(shown[-1].id) if len(found) > PAGE else "")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@transaction.atomic
def settle(*, key: str, person_id: UUID, at: datetime, actor: Actor) -> bool:
    """One press: put right what this kind puts right; whether anything changed.

    Nothing does for who comes up no more. Refuses (ReviewRefused) what cannot be now.
    """
    person = to_review(key, at=at).filter(id=person_id).first()
    if person is None:
        return False
    return bool(review_kinds()[key].settles(person.id, at, actor))


@transaction.atomic
def is_right(*, key: str, person_id: UUID, at: datetime, actor: Actor) -> bool:
    """Somebody looked, and it is right as it is; whether the person still came up."""
    person = to_review(key, at=at).select_for_update(of=("self",)).filter(id=person_id).first()
    if person is None or not review_kinds()[key].keeps:
        return False
    ReviewSettled.objects.update_or_create(
        person=person, kind=key, defaults={"settled_at": at, "settled_by": actor.id}
    )
    record_change(
        actor=actor,
        action="review.right",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=(key,),
        at=at,
    )
    return True
