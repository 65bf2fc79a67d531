"""Staff pages of the register: as it stands or stood, one entry, its history, the guided form."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.accounts.models import Staff
from akkoord.law.register_rules import Element
from akkoord.law.terms import law_day
from akkoord.register import hand
from akkoord.register.balancing import current_test
from akkoord.register.entry_forms import (
    STEP_OF,
    STEPS,
    AsOfForm,
    ReasonForm,
    StartForm,
    StepForm,
    step_of,
)
from akkoord.register.entry_words import lines_of
from akkoord.register.example_trades import EXAMPLES, examples_for
from akkoord.register.filler import filler_line
from akkoord.register.hand import OWN
from akkoord.register.history import MOST, shown_history
from akkoord.register.models import ProcessingActivity, Purpose, language_now
from akkoord.register.purpose_changes import NeedsWeighing
from akkoord.register.purpose_forms import questions_after, weighed_in
from akkoord.register.purpose_shown import shown_changes
from akkoord.register.queries import current_activity, organisation
from akkoord.register.records import entry_now, register_now, register_on
from akkoord.register.refused import RegisterRefused
from akkoord.register.version_models import HOUSE
from akkoord.trail.actions import actor_of

FILES = (
    ("pdf", "PDF"),
    ("docx", "Word"),
    ("xlsx", "Excel"),
    ("csv", "CSV"),
    ("json", "JSON"),
    ("jsonld", "JSON-LD"),
)


def index(request: HttpRequest) -> HttpResponse:
    """The register of processing activities, now or as it stood on a day (art. 30)."""
    form = AsOfForm(request.GET if "op" in request.GET else None)
    today = law_day(timezone.now())
    day = form.cleaned_data["op"] if form.is_bound and form.is_valid() else None
    if day is not None and day > today:
        form.add_error("op", _("This day has not come yet."))
        day = None
    register = register_on(day) if day else register_now()
    page = {
        "register": register,
        "asks_europe": any(Element.TRANSFERS in each.lacks for each in register.to_mend),
        "day": day,
        "form": form,
        "formats": FILES,
    }
    return render(request, "register/index.html", page)


def activity(request: HttpRequest, key: str) -> HttpResponse:
    """One entry with everything that art. 30 asks, and what it lacks."""
    entry = entry_now(key)
    if entry is None:
        raise Http404
    page = {
        "entry": entry,
        "lines": [(line, STEP_OF.get(line.element)) for line in lines_of(entry)],
        "is_own": key.startswith(OWN),
        "may_be_weighed": entry.content["legal_basis"] == "legitimate-interest",
        "reaches_by_post": Purpose.objects.filter(
            activity_key=key, channels__contains=["post"], ended_at=None
        ).exists(),
        "test": current_test(key),
        "end_form": ReasonForm(),
    }
    return render(request, "register/activity.html", page)


def history(request: HttpRequest, key: str) -> HttpResponse:
    """Every version of an entry: who, when, by which act, why, and what differs."""
    steps = shown_history(key, dict(Staff.objects.values_list("id", "name")))
    if not steps:
        raise Http404
    page = {"entry": entry_now(key), "steps": steps, "most": MOST, "changes": shown_changes(key)}
    return render(request, "register/history.html", page)


def house_history(request: HttpRequest) -> HttpResponse:
    """Every version of the organisation's own part: who answers, the measures."""
    names = dict(Staff.objects.values_list("id", "name"))
    page = {"steps": shown_history(HOUSE, names), "most": MOST}
    return render(request, "register/history.html", page)


def start(request: HttpRequest) -> HttpResponse:
    """A new activity: from an example of the trade, or empty."""
    form = StartForm(request.POST or None)
    house = organisation()
    mine, others = examples_for(house.trade if house else "other")
    if request.method == "POST":
        try:
            made = _made(request, form)
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            if made is not None:
                messages.success(request, _("The draft is there. Go through it and publish it."))
                return redirect("register:activity", key=made.key)
    place = 1 if language_now() == "en" else 0
    page = {
        "form": form,
        "mine": [_shown(each, place) for each in mine],
        "others": [_shown(each, place) for each in others],
    }
    return render(request, "register/start.html", page)


def _show(form: Form, refusal: RegisterRefused) -> None:
    """Put a refusal at its field, or above the form when the field is not on it."""
    columns = {column: name for name, column in getattr(form, "columns", {}).items()}
    field = columns.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, refusal.sentence)


def _shown(example: Any, place: int) -> dict[str, Any]:
    return {
        "key": example.key,
        "name": example.name[place],
        "purpose": example.purpose[place],
        "for_clients": example.role == "processor",
    }


def _made(request: HttpRequest, form: StartForm) -> ProcessingActivity | None:
    """The new draft; None: the form says what is wrong."""
    now, actor = timezone.now(), actor_of(request)
    example = request.POST.get("example", "")
    if example in EXAMPLES:
        clients = [filler_line()] if EXAMPLES[example].role == "processor" else None
        return hand.make_from_example(example_key=example, clients=clients, at=now, actor=actor)
    if not form.is_valid():
        return None
    name = form.cleaned_data["name"]
    values = {"name_nl": name, "name_en": name}
    return hand.make_activity(values=values, at=now, actor=actor)


def step(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One step of the guided form."""
    current = current_activity(key)
    if current is None or not 1 <= number <= len(STEPS):
        raise Http404
    form = STEPS[number - 1](request.POST or None, activity=current)
    questions = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, form, key)
        except NeedsWeighing as asked:
            form.add_error("purpose", asked.sentence)
            questions = questions_after(asked.data, request.POST)
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            last = number == len(STEPS) or "done" in request.POST
            return (
                redirect("register:activity", key=key)
                if last
                else redirect("register:step", key=key, number=number + 1)
            )
    page = {
        "activity": current,
        "form": form,
        "number": number,
        "title": form.title,
        "steps": [each.title for each in STEPS],
        "questions": questions,
    }
    return render(request, "register/step.html", page)


def _save(request: HttpRequest, form: StepForm, key: str) -> None:
    now, actor = timezone.now(), actor_of(request)
    chosen = form.cleaned_data.get("companies")
    hand.change_activity(
        key=key,
        values=form.values(),
        companies=None if chosen is None else set(chosen),
        reason=form.why(),
        at=now,
        actor=actor,
        weighed=weighed_in(request.POST),
    )


@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """The draft becomes part of the register, or the page says what is empty."""
    try:
        hand.publish_activity(key=key, at=timezone.now(), actor=actor_of(request))
    except RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
        entry = entry_now(key)
        if entry is not None and entry.lacks:
            return redirect("register:step", key=key, number=step_of(entry))
    else:
        messages.success(request, _("It stands in the register. This version is sealed."))
    return redirect("register:activity", key=key)


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """It no longer happens."""
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise RegisterRefused("reason", _("Say in a few words why this ends."))
        reason = form.cleaned_data["reason"]
        hand.end_activity(key=key, reason=reason, at=timezone.now(), actor=actor_of(request))
    except RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("It has ended. It stays readable, with its history."))
    return redirect("register:activity", key=key)
