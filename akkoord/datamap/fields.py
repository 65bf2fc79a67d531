"""The field catalogue: which fields letters, groups and imports may name, and for which purposes.

Derived from the declarations (`Column.field`); own fields come from the room that keeps them,
which registers a source. What has no entry here cannot be merged, selected on or imported.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from akkoord.datamap.declaration import Declaration, DeclarationError, StrOrPromise, personal_stores
from akkoord.datamap.dpv import is_special
from akkoord.datamap.labels import column_label


@dataclass(frozen=True, slots=True)
class CatalogueField:
    """One field that may be used.

    `purposes`: the DPV purpose classes that it may serve. `path`: the ORM path from its row to
    the person's id.
    """

    key: str
    table: str
    column: str
    category: str
    purposes: tuple[str, ...]
    path: str
    label: StrOrPromise
    special: bool = False

    def may_serve(self, purpose_class: str) -> bool:
        """Whether the field may be used for this class of purposes (art. 5(1)(b) GDPR)."""
        return purpose_class in self.purposes


FieldSource = Callable[[], Iterable[CatalogueField]]
_sources: list[FieldSource] = []


def register_field_source(source: FieldSource) -> FieldSource:
    """Add a source of fields that stand in rows, not in code; asked anew at each reading.

    Can be used as a decorator. Registering the same source twice does nothing.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def catalogue() -> Mapping[str, CatalogueField]:
    """All fields by key. Raises DeclarationError when two have the same key.

    Labels are in the reader's language. With sources it costs as many queries as they need.
    """
    found: dict[str, CatalogueField] = {}
    declared = (field for store in personal_stores() for field in _declared_fields(store))
    for field in (*declared, *(field for source in _sources for field in source())):
        if field.key in found:
            raise DeclarationError(f"two fields are called {field.key}")
        found[field.key] = field
    return MappingProxyType(found)


def _declared_fields(store: Declaration) -> Iterable[CatalogueField]:
    """The fields of one declaration that have a key."""
    for name, column in store.columns.items():
        if column.field:
            yield CatalogueField(
                key=column.field,
                table=store.table,
                column=name,
                category=column.category,
                purposes=column.purposes,
                path=store.subject,
                label=column_label(store, name),
                special=column.special or is_special(column.category),
            )
