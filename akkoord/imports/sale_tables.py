"""All tables of a file of sales: the sheets of a book, the files of a ZIP, or the one table.

A file is of one kind. A table that is none of sales, or of another kind than the first, is passed
over and told by its name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from akkoord.imports.judge import Refusal
from akkoord.imports.opening import Opened
from akkoord.imports.order import ImportRefused
from akkoord.imports.orders import SaleLayout, missing_columns, sale_layout_of, table_sales
from akkoord.imports.reader import Table
from akkoord.imports.sales import Sale
from akkoord.law.reasons import Reason


@dataclass(slots=True)
class SaleTables:
    """The tables of a file that hold sales of one kind; read once, from the first to the last."""

    layout: SaleLayout
    opened: Opened
    first: Table
    parts: list[dict[str, Any]] = field(default_factory=list)

    def sales(self) -> Iterator[Sale | Refusal]:
        """The sales of all tables; notes of each table its name and its number of sales."""
        names: set[str] = set()
        for table in chain([self.first], self.opened.tables):
            if table is not self.first and not self._is_alike(table):
                self.opened.ignored.append(table.name)
                table.close()
                continue
            name = unlike(table.name, names)
            names.add(name)
            part: dict[str, Any] = {"name": name, "rows": 0, "is_used": True}
            self.parts.append(part)
            for sale in table_sales(table, self.layout, part=name):
                part["rows"] += 1
                yield sale

    def _is_alike(self, table: Table) -> bool:
        layout = sale_layout_of(table.header, self.layout.name)
        return layout is self.layout and not missing_columns(self.layout, table.header)


def sale_tables(opened: Opened, wanted: str) -> SaleTables:
    """The first table that holds sales, and those after it that are like it.

    Refuses a file without one, and names the columns that the best table lacks.
    """
    lacking: list[str] | None = None
    shown: list[str] = []  # as such a file calls them
    for table in opened.tables:
        layout = sale_layout_of(table.header, wanted)
        missing = missing_columns(layout, table.header) if layout else []
        if layout and not missing:
            return SaleTables(layout, opened, table)
        if layout and lacking is None:
            lacking = missing
            shown = [layout.columns[role][0] for role in missing if role in layout.columns]
        opened.ignored.append(table.name)
        table.close()
    if lacking is None:
        raise ImportRefused(
            Reason.NOT_A_TABLE,
            _(
                "We do not know this export. Choose what it is, or save it as CSV with the columns "
                "Bonnummer, Datum, E-mail and Productgroep."
            ),
        )
    raise ImportRefused(
        Reason.NO_ADDRESS if lacking == ["email"] else Reason.MALFORMED_ROW,
        _("This file lacks columns: {names}.").format(names=", ".join(shown)),
    )


def unlike(name: str, names: set[str]) -> str:
    """A name that no other table of the file has: two folders may hold one of the same name."""
    found, number = name, 1
    while found in names:
        number += 1
        found = f"{name} ({number})"
    return found
