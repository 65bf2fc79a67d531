"""Where the lines of a signed list can come from besides the keyboard: higher rooms plug in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A line of a list as it stands on the sheet."""

    row: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class RowSource:
    """People who wait for evidence: what to choose from, their lines, and what follows a match."""

    choices: Callable[[], list[tuple[str, str]]]
    rows: Callable[[str], list[TypedRow]]
    settle: Callable[[Sequence[UUID]], None]


_sources: dict[str, RowSource] = {}


def add_row_source(name: str, source: RowSource) -> None:
    """Plug a source in."""
    _sources[name] = source


def row_choices() -> list[tuple[str, str]]:
    """Everything that lines can be taken from."""
    return [
        (f"{name}:{key}", label)
        for name, source in _sources.items()
        for key, label in source.choices()
    ]


def rows_from(choice: str) -> list[TypedRow]:
    """The lines of a choice; none when it is not there any more."""
    name, _colon, key = choice.partition(":")
    source = _sources.get(name)
    return source.rows(key) if source else []


def settle_rows(person_ids: Sequence[UUID]) -> None:
    """Tell every source that these people have their evidence now."""
    for source in _sources.values():
        source.settle(person_ids)
