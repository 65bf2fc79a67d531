"""Business addresses that a company published for such mail: written down with their proof.

Art. 11.7(3) Tw asks no yes of who invited the mail. So the standing rests on an event with where it
stood, the words, the day and who saw it; the gate asks the rest, each time (INV-17, 18).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from akkoord.consent.events import Fact, append, lock_point
from akkoord.consent.evidence import Proof
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.refusals import demand
from akkoord.consent.suppression import suppressed_since
from akkoord.law.basis_rules import judge_published_address, published_until
from akkoord.law.decisions import refuse
from akkoord.law.reasons import Reason
from akkoord.law.sale_rules import is_legal_person
from akkoord.law.states import (
    LIVE_STATES,
    STATE_REASONS,
    STOP_STATES,
    Basis,
    Channel,
    Method,
    PermissionState,
)
from akkoord.law.terms import LAW_ZONE, end_of_day, law_day
from akkoord.people.actions import PersonRefused
from akkoord.people.models import Company, ContactPoint, Relation
from akkoord.register.models import PurposeVersion
from akkoord.register.published import goes_to_published
from akkoord.trail.actions import Actor, record_change

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Publication:
    """What staff saw: at which address of the web, in which words, on which day, of which company.

    `scan`: a print or picture of the page, when there is one.
    """

    version: PurposeVersion
    url: str
    quote: str
    seen_on: date
    company: str
    legal_form: str
    registration_number: str = ""
    scan: bytes | None = None


@transaction.atomic
def record_publication(
    *, point_id: UUID, seen: Publication, at: datetime, actor: Actor
) -> PermissionEvent:
    """Write down that a company published this address for mail of this topic (INV-18).

    It counts for this topic alone, and for a term after it was seen. Refused (ConsentRefused): what
    is no mail address, a company that is no legal person (INV-17), no proof, a topic of which the
    register says nothing of this, a known child, and an address that said no or may not be used
    (INV-5); by PersonRefused one that may get it already on something better.
    """
    point = lock_point(point_id)
    _judge(point, seen, at=at)
    company = _company(seen, at=at)
    _works_there(point, company, since=seen.seen_on)
    proof = Proof(scan=seen.scan).kept(person_id=point.person_id, actor=actor, at=at)
    event = append(
        point=point,
        facts=[
            Fact(
                version=seen.version,
                state=PermissionState.GIVEN,
                method=Method.STAFF,
                basis=Basis.PUBLISHED_ADDRESS,
                happened_at=_moment(seen.seen_on, at),
                valid_until=end_of_day(published_until(seen.seen_on, law_day(at))),
                evidence=proof.as_json()
                | {
                    "published_at": seen.url.strip(),
                    "quote": seen.quote.strip(),
                    "seen_on": seen.seen_on.isoformat(),
                    "company": str(company.id),
                    "legal_form": seen.legal_form,
                },
            )
        ],
        actor=actor,
        at=at,
    )[0]
    if not point.is_legal_person:
        point.is_legal_person = True
        point.save(update_fields=["is_legal_person"])
    if point.person.judge_by is not None:  # INV-44: it rests on something now
        point.person.judge_by = None
        point.person.save(update_fields=["judge_by"])
    _note("publication.record", point, at=at, actor=actor)
    return event


def _judge(point: ContactPoint, seen: Publication, *, at: datetime) -> None:
    if point.channel != Channel.EMAIL or point.ended_at is not None:
        demand(refuse(Reason.BASIS_NOT_FOR_CHANNEL), field="address")
    if seen.seen_on > law_day(at):
        demand(refuse(Reason.FUTURE_TIME), field="seen_on")
    if not goes_to_published(seen.version.purpose):
        demand(refuse(Reason.TOPIC_NOT_FOR_PUBLISHED), field="topic")
    legal = is_legal_person(name=seen.company, legal_form=seen.legal_form)
    known = _known(seen)
    if known is not None and known.legal_form.strip():  # what is on record outweighs what is typed
        legal = legal and is_legal_person(name=known.name, legal_form=known.legal_form)
    verdict = judge_published_address(
        url=seen.url,
        quote=seen.quote,
        captured_on=seen.seen_on,
        is_natural_person=not legal,
        on=law_day(at),
    )
    demand(verdict, field="seen_on" if legal else "legal_form")
    if point.person.is_known_child:
        demand(refuse(Reason.KNOWN_CHILD))
    _refuse_after_a_no(point, seen.version)


def _refuse_after_a_no(point: ContactPoint, version: PurposeVersion) -> None:
    """Nobody who said no, anywhere, is written to on what they never asked for (INV-4, 5)."""
    suppressed = suppressed_since(
        keyed_hash=bytes(point.keyed_hash), channel=point.channel, slug=version.purpose.slug
    )
    if suppressed is not None:
        demand(refuse(Reason.SUPPRESSED))
    for standing in Standing.objects.filter(person_id=point.person_id):
        state = PermissionState(standing.state)
        here = standing.purpose_id == version.purpose_id
        if state in STOP_STATES and (here or state is not PermissionState.REFUSED):
            demand(refuse(STATE_REASONS[state]))
        if (
            here
            and standing.contact_point_id == point.id
            and state in LIVE_STATES
            and standing.basis != Basis.PUBLISHED_ADDRESS
        ):
            raise PersonRefused(
                "topic", _("This address may get this topic already, on a yes or as a customer.")
            )


def _company(seen: Publication, *, at: datetime) -> Company:
    """The company that is known; made when it is new. A form that was not on record is now: the
    gate asks it each time."""
    known = _known(seen)
    if known is None:
        number, name = _named(seen)
        return Company.objects.create(
            name=name, legal_form=seen.legal_form, registration_number=number, created_at=at
        )
    if not known.legal_form.strip():
        known.legal_form = seen.legal_form
        known.save(update_fields=["legal_form"])
    return known


def _known(seen: Publication) -> Company | None:
    """The company by its number in the trade register, else by its name: then one of the two has no
    number, for another number is another company."""
    number, name = _named(seen)
    if number and (found := Company.objects.filter(registration_number=number).first()):
        return found
    same = Company.objects.filter(name__iexact=name)
    if number:
        same = same.filter(registration_number="")
    return same.order_by("id").first()


def _named(seen: Publication) -> tuple[str, str]:
    """The number in the trade register and the name, as they are kept."""
    return seen.registration_number.strip(), " ".join(seen.company.split())


def _works_there(point: ContactPoint, company: Company, *, since: date) -> None:
    living = Relation.objects.filter(
        person_id=point.person_id, company=company, kind=Relation.Kind.CONTACT, until=None
    )
    if not living.exists():
        Relation.objects.create(
            person_id=point.person_id, company=company, kind=Relation.Kind.CONTACT, since=since
        )


def _moment(day: date, at: datetime) -> datetime:
    """Noon of the day on which it was seen; of today no later than now."""
    return min(datetime.combine(day, _NOON, tzinfo=LAW_ZONE), at)


@transaction.atomic
def end_publication(*, point_id: UUID, purpose_id: UUID, at: datetime, actor: Actor) -> bool:
    """It stands there no more: from now on nothing leaves on it; whether it counted until now."""
    point = lock_point(point_id)
    standing = living_publications(point.person_id).filter(
        contact_point=point, purpose_id=purpose_id
    )
    if not standing.exists():
        return False
    version = PurposeVersion.objects.select_related("purpose").get(
        purpose_id=purpose_id, valid_to=None
    )
    append(
        point=point,
        facts=[
            Fact(
                version=version,
                state=PermissionState.INVALIDATED,
                method=Method.STAFF,
                basis=Basis.PUBLISHED_ADDRESS,
                happened_at=at,
            )
        ],
        actor=actor,
        at=at,
    )
    _note("publication.end", point, at=at, actor=actor)
    return True


def living_publications(person_id: UUID) -> QuerySet[Standing]:
    """A person's standings that rest on a published address."""
    return Standing.objects.filter(
        person_id=person_id, basis=Basis.PUBLISHED_ADDRESS, state__in=LIVE_STATES
    )


def _note(action: str, point: ContactPoint, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="person",
        object_id=point.person_id,
        subject_id=point.person_id,
        at=at,
    )
