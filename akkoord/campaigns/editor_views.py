"""The editor: a list of blocks that works by keyboard, by buttons and by dragging.

Every change is a small post with the version that was on the screen; htmx swaps parts, and without
it the same posts lead back to the page.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.campaigns import editing, editor_page
from akkoord.campaigns.actions import CampaignRefused, group_refusal
from akkoord.campaigns.closed import cannot_be_written
from akkoord.campaigns.editing import Moment
from akkoord.campaigns.forms import HeadForm
from akkoord.campaigns.looking import look_asked
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.queries import for_whom
from akkoord.composing.tree import Tree, TreeRefused, as_plain, read_tree
from akkoord.segments.writing import in_words_of
from akkoord.trail.actions import actor_of
from akkoord.web.typed import whole_number

MOVES = {"omhoog": -1, "omlaag": 1}


def _campaign(campaign_id: UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("purpose"), id=campaign_id)


def _moment(request: HttpRequest) -> Moment:
    typed = request.POST.get("version", "")
    version = whole_number(typed)
    return Moment(version, timezone.now(), actor_of(request))


def editor(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The page, and what is done to blocks as a whole: add, move, double, remove, put back."""
    campaign = _campaign(campaign_id)
    if campaign.dispatch_id is not None or not campaign.is_blocks:
        return redirect("campaigns:revise", campaign_id=campaign.id)
    if request.method == "POST":
        return _changed(request, campaign)
    if (closed := cannot_be_written(request, campaign)) is not None:
        return closed
    tree = read_tree(campaign.body)
    context = editor_page.list_context(
        campaign, tree, opened=request.GET.get("open", ""), at=timezone.now()
    )
    return render(
        request,
        "campaigns/editor.html",
        {
            **context,
            "head_form": HeadForm(campaign=campaign),
            "fields": editor_page.field_choices(campaign),
            "palette": editor_page.palette().items(),
            "after": request.GET.get("na", ""),
            "for_whom": for_whom(campaign),
            **look_asked(request),
        },
    )


def _changed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Do what a button asked, and show the list again."""
    opened, said, undo = request.POST.get("open", ""), "", None
    try:
        tree = read_tree(campaign.body)
        change, opened, said, undo = _asked(request, tree, opened)
        campaign = editing.change_blocks(
            campaign_id=campaign.id, change=change, moment=_moment(request)
        )
    except (TreeRefused, CampaignRefused) as refusal:
        return refused(request, campaign, refusal.sentence)
    if not request.headers.get("HX-Request"):
        return _back(campaign, opened)
    context = editor_page.list_context(
        campaign, read_tree(campaign.body), opened=opened, at=timezone.now()
    )
    response = render(
        request, "campaigns/_blocks.html", {**context, "said": said, "undo": undo, "is_part": True}
    )
    return _tell(response, campaign, opened)


def _asked(request: HttpRequest, tree: Tree, opened: str) -> tuple[Any, str, str, Any]:
    """The change, which block is open after it, what is said of it, and how it is undone."""
    asked, block_id = request.POST.get("doe", ""), request.POST.get("blok", "")
    place = _number(request.POST.get("plaats", ""))
    if kind := request.POST.get("soort", ""):
        block, change = editing.add_block(kind, after=request.POST.get("na", ""), place=place)
        return change, block.id, _("Added."), None
    if asked == "terug":
        block, change = editing.put_back(request.POST.get("inhoud", "")[:60_000], place or 0)
        return change, opened, _("Put back."), None
    here = tree.place_of(block_id)
    if asked == "weg":
        undo = {"text": json.dumps(as_plain(tree.blocks[here]), ensure_ascii=False), "place": here}
        return lambda old: old.without(block_id), "", _("Taken away."), undo
    if part := request.POST.get("oversteek", ""):
        return editing.across(block_id, part), block_id, _("In the other column now."), None
    if asked == "dubbel":
        return lambda old: old.doubled(block_id)[0], opened, _("Doubled."), None
    to = here + MOVES[asked] if asked in MOVES else place
    if to is None:
        raise TreeRefused(_("This cannot be done to a block."))
    to = max(0, min(to, len(tree.blocks) - 1))
    said = _("Now at place %(place)s of %(count)s.") % {"place": to + 1, "count": len(tree.blocks)}
    return lambda old: old.moved(block_id, to), opened, said, None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 4 else None


@require_POST
def block(request: HttpRequest, campaign_id: UUID, block_id: str) -> HttpResponse:
    """Keep what was typed in one block."""
    campaign = _campaign(campaign_id)
    condition = in_words_of(_condition(request, campaign, block_id), "en")
    typed = {key: str(value) for key, value in request.POST.items()}
    try:
        campaign = editing.change_blocks(
            campaign_id=campaign.id,
            change=editing.fill_block(block_id, typed, condition),
            moment=_moment(request),
        )
    except (TreeRefused, CampaignRefused) as refusal:
        return refused(request, campaign, refusal.sentence)
    return kept(request, campaign, block_id)


def _condition(request: HttpRequest, campaign: Campaign, block_id: str) -> str:
    """Which people get the block, as the list and the words under it say."""
    try:
        tree = read_tree(campaign.body)
        old = in_words_of(tree.blocks[tree.place_of(block_id)].condition, get_language() or "")
    except TreeRefused:
        old = ""
    words = request.POST.get("conditie", "")[:2_000]
    group = request.POST.get("groep")
    return editor_page.chosen_condition(old, group and group[:2_000], words)


@require_POST
def head(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Keep what stands above the blocks."""
    campaign = _campaign(campaign_id)
    form = HeadForm(request.POST, campaign=campaign)
    if not form.is_valid():
        sentence = " ".join(str(each) for errors in form.errors.values() for each in errors)
        return refused(request, campaign, sentence)
    try:
        campaign = editing.save_head(
            campaign_id=campaign.id, values=form.values(), moment=_moment(request)
        )
    except CampaignRefused as refusal:
        return refused(request, campaign, refusal.sentence)
    return kept(request, campaign, "")


@require_POST
def draft(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Keep a letter in Markdown or MJML while it is typed."""
    campaign = _campaign(campaign_id)
    moment = _moment(request)
    try:
        typed, problems = _typed_draft(request, campaign, moment)
        campaign = editing.save_draft(campaign_id=campaign.id, values=typed, moment=moment)
    except CampaignRefused as refusal:
        return refused(request, campaign, refusal.sentence)
    return kept(request, campaign, "", problems=problems)


def _typed_draft(
    request: HttpRequest, campaign: Campaign, moment: Moment
) -> tuple[dict[str, str | bool], list[str]]:
    """What was typed, and why the group among it is not kept. Raises CampaignRefused."""
    names = ("name", "subject", "preheader", "body", "sender_name", "language", "segment")
    typed: dict[str, str | bool] = {
        name: request.POST[name].strip() for name in names if name in request.POST
    }
    limits = {"name": 160, "subject": 200, "preheader": 200, "sender_name": 120, "segment": 20_000}
    if any(len(str(typed.get(name, ""))) > most for name, most in limits.items()):
        raise CampaignRefused("", _("Something is too long to be kept."))
    if typed.get("language", "nl") not in ("nl", "en"):
        raise CampaignRefused("language", _("Choose Dutch or English."))
    if "language" in typed:  # the whole form: a box that is not ticked is not sent
        typed["count_clicks"] = "count_clicks" in request.POST
    if "segment" not in typed:
        return typed, []
    typed["segment"] = in_words_of(str(typed["segment"]), "en")
    why_not = group_refusal(campaign, str(typed["segment"]), at=moment.at)
    if why_not:
        del typed["segment"]
    return typed, [_("The group is not kept: {reason}").format(reason=why_not)] if why_not else []


def kept(
    request: HttpRequest, campaign: Campaign, block_id: str, *, problems: Sequence[str] = ()
) -> HttpResponse:
    """That it is kept, and what is still missing in the block, or in the letter (`problems`)."""
    if not request.headers.get("HX-Request"):
        return _back(campaign, block_id)
    context: dict[str, Any] = {
        "campaign": campaign,
        "kept_at": _time(campaign),
        "sentences": problems,
    }
    if campaign.is_blocks:
        tree = read_tree(campaign.body)
        shown = editor_page.list_context(campaign, tree, opened=block_id, at=timezone.now())
        context |= shown | {"one": next((b for b in shown["blocks"] if b.is_open), None)}
    return _tell(render(request, "campaigns/_kept.html", context), campaign, block_id)


def _tell(response: HttpResponse, campaign: Campaign, opened: str) -> HttpResponse:
    """Tell the page which version it has now, so that its picture of the letter follows."""
    told = {"letterKept": {"version": campaign.version, "open": opened, "at": _time(campaign)}}
    response["HX-Trigger"] = json.dumps(told)
    return response


def _time(campaign: Campaign) -> str:
    return date_format(timezone.localtime(campaign.updated_at), "H:i")


def refused(request: HttpRequest, campaign: Campaign, sentence: str) -> HttpResponse:
    """Why something was not kept; what was typed stays on the screen."""
    if not request.headers.get("HX-Request"):
        messages.error(request, sentence)
        return _back(campaign, "")
    response = render(
        request, "campaigns/_refused.html", {"sentence": sentence, "campaign": campaign}
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#letter-state", "innerHTML"
    return response


def _back(campaign: Campaign, block_id: str) -> HttpResponse:
    url = reverse(
        "campaigns:editor" if campaign.is_blocks else "campaigns:revise", args=[campaign.id]
    )
    return redirect(f"{url}?open={block_id}#blok-{block_id}" if block_id else url)
