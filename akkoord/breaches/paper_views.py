"""Staff pages: the register of leaks as a file, the protocol for the wall."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from akkoord.breaches import papers, queries
from akkoord.breaches.out_views import PDF, file_answer
from akkoord.breaches.protocol import protocol
from akkoord.web.typed import whole_number

MOST = 2000  # leaks in one file


@require_safe
def register_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Every leak of the chosen list as CSV or PDF, without anybody's name."""
    if kind not in ("csv", "pdf"):
        raise Http404
    is_drill = request.GET.get("oefening") == "1"
    found = queries.breaches(
        is_drill=is_drill,
        year=whole_number(request.GET.get("jaar", "")),
        state=request.GET.get("stand", ""),
    )
    leaks = list(found[:MOST])
    name = f"datalekken-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "csv":
        return file_answer(papers.register_csv(leaks), "text/csv; charset=utf-8", name)
    language = get_language() or "nl"
    return file_answer(papers.register_pdf(leaks, is_drill=is_drill, language=language), PDF, name)


@require_safe
def protocol_page(request: HttpRequest) -> HttpResponse:
    """Who to call and what to do, made from the settings."""
    return render(request, "breaches/protocol.html", {"protocol": protocol(timezone.localdate())})


@require_safe
def protocol_file(_request: HttpRequest) -> HttpResponse:
    """The same as one sheet of A4."""
    language = get_language() or "nl"
    content = papers.protocol_pdf(protocol(timezone.localdate()), language=language)
    return file_answer(content, PDF, "datalek-protocol.pdf")
