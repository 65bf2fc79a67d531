"""Staff pages: which topics have a public archive, and which letters stand in it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from akkoord.campaigns import archive
from akkoord.campaigns.models import Campaign
from akkoord.register.models import Purpose
from akkoord.trail.actions import actor_of


def page(request: HttpRequest) -> HttpResponse:
    """Every topic with its switch, and the letters of those that are open."""
    return render(request, "campaigns/archive.html", {"archives": archive.topic_archives()})


@require_POST
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Open or close the archive of a topic."""
    purpose = get_object_or_404(Purpose, slug=slug, is_topic=True, ended_at=None)
    archive.set_archive(
        purpose=purpose,
        is_open=request.POST.get("do") == "open",
        at=timezone.now(),
        actor=actor_of(request),
    )
    return redirect("campaigns:archive")


@require_POST
def move(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Take a letter out of the archive with one press, or put it back."""
    campaign = get_object_or_404(Campaign, id=campaign_id)
    archive.set_in_archive(
        campaign_id=campaign.id,
        is_in=request.POST.get("do") == "back",
        at=timezone.now(),
        actor=actor_of(request),
    )
    return redirect("campaigns:archive")
