"""Staff page: what is offered, how it goes, and rewards to give."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.referrals import actions, queries
from akkoord.referrals.forms import ProgrammeForm, UseForm
from akkoord.referrals.models import CardUse
from akkoord.trail.actions import actor_of


def index(request: HttpRequest) -> HttpResponse:
    """What is offered; saved in one go."""
    form = ProgrammeForm(queries.open_forms(), request.POST or None, queries.programme())
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_programme(
                values=form.cleaned_data, at=timezone.now(), actor=actor_of(request)
            )
        except actions.ReferralRefused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("referrals:index")
    return _page(request, form, UseForm(initial={"used_on": timezone.localdate()}))


def _page(request: HttpRequest, form: ProgrammeForm, use: UseForm) -> HttpResponse:
    return render(
        request,
        "referrals/index.html",
        {
            "form": form,
            "use": use,
            "figures": queries.figures(at=timezone.now()),
            "to_reward": queries.uses_to_reward(),
        },
        status=422 if form.errors or use.errors else 200,
    )


@require_POST
def use_card(request: HttpRequest) -> HttpResponse:
    """A new customer named a code."""
    use = UseForm(request.POST)
    if use.is_valid():
        try:
            actions.record_use(at=timezone.now(), actor=actor_of(request), **use.cleaned_data)
        except actions.ReferralRefused as refused:
            use.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("Noted. The giver of the card is on the list below."))
            return redirect("referrals:index")
    return _page(request, ProgrammeForm(queries.open_forms(), None, queries.programme()), use)


@require_POST
def reward(request: HttpRequest, use_id: UUID) -> HttpResponse:
    """The giver got the reward."""
    use = get_object_or_404(CardUse, id=use_id)
    now = timezone.now()
    actions.record_reward(use_id=use.id, on=timezone.localdate(), at=now, actor=actor_of(request))
    return redirect("referrals:index")
