"""The gate's rules for letters by post (INV-19): a yes to post, or a balancing test.

Art. 11.7 Tw does not ask a yes for paper. So a customer may get a letter on a legitimate interest
(art. 6(1)(f)), when the three steps of its balancing test are written down for the activity; a
bought address only when it was held against Postfilter and the register of the deceased of late.
A no to the topic over any way stops such letters, for nobody asked for them; who said yes to post
itself is only stopped by a no to post, or to everything.

The conditions speak of the annotations that `with_interest` makes besides those of `rules.points`.
"""

from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Lower, Replace, StrIndex, Trim

from akkoord.consent.models import Standing
from akkoord.law.basis_rules import MARKETING_BASES
from akkoord.law.parameters import duration
from akkoord.law.states import SENDABLE_STATES, Basis, Channel, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, PostalAddress, Purchase, Relation
from akkoord.permission.question import Question
from akkoord.register.models import ActivityField, BalancingTest, PostCheck, Purpose

CUSTOMER: Final = "customer"
BOUGHT: Final = "bought"  # also what `ContactPoint.source` says of such an address
NEEDED_FIELDS: Final = ("street", "postcode", "city")
_POSTCODES = {"NL": r"^[1-9][0-9]{3} ?[A-Z]{2}$", "BE": r"^[1-9][0-9]{3}$", "DE": r"^[0-9]{5}$"}
_RELATED = (Relation.Kind.CUSTOMER, Relation.Kind.MEMBER)


def with_interest(found: QuerySet[ContactPoint], question: Question) -> QuerySet[ContactPoint]:
    """Points beside what a letter without a yes would rest on.

    `mine_kind`: a customer, a bought address, or neither (empty). `mine_test`: the balancing test
    of the topic's activity. Indexes: purchases and relations by person.
    """
    today = law_day(question.at)
    sales = Purchase.objects.filter(person_id=OuterRef("person_id"), reversed_on=None)
    relations = Relation.objects.filter(
        Q(until=None) | Q(until__gt=today), person_id=OuterRef("person_id"), kind__in=_RELATED
    )
    return found.annotate(
        mine_kind=Case(
            When(Exists(sales) | Exists(relations), then=Value(CUSTOMER)),
            When(source=BOUGHT, then=Value(BOUGHT)),
            default=Value(""),
            output_field=CharField(),
        ),
        mine_test=Subquery(_tests(question).values("id")[:1]),
    )


def evidence() -> Coalesce:
    """What a letter rests on: the person's own event, else the balancing test."""
    return Coalesce(F("mine_event"), F("mine_test"))


def _tests(question: Question, **covers: bool) -> QuerySet[BalancingTest]:
    """The test of the topic's activity that is in force."""
    return BalancingTest.objects.filter(
        activity_key__in=_activity(question), valid_to=None, **covers
    )


def _activity(question: Question) -> QuerySet[Purpose, Any]:
    return Purpose.objects.filter(id=question.purpose.id).values("activity_key")


def _own_yes() -> Q:
    """It rests on a yes of the person, to this topic by post."""
    return Q(mine_basis=Basis.CONSENT)


def without_yes() -> Q:
    """It does not: then it rests on our interest."""
    return Q(mine_state__isnull=True) | Q(
        mine_basis__in=[each.value for each in Basis if each is not Basis.CONSENT]
    )


def without_customer_basis() -> Q:
    """It does not rest on the customer exception of art. 11.7 Tw."""
    return Q(mine_state__isnull=True) | Q(
        mine_basis__in=[each.value for each in Basis if each is not Basis.EXISTING_CUSTOMER]
    )


def no_no_elsewhere(question: Question, state: PermissionState) -> Q:
    """Nobody who said no over another way gets a letter that they never asked for (INV-2, 4).

    An objection to anything stops it; a withdrawal or refusal, one of this topic.
    """
    said = Standing.objects.filter(person_id=OuterRef("person_id"), state=state)
    if state is not PermissionState.OBJECTED:
        said = said.filter(purpose=question.purpose.id)
    return _own_yes() | ~Q(Exists(said))


def has_basis(_question: Question) -> Q:
    """A yes to post that counts, or a customer or bought address that an interest may reach."""
    yes = Q(
        mine_basis=Basis.CONSENT,
        mine_state__in=sorted(each.value for each in SENDABLE_STATES[Basis.CONSENT]),
    )
    others = sorted(MARKETING_BASES[Channel.POST] - {Basis.CONSENT})
    standing = Q(mine_state__isnull=True) | Q(
        mine_basis__in=others, mine_state=PermissionState.GIVEN
    )
    return yes | (standing & ~Q(mine_kind=""))


def balancing_test(question: Question) -> Q:
    """INV-19: the balancing test is written, and covers people like this one."""
    customers = Exists(_tests(question, covers_customers=True))
    bought = Exists(_tests(question, covers_bought=True))
    return _own_yes() | (Q(mine_kind=CUSTOMER) & Q(customers)) | (Q(mine_kind=BOUGHT) & Q(bought))


def registers_checked(question: Question) -> Q:
    """INV-19: a bought address was held against the latest registers after it came in."""
    day = law_day(question.at)
    checks = PostCheck.objects.filter(
        checked_on__gte=day - duration("post-register-check-term", day),
        entered_at__gte=OuterRef("created_at"),
    )
    return _own_yes() | ~Q(mine_kind=BOUGHT) | Q(Exists(checks))


def fields_admitted(question: Question) -> Q:
    """The topic's activity may use what stands on an envelope (art. 5(1)(b))."""
    admitted = Q()
    for key in NEEDED_FIELDS:
        uses = ActivityField.objects.filter(
            activity_key__in=_activity(question),
            field__key=key,
            field__ended_at=None,
            yes_since=None,
            ended_at=None,
        )
        admitted &= Q(Exists(uses))
    return admitted


def addresses_of_points() -> QuerySet[PostalAddress]:
    """Whole addresses of the outer contact point: the very door that it was given for (INV-11).

    Index: addresses by person.
    """
    door = Concat(
        Lower(Replace("postcode", Value(" "), Value(""))),
        Value(" "),
        Lower(Trim("house_number")),
        Value(" "),
        output_field=CharField(),
    )
    known = Q()
    for country, pattern in _POSTCODES.items():
        known |= Q(country=country, postcode__regex=pattern)
    foreign = ~Q(country__in=list(_POSTCODES)) & ~Q(postcode="")
    return (
        PostalAddress.objects.filter(known | foreign, person_id=OuterRef("person_id"))
        .filter(ended_at=None)
        .exclude(street="")
        .exclude(house_number="")
        .exclude(city="")
        .annotate(at_door=StrIndex(OuterRef("normalised"), door))
        .filter(at_door=1)
        .order_by("-id")
    )


def address_complete(_question: Question) -> Q:
    """A last name and a whole address, or nothing would arrive."""
    return ~Q(person__family_name="") & Q(Exists(addresses_of_points()))
