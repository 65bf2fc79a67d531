"""Links for an inspector, an accountant or a lawyer: read only, for a time, to be taken back.

The link's secret is shown once; the database keeps a keyed hash of it. Each look is written down.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import IO, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from akkoord.register.models import InspectorLink
from akkoord.register.nobody import refuse_persons
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import Change

LONGEST_DAYS = 90
PER_MINUTE = 30
MOST_DOSSIERS = 3  # a minute: to make one reads the whole chain of proof
MOST_LOOKS = 600  # in a link's life: a reader opens some hundred pages, a machine thousands
_WIDTH = 32
DOSSIER = "dossier"
WriteDossier = Callable[[IO[bytes], datetime], None]
_dossiers: list[WriteDossier] = []


def give_dossier_by(write: WriteDossier) -> None:
    """Let a higher room write the dossier that a link shows beside the register."""
    if write not in _dossiers:
        _dossiers.append(write)


def dossier_writer() -> WriteDossier | None:
    """Who writes the dossier; None where nobody does."""
    return _dossiers[-1] if _dossiers else None


def _hash(token: str) -> bytes:
    return sha256(b"akkoord inspector link\x00" + token.encode()).digest()


@transaction.atomic
def make_link(
    *, office: str, days: int, at: datetime, actor: Actor, with_dossier: bool = False
) -> tuple[InspectorLink, str]:
    """A link that shows the register, and the dossier when asked; its secret is shown only now.

    Refuses an office that says nothing or names a person, and more than ninety days.
    """
    office = " ".join(office.split())[:120]
    if not office:
        raise RegisterRefused("office", _("Say for which office this link is."))
    refuse_persons({"office": office})
    if not 1 <= days <= LONGEST_DAYS:
        raise RegisterRefused("days", _("Choose from 1 to 90 days."))
    token = secrets.token_urlsafe(_WIDTH)
    link = InspectorLink.objects.create(
        office=office,
        token_hash=_hash(token),
        made_by=actor.id,
        made_at=at,
        until=at + timedelta(days=days),
        with_dossier=with_dossier,
    )
    shown = ("with_dossier",) if with_dossier else ()
    _note("inspector.link", link, shown, at=at, actor=actor)
    return link, token


@transaction.atomic
def revoke_link(*, link_id: Any, at: datetime, actor: Actor) -> bool:
    """The link shows nothing any more, from this second; whether it still did."""
    link = InspectorLink.objects.filter(id=link_id, revoked_at=None).first()
    if link is None:
        return False
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    _note("inspector.revoke", link, (), at=at, actor=actor)
    return True


def is_hurried(link: InspectorLink, at: datetime, page: str = "") -> bool:
    """Whether this link was used too often in the last minute: no reader, but a machine."""
    lately = Change.objects.filter(
        action="inspector.read", object_id=link.id, at__gt=at - timedelta(minutes=1)
    )
    if page == DOSSIER and lately.filter(fields=[DOSSIER]).count() >= MOST_DOSSIERS:
        return True
    return lately.order_by("-id")[:PER_MINUTE].count() >= PER_MINUTE


def link_of(token: str, at: datetime) -> InspectorLink | None:
    """The living link with this secret, or None: over, taken back, looked at too often, unknown."""
    wanted = _hash(token)
    link = InspectorLink.objects.filter(token_hash=wanted).first()
    if link is None or not hmac.compare_digest(bytes(link.token_hash), wanted):
        return None
    is_over = link.revoked_at is not None or link.until <= at or link.times_seen >= MOST_LOOKS
    return None if is_over else link


@transaction.atomic
def note_look(link: InspectorLink, page: str, at: datetime) -> None:
    """Write down that the link was used, and for which page; never from where."""
    InspectorLink.objects.filter(id=link.id).update(times_seen=F("times_seen") + 1, last_seen_at=at)
    record_change(
        actor=Actor.system(),
        action="inspector.read",
        object_kind="inspector-link",
        object_id=link.id,
        fields=(page,),
        at=at,
    )


def _note(
    action: str, link: InspectorLink, fields: tuple[str, ...], *, at: datetime, actor: Actor
) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="inspector-link",
        object_id=link.id,
        fields=fields,
        at=at,
    )
