"""Staff pages: the blocks, one event's proof, the check, and the trail of changes."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from akkoord.trail import queries
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.forms import ChangesFilter
from akkoord.trail.proof import ProofRefused, may_see, proof_of
from akkoord.trail.verify import VerifyReport, verify

CHECKER = Path(__file__).with_name("check_proof.py")
SHOWN_FAULTS = 100


def _actor(request: HttpRequest) -> Actor:
    """The member of staff; the access table lets nobody else in."""
    if request.user.pk is None:
        raise PermissionDenied
    return Actor.staff(request.user.pk)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The blocks, newest first."""
    return _blocks(request, None)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Verify the whole ledger now and show the outcome; changes nothing but the trail."""
    report = verify()
    record_change(
        actor=_actor(request),
        action="ledger.verify",
        object_kind="ledger",
        at=timezone.now(),
    )
    return _blocks(request, report)


def _blocks(request: HttpRequest, report: VerifyReport | None) -> HttpResponse:
    below = request.GET.get("onder", "")
    page = queries.blocks_page(below=int(below) if below.isdecimal() and len(below) < 19 else None)
    context = {
        "page": page,
        "figures": queries.ledger_figures(),
        "report": report,
        "faults": report.faults[:SHOWN_FAULTS] if report else (),
        "older": f"?onder={page.older}" if page.older else "",
        "is_paged": bool(below),
    }
    return render(request, "trail/block_list.html", context)


@require_safe
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event's place in the ledger; no personal data."""
    proof, waits = None, False
    try:
        proof = proof_of(event_id)
    except ProofRefused as refusal:
        if refusal.reason == "unknown-event":
            raise Http404 from refusal
        waits = True
    context = {
        "event_id": event_id,
        "proof": proof,
        "block": proof["headers"][0] if proof else None,
        "sealed_at": datetime.fromisoformat(proof["headers"][0]["sealed_at"]) if proof else None,
        "waits": waits,
        "blanked_at": queries.blanked_at(event_id),
    }
    return render(request, "trail/event_proof.html", context)


@require_safe
def proof_file(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The proof as a file, with the event's content; the download is itself recorded.

    Of what only one role may see (INV-32) only for that role.
    """
    if not may_see(event_id, getattr(request.user, "role", "")):
        raise PermissionDenied
    try:
        proof = proof_of(event_id)
    except ProofRefused as refusal:
        raise Http404 from refusal
    record_change(
        actor=_actor(request),
        action="proof.export",
        object_kind="event",
        at=timezone.now(),
    )
    response = JsonResponse(proof, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="proof-{event_id}.json"'
    return response


@require_safe
def checker(_request: HttpRequest) -> HttpResponse:
    """The stand-alone script that checks a proof."""
    response = HttpResponse(CHECKER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="check_proof.py"'
    return response


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Who did what, with a filter by action, staff and day."""
    form = ChangesFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = queries.changes_page(**wanted)
    kept = {key: value for key, value in request.GET.items() if key in form.fields and value}
    older = f"?{urlencode({**kept, 'below': str(page.older)})}" if page.older else ""
    context = {"form": form, "page": page, "older": older, "is_filtered": bool(kept)}
    return render(request, "trail/change_list.html", context)
