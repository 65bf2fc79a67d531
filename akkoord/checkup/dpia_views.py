"""Staff pages: which activities need an assessment, the criteria, the steps, the paper."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akkoord.checkup import dpia
from akkoord.checkup.dpia_forms import DecisionForm, PartForm, RiskForm, ScreeningForm
from akkoord.checkup.dpia_paper import paper_of, pdf_of, screening_words
from akkoord.checkup.dpia_queries import (
    Looked,
    activities,
    asked_before,
    has_officer,
    looked_at,
    missing_in,
    risks_of,
    texts_of,
    versions_of_assessment,
)
from akkoord.checkup.dpia_words import CRITERIA, LIKELIHOOD, LISTED, PARTS, SEVERITY, STANDINGS
from akkoord.checkup.models import Assessment, Risk
from akkoord.checkup.refused import CheckUpRefused
from akkoord.law.dpia_rules import Feared, Part, must_ask_authority, open_decisions
from akkoord.law.terms import add_years, law_day
from akkoord.register.models import language_now
from akkoord.trail.actions import actor_of

DECISION = "decision"


def _show(form: Any, refusal: CheckUpRefused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _found(key: str) -> Looked:
    found = looked_at(key, law_day(timezone.now()))
    if found is None:
        raise Http404
    return found


def _row(each: Looked) -> dict[str, Any]:
    word, kind, icon = STANDINGS[each.standing]
    met = screening_words(each.screening) if each.screening else []
    return {
        "looked": each,
        "word": word,
        "kind": kind,
        "icon": icon,
        "met": met or [CRITERIA[criterion][0] for criterion in each.seen],
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every activity with how it stands, and what may be confirmed together."""
    today = law_day(timezone.now())
    page = {
        "rows": [_row(each) for each in activities(today)],
        "plain": [(each, dpia.mark_of(each)) for each in dpia.unremarkable(today)],
        "listed": list(LISTED.values()),
    }
    return render(request, "checkup/dpia_index.html", page)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """What Akkoord does itself and is not remarkable needs no assessment: somebody agrees."""
    dpia.confirm_unremarkable(
        shown=request.POST.getlist("shown"), at=timezone.now(), actor=actor_of(request)
    )
    messages.success(request, _("Written down, for each of them."))
    return redirect("checkup:dpia")


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, key: str) -> HttpResponse:
    """The criteria of one activity, with what Akkoord sees of them already ticked."""
    found = _found(key)
    last = found.screening
    initial = {
        "criteria": [*(last.criteria if last else ()), *found.seen],
        "listed": last.listed if last else [],
        "reason": last.reason if last else "",
    }
    form = ScreeningForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = dpia.screen_activity(
                key=key, **form.cleaned_data, at=timezone.now(), actor=actor_of(request)
            )
        except CheckUpRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _told(is_needed=made.is_needed))
            return redirect(*(("checkup:dpia_one", key) if made.is_needed else ("checkup:dpia",)))
    page = {
        "looked": found,
        "form": form,
        "seen": [CRITERIA[each][0] for each in found.seen],
        "examples": {each.value: words[1] for each, words in CRITERIA.items()},
    }
    return render(request, "checkup/dpia_screen.html", page)


def _told(*, is_needed: bool) -> str:
    if is_needed:
        return _("This needs an assessment. Go through the steps.")
    return _("Written down: no assessment is needed.")


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """The assessment to read: the draft with its steps, or the version that holds, and earlier."""
    found = _found(key)
    if request.method == "POST":
        try:
            dpia.begin_assessment(key=key, at=timezone.now(), actor=actor_of(request))
        except CheckUpRefused as refusal:
            messages.error(request, refusal.sentence)
        return redirect("checkup:dpia_one", key)
    shown = found.draft or found.decided
    page = {
        **_row(found),
        "paper": paper_of(shown) if shown else None,
        "steps": _steps(found.draft) if found.draft else [],
        "versions": versions_of_assessment(key),
    }
    return render(request, "checkup/dpia_one.html", page)


def _steps(draft: Assessment) -> list[dict[str, Any]]:
    """The steps of a draft, each with whether it holds something."""
    missing = missing_in(draft)
    asked = [each for each in Part if each is not Part.OFFICER or has_officer()]
    found = [
        {"key": each.value, "name": PARTS[each][0], "is_done": each not in missing}
        for each in asked
    ]
    return [*found, {"key": DECISION, "name": _("What do you decide?"), "is_done": False}]


def _next(draft: Assessment, step: str) -> str:
    keys = [each["key"] for each in _steps(draft)]
    place = keys.index(step) + 1
    return reverse("checkup:dpia_step", args=[draft.activity_key, keys[place]])


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """One step of the draft."""
    found = _found(key)
    if found.draft is None or step not in {each["key"] for each in _steps(found.draft)}:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = _form(found.draft, step, given)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_write(request, found.draft, step, form))
        except CheckUpRefused as refusal:
            _show(form, refusal)
    facts = [each.facts for each in risks_of(found.draft).values()]
    page = {
        "looked": found,
        "paper": paper_of(found.draft),
        "form": form,
        "step": step,
        "steps": _steps(found.draft),
        "part": PARTS.get(step),  # type: ignore[call-overload]
        "is_risk": step in set(Feared),
        "words": {"severity": _means(SEVERITY), "likelihood": _means(LIKELIHOOD)},
        "asks_authority": must_ask_authority(facts),
        "missing": [PARTS[each][0] for each in missing_in(found.draft)],
    }
    return render(request, "checkup/dpia_step.html", page)


def _means(words: Any) -> dict[int, Any]:
    return {level.value: pair[1] for level, pair in words.items()}


def _form(draft: Assessment, step: str, given: Any) -> Any:
    if step in set(Feared):
        risk = risks_of(draft).get(step)
        return RiskForm(given, initial=_as_typed(risk) if risk else {})
    if step == DECISION:
        facts = [each.facts for each in risks_of(draft).values()]
        later = add_years(law_day(timezone.now()), 1)
        before = asked_before(draft.activity_key)
        return DecisionForm(
            given,
            may=open_decisions(facts, was_asked=before is not None),
            asks=must_ask_authority(facts) or before is not None,
            initial={"review_on": later, "asked_on": before.asked_on if before else None},
        )
    label, help_text, _article = PARTS[Part(step)]
    return PartForm(
        given, label=label, help_text=help_text, initial={"text": texts_of(draft)[step]}
    )


def _as_typed(risk: Risk) -> dict[str, Any]:
    return {name: getattr(risk, name) for name in RiskForm.base_fields}


def _write(request: HttpRequest, draft: Assessment, step: str, form: Any) -> str:
    """Do what the step asks; where to go on."""
    key = draft.activity_key
    when: dict[str, Any] = {"at": timezone.now(), "actor": actor_of(request)}
    if step == DECISION:
        typed = {name: form.cleaned_data[name] for name in ("decision", "reason", "review_on")}
        dpia.decide(key=key, **typed, asked=form.asked(), **when)
        messages.success(request, _("Decided. This version never changes; a new one can follow."))
        return reverse("checkup:dpia_one", args=[key])
    if step in set(Feared):
        dpia.write_risk(key=key, facts=form.facts(step), **when)
    else:
        dpia.write_part(key=key, part=step, text=form.cleaned_data["text"], **when)
    return _next(draft, step)


@require_safe
def pdf(_request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version on paper."""
    found = get_object_or_404(Assessment, activity_key=key, version=number)
    response = HttpResponse(pdf_of(found, language_now()), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="dpia-{key}-{number}.pdf"'
    return response
