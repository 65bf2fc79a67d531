"""Staff act on a place in which somebody was found after their erasure; then it is looked again."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from akkoord.rights import places, queries
from akkoord.rights.models import ErasureRun
from akkoord.rights.physical import NothingToNote, note_administrator
from akkoord.rights.place_forms import EmptyForm, KeepForm, as_sentence, forms_of
from akkoord.rights.place_pages import page_of
from akkoord.rights.prove import prove
from akkoord.rights.words import place_word, store_word
from akkoord.trail.actions import actor_of


def shown_places(run: ErasureRun) -> list[dict[str, Any]]:
    """Each place with its words, the page where it is made, and its two forms."""
    until = timezone.localdate() + timedelta(days=365)
    found = []
    for each in places.places_of(run):
        empty, keep = forms_of(each.store, each.column, until=until)
        found.append(
            {
                "place": each,
                "where": store_word(each.store),
                "part": place_word(each.column),
                "url": page_of(each.store),
                "empty": empty,
                "keep": keep,
            }
        )
    return found


@require_POST
def empty(request: HttpRequest, reference: str) -> HttpResponse:
    """Empty what names them in one column, and look everywhere again."""
    run, form = _run(reference), EmptyForm(request.POST)
    if not form.is_valid():
        return _refused(request, run, as_sentence(form))
    try:
        places.empty_place(run=run, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
    except places.PlaceRefused as refusal:
        return _refused(request, run, refusal.sentence)
    return _look_again(request, run)


@require_POST
def keep(request: HttpRequest, reference: str) -> HttpResponse:
    """Let one column stay, and look everywhere again."""
    run, form = _run(reference), KeepForm(request.POST)
    if not form.is_valid():
        return _refused(request, run, as_sentence(form))
    try:
        places.keep_place(run=run, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
    except places.PlaceRefused as refusal:
        return _refused(request, run, refusal.sentence)
    return _look_again(request, run)


@require_POST
def left_disk(request: HttpRequest, reference: str) -> HttpResponse:
    """The administrator of the database server has let its log and its old backups run out."""
    run = _run(reference)
    try:
        noted = note_administrator(run_id=run.id, at=timezone.now(), actor=actor_of(request))
    except NothingToNote:
        return _refused(request, run, _("There is nothing to note: this certificate has its day."))
    messages.success(
        request,
        ngettext(
            "Noted. %(n)d certificate has the day of today, and is signed anew.",
            "Noted. %(n)d certificates have the day of today, and are signed anew.",
            noted,
        )
        % {"n": noted},
    )
    return redirect("rights:certificate", reference=run.reference)


def _run(reference: str) -> ErasureRun:
    run = queries.run_by_reference(reference)
    if run is None:
        raise Http404
    return run


def _refused(request: HttpRequest, run: ErasureRun, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("rights:certificate", reference=run.reference)


def _look_again(request: HttpRequest, run: ErasureRun) -> HttpResponse:
    found = prove(run_id=run.id, at=timezone.now())
    if found.state == ErasureRun.State.CLEAN:
        messages.success(request, _("Looked everywhere again: this is the certificate."))
    else:
        messages.warning(request, _("Looked everywhere again: something is still there."))
    return redirect("rights:certificate", reference=run.reference)
