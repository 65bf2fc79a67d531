"""Staff pages: requests with their clock, what is kept of a person, forgetting, certificates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.datamap.holds import HeldByLaw
from akkoord.people.models import Person
from akkoord.people.queries import person_by_id
from akkoord.register.refused import RegisterRefused
from akkoord.rights import actions, queries
from akkoord.rights.begin import PersonGone
from akkoord.rights.carry_out import carry_out
from akkoord.rights.disclosures import hand_over_file
from akkoord.rights.export import export_document
from akkoord.rights.extending import extend_request
from akkoord.rights.forms import ReasonForm, RefusalForm, RequestForm
from akkoord.rights.found_letters import letters_found
from akkoord.rights.list_shown import waiting_lists
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.parts import open_parts, refuse_parts
from akkoord.rights.physical import waits_for_administrator
from akkoord.rights.place_views import shown_places
from akkoord.rights.preview import preview_erasure
from akkoord.rights.prove import prove
from akkoord.rights.recipient_forms import FileForm
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.request_page import page
from akkoord.rights.shown import certificate_context, forget_from_page, shown_stores
from akkoord.trail.actions import Actor, record_change


def _actor(request: HttpRequest) -> Actor:
    return Actor.staff(UUID(str(request.user.pk)))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, overdue on top; then what was answered."""
    today = timezone.localdate()
    before = request.GET.get("voor", "")
    closed = queries.closed_requests(today, before=_key(before))
    return render(
        request,
        "rights/index.html",
        {
            "open": queries.open_requests(today),
            "closed": closed,
            "runs": queries.unfinished_runs(),
            "lists": waiting_lists(),
            "older": f"?voor={closed[-1].request.id}" if len(closed) == queries.PAGE else "",
            "is_paged": bool(before),
        },
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def open_new(request: HttpRequest) -> HttpResponse:
    """Write down a request that came in by mail, letter, telephone or at the counter."""
    person = person_by_id(key) if (key := _key(request.GET.get("persoon", ""))) else None
    initial: dict[str, Any] = {"received_on": timezone.localdate().isoformat()}
    if person is not None and (point := person.points.filter(ended_at=None).first()):
        initial["email"] = point.value
    form = RequestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.open_request(
                facts=form.facts(), at=timezone.now(), actor=_actor(request)
            )
        except RequestRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Written down. The clock runs from the day it came in."))
            return redirect("rights:request", request_id=found.id)
    return render(request, "rights/open.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request."""
    return page(request, get_object_or_404(RightsRequest, id=request_id))


@require_POST
def close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The person has the answer."""
    found = get_object_or_404(RightsRequest, id=request_id)
    try:
        actions.close_request(request_id=found.id, at=timezone.now(), actor=_actor(request))
    except RequestRefused as refused:
        return page(request, found, problem=refused.sentence, status=422)
    messages.success(request, _("Done."))
    return redirect("rights:index")


@require_POST
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Refuse some of it, or all, on a ground of the law."""
    found = get_object_or_404(RightsRequest, id=request_id)
    form = RefusalForm(request.POST, kinds=open_parts(found))
    if not form.is_valid():
        return page(request, found, refusal=form, status=422)
    try:
        refuse_parts(
            request_id=found.id, **form.cleaned_data, at=timezone.now(), actor=_actor(request)
        )
    except RequestRefused as refused:
        form.add_error(refused.field or None, refused.sentence)
        return page(request, found, refusal=form, status=422)
    messages.success(
        request, _("Refused. Tell the person why, and that they can go to the AP or to court.")
    )
    return redirect("rights:request", request_id=found.id)


@require_POST
def extend(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Two months more, with a reason."""
    found = get_object_or_404(RightsRequest, id=request_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        extend_request(request_id=found.id, reason=reason, at=timezone.now(), actor=_actor(request))
    except RequestRefused as refused:
        return page(request, found, problem=refused.sentence, status=422)
    found.refresh_from_db()
    sentence = _("Extended. The person has a mail with your reason.")
    if found.extension_told_on is None:
        sentence = _("Extended. Tell the person why, today: we know no mailbox.")
    messages.success(request, sentence)
    return redirect("rights:request", request_id=found.id)


def _person(person_id: UUID) -> Person:
    person = person_by_id(person_id)
    if person is None:
        raise Http404
    return person


def _note(request: HttpRequest, person: Person, action: str) -> None:
    """Reading is recorded (INV-45)."""
    record_change(
        actor=_actor(request),
        action=action,
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        at=timezone.now(),
    )


@require_safe
def keep(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Everything that is kept of a person, from the data map."""
    person = _person(person_id)
    _note(request, person, "person.read")
    return render(request, "rights/keep.html", {"person": person, "stores": shown_stores(person)})


def export(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same as a file, once it is said who gets it (art. 19)."""
    person = _person(person_id)
    form = FileForm(request.POST or None)
    if form.is_valid() and form.recipient_id is not None:
        try:
            hand_over_file(
                person_id=person.id,
                recipient_id=form.recipient_id,
                at=timezone.now(),
                actor=_actor(request),
            )
        except RegisterRefused as refusal:  # since the page was shown (INV-42)
            form.add_error("who", refusal.sentence)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(
            request, "rights/export.html", {"person": person, "form": form}, status=status
        )
    _note(request, person, "person.export")
    response = JsonResponse(
        export_document(person, at=timezone.now()),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="gegevens.json"'
    return response


def forget_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """GET: what goes and what stays. POST: forget, and show the certificate."""
    person = _person(person_id)
    if request.method != "POST":
        preview = preview_erasure(person, on=timezone.localdate())
        return render(request, "rights/forget.html", {"person": person, "preview": preview})
    try:
        run = forget_from_page(
            person=person, by=ErasureRun.By.STAFF, actor=_actor(request), at=timezone.now()
        )
    except PersonGone:
        raise Http404 from None
    except HeldByLaw:  # put since the page was shown: the preview says so
        return redirect("rights:forget", person_id=person_id)
    return redirect("rights:certificate", reference=run.reference)


@require_safe
def certificate(request: HttpRequest, reference: str) -> HttpResponse:
    """The certificate of an erasure, or what stands in its way."""
    run = queries.run_by_reference(reference)
    if run is None:
        raise Http404
    context = certificate_context(run) | {
        "letters": letters_found(run),
        "places": shown_places(run),
        "waits_for_administrator": waits_for_administrator(run),
    }
    return render(request, "rights/certificate.html", context)


@require_POST
def look_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Check a run again that was blocked or cut short."""
    run = queries.run_by_reference(reference)
    if run is None:
        raise Http404
    now = timezone.now()
    carry_out(run_id=run.id, actor=_actor(request), at=now)
    prove(run_id=run.id, at=now)
    return redirect("rights:certificate", reference=run.reference)
