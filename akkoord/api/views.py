"""The page that describes the API, and the answer where there is nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from akkoord.api.description import end_points
from akkoord.api.keys import PER_MINUTE
from akkoord.api.problems import problem


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every end-point with what it takes and answers; made from the API's own description."""
    context = {"end_points": end_points(), "per_minute": PER_MINUTE}
    return render(request, "api/docs.html", context)


@csrf_exempt
def nothing(_request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 - the path's part
    """404, as a problem like every other refusal of the API."""
    return problem(status=404, reason="not-found")
