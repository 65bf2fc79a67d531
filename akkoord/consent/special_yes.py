"""The explicit yes to keep something of a special category, and taking it back (art. 9(2)(a)).

A purpose of its own with words of its own, on paper that is kept. It says nothing about letters:
none is ever sent for it. Taking it back is one press, and closes the field at once (art. 7(3)).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.evidence import Proof
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.models import Standing
from akkoord.consent.notices import keep_notice
from akkoord.consent.special_models import SpecialValue
from akkoord.consent.special_values import SpecialRefused, kept_of, role_of
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.holds import held_people
from akkoord.law.states import LIVE_STATES, Channel, Method
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.register.exception_models import SPECIAL
from akkoord.register.exception_queries import open_exception
from akkoord.register.models import FieldException, PurposeVersion, language_now
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor

NOTICE = "special"


@dataclass(frozen=True, slots=True)
class SpecialFact:
    """What the person reads of one field: what is kept, and whether it rests on their yes."""

    key: str
    name: str
    shown: str
    where: str
    by_yes: bool


def special_facts(person_id: UUID) -> list[SpecialFact]:
    """All that is kept of somebody on an exception, or that they said yes to; two queries."""
    live = Standing.objects.filter(
        person_id=person_id, purpose__slug__startswith=SPECIAL, state__in=LIVE_STATES
    )
    said = {
        slug.removeprefix(SPECIAL): (name_nl, name_en)
        for slug, name_nl, name_en in live.filter(purpose__versions__valid_to=None).values_list(
            "purpose__slug", "purpose__versions__name_nl", "purpose__versions__name_en"
        )
    }
    found = [
        SpecialFact(each.field.key, each.field.name, each.shown, each.where, each.field.key in said)
        for each in kept_of([person_id])
    ]
    english = language_now() == "en"
    kept = {each.key for each in found}
    found += [
        SpecialFact(key, names[english], "", "", by_yes=True)
        for key, names in sorted(said.items())
        if key not in kept
    ]
    return found


def words_of_yes(exception: FieldException, language: str) -> str:
    """The exact words that somebody says yes to, in their language; they stand on the paper."""
    version = _version(exception)
    house = organisation()
    with translation.override(language):
        is_english = language == "en"
        return _(
            "I say explicitly yes to %(house)s keeping this of me: %(field)s. What for: %(why)s "
            "It is kept encrypted and is never used for advertising. I can take this back at any "
            "moment; then it is erased."
        ) % {
            "house": house.name if house else "",
            "field": version.name_en if is_english else version.name_nl,
            "why": version.description_en if is_english else version.description_nl,
        }


def _version(exception: FieldException) -> PurposeVersion:
    return PurposeVersion.objects.select_related("purpose").get(
        purpose__slug=SPECIAL + exception.field.key, valid_to=None
    )


@transaction.atomic
def record_yes(
    *,
    person_id: UUID,
    field_key: str,
    scan: bytes | None,
    happened_at: datetime,
    at: datetime,
    actor: Actor,
) -> None:
    """Record somebody's explicit yes with the signed paper.

    Refuses who is not of the one role, a field that rests on no yes or is closed, somebody without
    an address, and by the law's rules a yes without its paper (ConsentRefused), or a scan that is
    none (BadFile).
    """
    exception = open_exception(field_key, law_day(at))
    if exception is None or exception.purpose_id is None:
        raise SpecialRefused("", _("This field is closed. Nobody reads or writes it (art. 9)."))
    if role_of(actor) != exception.seen_by:
        raise SpecialRefused("", _("This field is opened to another role than yours."))
    points = ContactPoint.objects.filter(person_id=person_id, ended_at=None)
    usable = points.filter(channel__in=[Channel.EMAIL, Channel.PHONE, Channel.POST])
    point = usable.select_related("person").order_by("channel", "created_at").first()
    if point is None:
        raise SpecialRefused("", _("Write down an address first: a yes belongs to an address."))
    language = point.person.language
    notice = keep_notice(
        kind=NOTICE, language=language, text=words_of_yes(exception, language), at=at
    )
    grant = EvidenceGrant(
        version=_version(exception),
        method=Method.PAPER,
        happened_at=happened_at,
        notice=notice,
        proof=Proof(scan=scan),
        language=language,
    )
    record_evidence_grant(point_id=point.id, grant=grant, actor=actor, at=at)


@transaction.atomic
def take_back(*, person_id: UUID, field_key: str, at: datetime, actor: Actor) -> bool:
    """Take an explicit yes back: the field closes for this person, and what was kept goes.

    By the person with one press, or entered by staff for them. Needs no reason and no check, and
    works while the exception is closed too. Whether there was anything.
    """
    live = Standing.objects.filter(
        person_id=person_id, purpose__slug=SPECIAL + field_key, state__in=LIVE_STATES
    )
    found = list(live.values_list("contact_point_id", "purpose_id"))
    method = Method.PREFERENCE_CENTRE if actor.id is None else Method.STAFF
    for point_id, purpose_id in found:
        withdraw(point_id=point_id, purpose_id=purpose_id, method=method, actor=actor, at=at)
    if not found:
        return False
    # Of who is held for a claim or frozen it stays, sealed: nobody reads it (art. 17(3)(e), 18).
    rows = SpecialValue.objects.filter(person_id=person_id, field__key=field_key)
    rows.filter(person__restricted_at=None).exclude(person_id__in=held_people()).delete()
    return True
