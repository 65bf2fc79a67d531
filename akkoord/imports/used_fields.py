"""Which files brought a field in: names of fields, never a cell."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from akkoord.imports.layouts import FIELDS, OWN, POSTAL
from akkoord.imports.models import Import
from akkoord.law.terms import law_day
from akkoord.law.use_rules import FieldUse, UseKind

LOOKED_BACK = timedelta(days=730)
MOST = 500


def import_uses(*, at: datetime) -> Iterator[tuple[str, FieldUse]]:
    """Each field of each file of the last two years that came in; one statement."""
    found = Import.objects.filter(
        state=Import.State.DONE, is_dry_run=False, undone_at=None, started_at__gt=at - LOOKED_BACK
    )
    rows = found.order_by("-started_at").values_list("id", "file_name", "started_at", "parts")
    for key, name, moment, parts in rows[:MOST]:
        url = reverse("imports:detail", args=[key])
        use = FieldUse(UseKind.IMPORT, name, law_day(moment), url=url)
        for field in sorted({each for part in parts for each in _fields_of(part)}):
            yield field, use


def _fields_of(part: Mapping[str, Any]) -> Iterator[str]:
    """What came in of a table: as staff said of an upload, as it was read of any other file."""
    if not part.get("is_used", True):
        return
    for role in part.get("fields") or part.get("roles") or ():
        if role.startswith(OWN) or role in (*FIELDS, *POSTAL):
            yield role.removeprefix(OWN)
