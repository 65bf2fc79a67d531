"""Public pages: a letter in the browser, the archive of a topic and its feed.

No cookie, no counting, nothing that tells who looked.
"""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from akkoord.campaigns.archive import changed_at, letters_of, open_archive, web_copy
from akkoord.campaigns.feed import KINDS, feed_of
from akkoord.messages.counting import run_of
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation

# Nothing runs and nothing is sent; links open as links do.
POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
MINUTES = 5


@require_safe
def letter(_request: HttpRequest, run: str) -> HttpResponse:
    """A letter as everybody may read it, under a policy of its own."""
    key = run_of(run)
    found = web_copy(key) if key else None
    if found is None:
        raise Http404
    response = HttpResponse(found.copy.html)
    response["Content-Security-Policy"] = POLICY
    response._csp_replace = {}  # type: ignore[attr-defined]
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = f"public, max-age={MINUTES * 60}"
    if not found.is_public:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@cache_control(public=True, no_cache=True)  # what was taken out is gone at the next look
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """The letters of a topic, the newest first."""
    found = open_archive(slug)
    if found is None:
        raise Http404
    return render(
        request,
        "campaigns/public/archive.html",
        {
            "organisation": organisation(),
            "archive": letters_of(found),
            "slug": slug,
            "hide_language": True,
        },
    )


def _changed(_request: HttpRequest, slug: str, kind: str) -> datetime | None:  # noqa: ARG001
    return changed_at(slug)


def _tag(request: HttpRequest, slug: str, kind: str) -> str | None:
    moment = _changed(request, slug, kind)
    return f'"{kind}-{get_language()}-{moment.timestamp():.6f}"' if moment else None


@require_safe
@cache_control(public=True, max_age=MINUTES * 60)
@condition(etag_func=_tag, last_modified_func=_changed)
def feed(_request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same as a feed; a reader that has it already hears so (RFC 9110 13.1)."""
    found = open_archive(slug)
    if found is None or kind not in KINDS:
        raise Http404
    house = organisation() or Organisation()
    content = feed_of(letters_of(found), house, kind=kind, language=get_language() or "nl")
    return HttpResponse(content, content_type=f"application/{kind}+xml; charset=utf-8")
