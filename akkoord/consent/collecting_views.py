"""Staff pages of collecting places: where customers give their address, and what they see there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from akkoord.consent import places, queries
from akkoord.consent.collecting_forms import EndForm, PlaceForm, ShownForm
from akkoord.consent.models import CollectingPlace, PlaceProof
from akkoord.trail.actions import actor_of
from akkoord.web.numbers import in_words


def index(request: HttpRequest) -> HttpResponse:
    """All places, with what is shown now, and a form for one more."""
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            place = places.open_place(
                **form.cleaned_data, at=timezone.now(), actor=actor_of(request)
            )
        except places.PlaceRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return redirect("consent:collecting_place", slug=place.slug)
    page = {"form": form, "places": queries.collecting_places()}
    return render(request, "consent/collecting_places.html", page)


def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One place: what customers saw over time, and a form to show a period."""
    found = get_object_or_404(CollectingPlace, slug=slug)
    form = ShownForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _proof, given = places.show_place(
                place_id=found.id, shown=form.shown(), at=timezone.now(), actor=actor_of(request)
            )
        except places.PlaceRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _shown(given))
            return redirect("consent:collecting_place", slug=slug)
    page = {"place": found, "form": form, "proofs": queries.shown_at(found), "end": EndForm()}
    return render(request, "consent/collecting_place.html", page)


def _shown(given: int) -> str:
    kept = _("Kept as it was shown.")
    if not given:
        return kept
    return (
        kept
        + " "
        + ngettext(
            "You may now write to {n} customer.", "You may now write to {n} customers.", given
        ).format(n=in_words(given))
    )


def picture(_request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The picture of what customers saw."""
    proof = get_object_or_404(PlaceProof, id=proof_id)
    if not proof.picture:
        raise Http404
    response = HttpResponse(bytes(proof.picture), content_type=proof.picture_kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def end(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The last day of a period."""
    proof = get_object_or_404(PlaceProof.objects.select_related("place"), id=proof_id)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            places.end_showing(
                proof_id=proof.id,
                last_day=form.cleaned_data["last_day"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except places.PlaceRefused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("Ended. Sales after that day need other proof."))
    else:
        messages.error(request, _("Fill in the last day."))
    return redirect("consent:collecting_place", slug=proof.place.slug)


@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing is sold there any more."""
    found = get_object_or_404(CollectingPlace, slug=slug)
    places.close_place(place_id=found.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("This place is closed. What was shown there stays as proof."))
    return redirect("consent:collecting_places")
