"""What this room itself brings up: mail that bounces, addresses that contradict each other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.people.reviewing import ReviewKind, add_review
from akkoord.trail.actions import Actor, record_change

# How postcodes look where we know it; another country's is not judged.
POSTCODES = {
    "NL": r"^[1-9][0-9]{3} ?[A-Za-z]{2}$",
    "BE": r"^[1-9][0-9]{3}$",
    "DE": r"^[0-9]{5}$",
    "FR": r"^[0-9]{5}$",
    "LU": r"^(L-)?[0-9]{4}$",
}
_LIVING = PostalAddress.objects.filter(ended_at=None)


def _bouncing(_at: datetime) -> QuerySet[Person]:
    points = _broken().filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(points))


def _broken() -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(
        channel=Channel.EMAIL, ended_at=None, undeliverable_at__isnull=False
    )


def _bounced(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    found = _broken().filter(person_id__in=ids)
    return {
        each.person_id: _now("{address} does not work since {day}.").format(
            address=each.value, day=date_format(each.undeliverable_at, "j b Y")
        )
        for each in found
        if each.undeliverable_at
    }


@transaction.atomic
def end_broken(person_id: UUID, at: datetime, actor: Actor) -> int:
    """The addresses that do not work are ended: they stay as history, nothing goes there."""
    ended = _broken().filter(person_id=person_id).update(ended_at=at)
    _say(person_id, "address.end", ("email",), at=at, actor=actor)
    return ended


def _two_countries(_at: datetime) -> QuerySet[Person]:
    people = (
        _LIVING.values("person_id")
        .annotate(countries=Count("country", distinct=True))
        .filter(countries__gt=1)
        .values("person_id")
    )
    return Person.objects.filter(id__in=people)


def _impossible() -> QuerySet[PostalAddress]:
    """Living addresses with a postcode that cannot be of their country."""
    wrong = Q()
    for country, pattern in POSTCODES.items():
        wrong |= Q(country=country) & ~Q(postcode__regex=pattern)
    return _LIVING.filter(wrong).exclude(postcode="")


def _no_postcode(_at: datetime) -> QuerySet[Person]:
    return Person.objects.filter(Exists(_impossible().filter(person=OuterRef("pk"))))


def _addresses(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    found: dict[UUID, list[str]] = {}
    for each in _LIVING.filter(person_id__in=ids).order_by("created_at", "id"):
        line = f"{each.street} {each.house_number}, {each.postcode} {each.city} ({each.country})"
        found.setdefault(each.person_id, []).append(line)
    return {person: "; ".join(lines) for person, lines in found.items()}


@transaction.atomic
def keep_newest(person_id: UUID, at: datetime, actor: Actor) -> int:
    """The newest postal address stays; the others are ended, and post to them with it."""
    living = _LIVING.filter(person_id=person_id).order_by("-created_at", "-id")
    older = list(living.values_list("id", flat=True))[1:]
    ended = PostalAddress.objects.filter(id__in=older).update(ended_at=at)
    _say(person_id, "person.correct", ("addresses",), at=at, actor=actor)
    return ended


@transaction.atomic
def end_addresses(person_id: UUID, at: datetime, actor: Actor) -> int:
    """The postal address that cannot be is ended; one that can be stays, and post to it with it."""
    ended = _impossible().filter(person_id=person_id).update(ended_at=at)
    if not _LIVING.filter(person_id=person_id).exists():
        post = ContactPoint.objects.filter(person_id=person_id, channel=Channel.POST)
        post.filter(ended_at=None).update(ended_at=at)
    _say(person_id, "person.correct", ("addresses",), at=at, actor=actor)
    return ended


def _say(
    person_id: UUID, action: str, fields: tuple[str, ...], *, at: datetime, actor: Actor
) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="person",
        object_id=person_id,
        subject_id=person_id,
        fields=fields,
        at=at,
    )


add_review(
    "bouncing",
    ReviewKind(
        label=_("Mail comes back"),
        why=_("Mail to these addresses does not arrive. An address that is wrong helps nobody."),
        article="AVG 5(1)(d)",
        order=10,
        find=_bouncing,
        details=_bounced,
        act=_("End this address"),
        settles=end_broken,
        keeps=_("Leave it"),
    ),
)
add_review(
    "two-countries",
    ReviewKind(
        label=_("Two countries"),
        why=_("These people live in two countries at once, by what you keep."),
        article="AVG 5(1)(d)",
        order=30,
        find=_two_countries,
        details=_addresses,
        act=_("Keep the newest"),
        settles=keep_newest,
        keeps=_("It is right"),
    ),
)
add_review(
    "postcode",
    ReviewKind(
        label=_("Postcode and country"),
        why=_("This postcode cannot be of this country."),
        article="AVG 5(1)(d)",
        order=40,
        find=_no_postcode,
        details=_addresses,
        act=_("End this address"),
        settles=end_addresses,
        keeps=_("It is right"),
    ),
)
