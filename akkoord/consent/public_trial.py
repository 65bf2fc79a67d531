"""The page behind the question whether somebody wants to try letters. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.trial import confirm_trial, refuse_trial, trial_of
from akkoord.register.queries import organisation


@csrf_exempt  # a mail program's own button posts here too (RFC 8058)
def trial(request: HttpRequest, token: str) -> HttpResponse:
    """Yes, or no, by a press; later it is where tests are stopped. No address stands here."""
    found = trial_of(token)
    if request.method == "POST" and "List-Unsubscribe" in request.POST:
        refuse_trial(token, at=timezone.now())
        return HttpResponse(_("Stopped"), content_type="text/plain; charset=utf-8")
    outcome = "gone" if found is None else "on" if found.confirmed_at else "asked"
    if request.method == "POST" and found is not None:
        if request.POST.get("antwoord") == "ja":
            confirm_trial(token, at=timezone.now())
            outcome = "on"
        elif request.POST.get("antwoord") == "nee":
            refuse_trial(token, at=timezone.now())
            outcome = "stopped"
    with translation.override(found.language if found else translation.get_language()):
        context = {"outcome": outcome, "house": organisation(), "hide_language": True}
        response = render(request, "consent/public/trial.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
