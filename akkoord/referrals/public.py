"""Pages for the person: tip a friend, give a card, and the friend's own way out.

Authority comes from the token, never from a cookie. GET and HEAD change nothing.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.queries import living_point
from akkoord.people.models import ContactPoint
from akkoord.referrals import actions, queries
from akkoord.referrals.forms import TipForm
from akkoord.referrals.tokens import read_never, read_tip
from akkoord.register.models import language_now


def _sender(token: str) -> ContactPoint | None:
    point_id = read_tip(token, at=timezone.now())
    return living_point(point_id) if point_id else None


@csrf_exempt
def tip(request: HttpRequest, token: str) -> HttpResponse:
    """Fill in, look at the whole letter, send; and the card to give away oneself."""
    point = _sender(token)
    if point is None:
        return render(request, "referrals/public/old.html", status=410)
    if request.method == "POST" and request.POST.get("do") == "card":
        return _card(request, point)
    form = TipForm(request.POST or None, initial={"sender_name": point.person.given_name})
    if request.method == "POST" and request.POST.get("do") != "change" and form.is_valid():
        try:
            return _look_or_send(request, point, form)
        except actions.ReferralRefused as refused:
            form.add_error(refused.field or None, refused.sentence)
    return _page(request, point, form)


def _look_or_send(request: HttpRequest, point: ContactPoint, form: TipForm) -> HttpResponse:
    facts, language = form.facts(), language_now()
    if mark := request.POST.get("seen", ""):
        actions.send_tip(
            point=point,
            facts=facts,
            mark=mark,
            language=language,
            ip=str(request.META.get("REMOTE_ADDR", "")),
            at=timezone.now(),
        )
        return render(request, "referrals/public/sent.html")
    letter, mark = actions.look_at_tip(point=point, facts=facts, language=language)
    context = {"letter": letter, "mark": mark, "facts": facts}
    return render(request, "referrals/public/look.html", context)


def _card(request: HttpRequest, point: ContactPoint) -> HttpResponse:
    try:
        actions.make_card(person_id=point.person_id, at=timezone.now())
    except actions.ReferralRefused:
        raise Http404 from None
    return redirect(request.path)


def _page(request: HttpRequest, point: ContactPoint, form: TipForm) -> HttpResponse:
    offered = queries.programme()
    if offered is None or not (offered.mail_is_on or offered.card_is_on):
        return render(request, "referrals/public/old.html", status=410)
    card = queries.card_of(point.person_id) if offered.card_is_on else None
    context: dict[str, Any] = {"form": form, "offered": offered, "card": card}
    if card is not None:
        context["card_url"] = f"{settings.BASE_URL}/kaart/{card.code}/"
    return render(request, "referrals/public/tip.html", context, status=422 if form.errors else 200)


def card(request: HttpRequest, code: str) -> HttpResponse:
    """What a friend sees who follows a card. Nothing is counted and nobody is followed."""
    found, offered = queries.living_card(code), queries.programme()
    if found is None or offered is None or not offered.card_is_on:
        return render(request, "referrals/public/old.html", status=404)
    return render(
        request,
        "referrals/public/card.html",
        {"offered": offered, "card": found, "form_url": queries.form_address(offered)},
    )


@csrf_exempt
def never(request: HttpRequest, token: str) -> HttpResponse:
    """One press and nothing more comes (RFC 8058 too); GET shows the button."""
    digest = read_never(token)
    if digest is None:
        return render(request, "referrals/public/old.html", status=404)
    if request.method != "POST":
        return _never(request, is_done=False)
    actions.want_none(keyed_hash=digest, at=timezone.now())
    if "page" in request.POST:
        return _never(request, is_done=True)
    return HttpResponse("OK", content_type="text/plain; charset=utf-8")


def _never(request: HttpRequest, *, is_done: bool) -> HttpResponse:
    """Without the choice of languages, which would bring a cookie along."""
    context = {"is_done": is_done, "hide_language": True}
    return render(request, "referrals/public/never.html", context)
