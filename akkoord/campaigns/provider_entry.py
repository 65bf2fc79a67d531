"""Entering and taking away a provider of mail: the account, and its place in the register."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.server_removal import take_server_away
from akkoord.campaigns.whose import OTHER, OWN, said_about
from akkoord.delivery.models import MailServer, OwnServer
from akkoord.delivery.provider_actions import enter_provider
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.servers import Relay, relays
from akkoord.messages.contracts import host_of
from akkoord.register.actions import RegisterRefused
from akkoord.register.processors import (
    end_mail_host,
    end_mail_processor,
    enter_mail_host,
    enter_mail_processor,
)
from akkoord.trail.actions import Actor, record_change

_OUTSIDE = ("us", "eu-west-2")  # as regions begin: the United States, and London


@transaction.atomic
def enter_account(
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
    """Letters leave by this account, and the register says who receives the addresses (INV-42).

    Refuses as `enter_provider` does, and a provider that the register knows and that may receive
    nothing; then nothing is written.
    """
    server = enter_provider(
        kind=kind,
        region=region,
        name=name,
        key=key,
        weight=weight,
        has_contract=has_contract,
        is_unmeasured=is_unmeasured,
        at=at,
        actor=actor,
    )
    try:
        enter_mail_processor(kind=kind, leaves_eea=region.startswith(_OUTSIDE), at=at, actor=actor)
    except RegisterRefused as refusal:
        raise ServerRefused(refusal.field, refusal.sentence) from None
    return server


@transaction.atomic
def take_away(*, server_id: UUID, at: datetime, actor: Actor) -> None:
    """Letters no longer leave by this server; its provider leaves the register with its last one.

    Refuses as `take_server_away` does.
    """
    kind = MailServer.objects.filter(id=server_id).values_list("kind", flat=True).first()
    gone = next((each for each in relays() if each.server_id == server_id), None)
    take_server_away(server_id=server_id, at=at, actor=actor)
    if gone and not gone.account and host_of(gone) not in {host_of(each) for each in _smtp()}:
        OwnServer.objects.filter(host=host_of(gone)).delete()
        end_mail_host(host=host_of(gone), at=at, actor=actor)
    if kind and kind != MailServer.Kind.SMTP and not MailServer.objects.filter(kind=kind).exists():
        end_mail_processor(kind=kind, at=at, actor=actor)


def _smtp() -> list[Relay]:
    return [each for each in relays() if each.key != "memory" and not each.account]


@transaction.atomic
def say_whose(
    *,
    key: str,
    is_own: bool,
    company: str = "",
    has_contract: bool = False,
    leaves_eea: bool = False,
    at: datetime,
    actor: Actor,
) -> None:
    """Whose a mail server elsewhere is: ours, or of a company that the register then names.

    What was said before stays in the trail and in the register's history.
    Refuses a server that is not there, and a company without a name or a contract (INV-42).
    """
    relay = next((each for each in _smtp() if each.key == key), None)
    if relay is None:
        raise ServerRefused("key", _("This mail server is no longer there."))
    host = host_of(relay)
    if is_own:
        OwnServer.objects.get_or_create(host=host, defaults={"said_at": at})
        end_mail_host(host=host, at=at, actor=actor)
    else:
        OwnServer.objects.filter(host=host).delete()
        try:
            enter_mail_host(
                host=host,
                company=company,
                has_contract=has_contract,
                leaves_eea=leaves_eea,
                at=at,
                actor=actor,
            )
        except RegisterRefused as refusal:
            raise ServerRefused(refusal.field, refusal.sentence) from None
    record_change(
        actor=actor,
        action=OWN if is_own else OTHER,
        object_kind="mail-server",
        object_id=said_about(host),
        at=at,
    )
