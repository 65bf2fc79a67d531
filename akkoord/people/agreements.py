"""Verbs and reads of agreements: write one down, call one off, which of them still stand."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from akkoord.law.terms import law_day
from akkoord.people.actions import PersonRefused
from akkoord.people.models import Agreement, Company, ContactPoint, Person, Relation
from akkoord.trail.actions import Actor, record_change


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What was agreed. `day`: of an appointment its day, of others the first. `company_id`: with
    which company; its contact is who it is written down with."""

    kind: str
    number: str
    day: date
    ends_on: date | None = None
    company_id: UUID | None = None


@transaction.atomic
def record_agreement(
    *,
    person_id: UUID,
    facts: AgreementFacts,
    at: datetime,
    actor: Actor,
    point: ContactPoint | None = None,
    source: str = "hand",
    file_id: UUID | None = None,
) -> Agreement:
    """Write an agreement down: the proof of messages about it, and of no advertising.

    Refuses an end before the beginning, a kind that does not exist, and one that is there already;
    of a company also somebody who is no contact there, and one without an address of theirs: a
    company's agreement speaks for the address that was used for it, and for no other (INV-15).
    """
    if facts.kind not in Agreement.Kind.values:
        raise PersonRefused("kind", _("Choose what was agreed."))
    if not facts.number.strip():
        raise PersonRefused("number", _("Fill in a number, so that it can be found again."))
    if facts.ends_on is not None and facts.ends_on < facts.day:
        raise PersonRefused("ends_on", _("This day lies before the first day."))
    person = Person.objects.select_for_update().get(id=person_id)
    if facts.company_id is not None:
        _demand_contact(person, facts.company_id, point, at=at)
    try:
        with transaction.atomic():
            made = Agreement.objects.create(
                person=person,
                contact_point=point,
                company_id=facts.company_id,
                file_id=file_id,
                kind=facts.kind,
                number=facts.number.strip()[:60],
                agreed_day=facts.day,
                ends_on=facts.ends_on,
                source=source,
                created_at=at,
            )
    except IntegrityError:
        raise PersonRefused("number", _("This agreement stands here already.")) from None
    _note("agreement.record", made, at=at, actor=actor)
    return made


def _demand_contact(
    person: Person, company_id: UUID, point: ContactPoint | None, *, at: datetime
) -> None:
    if not companies_of(person.id, at=at).filter(id=company_id).exists():
        raise PersonRefused("company", _("This person is no contact at this company."))
    if point is None or point.person_id != person.id:
        raise PersonRefused(
            "point", _("Choose the address that was used for it. Messages go there only.")
        )


def companies_of(person_id: UUID, *, at: datetime) -> QuerySet[Company]:
    """Where somebody is a contact today, by name."""
    today = law_day(at)
    there = Relation.objects.filter(
        Q(until=None) | Q(until__gt=today), person_id=person_id, kind=Relation.Kind.CONTACT
    )
    return Company.objects.filter(id__in=there.values("company_id")).order_by("name", "id")


@transaction.atomic
def call_off(*, agreement_id: UUID, at: datetime, actor: Actor) -> None:
    """It does not go on: no message rests on it from now. Twice is once."""
    found = Agreement.objects.filter(id=agreement_id, cancelled_on=None)
    if found.update(cancelled_on=law_day(at)):
        _note("agreement.call-off", Agreement.objects.get(id=agreement_id), at=at, actor=actor)


def _note(action: str, made: Agreement, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="agreement",
        object_id=made.id,
        subject_id=made.person_id,
        at=at,
    )


def as_proof(found: QuerySet[Agreement], *, at: datetime) -> QuerySet[Agreement]:
    """These agreements by the names that the gate for service asks of a sale.

    `reversed_on`: since when it carries nothing any more (called off, ended, its day is past).
    """
    today = law_day(at)
    is_over = Q(ends_on__lt=today) | Q(
        kind=Agreement.Kind.APPOINTMENT, ends_on=None, agreed_day__lt=today
    )
    none = Value(None, output_field=DateField())
    return found.annotate(
        bought_on=F("agreed_day"),
        reversed_on=Coalesce(
            "cancelled_on", Case(When(is_over, then=F("agreed_day")), default=none)
        ),
    )


def agreements_of(person_ids: list[UUID]) -> QuerySet[Agreement]:
    """What was agreed with somebody, the newest first."""
    found = Agreement.objects.filter(person_id__in=person_ids).select_related("company")
    return found.order_by("-agreed_day", "-id")
