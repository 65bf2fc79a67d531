"""A letter as a document of its own, sandboxed by its policy: by day or in the dark.

Also which version of it stood on the page of who presses a button.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from akkoord.campaigns.models import Campaign

DARK = "(prefers-color-scheme: dark)"
_LIGHTS = {"donker": "all", "dag": "not all"}

# A sandboxed document has a policy of its own, under which only a style inside it counts.
NOT_YET_LOOK = mark_safe(
    "<style>body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:32px;color:#1b211d;"
    "background:#fbfaf6}p{max-width:60ch}</style>"
)


def version_seen(request: HttpRequest) -> int:
    """The version that the page of this request shows; 0, which no letter has: it does not say."""
    typed = request.POST.get("version") or request.GET.get("gezien") or ""
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


def seen_part(campaign: Campaign) -> str:
    """The part of an address that carries which version was seen to a next page."""
    return f"?gezien={campaign.version}"


def look_asked(request: HttpRequest) -> dict[str, str]:
    """On which screen, and by which light, the letter is looked at; a desk by day unless asked."""
    return {
        "screen": "telefoon" if request.GET.get("scherm") == "telefoon" else "bureau",
        "light": "donker" if request.GET.get("licht") == "donker" else "dag",
    }


def document(html: str, light: str = "dag") -> HttpResponse:
    """The page of a letter. Nothing in it runs, and nothing is fetched but its pictures.

    `light`: `dag` or `donker`; anything else follows the reader's own machine.
    """
    if light in _LIGHTS:
        html = html.replace(DARK, _LIGHTS[light])
    response = HttpResponse(html)
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; "
        "frame-ancestors 'self'"
    )
    response._csp_replace = {}  # type: ignore[attr-defined]
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response
