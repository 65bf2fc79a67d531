"""Staff pages: write a letter, see it as somebody would, check it, send it, watch it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from akkoord.accounts.models import Staff
from akkoord.campaigns import actions, once, queries, testing
from akkoord.campaigns.closed import cannot_be_written
from akkoord.campaigns.forms import CampaignForm, PushForm, TestForm
from akkoord.campaigns.letter_forms import LetterForm
from akkoord.campaigns.letter_views import check_letter, letters
from akkoord.campaigns.looking import NOT_YET_LOOK, document, look_asked, seen_part, version_seen
from akkoord.campaigns.models import AbTest, Campaign
from akkoord.campaigns.start_views import choose_way
from akkoord.consent.queries import trials
from akkoord.delivery.server_queries import servers_away
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages import dispatch as dispatching
from akkoord.messages.outside import ASKED_OUTSIDE
from akkoord.messages.pauses import pause_sentence
from akkoord.messages.preflight import Preflight
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError
from akkoord.register.models import Purpose
from akkoord.register.queries import organisation, push_topics
from akkoord.trail.actions import actor_of, record_change
from akkoord.trail.seen import note_seen

# How a campaign that is no mail is written: by which form, on which page.
OWN = "own:"  # before the id of a test address, among the colleagues
WRITTEN: dict[str, tuple[type[PushForm | LetterForm], str]] = {
    Channel.PUSH: (PushForm, "campaigns/write_push.html"),
    Channel.POST: (LetterForm, "campaigns/write_letter.html"),
}
NOBODY = "niemand"  # to look with sample values, through the eyes of nobody


def _campaign(campaign_id: UUID) -> Campaign:
    return get_object_or_404(
        Campaign.objects.select_related("purpose", "dispatch", "plan"), id=campaign_id
    )


def index(request: HttpRequest) -> HttpResponse:
    """Letters, newest first."""
    page = queries.campaigns_page(after=request.GET.get("na", ""))
    return render(request, "campaigns/index.html", {"page": page})


def create(request: HttpRequest) -> HttpResponse:
    """A new letter: first how to write it, then, for Markdown and MJML, the letter itself."""
    if request.method == "GET" and request.GET.get("hoe") not in Campaign.BodyKind.values:
        return choose_way(request)
    if (made := once.made_before(request)) is not None:
        return redirect("campaigns:check", campaign_id=made.id)
    group = queries.group_for(request.GET.get("groep", ""))
    form = CampaignForm(request.POST or None, group=group, kind=request.GET.get("hoe", ""))
    if request.method == "POST" and form.is_valid():
        purpose = get_object_or_404(Purpose, slug=form.cleaned_data["purpose"])
        try:
            campaign = actions.create_campaign(
                purpose=purpose,
                text=form.text(),
                at=timezone.now(),
                actor=actor_of(request),
                campaign_id=once.key_of(request),
            )
        except actions.CampaignRefused as refusal:
            _show(form, refusal)
        else:
            return redirect("campaigns:check", campaign_id=campaign.id)
    fields = queries.merge_fields()
    return render(request, "campaigns/write.html", {"form": form, "merge_fields": fields})


def create_push(request: HttpRequest) -> HttpResponse:
    """A new push message."""
    if (made := once.made_before(request)) is not None:
        return redirect("campaigns:check", campaign_id=made.id)
    form = PushForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        purpose = get_object_or_404(Purpose, slug=form.cleaned_data["purpose"])
        try:
            campaign = actions.create_campaign(
                purpose=purpose,
                text=form.text(),
                at=timezone.now(),
                actor=actor_of(request),
                channel=Channel.PUSH,
                campaign_id=once.key_of(request),
            )
        except actions.CampaignRefused as refusal:
            _show(form, refusal)
        else:
            return redirect("campaigns:check", campaign_id=campaign.id)
    context = {"form": form, "has_topics": push_topics().exists(), "house": organisation()}
    return render(request, "campaigns/write_push.html", context)


def _show(form: "CampaignForm | PushForm | LetterForm", refusal: actions.CampaignRefused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def revise(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Change a letter that was not sent."""
    campaign = _campaign(campaign_id)
    # A post comes from a page that stood open: it keeps what was typed, and says why it is refused.
    if request.method == "GET" or campaign.is_blocks:
        if (closed := cannot_be_written(request, campaign)) is not None:
            return closed
        if campaign.is_blocks:
            return redirect("campaigns:editor", campaign_id=campaign.id)
    form_of, template = WRITTEN.get(campaign.channel, (CampaignForm, "campaigns/write.html"))
    form = form_of(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_campaign(
                campaign_id=campaign.id,
                text=form.text(),
                version=form.cleaned_data["version"] or 0,
                at=timezone.now(),
                actor=actor_of(request),
            )
        except actions.CampaignRefused as refusal:
            _show(form, refusal)
        else:
            return redirect("campaigns:check", campaign_id=campaign.id)
    return render(
        request,
        template,
        {
            "form": form,
            "campaign": campaign,
            "has_topics": True,
            "house": organisation(),
            "merge_fields": queries.merge_fields(campaign.purpose, campaign.also_topics),
        },
    )


def check(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The check before sending: how many, why not the others, what blocks, how it looks."""
    campaign = _campaign(campaign_id)
    if campaign.dispatch_id is not None:
        return redirect("campaigns:detail", campaign_id=campaign.id)
    found = actions.preflight_campaign(campaign, at=timezone.now())
    if campaign.part == Campaign.Part.SERIES:  # who it is for comes one by one
        found.blocking = [each for each in found.blocking if each.code != "no-recipients"]
    if campaign.channel == Channel.PUSH:
        return _check_push(request, campaign, found)
    if campaign.channel == Channel.POST:
        return check_letter(request, campaign, found)
    chosen = queries.person_to_show(campaign, request.GET.get("als", ""))
    people = queries.people_to_show(campaign)
    return render(
        request,
        "campaigns/check.html",
        {
            **_found_people(request, campaign),
            "seen_part": seen_part(campaign),
            "ab": AbTest.objects.filter(Q(campaign=campaign) | Q(other=campaign)).first(),
            "is_another": chosen is not None and chosen not in people,
            "subject": queries.subject_for(campaign, chosen),
            "for_whom": queries.for_whom(campaign),
            "found": found,
            "warnings": [each for each in found.warnings if each.code not in ASKED_OUTSIDE],
            "sentence": queries.audience_sentence(found),
            "reasons": queries.reason_rows(campaign, found.reasons),
            "shown_as": chosen,
            "people": people,
            "test_form": TestForm(staff=_staff()),
        },
    )


def people(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """People to look through the eyes of, by a part of their name or address."""
    return render(request, "campaigns/_people.html", _found_people(request, _campaign(campaign_id)))


def _found_people(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    text = request.GET.get("wie", "")[:200].strip()
    return {
        "campaign": campaign,
        "asked": text,
        "found_people": queries.people_like(campaign, text),
        **look_asked(request),
    }


def _check_push(request: HttpRequest, campaign: Campaign, found: Preflight) -> HttpResponse:
    return render(
        request,
        "campaigns/check_push.html",
        {
            "campaign": campaign,
            "seen_part": seen_part(campaign),
            "topic": campaign.purpose.versions.get(valid_to=None),
            "found": found,
            "sentence": queries.audience_sentence(found, is_push=True),
            "reasons": queries.reason_rows(campaign, found.reasons),
            "house": organisation(),
        },
    )


def _staff() -> list[tuple[str, str]]:
    """Who can get a test: colleagues, and own test addresses that said yes."""
    found = [
        (str(each.pk), f"{each.name or each.email} <{each.email}>")
        for each in Staff.objects.filter(is_active=True).order_by("name")[:50]
    ]
    return found + [
        (f"{OWN}{each.id}", f"{each.address} ({_('test address')})")
        for each in trials()
        if each.confirmed_at
    ]


def _tried(chosen: list[str]) -> dict[str, list[UUID]]:
    own = [UUID(each.removeprefix(OWN)) for each in chosen if each.startswith(OWN)]
    return {
        "staff_ids": [UUID(each) for each in chosen if not each.startswith(OWN)],
        "trial_ids": own,
    }


def _note(
    request: HttpRequest, campaign: Campaign, action: str, *, subject_id: UUID | None = None
) -> None:
    """Who looked at people through a letter stands in the trail (INV-45)."""
    record_change(
        actor=actor_of(request),
        action=action,
        object_kind="campaign",
        object_id=campaign.id,
        subject_id=subject_id,
        at=timezone.now(),
    )


def refused(request: HttpRequest, campaign_id: UUID, reason: str) -> HttpResponse:
    """The people behind one reason, with the lawful way onward."""
    campaign = _campaign(campaign_id)
    if reason not in Reason._value2member_map_:
        return redirect("campaigns:check", campaign_id=campaign.id)
    _note(request, campaign, "campaign.read-refused")
    page = queries.refused_page(campaign, Reason(reason), after=request.GET.get("na", ""))
    note_seen(
        actor=actor_of(request),
        place="campaign.refused",
        people=[each.person_id for each in page["points"]],
        at=timezone.now(),
    )
    return render(request, "campaigns/refused.html", {"campaign": campaign, **page})


@xframe_options_sameorigin
def preview(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The mail as a chosen person would see it: a document of its own, sandboxed by its policy."""
    campaign = _campaign(campaign_id)
    if campaign.channel != Channel.EMAIL:
        raise Http404
    chosen = request.GET.get("als", "")
    person = None if chosen == NOBODY else queries.person_to_show(campaign, chosen)
    try:
        is_draft = chosen == NOBODY
        shown = (
            queries.draft_preview(campaign) if is_draft else queries.preview_as(campaign, person)
        )
    except CompileError as problem:
        said = {"sentence": compile_sentence(problem), "look": NOT_YET_LOOK}
        page = render(request, "campaigns/not_yet.html", said)
        return document(page.content.decode())
    if person is not None:
        _note(request, campaign, "campaign.show-as", subject_id=person.person_id)
    if request.GET.get("vorm") == "tekst":
        return HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
    return document(shown.html, request.GET.get("licht", ""))


@require_POST
def test(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A test to colleagues."""
    form = TestForm(request.POST, staff=_staff())
    if _campaign(campaign_id).channel != Channel.EMAIL:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Choose at least one address."))
        return redirect("campaigns:check", campaign_id=campaign_id)
    try:
        count = testing.send_test(
            campaign_id=campaign_id,
            **_tried(form.cleaned_data["colleagues"]),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except actions.CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        sentence = ngettext(
            "The test is on its way to {n} address.",
            "The test is on its way to {n} addresses.",
            count,
        )
        messages.success(request, sentence.format(n=count))
    return redirect("campaigns:check", campaign_id=campaign_id)


@require_POST
def send(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Send now what was on the screen."""
    campaign = _campaign(campaign_id)
    try:
        actions.send_campaign(
            campaign_id=campaign.id,
            at=timezone.now(),
            actor=actor_of(request),
            version=version_seen(request),
        )
    except actions.CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("campaigns:check", campaign_id=campaign_id)
    return redirect("campaigns:detail", campaign_id=campaign_id)


def detail(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A letter that is being sent or was: live figures, reasons, pause, resume, cancel."""
    campaign = _campaign(campaign_id)
    if campaign.dispatch is None:
        return redirect("campaigns:check", campaign_id=campaign.id)
    if "versie" not in request.GET and AbTest.objects.filter(campaign=campaign).exists():
        return redirect("campaigns:ab", campaign_id=campaign.id)
    if campaign.channel == Channel.POST:
        return letters(request, campaign, campaign.dispatch)
    figures = dispatch_figures(campaign.dispatch.id, at=timezone.now())
    live = request.headers.get("HX-Request")
    return render(
        request,
        "campaigns/_live.html" if live else "campaigns/detail.html",
        {
            "campaign": campaign,
            "dispatch": campaign.dispatch,
            "for_whom": queries.for_whom(campaign) if campaign.also else "",
            "figures": figures,
            "reasons": queries.skipped_rows(figures.skipped),
            "not_sent": sum(figures.skipped.values()),
            "house": organisation(),
            "paused": pause_sentence(campaign.dispatch.pause_reason)
            if campaign.dispatch.state == "paused"
            else "",
            "waits": queries.waiting_sentence(campaign.dispatch, figures, at=timezone.now()),
            "waiting": queries.skipped_rows(figures.waiting),
            "away": servers_away() if campaign.dispatch.state in ("running", "paused") else None,
            # After a pause or a stop, what was in a worker's hands still gets its outcome.
            "is_live": campaign.dispatch.state in ("ready", "running") or figures.claimed > 0,
        },
    )


@require_POST
def steer(request: HttpRequest, campaign_id: UUID, act: str) -> HttpResponse:
    """Pause, resume or cancel."""
    campaign = _campaign(campaign_id)
    verbs = {
        "pauze": dispatching.pause_dispatch,
        "verder": dispatching.resume_dispatch,
        "stop": dispatching.cancel_dispatch,
    }
    if campaign.dispatch_id is not None and act in verbs:
        try:
            verbs[act](dispatch_id=campaign.dispatch_id, at=timezone.now(), by=actor_of(request).id)
        except dispatching.DispatchRefused as refusal:
            messages.error(request, refusal.sentence)
    return redirect("campaigns:detail", campaign_id=campaign.id)


@require_POST
def copy(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A copy to change and send again."""
    try:
        campaign = actions.copy_campaign(
            campaign_id=_campaign(campaign_id).id, at=timezone.now(), actor=actor_of(request)
        )
    except actions.CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("campaigns:detail", campaign_id=campaign_id)
    return redirect("campaigns:revise", campaign_id=campaign.id)
