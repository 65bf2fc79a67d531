"""Staff pages of mails that a machine could not be sure of."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.receive import handle_mail, mails_to_read
from akkoord.trail.actions import actor_of


def incoming(request: HttpRequest) -> HttpResponse:
    """Mails that perhaps ask to stop, the oldest first."""
    return render(request, "consent/incoming.html", {"mails": mails_to_read()})


def incoming_handle(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """It asked to stop, or it was about something else (POST); its words go."""
    if request.method == "POST":
        stop = request.POST.get("act") == "stop"
        handle_mail(mail_id=mail_id, stop=stop, actor=actor_of(request), at=timezone.now())
        said = _("It has stopped. Mails that wait do not leave any more.") if stop else _("Done.")
        messages.success(request, said)
    return redirect("consent:incoming")
