"""Drawing a letter: the page, the canvas as a document of its own, keeping, going back to blocks.

The canvas is a document with its own address and its own policy: it may style itself and show the
organisation's own pictures, and reaches nothing else, not even us. What is drawn goes to
the page around it, which keeps it as every editor does.
"""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from akkoord.campaigns import draw_page, drawing
from akkoord.campaigns.actions import CampaignRefused, draft_problems
from akkoord.campaigns.closed import cannot_be_written
from akkoord.campaigns.editing import Moment
from akkoord.campaigns.editor_views import kept, refused
from akkoord.campaigns.forms import HeadForm
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.queries import for_whom
from akkoord.trail.actions import actor_of
from akkoord.web.typed import whole_number


def _campaign(campaign_id: UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("purpose"), id=campaign_id)


def _moment(request: HttpRequest) -> Moment:
    version = whole_number(request.POST.get("version", ""))
    return Moment(version, timezone.now(), actor_of(request))


def draw(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The page with the canvas; a post keeps what was drawn."""
    campaign = _campaign(campaign_id)
    if request.method == "POST":
        return _keep(request, campaign)
    if (closed := cannot_be_written(request, campaign)) is not None:
        return closed
    try:
        drawing.to_draw(campaign)
    except CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("campaigns:revise", campaign_id=campaign.id)
    context = {
        "campaign": campaign,
        "head_form": HeadForm(campaign=campaign),
        "for_whom": for_whom(campaign),
        "has_blocks": draw_page.has_blocks(campaign),
    }
    return render(request, "campaigns/draw.html", context)


def _keep(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    try:
        campaign = drawing.keep_drawn(
            campaign_id=campaign.id, body=request.POST.get("body", ""), moment=_moment(request)
        )
    except CampaignRefused as refusal:
        return refused(request, campaign, refusal.sentence)
    return kept(request, campaign, "", problems=draft_problems(campaign))


@require_safe
@xframe_options_sameorigin
def canvas(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The canvas itself: nothing runs in it but our own bundle, and it fetches nothing but that
    and the organisation's own pictures."""
    try:
        facts = draw_page.canvas_facts(_campaign(campaign_id))
    except CampaignRefused:
        return HttpResponse(status=409)
    response = render(request, "campaigns/canvas.html", {"facts": facts})
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' {settings.BASE_URL} data:; connect-src 'none'; frame-src 'none'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    response._csp_replace = {}  # type: ignore[attr-defined]
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


@require_POST
def back(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The list of blocks again, as it was before the drawing."""
    campaign = _campaign(campaign_id)
    try:
        drawing.back_to_blocks(campaign_id=campaign.id, moment=_moment(request))
    except CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request,
            _("The blocks are back as they were. What you drew stands among the earlier versions."),
        )
    return redirect("campaigns:revise", campaign_id=campaign.id)
