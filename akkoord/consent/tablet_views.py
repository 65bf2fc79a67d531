"""Pages of the tablet on the counter: set ready by staff, used by whoever stands there.

No page keeps a trace of the person before: nothing is stored by the browser, nothing is filled in
by itself, and every page goes back to the start when nobody touches it.
"""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.queries import published
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.rendered import form_context
from akkoord.consent.sentences import sentence_of
from akkoord.consent.sign_up_form import SignUpForm
from akkoord.consent.tablet import KEY, KINDS, Tablet, agree_at_tablet, set_ready, tablet_of
from akkoord.consent.tablet_forms import LeaveForm, PinForm
from akkoord.consent.tablet_pin import sentence_of_pin, try_pin
from akkoord.register.models import language_now

IDLE = 60  # seconds without a touch, then back to the start
THANKS = 8


def start(request: HttpRequest, form_id: Any) -> HttpResponse:
    """Set this browser ready, with a PIN: log it out, and open the form on the whole screen."""
    known = get_object_or_404(Form, id=form_id, closed_at=None, kind__in=KINDS)
    staff_id = request.user.pk
    if staff_id is None:  # the table of access lets nobody else in
        return redirect("account_login")
    asked = PinForm(request.POST or None)
    if request.method != "POST" or not asked.is_valid():
        return render(request, "consent/tablet/start.html", {"known": known, "form": asked})
    logout(request)
    pin = asked.cleaned_data["pin"]
    set_ready(request.session, form=known, staff_id=staff_id, pin=pin, at=timezone.now())
    return redirect("consent_tablet:form")


@never_cache
def form(request: HttpRequest) -> HttpResponse:
    """The form for whoever stands at the counter; posting it is a yes (INV-13)."""
    tablet = tablet_of(request.session)
    shown = published(tablet.form, _language(request)) if tablet else None
    if tablet is None or shown is None:
        return redirect("account_login")
    if request.method != "POST":
        return _page(request, shown, SignUpForm(shown))
    filled = SignUpForm(shown, request.POST)
    if filled.is_valid() and _agree(tablet, shown, filled):
        return redirect(f"{reverse('consent_tablet:thanks')}?{urlencode({'taal': shown.language})}")
    return _page(request, shown, filled, status=422)


def _language(request: HttpRequest) -> str:
    """The language chosen on this page; no cookie, for the next person reads another."""
    chosen = request.GET.get("taal", "")
    return chosen if chosen in ("nl", "en") else language_now()


def _agree(tablet: Tablet, shown: CollectionPoint, filled: SignUpForm) -> bool:
    """Record it; False: the form now says why not."""
    try:
        agree_at_tablet(
            collection_point=shown,
            facts=filled.facts(ip=""),  # the counter's own network says nothing about anybody
            staff_id=tablet.staff_id,
            at=timezone.now(),
        )
    except ConsentRefused as refused:
        place = refused.field if refused.field in filled.fields else None
        filled.add_error(place, sentence_of(refused.reason))
        return False
    return True


def _page(
    request: HttpRequest, shown: CollectionPoint, filled: SignUpForm, status: int = 200
) -> HttpResponse:
    for each in filled.fields.values():
        each.widget.attrs["autocomplete"] = "off"
    with translation.override(shown.language):
        return render(
            request,
            "consent/tablet/form.html",
            form_context(shown.snapshot, filled)
            | {
                "idle": IDLE,
                "language": shown.language,
                "leave_url": _leave_url(),
                "hide_language": True,
            },
            status=status,
        )


def _leave_url() -> str:
    """Leaving is logging in again, with password and second factor, and then the PIN."""
    query = urlencode({"next": reverse("consent_tablet:leave")})
    return f"{reverse('account_login')}?{query}"


@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """It is saved; after some seconds the next person finds an empty form."""
    if tablet_of(request.session) is None:
        return redirect("account_login")
    with translation.override(_language(request)):
        context = {"idle": THANKS, "hide_language": True, "language": _language(request)}
        return render(request, "consent/tablet/thanks.html", context)


@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """The member of staff logged in again and knows the PIN: this is no tablet any more.

    Until then every other page of staff leads here (`config.access`).
    """
    kept = request.session.get(KEY)
    if not kept:
        return redirect("consent:forms")
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = try_pin(kept, form.cleaned_data["pin"], at=timezone.now())
        if answer.is_right:
            del request.session[KEY]
            return redirect("consent:form", form_id=kept["form"])
        request.session[KEY] = kept
        form.add_error("pin", sentence_of_pin(answer))
        if answer.locked_minutes:
            _log_out_but_stay(request, kept)
    context = {"form": form, "hide_language": True}
    return render(request, "consent/tablet/leave.html", context)


def _log_out_but_stay(request: HttpRequest, kept: dict[str, Any]) -> None:
    """Logged out, and still a tablet: logging out empties the session."""
    logout(request)
    request.session[KEY] = kept
