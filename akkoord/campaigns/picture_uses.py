"""Enters with `composing` which letters show a picture."""

from collections.abc import Iterable

from django.urls import reverse

from akkoord.campaigns.models import Campaign
from akkoord.composing.uses import MOST, Use, uses_source


@uses_source("campaigns")
def letters_with(name: str) -> Iterable[Use]:
    """Letters in which this picture stands, newest first."""
    for campaign in Campaign.objects.filter(body__contains=name).order_by("-id")[:MOST]:
        url = reverse("campaigns:detail", args=[campaign.id])
        yield Use(campaign.shown_name, url, is_sent=campaign.dispatch_id is not None)
