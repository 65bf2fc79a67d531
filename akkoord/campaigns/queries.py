"""Named reads of campaigns: the list, who is behind a reason, how a letter looks to somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.problems import block_problems
from akkoord.campaigns.source import draft_source_of, source_of
from akkoord.composing.queries import house_now
from akkoord.composing.tree import read_tree
from akkoord.delivery.relays import SERVERS_AWAY
from akkoord.law.reasons import REASONS, Reason, Stage
from akkoord.law.states import Channel
from akkoord.messages.compile import Compiled, Preview
from akkoord.messages.conditions import everything, made_conditions
from akkoord.messages.dispatch import compile_for, compile_under
from akkoord.messages.groups import group_condition
from akkoord.messages.models import Dispatch
from akkoord.messages.outlook import expected_end
from akkoord.messages.pace import NIGHT, SPREAD, THROTTLE, WARM_UP
from akkoord.messages.preflight import Preflight
from akkoord.messages.queries import DispatchFigures
from akkoord.messages.selection import selection_sql
from akkoord.messages.template import CompileError
from akkoord.messages.values import sample_values, usable_fields, values_for
from akkoord.people.models import ContactPoint
from akkoord.people.queries import people_page
from akkoord.permission.queries import ask, audience, refused_points
from akkoord.permission.sentences import sentence_of, way_of, way_url_of, words_of
from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions, known_fields, letter_topics
from akkoord.segments.models import Group
from akkoord.web.numbers import in_words

PAGE = 50
SHORTEST = 2  # letters to search by


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """One page of letters, and the key of the next."""

    campaigns: list[Campaign]
    next_key: str


def campaigns_page(*, after: str = "") -> CampaignPage:
    """Fifty letters, newest first, with their topic and dispatch: one statement."""
    found = Campaign.objects.filter(part="").select_related("purpose", "dispatch", "plan")
    found = found.order_by("-id")
    if after:
        try:
            found = found.filter(id__lt=UUID(after))
        except ValueError:
            found = found.none()
    rows = list(found[: PAGE + 1])
    return CampaignPage(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def plans_that_need_somebody(limit: int = 5) -> list[Plan]:
    """Planned letters that were missed or did not start, the oldest first: one statement."""
    wanted = Plan.objects.exclude(state=Plan.State.PLANNED).select_related("campaign")
    return list(wanted.order_by("starts_at")[:limit])


def group_for(text: str) -> Group | None:
    """The saved group that a new letter is to go to."""
    key = _uuid(text)
    groups = Group.objects.select_related("purpose").filter(ended_at=None)
    return groups.filter(id=key).first() if key else None


def merge_fields(
    purpose: Purpose | None = None, also: Sequence[Purpose] = ()
) -> list[tuple[str, str]]:
    """Key and name of the fields that a letter for this topic, and these further ones, may use."""
    topic = purpose or letter_topics().first()
    allowed = usable_fields((topic, *also)) if topic else frozenset()
    return [(field.key, field.name) for field in known_fields() if field.key in allowed]


def audience_sentence(found: Preflight, *, is_push: bool = False) -> str:
    """Who gets it and who does not, in a sentence."""
    count = formats.number_format(found.may_be_mailed, use_l10n=True, force_grouping=True)
    total = formats.number_format(found.selected, use_l10n=True, force_grouping=True)
    if is_push:
        devices = ngettext(
            "{count} of {total} devices gets this message.",
            "{count} of {total} devices get this message.",
            found.may_be_mailed,
        ).format(count=count, total=total)
        if found.reached == found.may_be_mailed:
            return devices
        people = ngettext(
            "They belong to {people} person.",
            "They belong to {people} people.",
            found.reached,
        ).format(people=formats.number_format(found.reached, use_l10n=True, force_grouping=True))
        return f"{devices} {people}"
    return ngettext(
        "{count} of {total} people gets this letter.",
        "{count} of {total} people get this letter.",
        found.may_be_mailed,
    ).format(count=count, total=total)


def reason_rows(campaign: Campaign, reasons: Mapping[Reason, int]) -> list[dict[str, Any]]:
    """Each reason with its count, the people behind it and the way onward."""
    return [
        {
            "label": words_of(reason),
            "count": count,
            "url": reverse("campaigns:refused", args=[campaign.id, reason.value])
            if REASONS[reason].stage is Stage.GATE
            else "",
            "way": way_of(reason),
            "way_url": way_url_of(reason),
        }
        for reason, count in reasons.items()
    ]


def waiting_sentence(dispatch: Dispatch, figures: DispatchFigures, *, at: datetime) -> str:
    """Why nothing leaves at this moment, how many wait, and when the last is expected to leave."""
    words = {
        SPREAD: _("It leaves evenly."),
        NIGHT: _("It is night: nothing leaves. It goes on at {until}."),
        THROTTLE: _("Your limit an hour is reached for now."),
        WARM_UP: _("Your sending domain is new, and today's share has left. It goes on tomorrow."),
        SERVERS_AWAY: _("No mail server answers. It goes on by itself when one is back."),
    }
    if figures.waits_for not in words:
        return ""
    until = formats.time_format(timezone.localtime(figures.waits_until or at), "H:i")
    waits = ngettext("{n} waits.", "{n} wait.", figures.due).format(n=in_words(figures.due))
    found = f"{words[figures.waits_for].format(until=until)} {waits}"
    end = expected_end(dispatch, figures.due, at=at)
    if end is None:
        return found
    day = formats.date_format(timezone.localtime(end), "j F, H:i")
    return f"{found} {_('The last leave about {moment}.').format(moment=day)}"


def skipped_rows(skipped: Mapping[str, int]) -> list[dict[str, Any]]:
    """Reasons of a dispatch with their counts and the way onward."""
    return [
        {"label": words_of(Reason(reason)), "count": count, "way": way_of(Reason(reason))}
        for reason, count in sorted(skipped.items(), key=lambda each: -each[1])
    ]


def refused_page(campaign: Campaign, reason: Reason, *, after: str) -> dict[str, Any]:
    """The people behind one reason, fifty at a time."""
    key = _uuid(after)
    now = timezone.now()
    points = _refused(campaign, reason, after=key, at=now)
    more = len(points) > PAGE
    return {
        "points": points[:PAGE],
        "next_key": str(points[PAGE - 1].id) if more else "",
        "is_paged": key is not None,
        "sentence": sentence_of(reason),
        "words": words_of(reason),
        "way": way_of(reason),
        "articles": ", ".join(REASONS[reason].articles),
    }


def _refused(
    campaign: Campaign, reason: Reason, *, after: UUID | None, at: datetime
) -> list[ContactPoint]:
    """The next refused addresses; of a letter about several topics those refused for all."""
    group = group_condition(campaign.segment, campaign.purpose, at)
    channel, also = Channel(campaign.channel), campaign.also_topics
    if not also:
        return refused_points(
            campaign.purpose, channel, reason, at=at, within=group, after=after, limit=PAGE + 1
        )
    selection, values = selection_sql(campaign.purpose, channel, group, at=at, also=also)
    wanted = f"SELECT p.id FROM ({selection}) AS p WHERE p.reason = %s"  # noqa: S608 - our own
    found = ContactPoint.objects.filter(
        id__in=RawSQL(wanted, [*values, reason.value])  # noqa: S611 - our own statement
    )
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.select_related("person").order_by("id")[: PAGE + 1])


def topic_names(campaign: Campaign) -> list[str]:
    """The topics of a letter by name, the first one first: one statement, two for several."""
    purposes = [campaign.purpose, *campaign.also_topics]
    names = {each.purpose_id: each.name for each in current_versions(purposes)}
    return [names[each.id] for each in purposes if each.id in names]


def for_whom(campaign: Campaign) -> str:
    """Whom a letter is for, in a sentence."""
    names = [f"“{each}”" for each in topic_names(campaign)]
    if len(names) == 1:
        return _("For people who chose {topic}.").format(topic=names[0])
    told = _("{topics} or {topic}").format(topics=", ".join(names[:-1]), topic=names[-1])
    return _("For people who chose {topics}. Who chose several gets it once.").format(topics=told)


def _compiled_for(campaign: Campaign, person: ContactPoint | None) -> Compiled:
    """The letter under the topic that this person would get it under; of nobody, the first."""
    source, also = source_of(campaign), campaign.also_topics
    heads = list(source.topics[:1])
    if person is not None and len(source.topics) > 1:
        now, channel = timezone.now(), Channel(campaign.channel)
        heads = [
            head
            for head, purpose in zip(source.topics, (campaign.purpose, *also), strict=True)
            if ask([person.id], purpose, channel, at=now)[person.id].allowed
        ][:1] or heads
    return compile_under(campaign.purpose, source, also=also, heads=heads)[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def people_to_show(campaign: Campaign, limit: int = 8) -> list[ContactPoint]:
    """A few people who would get the letter, to look through their eyes."""
    now = timezone.now()
    group = group_condition(campaign.segment, campaign.purpose, now)
    found: dict[UUID, ContactPoint] = {}
    for purpose in (campaign.purpose, *campaign.also_topics):
        points = audience(purpose, Channel(campaign.channel), at=now).filter(group)
        for each in points.select_related("person").order_by("id")[:limit]:
            found.setdefault(each.id, each)
    return list(found.values())[:limit]


def person_to_show(campaign: Campaign, text: str) -> ContactPoint | None:
    """The chosen one, whoever it is, or the first who would get it."""
    key = _uuid(text)
    chosen = (
        ContactPoint.objects.filter(id=key, channel=campaign.channel, ended_at=None)
        .select_related("person")
        .first()
        if key
        else None
    )
    return chosen or next(iter(people_to_show(campaign, limit=1)), None)


def people_like(campaign: Campaign, text: str, limit: int = 8) -> list[ContactPoint]:
    """Anybody whose name or address begins like this, to look through their eyes."""
    if len(text.strip()) < SHORTEST:
        return []
    people = [each.id for each in people_page(text=text).people[:limit]]
    points = (
        ContactPoint.objects.filter(person_id__in=people, channel=campaign.channel, ended_at=None)
        .select_related("person")
        .order_by("person_id", "created_at")
        .distinct("person_id")
    )
    return sorted(points, key=lambda each: people.index(each.person_id))


def subject_for(campaign: Campaign, chosen: ContactPoint | None) -> str:
    """The subject as that person would read it; while it does not compile, as it is written."""
    try:
        return preview_for(campaign, str(chosen.id) if chosen else "").subject
    except (CompileError, LookupError):
        return campaign.shown_subject


def preview_for(campaign: Campaign, text: str) -> Preview:
    """The letter as that person would see it; with sample values when nobody would get it."""
    return preview_as(campaign, person_to_show(campaign, text))


def draft_preview(campaign: Campaign) -> Preview:
    """A letter as it is being written, with sample values; in the place of a block that is not
    ready stands what is missing. Raises CompileError."""
    if not campaign.is_blocks:
        return preview_as(campaign, None)
    now, house = timezone.now(), house_now()
    problems = block_problems(campaign, read_tree(campaign.body), house, at=now)
    source = draft_source_of(campaign, problems)
    compiled = compile_for(campaign.purpose, source, also=campaign.also_topics)
    return compiled.preview(sample_values(compiled.slots) | everything(compiled.conditions))


def preview_as(campaign: Campaign, person: ContactPoint | None) -> Preview:
    """The letter through somebody's eyes, their blocks alone; of nobody with every block.

    Raises CompileError.
    """
    compiled = _compiled_for(campaign, person)
    if person is None:
        return compiled.preview(sample_values(compiled.slots) | everything(compiled.conditions))
    asked = made_conditions(compiled.conditions, campaign.purpose, timezone.now())
    values = values_for(
        [person.id],
        compiled.slots,
        language=campaign.language,
        conditions=asked,
        topics=(campaign.purpose, *campaign.also_topics),
    ).get(person.id, {})
    return compiled.preview({**sample_values(()), **values})
