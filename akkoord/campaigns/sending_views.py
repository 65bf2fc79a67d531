"""Staff page about sending: how much is enough, and the mail servers."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from akkoord.campaigns.account_forms import AccountForm, shown_accounts
from akkoord.campaigns.hook_forms import NewHook, RefusedHook, provider_forms, shown_hooks
from akkoord.campaigns.provider_entry import take_away
from akkoord.campaigns.sending_forms import CapForm, PaceForm, ServerForm, TrialForm
from akkoord.campaigns.whose import whose_rows
from akkoord.consent.queries import trials
from akkoord.delivery import server_actions
from akkoord.delivery.server_queries import server_rows
from akkoord.messages.cap import set_cap
from akkoord.messages.models import DomainRule, SendingRules
from akkoord.messages.pace_actions import set_pace
from akkoord.register.queries import organisation
from akkoord.trail.actions import actor_of

PAGE = "campaigns:sending"


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only what is posted is done. Who reloads the address of a form after an error, or comes back
    to it from the history, gets the page."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **values: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect(PAGE)
        return view(request, *arguments, **values)

    return guarded


@require_safe
def sending(request: HttpRequest) -> HttpResponse:
    """How Akkoord sends."""
    return page(request)


def page(
    request: HttpRequest,
    *,
    cap: CapForm | None = None,
    server: ServerForm | None = None,
    pace: PaceForm | None = None,
    new_hook: NewHook | None = None,
    refused_hook: RefusedHook | None = None,
    account: AccountForm | None = None,
) -> HttpResponse:
    """The whole page, with a form that was not right, or with what is shown once."""
    rules = SendingRules.objects.filter(id=1).first() or SendingRules()
    domain = _domain()
    rule = DomainRule.objects.filter(domain=domain).first() or DomainRule(domain=domain)
    initial = {"messages": rules.cap_messages, "days": rules.cap_days}
    servers = server_rows()
    shown = {
        "rules": rules,
        "cap_form": cap or CapForm(initial=initial),
        "domain": domain,
        "rule": rule,
        "pace_form": pace
        or PaceForm(initial={"per_hour": rule.per_hour, "is_new": bool(rule.warm_up_from)}),
        "servers": servers,
        "owners": whose_rows(),
        "trials": trials(),
        "trial_form": TrialForm(),
        "server_form": server or ServerForm(),
        "accounts": shown_accounts(account),
        "chosen": account.kind if account else "smtp" if server else "",
        "provider_forms": provider_forms(servers),
        "hooks": shown_hooks(new_hook, refused_hook),
        "base_url": settings.BASE_URL,
    }
    return render(request, "campaigns/sending.html", shown)


@posted
def cap(request: HttpRequest) -> HttpResponse:
    """How much is enough."""
    form = CapForm(request.POST)
    if not form.is_valid():
        return page(request, cap=form)
    set_cap(
        messages=form.cleaned_data["messages"],
        days=form.cleaned_data["days"],
        at=timezone.now(),
        actor=actor_of(request),
    )
    messages.success(request, _("Saved. It holds for everything that leaves from now on."))
    return redirect(PAGE)


def _domain() -> str:
    """The domain that letters come from."""
    house = organisation()
    return house.mail_domain if house else ""


@posted
def pace(request: HttpRequest) -> HttpResponse:
    """How fast letters leave."""
    form = PaceForm(request.POST)
    if not form.is_valid():
        return page(request, pace=form)
    set_pace(domain=_domain(), **form.cleaned_data, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Saved. It holds for everything that leaves from now on."))
    return redirect(PAGE)


@posted
def server_add(request: HttpRequest) -> HttpResponse:
    """One more mail server."""
    form = ServerForm(request.POST)
    if form.is_valid():
        try:
            server_actions.enter_server(
                **form.cleaned_data, at=timezone.now(), actor=actor_of(request)
            )
        except server_actions.ServerRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Added. Say whose it is, and send a test."))
            return redirect(PAGE)
    return page(request, server=form)


@posted
def server_remove(request: HttpRequest, server_id: UUID) -> HttpResponse:
    """Letters no longer leave by this one."""
    try:
        take_away(server_id=server_id, at=timezone.now(), actor=actor_of(request))
    except server_actions.ServerRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Letters no longer leave by this server."))
    return redirect(PAGE)


@posted
def server_test(request: HttpRequest, key: str) -> HttpResponse:
    """One mail by this very server, to who presses the button."""
    address = getattr(request.user, "email", "")
    mail = server_actions.try_server(key=key, recipient=address, at=timezone.now())
    if mail is None:
        messages.error(request, _("Its password is not here. Remove the server and add it again."))
    else:
        messages.success(request, _("A test is on its way to {address}.").format(address=address))
    return redirect(PAGE)
