"""People of a file who wait for evidence, as lines of a signed list."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from akkoord.consent.row_sources import TypedRow
from akkoord.imports.models import Import, PendingEvidence
from akkoord.web.numbers import in_words

OFFERED = 20
MOST = 300


def files_with_waiting() -> list[tuple[str, str]]:
    """The newest files of which people still wait, with how many."""
    files = (
        Import.objects.filter(pending__isnull=False)
        .annotate(waiting=Count("pending"))
        .order_by("-started_at")[:OFFERED]
    )
    return [
        (
            str(each.id),
            _("%(file)s: %(number)s people wait")
            % {"file": each.file_name, "number": in_words(each.waiting)},
        )
        for each in files
    ]


def waiting_rows(key: str) -> list[TypedRow]:
    """The people of this file who wait, in the order of the file."""
    try:
        import_id = UUID(key)
    except ValueError:
        return []
    waiting = PendingEvidence.objects.filter(import_file_id=import_id).select_related(
        "person", "contact_point"
    )
    return [
        TypedRow(each.row, each.person.full_name, each.contact_point.value)
        for each in waiting.order_by("row")[:MOST]
    ]


def forget_waiting(person_ids: Sequence[UUID]) -> None:
    """These people have other evidence now: what their row lacked is of no use any more."""
    PendingEvidence.objects.filter(person_id__in=person_ids).delete()
