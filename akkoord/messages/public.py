"""Where the counted links of a letter lead: on, at once, and only to where they led."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from akkoord.messages import clicks, measured

# One clear point.
_DOT = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


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


@require_safe
def own_link(request: HttpRequest, run: str, place: int, token: str) -> HttpResponse:
    """A link of somebody who let us see it; who took that back goes on just the same, unseen."""
    found = clicks.link_of(run, place)
    if found is None:
        raise Http404
    measured.record_click(found, token, asked(request), at=timezone.now())
    return onward(found.url)


@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The picture in the letter of somebody who let us see that they open it."""
    measured.record_open(token, asked(request), at=timezone.now())
    response = HttpResponse(_DOT, content_type="image/gif")
    response.headers["Cache-Control"] = "no-store"
    return response


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
