"""A letter as a document of its own, sandboxed by its policy: by day or in the dark."""

from django.http import HttpResponse

DARK = "(prefers-color-scheme: dark)"
_LIGHTS = {"donker": "all", "dag": "not all"}


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
