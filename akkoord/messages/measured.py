"""What somebody opened and pressed: only of who said yes to that apart, asked again at every hit.

The letter to such a person carries links and a picture of their own; everybody else's carries the
address that is the same for all. After a no nothing is stored, also for letters of long ago
(INV-28). Nothing here changes anybody's standing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from akkoord.consent.models import Standing
from akkoord.datamap.holds import held_people
from akkoord.datamap.keys import read_token, sign_token
from akkoord.law.hit_rules import BURST_SECONDS, HitKind, judge_open
from akkoord.law.parameters import parameter
from akkoord.law.states import LIVE_STATES, Channel
from akkoord.law.terms import add_months
from akkoord.messages.click_models import Hit, Link
from akkoord.messages.clicks import Request, count_hit
from akkoord.messages.models import Message
from akkoord.permission.queries import ask
from akkoord.register.queries import measuring_purpose

CLICK = "click"


def click_token(message_id: UUID) -> str:
    """What makes a link somebody's own: their message, signed."""
    return sign_token(CLICK, message_id.bytes)


def read_click(token: str) -> UUID | None:
    """The message of a token; None: forged, or cut off."""
    payload = read_token(CLICK, token)
    return UUID(bytes=payload) if payload is not None and len(payload) == 16 else None


@dataclass(frozen=True, slots=True)
class _Whose:
    """Who let us see it, by which message and on which yes."""

    person_id: UUID
    message_id: UUID
    dispatch_id: UUID
    evidence_id: UUID


def _whose(message_id: UUID, *, at: datetime) -> _Whose | None:
    """The person behind a token, when the gate says at this very moment that they may be seen."""
    message = Message.objects.filter(id=message_id).first()
    purpose = measuring_purpose()
    if message is None or purpose is None or message.contact_point_id is None:
        return None
    point = message.contact_point_id
    answer = ask([point], purpose, Channel.EMAIL, at=at)[point]
    if not answer.allowed or answer.evidence_id is None or message.person_id is None:
        return None
    return _Whose(message.person_id, message.id, message.dispatch_id, answer.evidence_id)


@transaction.atomic
def record_click(link: Link, token: str, request: Request, *, at: datetime) -> bool:
    """Somebody pressed a link of their own letter; whether it was stored.

    Refused, and nothing is stored or counted, when they did not say yes to it or took it back.
    """
    message_id = read_click(token)
    whose = _whose(message_id, at=at) if message_id else None
    if whose is None or whose.dispatch_id != link.dispatch_id:
        return False
    kind = count_hit(link, request, at=at)
    if kind is HitKind.AHEAD:  # the presses of this second were a machine's too
        moment = at - timedelta(seconds=BURST_SECONDS)
        Hit.objects.filter(message_id=whose.message_id, what=Hit.CLICK, at__gte=moment).update(
            kind=HitKind.AHEAD.value
        )
    _store(whose, link, Hit.CLICK, kind, at)
    return True


def record_open(token: str, request: Request, *, at: datetime) -> bool:
    """A letter's picture was loaded; whether it was stored. Refused as `record_click` does."""
    message_id = read_click(token)
    whose = _whose(message_id, at=at) if message_id else None
    if whose is None:
        return False
    kind = judge_open(method=request.method, headers=request.headers)
    _store(whose, None, Hit.OPEN, kind, at)
    return True


def _store(whose: _Whose, link: Link | None, what: str, kind: HitKind, at: datetime) -> None:
    Hit.objects.create(
        person_id=whose.person_id,
        message_id=whose.message_id,
        dispatch_id=whose.dispatch_id,
        link=link,
        what=what,
        kind=kind.value,
        at=at,
        evidence_id=whose.evidence_id,
    )


# Question: what was kept of people who do not let us see it any more? Index consent_standing_live.
_WITHOUT_YES = """
DELETE FROM messages_hit h WHERE NOT EXISTS (
  SELECT FROM consent_standing s JOIN register_purpose p ON p.id = s.purpose_id AND p.measures
         AND p.ended_at IS NULL
   WHERE s.person_id = h.person_id AND s.state IN ('given', 'confirmed')
     AND (s.valid_until IS NULL OR s.valid_until > %s))
  AND h.person_id <> ALL(%s::uuid[])
"""


def forget_hits(*, at: datetime) -> int:
    """What is past its term goes, and all of who took their yes back (art. 17(1)(b)); how many."""
    today = timezone.localdate(at)
    oldest = at - (today - add_months(today, -parameter("measuring-term", today)))
    held = held_people()
    old = Hit.objects.filter(at__lt=oldest).exclude(person_id__in=held).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_YES, [at, held])
        return old + int(cursor.rowcount)


def hits_of(person_ids: Sequence[UUID], *, at: datetime, limit: int = 50) -> list[Hit]:
    """What somebody opened and pressed, the newest first (index messages_hit_person).

    Nothing of who took their yes back, also before the night in which it goes (INV-28).
    """
    yes = Standing.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        person_id=OuterRef("person_id"),
        purpose__measures=True,
        purpose__ended_at=None,
        state__in=LIVE_STATES,
    )
    found = Hit.objects.filter(Exists(yes), person_id__in=person_ids, kind=HitKind.PRESS.value)
    return list(found.select_related("dispatch", "link").order_by("-at")[:limit])
