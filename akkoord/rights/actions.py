"""People's requests: opened with their clock, extended, closed, refused (art. 12 GDPR)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

import holidays
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.actions import object_to_marketing, restrict_person, suppress
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.law.deadlines import extended_due, request_due
from akkoord.law.states import Channel, Method
from akkoord.rights.models import RightsRequest
from akkoord.rights.references import new_reference
from akkoord.trail.actions import Actor, record_change

OPEN_STATES = (RightsRequest.State.OPEN, RightsRequest.State.WAITING_IDENTITY)


class RequestRefused(Exception):
    """Something that cannot be done with a request; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


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


@cache
def dutch_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year and the next, on which no term ends (Regulation 1182/71)."""
    return frozenset(holidays.country_holidays("NL", years=[year, year + 1]))


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
    day = timezone.localtime(facts.received_at).date()
    request = RightsRequest.objects.create(
        subject_id=facts.person_id,
        kinds=list(facts.kinds),
        channel=facts.channel,
        words=facts.words,
        reply_to=facts.reply_to,
        received_at=facts.received_at,
        due_on=request_due(day, dutch_holidays(day.year)),
        identity=facts.identity,
        state=facts.state,
        handled_by=actor.id,
        reference=new_reference(),
    )
    _trail(request, "request.open", at=at, actor=actor)
    if facts.state == RightsRequest.State.OPEN and _do_at_once(request, at=at, actor=actor):
        return close_request(request_id=request.id, at=at, actor=actor)
    return request


def _do_at_once(request: RightsRequest, *, at: datetime, actor: Actor) -> bool:
    """Do what may not wait; whether nothing else was asked."""
    kinds = set(request.kinds)
    if request.subject_id is None:
        if RightsRequest.Kind.OBJECTION in kinds:
            _suppress_unknown(request.reply_to, since=request.received_at, actor=actor)
        return False
    if RightsRequest.Kind.OBJECTION in kinds:
        object_to_marketing(
            person_id=request.subject_id,
            method=Method.REPLY,
            actor=actor,
            at=at,
            happened_at=request.received_at,
        )
    if RightsRequest.Kind.RESTRICTION in kinds:
        restrict_person(person_id=request.subject_id, actor=actor, at=at)
    return kinds <= {RightsRequest.Kind.OBJECTION, RightsRequest.Kind.RESTRICTION}


def _suppress_unknown(reply_to: str, *, since: datetime, actor: Actor) -> None:
    """Keep whoever objects out of every file to come, also when nobody here has the address.

    Only its keyed hash is kept (INV-34, 40). What is no address is left to who handles it.
    """
    try:
        digest = keyed_hash(normalise_email(reply_to))
    except BadIdentifier:
        return
    suppress(keyed_hash=digest, channel=Channel.EMAIL, reason="objection", at=since, actor=actor)


@transaction.atomic
def close_request(*, request_id: UUID, at: datetime, actor: Actor) -> RightsRequest:
    """The person has the answer. Closing twice changes nothing."""
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    if request.state not in OPEN_STATES:
        return request
    request.state = RightsRequest.State.DONE
    request.closed_at, request.handled_by = at, actor.id
    request.save(update_fields=["state", "closed_at", "handled_by"])
    _trail(request, "request.close", at=at, actor=actor, fields=["state"])
    return request


@transaction.atomic
def refuse_request(*, request_id: UUID, ground: str, at: datetime, actor: Actor) -> RightsRequest:
    """Refuse with a reason (art. 12(4)): the answer names the AP and the court.

    Refuses a refusal without a reason, of an objection to marketing (art. 21(3) knows no
    exception), and of what is closed already.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    if not ground.strip():
        raise RequestRefused(_("Say why. The person has a right to know."))
    if RightsRequest.Kind.OBJECTION in request.kinds:
        raise RequestRefused(
            _("Somebody who wants no advertising any more is never refused (art. 21 GDPR).")
        )
    if request.state not in OPEN_STATES:
        raise RequestRefused(_("This request is closed already."))
    request.state = RightsRequest.State.REFUSED
    request.refusal_ground = ground.strip()
    request.closed_at, request.handled_by = at, actor.id
    request.save(update_fields=["state", "refusal_ground", "closed_at", "handled_by"])
    _trail(request, "request.refuse", at=at, actor=actor, fields=["state", "refusal_ground"])
    return request


@transaction.atomic
def extend_request(*, request_id: UUID, reason: str, at: datetime, actor: Actor) -> RightsRequest:
    """Two months more, told with a reason within the first month (art. 12(3), INV-33).

    Refuses an extension after that month, without a reason, and a second one.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    day = timezone.localtime(request.received_at).date()
    if not reason.strip():
        raise RequestRefused(_("Say why it takes longer. The person has a right to know."))
    if request.state not in OPEN_STATES or request.extended_until is not None:
        raise RequestRefused(_("This request cannot be extended any more."))
    if timezone.localtime(at).date() > request_due(day, dutch_holidays(day.year)):
        raise RequestRefused(_("The first month is over. More time is no longer possible."))
    request.extended_until = extended_due(day, dutch_holidays(day.year))
    request.extension_reason = reason.strip()
    request.save(update_fields=["extended_until", "extension_reason"])
    _trail(request, "request.extend", at=at, actor=actor, fields=["extended_until"])
    return request


def _trail(
    request: RightsRequest,
    action: str,
    *,
    at: datetime,
    actor: Actor,
    fields: Collection[str] = (),
) -> None:
    """Who did what with a request."""
    record_change(
        actor=actor,
        action=action,
        object_kind="request",
        object_id=request.id,
        subject_id=request.subject_id,
        fields=fields,
        at=at,
    )
