"""What a letter said before: who, when, what changed, putting it back, taking it away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.editing import Moment, restore_version
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.removing import remove_version
from akkoord.campaigns.versions import version_rows
from akkoord.trail.actions import actor_of
from akkoord.web.typed import whole_number


def versions(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The versions of a letter; a post puts one back, or takes one away for good."""
    campaign = get_object_or_404(Campaign, id=campaign_id)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, campaign))
        except CampaignRefused as refusal:
            messages.error(request, refusal.sentence)
        return redirect("campaigns:versions", campaign_id=campaign.id)
    rows = version_rows(campaign, upto=whole_number(request.GET.get("tot", "")))
    return render(request, "campaigns/versions.html", {"campaign": campaign, "rows": rows})


def _act(request: HttpRequest, campaign: Campaign) -> str:
    """Do what was pressed; what to say of it."""
    at, actor = timezone.now(), actor_of(request)
    if gone := whole_number(request.POST.get("weg", "")):
        remove_version(campaign_id=campaign.id, number=gone, at=at, actor=actor)
        return _("This version is gone for good.")
    restore_version(
        campaign_id=campaign.id,
        number=whole_number(request.POST.get("nummer", "")),
        moment=Moment(whole_number(request.POST.get("version", "")), at, actor),
    )
    return _("The letter says again what it said then.")
