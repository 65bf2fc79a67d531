"""A part of the page before sending that asks the world: links and DNS. It comes after the page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from akkoord.campaigns.actions import findings_outside
from akkoord.campaigns.models import Campaign
from akkoord.messages.outside import is_alarming


@require_GET
def outside(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """What is wrong with the links and the records, what nobody looked at, or that all is well."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), id=campaign_id)
    found = findings_outside(campaign)
    return render(
        request,
        "campaigns/_outside.html",
        {"outside": found, "kind": "needs-you" if is_alarming(found) else "info", "looked": True},
    )
