"""Verbs of providers that letters leave by: enter an account, give it another key."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailServer, ServerProvider, ServerState
from akkoord.delivery.providers import accounts
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.servers import keep_password, relays
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor, record_change


@transaction.atomic
def enter_provider(
    *,
    kind: str,
    region: str,
    name: str,
    key: str,
    weight: int,
    has_contract: bool,
    is_unmeasured: bool,
    at: datetime,
    actor: Actor,
) -> MailServer:
    """Letters leave by this account, too. Its key goes into the data folder, nowhere else.

    Refuses a provider whose contract is not on record (INV-42, art. 28(3)), one that would measure
    who reads (INV-28), an unknown region, a name or key that cannot be one, and what is there
    already.
    """
    _check(kind, region, name, key)
    if not has_contract:
        raise ServerRefused(
            "has_contract", _("Without a contract a provider may not receive any address.")
        )
    if kind == MailServer.Kind.BREVO and not is_unmeasured:
        raise ServerRefused(
            "is_unmeasured",
            _("First switch measuring off in Brevo: else it puts a picture in your letters."),
        )
    day = law_day(at)
    server = MailServer(
        id=uuid7(),
        kind=kind,
        scheme=MailServer.HTTPS,
        host=accounts.host_of(kind, region),
        port=443,
        user=name,
        weight=weight,
        created_at=at,
        contract_on=day,
        unmeasured_on=day if is_unmeasured else None,
    )
    try:
        with transaction.atomic():
            server.save(force_insert=True)
    except IntegrityError:
        raise ServerRefused("kind", _("This account is there already.")) from None
    keep_password(server.id, key)
    ServerProvider.objects.get_or_create(
        key=_key_of(server.id), defaults={"provider": kind, "said_at": at}
    )
    _record("mail-server.enter", server.id, at=at, actor=actor)
    return server


@transaction.atomic
def change_key(*, server_id: UUID, key: str, at: datetime, actor: Actor) -> None:
    """Another key for an account; what was held against it is forgotten, so it is tried at once.

    Refuses an account that is not there and a key that cannot be one.
    """
    server = MailServer.objects.filter(id=server_id).exclude(kind=MailServer.Kind.SMTP).first()
    if server is None:
        raise ServerRefused("key", _("This mail server is no longer there."))
    _check_key(key)
    keep_password(server.id, key)
    ServerState.objects.filter(key=_key_of(server.id)).delete()
    _record("mail-server.key", server.id, at=at, actor=actor)


def _check(kind: str, region: str, name: str, key: str) -> None:
    if kind not in accounts.KINDS:
        raise ServerRefused("kind", _("Choose one of the providers."))
    try:
        accounts.host_of(kind, region)
    except accounts.UnknownHost:
        raise ServerRefused("region", _("Choose one of the regions.")) from None
    if not accounts.fits_name(kind, name):
        raise ServerRefused("name", _("This does not look right. Copy it from your provider."))
    _check_key(key)


def _check_key(key: str) -> None:
    if not accounts.fits_key(key):
        raise ServerRefused("key", _("This is no key. Copy it from your provider, whole."))


def _key_of(server_id: UUID) -> str:
    return next(each.key for each in relays() if each.server_id == server_id)


def _record(action: str, server_id: UUID, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="mail-server", object_id=server_id, at=at)
