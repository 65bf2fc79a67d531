"""Public pages: the privacy policy, its versions, and the policy as a file. No cookie is set."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from akkoord.policy import queries
from akkoord.policy.content import Content
from akkoord.policy.documents import as_pdf
from akkoord.policy.models import PolicyVersion
from akkoord.policy.renderings import as_markdown, as_snippet, stamp
from akkoord.register.models import language_now
from akkoord.register.queries import organisation


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who we are, what we keep, why, for how long, who receives it, and your rights (art. 12-14).

    The published version; before the first one, what the register says.
    """
    current = queries.current_version()
    language = language_now()
    content = queries.content_of(current, language) if current else queries.built_now(language)
    return _page(request, content, current, is_current=True)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, with its day and what changed."""
    page = {"organisation": organisation(), "versions": queries.versions()}
    return render(request, "policy/public_versions.html", page)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version as it stood, with what was different from the one before."""
    found = PolicyVersion.objects.filter(number=number).first()
    if found is None:
        raise Http404
    current = queries.current_version()
    is_current = current is not None and current.id == found.id
    return _page(request, queries.content_of(found, language_now()), found, is_current=is_current)


@require_safe
def file(_request: HttpRequest, language: str, kind: str) -> HttpResponse:
    """The published policy as PDF, Markdown or HTML."""
    current = queries.current_version()
    content = queries.content_of(current, language) if current else queries.built_now(language)
    stamped = stamp(current, language)
    makers = {
        "pdf": (as_pdf, "application/pdf"),
        "md": (as_markdown, "text/markdown; charset=utf-8"),
        "html": (as_snippet, "text/html; charset=utf-8"),
    }
    make, media = makers[kind]
    response = HttpResponse(make(content, stamped), content_type=media)
    name = "privacy-policy" if language == "en" else "privacyverklaring"
    how = "attachment" if kind == "html" else "inline"
    response["Content-Disposition"] = f'{how}; filename="{name}.{kind}"'
    return response


def _page(
    request: HttpRequest, content: Content, found: PolicyVersion | None, *, is_current: bool
) -> HttpResponse:
    page = {
        "organisation": organisation(),
        "content": content,
        "stamp": stamp(found, content.language) if found else "",
        "changes": queries.changes_of(found, content.language) if found else [],
        "reason": found and (found.reason_en if content.language == "en" else found.reason_nl),
        "is_current": is_current,
        "version": found,
    }
    return render(request, "policy/public.html", page)
