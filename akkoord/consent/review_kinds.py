"""What this room brings up for review: who was not seen for years, ages, relations that ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from akkoord.consent.age import HeardFrom, say_age
from akkoord.consent.details import ask, askable, asked_lately, asks
from akkoord.consent.events import Fact, append, lock_point
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.own_yes import rest_on_a_parent
from akkoord.law.field_rules import FieldKind
from akkoord.law.parameters import parameter
from akkoord.law.states import LIVE_STATES, Basis, Method, PermissionState
from akkoord.law.terms import add_months, add_years, law_day
from akkoord.people.models import ContactPoint, OwnFieldValue, Person, Purchase, Relation
from akkoord.people.reviewing import ReviewKind, ReviewRefused, add_review
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor

LIVE = sorted(state.value for state in LIVE_STATES)
# What somebody does themselves; an import or a member of staff is no sign of life.
OWN = [
    Method.WEB_FORM.value,
    Method.CONFIRMATION.value,
    Method.PREFERENCE_CENTRE.value,
    Method.CHECKOUT.value,
]


def unseen(at: datetime) -> QuerySet[Person]:
    """Nothing of them for the term: not confirmed, nothing bought, no choice made of themselves.

    Who was asked within a year has that year to answer.
    Opens and presses are no sign: they may be known of who agreed to that only (INV-28).
    """
    today = law_day(at)
    since = at - (today - add_months(today, -parameter("unconfirmed-term", today)))
    mine = {"person": OuterRef("pk")}
    chosen = Standing.objects.filter(**mine, method__in=OWN, heard_at__gt=since)
    bought = Purchase.objects.filter(**mine, bought_on__gt=since.date())
    verified = ContactPoint.objects.filter(**mine, verified_at__gt=since)
    return askable().filter(
        Q(confirmed_at=None) | Q(confirmed_at__lte=since),
        ~Exists(chosen),
        ~Exists(bought),
        ~Exists(verified),
        ~Exists(asked_lately(at)),
        created_at__lte=since,
    )


def _known_since(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    people = Person.objects.filter(id__in=ids)
    return {
        each.id: _now("Known since {day}, and nothing heard for years.").format(
            day=date_format(each.created_at, "j b Y")
        )
        for each in people
    }


@transaction.atomic
def ask_now(person_id: UUID, at: datetime, _actor: Actor) -> bool:
    """Ask this person now whether their details are right; once a year at most.

    Refuses while the organisation does not ask: who decides on the register switches that on.
    """
    if not asks():
        raise ReviewRefused(
            _now(
                "The question by mail is off, or not in the register any more. An owner or a "
                "privacy officer switches it on under “Are details still right?”."
            )
        )
    return ask(person_id=person_id, at=at)


def _births() -> QuerySet[OwnFieldValue]:
    """Answers in own fields that are a birth date."""
    named = Q(field__name_nl__icontains="geboorte") | Q(field__name_en__icontains="birth")
    return OwnFieldValue.objects.filter(
        named, field__value_kind=FieldKind.DATE.value, value__regex=r"^\d{4}-\d{2}-\d{2}$"
    )


def age_differs(at: datetime) -> QuerySet[Person]:
    """A birth date that says under sixteen of who is not known as such, or the other way round."""
    today = law_day(at)
    limit = add_years(today, -parameter("age-of-consent", today)).isoformat()
    mine = _births().filter(person=OuterRef("pk"))
    young, grown = mine.filter(value__gt=limit), mine.filter(value__lte=limit)
    is_child = Q(is_known_child=True)
    return Person.objects.filter((Q(Exists(young)) & ~is_child) | (Q(Exists(grown)) & is_child))


def _births_of(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    found = _births().filter(person_id__in=ids).select_related("field", "person")
    return {
        each.person_id: _now("{field}: {day}. Noted as {noted}.").format(
            field=each.field.name,
            day=each.field.shown(each.value),
            noted=_now("under 16") if each.person.is_known_child else _now("not under 16"),
        )
        for each in found
    }


@transaction.atomic
def by_the_date(person_id: UUID, at: datetime, actor: Actor) -> bool:
    """The date is right: note the age that follows from it."""
    today = law_day(at)
    limit = add_years(today, -parameter("age-of-consent", today)).isoformat()
    is_child = _births().filter(person_id=person_id, value__gt=limit).exists()
    return say_age(person_id=person_id, is_child=is_child, heard=HeardFrom.SEEN, at=at, actor=actor)


def _child_yeses() -> QuerySet[Standing]:
    """Living yeses of known children that no parent gave: the gate refuses them already."""
    given = Standing.objects.filter(person__is_known_child=True, state__in=LIVE)
    return given.exclude(id__in=rest_on_a_parent(Standing.objects.all()).values("id"))


def _ended_yeses(at: datetime) -> QuerySet[Standing]:
    """Living standings as a customer of who is no customer any more: every relation has ended."""
    mine = Relation.objects.filter(person=OuterRef("person"))
    lives = mine.filter(Q(until=None) | Q(until__gt=law_day(at)))
    return Standing.objects.filter(
        Exists(mine), ~Exists(lives), basis=Basis.EXISTING_CUSTOMER, state__in=LIVE
    )


def _people_of(standings: QuerySet[Standing]) -> QuerySet[Person]:
    return Person.objects.filter(Exists(standings.filter(person=OuterRef("pk"))))


def _topics(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    found = Standing.objects.filter(person_id__in=ids, state__in=LIVE)
    names = {
        each.purpose_id: each.name
        for each in PurposeVersion.objects.filter(
            purpose_id__in=found.values("purpose_id"), valid_to=None
        )
    }
    topics: dict[UUID, list[str]] = {}
    for person_id, purpose_id in found.values_list("person_id", "purpose_id").order_by("id"):
        topics.setdefault(person_id, []).append(names.get(purpose_id, ""))
    return {
        person: ", ".join(dict.fromkeys(each for each in found if each))
        for person, found in topics.items()
    }


@transaction.atomic
def let_go(standings: QuerySet[Standing], person_id: UUID, *, at: datetime, actor: Actor) -> int:
    """These yeses count no more; each by an event of its own. A no stays a no. How many."""
    found = list(standings.filter(person_id=person_id).order_by("contact_point_id", "id"))
    events = PermissionEvent.objects.select_related("purpose_version").in_bulk(
        [each.event_id for each in found]
    )
    for each in found:
        fact = Fact(
            version=events[each.event_id].purpose_version,
            state=PermissionState.INVALIDATED,
            method=Method.SYSTEM,
            basis=Basis(each.basis),
            happened_at=at,
            evidence={"review": True},
        )
        append(point=lock_point(each.contact_point_id), facts=[fact], actor=actor, at=at)
    return len(found)


add_review(
    "unseen",
    ReviewKind(
        label=_("Not heard of for years"),
        why=_("Nobody knows whether these data are still right. Ask, or let them go."),
        article="AVG 5(1)(d), 5(1)(e)",
        order=20,
        find=unseen,
        details=_known_since,
        act=_("Ask by mail"),
        settles=ask_now,
        keeps=_("Leave it"),
    ),
)
add_review(
    "age",
    ReviewKind(
        label=_("Age and birth date"),
        why=_("The birth date says something else than what is noted of the age."),
        article="AVG 8; UAVG 5",
        order=50,
        find=age_differs,
        details=_births_of,
        act=_("The date is right"),
        settles=by_the_date,
    ),
)
add_review(
    "child-yes",
    ReviewKind(
        label=_("Under 16 without a parent"),
        why=_("These yeses are of children, and no parent agreed. Nothing is sent on them."),
        article="AVG 8",
        order=60,
        find=lambda _at: _people_of(_child_yeses()),
        details=_topics,
        act=_("Let the yes go"),
        settles=lambda person, at, actor: let_go(_child_yeses(), person, at=at, actor=actor),
    ),
)
add_review(
    "no-customer",
    ReviewKind(
        label=_("No customer any more"),
        why=_("They get mail as a customer, but the relation has ended."),
        article="Tw 11.7",
        order=70,
        find=lambda at: _people_of(_ended_yeses(at)),
        details=_topics,
        act=_("Stop mail as a customer"),
        settles=lambda person, at, actor: let_go(_ended_yeses(at), person, at=at, actor=actor),
        keeps=_("It is right"),
    ),
)
