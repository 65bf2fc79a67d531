"""The start page, and the overview of what people choose."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from akkoord.checkup.queries import check_up, open_tasks
from akkoord.checkup.shown import Reader, seen_rows
from akkoord.insight import queries
from akkoord.insight.seldom import counted_seldom
from akkoord.register.queries import organisation
from akkoord.web.numbers import in_words

SLOW_CHECK_UP = 2.0  # seconds


def start(request: HttpRequest) -> HttpResponse:
    """Start: what needs you, how the topics stand, what was sent."""
    return render(
        request,
        "insight/start.html",
        {
            "figures": queries.start_figures(),
            "organisation": organisation(),
            "links": {
                "people": reverse("people:index"),
                "to_judge": reverse("people:index") + "?te-beoordelen=1",
                "requests": reverse("rights:index"),
                "others": reverse("rights:recipients"),
                "mails": reverse("consent:incoming"),
                "topics": reverse("register:topic_create"),
                "forms": reverse("consent:forms"),
                "imports": reverse("imports:index"),
                "sending": reverse("campaigns:sending"),
                "new_campaign": reverse("campaigns:create"),
            },
        },
    )


def duties(request: HttpRequest) -> HttpResponse:
    """The check-up's score and the three next things: a part of the start page that comes after it.

    Who mends something sees it at once; only where looking takes seconds it is kept for a while.
    """
    language = get_language()
    found = counted_seldom(
        f"duties.{language}", lambda: check_up(at=timezone.now()), quick=SLOW_CHECK_UP
    )
    actions = seen_rows(found.actions, open_tasks(), Reader.of(request))
    page = {"found": found, "actions": actions}
    return render(request, "insight/_duties.html", page)


def overview(request: HttpRequest) -> HttpResponse:
    """Insight: what people chose over time, and what campaigns did."""
    topics = queries.topic_figures()
    months = queries.choices_per_month()
    return render(
        request,
        "insight/overview.html",
        {
            "topics": topics,
            "chosen": [(each.name, each.yes) for each in topics],
            "chosen_sentence": _chosen_sentence(topics),
            "trend_points": [(formats.date_format(each.month, "b Y"), each.yes) for each in months],
            "trend_sentence": _trend_sentence(months),
            "campaigns": queries.campaign_figures(),
        },
    )


def _chosen_sentence(topics: list[queries.TopicFigures]) -> str:
    """Which topic is chosen most; groups under five are not named."""
    most = max(topics, key=lambda each: each.yes, default=None)
    if most is None or most.yes < queries.SMALL_GROUP:
        return _("Too few people chose something to say more.")
    return _("“{name}” is chosen most: {n} people.").format(name=most.name, n=in_words(most.yes))


def _trend_sentence(months: list[queries.MonthFigures]) -> str:
    left = sum(each.left for each in months)
    yes = sum(each.yes for each in months)
    return ngettext(
        "In the last year {yes} permissions came in and {left} was withdrawn.",
        "In the last year {yes} permissions came in and {left} were withdrawn.",
        left,
    ).format(yes=in_words(yes), left=in_words(left))
