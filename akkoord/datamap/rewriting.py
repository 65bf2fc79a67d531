"""Tables whose old bytes must leave the disk although nobody was erased: fields that were emptied.

Who empties them notes it in the same transaction; who rewrites tables at night asks for them.
"""

from collections.abc import Sequence

from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.erase import changed_tables
from akkoord.datamap.models import RewriteDue


def note_emptied() -> None:
    """Note the tables in which this transaction changed or removed rows; done twice is once."""
    RewriteDue.objects.bulk_create(
        [RewriteDue(store=each) for each in changed_tables()], ignore_conflicts=True
    )


def tables_due() -> list[str]:
    """The tables to write anew; a name that is no table of ours is passed over."""
    stores = RewriteDue.objects.order_by("store").values_list("store", flat=True)
    return [each for each in stores if declaration_of(each) is not None]


def rewritten(stores: Sequence[str]) -> None:
    """These were written anew, and the log of before is gone."""
    RewriteDue.objects.filter(store__in=stores).delete()
