"""Staff pages: letters on paper, from the words to the post."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from akkoord.campaigns import actions, once, queries
from akkoord.campaigns.letter_forms import HandOverForm, LetterForm, MakeForm, PrinterForm
from akkoord.campaigns.letter_looks import letter_for, not_set_sentence, sheet_that_says
from akkoord.campaigns.looking import seen_part, version_seen
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.plan import plan_campaign
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages import letter_actions
from akkoord.messages.dispatch import DispatchRefused, say_of_registers
from akkoord.messages.letter_pdf import picture_of
from akkoord.messages.models import Dispatch, LetterFile, LetterRun
from akkoord.messages.preflight import Preflight
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.template import CompileError
from akkoord.permission.sentences import sentence_of
from akkoord.register.models import Purpose
from akkoord.register.queries import organisation, post_topics
from akkoord.trail.actions import actor_of, record_change
from akkoord.web.documents import TypesettingFailed

NOBODY = "niemand"


def _letter(campaign_id: UUID) -> Campaign:
    found = Campaign.objects.select_related("purpose", "dispatch")
    return get_object_or_404(found, id=campaign_id, channel=Channel.POST)


def create_letter(request: HttpRequest) -> HttpResponse:
    """A new letter on paper."""
    if (made := once.made_before(request)) is not None:
        return redirect("campaigns:check", campaign_id=made.id)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        purpose = get_object_or_404(Purpose, slug=form.cleaned_data["purpose"])
        try:
            campaign = actions.create_campaign(
                purpose=purpose,
                text=form.text(),
                at=timezone.now(),
                actor=actor_of(request),
                channel=Channel.POST,
                campaign_id=once.key_of(request),
            )
        except actions.CampaignRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            return redirect("campaigns:check", campaign_id=campaign.id)
    page = {
        "form": form,
        "has_topics": post_topics().exists(),
        "merge_fields": queries.merge_fields(post_topics().first()),
    }
    return render(request, "campaigns/write_letter.html", page)


def check_letter(request: HttpRequest, campaign: Campaign, found: Preflight) -> HttpResponse:
    """The check before letters are made: how many, why not the others, how it looks."""
    chosen = queries.person_to_show(campaign, request.GET.get("als", ""))
    people = queries.people_to_show(campaign)
    asked = request.GET.get("wie", "")[:200].strip()
    page = {
        "campaign": campaign,
        "asked": asked,
        "found_people": queries.people_like(campaign, asked),
        "seen_part": seen_part(campaign),
        "topic": campaign.purpose.versions.get(valid_to=None),
        "found": found,
        "sentence": queries.audience_sentence(found),
        "reasons": queries.reason_rows(campaign, found.reasons),
        "shown_as": chosen,
        "is_another": chosen is not None and chosen not in people,
        "people": people,
        "make_form": MakeForm(now=timezone.now()),
    }
    return render(request, "campaigns/check_letter.html", page)


def _shown(request: HttpRequest, campaign: Campaign) -> bytes:
    """The letter as a chosen person would get it, with a code that stops nobody; noted."""
    chosen = request.GET.get("als", "")
    person = None if chosen == NOBODY else queries.person_to_show(campaign, chosen)
    try:
        pdf = letter_for(campaign, person, at=timezone.now())
    except CompileError:
        raise Http404 from None
    if person is not None:
        record_change(
            actor=actor_of(request),
            action="campaign.show-as",
            object_kind="campaign",
            object_id=campaign.id,
            subject_id=person.person_id,
            at=timezone.now(),
        )
    return pdf


def picture(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A page of the letter, as a picture: the same on every screen."""
    number = request.GET.get("blad", "1")
    try:
        made = picture_of(_shown(request, _letter(campaign_id)), int(number[:3] or 1) - 1)
    except (IndexError, ValueError):
        raise Http404 from None
    except TypesettingFailed:  # the page stands; in the place of the sheet stands why
        return _picture(sheet_that_says(not_set_sentence()), "image/svg+xml", status=503)
    return _picture(made, "image/png")


def _picture(content: bytes | str, kind: str, *, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, status=status, headers=headers)


def pdf(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The letter as a chosen person would get it, to download; marked as an example."""
    try:
        made = _shown(request, _letter(campaign_id))
    except TypesettingFailed:
        messages.error(request, not_set_sentence())
        return redirect("campaigns:check", campaign_id=campaign_id)
    return _file(made, "voorbeeld.pdf", "application/pdf")


def _file(content: bytes | str, name: str, kind: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


@require_POST
def make(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Make the letters that stood on the screen, in the background."""
    campaign = _letter(campaign_id)
    form = MakeForm(request.POST, now=timezone.now())
    try:
        where = _make_or_plan(request, campaign, form)
    except actions.CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
        where = "campaigns:check"
    return redirect(where, campaign_id=campaign.id)


def _make_or_plan(request: HttpRequest, campaign: Campaign, form: MakeForm) -> str:
    """Make them now, or on the chosen day; the page to go on to."""
    if not form.is_valid():
        wrong = form.errors.get("day")
        raise actions.CampaignRefused("", str(wrong[0]) if wrong else say_of_registers())
    how: dict[str, Any] = {
        "campaign_id": campaign.id,
        "at": timezone.now(),
        "actor": actor_of(request),
        "version": version_seen(request),
        "registers": form.cleaned_data["registers"],
    }
    if form.starts_at is None:
        actions.send_campaign(**how)
        return "campaigns:detail"
    plan_campaign(starts_at=form.starts_at, **how)
    messages.success(request, _("Planned. On that day the file is made, for you to print."))
    return "campaigns:check"


def letters(request: HttpRequest, campaign: Campaign, run: Dispatch) -> HttpResponse:
    """Letters that are being made, wait to be printed, or were handed over."""
    figures = dispatch_figures(run.id, at=timezone.now())
    stopped = letter_actions.stopped_since(run, at=timezone.now()) if figures.made else []
    page = {
        "campaign": campaign,
        "dispatch": run,
        "chosen": LetterRun.objects.select_related("printer").filter(run=run).first(),
        "file": LetterFile.objects.filter(run=run, is_whole=True).first(),
        "figures": figures,
        "not_sent": sum(figures.skipped.values()),
        "reasons": queries.skipped_rows(figures.skipped),
        "stopped": [(each.number, sentence_of(Reason(each.reason))) for each in stopped[:50]],
        "printer_form": PrinterForm(),
        "hand_over_form": HandOverForm(),
        "is_live": run.state == Dispatch.State.RUNNING,
        "house": organisation(),
    }
    live = request.headers.get("HX-Request")
    return render(request, f"campaigns/{'_letters' if live else 'letters'}.html", page)


def _run(campaign_id: UUID) -> UUID:
    found = _letter(campaign_id).dispatch_id
    if found is None:
        raise Http404
    return found


def _done(
    request: HttpRequest, campaign_id: UUID, act: Callable[[], Any], said: Callable[[Any], str]
) -> HttpResponse:
    """Do it, say what came of it, and go back to the letters."""
    try:
        answer = act()
    except DispatchRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said(answer))
    return redirect("campaigns:detail", campaign_id=campaign_id)


def _download(
    request: HttpRequest, campaign_id: UUID, take: Callable[..., bytes | str], name: str, kind: str
) -> HttpResponse:
    form = PrinterForm(request.POST)
    form.is_valid()
    try:
        content = take(
            run_id=_run(campaign_id),
            printer=form.printer(),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except DispatchRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("campaigns:detail", campaign_id=campaign_id)
    return _file(content, name, kind)


@require_POST
def download(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The file to print, or the addresses beside it for a post house."""
    if "adressen" in request.POST:
        take = letter_actions.download_addresses
        return _download(request, campaign_id, take, "adressen.csv", "text/csv; charset=utf-8")
    take_pdf = letter_actions.download_letters
    return _download(request, campaign_id, take_pdf, "brieven.pdf", "application/pdf")


@require_POST
def anew(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Make the file again, without who stopped since."""
    act = {"run_id": _run(campaign_id), "at": timezone.now(), "actor": actor_of(request)}
    return _done(
        request,
        campaign_id,
        lambda: letter_actions.make_anew(**act),  # type: ignore[arg-type]
        lambda _count: _("The letters are made anew."),
    )


@require_POST
def away(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Throw the file away: nobody gets this letter."""
    act = {"run_id": _run(campaign_id), "at": timezone.now(), "actor": actor_of(request)}
    return _done(
        request,
        campaign_id,
        lambda: letter_actions.throw_away(**act),  # type: ignore[arg-type]
        lambda _nothing: _("Thrown away. Nobody gets this letter."),
    )


@require_POST
def handed(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """They were printed and given to the post."""
    form = HandOverForm(request.POST)
    took_out = form.is_valid() and form.cleaned_data["took_out"]
    act = {"run_id": _run(campaign_id), "at": timezone.now(), "actor": actor_of(request)}
    return _done(
        request,
        campaign_id,
        lambda: letter_actions.hand_over_letters(took_out=took_out, **act),  # type: ignore[arg-type]
        lambda n: ngettext("{n} letter is on its way.", "{n} letters are on their way.", n).format(
            n=n
        ),
    )
