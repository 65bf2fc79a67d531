"""Pictures for whoever reads a letter: without a cookie, a log or an identifier (INV-28).

The address is the same for everybody and holds nothing but the picture's own hash.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from akkoord.composing.art import SCENES, draw_scene
from akkoord.composing.queries import picture_named
from akkoord.composing.storing import content_of
from akkoord.composing.style import style_now

YEAR = 365 * 24 * 3600


@require_safe
def picture(_request: HttpRequest, name: str) -> HttpResponse:
    """A picture; 410 when it was taken out because somebody asked for it."""
    found = picture_named(name)
    if found is None:
        raise Http404
    content = content_of(found)
    if content is None:
        return HttpResponse(status=410, headers={"Cache-Control": "public, max-age=3600"})
    response = HttpResponse(content, content_type=found.media_type)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    # Nothing in it can run, whatever a browser takes it for.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # mail programs on the web
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


@require_safe
@cache_control(public=True, max_age=300)
def art(_request: HttpRequest, scene: str) -> HttpResponse:
    """A drawing of ours in the organisation's colour, as the ready letters show it."""
    if scene not in SCENES:
        raise Http404
    return HttpResponse(draw_scene(scene, style_now().accent), content_type="image/png")
