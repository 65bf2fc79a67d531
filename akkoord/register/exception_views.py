"""Staff pages: exceptions for fields of special categories; only the owner decides (INV-32)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.law.exception_rules import GROUNDS, OFFERED, latest_end
from akkoord.law.field_rules import announced_by, announced_by_name
from akkoord.law.terms import law_day
from akkoord.register import exceptions
from akkoord.register.exception_forms import DecisionForm, ExceptionForm
from akkoord.register.exception_queries import history_of, shown_exceptions
from akkoord.register.exception_words import GROUND_WORDS, can_open, never_sentence, opens_words
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import actor_of

DECIDES = "change-settings"  # what the owner alone may do


def index(request: HttpRequest) -> HttpResponse:
    """Which fields of special categories are open, on what, for whom, until when."""
    shown = shown_exceptions(law_day(timezone.now()))
    return render(request, "register/exceptions.html", {"shown": shown, "decides": DECIDES})


def create(request: HttpRequest) -> HttpResponse:
    """A field with the exception that opens it."""
    today = law_day(timezone.now())
    given = {name: request.GET.get(name, "")[:80] for name in ("name_nl", "name_en", "kind")}
    form = ExceptionForm(request.POST or None, initial=given | {"until": latest_end(today)})
    if request.method == "POST" and form.is_valid():
        try:
            made = exceptions.record_exception(
                facts=form.facts(),
                decision=form.decision(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Recorded. It stands in the register from now on."))
            return redirect("register:exception", key=made.field.key)
    return render(request, "register/exception_create.html", {"form": form, "grounds": _grounds()})


def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One field with every decision about it; posting decides anew."""
    today = law_day(timezone.now())
    history = history_of(key, today)
    if not history:
        raise Http404
    now = history[0]
    initial = {
        "ground": now.exception.ground,
        "reason": now.exception.reason,
        "seen_by": now.exception.seen_by,
        "until": latest_end(today),
    }
    form = DecisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            exceptions.decide_anew(
                field_key=key,
                decision=form.decision(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Decided anew. The register has another version."))
            return redirect("register:exception", key=key)
    page = {"now": now, "history": history, "form": form, "decides": DECIDES}
    return render(request, "register/exception.html", page)


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Close the field at once; what is kept in it goes the same night."""
    if exceptions.end_exception(field_key=key, at=timezone.now(), actor=actor_of(request)):
        messages.success(request, _("Closed. Nobody sees it any more; what is kept goes tonight."))
    return redirect("register:exceptions")


def way_out(request: HttpRequest, form: Form) -> dict[str, Any]:
    """What a page says beside a field that was refused as sensitive: why never, or how it may.

    Nothing while the form says nothing sensitive.
    """
    if not form.is_bound:
        return {}
    typed: Mapping[str, str] = form.data
    names = [typed.get("name_nl", ""), typed.get("name_en", "")]
    others = [typed.get(each, "") for each in ("choices", "why_nl", "why_en")]
    kinds = announced_by_name(*names) | announced_by(others)
    if not kinds:
        return {}
    if not can_open(kinds):
        return {"never": never_sentence(kinds)}
    if DECIDES not in getattr(request, "may", ()):
        return {"owner_decides": True}
    query = urlencode({"name_nl": names[0], "name_en": names[1], "kind": min(kinds)})
    return {"exception_url": f"{reverse('register:exception_create')}?{query}"}


def _show(form: Form, refusal: RegisterRefused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _grounds() -> list[dict[str, Any]]:
    """The closed list, with what each asks and opens."""
    return [
        {
            "name": GROUND_WORDS[each][0],
            "asks": GROUND_WORDS[each][1],
            "opens": opens_words(each),
            "article": GROUNDS[each].article,
        }
        for each in OFFERED
    ]
