"""Named reads of people: one person, a page of the list, search by name or address."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.law.states import Channel
from akkoord.people.models import (
    ContactPoint,
    OwnFieldValue,
    Person,
    PersonAlias,
    PostalAddress,
    Purchase,
)

PAGE = 50


def all_ids(person_id: UUID) -> list[UUID]:
    """The person's id and every former id of merged records (aliases are followed everywhere)."""
    former = PersonAlias.objects.filter(person_id=person_id).values_list("old_id", flat=True)
    return [person_id, *former]


def groups_of_ids(person_ids: Sequence[UUID]) -> list[list[UUID]]:
    """Per person what `all_ids` says, in one query however many they are."""
    former: dict[UUID, list[UUID]] = {each: [] for each in person_ids}
    aliases = PersonAlias.objects.filter(person_id__in=former).order_by("old_id")
    for old, person in aliases.values_list("old_id", "person_id"):
        former[person].append(old)
    return [[each, *old] for each, old in former.items()]


def person_by_id(person_id: UUID) -> Person | None:
    """The person, also by a former id, or None."""
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        alias = PersonAlias.objects.filter(old_id=person_id).select_related("person").first()
        person = alias.person if alias else None
    return person


def is_somebody_named(text: str) -> bool:
    """Whether the first and last name of somebody we know stand beside each other in a text.

    A name alone is anybody's. By the first words of each pair; index people_person_name.
    """
    words = re.findall(r"[^\W\d_][\w'’-]*", text)[:60]
    pairs = {
        (" ".join(words[start:middle]), " ".join(words[middle:end]))
        for start in range(len(words))
        for middle in range(start + 1, min(start + 3, len(words)))
        for end in range(middle + 1, min(middle + 5, len(words) + 1))
    }
    found = Person.objects.filter(family_name__in={family for _given, family in pairs})
    return any(pair in pairs for pair in found.values_list("given_name", "family_name").distinct())


def person_by_email(text: str) -> Person | None:
    """The living person at this address, or None (also for an address that cannot be one)."""
    point = living_point(text, Channel.EMAIL)
    return point.person if point else None


def living_point(text: str, channel: str) -> ContactPoint | None:
    """The one living contact point with this address, with its person, or None."""
    normalised = text
    if channel == Channel.EMAIL:
        try:
            normalised = normalise_email(text)
        except BadIdentifier:
            return None
    return (
        ContactPoint.objects.filter(normalised=normalised, channel=channel, ended_at=None)
        .select_related("person")
        .first()
    )


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the list, with the keys of the next."""

    people: list[Person]  # each with `address` (text or None)
    next_key: str


class NameVector(Func):
    """The words of a name: the expression of the index `people_person_search`, to the letter."""

    function = "to_tsvector"
    template = "%(function)s('simple'::regconfig, %(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def _with_address(people: QuerySet[Person]) -> QuerySet[Person]:
    address = ContactPoint.objects.filter(
        person=OuterRef("id"), channel=Channel.EMAIL, ended_at=None
    ).order_by("created_at")
    return people.annotate(
        address=Subquery(address.values("value")[:1]),
        undeliverable=Subquery(address.values("undeliverable_at")[:1]),
    )


def people_page(*, text: str = "", to_judge: bool = False, after: str = "") -> PeoplePage:
    """Fifty people, newest first, paged by key; with `text`, those whose name or address fits.

    A word with `@` or a dot is looked for at the start of the address; other words at the start
    of each name.
    """
    people = Person.objects.all()
    if to_judge:
        people = people.filter(judge_by__isnull=False)
    if text.strip():
        people = people.filter(_fits(text))
    if after:
        people = people.filter(id__lt=_key(after))
    rows = list(_with_address(people).order_by("-id")[: PAGE + 1])
    return PeoplePage(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _fits(text: str) -> Q:
    words = [word for word in text.lower().split() if word.strip("'&|!():*<>")]
    if not words:
        return Q(id__in=[])
    address = next((word for word in words if "@" in word), words[0])
    by_address = ContactPoint.objects.filter(normalised__startswith=address).values("person_id")
    if "@" in address:
        return Q(id__in=by_address)
    # One set of ids and not "in this or in that": for that the planner reads everybody.
    return Q(id__in=by_address.union(_named(words)))


def _named(words: Sequence[str]) -> QuerySet[Person, Any]:
    terms = " & ".join("'" + word.replace("'", "''").replace("\\", "") + "':*" for word in words)
    return (
        Person.objects.annotate(names=NameVector("given_name", "family_name"))
        .filter(names=SearchMatch(terms))
        .values("id")
    )


class SearchMatch(SearchQuery):
    """A raw `tsquery` over simple words."""

    def __init__(self, terms: str) -> None:
        super().__init__(terms, config="simple", search_type="raw")


def points_of(person_ids: Iterable[UUID]) -> QuerySet[ContactPoint]:
    """Every address, living ones first."""
    return ContactPoint.objects.filter(person_id__in=list(person_ids)).order_by(
        F("ended_at").asc(nulls_first=True), "created_at"
    )


def purchases_of(person_id: UUID) -> QuerySet[Purchase]:
    """Sales, newest first."""
    return Purchase.objects.filter(person_id=person_id).order_by("-bought_on", "-id")


def to_judge_count() -> int:
    """How many people stand under the activity "import to be judged"."""
    return Person.objects.filter(judge_by__isnull=False).count()


def people_count() -> int:
    """How many people are kept: exact when few, PostgreSQL's estimate beyond 100,000."""
    few = Person.objects.values("id")[:100_001].count()
    if few <= 100_000:
        return few
    from django.db import connection  # only needed for the estimate

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = 'people_person'::regclass"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else few


def more_than_proof() -> Q:
    """People of whom more is kept than the address that the proof of their choice is about."""
    return (
        ~Q(given_name="", family_name="", customer_number="")
        | Q(Exists(PostalAddress.objects.filter(person=OuterRef("id"))))
        | Q(Exists(OwnFieldValue.objects.filter(person=OuterRef("id"))))
    )
