"""Which column is what: by its name, by what stands in it, or as staff chose it the last time."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.imports.layouts import Layout, roles_of
from akkoord.imports.models import ColumnMapping
from akkoord.imports.reader import Row, Table

SAMPLED = 20
_SHARE = 0.5  # of the sampled cells that must be addresses


def peek(table: Table) -> list[list[str]]:
    """The cells of the first rows; the table still gives them afterwards."""
    first = list(islice(table.rows, SAMPLED))
    rest: Iterator[Row] = table.rows
    table.rows = chain(first, rest)
    return [row.cells for row in first if row.refused is None]


def guess_roles(
    layout: Layout,
    header: Sequence[str],
    samples: Sequence[Sequence[str]],
    besides: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, int]:
    """What each column is: by its name; the address also by what stands in it."""
    roles = roles_of(layout, header, besides)
    if "email" not in roles:
        for place in range(len(header)):
            cells = [row[place] for row in samples if row[place].strip()]
            if cells and sum(map(_is_address, cells)) >= _SHARE * len(cells):
                return {
                    "email": place,
                    **{role: each for role, each in roles.items() if each != place},
                }
    return roles


def _is_address(text: str) -> bool:
    if "@" not in text:
        return False
    try:
        normalise_email(text.strip())
    except BadIdentifier:
        return False
    return True


def fingerprint(source: str, system: str, header: Sequence[str]) -> str:
    """Files of one source with the same columns have one fingerprint."""
    names = "\n".join([source, system.strip().lower(), *(name.lower() for name in header)])
    return hashlib.sha256(names.encode()).hexdigest()


def saved_roles(print_: str, header: Sequence[str]) -> tuple[dict[str, int], datetime] | None:
    """What staff chose the last time for such a file, and when."""
    saved = ColumnMapping.objects.filter(fingerprint=print_).first()
    if saved is None:
        return None
    places = {name.lower(): place for place, name in enumerate(header)}
    roles = {role: places[name] for role, name in saved.columns.items() if name in places}
    return (roles, saved.saved_at) if "email" in roles else None


def save_roles(
    print_: str,
    header: Sequence[str],
    roles: Mapping[str, int],
    *,
    layout: str,
    by: UUID | None,
    at: datetime,
) -> None:
    """Keep what staff chose, for the next file of this source."""
    ColumnMapping.objects.update_or_create(
        fingerprint=print_,
        defaults={
            "layout": layout,
            "columns": {role: header[place].lower() for role, place in roles.items()},
            "by_staff": by,
            "saved_at": at,
        },
    )
