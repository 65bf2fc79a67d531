"""Staff pages: bring a file in, what became of it, add proof to a group."""

import csv
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from akkoord.imports import actions, upload
from akkoord.imports.forms import MAX_UPLOAD, EvidenceForm, UploadForm, WordingForm
from akkoord.imports.models import Import
from akkoord.imports.sentences import error_sentence, group_sentence, row_sentence
from akkoord.trail.actions import actor_of


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload off the disk whatever its size: it may hold whole IP addresses."""

    def handle_raw_input(self, *arguments: Any, **named: Any) -> None:
        """Take anything that the form's own limit lets through."""
        length = named.get("content_length", arguments[2] if len(arguments) > 2 else 0)
        self.activated = length <= MAX_UPLOAD + 1024 * 1024


@csrf_exempt  # the handler must be set before the token is read; `_index` checks it
def index(request: HttpRequest) -> HttpResponse:
    """Files that came in, and the form for another."""
    request.upload_handlers = [InMemory(request)]
    response: HttpResponse = _index(request)
    return response


@csrf_protect
def _index(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        order = actions.ImportOrder(
            file_name=data["file"].name,
            topic_slug=data["topic"],
            source=data["source"],
            wording=data["wording"],
            is_dry_run=True,
        )
        try:
            record = upload.receive_upload(
                data["file"].file,
                order=order,
                at=timezone.now(),
                actor=actor_of(request),
            )
        except actions.ImportRefused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("imports:detail", import_id=record.id)
    return render(
        request,
        "imports/index.html",
        {"form": form, "imports": Import.objects.order_by("-started_at")[:50]},
    )


def detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What would happen or happened with a file; asks itself again while the worker reads."""
    record = get_object_or_404(Import, id=import_id)
    template = (
        "imports/_result.html" if request.headers.get("HX-Request") else "imports/detail.html"
    )
    waiting = dict(
        record.pending.values_list("reason").annotate(n=Count("id")).values_list("reason", "n")
    )
    return render(
        request,
        template,
        {
            "record": record,
            "is_busy": record.state in (Import.State.WAITING, Import.State.RUNNING),
            "error": error_sentence(record.error),
            "may_try_again": upload.may_try_again(record),
            "reasons": [
                {"label": group_sentence(reason), "count": n}
                for reason, n in sorted(record.not_mailable.items(), key=lambda each: -each[1])
            ],
            "refusals": [
                {"row": each.row, "sentence": row_sentence(each.reason)}
                for each in record.refusals.order_by("row")[:50]
            ],
            "waiting": sum(waiting.values()),
            "needs_wording": waiting.get("wording-not-declared", 0),
            "wording_form": WordingForm(),
            "evidence_form": EvidenceForm(),
        },
    )


def bring_in(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The second press (POST)."""
    if request.method == "POST":
        upload.bring_in_upload(import_id=import_id)
    return redirect("imports:detail", import_id=import_id)


def report(_request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The refused rows as a file: line numbers and reasons, nothing of the rows themselves."""
    record = get_object_or_404(Import, id=import_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="akkoord-{record.id}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Line"), _("Reason"), _("What it means")])
    for each in record.refusals.order_by("row").iterator():
        writer.writerow([each.row, each.reason, row_sentence(each.reason)])
    return response


def add_wording(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The words of a group, afterwards (POST)."""
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = actions.declare_wording_for(
            import_id=import_id,
            text=form.cleaned_data["wording"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(request, _reachable(count))
    return redirect("imports:detail", import_id=import_id)


def add_evidence(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Other evidence for a group (POST)."""
    form = EvidenceForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data
            count = actions.add_group_evidence(
                import_id=import_id,
                evidence=actions.GroupEvidence(
                    kind=data["kind"],
                    signed_at=timezone.make_aware(datetime.combine(data["signed_on"], time(12))),
                    wording=data["wording"],
                    description=data["description"],
                ),
                at=timezone.now(),
                actor=actor_of(request),
            )
            messages.success(request, _reachable(count))
        else:
            messages.error(request, _("Fill in all fields, with a day that is not still to come."))
    return redirect("imports:detail", import_id=import_id)


def _reachable(count: int) -> str:
    return ngettext(
        "The proof is added for {n} person.", "The proof is added for {n} people.", count
    ).format(n=count)
