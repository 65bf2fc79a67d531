"""What both ways of undoing share: the numbers, and who of the people made by a file stays."""

from dataclasses import dataclass
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from akkoord.datamap.declaration import Declaration, OnErasure, personal_stores
from akkoord.datamap.holds import held_people
from akkoord.datamap.paths import quoted
from akkoord.imports.models import Import
from akkoord.people.models import Person

# What an import itself writes, and what only says that somebody was looked at or left out.
_NOT_SINCE = frozenset(
    {
        "people_person",
        "people_contactpoint",
        "consent_permissionevent",
        "consent_standing",
        "consent_evidencerow",  # the group's own proof, added to the file
        "imports_pendingevidence",
        "imports_overwrittenname",
        "imports_changedsale",
        "messages_message",
        "trail_change",
    }
)
# What a file may bring itself: rows of the very moment at which it came in.
_OF_THE_FILE = {
    "people_ownfieldvalue": "updated_at",
    "consent_specialvalue": "updated_at",
    "people_postaladdress": "created_at",
}


@dataclass(frozen=True, slots=True)
class SaleStays:
    """Somebody whose sales stay although their file is taken back: held for a claim, or frozen."""

    person_id: UUID
    sales: int


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an import would do; `why_not` when it cannot be done.

    `sales`: taken back; `again`: sales that a credit note of the file had taken back; `changed`:
    sales that were known, which lose the kind and place that the file added.
    """

    going: int = 0
    staying: int = 0
    invalidated: int = 0
    names: int = 0
    sent: int = 0
    why_not: str = ""
    sales: int = 0
    again: int = 0
    changed: int = 0
    kept: tuple[SaleStays, ...] = ()

    def people_kept(self, most: int = 50) -> list[Person]:
        """Whose sales stay, to be named; one query."""
        ids = [each.person_id for each in self.kept[:most]]
        return list(Person.objects.filter(id__in=ids).order_by("id"))

    @property
    def sales_kept(self) -> int:
        """How many sales stay."""
        return sum(each.sales for each in self.kept)


def begun(record: Import) -> UUID:
    """The lowest id of somebody made by this file; ids grow with time.

    A minute of grace: they are made by the moment the file was handed over.
    """
    milliseconds = int(record.started_at.timestamp() * 1000)
    return UUID(int=max(0, milliseconds - 60_000) << 80)


def kept_people() -> list[UUID]:
    """Of whom nothing is taken back: held for a legal claim or frozen (art. 17(3)(e), 18)."""
    frozen = Person.objects.filter(restricted_at__isnull=False).order_by("id")
    return sorted({*held_people(), *frozen.values_list("id", flat=True)})


def keep_only_made(cursor: CursorWrapper, record: Import) -> None:
    """Take out of `undo_person` whoever had something else happen, is held or is frozen.

    Every store of the data map is asked, so that a new one is not forgotten.
    """
    cursor.execute(
        "DELETE FROM undo_person WHERE is_made AND id = ANY(%s::uuid[])", [kept_people()]
    )
    for store in personal_stores():
        if store.table not in _NOT_SINCE and store.erase is not OnErasure.KEEP:
            _something_else(cursor, store, record)


def _something_else(cursor: CursorWrapper, store: Declaration, record: Import) -> None:
    """Whoever has a row in this store had something else happen, and stays.

    Every store of the data map is asked, so that a new one is not forgotten.
    """
    column = store.subject.partition("__")[0]
    if "__" in store.subject or not column:
        return  # reached through a row that is asked itself
    written = _OF_THE_FILE.get(store.table)
    since = f" AND t.{quoted(written)} <> %s" if written else ""
    cursor.execute(
        f"DELETE FROM undo_person u WHERE u.is_made AND EXISTS (SELECT 1 FROM "  # noqa: S608
        f"{quoted(store.table)} t WHERE t.{quoted(column)} = u.id{since})",
        [record.ended_at] if written else None,
    )
