"""Verbs of the canvas: keep what was drawn, go back to the list of blocks.

Drawing begins from the blocks, whose version stays among the earlier ones, so that nothing that was
made is ever lost: not by beginning to draw, and not by going back.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.editing import BODY, Moment, keep_words, restore_version
from akkoord.campaigns.models import Campaign, CampaignVersion
from akkoord.composing.drawn import clean_drawn, drawn_from, inside, not_drawable
from akkoord.composing.making import make_letter
from akkoord.composing.queries import house_now, own_pictures
from akkoord.composing.tree import TreeRefused, read_tree
from akkoord.law.states import Channel
from akkoord.messages.template import MAX_SOURCE


def to_draw(campaign: Campaign) -> str:
    """A letter as sections of MJML, for the canvas: cleaned, whoever wrote it.

    Refuses a letter in simple mark-up or HTML, and MJML with parts that the canvas does not know.
    """
    kinds = Campaign.BodyKind
    if campaign.channel != Channel.EMAIL or campaign.body_kind in (kinds.MARKDOWN, kinds.HTML):
        raise CampaignRefused("", _("Go on with blocks first, then draw."))
    if campaign.body_kind == kinds.BLOCKS:
        try:
            made = make_letter(read_tree(campaign.body), house_now(), is_half=True)
        except TreeRefused as refusal:
            raise CampaignRefused("", refusal.sentence) from None
        return clean_drawn(drawn_from(made), own_pictures())
    if why_not := not_drawable(campaign.body):
        raise CampaignRefused("", why_not)
    return clean_drawn(inside(campaign.body), own_pictures())


@transaction.atomic
def keep_drawn(*, campaign_id: UUID, body: str, moment: Moment) -> Campaign:
    """Keep what was drawn, cleaned, as a letter in MJML; what is half-way is kept.

    The version in blocks stays among the earlier ones. Refuses what somebody else changed.
    """
    if len(body) > MAX_SOURCE:
        raise CampaignRefused("", _("This text is too long for a mail."))
    campaign = Campaign.objects.get(id=campaign_id)
    kinds = Campaign.BodyKind
    if campaign.channel != Channel.EMAIL or campaign.body_kind in (kinds.MARKDOWN, kinds.HTML):
        raise CampaignRefused("", _("Go on with blocks first, then draw."))
    drawn = clean_drawn(body, own_pictures())
    if not drawn or not_drawable(drawn):
        raise CampaignRefused("", _("There is nothing on the canvas that can be kept."))
    words = {BODY: drawn, "body_kind": Campaign.BodyKind.MJML}
    return keep_words(campaign_id=campaign_id, words=words, moment=moment)


def version_in_blocks(campaign: Campaign) -> CampaignVersion | None:
    """What the letter said in blocks, last."""
    found = campaign.versions.filter(body_kind=Campaign.BodyKind.BLOCKS)
    return found.order_by("-number").first()


@transaction.atomic
def back_to_blocks(*, campaign_id: UUID, moment: Moment) -> Campaign:
    """The list of blocks as it was before the drawing; the drawing stays among the versions.

    Refuses a letter that never was in blocks.
    """
    campaign = Campaign.objects.get(id=campaign_id)
    old = version_in_blocks(campaign)
    if old is None:
        raise CampaignRefused("", _("This letter was never in blocks. Make a new letter."))
    return restore_version(campaign_id=campaign_id, number=old.number, moment=moment)
