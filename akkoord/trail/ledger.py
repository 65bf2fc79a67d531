"""The registers of the ledger: which tables are sealed, who helps to verify them, and which of
their events no backup may take back.

Higher rooms plug in here from their `apps.ready()`; the trail never imports them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.sql import Identifier


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """One evented table (see `akkoord.trail.evented`).

    `columns`: what the commitment covers, in the order given to `evented_table_sql`;
    `blankable`: those that erasure empties.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    blankable: tuple[str, ...] = ()

    @property
    def content_function(self) -> Identifier:
        """The database function that gives an event's canonical bytes."""
        return Identifier(f"{self.table}_content")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one event (or block, or head), in a word from `verify`."""

    event: str
    fault: str


# Given the ids of erasure runs that blanked events: those of which a sealed record stands.
ErasureCheck = Callable[[set[UUID]], set[UUID]]
Verification = Callable[[], Iterable[Fault]]
# Given ids of events: what the journal of nos must say of them (see `nos`), each with its event.
Nos = Callable[[Sequence[UUID]], Iterable[Mapping[str, Any]]]

_sources: dict[str, LedgerSource] = {}
_erasure_checks: list[ErasureCheck] = []
_verifications: list[Verification] = []
_nos: list[Nos] = []


class LedgerError(Exception):
    """A registration contradicts another."""


def register_source(source: LedgerSource) -> None:
    """Let the ledger verify this table. Refuses another source on the same table."""
    known = _sources.get(source.table)
    if known is not None and known != source:
        raise LedgerError(f"{source.table} is registered twice")
    _sources[source.table] = source


def sources() -> tuple[LedgerSource, ...]:
    """All evented tables, by table."""
    return tuple(_sources[table] for table in sorted(_sources))


def register_erasure_check(check: ErasureCheck) -> None:
    """Let `rights` say which erasure runs really were, with a sealed record.

    A blanked event whose run no check knows is a fault.
    """
    if check not in _erasure_checks:
        _erasure_checks.append(check)


def known_runs(runs: set[UUID]) -> set[UUID]:
    """The runs of these that have a sealed record of their own."""
    return {run for check in _erasure_checks for run in check(runs)}


def register_verification(verification: Verification) -> None:
    """Let a higher room add its own faults to `verify` (standings equal the ledger)."""
    if verification not in _verifications:
        _verifications.append(verification)


def verifications() -> tuple[Verification, ...]:
    """What higher rooms check besides."""
    return tuple(_verifications)


def register_nos(nos: Nos) -> None:
    """Let a higher room say which of its events no backup may take back (INV-36)."""
    if nos not in _nos:
        _nos.append(nos)


def nos_among(events: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """What the journal must say of these events."""
    return [entry for nos in _nos for entry in nos(events)]
