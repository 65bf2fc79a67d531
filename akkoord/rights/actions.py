"""People's requests: opened with their clock, extended, closed, refused (art. 12 GDPR)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.actions import object_to_marketing, restrict_person, suppress, withdraw
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.law.deadlines import request_due
from akkoord.law.request_rules import AT_ONCE, FREEZES, RequestKind
from akkoord.law.states import Channel, Method
from akkoord.people.queries import points_of
from akkoord.rights.due_days import dutch_holidays
from akkoord.rights.identity import refuse_identity_papers
from akkoord.rights.log import note
from akkoord.rights.models import RightsRequest
from akkoord.rights.parts import finish_parts, letter_gone, make_parts, open_parts, trail
from akkoord.rights.references import new_reference
from akkoord.rights.refusals import OPEN_STATES, RequestRefused
from akkoord.trail.actions import Actor

TYPED_BY_ANYBODY = (RightsRequest.Channel.WEB, RightsRequest.Channel.API)
"""Here an objection was kept when it came in; a mere withdrawal suppresses nobody."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a person asked, and how it came in."""

    kinds: tuple[str, ...]
    channel: str
    received_at: datetime
    person_id: UUID | None = None
    words: str = ""
    reply_to: str = ""
    identity: str = "none"
    state: str = RightsRequest.State.OPEN
    language: str = "nl"
    identity_reason: str = ""
    network: str = ""


@transaction.atomic
def open_request(*, facts: RequestFacts, at: datetime, actor: Actor) -> RightsRequest:
    """Write a request down; the clock runs from its receipt, over any channel (INV-33).

    An objection to marketing works in this very moment and asks for no identity (INV-34); keeping
    without using (art. 18) freezes the person now. A request for nothing else is then done.
    Refuses a request without a kind, and one that was received in the future.
    """
    if not facts.kinds:
        raise RequestRefused(_("Choose what the person asks."))
    if facts.received_at > at:
        raise RequestRefused(_("The request cannot have come in after today."))
    refuse_identity_papers(facts.words)
    refuse_identity_papers(facts.identity_reason, "identity_reason")
    day = timezone.localtime(facts.received_at).date()
    request = RightsRequest.objects.create(
        subject_id=facts.person_id,
        kinds=list(dict.fromkeys(facts.kinds)),
        channel=facts.channel,
        words=facts.words,
        reply_to=facts.reply_to,
        received_at=facts.received_at,
        due_on=request_due(day, dutch_holidays(day.year)),
        identity=facts.identity,
        identity_reason=facts.identity_reason,
        state=facts.state,
        handled_by=actor.id,
        language=facts.language,
        network=facts.network,
        reference=new_reference(),
    )
    make_parts(request)
    note(request, "opened", at=at, actor=actor, facts={"channel": facts.channel})
    trail(request, "request.open", at=at, actor=actor)
    if facts.state == RightsRequest.State.OPEN:
        return do_at_once(request, at=at, actor=actor)
    return request


@transaction.atomic
def do_at_once(request: RightsRequest, *, at: datetime, actor: Actor) -> RightsRequest:
    """Do what may not wait, and finish those parts (art. 7(3), 18, 21; INV-34, 38).

    Of somebody whom we do not know only the address is kept out of every file to come; who handles
    the request still answers. What was not confirmed by mail freezes nobody.
    """
    asked = open_parts(request)
    if request.subject_id is None:
        if RightsRequest.Kind.OBJECTION in asked and request.channel not in TYPED_BY_ANYBODY:
            _suppress_unknown(request.reply_to, since=request.received_at, actor=actor)
        return request
    person_id = request.subject_id
    if RightsRequest.Kind.OBJECTION in asked:
        object_to_marketing(
            person_id=person_id,
            method=Method.REPLY,
            actor=actor,
            at=at,
            happened_at=request.received_at,
        )
    if RightsRequest.Kind.WITHDRAWAL in asked:
        point = points_of([person_id]).filter(ended_at=None).first()
        if point is not None:  # everything, over every channel
            withdraw(point_id=point.id, method=Method.REPLY, actor=actor, at=at)
    done = set(AT_ONCE)
    if asked & FREEZES and request.state == RightsRequest.State.OPEN:
        restrict_person(person_id=person_id, actor=actor, at=at)
        note(request, "frozen", at=at, actor=actor)
        done.add(RequestKind.RESTRICTION)
    return finish_parts(request_id=request.id, kinds=asked & done, at=at, actor=actor)


def _suppress_unknown(reply_to: str, *, since: datetime, actor: Actor) -> None:
    """Keep whoever objects out of every file to come, also when nobody here has the address.

    Only its keyed hash is kept (INV-34, 40). What is no address is left to who handles it.
    """
    try:
        digest = keyed_hash(normalise_email(reply_to))
    except BadIdentifier:
        return
    suppress(keyed_hash=digest, channel=Channel.EMAIL, reason="objection", at=since, actor=actor)


def finish_by_hand(
    *, request_id: UUID, kinds: Sequence[str], at: datetime, actor: Actor
) -> RightsRequest:
    """Staff did one kind in another room. Refuses what `close_request` refuses."""
    refuse_by_hand(request_id=request_id, kinds=kinds)
    return finish_parts(request_id=request_id, kinds=kinds, at=at, actor=actor)


def refuse_by_hand(*, request_id: UUID, kinds: Sequence[str] | None) -> None:
    """An erasure is done by forgetting, an objection by judging it; saying so is not enough."""
    request = RightsRequest.objects.get(id=request_id)
    if request.state == RightsRequest.State.WAITING_IDENTITY:
        raise RequestRefused(_("The person did not confirm yet that it was them."))
    asked = open_parts(request) & set(kinds if kinds is not None else open_parts(request))
    if request.subject_id is None:
        return
    if RequestKind.ERASURE in asked:
        raise RequestRefused(_("Forget the person first: saying that it is done is not enough."))
    if RequestKind.OTHER_USE in asked:
        raise RequestRefused(_("Judge the objection first, with reasons."))


@transaction.atomic
def close_request(*, request_id: UUID, at: datetime, actor: Actor) -> RightsRequest:
    """The person has the answer to all that was left, in another way than by the letter here.

    Closing twice changes nothing. Refuses what is done by its own press, and what the person did
    not confirm yet.
    """
    refuse_by_hand(request_id=request_id, kinds=None)
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    if request.state in OPEN_STATES or request.owes_letter:
        note(request, "told-otherwise", at=at, actor=actor)
    finish_parts(request_id=request_id, kinds=None, at=at, actor=actor)
    return letter_gone(request_id)
