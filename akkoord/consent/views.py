"""Staff pages: the overview of consent, declared wordings, the list that may not be used."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent import queries
from akkoord.consent.forms import WordingForm
from akkoord.consent.notices import WordingRefused, declare_wording
from akkoord.trail.actions import actor_of


def overview(request: HttpRequest) -> HttpResponse:
    """How each topic stands, and how sign-ups go."""
    return render(
        request,
        "consent/overview.html",
        {"topics": queries.topic_counts(), "sign_ups": queries.sign_up_counts()},
    )


def suppressions(request: HttpRequest) -> HttpResponse:
    """The addresses that may not be used: counts and dates, never an address (INV-40)."""
    today = timezone.localdate()
    return render(
        request,
        "consent/suppressions.html",
        {
            "rows": queries.suppression_counts(),
            "due": queries.suppressions_due(today),
        },
    )


def wordings(request: HttpRequest) -> HttpResponse:
    """Wordings that staff declared for consent older than Akkoord (INV-7)."""
    context = {"wordings": queries.declared_wordings()[:200], "scripts": queries.scripts()[:50]}
    return render(request, "consent/wordings.html", context)


def wording_create(request: HttpRequest) -> HttpResponse:
    """Declare a wording."""
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declare_wording(at=timezone.now(), actor=actor_of(request), **form.cleaned_data)
        except WordingRefused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("Declared. Imports can rest on it now."))
            return redirect("consent:wordings")
    return render(request, "consent/wording_edit.html", {"form": form})
