"""Entering and taking away a provider of mail: the account, and its place in the register."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from akkoord.campaigns.server_removal import take_server_away
from akkoord.delivery.models import MailServer
from akkoord.delivery.provider_actions import enter_provider
from akkoord.register.processors import end_mail_processor, enter_mail_processor
from akkoord.trail.actions import Actor

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

    Refuses as `enter_provider` does; then nothing is written.
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
    enter_mail_processor(kind=kind, leaves_eea=region.startswith(_OUTSIDE), at=at, actor=actor)
    return server


@transaction.atomic
def take_away(*, server_id: UUID, at: datetime, actor: Actor) -> None:
    """Letters no longer leave by this server; its provider leaves the register with its last one.

    Refuses as `take_server_away` does.
    """
    kind = MailServer.objects.filter(id=server_id).values_list("kind", flat=True).first()
    take_server_away(server_id=server_id, at=at, actor=actor)
    if kind and kind != MailServer.Kind.SMTP and not MailServer.objects.filter(kind=kind).exists():
        end_mail_processor(kind=kind, at=at, actor=actor)
