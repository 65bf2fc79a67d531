"""Where the counted links of a letter lead: on, at once, and only to where they led."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from akkoord.messages import clicks


@require_safe
def link(request: HttpRequest, run: str, place: int) -> HttpResponse:
    """Count that somebody pressed, of whom nothing is known or kept, and go on.

    No cookie, no address kept, and nobody's standing changes by it.
    """
    found = clicks.link_of(run, place)
    if found is None:
        raise Http404
    clicks.count_hit(found, asked(request), at=timezone.now())
    return onward(found.url)


def asked(request: HttpRequest) -> clicks.Request:
    """The request, as far as it is looked at."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    asker = f"{request.META.get('REMOTE_ADDR', '')}\0{headers.get('user-agent', '')}"
    return clicks.Request(request.method or "", headers, asker)


def onward(url: str) -> HttpResponse:
    """To the page that the letter named; the next site hears nothing of us."""
    response = HttpResponseRedirect(url)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
