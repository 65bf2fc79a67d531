"""Handling a request: who it is, a note beside what may not change, an objection judged, and the
end of a freeze, of which the person hears before (art. 12, 16, 18(3), 21(1) GDPR)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.actions import lift_restriction
from akkoord.datamap.identifiers import BadIdentifier, normalise_phone
from akkoord.law.message_kinds import MessageKind
from akkoord.law.request_rules import RefusalGround, RequestKind
from akkoord.law.states import Channel
from akkoord.people.models import Person, PostalAddress, Purchase
from akkoord.people.queries import living_point, person_by_id
from akkoord.rights.actions import do_at_once
from akkoord.rights.identity import refuse_identity_papers
from akkoord.rights.log import note
from akkoord.rights.models import RecordNote, RequestPart, RightsRequest
from akkoord.rights.objecting import end_objected_use, stays_frozen
from akkoord.rights.parts import finish_parts, letter_gone, refuse_parts, trail
from akkoord.rights.queries import mailbox_of
from akkoord.rights.refusals import OPEN_STATES, RequestRefused
from akkoord.rights.taken_mail import send
from akkoord.trail.actions import Actor

MOST = 20
PAPERS = (
    *("paspoort", "passport", "identiteitskaart", "identiteitsbewijs", "id-kaart", "id-bewijs"),
    *("rijbewijs", "identity card", "driving licence", "legitimatie", "bsn"),
)
SHORTEST = 40  # characters: a word or two weighs nothing


def people_by_fact(fact: str, name: str = "") -> list[Person]:
    """Who this fact is of: an address, number, postcode with number, customer or order number.

    Never by a name alone: hundreds may share it (art. 5(1)(d), 12(6)).
    """
    typed = " ".join(fact.split())
    if not typed:
        return []
    ids: set[UUID] = set(
        Person.objects.filter(customer_number__iexact=typed).values_list("id", flat=True)
    )
    ids |= set(Purchase.objects.filter(number__iexact=typed).values_list("person_id", flat=True))
    for channel in (Channel.EMAIL, Channel.PHONE, Channel.SMS):
        point = living_point(_spelled(typed, channel), channel)
        ids |= {point.person_id} if point else set()
    postcode = typed.replace(" ", "").upper()
    if len(postcode) >= 7:  # 1234AB and at least a number
        homes = PostalAddress.objects.filter(
            postcode__in=[postcode[:6], f"{postcode[:4]} {postcode[4:6]}"],
            house_number__iexact=postcode[6:],
        )
        ids |= set(homes.values_list("person_id", flat=True))
    found = Person.objects.filter(id__in=ids - {None})
    for word in name.split():
        found = found.filter(family_name__icontains=word) | found.filter(given_name__icontains=word)
    return list(found.order_by("family_name", "given_name", "id")[:MOST])


def _spelled(text: str, channel: Channel) -> str:
    if channel is Channel.EMAIL:
        return text
    try:
        return normalise_phone(text)
    except BadIdentifier:
        return text


@transaction.atomic
def attach_person(
    *, request_id: UUID, person_id: UUID, fact: str, at: datetime, actor: Actor
) -> RightsRequest:
    """Say whose request it is, by more than a name; what may not wait is done now.

    Refuses somebody whom this fact does not fit, and a request that has somebody already.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    if request.subject_id is not None or request.state not in OPEN_STATES:
        raise RequestRefused(_("We know already whose request this is."))
    if person_id not in {each.id for each in people_by_fact(fact)}:
        raise RequestRefused(_("This does not fit this person. Look again."), "fact")
    request.subject_id = person_id
    request.save(update_fields=["subject_id"])
    note(request, "person-found", at=at, actor=actor)
    return do_at_once(request, at=at, actor=actor)


@transaction.atomic
def ask_more(*, request_id: UUID, reason: str, at: datetime, actor: Actor) -> RightsRequest:
    """Ask more than the mailbox to know who it is, with the reason for the doubt (art. 12(6)).

    Refuses without a reason, and a reason that asks for a copy of an identity document.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    if len(reason.strip()) < SHORTEST:
        raise RequestRefused(_("Write at least a whole sentence here."), "identity_reason")
    if asks_for_papers(reason):
        raise RequestRefused(
            _(
                "A copy of an identity document may not be asked. Ask something that only they "
                "know, like the number of an order (art. 12(6) GDPR)."
            ),
            "identity_reason",
        )
    request.identity_reason = reason.strip()[:300]
    request.save(update_fields=["identity_reason"])
    note(request, "more-asked", at=at, actor=actor)
    return request


def asks_for_papers(text: str) -> bool:
    """Whether a text speaks of a copy of a passport, identity card or driving licence."""
    low = text.lower()
    return any(word in low for word in PAPERS)


@transaction.atomic
def annotate(
    *, request_id: UUID, store: str, row_id: UUID, text: str, at: datetime, actor: Actor
) -> RecordNote:
    """Write a correction beside a record that must stay as it is (art. 16; AWR 52).

    Refuses an empty one, a record of somebody else, and numbers of identity papers.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    person = person_by_id(request.subject_id) if request.subject_id else None
    if person is None or not Purchase.objects.filter(id=row_id, person=person).exists():
        raise RequestRefused(_("This is not of this person."), "row_id")
    if not text.strip():
        raise RequestRefused(_("Write down what is right."), "text")
    refuse_identity_papers(text, "text")
    found = RecordNote.objects.create(
        subject_id=person.id,
        store=store,
        row_id=row_id,
        text=text.strip()[:1000],
        written_at=at,
        written_by=actor.id,
    )
    note(request, "annotated", at=at, actor=actor, kind=RequestKind.RECTIFICATION)
    return found


@transaction.atomic
def assess_objection(
    *,
    request_id: UUID,
    is_granted: bool,
    reasons: str,
    at: datetime,
    actor: Actor,
    activity: str = "",
    by_mail: bool = False,
) -> RightsRequest:
    """Judge an objection to a use that rests on a balancing test, with reasons (art. 21(1)).

    Until then the record is frozen (art. 18(1)(d)). Granted, the use ends; with `activity` it is
    one of the register's, which ends here and now, and the rest may be used again, after the person
    was told (art. 18(3)), unless something else keeps it frozen. Against marketing nothing is
    weighed: that never comes here. Refuses reasons that say nothing.
    """
    if len(reasons.strip()) < SHORTEST:
        raise RequestRefused(_("Write at least a whole sentence here."), "reasons")
    kinds = (RequestKind.OTHER_USE,)
    request = RightsRequest.objects.get(id=request_id)
    waiting = request.parts.filter(kind__in=kinds, state=RequestPart.State.OPEN)
    if not waiting.exists():
        raise RequestRefused(_("There is no objection to judge."))
    if not is_granted:
        return refuse_parts(
            request_id=request_id,
            kinds=kinds,
            ground=RefusalGround.COMPELLING,
            explanation=reasons,
            at=at,
            actor=actor,
        )
    waiting.update(explanation=reasons.strip()[:1000])
    if activity:
        end_objected_use(request, activity_key=activity, at=at, actor=actor)
    done = finish_parts(request_id=request_id, kinds=kinds, at=at, actor=actor)
    if activity:
        _free_the_rest(done, by_mail=by_mail, at=at, actor=actor)
    return done


def _free_the_rest(request: RightsRequest, *, by_mail: bool, at: datetime, actor: Actor) -> None:
    """What was not objected to may be used again: the person hears it first (art. 18(3))."""
    person = person_by_id(request.subject_id) if request.subject_id else None
    if person is None or stays_frozen(request, person):
        note(request, "stays-frozen", at=at, actor=actor)
        return
    with translation.override(request.language):
        reason = _("We granted your objection: that use of your data has stopped.")
    tell_of_lifting(request_id=request.id, reason=reason, by_mail=by_mail, at=at, actor=actor)
    lift(request_id=request.id, at=at, actor=actor)
    letter_gone(request.id)


@transaction.atomic
def tell_of_lifting(
    *, request_id: UUID, reason: str, by_mail: bool, at: datetime, actor: Actor
) -> RightsRequest:
    """Tell the person that their record will be used again, and why: before it is (art. 18(3)).

    Refuses without a reason, of whom nothing is frozen, and by mail without a mailbox.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    person = person_by_id(request.subject_id) if request.subject_id else None
    if person is None or person.restricted_at is None:
        raise RequestRefused(_("Nothing of this person is frozen."))
    if not reason.strip():
        raise RequestRefused(_("Say why. The person has a right to know."), "reason")
    point = mailbox_of(request)
    if by_mail:
        is_told = point is not None and send(
            request,
            "lifting",
            {"reason": reason.strip()},
            kind=MessageKind.RIGHTS_REPLY,
            recipient=point.value,
            at=at,
        )
        if not is_told:
            raise RequestRefused(_("We know no mailbox of this person. Tell them in another way."))
    note(request, "lift-told", at=at, actor=actor, facts={"by_mail": by_mail})
    return request


@transaction.atomic
def lift(*, request_id: UUID, at: datetime, actor: Actor) -> RightsRequest:
    """Use a frozen record again. Refuses before the person was told (art. 18(3))."""
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    person = person_by_id(request.subject_id) if request.subject_id else None
    if person is None or person.restricted_at is None:
        raise RequestRefused(_("Nothing of this person is frozen."))
    if not request.steps.filter(code="lift-told", at__gte=person.restricted_at).exists():
        raise RequestRefused(_("First tell the person that this ends, and why (art. 18 GDPR)."))
    lift_restriction(person_id=person.id, actor=actor, at=at)
    note(request, "lifted", at=at, actor=actor)
    trail(request, "request.lift", at=at, actor=actor)
    return request
