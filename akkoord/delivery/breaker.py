"""Which mail servers are set aside: known in the process at once, and to all workers soon after.

A hand-over uses no database, so what it learns is kept here until `sync` writes it down.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from akkoord.delivery.server_models import ServerState

BACK_OFF_MINUTES = (1, 2, 5, 15, 30)
PROBE = timedelta(minutes=1)  # when all are away, one is tried this often
_FOR_GOOD = ("account-", "login", "certificate", "password-needs-tls", "starttls", "not-smtp")


@dataclass(slots=True)
class Failing:
    """A server that failed."""

    failures: int
    why: str
    until: datetime
    changed_at: datetime


class Breakers:
    """What is known of the servers that fail. `sync` is called where the database may be used."""

    def __init__(self) -> None:
        """Start knowing of none."""
        self._failing: dict[str, Failing] = {}
        self._changed: dict[str, Failing | None] = {}
        self._lock = threading.Lock()

    def available(self, keys: Collection[str], *, at: datetime) -> list[str]:
        """The servers that may be used now; when all are away the one to try again, if any."""
        failing = self._failing  # another thread may put a newer one in its place
        free = [key for key in keys if (found := failing.get(key)) is None or found.until <= at]
        if free or not keys:
            return free
        first = min(keys, key=lambda key: failing[key].until)
        return [first] if failing[first].changed_at <= at - PROBE else []

    def failed(self, key: str, why: str, *, at: datetime, wait: float = 0.0) -> None:
        """A server could not be used: it is left alone for a while, each time longer.

        `wait`: seconds that it asks for itself; never shorter than that.
        """
        with self._lock:
            known = self._failing.get(key)
            failures = known.failures + 1 if known else 1
            place = min(failures, len(BACK_OFF_MINUTES)) - 1
            minutes = BACK_OFF_MINUTES[-1 if why.startswith(_FOR_GOOD) else place]
            rest = max(timedelta(minutes=minutes), timedelta(seconds=wait))
            found = Failing(failures, why[:60], at + rest, at)
            self._failing[key] = self._changed[key] = found

    def why(self, key: str) -> str:
        """Why a server is set aside; empty: it is not."""
        found = self._failing.get(key)
        return found.why if found else ""

    def worked(self, key: str) -> None:
        """A server took something: nothing is held against it any more."""
        if key in self._failing:
            with self._lock:
                self._failing.pop(key, None)
                self._changed[key] = None

    def sync(self) -> None:
        """Write down what was learnt, and hear what others learnt. Uses the database."""
        with self._lock:
            changed, self._changed = self._changed, {}
        for key, found in changed.items():
            if found is None:
                ServerState.objects.filter(key=key).delete()
                continue
            ServerState.objects.update_or_create(
                key=key,
                defaults={
                    "failures": found.failures,
                    "why": found.why,
                    "set_aside_until": found.until,
                    "changed_at": found.changed_at,
                },
            )
        known = {
            row.key: Failing(row.failures, row.why, row.set_aside_until, row.changed_at)
            for row in ServerState.objects.all()
        }
        with self._lock:
            for key, latest in self._changed.items():  # learnt while we read
                if latest is None:
                    known.pop(key, None)
                else:
                    known[key] = latest
            self._failing = known
