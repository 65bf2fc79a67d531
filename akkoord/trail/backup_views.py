"""The page of backups: how they stand, one made now, and the second place of the journal."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.trail import backups
from akkoord.trail.actions import actor_of
from akkoord.trail.backup_forms import TryForm, setting_form
from akkoord.trail.backup_queries import backup_page, waiting_file
from akkoord.trail.models import Backup
from akkoord.trail.nos import copy_now


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The last backup, the last try, the second place; a part of it while one is being made."""
    return _page(request)


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    page = backup_page(at=timezone.now())
    context = {
        "page": page,
        "has_second_factor": is_mfa_enabled(request.user),
        "setting_form": setting_form(None, keep=page.keep_days, remind=page.state.remind_days),
        "try_form": TryForm(initial={"on": timezone.localdate()}),
        "waits_hours": int(backups.HERE.total_seconds() // 3600),
    }
    is_part = request.headers.get("HX-Target") == "backups-now"
    template = "trail/_backups_now.html" if is_part else "trail/backups.html"
    return render(request, template, context | forms)


def _first_the_second_step(request: HttpRequest) -> HttpResponse:
    """A backup holds everybody: a password alone is not enough for it (art. 32)."""
    messages.warning(request, _("First switch on your second step. Then you can make a backup."))
    return redirect("mfa_index")


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Have one made now; the page shows how far it is."""
    if not is_mfa_enabled(request.user):
        return _first_the_second_step(request)
    backups.ask_backup(at=timezone.now(), actor=actor_of(request))
    return redirect("backups:index")


@require_safe
@reauthentication_required  # type: ignore[untyped-decorator]
def download(request: HttpRequest, backup_id: UUID) -> HttpResponseBase:
    """The sealed file, for who has the second factor and said who they are just now."""
    if not is_mfa_enabled(request.user):
        return _first_the_second_step(request)
    backup = get_object_or_404(Backup, id=backup_id)
    path = waiting_file(backup)
    if path is None:
        raise Http404
    backups.take_away(backup, at=timezone.now(), actor=actor_of(request))
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=backup.file_name,
        content_type="application/octet-stream",
    )


@require_POST
def setting(request: HttpRequest) -> HttpResponse:
    """How long backups are kept, and when somebody is reminded."""
    form = setting_form(request.POST, keep=0, remind=0)
    if not form.is_valid():
        return _page(request, setting_form=form)
    backups.change_setting(
        keep=form.cleaned_data["keep"],
        remind=form.cleaned_data["remind"],
        at=timezone.now(),
        actor=actor_of(request),
    )
    messages.success(request, _("Saved. It counts for backups from now on."))
    return redirect("backups:index")


@require_POST
def tried(request: HttpRequest) -> HttpResponse:
    """Somebody tried a backup on another machine."""
    form = TryForm(request.POST)
    if not form.is_valid():
        return _page(request, try_form=form)
    backups.note_try(
        on=form.cleaned_data["on"],
        at=timezone.now(),
        went_well=form.cleaned_data["went_well"],
        actor=actor_of(request),
    )
    messages.success(request, _("Noted."))
    return redirect("backups:index")


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Bring the second place of the journal up to date now."""
    if copy_now():
        messages.success(request, _("The second place has every line now."))
    else:
        messages.error(
            request, _("The second place cannot be written to. Check that its disk is there.")
        )
    return redirect("backups:index")
