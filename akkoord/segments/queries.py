"""Named reads of saved groups: the list, how many a text finds, who they are, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import audience
from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions
from akkoord.segments.bitmaps import (
    are_grounds_there,
    count_with_bitmaps,
    is_large,
    lay_grounds_meanwhile,
)
from akkoord.segments.compile import NEEDS_YES
from akkoord.segments.deeds import FIELDS_OF
from akkoord.segments.fields import COMPANY, RELATION
from akkoord.segments.language import parse, segment_condition
from akkoord.segments.models import Group, GroupVersion
from akkoord.segments.places import FIELD
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import Bought, Condition, InGroup, Near, leaves
from akkoord.trail.queries import staff_names

PAGE = 50
SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Found:
    """How many addresses a group finds, and how many of them may get a letter on its topic."""

    people: int
    may: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One page of groups, and the key of the next."""

    groups: list[Group]
    next_key: str


def groups_page(*, after: str = "", put_away: bool = False) -> GroupPage:
    """Fifty groups, newest first: one statement."""
    found = Group.objects.filter(ended_at__isnull=not put_away).select_related("purpose")
    found = found.order_by("-id")
    if after:
        try:
            found = found.filter(id__lt=UUID(after))
        except ValueError:
            found = found.none()
    rows = list(found[: PAGE + 1])
    return GroupPage(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def topic_names(groups: Iterable[Group]) -> dict[UUID, str]:
    """The name of each group's topic; of one that ended, its key: one statement."""
    purposes = {group.purpose_id: group.purpose for group in groups}
    names = {each.purpose_id: each.name for each in current_versions(purposes.values())}
    return {key: names.get(key, purpose.slug) for key, purpose in purposes.items()}


def channel_of(purpose: Purpose) -> Channel:
    """Over which channel a topic's groups are counted: mail where it has mail."""
    channels = [Channel(each) for each in purpose.channels]
    return Channel.EMAIL if Channel.EMAIL in channels or not channels else channels[0]


def count_of(text: str, purpose: Purpose, *, at: datetime) -> Found:
    """Two counts, each one statement; of very many people from bitmaps. Raises SegmentError."""
    channel = channel_of(purpose)
    if is_large():
        if are_grounds_there(purpose, channel):
            try:
                return Found(*count_with_bitmaps(parse(text), purpose, channel, at=at))
            except SegmentError as problem:
                if problem.code != NEEDS_YES:  # bitmaps do not know who said yes since when
                    raise
        lay_grounds_meanwhile(purpose, channel, at=at)
    condition = segment_condition(text, purpose, at)
    living = ContactPoint.objects.filter(channel=channel, ended_at=None)
    return Found(
        living.filter(condition).count(),
        audience(purpose, channel, at=at).filter(condition).count(),
    )


def sample_of(text: str, purpose: Purpose, *, at: datetime) -> list[ContactPoint]:
    """Ten people of the group who may get a letter. Raises SegmentError."""
    condition = segment_condition(text, purpose, at)
    found = audience(purpose, channel_of(purpose), at=at).filter(condition)
    return list(found.select_related("person").order_by("id")[:SAMPLE])


def versions_of(group: Group) -> list[tuple[GroupVersion, str]]:
    """What the group said, the newest first, with who wrote it: two statements."""
    found = list(group.versions.order_by("-number")[:50])
    names = staff_names({each.by for each in found if each.by})
    return [(each, names.get(each.by, "") if each.by else "") for each in found]


def fields_of_text(text: str, texts: Mapping[str, str], inside: tuple[str, ...] = ()) -> set[str]:
    """The keys of the fields that a group's text asks; `texts`: what the topic's groups say.

    None for a text that cannot be read, or that Akkoord itself gave its name.
    """
    try:
        found = list(leaves(parse(text))) if text.strip() else []
    except SegmentError:
        return set()
    keys: set[str] = set()
    for each in found:
        match each:
            case Condition(field):
                keys |= {field, RELATION} if field == COMPANY else {field}
            case Bought(what):
                keys.update(FIELDS_OF[what])
            case Near():
                keys.add(FIELD)
            case InGroup(name) if name not in inside:
                keys |= fields_of_text(texts.get(name, ""), texts, (*inside, name))
    return keys


def texts_by_topic() -> dict[UUID, dict[str, str]]:
    """What the living groups say, by topic and name; one statement."""
    found: dict[UUID, dict[str, str]] = {}
    groups = Group.objects.filter(ended_at=None)
    for topic, name, text in groups.values_list("purpose_id", "name", "text"):
        found.setdefault(topic, {})[name] = text
    return found
