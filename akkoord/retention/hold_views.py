"""Staff pages: what is held for a legal claim, of a person and of an activity."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.people.queries import person_by_id
from akkoord.register.term_queries import activity_names
from akkoord.retention import queries
from akkoord.retention.forms import ActivityHoldForm, HoldForm
from akkoord.retention.holds import HoldRefused, lift_hold, put_hold
from akkoord.retention.plan import recount_soon
from akkoord.trail.actions import actor_of


def holds(request: HttpRequest) -> HttpResponse:
    """Everything that is held, and the form for an activity."""
    names = activity_names()
    form = ActivityHoldForm(sorted(names.items(), key=lambda each: each[1]), request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        about = {"activity_key": typed["activity"]}
        if _put(request, form, about):
            return redirect("retention:holds")
    page = {"form": form, "holds": queries.holds_shown(names)}
    return render(request, "retention/holds.html", page)


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The hold on a person: what it is for, or the form for one."""
    who = person_by_id(person_id)
    if who is None:
        raise Http404
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _put(request, form, {"person_id": who.id}):
        return redirect("retention:person", person_id=who.id)
    holds = queries.holds_of(who.id)
    is_held = any(each.counts for each in holds)
    page = {"form": form, "person": who, "holds": holds, "is_held": is_held}
    return render(request, "retention/person.html", page)


def _put(request: HttpRequest, form: HoldForm, about: dict[str, object]) -> bool:
    """Put the hold, or say at the field why not."""
    typed = form.cleaned_data
    try:
        put_hold(
            reason=typed["reason"],
            until=typed["until"],
            at=timezone.now(),
            actor=actor_of(request),
            **about,  # type: ignore[arg-type]
        )
    except HoldRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return False
    recount_soon(at=timezone.now())
    held = _("Held. Nothing of it goes until you lift it.")
    if "activity_key" in about:  # who asks to be forgotten may be
        held = _("Held. The clean-up lets nothing of it go until you lift it.")
    messages.success(request, held)
    return True


@require_POST
def lift(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """The clean-up may go on."""
    hold = lift_hold(hold_id=hold_id, at=timezone.now(), actor=actor_of(request))
    if hold is not None:
        recount_soon(at=timezone.now())
        messages.success(request, _("Lifted. What is past its term goes tonight."))
        if hold.person_id:
            return redirect("retention:person", person_id=hold.person_id)
    return redirect("retention:holds")
