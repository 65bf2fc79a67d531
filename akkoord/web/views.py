"""Pages of the design system itself: language, progress strip, house colour, style page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from akkoord.web import colours
from akkoord.web.brand import brand
from akkoord.web.language import COOKIE_AGE, known_language
from akkoord.web.strips import strips
from akkoord.web.style_page import style_values


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language: in a cookie, and with the account of a member of staff."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    language = known_language(request.POST.get("language"))
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=COOKIE_AGE,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


@require_GET
@cache_control(no_store=True)
def progress(request: HttpRequest) -> HttpResponse:
    """The progress strip, as a fragment."""
    running = {"strips": strips(), "progress_url": reverse("web:progress")}
    return render(request, "web/frame/_progress.html", running)


@require_GET
@cache_control(public=True, max_age=300)
def brand_css(_request: HttpRequest) -> HttpResponse:
    """The organisation's colour as a stylesheet, made readable on light and on dark."""
    found = brand()
    accent = found.accent if found else ""
    try:
        colours.channels(accent)
    except ValueError:
        return HttpResponse("", content_type="text/css")
    light, dark = _accent(accent, colours.PAPER), _accent(accent, colours.NIGHT)
    return HttpResponse(
        f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}",
        content_type="text/css",
    )


def _accent(accent: str, ground: str) -> str:
    """The tokens that follow the organisation's colour, on this ground."""
    main = colours.readable(accent, ground)
    strong = colours.readable(accent, ground, enough=7)
    soft = colours.mixed(ground, main, 0.1)
    return (
        f"--accent:{main};--accent-hover:{strong};--accent-soft:{soft};"
        f"--on-accent:{colours.text_on(main)};--focus:{main}"
    )


@require_GET
def style_public(request: HttpRequest) -> HttpResponse:
    """The same components as the person sees them."""
    return render(request, "web/style_public.html", style_values())


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for whoever makes a page."""
    return render(request, "web/style.html", style_values())
