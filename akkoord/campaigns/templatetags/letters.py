"""`{% load letters %}`: where a letter stands on the web."""

from django import template

from akkoord.campaigns.models import Campaign
from akkoord.messages.clicks import web_copy_url

register = template.Library()


@register.simple_tag
def web_copy(campaign: Campaign) -> str:
    """The address of a letter's web copy; empty while it did not leave."""
    return web_copy_url(campaign.dispatch_id) if campaign.dispatch_id else ""
