"""What an inspector sees by a link: the register, one entry with its history, files. Read only."""

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from akkoord.register.entry_views import FILES
from akkoord.register.entry_words import house_lines, lines_of
from akkoord.register.exporting import FORMATS, export_register
from akkoord.register.history import (
    MOST,
    activity_names,
    companies_shown,
    company_history,
    shown_history,
)
from akkoord.register.inspecting import (
    DOSSIER,
    dossier_writer,
    is_hurried,
    link_of,
    note_look,
)
from akkoord.register.models import InspectorLink, language_now
from akkoord.register.records import Register, register_now


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: not kept, not told to the next site, not found."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _opened(token: str, page: str) -> InspectorLink | None:
    now = timezone.now()
    link = link_of(token, now)
    if link is not None and is_hurried(link, now, page):
        return None
    if link is not None:
        note_look(link, page, now)
    return link


def _bad(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "register/public/link_over.html", status=410))


def _shown() -> Register:
    """What others may see: published entries."""
    register = register_now()
    return Register(register.on, register.house, register.published)


@require_safe
def index(request: HttpRequest, token: str) -> HttpResponse:
    """The register, with who answers for it."""
    link = _opened(token, "register")
    if link is None:
        return _bad(request)
    register = _shown()
    page = {
        "link": link,
        "token": token,
        "register": register,
        "house": house_lines(register.house),
        "entries": [(each, lines_of(each)) for each in register.entries],
        "companies": companies_shown(register),
        "formats": FILES,
        "has_dossier": link.with_dossier and dossier_writer() is not None,
    }
    return _private(render(request, "register/public/inspect.html", page))


@require_safe
def history(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """One published entry from its first published version on; members of staff stay unnamed."""
    link = _opened(token, "history")
    if link is None:
        return _bad(request)
    entry = next((each for each in _shown().entries if each.key == key), None)
    if entry is None:
        raise Http404
    steps = shown_history(key, {}, only_published=True)
    page = {"link": link, "token": token, "entry": entry, "steps": steps, "most": MOST}
    return _private(render(request, "register/public/inspect_history.html", page))


@require_safe
def company(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """A company that receives data of what is published, from its first version on."""
    link = _opened(token, "history")
    if link is None:
        return _bad(request)
    register = _shown()
    name = companies_shown(register).get(key)
    if name is None:
        raise Http404
    names = activity_names([each.key for each in register.entries])
    steps = company_history(key, {}, names, for_link=True)
    page = {"link": link, "token": token, "entry": {"name": name}, "steps": steps, "most": MOST}
    return _private(render(request, "register/public/inspect_history.html", page))


@require_safe
def export(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """The same as a file."""
    if name not in FORMATS:  # before the look is written down: the trail holds known words only
        raise Http404
    link = _opened(token, name)
    if link is None:
        return _bad(request)
    register = _shown()
    content = export_register(register, name, language_now())
    response = HttpResponse(content, content_type=FORMATS[name].content_type)
    response["Content-Disposition"] = f'attachment; filename="register-{register.on}.{name}"'
    return _private(response)


@require_safe
def dossier(request: HttpRequest, token: str) -> HttpResponse:
    """The dossier as one file, without contracts and anybody's data; for links that show it."""
    write, found = dossier_writer(), link_of(token, timezone.now())
    if write is None or (found is not None and not found.with_dossier):
        raise Http404
    link = _opened(token, DOSSIER)
    if link is None:
        return _bad(request)
    out, now = BytesIO(), timezone.now()
    write(out, now)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="dossier-{now:%Y-%m-%d}.zip"'
    return _private(response)
