"""From a campaign and its organisation to what the compiler takes."""

from collections.abc import Mapping
from dataclasses import replace

from akkoord.campaigns.models import Campaign
from akkoord.composing.drawn import read_drawn
from akkoord.composing.making import House, make_letter
from akkoord.composing.queries import house_now
from akkoord.composing.tree import Tree, TreeRefused, read_tree
from akkoord.law.states import Channel
from akkoord.messages.compile import BLOCKS, MessageSource, Sender
from akkoord.messages.dispatch import AnySource
from akkoord.messages.footer import Footer
from akkoord.messages.letter import LetterSource
from akkoord.messages.push import PushSource
from akkoord.messages.template import CompileError
from akkoord.messages.topics import TopicHead
from akkoord.register.models import Organisation
from akkoord.register.queries import current_versions, organisation


def push_source_of(campaign: Campaign) -> PushSource:
    """The push message with its topic's name and where push services can write to us."""
    house = organisation() or Organisation()
    version = campaign.purpose.versions.get(valid_to=None)
    return PushSource(
        subject=campaign.subject,
        body=campaign.body,
        link=campaign.link,
        language=campaign.language,
        contact=house.contact_email,
        topic=version.name_en if campaign.language == "en" else version.name_nl,
    )


def letter_source_of(campaign: Campaign) -> LetterSource:
    """The letter on paper, from the organisation as it is in the settings."""
    house = organisation() or Organisation()
    version = campaign.purpose.versions.get(valid_to=None)
    return LetterSource(
        subject=campaign.subject,
        body=campaign.body,
        language=campaign.language,
        organisation=house.name,
        postal_address=house.address,
        contact=house.contact_phone or house.contact_email,
        topic=version.name_en if campaign.language == "en" else version.name_nl,
        accent=house.accent,
    )


def any_source_of(campaign: Campaign) -> AnySource:
    """The letter, the push message, or the letter on paper."""
    if campaign.channel == Channel.POST:
        return letter_source_of(campaign)
    return push_source_of(campaign) if campaign.channel == Channel.PUSH else source_of(campaign)


def source_of(campaign: Campaign) -> MessageSource:
    """The letter with its real sender and postal address (INV-21).

    The `List-Id` names the topic (RFC 2919), the `Feedback-ID` the campaign and the topic. Raises
    CompileError for blocks that are not whole.
    """
    style = house_now()
    source = replace(_written(campaign), look=style.look)
    return _of_blocks(campaign, source, style) if campaign.is_blocks else _of_drawn(source)


def draft_source_of(campaign: Campaign, problems: Mapping[str, str]) -> MessageSource:
    """A letter of blocks to look at, with a sentence in the place of what is not ready."""
    style = house_now()
    source = replace(_written(campaign), look=style.look)
    return _of_blocks(campaign, source, style, problems)


def _of_blocks(
    campaign: Campaign,
    source: MessageSource,
    style: House,
    problems: Mapping[str, str] | None = None,
) -> MessageSource:
    """The letter with its blocks as MJML: what is approved is what they look like now."""
    try:
        made = make_letter(read_tree(campaign.body), style, instead=problems)
    except TreeRefused as refusal:
        problem = CompileError("block", part="body", explanation=refusal.sentence)
        problem.block = refusal.block
        raise problem from None
    return replace(source, body=made.body, body_format=BLOCKS, conditions=made.conditions)


def _of_drawn(source: MessageSource) -> MessageSource:
    """A letter in MJML: with its conditions taken out of it, when sections have any."""
    made = read_drawn(source.body) if source.body_format == Campaign.BodyKind.MJML else None
    if made is None:
        return source
    return replace(source, body=made.body, body_format=BLOCKS, conditions=made.conditions)


def sample_source(tree: Tree, *, subject: str, language: str) -> MessageSource:
    """A letter of these blocks by itself, to look at; no topic. Raises CompileError."""
    house, style = organisation() or Organisation(), house_now()
    made = make_letter(tree, style)
    return MessageSource(
        subject=subject,
        body=made.body,
        body_format=BLOCKS,
        language=language,
        sender=Sender(house.sender_name or "…", house.sender_email or "post@example.nl"),
        footer=Footer(
            organisation=house.name or "…",
            postal_address=house.address or "…",
            contact=house.contact_email or "post@example.nl",
        ),
        list_id="example.nl",
        domain="example.nl",
        look=style.look,
        conditions=made.conditions,
        for_programs=True,
    )


def _written(campaign: Campaign) -> MessageSource:
    house = organisation() or Organisation()
    domain = house.mail_domain
    slug = campaign.purpose.slug
    return MessageSource(
        subject=campaign.subject,
        body=campaign.body,
        body_format=campaign.body_kind,
        language=campaign.language,
        sender=Sender(
            name=campaign.sender_name or house.sender_name,
            address=house.sender_email,
            reply_to=house.contact_email,
        ),
        footer=Footer(
            organisation=house.name, postal_address=house.address, contact=house.contact_email
        ),
        list_id=f"{slug}.{domain}",
        list_name=slug,
        domain=domain,
        feedback_id=_feedback_id(campaign, slug, domain),
        preheader=campaign.preheader,
        fills_title=True,
        for_programs=True,
        renews=campaign.asks_anew,
        topics=_heads(campaign, domain),
    )


def _heads(campaign: Campaign, domain: str) -> tuple[TopicHead, ...]:
    """Of a letter about several topics: what differs by the topic; none for one topic alone."""
    if not campaign.also:
        return ()
    purposes = (campaign.purpose, *campaign.also_topics)
    versions = {each.purpose_id: each for each in current_versions(purposes)}
    english = campaign.language == "en"
    return tuple(
        TopicHead(
            purpose=str(each.id),
            name=versions[each.id].name_en if english else versions[each.id].name_nl,
            list_id=f"{each.slug}.{domain}",
            list_name=each.slug,
            feedback_id=_feedback_id(campaign, each.slug, domain),
        )
        for each in purposes
    )


def _feedback_id(campaign: Campaign, slug: str, domain: str) -> str:
    return f"{campaign.id.hex[:12]}:{slug}:campaign:{domain.split('.')[0]}"
