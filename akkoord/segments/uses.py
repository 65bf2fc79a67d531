"""Where a saved group is named: in other groups, and where other rooms say (letters, series)."""

import re
from collections.abc import Callable, Iterable

from django.db.models import Q

from akkoord.messages.models import Dispatch
from akkoord.segments.models import Group
from akkoord.segments.within import names_in

UseSource = Callable[[Group], Iterable[str]]
_sources: list[UseSource] = []
MOST = 5
# What every text with a group in it holds, in either language; a quick question before reading.
NAMES_A_GROUP = r"\yin\s+gro(up|ep)\y"
_OPEN = (Dispatch.State.READY, Dispatch.State.RUNNING, Dispatch.State.PAUSED)


def uses_source(source: UseSource) -> UseSource:
    """Register where a room names groups; it answers how each place is called."""
    if source not in _sources:
        _sources.append(source)
    return source


def uses_of(group: Group) -> list[str]:
    """The names of the places that name this group, a few of them; groups first."""
    texts = Group.objects.filter(
        purpose=group.purpose_id, ended_at=None, text__iregex=NAMES_A_GROUP
    ).exclude(id=group.id)
    found = [
        f"“{each.name}”" for each in texts.order_by("name") if group.name in names_in(each.text)
    ]
    for source in _sources:
        found += source(group)
    return list(dict.fromkeys(found))[:MOST]


def is_named_in(group: Group, text: str) -> bool:
    """Whether a text names this group: a group's text, or a body with such texts in it."""
    if group.name in names_in(text):
        return True
    # In a body it stands as an attribute or inside JSON: with other signs for the quotes.
    quote = r"(?:\\*\"|&quot;|&#34;)"
    name = re.escape(group.name)
    return bool(re.search(rf"\bin\s+gro(?:up|ep)\s+{quote}{name}{quote}", text, re.IGNORECASE))


@uses_source
def runs_with(group: Group) -> Iterable[str]:
    """Runs that are not over yet, whose group is asked again for each step."""
    runs = Dispatch.objects.filter(
        Q(purpose=group.purpose_id) | Q(also__contains=[group.purpose_id]),
        state__in=_OPEN,
        segment__iregex=NAMES_A_GROUP,
    )
    for run in runs.order_by("-id")[:MOST]:
        if is_named_in(group, run.segment):
            yield f"“{run.template.get('subject', '') or run.id}”"
