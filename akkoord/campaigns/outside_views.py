"""A part of the page before sending that asks the world: links and DNS. It comes after the page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from akkoord.campaigns.actions import findings_outside
from akkoord.campaigns.models import Campaign


@require_GET
def outside(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """What is wrong with the letter's links and the sender's records, or that all is well."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), id=campaign_id)
    return render(
        request, "campaigns/_outside.html", {"outside": findings_outside(campaign), "looked": True}
    )
