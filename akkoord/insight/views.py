"""The start page, and the overview of what people choose."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akkoord.insight import queries
from akkoord.register.queries import organisation


def start(request: HttpRequest) -> HttpResponse:
    """Start: what needs you, how the topics stand, what was sent."""
    figures = queries.start_figures()
    return render(
        request, "insight/start.html", {"figures": figures, "organisation": organisation()}
    )


def overview(request: HttpRequest) -> HttpResponse:
    """Insight: what people chose over time, and what campaigns did."""
    return render(
        request,
        "insight/overview.html",
        {
            "topics": queries.topic_figures(),
            "months": queries.choices_per_month(),
            "campaigns": queries.campaign_figures(),
        },
    )
