"""Staff pages of a letter with two versions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.campaigns import ab
from akkoord.campaigns.ab_figures import ab_figures, rest_sentence, verdict_sentence
from akkoord.campaigns.ab_forms import AbForm
from akkoord.campaigns.actions import CampaignRefused, preflight_campaign
from akkoord.campaigns.looking import seen_part
from akkoord.campaigns.models import AbTest, Campaign
from akkoord.trail.actions import actor_of


def _test(campaign_id: UUID) -> AbTest:
    return get_object_or_404(
        AbTest.objects.select_related(
            "campaign__purpose",
            "campaign__dispatch",
            "campaign__plan",
            "other__purpose",
            "other__dispatch",
            "rest",
        ),
        campaign_id=campaign_id,
    )


def set_up(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A second version, and how they are compared."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), id=campaign_id)
    test = AbTest.objects.filter(campaign=campaign).select_related("other").first()
    if campaign.dispatch_id is not None or campaign.part:
        return redirect("campaigns:detail", campaign_id=campaign.id)
    form = AbForm(request.POST or None, test=test)
    if request.method == "POST" and form.is_valid():
        try:
            test = ab.set_up_test(
                campaign_id=campaign.id,
                facts=form.facts(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except CampaignRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            if test.what == AbTest.What.CONTENT:
                messages.success(request, _("Version B is a copy. Change it as you like."))
                return redirect("campaigns:revise", campaign_id=test.other_id)
            return redirect("campaigns:ab", campaign_id=campaign.id)
    return render(
        request, "campaigns/ab_set_up.html", {"campaign": campaign, "form": form, "test": test}
    )


@require_safe
def page(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Both versions beside each other: before it begins, live, and what came of it."""
    test = _test(campaign_id)
    now = timezone.now()
    found = ab_figures(test, at=now)
    context = {
        "test": test,
        "campaign": test.campaign,
        "found": found,
        "versions": (found.a, found.b),
        "said": verdict_sentence(found),
        "then": rest_sentence(test),
        "kept": test.outcome,
        "seen_part": seen_part(test.campaign),
        "plan": test.campaign.planned,
    }
    if test.state == AbTest.State.DRAFT:
        context |= _before(test)
    live = request.headers.get("HX-Request")
    return render(request, "campaigns/_ab.html" if live else "campaigns/ab.html", context)


def _before(test: AbTest) -> dict[str, object]:
    """What stands in the way of either version, and how many people each gets."""
    now = timezone.now()
    blocking: dict[str, str] = {}
    people = 0
    for letter in (test.campaign, test.other):
        check = preflight_campaign(letter, at=now)
        people = check.may_be_mailed
        blocking |= {each.code: each.sentence for each in check.blocking}
    each = min(test.number, people // 2) if test.number else people * test.share // 1_000_000
    return {"blocking": list(blocking.values()), "each": each, "left": max(0, people - 2 * each)}


@require_POST
def act(request: HttpRequest, campaign_id: UUID, verb: str) -> HttpResponse:
    """Start, choose for the rest, stop, or go on with one version."""
    test = _test(campaign_id)
    now, actor = timezone.now(), actor_of(request)
    try:
        if verb == "start":
            ab.start_test(campaign_id=test.campaign_id, at=now, actor=actor)
        elif verb in ("kies-a", "kies-b"):
            ab.choose_version(campaign_id=test.campaign_id, version=verb[-1], at=now, actor=actor)
        elif verb == "stop":
            ab.stop_test(campaign_id=test.campaign_id, at=now, actor=actor)
        elif verb == "een" and ab.drop_test(campaign_id=test.campaign_id, at=now, actor=actor):
            messages.success(request, _("This letter has one version again."))
            return redirect("campaigns:check", campaign_id=test.campaign_id)
    except CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("campaigns:ab", campaign_id=test.campaign_id)
