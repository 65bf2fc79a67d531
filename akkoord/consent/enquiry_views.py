"""Staff pages of questions that came in by a form: the list, one question with its answer."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from akkoord.consent.enquiries import AnswerRefused, answer_enquiry, close_enquiry, enquiries
from akkoord.consent.models import Enquiry
from akkoord.consent.sealed_questions import read_words
from akkoord.datamap.attachments import AttachmentGone
from akkoord.trail.actions import actor_of
from akkoord.trail.seen import note_seen


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
    page = enquiries(only_open=only_open)
    note_seen(
        actor=actor_of(request),
        place="enquiry.list",
        people=[each.person_id for each in page.rows],
        at=timezone.now(),
    )
    return render(request, "consent/enquiries.html", {"page": page, "only_open": only_open})


def enquiry(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """One question; posting mails the answer."""
    found = _enquiry(enquiry_id)
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
    return _page(request, found, form)


def _enquiry(enquiry_id: UUID) -> Enquiry:
    known = Enquiry.objects.select_related("contact_point", "collection_point", "sealed")
    return get_object_or_404(known, id=enquiry_id)


def _page(
    request: HttpRequest, found: Enquiry, form: AnswerForm, *, words: str = ""
) -> HttpResponse:
    note_seen(actor=actor_of(request), place="enquiry", people=[found.person_id], at=timezone.now())
    labels = {each["key"]: each["label"] for each in found.collection_point.snapshot["fields"]}
    context = {
        "enquiry": found,
        "form": form,
        "typed": [(labels.get(key, key), value) for key, value in found.typed.items()],
        "words": words or found.text,
    }
    return render(request, "consent/enquiry.html", context)


@never_cache
@require_POST
def read(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """Words that are kept apart, shown once to who pressed; the trail says who."""
    found = _enquiry(enquiry_id)
    sealed = getattr(found, "sealed", None)
    if sealed is None:
        return redirect("consent:enquiry", enquiry_id)
    try:
        words = read_words(sealed, actor=actor_of(request), at=timezone.now())
    except AttachmentGone:
        raise Http404 from None
    return _page(request, found, AnswerForm(), words=words)


@require_POST
def close(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """The question was answered in another way."""
    found = get_object_or_404(Enquiry, id=enquiry_id)
    close_enquiry(enquiry_id=found.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Noted: this question is answered."))
    return redirect("consent:enquiries")
