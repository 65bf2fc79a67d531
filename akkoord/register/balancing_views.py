"""Staff pages: why letters without a yes are fair, and the check of bought addresses (INV-19)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.register import balancing
from akkoord.register.actions import RegisterRefused
from akkoord.register.balancing_forms import BalancingForm, PostCheckForm
from akkoord.register.models import BalancingTest, ProcessingActivity
from akkoord.register.queries import current_activity
from akkoord.trail.actions import actor_of


def _activity(key: str) -> ProcessingActivity:
    found = current_activity(key)
    if found is None:
        raise Http404
    return found


def balancing_test(request: HttpRequest, key: str) -> HttpResponse:
    """The test of an activity as it stands, its versions, and the form for a new one."""
    activity = _activity(key)
    current = balancing.current_test(key)
    form = BalancingForm(request.POST or None, initial=_as_typed(current))
    if request.method == "POST" and form.is_valid():
        try:
            balancing.write_balancing_test(
                activity_key=key, words=form.words(), at=timezone.now(), actor=actor_of(request)
            )
        except RegisterRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("Written down. The register says so too."))
            return redirect("register:balancing", key=key)
    page = {
        "activity": activity,
        "form": form,
        "current": current,
        "versions": balancing.weighings_over_time(key),
        "check": balancing.last_post_check(),
        "check_form": PostCheckForm(),
    }
    return render(request, "register/balancing.html", page)


def _as_typed(current: BalancingTest | None) -> dict[str, object]:
    """What stands in the form: the version in force, to go on from."""
    if current is None:
        return {}
    covers = [("customers", current.covers_customers), ("bought", current.covers_bought)]
    typed: dict[str, object] = {name: getattr(current, name) for name in balancing.STEPS}
    return typed | {"covers": [name for name, holds in covers if holds]}


@require_POST
def balancing_end(request: HttpRequest, key: str) -> HttpResponse:
    """The test no longer holds."""
    _activity(key)
    if balancing.end_balancing_test(activity_key=key, at=timezone.now(), actor=actor_of(request)):
        messages.success(request, _("Ended. From now on letters go to who said yes alone."))
    return redirect("register:balancing", key=key)


@require_POST
def post_check(request: HttpRequest, key: str) -> HttpResponse:
    """Bought addresses were held against the registers."""
    _activity(key)
    form = PostCheckForm(request.POST)
    try:
        if not form.is_valid():
            raise RegisterRefused("checked_on", _("Fill in a day."))
        balancing.note_post_check(
            checked_on=form.cleaned_data["checked_on"],
            at=timezone.now(),
            actor=actor_of(request),
        )
    except RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Noted."))
    return redirect("register:balancing", key=key)
