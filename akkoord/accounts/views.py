"""Pages of staff: one's own account, and for the owner everybody's."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from akkoord.accounts import actions, queries
from akkoord.accounts.forms import ROLE_WORDS, NewStaffForm, ProfileForm, RoleForm
from akkoord.accounts.models import Role, Staff
from akkoord.trail.actions import Actor


def _actor(request: HttpRequest) -> Actor:
    return Actor.staff(cast("Staff", request.user).pk)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name and language, and the ways to the password and the second factor."""
    form = ProfileForm(request.POST or None, instance=cast("Staff", request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your account is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@require_http_methods(["GET"])
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who may log in, and who could; who changes nothing here reads it (art. 32)."""
    found = list(queries.members())
    safe = queries.with_second_step([each.pk for each in found])
    others = [each for each in found if each.is_active and each != request.user]
    page = {
        "members": found,
        "roles": Role,
        "safe": safe,
        "bare": [each.name for each in others if each.pk not in safe],
    }
    return render(request, "accounts/staff.html", page)


@require_http_methods(["GET", "POST"])
def staff_create(request: HttpRequest) -> HttpResponse:
    """A new member of staff."""
    form = NewStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_staff(
                **form.cleaned_data, at=timezone.now(), actor=_actor(request)
            )
        except actions.StaffRefused:
            form.add_error("email", _("Somebody on your staff has this address already."))
        else:
            messages.success(request, _("%(name)s can log in now.") % {"name": made.name})
            return redirect("accounts:staff")
    return render(request, "accounts/staff_create.html", {"form": form, "role_words": ROLE_WORDS})


@require_POST
def staff_role(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Give somebody another role."""
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            actions.change_role(
                staff=_member(staff_id),
                role=form.cleaned_data["role"],
                at=timezone.now(),
                actor=_actor(request),
            )
        except actions.StaffRefused:
            _say_last_owner(request)
    return redirect("accounts:staff")


@require_POST
def staff_off(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """End somebody's access."""
    try:
        actions.switch_off(staff=_member(staff_id), at=timezone.now(), actor=_actor(request))
    except actions.StaffRefused:
        _say_last_owner(request)
    return redirect("accounts:staff")


def _member(staff_id: UUID) -> Staff:
    found = queries.member(staff_id)
    if found is None:
        raise Http404
    return found


def _say_last_owner(request: HttpRequest) -> None:
    messages.warning(
        request, _("There must be an owner who can log in. Make somebody else owner first.")
    )
