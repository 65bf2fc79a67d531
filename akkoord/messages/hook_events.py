"""What providers of mail report of letters of ours: the same as a report by mail would do.

Whom it is about follows from the letter (our Message-ID, or the signed tag of its way out), never
from an address in the report: else whoever learnt a secret could stop anybody. Set-based: a post
of a thousand events is some ten statements. Nothing of the report itself is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from akkoord.consent.returned import Return, note_returns
from akkoord.consent.tokens import StopPlace, read_withdrawal_tag
from akkoord.consent.withdraw import stop_many
from akkoord.delivery.hook_secrets import hook_secret
from akkoord.delivery.hooks.fetching import FetchFailed
from akkoord.delivery.hooks.fetching import fetch as fetch_page
from akkoord.delivery.hooks.readers import READERS
from akkoord.delivery.hooks.told import Event, EventKind, Fetch, HookRefused, Post, Told
from akkoord.delivery.models import OutboxMail, ProviderHook
from akkoord.law.states import Channel, Method
from akkoord.messages.models import Message
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose

_METHODS = {EventKind.COMPLAINT: Method.COMPLAINT, EventKind.UNSUBSCRIBE: Method.MAILTO}
_LEFT = (Message.State.SENT, Message.State.UNCERTAIN, Message.State.CLAIMED)


class HookUnknown(Exception):
    """No such address."""


class HookLater(Exception):
    """Not now: the provider should try again."""


@dataclass(slots=True)
class HookReport:
    """What came of one post."""

    stopped: int = 0
    undeliverable: int = 0
    repeated: int = 0
    not_ours: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class _Letter:
    """The letter that a report is about. `purpose_id` None: a mail of no topic."""

    point_id: UUID
    purpose_id: UUID | None
    message_id: UUID | None


@dataclass(slots=True)
class _Sorted:
    """Events with the letters that they are about."""

    returns: list[Return] = field(default_factory=list)
    stops: dict[Method, list[StopPlace]] = field(default_factory=dict)
    not_ours: int = 0


def receive_post(
    provider: str, secret: str, post: Post, *, fetch: Fetch = fetch_page
) -> HookReport:
    """Read what a provider posted and do what it says; the same post again changes nothing.

    Raises HookUnknown for an address that is none of ours, HookRefused for what is not proved,
    too old or replayed (counted), HookUnreadable for no report, HookLater to be tried again.
    """
    kept = hook_secret(provider) if provider in READERS else None
    if kept is None or not kept.fits(secret):
        raise HookUnknown
    try:
        told = READERS[provider](post, proof=kept.proof, fetch=fetch)
        if told.confirm:
            fetch(told.confirm)  # only for the topic that the owner named (see the reader)
            ProviderHook.objects.filter(provider=provider).update(confirmed_at=post.at)
            return HookReport()
        return _apply(provider, told, at=post.at)
    except FetchFailed:
        raise HookLater from None
    except HookRefused:
        ProviderHook.objects.filter(provider=provider).update(refused=F("refused") + 1)
        raise


@transaction.atomic
def _apply(provider: str, told: Told, *, at: datetime) -> HookReport:
    """Do what the events say, each once."""
    if told.once and not _new([_digest(provider, f"token {told.once}")], at=at):
        raise HookRefused("replayed")
    by_digest = {_digest(provider, each.key): each for each in told.events}
    new = _new(by_digest, at=at)
    sort = _sort({digest: by_digest[digest] for digest in new})
    report = HookReport(
        undeliverable=note_returns(sort.returns, at=at) if sort.returns else 0,
        stopped=sum(stop_many(places, at=at, method=way) for way, places in sort.stops.items()),
        repeated=len(told.events) - len(new),
        not_ours=sort.not_ours,
        ignored=told.ignored,
    )
    ProviderHook.objects.filter(provider=provider).update(
        last_event_at=Greatest("last_event_at", Value(at)),
        done=F("done") + len(told.events) - sort.not_ours,
        ignored=F("ignored") + told.ignored,
        not_ours=F("not_ours") + sort.not_ours,
    )
    return report


def _digest(provider: str, key: str) -> bytes:
    return sha256(f"{provider}\0{key}".encode("utf-8", "replace")).digest()


def _new(digests: Iterable[bytes], *, at: datetime) -> set[bytes]:
    """Those of these that did not come in before; a second worker with the same ones waits."""
    wanted = sorted(digests)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_hookseen (digest, seen_at)"
            " SELECT d, %s FROM unnest(%s::bytea[]) AS d ON CONFLICT DO NOTHING RETURNING digest",
            [at, wanted],
        )
        return {bytes(row[0]) for row in cursor.fetchall()}


def _sort(events: dict[bytes, Event]) -> _Sorted:
    """What each event asks of which address; a refusal of us says nothing of the address."""
    letters = _letters(events.values())
    found = _Sorted()
    for digest, event in events.items():
        letter = letters.get(event.message_id) if event.message_id else None
        letter = letter or letters.get(event.tag)
        if letter is None:
            found.not_ours += 1
        elif event.kind in (EventKind.HARD, EventKind.SOFT):
            is_hard = event.kind is EventKind.HARD
            found.returns.append(Return(letter.point_id, digest, is_hard, event.status))
        elif event.kind in _METHODS and letter.purpose_id is not None:
            place = StopPlace(letter.point_id, letter.purpose_id, letter.message_id)
            found.stops.setdefault(_METHODS[event.kind], []).append(place)
    return found


def _letters(events: Iterable[Event]) -> dict[UUID | str, _Letter]:
    """The letters of ours that these events name, by their number or by their tag."""
    events = list(events)
    numbers = {each.message_id for each in events if each.message_id}
    found: dict[UUID | str, _Letter] = {}
    rows = Message.objects.filter(
        id__in=numbers,
        state__in=_LEFT,
        dispatch__channel=Channel.EMAIL,
        contact_point_id__in=ContactPoint.objects.values("id"),
    )
    own = ("dispatch__purpose", "dispatch__purpose__is_topic")
    facts = rows.values_list("id", "contact_point_id", Coalesce("purpose_id", own[0]), own[1])
    for number, point, purpose, is_topic in facts:
        if point is not None:
            # A no to advertising stops no message about a purchase (INV-4).
            found[number] = _Letter(point, purpose if is_topic else None, number)
    if others := numbers - found.keys():
        found |= _single_mails(others)
    return found | _by_tag({each.tag for each in events if each.tag})


def _single_mails(numbers: set[UUID]) -> dict[UUID | str, _Letter]:
    """Mails out of the outbox (a confirmation, a link): of no topic, and to one address."""
    left = OutboxMail.objects.filter(id__in=numbers, state=OutboxMail.State.SENT)
    mails = {
        number: parseaddr(recipient)[1].lower()
        for number, recipient in left.values_list("id", "recipient")
    }
    points = dict(
        ContactPoint.objects.filter(
            channel=Channel.EMAIL,
            ended_at=None,
            normalised__in=mails.values(),
        ).values_list("normalised", "id")
    )
    return {
        number: _Letter(points[address], None, None)
        for number, address in mails.items()
        if address in points
    }


def _by_tag(tags: set[str]) -> dict[UUID | str, _Letter]:
    """The places of signed tags; a forged one is none of ours."""
    places = {tag: place for tag in tags if (place := read_withdrawal_tag(tag)) is not None}
    if not places:
        return {}
    known = set(
        ContactPoint.objects.filter(id__in=[point for point, _tail in places.values()]).values_list(
            "id", flat=True
        )
    )
    topics = Purpose.objects.filter(is_topic=True).values_list("id", flat=True)
    purposes = {each.bytes[-5:]: each for each in topics}
    return {
        tag: _Letter(point, purposes.get(tail), None)
        for tag, (point, tail) in places.items()
        if point in known
    }
