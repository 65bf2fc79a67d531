"""The language of a page: what staff set, else what the visitor chose, else what the browser asks.

Django's own LocaleMiddleware would let the cookie win from a member of staff's own choice; here
it is the other way round. The cookie is set only when somebody chooses a language
(strictly functional, no consent needed: art. 11.7a(3) Tw).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE_AGE = 365 * 24 * 60 * 60


def known_language(code: str | None) -> str | None:
    """The language when we speak it, else None."""
    return code if code in dict(settings.LANGUAGES) else None


def language_of(request: HttpRequest) -> str:
    """The language for this request. Reads the session only when there is one."""
    if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        # Authentication comes later in the chain, so ask the session's user directly.
        from django.contrib.auth import get_user

        chosen = known_language(getattr(get_user(request), "language", None))
        if chosen:
            return chosen
    chosen = known_language(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
    return chosen or translation.get_language_from_request(request)


class LanguageMiddleware:
    """Activates the language of each request and says it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the visitor's language."""
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            language = translation.get_language() or language  # a view may have chosen another
        if "immutable" in response.headers.get("Cache-Control", ""):
            return response  # a picture: the same in every language, for everybody
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
