"""The privacy statement for everybody, made from the register (art. 13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akkoord.register.models import language_now
from akkoord.register.queries import current_activities, live_topics, notice_facts, organisation


def privacy(request: HttpRequest) -> HttpResponse:
    """Who we are, what we keep, why, for how long, who receives it, and your rights."""
    topics = list(live_topics())
    return render(
        request,
        "register/privacy.html",
        {
            "organisation": organisation(),
            "facts": notice_facts(
                topics,
                language_now(),
                field_keys=("email", "first_name", "last_name", "language"),
            ),
            "activities": current_activities().exclude(key__startswith="topic-"),
        },
    )
