"""Staff pages: the list of leaks, one leak, the decision, closing, lessons."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.breaches import actions, forms, queries
from akkoord.breaches.actions import BreachRefused, DecisionFacts
from akkoord.breaches.clock import left_words, running
from akkoord.breaches.history import changes_of
from akkoord.breaches.models import Breach
from akkoord.breaches.texts import LONGEST
from akkoord.law.breach_rules import Decision, hours_left
from akkoord.trail.actions import actor_of
from akkoord.web.typed import whole_number


def breach_or_404(breach_id: UUID) -> Breach:
    """The leak of an address; raises Http404."""
    found = queries.breach_by_id(breach_id)
    if found is None:
        raise Http404
    return found


def refuse_at(form: django_forms.Form, refused: BreachRefused) -> None:
    """Say at the field why not; without such a field, above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


def clock_of(breach: Breach) -> dict[str, Any]:
    """What the pages of a leak say of its 72 hours."""
    hours = hours_left(breach.due_at, timezone.now())
    runs = running().filter(id=breach.id).exists()
    return {"breach": breach, "left": left_words(hours), "is_late": hours < 0, "clock_runs": runs}


def index(request: HttpRequest) -> HttpResponse:
    """Every leak, newest first (art. 33(5)); drills apart."""
    is_drill = request.GET.get("oefening") == "1"
    years, state = queries.years(), request.GET.get("stand", "")
    asked = whole_number(request.GET.get("jaar", ""))
    year = asked if asked in years else 0
    after = request.GET.get("na", "")
    page = queries.breaches_page(is_drill=is_drill, year=year, state=state, after=after)
    filters = {"year": year, "state": state, "is_drill": is_drill, "is_paged": bool(after)}
    return render(
        request,
        "breaches/index.html",
        {
            "page": page,
            "years": years,
            "states": Breach.State.choices,
            "actions": list(queries.open_actions()[:20]),
            **filters,
        },
    )


def breach(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """One leak: what is known, what is still to do, who was told, what was learnt, its log."""
    found = breach_or_404(breach_id)
    notices = queries.notices_of(found)
    page = {
        **clock_of(found),
        "parts": queries.parts_of(found),
        "severity": queries.severity_shown(found),
        "decision": queries.decision_word(found.decision),
        "notices": notices,
        "to_do": queries.to_do(found),
        "lessons": queries.lessons_of(found),
        "log": queries.log_of(found),
        "lesson_form": forms.LessonForm(),
        "close_form": forms.CloseForm(),
        **queries.words_of(found),
    }
    return render(request, "breaches/breach.html", page)


@require_safe
def history(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """What changed in the record, when and by whom, each change beside what stood there."""
    found = breach_or_404(breach_id)
    page = {"breach": found, "changes": changes_of(found)}
    return render(request, "breaches/history.html", page)


def decide(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The severity with its parts, the advice, and the decision of a person."""
    found = breach_or_404(breach_id)
    severity = queries.severity_shown(found)
    start = {
        "decision": found.decision,
        "reason": found.decision_reason,
        "differs_because": found.differs_because,
    }
    form = forms.DecideForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _decided(request, found, form):
        return redirect("breaches:breach", breach_id=found.id)
    page = {"form": form, "severity": severity, "parts": queries.parts_of(found), "step": 5}
    return render(
        request,
        "breaches/decide.html",
        {
            **page,
            **clock_of(found),
            "labels": queries.step_labels(),
            "done": queries.done_steps(found),
        },
    )


def _decided(request: HttpRequest, found: Breach, form: forms.DecideForm) -> bool:
    typed = form.cleaned_data
    facts = DecisionFacts(Decision(typed["decision"]), typed["reason"], typed["differs_because"])
    try:
        actions.decide(breach_id=found.id, facts=facts, at=timezone.now(), actor=actor_of(request))
    except BreachRefused as refused:
        refuse_at(form, refused)
        return False
    messages.success(request, _("Decided. Below is what to do next."))
    return True


@require_POST
def close(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Done, but for the lessons."""
    found = breach_or_404(breach_id)
    note = request.POST.get("closing_note", "")[:LONGEST]
    try:
        actions.close_breach(
            breach_id=found.id, closing_note=note, at=timezone.now(), actor=actor_of(request)
        )
        messages.success(request, _("Closed. It stays in the list of leaks."))
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("breaches:breach", breach_id=found.id)


@require_POST
def reopen(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Something new came up."""
    found = breach_or_404(breach_id)
    actions.reopen_breach(breach_id=found.id, at=timezone.now(), actor=actor_of(request))
    return redirect("breaches:breach", breach_id=found.id)


@require_POST
def lesson_add(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """What was learnt, and what will be done."""
    found = breach_or_404(breach_id)
    form = forms.LessonForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("breaches:breach", breach_id=found.id)
    typed = form.cleaned_data
    try:
        actions.add_lesson(
            breach_id=found.id,
            lesson=typed["lesson"],
            action=typed["action"],
            due_on=typed["due_on"],
            at=timezone.now(),
            actor=actor_of(request),
        )
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("breaches:breach", breach_id=found.id)


@require_POST
def lesson_done(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """It was done."""
    lesson = actions.finish_lesson(lesson_id=lesson_id, at=timezone.now(), actor=actor_of(request))
    if lesson is None:
        raise Http404
    return redirect("breaches:breach", breach_id=lesson.breach_id)
