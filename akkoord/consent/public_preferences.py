"""Preferences and "why do I get this?": what a link opens depends on how it came.

A link from a mail can only take away (`public_less`); a fresh one, mailed to the mailbox when
asked, opens everything for a day (`public_centre`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.ask_link import ask_preference_link
from akkoord.consent.forms import AddressForm
from akkoord.consent.models import CollectionPoint
from akkoord.consent.post_choices import interest_of_letter
from akkoord.consent.public_centre import centre
from akkoord.consent.public_less import less
from akkoord.consent.queries import living_point, proof_of
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.rendered import rendered_form
from akkoord.consent.sentences import sentence_of
from akkoord.consent.tokens import (
    Place,
    is_expired,
    is_stale,
    read_fresh,
    read_preference,
    read_why,
    withdrawal_token,
)
from akkoord.consent.visitors import ip_of
from akkoord.consent.words import channel_word, method_word
from akkoord.law.states import LIVE_STATES, Basis, Channel
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion, language_now


@csrf_exempt
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """The whole centre behind a fresh link, else the page that can only take away.

    A fresh link that is past its term still stops, pauses and lessens, as the link in an old mail
    always can. GET and HEAD change nothing.
    """
    now = timezone.now()
    fresh = read_fresh(token)
    place = fresh or read_preference(token)
    if place is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    point = living_point(place.point_id)
    if point is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "gone"})
    if fresh is not None and not is_stale(fresh, at=now):
        return in_own_language(request, point, lambda: centre(request, point, at=now))
    stale = fresh is not None
    return in_own_language(request, point, lambda: less(request, point, at=now, is_stale=stale))


def in_own_language(
    request: HttpRequest, point: ContactPoint, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """In the person's language, unless the visitor chose another one here."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        return answer()
    language = point.person.language
    translation.activate(language if language in dict(settings.LANGUAGES) else language_now())
    return answer()  # the middleware says which language it became, and puts it back


@csrf_exempt
def ask_link(request: HttpRequest) -> HttpResponse:
    """Type your address and a link is mailed there; the same answer for everybody."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_preference_link(
                email=form.cleaned_data["email"],
                language=language_now(),
                ip=ip_of(request),
                at=timezone.now(),
            )
        except ConsentRefused as refused:
            form.add_error("email", sentence_of(refused.reason))
        else:
            return render(request, "consent/public/link_mailed.html")
    status = 422 if form.errors else 200
    return render(request, "consent/public/ask_link.html", {"form": form}, status=status)


def why(request: HttpRequest, token: str) -> HttpResponse:
    """The exact text that was agreed to, when and where, with its proof. No address stands here."""
    now = timezone.now()
    place = read_why(token)
    if place is None or place.purpose_id is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    point = living_point(place.point_id)
    if point is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "gone"})
    stop_token = withdrawal_token(point_id=place.point_id, purpose_id=place.purpose_id)
    if is_expired(place, at=now):
        context = {"outcome": "old", "stop_token": stop_token}
        return render(request, "consent/public/link_bad.html", context, status=410)
    context = _why_context(place, stop_token) | _of_letter(point, place.purpose_id, at=now)
    return render(request, "consent/public/why.html", context)


def _of_letter(point: ContactPoint, purpose_id: UUID, *, at: datetime) -> dict[str, Any]:
    """Of a letter on paper without a yes: what we want with it, and the right to object."""
    if point.channel != Channel.POST:
        return {}
    version = (
        PurposeVersion.objects.select_related("purpose")
        .filter(purpose_id=purpose_id, valid_to=None)
        .first()
    )
    if version is None:
        return {}
    return {"interest": interest_of_letter(point, version.purpose, at=at), "topic": version}


def why_form(_request: HttpRequest, token: str) -> HttpResponse:
    """The form as it looked when this was agreed to, made from its frozen version (INV-7).

    No address stands on it, nothing on it works, and it is in the language it had then.
    """
    place = read_why(token)
    if place is None or place.purpose_id is None or is_expired(place, at=timezone.now()):
        raise Http404
    entry = proof_of(place.point_id, place.purpose_id)
    if living_point(place.point_id) is None or entry is None or entry.shown_id is None:
        raise Http404
    point = CollectionPoint.objects.get(id=entry.shown_id)
    return HttpResponse(rendered_form(point.snapshot, point.language))


def _why_context(place: Place, stop_token: str) -> dict[str, Any]:
    entry = proof_of(place.point_id, place.purpose_id) if place.purpose_id else None
    context: dict[str, Any] = {
        "entry": entry,
        "is_live": entry is not None and entry.state in LIVE_STATES,
        "is_customer": entry is not None
        and entry.state in LIVE_STATES
        and entry.basis == Basis.EXISTING_CUSTOMER,
        "is_published": entry is not None
        and entry.state in LIVE_STATES
        and entry.basis == Basis.PUBLISHED_ADDRESS,
        "stop_token": stop_token,
        "hide_language": True,
    }
    if entry is not None and entry.shown_id is not None:
        context["form_url"] = "formulier/"
    if entry is not None:
        context |= {"method": method_word(entry.method), "channel": channel_word(entry.channel)}
    return context
