"""The person's own pages: my data, forget me, and certificates by reference.

Nothing here needs JavaScript, a log-in or a cookie: authority comes from a link that went to the
mailbox. GET changes nothing: link scanners open every link.
"""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from akkoord.consent.queries import living_point
from akkoord.datamap.holds import HeldByLaw
from akkoord.law.request_rules import RequestKind
from akkoord.people.models import ContactPoint
from akkoord.people.queries import all_ids
from akkoord.register.models import language_now
from akkoord.rights import tokens
from akkoord.rights.about import about_person
from akkoord.rights.asking import ANSWERS, ask_by_mail, waiting_request, waiting_requests
from akkoord.rights.bundle import own_bundle
from akkoord.rights.certificate import certificate_of
from akkoord.rights.certificate_pdf import certificate_pdf
from akkoord.rights.export import export_document
from akkoord.rights.forget import PersonGone
from akkoord.rights.held import wait_for_claim
from akkoord.rights.log import note
from akkoord.rights.models import ErasureRun
from akkoord.rights.overview import about_sections
from akkoord.rights.parts import finish_parts, open_parts
from akkoord.rights.preview import preview_erasure
from akkoord.rights.queries import run_by_reference
from akkoord.rights.shown import certificate_context, forget_from_page, shown_stores
from akkoord.trail.actions import Actor


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a token: not kept, not told to the next site, not found."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Have a fresh link mailed; the answer is the same when nobody is there any more."""
    now = timezone.now()
    place = tokens.read_ask(token, at=now)
    if place is None:
        return _private(render(request, "rights/public/link_bad.html", status=410))
    context = {"is_access": place.kind == tokens.ACCESS}
    if request.method != "POST":
        return _private(render(request, "rights/public/ask.html", context))
    point = living_point(place.point_id)
    if point is not None:
        ask_by_mail(point=point, kind=place.kind, language=language_now(), at=now)
    return _private(render(request, "rights/public/asked.html", context))


@csrf_exempt
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: everything we keep, or what forgetting would do and the button."""
    now = timezone.now()
    place = tokens.read_mailed(token, at=now)
    if place is None:
        return _private(render(request, "rights/public/link_bad.html", status=410))
    point = living_point(place.point_id)
    if point is None:
        return _private(render(request, "rights/public/gone.html"))
    if place.kind == tokens.ACCESS:
        return _private(_my_data(request, point, token))
    if request.method == "POST":
        return _private(_forget_me(request, point, at=now))
    preview = preview_erasure(point.person, on=timezone.localdate(now), is_own=True)
    return _private(render(request, "rights/public/forget.html", {"preview": preview}))


def _my_data(request: HttpRequest, point: ContactPoint, token: str) -> HttpResponse:
    """Everything to read, with what must be told beside it (art. 15(1)) and the files."""
    person = point.person
    about = about_person(person, all_ids(person.id), language_now())
    return render(
        request,
        "rights/public/data.html",
        {
            "stores": shown_stores(person, redacted=True),
            "sections": about_sections(about),
            "token": token,
        },
    )


def _forget_me(request: HttpRequest, point: ContactPoint, *, at: datetime) -> HttpResponse:
    """Forget, and show the certificate on the page: a mail would put the address back."""
    asked = waiting_request(point, tokens.ERASURE, at=at)
    try:
        run = forget_from_page(
            person=point.person,
            by=ErasureRun.By.PERSON,
            actor=Actor.person(),
            at=at,
            request=asked,
        )
    except PersonGone:
        return render(request, "rights/public/gone.html")
    except HeldByLaw as held:
        wait_for_claim(person=point.person, request=asked, at=at)
        return render(request, "rights/public/held.html", {"until": held.until})
    return redirect("rights_public:certificate", reference=run.reference)


@csrf_exempt
@require_POST
def mine_file(request: HttpRequest, token: str) -> HttpResponse:
    """Everything we keep, as one file for a program; taking it answers the wish to see it."""
    now = timezone.now()
    point = _point_of(token, at=now)
    if point is None:
        return _private(render(request, "rights/public/link_bad.html", status=410))
    response = JsonResponse(
        export_document(point.person, at=now, redacted=True),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    _was_fetched(point, (RequestKind.ACCESS,), at=now)
    return _private(response)


@csrf_exempt
@require_POST
def mine_bundle(request: HttpRequest, token: str) -> HttpResponse:
    """Everything we keep, to read (PDF) and to take along (JSON and CSV); it answers both wishes
    (art. 15, 20)."""
    now = timezone.now()
    point = _point_of(token, at=now)
    if point is None:
        return _private(render(request, "rights/public/link_bad.html", status=410))
    content = own_bundle(point.person, language=language_now(), at=now)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="mijn-gegevens.zip"'
    _was_fetched(point, ANSWERS[tokens.ACCESS], at=now)
    return _private(response)


def _point_of(token: str, *, at: datetime) -> ContactPoint | None:
    """Whose data stand behind this link; None: no link to data, or nobody is there any more."""
    place = tokens.read_mailed(token, at=at)
    return living_point(place.point_id) if place and place.kind == tokens.ACCESS else None


def _was_fetched(point: ContactPoint, kinds: Sequence[str], *, at: datetime) -> None:
    """Every request that waited for this is answered."""
    for asked in waiting_requests(point, tokens.ACCESS, at=at):
        taken = open_parts(asked) & set(kinds)
        for kind in sorted(taken):
            note(asked, "fetched", at=at, actor=Actor.person(), kind=kind)
        finish_parts(request_id=asked.id, kinds=taken, at=at, actor=Actor.person())


@require_safe
def certificate(request: HttpRequest, reference: str) -> HttpResponse:
    """A certificate by its reference: numbers, days and the signature; nobody's data."""
    run = run_by_reference(reference)
    if run is None:
        return render(request, "rights/public/no_certificate.html", status=404)
    return render(
        request, "rights/public/certificate.html", certificate_context(run) | {"is_public": True}
    )


@require_safe
def certificate_file(_request: HttpRequest, reference: str) -> HttpResponse:
    """The signed file, that can be checked without us."""
    run = run_by_reference(reference)
    if run is None or run.certificate is None:
        raise Http404
    response = JsonResponse(
        certificate_of(run).as_file(), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="{run.reference}.json"'
    return response


@require_safe
def certificate_paper(_request: HttpRequest, reference: str) -> HttpResponse:
    """The same on paper, in the reader's language."""
    run = run_by_reference(reference)
    if run is None or run.certificate is None:
        raise Http404
    paper = certificate_pdf(run, language=language_now())
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{run.reference}.pdf"'
    return response
