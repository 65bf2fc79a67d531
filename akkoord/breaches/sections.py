"""What this room adds to a person's page: which leak touched them, and how they were told."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akkoord.breaches.models import Affected
from akkoord.people.page import TimelineEntry, add_timeline_source


def _timeline(person_ids: Sequence[UUID], limit: int) -> list[TimelineEntry]:
    """The leaks that somebody stands in, newest first; of drills nothing. One statement."""
    found = (
        Affected.objects.filter(person_id__in=person_ids, breach__is_drill=False)
        .select_related("breach")
        .only("told_by", "told_at", "breach__reference", "breach__aware_at")
        .order_by("-breach__aware_at")[:limit]
    )
    return [
        TimelineEntry(
            at=each.breach.aware_at,
            icon="shield-x",
            title=_("Affected by data leak %(reference)s") % {"reference": each.breach.reference},
            detail=_told(each),
            url=reverse("breaches:breach", args=[each.breach_id]),
        )
        for each in found
    ]


def _told(row: Affected) -> str:
    if not row.told_at:
        return ""
    day = date_format(localtime(row.told_at), "j F Y")
    if row.told_by == Affected.Told.POST:
        return _("Told by post on %(day)s.") % {"day": day}
    return _("Told by mail on %(day)s.") % {"day": day}


add_timeline_source("breaches", _timeline)
