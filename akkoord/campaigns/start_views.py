"""Where a letter begins: how one writes, and a gallery of letters to begin from."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from akkoord.campaigns import actions, editing, once
from akkoord.campaigns.editing import Moment
from akkoord.campaigns.forms import StartForm
from akkoord.campaigns.looking import document
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.queries import group_for
from akkoord.campaigns.removing import remove_beginning
from akkoord.campaigns.source import sample_source
from akkoord.composing.beginnings import EMPTY, beginning_of, with_own_drawings
from akkoord.composing.queries import kept_letters
from akkoord.composing.ready import READY
from akkoord.composing.tree import as_text
from akkoord.messages.compile import compile_message
from akkoord.messages.template import CompileError, FieldFact
from akkoord.messages.values import sample_values
from akkoord.register.models import Purpose
from akkoord.register.queries import known_fields
from akkoord.trail.actions import actor_of
from akkoord.web.typed import whole_number


def choose_way(request: HttpRequest) -> HttpResponse:
    """How do you want to write, and what do you begin from?"""
    language = "en" if (request.GET.get("taal") or get_language()) == "en" else "nl"
    context = {
        "ready": READY,
        "kept": kept_letters(),
        "language": language,
        "group": request.GET.get("groep", ""),
        "empty": EMPTY,
    }
    return render(request, "campaigns/choose_way.html", context)


def start_blocks(request: HttpRequest) -> HttpResponse:
    """Topic, name and subject; then the editor."""
    if (made := once.made_before(request)) is not None:
        return redirect("campaigns:editor", campaign_id=made.id)
    key = (request.POST.get("vanaf") or request.GET.get("vanaf") or EMPTY)[:60]
    language = "en" if (request.GET.get("taal") or get_language()) == "en" else "nl"
    begin = beginning_of(key, language)
    if begin is None:
        raise Http404
    first = {
        "vanaf": key,
        "name": begin.name,
        "subject": begin.subject,
        "language": language,
    }
    group = group_for(request.GET.get("groep", ""))
    form = StartForm(request.POST or None, initial=first, group=group)
    campaign = _begun(request, form, key) if request.POST and form.is_valid() else None
    if campaign is not None:
        return redirect("campaigns:editor", campaign_id=campaign.id)
    context = {"form": form, "beginning": key, "begin": begin, "language": language}
    return render(request, "campaigns/start_blocks.html", context)


def _begun(request: HttpRequest, form: StartForm, key: str) -> Campaign | None:
    """The new letter; None: the form says why not."""
    now, actor, language = timezone.now(), actor_of(request), form.cleaned_data["language"]
    begin = beginning_of(key, language)
    if begin is None:
        raise Http404
    tree = with_own_drawings(begin.tree, at=now, actor=actor)
    text = form.text(body=as_text(tree), preheader=begin.preheader)
    purpose = get_object_or_404(Purpose, slug=form.cleaned_data["purpose"])
    try:
        return actions.create_campaign(
            purpose=purpose, text=text, at=now, actor=actor, campaign_id=once.key_of(request)
        )
    except actions.CampaignRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return None


@xframe_options_sameorigin
def beginning(request: HttpRequest, beginning: str) -> HttpResponse:
    """How a letter to begin from looks, in the organisation's style: a sandboxed document."""
    language = "en" if request.GET.get("taal") == "en" else "nl"
    begin = beginning_of(beginning[:60], language, is_shown=True)
    if begin is None:
        raise Http404
    facts = {field.key: FieldFact(True) for field in known_fields()}
    try:
        source = sample_source(begin.tree, subject=begin.subject or "…", language=language)
        compiled = compile_message(source, allowed_fields=facts)
    except CompileError:
        return document("")
    return document(compiled.preview(sample_values(compiled.slots)).html)


@require_POST
def otherwise(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Go on in another way of writing."""
    campaign = get_object_or_404(Campaign, id=campaign_id)
    version = request.POST.get("version", "")
    moment = Moment(whole_number(version), timezone.now(), actor_of(request))
    try:
        editing.write_otherwise(
            campaign_id=campaign.id, kind=request.POST.get("hoe", ""), moment=moment
        )
    except actions.CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("campaigns:revise", campaign_id=campaign.id)


@require_POST
def keep(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Keep a letter as a beginning for others."""
    get_object_or_404(Campaign, id=campaign_id)
    try:
        kept = editing.keep_as_beginning(
            campaign_id=campaign_id,
            name=request.POST.get("naam", ""),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except actions.CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        sentence = _("“{name}” stands among the letters to begin from.").format(name=kept.name)
        messages.success(request, sentence)
    return redirect("campaigns:revise", campaign_id=campaign_id)


@require_POST
def beginning_remove(request: HttpRequest, kept_id: UUID) -> HttpResponse:
    """Take a letter out of the organisation's own beginnings."""
    remove_beginning(kept_id=kept_id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Removed. Letters that began from it stay as they are."))
    return redirect("campaigns:create")
