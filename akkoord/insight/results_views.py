"""Staff pages: what became of a letter, live while it is sent."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from akkoord.campaigns.ab_parts import parts_of
from akkoord.campaigns.models import Campaign
from akkoord.insight.heat import with_heat
from akkoord.insight.results import DAYS, Results, is_small, links_of, results_of
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource
from akkoord.messages.public_copy import copy_of
from akkoord.web.numbers import in_words


def _campaign(campaign_id: UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("purpose", "dispatch"), id=campaign_id)


def results(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Sent, returned, pressed, stopped, bought; the same figures in parts while it goes on."""
    campaign = _campaign(campaign_id)
    if campaign.dispatch is None:
        return redirect("campaigns:check", campaign_id=campaign.id)
    asked = request.GET.get("dagen", "")
    days = int(asked) if asked.isdecimal() and int(asked) in DAYS else 14
    found = results_of(campaign, at=timezone.now(), days=days)
    live = request.headers.get("HX-Request")
    return render(
        request,
        "insight/_results.html" if live else "insight/results.html",
        {
            "campaign": campaign,
            "versions": [] if live else _versions(campaign, days),
            "found": found,
            "figures": found.figures,
            "choices": DAYS,
            "few": _("fewer than five"),
            "hidden": _("not shown"),
            "links": [(each.label, each.presses) for each in found.links],
            "links_sentence": _links_sentence(found),
            "is_mail": campaign.channel == Channel.EMAIL,
        },
    )


def _versions(campaign: Campaign, days: int) -> list[dict[str, object]]:
    """Of a letter in two versions: a tab for each of them and for the rest."""
    return [
        {
            "label": each.label,
            "url": f"{reverse('insight:results', args=[each.campaign.id])}?dagen={days}",
            "is_current": each.campaign.id == campaign.id,
        }
        for each in parts_of(campaign)
    ]


def _links_sentence(found: Results) -> str:
    sentence = ngettext(
        "People pressed a link {n} time.", "People pressed a link {n} times.", found.presses
    ).format(n=in_words(found.presses))
    if found.ahead:
        more = ngettext(
            "{n} more was by a machine that looks ahead, and does not count.",
            "{n} more were by machines that look ahead, and do not count.",
            found.ahead,
        ).format(n=in_words(found.ahead))
        sentence = f"{sentence} {more}"
    return sentence


@xframe_options_sameorigin
def picture(_request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The letter with its presses drawn over it: nobody's own words in it, and nothing runs."""
    campaign = _campaign(campaign_id)
    if campaign.dispatch is None or campaign.channel != Channel.EMAIL:
        raise Http404
    copy = copy_of(MessageSource.from_json(campaign.dispatch.template), every_block=True)
    run = campaign.dispatch.id
    # What fewer than five people pressed would tell of them, here as on the page.
    links = () if is_small(run) else links_of([run]).get(run, ())
    response = HttpResponse(with_heat(copy.html, links))
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; "
        "frame-ancestors 'self'"
    )
    response._csp_replace = {}  # type: ignore[attr-defined]
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response
