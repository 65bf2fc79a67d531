"""Staff pages: bring a file in, what became of it, add proof to a group."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from akkoord.accounts.models import Role
from akkoord.consent.uploads import off_the_disk
from akkoord.imports import actions, quarantine, receiving, upload
from akkoord.imports.forms import (
    MAX_UPLOAD,
    DecisionForm,
    EvidenceForm,
    RereadForm,
    UploadForm,
    WordingForm,
)
from akkoord.imports.invoices import LAYOUT_NAMES
from akkoord.imports.models import Import
from akkoord.imports.page import choices_of, column_page, index_page, result_page, steps
from akkoord.imports.result_file import report_lines
from akkoord.imports.sentences import decided_sentence
from akkoord.imports.undo import undo_import, what_undo_does
from akkoord.imports.unfinished import discard_upload
from akkoord.law.reasons import Reason
from akkoord.trail.actions import actor_of


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload off the disk whatever its size: it may hold whole IP addresses."""

    def handle_raw_input(self, *arguments: Any, **named: Any) -> None:
        """Take anything that the form's own limit lets through."""
        length = named.get("content_length", arguments[2] if len(arguments) > 2 else 0)
        self.activated = length <= MAX_UPLOAD + 1024 * 1024


def in_memory(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that takes a file: kept in memory, and only then checked against forgery.

    The handler must be set before the token is read, so the outer view is exempt and the inner
    one is not.
    """
    inner = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def outer(request: HttpRequest, **named: Any) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        response: HttpResponse = inner(request, **named)
        return response

    return outer


@in_memory
def index(request: HttpRequest) -> HttpResponse:
    """Step 1: files that came in, and where the next one comes from."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            record = receiving.receive_upload(
                form.cleaned_data["file"].file,
                order=form.order(),
                at=timezone.now(),
                actor=actor_of(request),
            )
            return redirect("imports:columns", import_id=record.id)
        except actions.ImportRefused as problem:
            refusal = problem
            form.add_error(None if problem.reason == Reason.BOUGHT else "file", problem.sentence)
    return render(request, "imports/index.html", index_page(form, refusal))


@in_memory
def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Step 2: what each column is; a POST with a file reads it again in another way."""
    record = get_object_or_404(Import, id=import_id)
    if record.state not in (Import.State.MAPPING, Import.State.CHECKED):
        return redirect("imports:detail", import_id=import_id)
    form = RereadForm(request.POST if request.FILES else None, request.FILES or None)
    error = ""
    try:
        if request.FILES and form.is_valid():
            receiving.read_again(
                form.cleaned_data["file"].file,
                import_id=import_id,
                read_as=form.read_as(),
            )
            return redirect("imports:columns", import_id=import_id)
        if request.method == "POST" and not request.FILES:
            upload.choose_columns(
                import_id=import_id,
                choices=choices_of(record, request.POST),
                at=timezone.now(),
                actor=actor_of(request),
            )
            return redirect("imports:detail", import_id=import_id)
    except actions.ImportRefused as problem:
        error = problem.sentence
    page = column_page(record) | {"steps": steps(), "reread": form, "error": error}
    return render(request, "imports/columns.html", page)


def detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Steps 3 and 4: what would happen or happened; asks itself again while the worker reads."""
    record = get_object_or_404(Import, id=import_id)
    if record.layout in LAYOUT_NAMES:
        return redirect("imports:sales_detail", import_id=import_id)
    if record.state == Import.State.MAPPING:
        return redirect("imports:columns", import_id=import_id)
    template = (
        "imports/_result.html" if request.headers.get("HX-Request") else "imports/detail.html"
    )
    may_decide = getattr(request.user, "role", "") in (Role.OWNER, Role.PRIVACY_OFFICER)
    return render(request, template, result_page(record, may_decide=may_decide))


def bring_in(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The second press (POST); overwriting only when it is switched on, each time anew."""
    if request.method == "POST":
        upload.bring_in_upload(
            import_id=import_id, overwrites=request.POST.get("overwrites") == "yes"
        )
    return redirect("imports:detail", import_id=import_id)


def decide_column(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Decide of a column that was kept out (POST), and go back to the columns."""
    record = get_object_or_404(Import, id=import_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = request.POST.get("finding", "")
        place = int(number) if number.isdigit() else 0
        if place >= len(record.sensitive):
            raise Http404
        finding = record.sensitive[place]
        try:
            quarantine.decide(
                layout=finding["layout"],
                column=finding["column"],
                classes=list(finding["classes"]),
                at=timezone.now(),
                actor=actor_of(request),
                **form.cleaned_data,
            )
        except actions.ImportRefused as problem:
            messages.error(request, problem.sentence)
        else:
            messages.success(request, decided_sentence(form.cleaned_data["kind"]))
            return redirect("imports:columns", import_id=import_id)
    return redirect("imports:detail", import_id=import_id)


def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What undoing would do (GET); do it (POST)."""
    record = get_object_or_404(Import, id=import_id)
    if request.method == "POST":
        try:
            undo_import(import_id=import_id, at=timezone.now(), actor=actor_of(request))
        except actions.ImportRefused as problem:
            messages.error(request, problem.sentence)
        else:
            messages.success(request, _("The import has been undone."))
        return redirect("imports:detail", import_id=import_id)
    page = {"record": record, "undoing": what_undo_does(record)}
    page |= {"is_of_sales": record.layout in LAYOUT_NAMES}
    return render(request, "imports/undo.html", page)


def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Throw away what was looked through (POST)."""
    if request.method == "POST":
        discard_upload(import_id=import_id, at=timezone.now(), actor=actor_of(request))
    return redirect("imports:detail", import_id=import_id)


def report(_request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What became of the file, line by line: numbers and reasons, nothing of the rows themselves.

    Lines that are not in it came in, and the people may be mailed.
    """
    record = get_object_or_404(Import, id=import_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="akkoord-{record.id}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("File"), _("Line"), _("What became of it"), _("Reason"), _("What it means")])
    writer.writerows(report_lines(record))
    return response


def add_wording(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The words of a group, afterwards (POST)."""
    get_object_or_404(Import, id=import_id)
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with _said(request):
            count = actions.declare_wording_for(
                import_id=import_id,
                text=form.cleaned_data["wording"],
                at=timezone.now(),
                actor=actor_of(request),
            )
            messages.success(request, _reachable(count))
    return redirect("imports:detail", import_id=import_id)


@contextmanager
def _said(request: HttpRequest) -> Iterator[None]:
    """A refusal is said on the page that follows."""
    try:
        yield
    except actions.ImportRefused as refusal:
        messages.error(request, refusal.sentence)


@off_the_disk
def add_evidence(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Other evidence for a group (POST)."""
    get_object_or_404(Import, id=import_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return redirect("imports:detail", import_id=import_id)
    if not form.is_valid():
        said = form.errors.get("scan")
        fields = _("Fill in all fields, with a day that is not still to come.")
        messages.error(request, str(said[0]) if said else fields)
        return redirect("imports:detail", import_id=import_id)
    data, now = form.cleaned_data, timezone.now()
    with _said(request):
        count = actions.add_group_evidence(
            import_id=import_id,
            evidence=actions.GroupEvidence(
                kind=data["kind"],
                signed_at=min(now, _noon(data["signed_on"])),  # of today, noon may be ahead
                wording=data["wording"],
                description=data["description"],
                scan=data["scan"],
            ),
            at=now,
            actor=actor_of(request),
        )
        messages.success(request, _reachable(count))
    return redirect("imports:detail", import_id=import_id)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _reachable(count: int) -> str:
    return ngettext(
        "The proof is added for {n} person.", "The proof is added for {n} people.", count
    ).format(n=number_format(count, use_l10n=True, force_grouping=True))
