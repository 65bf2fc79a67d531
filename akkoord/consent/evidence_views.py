"""Staff pages of evidence: a file to look at, and the scripts of telephone calls."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from akkoord.consent.evidence_files import MEDIA_TYPES, PDF, view_file
from akkoord.consent.grant_forms import ScriptForm
from akkoord.consent.models import EvidenceFile
from akkoord.consent.notices import WordingRefused
from akkoord.consent.scripts import keep_script
from akkoord.consent.special_guard import may_see_file
from akkoord.datamap.attachments import AttachmentGone
from akkoord.trail.actions import actor_of

POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_GET
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A scan or photo, opened for this member of staff; the trail says that they looked.

    Served as what it is and nothing else, in a sandbox; a PDF is downloaded, for no browser shows
    one in a sandbox. The paper of an explicit yes is for the one role (INV-32).
    """
    known = get_object_or_404(EvidenceFile, id=file_id, media_type__in=MEDIA_TYPES)
    if not may_see_file(known, getattr(request.user, "role", "")):
        raise PermissionDenied
    try:
        content = view_file(known, actor=actor_of(request), at=timezone.now())
    except AttachmentGone:
        raise Http404 from None
    response = HttpResponse(content, content_type=known.media_type)
    ending = known.media_type.rpartition("/")[2]
    how = "attachment" if known.media_type == PDF else "inline"
    response["Content-Disposition"] = f'{how}; filename="akkoord-{known.id}.{ending}"'
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def script_create(request: HttpRequest) -> HttpResponse:
    """Write down what is read out on the telephone."""
    form = ScriptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_script(at=timezone.now(), actor=actor_of(request), **form.cleaned_data)
        except WordingRefused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("Kept as version %(version)d.") % {"version": kept.version})
            return redirect("consent:wordings")
    return render(request, "consent/script_edit.html", {"form": form})
