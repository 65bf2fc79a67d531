"""An upload that waits for its press: read by the scan, and dropped before it comes in.

Staff throw it away, or somebody in it is forgotten: then nobody's rows stay behind in a file.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction

from akkoord.datamap.attachments import is_sealed
from akkoord.datamap.reading import begins_readable
from akkoord.datamap.waiting import WaitingFiles, declare_waiting_files
from akkoord.imports.models import Import
from akkoord.imports.provisional import remove_files
from akkoord.imports.spool import SpoolGone, opened_frames
from akkoord.imports.wording import drop_wording
from akkoord.trail.actions import Actor, record_change

SOMEBODY_FORGOTTEN = "somebody-forgotten"
DISCARDED = "discarded"
_WAITING = (
    Import.State.MAPPING,
    Import.State.WAITING,
    Import.State.CHECKED,
    Import.State.FAILED,
)

FILES = WaitingFiles(
    store="imports_waitingfile",
    folder="imports",
    read="akkoord.imports.unfinished.texts_of",
    drop="akkoord.imports.unfinished.drop_upload",
)


def declare() -> None:
    """Tell the data map of the files that wait."""
    declare_waiting_files(FILES)


def texts_of(path: Path) -> Iterator[str]:
    """What stands in a file that waits. Without its key nobody can read it, and it says nothing.

    Raises ValueError for a file that its key does not open, and for one that is not ours.
    """
    record = _record_of(path)
    if record is None or record.spool_key is None or path.suffix == ".progress":
        if path.suffix != ".progress" and not is_sealed(path) and not begins_readable(path):
            raise ValueError("a file that nobody sealed, and that cannot be read")
        return
    try:
        for frame in opened_frames(path, bytes(record.spool_key)):
            yield frame.decode()
    except SpoolGone:
        if path.exists():
            raise ValueError("a waiting file does not open") from None


def _record_of(path: Path) -> Import | None:
    with contextlib.suppress(ValueError):
        return Import.objects.filter(id=UUID(path.stem)).first()
    return None


def drop_upload(path: Path) -> bool:
    """Drop an upload in which somebody stands who is forgotten now; staff see why.

    False while a worker is at it: it leaves out whom it may not bring in, and removes the file.
    """
    record = _record_of(path)
    return record is not None and _drop(record.id, SOMEBODY_FORGOTTEN)


@transaction.atomic
def discard_upload(*, import_id: UUID, at: datetime, actor: Actor) -> bool:
    """Throw an upload away before it came in; whether it still waited."""
    dropped = _drop(import_id, DISCARDED)
    if dropped:
        record_change(
            actor=actor, action="import.discard", object_kind="import", object_id=import_id, at=at
        )
    return dropped


def _drop(import_id: UUID, error: str) -> bool:
    record = (
        Import.objects.select_for_update(skip_locked=True)
        .filter(id=import_id, state__in=_WAITING)
        .first()
    )
    if record is None:
        return False
    record.state, record.error = Import.State.FAILED, error
    record.preview, record.spool_key = [], None
    record.save(update_fields=["state", "error", "preview", "spool_key"])
    drop_wording(record)
    transaction.on_commit(partial(remove_files, import_id))
    return True
