"""Pages for the person without a log-in: the form, the confirmation, and the one press that stops.

Authority comes from the address typed or from the token in the link, never from a cookie, so these
pages need no CSRF token, and a mail program gets no cookie. GET and HEAD change nothing, ever: link
scanners open every link.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.address_advice import Resolver, ask_dns, is_dead, meant
from akkoord.consent.ask_link import mail_preference_link
from akkoord.consent.challenge import make_ticket
from akkoord.consent.confirm import Confirmation, confirm_sign_up, look_at_confirmation
from akkoord.consent.form_counts import count
from akkoord.consent.models import CollectionPoint, Form, FormCount
from akkoord.consent.queries import (
    entries_of,
    is_anybody,
    is_by_post,
    point_today,
    published,
)
from akkoord.consent.reasons_given import tell_reason
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.rendered import form_context
from akkoord.consent.sentences import sentence_of
from akkoord.consent.sign_up import request_sign_up
from akkoord.consent.sign_up_form import SignUpForm
from akkoord.consent.tokens import StopPlace, fresh_link, read_withdrawal, why_link
from akkoord.consent.visitors import STATUS, ip_of
from akkoord.consent.withdraw import GONE, stop_by_link
from akkoord.consent.words import stop_reason_words
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.register.models import PurposeVersion, language_now

STALE = gettext_lazy(
    "This page was opened too long ago, or came from elsewhere. Look at it once more, and press "
    "the button again."
)


@csrf_exempt
def form_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A hosted sign-up form, rendered from its frozen version; posting asks for confirmation."""
    form = get_object_or_404(Form.objects.exclude(kind="push"), slug=slug)
    point = posted_point(form, request.POST.get("shown", ""))
    if point is None or form.closed_at is not None:
        return render(request, "consent/public/closed.html", status=410)
    if request.method != "POST":
        if request.method == "GET":
            count(form.id, FormCount.VIEW)
        return _form(request, point, SignUpForm(point))
    sign_up = SignUpForm(point, request.POST)
    if not sign_up.is_valid():
        if "shown" in sign_up.errors:
            sign_up = with_value(sign_up, "shown", str(point.id))
            sign_up.add_error(None, STALE)
        return _form(request, point, sign_up, status=422)
    if slip := slip_of(sign_up, dns=ask_dns if settings.CHECK_DNS else None):
        return _form(request, point, slip, status=422)
    try:
        if not sign_up.cleaned_data["website"]:
            request_sign_up(
                collection_point=point,
                facts=sign_up.facts(ip=ip_of(request)),
                at=timezone.now(),
            )
    except ConsentRefused as refused:
        if refused.reason is Reason.PROOF_NEEDED:
            sign_up = with_ticket(sign_up, point)
        place = refused.field if refused.field in sign_up.fields else None
        sign_up.add_error(place, sentence_of(refused.reason))
        return _form(request, point, sign_up, status=STATUS.get(refused.reason, 422))
    count(form.id, FormCount.POST)
    return redirect(asked_url(slug, waits=bool(sign_up.cleaned_data.get("topics"))))


def slip_of(sign_up: SignUpForm, *, dns: Resolver | None) -> SignUpForm | None:
    """The form again, asking once whether another address was meant; None: nothing looks wrong.

    Pressing once more sends what was typed: a slip is offered, never decided.
    """
    typed = sign_up.cleaned_data["email"]
    suggestion = meant(typed)
    if sign_up.cleaned_data["as_typed"] == typed or not (suggestion or is_dead(typed, dns)):
        return None
    again = with_value(sign_up, "as_typed", typed)
    again.add_error("email", sentence_of_slip(suggestion))
    return again


def sentence_of_slip(suggestion: str) -> str:
    """The question; without a suggestion the domain is not known to take mail."""
    if not suggestion:
        return _("We cannot find this domain. Is the address right? Then press the button again.")
    return _(
        "Did you mean %(address)s? Change it, or press the button again if it is right as it is."
    ) % {"address": suggestion}


def with_ticket(sign_up: SignUpForm, point: CollectionPoint) -> SignUpForm:
    """The form again with a ticket that opens in a minute; one that it has already goes on."""
    if sign_up.cleaned_data.get("ticket"):
        return sign_up
    form_id = point.form_id or point.id
    return with_value(sign_up, "ticket", make_ticket(form_id=form_id, at=timezone.now()))


def with_value(sign_up: SignUpForm, name: str, value: str) -> SignUpForm:
    """The same post with another value in a hidden field, checked again."""
    data = QueryDict(mutable=True)
    data.update(sign_up.data)
    data[name] = value
    again = SignUpForm(sign_up.point, data)
    again.is_valid()
    return again


@csrf_exempt
def begun(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody began to fill in a form; counted, and nothing else."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form = Form.objects.filter(slug=slug, closed_at=None).first()
    if form is not None:
        count(form.id, FormCount.START)
    return HttpResponse(status=204)


def posted_point(form: Form, posted: str) -> CollectionPoint | None:
    """The version that stood on the visitor's screen, else the one that is published now."""
    if posted:
        try:
            found = CollectionPoint.objects.filter(id=UUID(posted), form=form)
        except ValueError:
            found = CollectionPoint.objects.none()
        if (point := found.select_related("notice", "form").first()) is not None:
            return point
    return published(form, language_now())


def _form(
    request: HttpRequest, point: CollectionPoint, form: SignUpForm, status: int = 200
) -> HttpResponse:
    """The form in the language of its version, whatever the browser says."""
    with translation.override(point.language):
        return render(
            request,
            "consent/public/form.html",
            form_context(point.snapshot, form),
            status=status,
        )


def asked_url(slug: str, *, waits: bool) -> str:
    """Where a visitor goes after posting; `waits` when boxes were ticked, which need a mail."""
    url = reverse("consent_public:asked", args=[slug])
    return url if waits else f"{url}?klaar=1"


def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """After posting: look in your mailbox, or your question came in. The same for everybody, known
    or not: it tells only what the visitor did."""
    form = get_object_or_404(Form, slug=slug)
    point = published(form, language_now())
    return render(
        request,
        "consent/public/asked.html",
        {
            "kind": form.kind,
            "waits": "klaar" not in request.GET,
            "thanks": point.snapshot.get("thanks", "") if point else "",
        },
    )


@csrf_exempt
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be confirmed, with a button; pressed, what was agreed to, with its proof."""
    now = timezone.now()
    if request.method == "POST":
        state = confirm_sign_up(
            token, at=now, shown=_uuids(request.POST.getlist("shown")), ip=ip_of(request)
        )
    else:
        state = look_at_confirmation(token, at=now)
    context: dict[str, Any] = {"state": state, "outcome": state.outcome.value}
    if state.outcome is Confirmation.CONFIRMED and state.point is not None:
        context |= {
            "entries": entries_of(event.id for event in state.events),
            "preferences_url": fresh_link(point_id=state.point.id, at=now),
            "proof_url": _proof_url(state.point.id, state.versions),
        }
    status = {Confirmation.INVALID: 404, Confirmation.EXPIRED: 410}.get(state.outcome, 200)
    return render(request, "consent/public/confirm.html", context, status=status)


def _proof_url(point_id: UUID, versions: list[PurposeVersion]) -> str:
    if not versions:
        return ""
    return why_link(point_id=point_id, purpose_id=versions[0].purpose_id, at=timezone.now())


def _uuids(values: list[str]) -> list[UUID]:
    """The ids that a page posted back; anything else is left out."""
    found = []
    for value in values[:50]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


@csrf_exempt
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One press stops (RFC 8058). GET and HEAD show a page with the button and change nothing.

    A mail program posts whatever it likes, urlencoded, multipart or nothing at all: it gets a
    short 200, no redirect, no cookie. Nothing is asked and nobody is filtered (INV-23, 24, 34).
    """
    place = read_withdrawal(token)
    if place is None:
        return render(request, "consent/public/stop.html", {"outcome": "invalid"}, status=404)
    if request.method != "POST":
        return _stop_page(request, place, token, "ask")
    answer = stop_by_link(place, at=timezone.now())
    if _has(request, b"page="):
        return _stop_page(request, place, token, "gone" if answer == GONE else "stopped")
    return HttpResponse("OK", content_type="text/plain; charset=utf-8")


def _has(request: HttpRequest, mark: bytes) -> bool:
    """Whether our own page posted this; a body that cannot be read is a mail program's."""
    try:
        return request.body.startswith(mark)
    except Exception:  # too large or cut off: who leaves is never refused for it
        return False


def _stop_page(request: HttpRequest, place: StopPlace, token: str, outcome: str) -> HttpResponse:
    version = PurposeVersion.objects.filter(purpose_id=place.purpose_id).order_by("-number").first()
    if version is None or not is_anybody(place.point_id):
        outcome = "gone"
    is_letter = is_by_post(place.point_id)
    return render(
        request,
        "consent/public/stop.html",
        {
            "outcome": outcome,
            "topic": version,
            "token": token,
            "is_letter": is_letter,
            "why_url": _why_url(place) if is_letter and outcome == "ask" else "",
            "reasons": stop_reason_words() if outcome == "stopped" else (),
            "hide_language": True,
        },
    )


def _why_url(place: StopPlace) -> str:
    return why_link(point_id=place.point_id, purpose_id=place.purpose_id, at=timezone.now())


@csrf_exempt
def stop_then_why(request: HttpRequest, token: str) -> HttpResponse:
    """A reason, if somebody likes to give one, after the stop; the page says thanks either way."""
    place = read_withdrawal(token)
    if place is None or request.method != "POST":
        raise Http404
    tell_reason(
        point_id=place.point_id,
        purpose_id=place.purpose_id,
        reason=request.POST.get("reason", ""),
        at=timezone.now(),
    )
    return _stop_page(request, place, token, "thanks")


@csrf_exempt
def stop_then_less(request: HttpRequest, token: str) -> HttpResponse:
    """Rather less often? Mails a fresh link to the mailbox; the token alone opens nothing."""
    place = read_withdrawal(token)
    if place is None or request.method != "POST":
        raise Http404
    point = point_today(place.point_id)
    if point is not None and point.channel == Channel.EMAIL:
        mail_preference_link(point=point, language=language_now(), at=timezone.now())
    return render(request, "consent/public/link_mailed.html", {"hide_language": True})
