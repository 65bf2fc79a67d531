"""What a letter said before: who, when, what changed, and putting it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.editing import Moment, restore_version
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.versions import version_rows
from akkoord.trail.actions import actor_of
from akkoord.web.typed import whole_number


def versions(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The versions of a letter; a post puts one back."""
    campaign = get_object_or_404(Campaign, id=campaign_id)
    if request.method == "POST":
        number, version = (request.POST.get(name, "") for name in ("nummer", "version"))
        moment = Moment(whole_number(version), timezone.now(), actor_of(request))
        try:
            restore_version(
                campaign_id=campaign.id,
                number=whole_number(number),
                moment=moment,
            )
        except CampaignRefused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("The letter says again what it said then."))
        return redirect("campaigns:versions", campaign_id=campaign.id)
    rows = version_rows(campaign)
    return render(request, "campaigns/versions.html", {"campaign": campaign, "rows": rows})
