"""Staff pages of a file of agreements: looked through first, then brought in, and taken back.

Nothing of the file is kept between the two: the page that shows what would happen carries it back.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from akkoord.messages.models import Message
from akkoord.people.agreement_files import (
    AgreementReport,
    agreements_of_file,
    bring_agreements,
    brought_files,
    try_agreements,
    undo_agreements,
)
from akkoord.people.models import Agreement
from akkoord.trail.actions import actor_of

MOST_BYTES = 200_000
MOST_ROWS = 1_000
SHOWN = 100  # refused rows on the page
_WHY = {
    "bad-address": gettext_lazy("This is no e-mail address."),
    "no-such-day": gettext_lazy("This day does not exist. Write it as 2026-12-01."),
    "unknown-person": gettext_lazy("Nobody here has this address. Bring in the person first."),
    "bad-company": gettext_lazy("This person is no contact at this company."),
    "bad-kind": gettext_lazy("Write member, subscription or appointment."),
    "bad-number": gettext_lazy("There is no number, so it could not be found again."),
    "sensitive-number": gettext_lazy("The number says something sensitive. Write a plain one."),
    "bad-ends_on": gettext_lazy("The last day lies before the first."),
}


class AgreementFileForm(forms.Form):
    """A file to look through."""

    file = forms.FileField(
        label=gettext_lazy("File with agreements"),
        help_text=gettext_lazy(
            "CSV with the columns email, kind, number and day; end and company if you like. "
            "At most 1,000 rows."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """Its text. Refuses what is too large, what is no text, and a table that is none."""
        found: UploadedFile[bytes] = self.cleaned_data["file"]
        if (found.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large. Split it."))
        raw: bytes = found.read()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")  # as older programs write it
        if "\0" in text:
            raise forms.ValidationError(_("This is no CSV file. Save it as CSV and try again."))
        return text


class BringForm(forms.Form):
    """A file that was looked through."""

    text = forms.CharField(max_length=MOST_BYTES, strip=False, widget=forms.HiddenInput)


def agreement_file(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what it would do, bring it in."""
    if "text" in request.POST:
        return _bring(request)
    form = AgreementFileForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["file"]
        report = try_agreements(text, at=timezone.now(), actor=actor_of(request))
        if problem := _problem(report):
            form.add_error("file", problem)
        else:
            page |= {"report": report, "refused": _refused(report)}
            page["bring"] = BringForm(initial={"text": text})
    page["files"] = brought_files()
    return render(request, "campaigns/agreement_file.html", page)


def _bring(request: HttpRequest) -> HttpResponse:
    """Bring in what was looked through."""
    bring = BringForm(request.POST)
    if not bring.is_valid():
        messages.error(request, _("Nothing came in. Choose the file once more."))
        return redirect("campaigns:agreement_file")
    text = bring.cleaned_data["text"]
    report = bring_agreements(text, at=timezone.now(), actor=actor_of(request))
    said = ngettext(
        "%(count)d agreement was written down.",
        "%(count)d agreements were written down.",
        report.created,
    )
    messages.success(request, said % {"count": report.created})
    return redirect("campaigns:agreement_file")


def _problem(report: AgreementReport) -> str:
    """Why nothing of a file can come in; empty: it can."""
    if not report.rows:
        return _("There is no row in this file, or a column is missing.")
    return _("This file has more than 1,000 rows. Split it.") if report.rows > MOST_ROWS else ""


def _refused(report: AgreementReport) -> list[tuple[int, str]]:
    """The rows that do not come in, with their reason in words."""
    return [(row, str(_WHY[why])) for row, why in report.refused[:SHOWN]]


@require_POST
def agreement_file_undo(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Take back what a file brought, but for what messages rest on."""
    gone, kept = undo_agreements(
        file_id=file_id, used=_used(file_id), at=timezone.now(), actor=actor_of(request)
    )
    said = _("Taken back: %(gone)d. Kept, since messages rest on them: %(kept)d.")
    messages.success(request, said % {"gone": gone, "kept": kept})
    return redirect("campaigns:agreement_file")


def _used(file_id: UUID) -> QuerySet[Agreement]:
    """Agreements that are the evidence of a message (index messages_person)."""
    rests = Message.objects.filter(person_id=OuterRef("person_id"), evidence_id=OuterRef("id"))
    return agreements_of_file(file_id).filter(Exists(rests))
