"""Enters with `segments` which letters and series name a saved group."""

from collections.abc import Iterable

from django.db.models import Q

from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_models import Series
from akkoord.messages.models import Dispatch
from akkoord.segments.models import Group
from akkoord.segments.uses import MOST, NAMES_A_GROUP, is_named_in, uses_source

_OVER = (Dispatch.State.FINISHED, Dispatch.State.CANCELLED)


@uses_source
def letters_with(group: Group) -> Iterable[str]:
    """Letters that may still go, by their group or by a block for some people only."""
    letters = Campaign.objects.filter(
        Q(segment__iregex=NAMES_A_GROUP) | Q(body__iregex=NAMES_A_GROUP),
        Q(dispatch=None) | ~Q(dispatch__state__in=_OVER),
        purpose=group.purpose_id,
    )
    for letter in letters.order_by("-id")[:200]:
        if is_named_in(group, letter.segment) or is_named_in(group, letter.body):
            yield f"“{letter.shown_name}”"


@uses_source
def series_with(group: Group) -> Iterable[str]:
    """Series that are not over, by their group or by that of a step."""
    named = Q(segment__iregex=NAMES_A_GROUP)
    named |= Q(steps__segment__iregex=NAMES_A_GROUP, steps__ended_at=None)
    found = Series.objects.filter(named, purpose=group.purpose_id).exclude(state=Series.State.OFF)
    for series in found.distinct().prefetch_related("steps").order_by("-id")[: MOST * 10]:
        steps = [each.segment for each in series.steps.all() if each.ended_at is None]
        if any(is_named_in(group, text) for text in (series.segment, *steps)):
            yield f"“{series.name}”"
