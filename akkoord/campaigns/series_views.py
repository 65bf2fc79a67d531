"""Staff pages of series."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.campaigns import series_actions as actions
from akkoord.campaigns import series_queries as queries
from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import Series, SeriesRun, SeriesStep
from akkoord.campaigns.series_forms import SeriesForm, StepForm
from akkoord.campaigns.series_ready import READY
from akkoord.people.models import Person
from akkoord.register.models import Purpose
from akkoord.segments.writing import in_words_of
from akkoord.trail.actions import actor_of, record_change
from akkoord.trail.seen import note_seen

Form = SeriesForm | StepForm
MOVES = {"eerder": True, "later": False}


def _series(series_id: UUID) -> Series:
    return get_object_or_404(Series.objects.select_related("purpose", "goal_topic"), id=series_id)


def _show(form: Form, refusal: CampaignRefused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Series, and those to begin with."""
    page = {
        "rows": queries.series_rows(),
        "ready": [(Series.Trigger(key).label, each) for key, each in READY.items()],
    }
    return render(request, "campaigns/series_index.html", page)


def create(request: HttpRequest, trigger: str) -> HttpResponse:
    """A new series, with letters to start from."""
    if trigger not in READY:
        return redirect("campaigns:series")
    form = SeriesForm(request.POST or None, trigger=trigger)
    if request.method == "POST" and form.is_valid():
        purpose = get_object_or_404(Purpose, slug=form.cleaned_data["purpose"])
        try:
            series = actions.create_series(
                purpose=purpose, facts=form.facts(), at=timezone.now(), actor=actor_of(request)
            )
        except CampaignRefused as refusal:
            _show(form, refusal)
        else:
            return redirect("campaigns:series_flow", series_id=series.id)
    page = {"form": form, "ready": READY[trigger], "kind": Series.Trigger(trigger).label}
    return render(request, "campaigns/series_new.html", page)


@require_safe
def flow(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """A series from top to bottom, with its figures."""
    found = queries.flow_of(_series(series_id), at=timezone.now())
    language = get_language() or ""
    for row in found.steps:
        row.group = in_words_of(row.step.segment, language)
    page = {
        "flow": found,
        "series": found.series,
        "ready": READY[found.series.trigger],
        "group": in_words_of(found.series.segment, language),
    }
    return render(request, "campaigns/series_flow.html", page)


def change(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """What it is called, who enters and what ends it."""
    series = _series(series_id)
    form = SeriesForm(request.POST or None, trigger=series.trigger, series=series)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_series(
                series_id=series.id,
                facts=form.facts(series),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except CampaignRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved. It holds for who enters from now on."))
            return redirect("campaigns:series_flow", series_id=series.id)
    return render(request, "campaigns/series_change.html", {"form": form, "series": series})


def step_add(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """One more letter; then it is written."""
    series = _series(series_id)
    form = StepForm(request.POST or None, is_new=True, initial={"delay_days": 7})
    if request.method == "POST" and form.is_valid():
        try:
            step = actions.add_step(
                series_id=series.id, facts=form.facts(), at=timezone.now(), actor=actor_of(request)
            )
        except CampaignRefused as refusal:
            _show(form, refusal)
        else:
            return redirect("campaigns:revise", campaign_id=step.campaign_id)
    page = {"form": form, "series": series, "step": None}
    return render(request, "campaigns/series_step.html", page)


def step_change(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """When a letter comes, and for whom."""
    step = get_object_or_404(SeriesStep.objects.select_related("series", "campaign"), id=step_id)
    first = {
        "delay_days": step.delay_days,
        "segment": in_words_of(step.segment, get_language() or ""),
    }
    form = StepForm(request.POST or None, is_new=False, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_step(
                step_id=step.id, facts=form.facts(), at=timezone.now(), actor=actor_of(request)
            )
        except CampaignRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved. It holds for who comes to this letter later."))
            return redirect("campaigns:series_flow", series_id=step.series_id)
    page = {"form": form, "series": step.series, "step": step}
    return render(request, "campaigns/series_step.html", page)


@require_POST
def step_remove(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Take a letter out."""
    step = get_object_or_404(SeriesStep, id=step_id, ended_at=None)
    actions.remove_step(step_id=step.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("This letter is out. Who waited for it goes on to the next one."))
    return redirect("campaigns:series_flow", series_id=step.series_id)


@require_POST
def step_move(request: HttpRequest, step_id: UUID, where: str) -> HttpResponse:
    """Have a letter change places with its neighbour."""
    step = get_object_or_404(SeriesStep, id=step_id, ended_at=None)
    if where not in MOVES:
        raise Http404
    is_earlier = MOVES[where]
    now, actor = timezone.now(), actor_of(request)
    if actions.move_step(step_id=step.id, is_earlier=is_earlier, at=now, actor=actor):
        messages.success(
            request, _("Moved. Nobody gets a letter twice by it, and nobody misses one.")
        )
    return redirect("campaigns:series_flow", series_id=step.series_id)


@require_POST
def steer(request: HttpRequest, series_id: UUID, act: str) -> HttpResponse:
    """Turn on, pause, turn off."""
    series = _series(series_id)
    verbs = {"aan": actions.turn_on, "pauze": actions.pause_series, "uit": actions.turn_off}
    if act not in verbs:
        raise Http404
    try:
        verbs[act](series_id=series.id, at=timezone.now(), actor=actor_of(request))
    except CampaignRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("campaigns:series_flow", series_id=series.id)


@require_safe
def people(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Who is in it, and who was."""
    series = _series(series_id)
    state = request.GET.get("stand", "")
    rows = queries.people_in(series, state=state, after=request.GET.get("na", ""))
    more = len(rows) > queries.PAGE
    rows = rows[: queries.PAGE]
    record_change(
        actor=actor_of(request),
        action="series.read-people",
        object_kind="series",
        object_id=series.id,
        at=timezone.now(),
    )
    note_seen(
        actor=actor_of(request),
        place="series.people",
        people=[row.run.person_id for row in rows],
        at=timezone.now(),
    )
    page = {
        "series": series,
        "rows": rows,
        "states": [("", _("Everybody")), *SeriesRun.State.choices],
        "state": state if state in SeriesRun.State.values else "",
        "next_key": str(rows[-1].run.id) if more else "",
    }
    return render(request, "campaigns/series_people.html", page)


@require_safe
def person(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What happened to somebody in a series."""
    run = get_object_or_404(SeriesRun.objects.select_related("series", "next_step"), id=run_id)
    somebody = get_object_or_404(Person, id=run.person_id)
    record_change(
        actor=actor_of(request),
        action="series.read-log",
        object_kind="series",
        object_id=run.series_id,
        subject_id=run.person_id,
        at=timezone.now(),
    )
    page = {"series": run.series, "run": run, "somebody": somebody, "lines": queries.log_of(run)}
    return render(request, "campaigns/series_person.html", page)


@require_POST
def take_out(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Take somebody out."""
    run = get_object_or_404(SeriesRun, id=run_id)
    if actions.take_out(run_id=run.id, at=timezone.now(), actor=actor_of(request)):
        messages.success(request, _("This person is out of the series."))
    return redirect("campaigns:series_people", series_id=run.series_id)
