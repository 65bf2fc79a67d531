"""Staff page about sending: accounts at providers, and setting up their reports."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.campaigns.account_forms import AccountForm, KeyForm
from akkoord.campaigns.provider_entry import enter_account
from akkoord.campaigns.sending_views import PAGE, page, posted
from akkoord.delivery import hook_setup, server_actions
from akkoord.delivery.provider_actions import change_key
from akkoord.delivery.providers.accounts import KINDS
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.servers import relays
from akkoord.trail.actions import actor_of


@posted
def account_add(request: HttpRequest, kind: str) -> HttpResponse:
    """Letters leave by this account, too."""
    if kind not in KINDS:
        raise Http404
    form = AccountForm(kind, data=request.POST)
    if not form.is_valid():
        return page(request, account=form)
    try:
        enter_account(kind=kind, **form.facts(), at=timezone.now(), actor=actor_of(request))
    except ServerRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return page(request, account=form)
    messages.success(request, _("Added. Now set up its reports, and send a test."))
    return redirect(PAGE)


@posted
def account_key(request: HttpRequest, server_id: UUID) -> HttpResponse:
    """Another key for an account."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Fill in the key."))
        return redirect(PAGE)
    key = str(form.cleaned_data["key"]).strip()
    try:
        change_key(server_id=server_id, key=key, at=timezone.now(), actor=actor_of(request))
    except ServerRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Saved. Send a test to see whether it works."))
    return redirect(PAGE)


@posted
def hook_set_up(request: HttpRequest, provider: str) -> HttpResponse:
    """Have a provider report to us, and send a test that makes it do so."""
    try:
        fault = hook_setup.set_up_hook(
            provider=provider, at=timezone.now(), actor=actor_of(request)
        )
    except ServerRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(PAGE)
    if fault:
        messages.error(request, _("The reports are not set up yet. Below stands what is wrong."))
        return redirect(PAGE)
    _send_test(request, provider)
    messages.success(
        request,
        _("The reports are set up. A test is on its way to you, so that the first one comes in."),
    )
    return redirect(PAGE)


def _send_test(request: HttpRequest, provider: str) -> None:
    address = getattr(request.user, "email", "")
    found = (each for each in relays() if each.account and each.account.provider == provider)
    for each in found:
        server_actions.try_server(key=each.key, recipient=address, at=timezone.now())


@posted
def hook_look(request: HttpRequest, provider: str) -> HttpResponse:
    """Whether the reports still stand at the provider."""
    if hook_setup.look_at_hook(provider=provider, at=timezone.now()):
        messages.error(request, _("Something is not right. Below stands what."))
    else:
        messages.success(request, _("Looked at: it stands at the provider as it should."))
    return redirect(PAGE)
