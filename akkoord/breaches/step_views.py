"""Staff pages: the guided form, a step at a time; what was filled in is kept at each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.breaches import actions, forms, queries
from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.models import Breach
from akkoord.breaches.views import breach_or_404, clock_of, refuse_at
from akkoord.trail.actions import actor_of

NUMBERS = {"what": 1, "kind": 2, "who": 3, "severity": 4, "decide": 5}
NEXT = {"what": "kind", "kind": "who", "severity": "decide"}


def begin(request: HttpRequest) -> HttpResponse:
    """The first step, by anybody who works here; the clock runs once it is kept."""
    return _begin(request, is_drill=False)


def drill(request: HttpRequest) -> HttpResponse:
    """The same to practise: nothing is sent, and it stands apart."""
    return _begin(request, is_drill=True)


def _begin(request: HttpRequest, *, is_drill: bool) -> HttpResponse:
    form = forms.WhatForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin_breach(
                values=form.values(),
                at=timezone.now(),
                actor=actor_of(request),
                is_drill=is_drill,
            )
            return redirect("breaches:step", breach_id=made.id, name="kind")
        except BreachRefused as refused:
            refuse_at(form, refused)
    page = {"form": form, "is_drill": is_drill, "labels": queries.step_labels(), "step": 1}
    return render(request, "breaches/begin.html", page)


def step(request: HttpRequest, breach_id: UUID, name: str) -> HttpResponse:
    """One step of a leak that was begun."""
    found = breach_or_404(breach_id)
    if name not in forms.FORMS:
        raise Http404
    form = forms.FORMS[name](found, request.POST or None, **_choices(name))
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        return _onward(request, found, name)
    page = {"form": form, "name": name, "examples": forms.EXAMPLES, **clock_of(found)}
    page |= {"labels": queries.step_labels(), "step": NUMBERS[name]}
    page["done"] = queries.done_steps(found)
    return render(request, "breaches/step.html", page)


def _choices(name: str) -> dict[str, Any]:
    if name != "kind":
        return {}
    return {
        "activities": queries.activity_choices(),
        "recipients": queries.recipient_choices(),
    }


def _kept(request: HttpRequest, found: Breach, form: forms.StepForm) -> bool:
    try:
        actions.keep_step(
            breach_id=found.id,
            step=form.step,
            values=form.values(),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except BreachRefused as refused:
        refuse_at(form, refused)
        return False
    return True


def _onward(request: HttpRequest, found: Breach, name: str) -> HttpResponse:
    """To the next step, or back to the leak when it was kept for later."""
    if "later" in request.POST:
        messages.success(request, _("Kept. You can go on later; the clock runs."))
        return redirect("breaches:breach", breach_id=found.id)
    target = NEXT[name]
    if target in ("who", "decide"):
        return redirect(f"breaches:{target}", breach_id=found.id)
    return redirect("breaches:step", breach_id=found.id, name=target)
