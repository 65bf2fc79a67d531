"""Staff pages of mails that a machine could not be sure of."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.receive import handle_mail, mails_to_read
from akkoord.trail.actions import actor_of
from akkoord.trail.seen import note_seen


def incoming(request: HttpRequest) -> HttpResponse:
    """Mails that perhaps ask to stop, the oldest first. Whose they are is noted (art. 32, 33)."""
    mails = mails_to_read()
    note_seen(
        actor=actor_of(request),
        place="mail.list",
        people=[each.contact_point.person_id for each in mails if each.contact_point],
        at=timezone.now(),
    )
    return render(request, "consent/incoming.html", {"mails": mails})


def incoming_handle(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """It asked to stop, or it was about something else (POST); its words go."""
    if request.method == "POST":
        stop = request.POST.get("act") == "stop"
        handle_mail(mail_id=mail_id, stop=stop, actor=actor_of(request), at=timezone.now())
        said = _("It has stopped. Mails that wait do not leave any more.") if stop else _("Done.")
        messages.success(request, said)
    return redirect("consent:incoming")
