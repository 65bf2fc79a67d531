"""Each kind of a request by itself: done, or refused on a ground of law (art. 12(4) GDPR).

The request as a whole is closed with its last part; it stays among those to answer until the person
heard what was decided.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from akkoord.law.request_rules import AT_ONCE, RequestKind, may_refuse
from akkoord.people.queries import all_ids
from akkoord.rights.corrections import corrected
from akkoord.rights.log import note
from akkoord.rights.models import RecipientNotice, RequestPart, RightsRequest
from akkoord.rights.recipients import Changes, tell_recipients
from akkoord.rights.refusals import OPEN_STATES, RequestRefused
from akkoord.trail.actions import Actor, record_change

TOLD = ("delivered", "told-otherwise")
"""Steps with which the person heard what was decided until then."""
TOLD_OF_LIFTING = "lift-told"
"""Tells of a granted objection alone: no other no, and none of who can be complained to."""
QUIET = frozenset({*AT_ONCE, RequestKind.RESTRICTION, RequestKind.ERASURE})
"""Done in the very moment, or proven by a certificate; a no to them is told all the same."""

# What others who got the data must do as well (art. 19); an erasure tells them by itself.
TOLD_OTHERS: dict[str, RecipientNotice.Kind] = {
    RequestKind.RECTIFICATION: RecipientNotice.Kind.RECTIFICATION,
    RequestKind.RESTRICTION: RecipientNotice.Kind.RESTRICTION,
}


def make_parts(request: RightsRequest) -> None:
    """A part for each kind that was asked, all to do."""
    RequestPart.objects.bulk_create(
        [RequestPart(request=request, kind=each) for each in dict.fromkeys(request.kinds)]
    )


def open_parts(request: RightsRequest) -> set[str]:
    """The kinds that wait for somebody."""
    return set(request.parts.filter(state=RequestPart.State.OPEN).values_list("kind", flat=True))


@transaction.atomic
def finish_parts(
    *, request_id: UUID, kinds: Iterable[str] | None, at: datetime, actor: Actor
) -> RightsRequest:
    """These kinds (None: all that are left) are done; the last one closes the request.

    Doing it twice changes nothing.
    """
    request = _lock(request_id)
    if request.state not in OPEN_STATES:
        return request
    asked = request.parts.filter(state=RequestPart.State.OPEN)
    if kinds is not None:
        asked = asked.filter(kind__in=list(kinds))
    for part in asked:
        part.state = RequestPart.State.DONE
        _decide(request, part, "part-done", at=at, actor=actor)
        if request.subject_id is not None and part.kind in TOLD_OTHERS:
            tell_recipients(
                kind=TOLD_OTHERS[part.kind],
                person_ids=all_ids(request.subject_id),
                at=at,
                request_id=request.id,
                changes=_corrected(request, part, at=at),
            )
    return _settle(request, at=at, actor=actor)


def _corrected(request: RightsRequest, part: RequestPart, *, at: datetime) -> Changes | None:
    """The new values since a correction was asked; None: nothing of the record itself changed."""
    if part.kind != RequestKind.RECTIFICATION or request.subject_id is None:
        return None
    found = corrected(since=request.received_at, until=at, person_ids=all_ids(request.subject_id))
    return found or None


@transaction.atomic
def refuse_parts(
    *,
    request_id: UUID,
    kinds: Iterable[str] | None,
    ground: str,
    explanation: str,
    at: datetime,
    actor: Actor,
) -> RightsRequest:
    """Refuse these kinds (None: all that are left) on a ground of the closed list (art. 12(4)).

    Refuses: a ground that is not on the list or not for this kind, no explanation, an objection to
    marketing or a withdrawal (art. 21(3) and 7(3) know no exception), and what is closed already.
    """
    request = _lock(request_id)
    if not explanation.strip():
        raise RequestRefused(_("Say why. The person has a right to know."), "explanation")
    if request.state not in OPEN_STATES:
        raise RequestRefused(_("This request is closed already."))
    asked = request.parts.filter(state=RequestPart.State.OPEN)
    if kinds is not None:
        asked = asked.filter(kind__in=list(kinds))
    parts = list(asked)
    if not parts:
        raise RequestRefused(_("Choose what you refuse."), "kinds")
    for part in parts:
        if part.kind in AT_ONCE:
            raise RequestRefused(
                _("Somebody who wants no advertising any more is never refused (art. 21 GDPR).")
            )
        if not may_refuse(part.kind, ground):
            raise RequestRefused(_("This is no ground to refuse this."), "ground")
        part.state, part.ground = RequestPart.State.REFUSED, ground
        part.explanation = explanation.strip()[:1000]
        _decide(request, part, "part-refused", at=at, actor=actor)
    return _settle(request, at=at, actor=actor)


def _lock(request_id: UUID) -> RightsRequest:
    return RightsRequest.objects.select_for_update().get(id=request_id)


def _decide(
    request: RightsRequest, part: RequestPart, code: str, *, at: datetime, actor: Actor
) -> None:
    """Write down what became of a part."""
    part.decided_at, part.decided_by = at, actor.id
    part.save(update_fields=["state", "ground", "explanation", "decided_at", "decided_by"])
    note(request, code, at=at, actor=actor, kind=part.kind, ground=part.ground)


def _settle(request: RightsRequest, *, at: datetime, actor: Actor) -> RightsRequest:
    """Close the request when nothing of it waits; refused only when all of it was."""
    states = set(request.parts.values_list("state", flat=True))
    if RequestPart.State.OPEN in states:
        return request
    is_refused = states == {RequestPart.State.REFUSED}
    request.state = RightsRequest.State.REFUSED if is_refused else RightsRequest.State.DONE
    request.closed_at, request.handled_by = at, actor.id
    request.owes_letter = _is_untold(request)
    request.save(update_fields=["state", "closed_at", "handled_by", "owes_letter"])
    note(request, "closed", at=at, actor=actor, facts={"refused": is_refused})
    trail(
        request,
        "request.refuse" if is_refused else "request.close",
        at=at,
        actor=actor,
        fields=["state"],
    )
    return request


def _is_untold(request: RightsRequest) -> bool:
    """Whether staff decided something that the person did not hear yet (art. 12(3), (4))."""
    told = request.steps.aggregate(
        all=Max("at", filter=Q(code__in=TOLD)), granted=Max("at", filter=Q(code=TOLD_OF_LIFTING))
    )
    by_hand = Q(state=RequestPart.State.DONE, decided_by__isnull=False) & ~Q(kind__in=QUIET)
    decided = request.parts.filter(Q(state=RequestPart.State.REFUSED) | by_hand)
    if told["all"]:
        decided = decided.filter(decided_at__gt=told["all"])
    if told["granted"]:
        decided = decided.exclude(
            kind=RequestKind.OTHER_USE,
            state=RequestPart.State.DONE,
            decided_at__lte=told["granted"],
        )
    return decided.exists()


def letter_gone(request_id: UUID) -> RightsRequest:
    """The person heard it: a request that was closed before waits for its letter no more."""
    request = _lock(request_id)
    if request.owes_letter and not _is_untold(request):
        request.owes_letter = False
        request.save(update_fields=["owes_letter"])
    return request


def trail(
    request: RightsRequest,
    action: str,
    *,
    at: datetime,
    actor: Actor,
    fields: Iterable[str] = (),
) -> None:
    """Who did what with a request, in the sealed trail."""
    record_change(
        actor=actor,
        action=action,
        object_kind="request",
        object_id=request.id,
        subject_id=request.subject_id,
        fields=fields,
        at=at,
    )
