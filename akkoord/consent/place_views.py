"""Staff pages that give a published form a place: link, code, poster, card, snippet, HTML, post."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akkoord.consent import placing
from akkoord.consent.forms_publishing import form_url
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.printed import PAPERS, printed, qr_svg
from akkoord.consent.push_pages import PUSH
from akkoord.consent.queries import published
from akkoord.register.models import language_now


def _published(form_id: UUID, language: str) -> tuple[Form, CollectionPoint | None]:
    form = get_object_or_404(Form.objects.exclude(kind=PUSH), id=form_id)
    return form, published(form, language if language in ("nl", "en") else language_now())


def place(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Everything with which a form gets a place, ready to copy or to print."""
    language = request.GET.get("language", "")
    form, point = _published(form_id, language)
    if point is None:
        return redirect("consent:form", form_id=form.id)
    return render(
        request,
        "consent/form_place.html",
        {
            "known": form,
            "point": point,
            "url": form_url(form),
            "snippet": placing.snippet(form),
            "policy": placing.policy(form),
            "plain": placing.plain_html(form, point),
            "example": placing.example_post(form, point),
            "order_line": placing.order_line(point.language),
        },
    )


def code(_request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The QR code of the form's address, as SVG."""
    form, point = _published(form_id, "nl")
    if point is None:
        raise Http404
    return HttpResponse(qr_svg(form_url(form)), content_type="image/svg+xml")


def paper(request: HttpRequest, form_id: UUID, what: str) -> HttpResponse:
    """The poster (A4) or the table card (A6), as PDF."""
    form, point = _published(form_id, request.GET.get("language", ""))
    if point is None or what not in PAPERS:
        raise Http404
    response = HttpResponse(
        printed(point, form_url(form), paper=PAPERS[what]), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{what}-{form.slug}-{point.language}.pdf"'
    return response
