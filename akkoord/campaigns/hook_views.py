"""Staff page about sending: whose each mail server is, and how that provider reports."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.campaigns.hook_forms import NewHook, RefusedHook
from akkoord.campaigns.sending_views import PAGE, page
from akkoord.delivery import hook_actions
from akkoord.delivery.hook_secrets import hook_secret
from akkoord.delivery.server_actions import ServerRefused
from akkoord.trail.actions import actor_of


@require_POST
def server_provider(request: HttpRequest, key: str) -> HttpResponse:
    """A mail server is of this provider."""
    try:
        hook_actions.say_provider(
            key=key,
            provider=request.POST.get("provider", ""),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except ServerRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Saved. It holds for everything that leaves from now on."))
    return redirect(PAGE)


@require_POST
def hook_make(request: HttpRequest, provider: str) -> HttpResponse:
    """The address for a provider's reports; shown in this answer and never again."""
    try:
        secret = hook_actions.make_hook(
            provider=provider, at=timezone.now(), actor=actor_of(request)
        )
    except ServerRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(PAGE)
    address = settings.BASE_URL + reverse("messages_public:hook", args=[provider, secret])
    return page(request, new_hook=NewHook(provider, address))


@require_POST
def hook_proof(request: HttpRequest, provider: str) -> HttpResponse:
    """What a provider signs its reports with."""
    typed = request.POST.get("proof", "")[:2_000]
    try:
        hook_actions.name_proof(
            provider=provider, proof=typed, at=timezone.now(), actor=actor_of(request)
        )
    except ServerRefused as refusal:
        if hook_secret(provider) is None or provider not in hook_actions.NEEDS_PROOF:
            messages.error(request, refusal.sentence)
            return redirect(PAGE)
        return page(request, refused_hook=RefusedHook(provider, typed, refusal.sentence))
    messages.success(request, _("Saved. Reports are now checked with it."))
    return redirect(PAGE)


@require_POST
def hook_remove(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's reports no longer come in."""
    hook_actions.remove_hook(provider=provider, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("The address no longer works."))
    return redirect(PAGE)
