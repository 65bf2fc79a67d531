"""Staff pages: the plan, the clean-up with its certificates, and what has which term."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.imports.models import Import
from akkoord.law.parameters import parameter
from akkoord.people.queries import to_judge_count
from akkoord.register.models import ProcessingActivity
from akkoord.retention import actions, queries
from akkoord.retention.due import WINDOWS
from akkoord.retention.people_due import KINDS, due_page, note_look
from akkoord.retention.plan import plan_as_counted, recount_soon
from akkoord.retention.run import CleanUpUnderWay
from akkoord.retention.run import certificate_file as signed
from akkoord.retention.shown import run_lines, store_lines
from akkoord.trail.actions import actor_of
from akkoord.trail.seen import note_seen

DAYS = frozenset(str(each) for each in WINDOWS)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The plan: per rule who goes and when, what waits, what is held, what has no rule."""
    now = timezone.now()
    today = timezone.localdate()
    plan = plan_as_counted(at=now)
    page = {
        "plan": plan,
        "files": queries.waiting_files(today),
        "holds": queries.holds_in_short(),
        "runs": queries.last_runs(),
        "to_judge": to_judge_count(),
        "bare_stores": [each for each in store_lines() if each.is_missing],
        "review_days": parameter("import-review-term", today),
        "wait_days": parameter("import-owner-wait", today),
        "proof_years": parameter("consent-evidence-after-end", today),
    }
    return render(request, "retention/index.html", page)


@require_safe
def people(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Who stands behind a number of the plan, with what keeps each; whoever looks is noted."""
    activity = ProcessingActivity.objects.filter(key=key, valid_to=None).first()
    if activity is None or kind not in KINDS:
        raise Http404
    typed = request.GET.get("dagen", "")
    days = int(typed) if typed in DAYS else 0
    note_look(activity_key=key, kind=kind, at=timezone.now(), actor=actor_of(request))
    after = request.GET.get("na", "")
    found = due_page(
        activity_key=key, kind=kind, days=days, today=timezone.localdate(), after=after
    )
    note_seen(
        actor=actor_of(request),
        place="retention.people",
        people=[each.id for each in found.people],
        at=timezone.now(),
    )
    page = {
        "activity": activity,
        "kind": kind,
        "days": days,
        "page": found,
        "is_paged": bool(after),
        "next_url": f"?dagen={days}&na={found.next_key}" if found.next_key else "",
    }
    return render(request, "retention/people.html", page)


@require_POST
def count_again(_request: HttpRequest) -> HttpResponse:
    """Count the plan anew."""
    recount_soon(at=timezone.now())
    return redirect("retention:index")


@require_POST
def clean(request: HttpRequest) -> HttpResponse:
    """Clean up now instead of tonight; the certificate is the answer."""
    try:
        done = actions.clean_up(at=timezone.now(), actor=actor_of(request))
    except CleanUpUnderWay:
        messages.warning(request, _("Somebody is cleaning up already. Look again in a moment."))
        return redirect("retention:index")
    recount_soon(at=timezone.now())
    messages.success(request, _("Cleaned up. This is the certificate."))
    return redirect("retention:run", reference=done.run.reference)


@require_safe
def run(request: HttpRequest, reference: str) -> HttpResponse:
    """One clean-up with its certificate."""
    found = queries.run_by_reference(reference)
    if found is None:
        raise Http404
    return render(request, "retention/run.html", {"run": found, "lines": run_lines(found)})


@require_safe
def run_file(_request: HttpRequest, reference: str) -> HttpResponse:
    """The signed file, that can be checked without us."""
    found = queries.run_by_reference(reference)
    if found is None or found.certificate is None:
        raise Http404
    response = JsonResponse(signed(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.json"'
    return response


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """Every table and every kind of file with what ends it."""
    return render(request, "retention/stores.html", {"stores": store_lines()})


@require_POST
def agree(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The owner's yes for one file."""
    found = get_object_or_404(Import, id=import_id)
    actions.agree_to_clear(import_id=found.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Tonight Akkoord forgets them."))
    return redirect("retention:index")
