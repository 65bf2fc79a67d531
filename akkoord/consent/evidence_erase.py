"""Erasure of the lines of lists: a list goes with the last person who stands on it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from akkoord.consent.models import EvidenceFile
from akkoord.datamap.prepared import prepared

EMPTY_LIST_AGE = timedelta(days=1)


def erase_rows(person_ids: Iterable[UUID], run: UUID) -> int:  # noqa: ARG001 - an eraser's shape
    """Erase these persons' lines, and lists on which nobody is left; how many lines.

    A list that still shows others stays for them; `lists_shared_by` tells the certificate.
    """
    gone = prepared(_ERASE, {"people": list(person_ids)})
    if gone:
        lists = {file for (file,) in gone}
        remove_lists(EvidenceFile.objects.filter(id__in=lists, rows=None))
    return len(gone)


_ERASE = """
DELETE FROM consent_evidencerow WHERE person_id = ANY(%(people)s::uuid[]) RETURNING file_id
"""


_SHARED = """
SELECT EXISTS (SELECT FROM consent_evidencerow mine JOIN consent_evidencerow theirs
                 ON theirs.file_id = mine.file_id AND theirs.person_id <> ALL(%(ids)s::uuid[])
                WHERE mine.person_id = ANY(%(ids)s::uuid[]))
"""


def lists_shared_by(person_ids: Iterable[UUID]) -> bool:
    """Whether these persons stand on a list together with somebody else."""
    [(is_shared,)] = prepared(_SHARED, {"ids": list(person_ids)})
    return bool(is_shared)


def remove_empty_lists(*, at: datetime) -> int:
    """Remove lists of which no line was matched within a day; how many."""
    with transaction.atomic():
        return remove_lists(
            EvidenceFile.objects.filter(
                kind=EvidenceFile.LIST, rows=None, uploaded_at__lt=at - EMPTY_LIST_AGE
            )
        )


def remove_lists(lists: QuerySet[EvidenceFile]) -> int:
    """Remove these rows, and their files once that is sure."""
    paths = [Path(settings.DATA_DIR) / path for path in lists.values_list("path", flat=True)]
    count = EvidenceFile.objects.filter(id__in=list(lists.values_list("id", flat=True))).delete()[0]

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)
    return count
