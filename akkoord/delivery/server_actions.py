"""Verbs of mail servers: enter one, change its weight, take one away, try one."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import MailServer, OutboxMail, ServerProvider
from akkoord.delivery.outbox import enqueue_mail
from akkoord.delivery.servers import (
    drop_password,
    keep_password,
    misses_password,
    relays,
)
from akkoord.law.message_kinds import MessageKind
from akkoord.law.sending_rules import is_loopback_host
from akkoord.trail.actions import Actor, record_change


class ServerRefused(Exception):
    """A mail server that cannot be; `field` names where, `sentence` says why and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@transaction.atomic
def enter_server(
    *,
    scheme: str,
    host: str,
    port: int,
    user: str,
    password: str,
    weight: int,
    at: datetime,
    actor: Actor,
) -> MailServer:
    """Letters leave by this server, too. Its password goes into the data folder, nowhere else.

    Refuses a password over a line in the clear to another machine (art. 32), and a server that is
    there already.
    """
    if user and scheme == MailServer.Scheme.PLAIN and not is_loopback_host(host):
        raise ServerRefused(
            "scheme", _("Your password would go over the line for all to read. Choose STARTTLS.")
        )
    server = MailServer(
        id=uuid7(),
        scheme=scheme,
        host=host.strip().lower(),
        port=port,
        user=user.strip(),
        weight=weight,
        created_at=at,
    )
    try:
        with transaction.atomic():
            server.save(force_insert=True)
    except IntegrityError:
        raise ServerRefused("host", _("This mail server is there already.")) from None
    if server.user:
        keep_password(server.id, password)
    _record("mail-server.enter", server.id, at=at, actor=actor)
    return server


@transaction.atomic
def remove_server(*, server_id: UUID, at: datetime, actor: Actor) -> None:
    """Letters no longer leave by this server; its password is removed."""
    key = next((each.key for each in relays() if each.server_id == server_id), "")
    if MailServer.objects.filter(id=server_id).delete()[0]:
        ServerProvider.objects.filter(key=key).delete()
        _record("mail-server.remove", server_id, at=at, actor=actor)
        transaction.on_commit(lambda: drop_password(server_id))


def try_server(*, key: str, recipient: str, at: datetime) -> OutboxMail | None:
    """One mail by this very server, to a member of staff; None: there is no such server."""
    relay = next((each for each in relays() if each.key == key), None)
    if relay is None or misses_password(relay):
        return None
    return enqueue_mail(
        kind=MessageKind.TEST_TO_STAFF,
        recipient=recipient,
        subject=_("Test of mail server {name}").format(name=relay.label),
        text=_("This mail left by {name}. So this mail server works.").format(name=relay.label),
        at=at,
        server=key,
    )


def _record(action: str, server_id: UUID, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="mail-server", object_id=server_id, at=at)
