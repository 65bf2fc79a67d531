"""Staff pages: when a letter leaves; plan it, move it, take it off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.campaigns import actions, queries
from akkoord.campaigns.ab import start_test
from akkoord.campaigns.looking import seen_part, version_seen
from akkoord.campaigns.models import AbTest, Campaign, Plan
from akkoord.campaigns.plan import plan_campaign, take_off_plan
from akkoord.campaigns.when_forms import AT, NOW, SPREAD, WhenForm
from akkoord.law.states import Channel
from akkoord.law.terms import LAW_ZONE
from akkoord.messages.outlook import outlook
from akkoord.messages.own_clock import may_use_country
from akkoord.register.queries import organisation
from akkoord.trail.actions import actor_of


def when(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """When it leaves: now, or at a moment of one's own."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), id=campaign_id)
    if campaign.dispatch_id is not None:
        return redirect("campaigns:detail", campaign_id=campaign.id)
    plan = Plan.objects.filter(campaign=campaign).first()
    form = WhenForm(
        request.POST or None,
        now=timezone.now(),
        knows_country=may_use_country(campaign.purpose, campaign.also_topics),
        initial=_initial(plan),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _do(request, campaign, form)
        except actions.CampaignRefused as refusal:
            if refusal.field == "version":  # the check shows what it says now
                messages.error(request, refusal.sentence)
                return redirect("campaigns:check", campaign_id=campaign.id)
            form.add_error(refusal.field or None, refusal.sentence)
    found = actions.preflight_campaign(campaign, at=timezone.now())
    test = AbTest.objects.filter(campaign=campaign).first()
    page = {
        "campaign": campaign,
        "plan": plan,
        "seen_part": seen_part(campaign),
        "seen": version_seen(request) or campaign.version,
        "form": form,
        "found": found,
        "has_two": test is not None,
        "compares_hours": test is not None and test.what == AbTest.What.TIME,
        "chosen": form["how"].value(),
        "outlook": outlook(_domain(), found.may_be_mailed, at=timezone.now()),
        "sentence": queries.audience_sentence(found, is_push=campaign.channel == Channel.PUSH),
    }
    return render(request, "campaigns/when.html", page)


def _domain() -> str:
    """The domain that letters come from."""
    house = organisation()
    return house.mail_domain if house else ""


def _initial(plan: Plan | None) -> dict[str, object]:
    """What stands in the form at first: the plan, if there is one."""
    if plan is None:
        return {"how": NOW, "clock": "09:00", "spread_clock": "09:00", "hours": 4}
    local = plan.starts_at.astimezone(LAW_ZONE)
    day, clock = local.date().isoformat(), f"{local:%H:%M}"
    return {
        "how": SPREAD if plan.spread_minutes else AT,
        "day": day,
        "clock": clock,
        "which": local.fold + 1,
        "hours": plan.spread_minutes // 60 or 4,
        "rests_at_night": plan.rests_at_night,
        "by_own_clock": plan.by_own_clock,
        "spread_day": day,
        "spread_clock": clock,
    }


def _do(request: HttpRequest, campaign: Campaign, form: WhenForm) -> HttpResponse:
    """Send it now, or plan it."""
    actor, now, seen = actor_of(request), timezone.now(), version_seen(request)
    if form.starts_at is None:
        if AbTest.objects.filter(campaign=campaign).exists():
            actions.check_was_seen(campaign, seen)
            start_test(campaign_id=campaign.id, at=now, actor=actor, **form.pace())
            return redirect("campaigns:ab", campaign_id=campaign.id)
        actions.send_campaign(
            campaign_id=campaign.id, at=now, actor=actor, **form.pace(), version=seen
        )
        return redirect("campaigns:detail", campaign_id=campaign.id)
    plan_campaign(
        campaign_id=campaign.id,
        starts_at=form.starts_at,
        at=now,
        actor=actor,
        version=seen,
        **form.pace(),
    )
    messages.success(request, _("Planned. You can change or stop it until it starts."))
    return redirect("campaigns:check", campaign_id=campaign.id)


@require_POST
def unplan(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Take it off the plan."""
    campaign = get_object_or_404(Campaign, id=campaign_id)
    if take_off_plan(campaign_id=campaign.id, at=timezone.now(), actor=actor_of(request)):
        messages.success(request, _("This letter no longer starts by itself."))
    if request.POST.get("en") == "schrijven":
        return redirect("campaigns:revise", campaign_id=campaign.id)
    return redirect("campaigns:check", campaign_id=campaign.id)
