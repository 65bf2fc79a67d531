"""Keys for the API: made and shown once, used, revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from akkoord.accounts.models import ApiKey, Role
from akkoord.accounts.parties import parties, party_names
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor, record_change

BEGINS = "akk_"
HINT = 8
SECRET_BYTES = 32


class KeyRefused(Exception):
    """A key that cannot be made; the code: no-name, unknown-role, unknown-recipient."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: the secret is here and nowhere else."""

    key: ApiKey
    secret: str


@transaction.atomic
def make_key(
    *, name: str, role: str, at: datetime, actor: Actor, recipient_id: UUID | None = None
) -> NewKey:
    """A key that works at once. `recipient_id`: whose system it is (None: the organisation's own);
    what it reads is written down as received by them (art. 19). Refuses an empty name, an unknown
    role and an unknown company."""
    if not name.strip():
        raise KeyRefused("no-name")
    if role not in Role.values:
        raise KeyRefused("unknown-role")
    if recipient_id is not None and recipient_id not in dict(parties()):
        raise KeyRefused("unknown-recipient")
    secret = BEGINS + secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey.objects.create(
        name=name.strip()[:80],
        role=role,
        digest=_digest(secret),
        hint=secret[: len(BEGINS) + HINT],
        made_at=at,
        made_by=actor.id,
        recipient_id=recipient_id,
    )
    _note(key, "apikey.create", actor=actor, at=at)
    return NewKey(key, secret)


@transaction.atomic
def revoke_key(*, key_id: UUID, at: datetime, actor: Actor) -> bool:
    """End a key, from its next request on; whether there was one to end."""
    ended = ApiKey.objects.filter(id=key_id, revoked_at=None).update(revoked_at=at)
    if ended:
        _note(ApiKey.objects.get(id=key_id), "apikey.revoke", actor=actor, at=at)
    return bool(ended)


@transaction.atomic
def revoke_keys_of(recipient_ids: Iterable[UUID], *, at: datetime, actor: Actor) -> int:
    """End every key of a company, by the numbers of its versions; how many there were to end."""
    found = ApiKey.objects.select_for_update().filter(
        recipient_id__in=list(recipient_ids), revoked_at=None
    )
    return sum(
        revoke_key(key_id=each, at=at, actor=actor)
        for each in found.order_by("id").values_list("id", flat=True)
    )


def keys() -> QuerySet[ApiKey]:
    """All keys, those that work first."""
    return ApiKey.objects.order_by(F("revoked_at").desc(nulls_first=True), "name")


def keys_shown() -> list[ApiKey]:
    """All keys with whose system each is (`party`; empty: the organisation's own)."""
    names = party_names()
    found = list(keys())
    for each in found:
        each.party = names.get(each.recipient_id, "") if each.recipient_id else ""  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A request with a key: whose, and how many there were in this minute."""

    key_id: UUID
    role: str
    in_minute: int
    recipient_id: UUID | None = None


# One statement: it finds the key, counts, and notes the day. Index: the unique digest.
_USE = """
UPDATE accounts_apikey
   SET in_minute = CASE WHEN minute = %(minute)s THEN in_minute + 1 ELSE 1 END,
       minute = %(minute)s, last_used_on = %(day)s
 WHERE digest = %(digest)s AND revoked_at IS NULL
RETURNING id, role, in_minute, recipient_id
"""


def use_key(secret: str, *, at: datetime) -> KeyUse | None:
    """Note a request with this key; None when there is no such key, or it was revoked."""
    if not secret.startswith(BEGINS):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _USE,
            {
                "minute": at.replace(second=0, microsecond=0),
                "day": law_day(at),
                "digest": _digest(secret),
            },
        )
        row = cursor.fetchone()
    return KeyUse(*row) if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(key: ApiKey, action: str, *, actor: Actor, at: datetime) -> None:
    record_change(actor=actor, action=action, object_kind="apikey", object_id=key.id, at=at)
