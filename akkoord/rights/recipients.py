"""Recipients are told what became of the data that they got (art. 19 GDPR, INV-37).

A notice holds just enough to find the person, sealed with a key outside the database. It goes when
the recipient has answered, and at the end of its term in any case; that they did not answer stays.
"""

import hmac
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from akkoord.datamap.disclosing import Received, received_by_others
from akkoord.datamap.keys import files_key
from akkoord.law.parameters import parameter, term_end
from akkoord.law.terms import add_years, law_day
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.register.models import Recipient
from akkoord.rights import about
from akkoord.rights.models import RecipientNotice
from akkoord.trail.actions import Actor, record_change

NONCE = 12
Changes = Mapping[UUID, Mapping[str, str]]
_FINDS = frozenset({"email", "phone", "customer_number"})
OPEN = (
    RecipientNotice.State.WAITING,
    RecipientNotice.State.TOLD,
    RecipientNotice.State.NO_WAY,
)


def really_received(person_ids: Sequence[UUID]) -> list[about.Received]:
    """Who really got these people's data, by name, also who gets none any more (art. 19)."""
    found = {each.recipient_id for each in received_by_others(person_ids)}
    return [
        about.Received(each.name, each.service, each.country, each.safeguard)
        for each in Recipient.objects.filter(id__in=found).order_by("name", "valid_from")
    ]


def tell_recipients(
    *,
    kind: str,
    person_ids: Sequence[UUID],
    at: datetime,
    run_id: UUID | None = None,
    request_id: UUID | None = None,
    changes: Changes | None = None,
) -> int:
    """Let every recipient of these people's data know, in the caller's transaction; how many.

    Called before anything is erased: afterwards nobody is left to tell of. `changes`: the new
    values of a correction, by person and field; a recipient hears of the fields that it got, and
    nothing when none of them changed. One notice per recipient however many people it is about. A
    worker sends them.
    """
    whose: dict[UUID, dict[UUID, list[Received]]] = defaultdict(lambda: defaultdict(list))
    for each in received_by_others(person_ids):
        if changes is None or _news(each, changes):
            whose[each.recipient_id][each.person_id].append(each)
    if not whose:
        return 0
    known = dict(_people(person_ids))
    ways = dict(Recipient.objects.filter(id__in=whose).values_list("id", "told_by"))
    day = law_day(at)
    notices = [
        RecipientNotice(
            recipient_id=recipient_id,
            kind=kind,
            run_id=run_id,
            request_id=request_id,
            people=len(people),
            made_at=at,
            until=term_end("recipient-notice-term", day) or day,
            state=_first_state(ways[recipient_id]),
            next_at=at,
        )
        for recipient_id, people in whose.items()
    ]
    for notice in notices:
        people = sorted(whose[notice.recipient_id].items())
        content = [
            {**_enough(known[each], hows), **_now(hows, changes)}
            for each, hows in people
            if each in known
        ]
        notice.sealed = _seal(content, notice.id)
        if changes is not None:  # which fields go on to whom: so it is known which are used
            told = {name for each in content for name in each.get("now", ())}
            record_change(
                actor=Actor.system(),
                action="person.disclose",
                object_kind="recipient",
                object_id=notice.recipient_id,
                fields=sorted(told),
                at=at,
            )
    RecipientNotice.objects.bulk_create(notices)
    return len(notices)


# What somebody got who prints or sends for us; of the rest stands what was in it, or it was all.
_GOT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "mail": frozenset({"email"}),
        "post": frozenset({"given_name", "family_name", "address"}),
    }
)


def _news(got: Received, changes: Changes) -> dict[str, str]:
    """Of what was corrected just what this recipient got (art. 5(1)(c))."""
    fields = got.fields or _GOT.get(got.how)
    mine = changes.get(got.person_id, {})
    return {name: value for name, value in mine.items() if fields is None or name in fields}


def _now(hows: Sequence[Received], changes: Changes | None) -> dict[str, Any]:
    """The new values for a notice, when there are any."""
    news: dict[str, str] = {}
    for each in hows if changes else ():
        news |= _news(each, changes or {})
    return {"now": news} if news else {}


def _first_state(told_by: str) -> str:
    """Where a new notice begins."""
    return RecipientNotice.State.WAITING if told_by else RecipientNotice.State.NO_WAY


def _people(person_ids: Sequence[UUID]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """By person: addresses, number, name and doors; three statements."""
    points, doors = defaultdict(list), defaultdict(list)
    for person, channel, value in ContactPoint.objects.filter(
        person_id__in=person_ids, channel__in=["email", "phone"]
    ).values_list("person_id", "channel", "value"):
        points[person].append((channel, value))
    for door in PostalAddress.objects.filter(person_id__in=person_ids):
        doors[door.person_id].append(f"{door.postcode} {door.house_number}")
    for each in Person.objects.filter(id__in=person_ids):
        yield (
            each.id,
            {
                "email": [value for channel, value in points[each.id] if channel == "email"],
                "phone": [value for channel, value in points[each.id] if channel == "phone"],
                "name": f"{each.given_name} {each.family_name}".strip(),
                "address": doors[each.id],
                "customer_number": each.customer_number or "",
            },
        )


def _enough(person: Mapping[str, Any], hows: Iterable[Received]) -> dict[str, Any]:
    """Of a person what this recipient finds them by, and no more than it got."""
    fields: set[str] = set()
    for how in hows:
        fields |= {
            "mail": {"email"},
            "post": {"name", "address"},
        }.get(how.how, {"email", "phone", "customer_number"} & (how.fields or _FINDS))
    found = {name: person[name] for name in sorted(fields) if person[name]}
    if not found:  # somebody of whom nothing else was known
        found = {name: person[name] for name in ("name", "address") if person[name]}
    return found


@transaction.atomic
def acknowledge(*, notice_id: UUID, at: datetime, actor: Actor) -> bool:
    """The recipient answered, or staff told them another way: what it held goes; whether it was
    open. Done twice it changes nothing."""
    notice = RecipientNotice.objects.select_for_update().filter(id=notice_id).first()
    if notice is None or notice.state not in OPEN:
        return False
    is_staff = actor.id is not None
    notice.state = (
        RecipientNotice.State.OTHERWISE if is_staff else RecipientNotice.State.ACKNOWLEDGED
    )
    notice.acknowledged_at, notice.sealed, notice.problem = at, None, ""
    notice.save(update_fields=["state", "acknowledged_at", "sealed", "problem"])
    record_change(
        actor=actor,
        action="recipient.acknowledge",
        object_kind="recipient-notice",
        object_id=notice.id,
        at=at,
    )
    return True


@transaction.atomic
def choose_way(*, recipient_id: UUID, by: str, where: str, at: datetime, actor: Actor) -> None:
    """How a recipient hears of it; what waited for a way leaves now. Of every version of it: what
    an earlier one got is told to the same company."""
    recipient = Recipient.objects.select_for_update().get(id=recipient_id)
    Recipient.objects.filter(key=recipient.key).update(told_by=by, told_at=where)
    RecipientNotice.objects.filter(
        recipient__key=recipient.key, state__in=OPEN, sealed__isnull=False
    ).update(state=_first_state(by), next_at=at)
    record_change(
        actor=actor,
        action="recipient.way",
        object_kind="recipient",
        object_id=recipient.id,
        fields=("told_by", "told_at"),
        at=at,
    )


def drop_old_notices(*, at: datetime) -> int:
    """What a notice holds goes at its end, answered or not; how many were emptied.

    That it was not answered stays as long as the record of an erasure does.
    """
    day = law_day(at)
    old = RecipientNotice.objects.filter(until__lt=day)
    emptied = old.exclude(sealed=None).update(sealed=None)
    since = add_years(day, -parameter("erasure-record-term", day))
    old.filter(made_at__date__lt=since).delete()
    return emptied


def _seal(content: Sequence[Mapping[str, Any]], notice_id: UUID) -> bytes:
    nonce = os.urandom(NONCE)
    plain = json.dumps(content, ensure_ascii=False).encode()
    return nonce + AESGCM(_key(notice_id)).encrypt(nonce, plain, notice_id.bytes)


def content_of(notice: RecipientNotice) -> list[dict[str, Any]]:
    """Whom a notice is about; empty once it was answered or its term is over."""
    if notice.sealed is None:
        return []
    sealed = bytes(notice.sealed)
    plain = AESGCM(_key(notice.id)).decrypt(sealed[:NONCE], sealed[NONCE:], notice.id.bytes)
    found: list[dict[str, Any]] = json.loads(plain)
    return found


def _key(notice_id: UUID) -> bytes:
    """A key of this notice's own, from the master that never stands in the database."""
    return hmac.digest(files_key(), b"akkoord recipient notice v1\0" + notice_id.bytes, "sha256")
