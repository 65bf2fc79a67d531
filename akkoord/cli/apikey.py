"""`akkoord apikey`: keys of other systems."""

from uuid import UUID

import click
from django.utils import timezone

from akkoord.accounts.keys import KeyRefused, keys, make_key, revoke_key
from akkoord.accounts.models import Role
from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.cli.recipients import recipient_named
from akkoord.trail.actions import Actor


@click.group()
def command() -> None:
    """Keys for the API."""


@command.command()
@click.option("--role", required=True, type=click.Choice(Role.values))
@click.option("--name", default="akkoord apikey", help="Which system gets it.")
@click.option("--recipient", default="", help="Whose system it is: a key of the register.")
@json_option
def create(role: str, name: str, recipient: str) -> None:
    """Make a key; it is shown now and never again.

    What a key of another company reads is written down as received by it (art. 19 GDPR).
    """
    whose = recipient_named(recipient)
    try:
        made = make_key(
            name=name, role=role, recipient_id=whose, at=timezone.now(), actor=Actor.system()
        )
    except KeyRefused:
        refuse("Give the key a name.", reason="no-name")
    say("Keep it now: it cannot be shown again.")
    answer({"id": made.key.id, "name": made.key.name, "role": role, "key": made.secret})


@command.command(name="list")
@json_option
def list_keys() -> None:
    """All keys, without their secrets."""
    answer(
        [
            {
                "id": each.id,
                "name": each.name,
                "role": each.role,
                "begins": each.hint,
                "last_used_on": each.last_used_on,
                "revoked_at": each.revoked_at,
            }
            for each in keys()
        ]
    )


@command.command()
@click.argument("key_id", type=click.UUID)
@json_option
def revoke(key_id: UUID) -> None:
    """End a key, from its next request on."""
    if not revoke_key(key_id=key_id, at=timezone.now(), actor=Actor.system()):
        refuse("There is no such key, or it was revoked before.", reason="unknown-key")
    answer({"id": key_id, "revoked": True})
