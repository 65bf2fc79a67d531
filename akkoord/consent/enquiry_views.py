"""Staff pages of questions that came in by a form: the list, one question with its answer."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from akkoord.consent.enquiries import AnswerRefused, answer_enquiry, close_enquiry, enquiries
from akkoord.consent.models import Enquiry
from akkoord.trail.actions import actor_of


class AnswerForm(forms.Form):
    """The answer to a question."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Goes as one mail, with the question under it. No promotion: that needs a yes."
        ),
    )


def index(request: HttpRequest) -> HttpResponse:
    """Questions, newest first; those that wait unless all are asked for."""
    only_open = request.GET.get("alle") != "1"
    return render(
        request,
        "consent/enquiries.html",
        {"page": enquiries(only_open=only_open), "only_open": only_open},
    )


def enquiry(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """One question; posting mails the answer."""
    found = get_object_or_404(
        Enquiry.objects.select_related("contact_point", "collection_point"), id=enquiry_id
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_enquiry(
                enquiry_id=found.id,
                text=form.cleaned_data["text"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except AnswerRefused as refused:
            form.add_error("text", refused.sentence)
        else:
            messages.success(request, _("Your answer is on its way."))
            return redirect("consent:enquiries")
    labels = {each["key"]: each["label"] for each in found.collection_point.snapshot["fields"]}
    typed = [(labels.get(key, key), value) for key, value in found.typed.items()]
    return render(request, "consent/enquiry.html", {"enquiry": found, "form": form, "typed": typed})


@require_POST
def close(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """The question was answered in another way."""
    found = get_object_or_404(Enquiry, id=enquiry_id)
    close_enquiry(enquiry_id=found.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Noted: this question is answered."))
    return redirect("consent:enquiries")
