"""Of whom a field of a special category may hold something, and what it may hold (INV-32).

What an exception rests on is asked of the very person each time; what was written under another
decision is not carried over to this one.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from akkoord.consent.models import Standing
from akkoord.datamap.holds import held_people
from akkoord.law.exception_rules import Asks
from akkoord.law.states import LIVE_STATES
from akkoord.law.terms import law_day
from akkoord.people.models import Agreement, Person, Relation
from akkoord.register.exception_queries import decided_since, rule_of
from akkoord.register.models import FieldException


def fit_people(
    exception: FieldException, people: Collection[UUID], *, at: datetime
) -> frozenset[UUID]:
    """Of whom of these people the field may hold something now; one query at most."""
    ids = list(people)
    whose = _whose(exception, at=at)
    if whose is None:
        return frozenset(ids)
    found = Person.objects.filter(id__in=ids).filter(id__in=whose)
    return frozenset(found.values_list("id", flat=True))


def fits(exception: FieldException, *, at: datetime) -> Q:
    """The same as a condition on rows with a `person_id`, to be asked where they stand."""
    whose = _whose(exception, at=at)
    return Q() if whose is None else Q(person_id__in=whose)


def _whose(exception: FieldException, *, at: datetime) -> Any:
    """The ids of whom it may hold something: a query, a list, or None for everybody."""
    asks = rule_of(exception).asks
    if asks is Asks.EXPLICIT_YES:
        yes = Standing.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=at),
            person_id__isnull=False,
            purpose=exception.purpose,
            state__in=LIVE_STATES,
            purpose_version_number__gte=F("purpose__consent_version"),
        )
        return yes.values_list("person_id", flat=True)
    if asks is Asks.CLAIM:
        return held_people()
    if asks is Asks.SOURCE:
        return None
    if asks is Asks.MEMBER:
        return _members(law_day(at))
    found = Relation.objects.filter(
        Q(until=None) | Q(until__gte=law_day(at)), kind=Relation.Kind.EMPLOYEE
    )
    return found.values_list("person_id", flat=True)


def _members(on: date) -> Any:
    """Members and former members, by a membership that was agreed (UAVG 22(2)(c)). Of a former one
    it may stay as long as the membership stands here and the exception is open."""
    agreed = Agreement.objects.filter(kind=Agreement.Kind.MEMBER, agreed_day__lte=on)
    relation = Relation.objects.filter(kind=Relation.Kind.MEMBER)
    found = Person.objects.filter(
        Q(id__in=agreed.values("person_id")) | Q(id__in=relation.values("person_id"))
    )
    return found.values_list("id", flat=True)


def written_under(exceptions: Sequence[FieldException]) -> Q:
    """The values that were written under these decisions: not under another ground before them."""
    found = Q(field_id__in=[])
    for each in exceptions:
        found |= Q(field_id=each.field_id, updated_at__gte=decided_since(each))
    return found


def not_fit_sentence(exception: FieldException) -> str:
    """What must be there first, before something of a person may be kept."""
    return {
        Asks.EXPLICIT_YES: _(
            "This person has not said an explicit yes to this, or took it back. Ask them first, "
            "and add the proof."
        ),
        Asks.EMPLOYED: _("This person is not on your staff, as far as is written down here."),
        Asks.MEMBER: _("This person is no member, as far as is written down here."),
        Asks.CLAIM: _("No claim is written down for which this person is held."),
        Asks.SOURCE: _("Write down where they made this public themselves."),
    }[rule_of(exception).asks]
