"""What several points of the check-up look at, gathered once for one look."""

from datetime import datetime
from functools import cached_property

from akkoord.delivery.servers import Relay, relays
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation
from akkoord.trail.backup_queries import BackupPage, backup_page


class Gathered:
    """How things are at a moment; each is asked when the first point wants it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def house(self) -> Organisation | None:
        """Who answers for everything."""
        return organisation()

    @cached_property
    def relays(self) -> list[Relay]:
        """The servers that letters leave by."""
        return relays()

    @cached_property
    def backups(self) -> BackupPage:
        """The backups and the last try to put one back."""
        return backup_page(at=self.at)
