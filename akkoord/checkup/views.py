"""Staff pages: the check-up, a question, a plan, the history, and the short course."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akkoord.checkup import queries
from akkoord.checkup.actions import CheckUpRefused, answer_question, finish_task, plan_task
from akkoord.checkup.course import CARDS
from akkoord.checkup.dossier import write_dossier
from akkoord.checkup.forms import AnswerForm, TaskForm
from akkoord.checkup.mail_look import look_at_mail, mail_seen
from akkoord.checkup.shown import Reader, duty_cards, marked, seen_rows, trend
from akkoord.checkup.words import MAIL_RECORDS
from akkoord.trail.actions import actor_of, record_change
from akkoord.trail.queries import staff_names


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How the duties stand, the three next things to do, and every point."""
    found = queries.check_up(at=timezone.now())
    tasks, reader = queries.open_tasks(), Reader.of(request)
    page = {
        "found": found,
        "actions": seen_rows(found.actions, tasks, reader),
        "duties": duty_cards(found, tasks, reader),
        "trend": trend(queries.history()),
    }
    return render(request, "checkup/index.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str) -> HttpResponse:
    """One question with its earlier answers."""
    found = queries.question_of(key)
    if found is None:
        raise Http404
    answers = queries.answers_to(key)
    names = staff_names({each.owner for each in answers if each.owner})
    initial: dict[str, Any] = {}
    if answers:
        last = answers[0]
        initial = {"says": last.says, "evidence": last.evidence, "owner": str(last.owner or "")}
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        asker=str(request.user.pk),
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(
                key=key, **form.cleaned_data, at=timezone.now(), actor=actor_of(request)
            )
        except CheckUpRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return redirect("checkup:index")
    shown = [(each, names.get(each.owner, "") if each.owner else "") for each in answers]
    page = {"question": found, "form": form, "answers": shown}
    return render(request, "checkup/question.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Say who does something and by which day."""
    if not queries.is_point(key):
        raise Http404
    kept = queries.open_tasks().get(key)
    initial = {"due_on": kept.due_on, "owner": str(kept.owner or "")} if kept else {}
    form = TaskForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        try:
            plan_task(
                point=key,
                due_on=form.cleaned_data["due_on"],
                owner=UUID(owner) if owner else None,
                at=timezone.now(),
                actor=actor_of(request),
            )
        except CheckUpRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return redirect("checkup:index")
    seen = next(each for each in queries.check_up(at=timezone.now()).seen if each.key == key)
    return render(request, "checkup/plan.html", {"form": form, "seen": seen, "kept": kept})


@require_POST
def done(request: HttpRequest, key: str) -> HttpResponse:
    """What was planned is done."""
    finish_task(point=key, at=timezone.now(), actor=actor_of(request))
    return redirect("checkup:index")


@require_safe
def dossier(request: HttpRequest) -> HttpResponse:
    """Everything for a lawyer, an accountant or the AP in one file, without anybody's data."""
    at = timezone.now()
    out = BytesIO()
    write_dossier(out, at=at, with_contracts=True)
    record_change(actor=actor_of(request), action="checkup.dossier", object_kind="checkup", at=at)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    name = f"akkoord-dossier-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """What the last look at SPF, DKIM and DMARC found; a press looks now, which takes seconds."""
    now = timezone.now()
    if request.method == "POST":
        look_at_mail(at=now)
        return redirect("checkup:mail")
    seen = mail_seen(now)
    page = {
        "seen": seen,
        "mark": marked(seen.state),
        "records": [(each, marked(each.state), MAIL_RECORDS[each.name]) for each in seen.records],
    }
    return render(request, "checkup/mail.html", page)


@require_safe
def course(request: HttpRequest) -> HttpResponse:
    """Ten cards for a new member of staff."""
    return render(request, "checkup/course.html", {"cards": CARDS})
