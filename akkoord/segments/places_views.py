"""The page where a table of postcodes is brought."""

from __future__ import annotations

from io import TextIOWrapper
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.segments.places import Places, PlacesRefused, bring_places, places_there
from akkoord.trail.actions import actor_of

MOST_BYTES = 60 * 1024 * 1024


class PlacesForm(forms.Form):
    """The file with the table."""

    file = forms.FileField(label=gettext_lazy("File with postcodes"))

    def clean_file(self) -> UploadedFile[Any]:
        """Not larger than a whole country needs."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 60 MB."))
        return file


def places(request: HttpRequest) -> HttpResponse:
    """What is known of postcodes; a POST brings another table in its place."""
    form = PlacesForm(request.POST or None, request.FILES or None)
    brought: Places | None = None
    refused: PlacesRefused | None = None
    if request.method == "POST" and form.is_valid():
        text = TextIOWrapper(form.cleaned_data["file"].file, encoding="utf-8", errors="replace")
        try:
            brought = bring_places(text, at=timezone.now(), actor=actor_of(request))
        except PlacesRefused as problem:
            refused = problem
            form.add_error("file", problem.sentence)
    numbers, whole = places_there()
    outcome = refused or brought
    told = outcome.told if outcome else ()
    context = {"form": form, "brought": brought, "told": told, "numbers": numbers, "whole": whole}
    return render(request, "segments/places.html", context)
