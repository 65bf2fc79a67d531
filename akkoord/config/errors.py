"""The pages that say that something went wrong, in words; they hold no data of the request."""

from collections.abc import Callable
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: logged in, but this is not for this role."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form is too old or came from elsewhere."""
    return _page(request, 403, kind="csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page(request, 500)


def locked_house(request: HttpRequest) -> HttpResponse:
    """503: the journal of nos is lost, so nothing may be changed."""
    return _page(request, 503, kind="journal")


def locked_out(
    request: HttpRequest,
    _response: HttpResponse | None = None,
    _credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """429: too many wrong passwords; for a quarter of an hour."""
    response = _page(request, 429)
    response["Retry-After"] = "900"
    return response


class RetryAfterMiddleware:
    """Says with every 429 when to come back (RFC 6585 4): a machine then knows it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add it where it is missing."""
        response = self.get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", "60")
        return response


class NulMiddleware:
    """Answers 400 to text that PostgreSQL cannot hold: a NUL in an address or a form.

    Wherever it came in; nothing was stored, for the whole statement is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """The page for it; None for everything else that went wrong."""
        is_nul = isinstance(problem, DataError | ValueError) and "NUL" in str(problem)
        return bad_request(request) if is_nul else None


def _page(request: HttpRequest, status: int, kind: str = "") -> HttpResponse:
    """The page of a status; bare words when the page itself cannot be made."""
    for template in (f"web/error_{status}.html", "web/error.html"):
        try:
            html = render_to_string(template, {"status": status, "kind": kind}, request)
            return HttpResponse(html, status=status)
        except TemplateDoesNotExist:
            continue
        except Exception:
            break
    return HttpResponse(f"{status}\n", status=status, content_type="text/plain")
