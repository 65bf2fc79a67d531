"""A company of the register, named on a command."""

from uuid import UUID

from akkoord.cli.output import refuse
from akkoord.rights.recipient_queries import others


def recipient_named(key: str) -> UUID | None:
    """The recipient with this key in the register; None without; status 1 for an unknown one."""
    if not key:
        return None
    found = others().filter(key=key).first()
    if found is None:
        refuse("The register has no recipient with this key.", reason="unknown-recipient")
    return found.id
