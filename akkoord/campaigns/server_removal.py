"""Taking a mail server away, when letters may still be on their way."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.delivery.server_actions import ServerRefused, remove_server
from akkoord.delivery.servers import relays
from akkoord.messages.models import Dispatch
from akkoord.trail.actions import Actor


@transaction.atomic
def take_server_away(*, server_id: UUID, at: datetime, actor: Actor) -> None:
    """Letters no longer leave by this server.

    Refuses the last one while a letter is under way: what is left of it would go to the built-in
    mailbox, count as sent, and reach nobody.
    """
    others = [each for each in relays() if each.server_id != server_id]
    under_way = Dispatch.objects.filter(
        state__in=(Dispatch.State.RUNNING, Dispatch.State.PAUSED)
    ).exists()
    if not others and under_way:
        raise ServerRefused(
            "",
            _(
                "This is your last mail server, and a letter is still under way. Stop that letter "
                "first, or add another server."
            ),
        )
    remove_server(server_id=server_id, at=at, actor=actor)
