"""Staff pages about recipients: who was told, who did not answer, and how to reach them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.people.queries import person_by_id
from akkoord.register.models import Recipient
from akkoord.rights.disclosures import record_disclosure
from akkoord.rights.models import RecipientNotice
from akkoord.rights.recipient_forms import HandForm, WayForm
from akkoord.rights.recipient_queries import answered_notices, open_notices, others
from akkoord.rights.recipients import acknowledge, choose_way
from akkoord.trail.actions import actor_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who has not answered yet, and how each recipient is told."""
    return render(
        request,
        "rights/recipients.html",
        {
            "open": open_notices(),
            "answered": answered_notices(),
            "recipients": others(),
        },
    )


def way(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """How one recipient is told."""
    recipient = get_object_or_404(Recipient, id=recipient_id)
    initial = {"told_by": recipient.told_by, "told_at": recipient.told_at}
    form = WayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_way(
            recipient_id=recipient.id,
            by=form.cleaned_data["told_by"],
            where=form.cleaned_data["told_at"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(request, _("Saved. What waited leaves within ten minutes."))
        return redirect("rights:recipients")
    context = {"form": form, "recipient": recipient}
    return render(request, "rights/recipient_way.html", context, status=422 if form.errors else 200)


@require_POST
def answered(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Staff told them another way, and they answered."""
    notice = get_object_or_404(RecipientNotice, id=notice_id)
    acknowledge(notice_id=notice.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Done."))
    return redirect("rights:recipients")


def hand(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Write down that a recipient got this person's data."""
    person = person_by_id(person_id)
    if person is None:
        raise Http404
    form = HandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_disclosure(
            person_id=person.id,
            recipient_id=form.cleaned_data["recipient"].id,
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(request, _("It is written down."))
        return redirect("rights:keep", person_id=person.id)
    context = {"form": form, "person": person}
    return render(
        request, "rights/recipient_hand.html", context, status=422 if form.errors else 200
    )
