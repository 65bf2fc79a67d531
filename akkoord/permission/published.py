"""The gate's rules for a business address that was published for such mail (INV-17, 18).

Art. 11.7(3) Tw lets mail go, without a yes, to an address that a company itself published for it.
So the standing says for which topic, and its event where that stood, in which words and when it was
seen; a page changes, so that it counts for a term alone (`valid_until`, asked by a rule for all).
Nobody said yes here: a no of this person, over whatever way, ends it.

Each condition lets pass what rests on something else, first: so the rest is looked up one by one.
"""

from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from akkoord.consent.models import PermissionEvent, Standing
from akkoord.law.sale_rules import LEGAL_FORM_SQL, NATURAL_FORM_SQL
from akkoord.law.states import Basis, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.models import Company, Relation
from akkoord.permission.question import Question
from akkoord.register.models import ProcessingActivity, Purpose

EVIDENCE: Final = ("published_at", "quote", "seen_on", "company")
"""What the event must hold: where it stood, the words, the day, and whose address it is."""


def _on_something_else() -> Q:
    return Q(mine_basis__isnull=True) | ~Q(mine_basis=Basis.PUBLISHED_ADDRESS)


def is_proven(_question: Question) -> Q:
    """The event of the standing shows where the company invites such mail.

    A scalar subquery, so that the planner looks it up for these few and never hashes the ledger.
    """
    shown = PermissionEvent.objects.filter(
        id=OuterRef("mine_event"),
        basis=Basis.PUBLISHED_ADDRESS,
        evidence__has_keys=list(EVIDENCE),
    ).values("id")[:1]
    return _on_something_else() | Q(Exact(Subquery(shown), F("mine_event")))


def is_legal_person(_question: Question) -> Q:
    """The address is a company's that is a legal person: others count as people (INV-17).

    What the record says of that company now; without a form, what was seen when it was written
    down.
    """
    named = Q(legal_form="") | (
        Q(legal_form__iregex=LEGAL_FORM_SQL) & ~Q(legal_form__iregex=NATURAL_FORM_SQL)
    )
    legal = Company.objects.filter(named, id=Subquery(_company_named()[:1])).values(
        found=Value(True)
    )
    return _on_something_else() | (Q(is_legal_person=True) & Q(Exact(Subquery(legal[:1]), True)))


def is_for_topic(question: Question) -> Q:
    """The register says that this topic goes to such addresses, and why that weighs little."""
    activity = Purpose.objects.filter(id=question.purpose.id).values("activity_key")
    says = ProcessingActivity.objects.filter(
        key=Subquery(activity[:1]),
        valid_to=None,
        telecom_basis__contains=Basis.PUBLISHED_ADDRESS.value,
    )
    return _on_something_else() | Q(Exists(says))


def _company_named() -> QuerySet[PermissionEvent, Any]:
    """The company that the event of the standing names; asked two queries deep."""
    return PermissionEvent.objects.filter(id=OuterRef(OuterRef("mine_event"))).values(
        named=Cast(KT("evidence__company"), UUIDField())
    )


def works_there(question: Question) -> Q:
    """Who reads this address still is at that company (art. 5(1)(d)); relations by person."""
    today = law_day(question.at)
    there = (
        Relation.objects.filter(
            Q(until=None) | Q(until__gt=today),
            person_id=OuterRef("person_id"),
            kind=Relation.Kind.CONTACT,
            company_id=Subquery(_company_named()[:1]),
        )
        .order_by()
        .values("person_id")[:1]
    )
    return _on_something_else() | Q(Exact(Subquery(there), F("person_id")))


def no_no_elsewhere(question: Question, state: PermissionState) -> Q:
    """Nobody who said no anywhere gets mail that they never asked for (INV-2, 4).

    An objection or a withdrawal of anything stops it; a refusal, one of this topic.
    """
    said = Standing.objects.filter(person_id=OuterRef("person_id"), state=state)
    if state is PermissionState.REFUSED:
        said = said.filter(purpose=question.purpose.id)
    first = Coalesce(Subquery(said.values("state")[:1]), Value(""))
    return _on_something_else() | Q(Exact(first, Value("")))
