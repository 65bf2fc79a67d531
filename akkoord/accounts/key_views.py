"""Pages of the owner about keys for the API."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from akkoord.accounts.forms import ROLE_WORDS, KeyForm
from akkoord.accounts.keys import keys_shown, make_key, revoke_key
from akkoord.accounts.models import Staff
from akkoord.trail.actions import Actor


def _actor(request: HttpRequest) -> Actor:
    return Actor.staff(cast("Staff", request.user).pk)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every key: its role, when it was made and last used."""
    return render(request, "accounts/keys.html", {"keys": keys_shown()})


def create(request: HttpRequest) -> HttpResponse:
    """A new key; it is shown in this one answer and never again."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = make_key(at=timezone.now(), actor=_actor(request), **form.cleaned_data)
        response = render(request, "accounts/key_made.html", {"made": made})
        response["Cache-Control"] = "no-store"
        return response
    return render(request, "accounts/key_create.html", {"form": form, "role_words": ROLE_WORDS})


@require_POST
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key at once."""
    if revoke_key(key_id=key_id, at=timezone.now(), actor=_actor(request)):
        messages.success(request, _("This key does not work any more."))
    return redirect("accounts:keys")
