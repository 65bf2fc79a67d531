"""Pages for push messages: allow, and what the browser itself asks and tells us.

Nothing asks for permission when a page opens. The service worker is ours and stands under `/p/`,
its own place. GET changes nothing. What is posted comes from our own script, as JSON, and is
believed for what only that browser can know: the address and the secret that it made.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from akkoord.consent import public
from akkoord.consent.devices import allow_push, device_of, drop_idle, renew_device
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.push_forms import PushAnswer
from akkoord.consent.push_pages import PUSH, open_push_page
from akkoord.consent.push_tokens import device_link, read_renewal, renewal_token
from akkoord.consent.queries import living_point, published
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.consent.tokens import read_withdrawal
from akkoord.consent.visitors import ip_of
from akkoord.datamap.keys import vapid_public_key
from akkoord.delivery.push_crypto import as_text
from akkoord.law.reasons import Reason
from akkoord.register.models import language_now
from akkoord.register.queries import logo_icon, organisation
from akkoord.web.app_icon import app_icon
from akkoord.web.built import bundle_text

STATUS = {Reason.TOO_MANY_ATTEMPTS: 429, Reason.PURPOSE_ENDED: 410}


@require_safe
def anywhere(_request: HttpRequest) -> HttpResponse:
    """The short address that stands in a notification without buttons: to the newest page."""
    page_now = open_push_page()
    if page_now is None:
        raise Http404
    return redirect("consent_public:push", slug=page_now.slug)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Our own words and boxes, before the browser says anything."""
    form = get_object_or_404(Form, slug=slug, kind=PUSH)
    point = published(form, language_now())
    if point is None or form.closed_at is not None:
        return render(request, "consent/public/closed.html", status=410)
    with translation.override(point.language):
        return render(
            request,
            "consent/public/push.html",
            {
                "slug": slug,
                "point": point,
                "shown": point.snapshot,
                "notice": point.snapshot["notice"],
                "key": as_text(vapid_public_key()),
                "mail_url": _mail_url(point),
                "none_ticked": sentence_of(Reason.NO_AFFIRMATIVE_ACT),
            },
        )


def _mail_url(shown: CollectionPoint) -> str:
    """A form that offers one of these topics by mail."""
    purposes = [UUID(topic["purpose"]) for topic in shown.snapshot["topics"]]
    open_ones = CollectionPoint.objects.filter(kind="web-form", ended_at=None).values("form_id")
    found = (
        Form.objects.filter(topic_ids__overlap=purposes, closed_at=None, id__in=open_ones)
        .exclude(kind=PUSH)
        .order_by("-created_at")
        .first()
    )
    return reverse("consent_public:form", args=[found.slug]) if found else ""


@require_safe
@cache_control(no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, whose place is `/p/` and nothing above it."""
    response = HttpResponse(
        bundle_text("push-worker.js"), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Service-Worker-Allowed"] = "/p/"
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def icon(_request: HttpRequest) -> HttpResponse:
    """The organisation's logo, for notifications and the home screen; else a tick in its colour."""
    house = organisation()
    picture = logo_icon() or app_icon(house.accent if house else "")
    return HttpResponse(picture, content_type="image/png")


@require_safe
def manifest(_request: HttpRequest, slug: str) -> HttpResponse:
    """What a telephone needs to put the page on its home screen: some allow push only there."""
    form = get_object_or_404(Form, slug=slug, kind=PUSH)
    house = organisation()
    return JsonResponse(
        {
            "name": form.name,
            "short_name": (house.name if house else form.name)[:30],
            "start_url": reverse("consent_public:push", args=[slug]),
            "scope": "/p/",
            "display": "standalone",
            "icons": [{"src": reverse("consent_public:push_icon"), "sizes": "192x192"}],
        },
        content_type="application/manifest+json",
    )


def _refused(refused: ConsentRefused) -> JsonResponse:
    """Why not, in a sentence at the form."""
    if refused.field == "subscription" or (refused.reason is Reason.BAD_ADDRESS):
        return JsonResponse({"problem": ""}, status=422)
    status = STATUS.get(refused.reason, 422)
    return JsonResponse({"problem": sentence_of(refused.reason)}, status=status)


@csrf_exempt
@require_POST
def allow(request: HttpRequest, slug: str) -> HttpResponse:
    """The browser allowed it: a yes for push, for what was ticked, and for nothing else."""
    form = get_object_or_404(Form, slug=slug, kind=PUSH)
    now = timezone.now()
    try:
        answer = PushAnswer.read(request)
        shown = (
            CollectionPoint.objects.select_related("notice", "form")
            .filter(form=form, id=answer.shown() or UUID(int=0))
            .first()
        )
        if shown is None or answer.text("website"):
            raise ConsentRefused(Reason.PURPOSE_ENDED)
        facts = answer.facts(request, ip=ip_of(request))
        point = allow_push(shown=shown, facts=facts, at=now)
    except ConsentRefused as refused:
        return _refused(refused)
    return JsonResponse(
        {"url": device_link(point_id=point.id, at=now), "renewal": renewal_token(point.id)}
    )


@csrf_exempt
@require_POST
def mine(request: HttpRequest) -> HttpResponse:
    """A fresh link to the device's own page, for who shows its address and its secret."""
    try:
        answer = PushAnswer.read(request)
    except ConsentRefused as refused:
        return _refused(refused)
    device = device_of(answer.text("endpoint"), answer.text("auth"))
    if device is None:
        return JsonResponse({"problem": ""}, status=404)
    return JsonResponse({"url": device_link(point_id=device.contact_point_id, at=timezone.now())})


@csrf_exempt
@require_POST
def renewed(request: HttpRequest) -> HttpResponse:
    """The browser changed its own address (`pushsubscriptionchange`); 410: it was stopped."""
    try:
        answer = PushAnswer.read(request)
        point_id = read_renewal(answer.text("renewal"))
        done = point_id is not None and renew_device(
            point_id=point_id, subscription=answer.subscription(), at=timezone.now()
        )
    except ConsentRefused as refused:
        return _refused(refused)
    return JsonResponse({}, status=200 if done else 410)


@csrf_exempt
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The button in a notification: a POST stops one topic, a GET shows the page with the button.

    Says `LAST` when nothing is left, so that the browser throws its side away too.
    """
    response: HttpResponse = public.stop(request, token)
    place = read_withdrawal(token)
    if place is None or request.method != "POST":
        return response
    drop_idle(point_ids=[place.point_id], at=timezone.now())
    if response.headers["Content-Type"].startswith("text/plain") and not living_point(
        place.point_id
    ):
        return HttpResponse("LAST", content_type="text/plain; charset=utf-8")
    return response


def page_url() -> str:
    """Where messages can be allowed; empty when there is no such page."""
    found: Any = open_push_page()
    return reverse("consent_public:push", args=[found.slug]) if found else ""
