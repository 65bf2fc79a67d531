"""Staff: lists of people to forget; each press is one verb, a refusal is a sentence on the page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.rights import lists
from akkoord.rights.list_forms import NewListForm
from akkoord.rights.list_models import ErasureList
from akkoord.rights.list_reading import ListRefused
from akkoord.rights.list_report import report_file, report_pdf
from akkoord.rights.list_shown import context_of, latest_lists, others_who_may
from akkoord.trail.actions import actor_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every list, the newest first."""
    return render(request, "rights/lists/index.html", {"lists": latest_lists()})


def new(request: HttpRequest) -> HttpResponse:
    """Bring a list in; nothing goes, and nobody is asked yet."""
    form = NewListForm(request.POST or None, request.FILES or None)
    actor = actor_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = lists.make_lists(
                lines=form.cleaned_data["read"],
                ground=form.cleaned_data["ground"],
                at=timezone.now(),
                actor=actor,
            )
        except ListRefused as refused:  # further on in the file
            form.add_error("file", refused.sentence)
        else:
            return redirect("rights:list", list_id=made[0].id)
    context = {"form": form, "has_second": others_who_may(actor.id)}
    return render(request, "rights/lists/new.html", context, status=422 if form.errors else 200)


@require_safe
def page(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list: what it would do, how far it is, or what it did."""
    found = get_object_or_404(ErasureList, id=list_id)
    after = request.GET.get("na", "")
    context = context_of(
        found,
        by=actor_of(request).id,
        after=int(after) if after.isdecimal() and len(after) < 8 else 0,
        at=timezone.now(),
    )
    part = request.headers.get("HX-Target") == "list"
    return render(
        request, "rights/lists/_state.html" if part else "rights/lists/list.html", context
    )


def _step(
    request: HttpRequest, list_id: UUID, verb: Callable[..., Any], sentence: str
) -> HttpResponse:
    """Do one verb, with all parts of a long file, and come back to the page."""
    get_object_or_404(ErasureList, id=list_id)
    try:
        lists.for_all_parts(verb, list_id=list_id, at=timezone.now(), actor=actor_of(request))
    except ListRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, sentence)
    return redirect("rights:list", list_id=list_id)


@require_POST
def ask(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Ask a second person."""
    sentence = _("Asked. Somebody else must approve it now.")
    return _step(request, list_id, lists.ask_approval, sentence)


@require_POST
def approve(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The second person's yes."""
    sentence = _("Approved. Akkoord forgets these people now.")
    return _step(request, list_id, lists.approve_list, sentence)


@require_POST
def refuse(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Nobody of this list goes."""
    sentence = _("Refused. Nobody of this list was forgotten, and the list is gone.")
    return _step(request, list_id, lists.refuse_list, sentence)


@require_POST
def stop(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Who is not gone yet stays."""
    sentence = _("Stopped. Who was not forgotten yet stays.")
    return _step(request, list_id, lists.stop_list, sentence)


def _reported(list_id: UUID) -> ErasureList:
    found = get_object_or_404(ErasureList, id=list_id)
    if found.report is None:
        raise Http404
    return found


@require_safe
def report(_request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The signed report as a file."""
    found = _reported(list_id)
    response = JsonResponse(report_file(found), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.json"'
    return response


@require_safe
def report_paper(_request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The report on paper."""
    found = _reported(list_id)
    response = HttpResponse(
        report_pdf(found, language=get_language() or "nl"), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.pdf"'
    return response
