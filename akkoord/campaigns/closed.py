"""A letter that cannot be written now: it was sent, or it is to start by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from akkoord.campaigns.models import Campaign, Plan


def cannot_be_written(request: HttpRequest, campaign: Campaign) -> HttpResponse | None:
    """The page to go to instead of a form whose every save would be refused; None: write on."""
    if campaign.dispatch_id is not None:
        return redirect("campaigns:detail", campaign_id=campaign.id)
    plan = Plan.objects.filter(campaign=campaign, state=Plan.State.PLANNED).first()
    if plan is None:
        return None
    return render(request, "campaigns/planned.html", {"campaign": campaign, "plan": plan})
