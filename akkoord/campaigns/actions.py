"""Verbs of campaigns: write, revise, copy, try on staff, send.

Sending hands over to `messages`: what was approved is frozen there, and the gate is asked again
for every person at the moment of sending.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.campaigns.examples import example_sentence, examples_in
from akkoord.campaigns.models import AbTest, Campaign, Plan
from akkoord.campaigns.source import any_source_of, source_of
from akkoord.campaigns.versions import changed_sentence, keep_version, seen_other_sentence
from akkoord.composing.drawn import unfinished
from akkoord.composing.tree import TreeRefused, read_tree
from akkoord.datamap.ids import uuid7
from akkoord.datamap.plain_words import name_problem
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource
from akkoord.messages.dispatch import (
    AnySource,
    DispatchRefused,
    compile_for,
    content_hash_of,
    only_measures,
    start_dispatch,
)
from akkoord.messages.findings import Finding
from akkoord.messages.groups import GroupRefused
from akkoord.messages.outside import look_outside, nothing_seen
from akkoord.messages.preflight import Preflight, preflight
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError
from akkoord.messages.topics import MOST as MOST_TOPICS
from akkoord.messages.topics import group_for_all
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

WAYS = (Channel.EMAIL, Channel.PUSH, Channel.POST)


class CampaignRefused(Exception):
    """A campaign that cannot be; `field` names where, `sentence` says why and what to do.

    `codes`: the stable codes of what the check before sending blocked.
    """

    def __init__(self, field: str, sentence: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
        self.codes = codes


@dataclass(frozen=True, slots=True)
class CampaignText:
    """What a marketer writes."""

    name: str
    subject: str
    body: str
    body_kind: str = Campaign.BodyKind.MARKDOWN
    preheader: str = ""
    language: str = "nl"
    segment: str = ""
    sender_name: str = ""
    link: str = ""
    count_clicks: bool = True
    also: tuple[UUID, ...] = ()  # further topics: who is in several gets it once

    def values(self) -> Mapping[str, Any]:
        """By the names of the model's fields."""
        return {name: getattr(self, name) for name in self.__slots__} | {"also": list(self.also)}


@transaction.atomic
def create_campaign(
    *,
    purpose: Purpose,
    text: CampaignText,
    at: datetime,
    actor: Actor,
    channel: Channel = Channel.EMAIL,
    campaign_id: UUID | None = None,
    part: str = "",
    asks_anew: bool = False,
) -> Campaign:
    """A new campaign for one topic: a letter, a push message or a letter on paper.

    `part`: what it belongs to, when it is not sent by itself. `asks_anew`: it asks whether a yes
    still stands. `campaign_id`: the id that it gets.

    Refuses a topic that does not come this way, and what does not compile: a text with an unknown
    field, and a field or a group outside what the topic may use (purpose binding, art. 5(1)(b)).
    """
    if purpose.ended_at is not None or not purpose.is_topic:
        raise CampaignRefused("purpose", _("This topic has ended. Choose another."))
    if purpose.measures:
        raise CampaignRefused("purpose", only_measures())
    if channel not in purpose.channels or channel not in WAYS:
        raise CampaignRefused("purpose", _("This topic is not sent in this way. Choose another."))
    if campaign_id is not None and Campaign.objects.filter(id=campaign_id).exists():
        raise CampaignRefused("", _("This letter is there already. Look among the letters."))
    campaign = Campaign(
        id=campaign_id or uuid7(),
        purpose=purpose,
        channel=channel,
        part=part,
        asks_anew=asks_anew,
        created_by=actor.id,
        created_at=at,
        updated_at=at,
        **text.values(),
    )
    check_topics(campaign)
    check_draft(campaign, at=at)
    campaign.save(force_insert=True)
    keep_version(campaign, at=at, actor=actor)
    record_change(
        actor=actor,
        action="campaign.create",
        object_kind="campaign",
        object_id=campaign.id,
        at=at,
    )
    return campaign


@transaction.atomic
def revise_campaign(
    *, campaign_id: UUID, text: CampaignText, version: int, at: datetime, actor: Actor
) -> Campaign:
    """Change a campaign that was not sent. Refuses when somebody else changed it meanwhile."""
    campaign = Campaign.objects.select_for_update().get(id=campaign_id)
    check_may_change(campaign, version)
    changed = [name for name, value in text.values().items() if getattr(campaign, name) != value]
    for name, value in text.values().items():
        setattr(campaign, name, value)
    check_topics(campaign)
    check_draft(campaign, at=at)
    campaign.version += 1
    campaign.updated_at = at
    campaign.save()
    keep_version(campaign, at=at, actor=actor)
    record_change(
        actor=actor,
        action="campaign.revise",
        object_kind="campaign",
        object_id=campaign.id,
        fields=changed,
        at=at,
    )
    return campaign


@transaction.atomic
def copy_campaign(*, campaign_id: UUID, at: datetime, actor: Actor) -> Campaign:
    """A new campaign with the same text, not sent."""
    old = Campaign.objects.select_related("purpose").get(id=campaign_id)
    text = CampaignText(
        **{name: getattr(old, name) for name in CampaignText.__slots__ if name != "name"},
        name=_("{name} (copy)").format(name=old.name)[:160],
    )
    channel = Channel(old.channel)
    return create_campaign(purpose=old.purpose, text=text, at=at, actor=actor, channel=channel)


def check_may_change(campaign: Campaign, version: int) -> None:
    """Refuse what was sent, and what somebody else changed since `version`, with who and when."""
    if campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent. Make a copy to change it."))
    with_b = Q(campaign=campaign) | Q(campaign__ab__other=campaign)
    if Plan.objects.filter(with_b, state=Plan.State.PLANNED).exists():
        raise CampaignRefused(
            "", _("This letter is planned. Take it off the plan first, then change it.")
        )
    if campaign.version != version:
        raise CampaignRefused("", changed_sentence(campaign))


def check_was_seen(campaign: Campaign, version: int | None) -> None:
    """Refuse a letter that is no longer what who approves it saw; None: nobody looked at a page."""
    if version is not None and campaign.version != version:
        raise CampaignRefused("version", seen_other_sentence(campaign))


def check_stands_alone(campaign: Campaign) -> None:
    """Refuse to send by itself what belongs to a series, or has two versions."""
    if campaign.part == Campaign.Part.SERIES:
        raise CampaignRefused(
            "", _("This letter belongs to a series. It leaves by itself, step by step.")
        )
    _check_one_version(campaign)


def _check_one_version(campaign: Campaign) -> None:
    if campaign.part or AbTest.objects.filter(campaign=campaign).exists():
        raise CampaignRefused(
            "", _("This letter has two versions. Start comparing them, or go on with one.")
        )


def check_topics(campaign: Campaign) -> None:
    """Refuse further topics that this letter cannot be about: each by mail, each once, five at
    most with the first."""
    if not campaign.also:
        return
    if campaign.channel != Channel.EMAIL or campaign.part == Campaign.Part.SERIES:
        raise CampaignRefused("also", _("Only a letter can be about several topics."))
    if len({campaign.purpose_id, *campaign.also}) != len(campaign.also) + 1:
        raise CampaignRefused("also", _("Choose each topic once."))
    if len(campaign.also) >= MOST_TOPICS:
        raise CampaignRefused("also", _("A letter can be about five topics at most."))
    found = campaign.also_topics
    lives = [
        each
        for each in found
        if each.ended_at is None and each.is_topic and Channel.EMAIL in each.channels
    ]
    if len(lives) != len(campaign.also) or any(each.measures for each in found):
        raise CampaignRefused("also", _("One of these topics has ended, or is not sent by mail."))


def check_draft(campaign: Campaign, *, at: datetime) -> None:
    """Refuse what may not be kept. A letter of blocks is kept half-way: the check stops it later.

    The tree must be one of ours, and the group one that the topic may use.
    """
    for field in ("name", "segment"):  # who got it is kept under this name (INV-32)
        if problem := name_problem(getattr(campaign, field)):
            raise CampaignRefused(field, problem)
    if not campaign.is_blocks:
        return check_text(campaign, at=at)
    try:
        read_tree(campaign.body)
    except TreeRefused as refusal:
        raise CampaignRefused("body", refusal.sentence) from None
    return _check_group(campaign, at=at)


def check_text(campaign: Campaign, *, at: datetime) -> None:
    """Refuse a text or a group that does not compile, at its field and with what to do."""
    try:
        content_hash_of(campaign.purpose, any_source_of(campaign), campaign.also_topics)
    except CompileError as problem:
        field = problem.part if problem.part in ("subject", "body", "link") else ""
        raise CampaignRefused(field, compile_sentence(problem)) from None
    _check_group(campaign, at=at)


def _check_group(campaign: Campaign, *, at: datetime) -> None:
    try:
        group_for_all(campaign.segment, campaign.purpose, campaign.also_topics, at)
    except GroupRefused as problem:
        raise CampaignRefused("segment", problem.sentence) from None


def draft_problems(campaign: Campaign) -> list[str]:
    """What stands in the way of a letter that is being written, in sentences: what does not
    compile, what a drawing still misses."""
    found = unfinished(campaign.body) if campaign.body_kind == Campaign.BodyKind.MJML else []
    try:
        content_hash_of(campaign.purpose, any_source_of(campaign), campaign.also_topics)
    except CompileError as problem:
        found.insert(0, compile_sentence(problem))
    return found


def group_refusal(campaign: Campaign, segment: str, *, at: datetime) -> str:
    """Why a letter cannot go to this group; empty when it can."""
    asked = copy(campaign)
    asked.segment = segment
    try:
        _check_group(asked, at=at)
    except CampaignRefused as refusal:
        return refusal.sentence
    return ""


def preflight_campaign(campaign: Campaign, *, at: datetime) -> Preflight:
    """What would happen if it were sent now: how many, why not the others, what blocks."""
    found = _preflight(campaign, at=at)
    places = examples_in(campaign)
    if places:
        finding = Finding("still-example", example_sentence(places), "body")
        # One may be meant; a letter of examples is not.
        (found.blocking if len(places) > 1 else found.warnings).append(finding)
    if campaign.body_kind == Campaign.BodyKind.MJML:
        found.blocking += [Finding("section", each, "body") for each in unfinished(campaign.body)]
    return found


def _preflight(campaign: Campaign, *, at: datetime) -> Preflight:
    try:
        source = any_source_of(campaign)
    except CompileError as problem:  # a block that is not whole
        rest = source_of(copy_without_blocks(campaign))
        found = _asked(campaign, rest, at=at)
        found.blocking.insert(0, Finding(problem.code, compile_sentence(problem), "body"))
        return found
    return _asked(campaign, source, at=at)


def _asked(campaign: Campaign, source: AnySource, *, at: datetime) -> Preflight:
    return preflight(
        purpose=campaign.purpose,
        source=source,
        segment=campaign.segment,
        at=at,
        also=campaign.also_topics,
    )


def findings_outside(campaign: Campaign) -> list[Finding]:
    """What is wrong with the links of a letter and with the sender's DNS records; takes seconds."""
    try:
        source = any_source_of(campaign)
        if not isinstance(source, MessageSource):
            return []
        compiled = compile_for(campaign.purpose, source, also=campaign.also_topics)
    except CompileError:  # the page says what is wrong with it
        return nothing_seen()
    return look_outside(source, compiled, allow_loopback=settings.PUSH_LOOPBACK)


def copy_without_blocks(campaign: Campaign) -> Campaign:
    """The same letter in memory with a text of no words: for what does not hang on the text."""
    kind = Campaign.BodyKind.MARKDOWN
    rest = copy(campaign)
    rest.body, rest.body_kind = "…", kind
    return rest


@transaction.atomic
def send_campaign(
    *,
    campaign_id: UUID,
    at: datetime,
    actor: Actor,
    approved_by: UUID | None = None,
    spread_minutes: int = 0,
    rests_at_night: bool = False,
    own_clock_at: datetime | None = None,
    version: int | None = None,
    registers: str = "",
) -> Campaign:
    """Send now; a plan for later goes. Refuses a second time, and whatever the check blocks.

    `approved_by`: who planned it, when it starts by itself. `spread_minutes`, `rests_at_night`
    and `own_clock_at`: see `start_dispatch`. `version`: the one that was on the screen of who
    approves; another one since is refused. `registers`: of letters on paper, see `start_dispatch`.
    """
    campaign = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("purpose")
        .get(id=campaign_id)
    )
    if campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent already."))
    check_was_seen(campaign, version)
    check_stands_alone(campaign)
    findings = preflight_campaign(campaign, at=at)
    if findings.blocking:
        raise CampaignRefused(
            "",
            " ".join(each.sentence for each in findings.blocking),
            tuple(str(each.code) for each in findings.blocking),
        )
    try:
        campaign.dispatch = start_dispatch(
            purpose=campaign.purpose,
            also=campaign.also_topics,
            source=any_source_of(campaign),
            segment=campaign.segment,
            approved_by=approved_by or actor.id,
            at=at,
            counts_clicks=campaign.count_clicks,
            has_web_copy=True,
            registers=registers,
            spread_minutes=spread_minutes,
            rests_at_night=rests_at_night,
            own_clock_at=own_clock_at,
        )
    except (DispatchRefused, GroupRefused) as refusal:
        raise CampaignRefused("", refusal.sentence, (refusal.code,)) from None
    campaign.save(update_fields=["dispatch"])
    Plan.objects.filter(campaign=campaign).delete()
    record_change(
        actor=actor,
        action="campaign.send",
        object_kind="campaign",
        object_id=campaign.id,
        at=at,
    )
    return campaign
