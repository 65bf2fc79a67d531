"""Staff pages: letters beside each other, topics over time, and a letter's results as a file."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats, timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.campaigns.models import Campaign
from akkoord.insight.compare import FEWEST, MOST, Compared, compared, sent_letters, topic_trends
from akkoord.insight.results import results_of
from akkoord.insight.results_files import FILES
from akkoord.register.queries import current_versions, letter_topics


def compare(request: HttpRequest) -> HttpResponse:
    """Choose two to five letters, and see them beside each other."""
    letters = sent_letters()
    known = {str(each.id): each for each in letters}
    asked = [each for each in dict.fromkeys(request.GET.getlist("brief")) if each in known]
    problem = ""
    if asked and not FEWEST <= len(asked) <= MOST:
        problem = _("Choose from two to five letters.")
    chosen = [] if problem else compared([known[each] for each in asked])
    return render(
        request,
        "insight/compare.html",
        {
            "letters": letters,
            "asked": set(asked),
            "problem": problem,
            "chosen": chosen,
            "presses": [(_named(each), round(each.per_hundred or 0)) for each in chosen],
            "few": _("fewer than five"),
        },
    )


def _named(each: Compared) -> str:
    return each.campaign.shown_name


def trends(request: HttpRequest) -> HttpResponse:
    """How the letters of each topic did over two years."""
    names = {each.purpose_id: each.name for each in current_versions(letter_topics())}
    found = topic_trends(names, at=timezone.now())
    return render(
        request,
        "insight/trends.html",
        {"topics": [_trend(each.topic, each.letters) for each in found]},
    )


def _trend(topic: str, letters: list[Compared]) -> dict[str, Any]:
    points = [
        (_moment(each), round(each.per_hundred)) for each in letters if each.per_hundred is not None
    ]
    return {"topic": topic, "letters": letters, "points": points if len(points) > 1 else []}


def _moment(each: Compared) -> str:
    run = each.campaign.dispatch
    return formats.date_format(run.started_at, "j b Y") if run and run.started_at else ""


def results_file(_request: HttpRequest, campaign_id: UUID, kind: str) -> HttpResponse:
    """A letter's results as CSV, XLSX or PDF."""
    campaign = get_object_or_404(
        Campaign.objects.select_related("purpose", "dispatch"), id=campaign_id
    )
    if kind not in FILES or campaign.dispatch is None:
        raise Http404
    media, make = FILES[kind]
    now = timezone.now()
    response = HttpResponse(make(results_of(campaign, at=now), at=now), content_type=media)
    name = slugify(campaign.shown_name) or "brief"
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
