"""Setting up the reports of a provider by its own interface, and looking whether they still stand.

Never inside a transaction that waits for a provider: what is known is written down before and
after. Until it is sure which address the provider has, both the old and the new one are answered.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.delivery.hook_actions import NEEDS_PROOF, record_hook
from akkoord.delivery.hook_models import Provider, ProviderHook
from akkoord.delivery.hook_secrets import HookSecret, digest_of, hook_secret, keep_hook_secret
from akkoord.delivery.providers import brevo_hooks, mailgun_hooks, postmark_hooks, ses_hooks
from akkoord.delivery.providers import talk as words
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.caller import Caller
from akkoord.delivery.providers.pool import ADAPTERS
from akkoord.delivery.providers.talk import Found, HookFault, Talk
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.servers import relays
from akkoord.law.sending_rules import is_public_https
from akkoord.trail.actions import Actor

PATIENCE = 6.0  # seconds for one question: somebody waits at the page


class Settings(Protocol):
    """The settings of one provider."""

    def proof(self, talk: Talk, account: Account) -> str:
        """What it signs with; empty: nothing, or it cannot be asked. Raises HookFault."""
        ...

    def make(
        self, talk: Talk, account: Account, address: str, *, prefix: str, testing: bool
    ) -> None:
        """Have it report to our address. Raises HookFault.

        `testing`: deliveries, too, so that the next test shows that reports come in.
        """
        ...

    def found(self, talk: Talk, account: Account, *, prefix: str) -> Found:
        """What stands there. Raises HookFault."""
        ...


SETTINGS: Mapping[str, Settings] = {
    Provider.SES: ses_hooks,
    Provider.MAILGUN: mailgun_hooks,
    Provider.POSTMARK: postmark_hooks,
    Provider.BREVO: brevo_hooks,
}


def hook_prefix(provider: str) -> str:
    """What our addresses for a provider's reports begin with; the secret follows."""
    return f"{settings.BASE_URL}/hooks/{provider}/"


def accounts_of(provider: str) -> list[Account]:
    """Our accounts at a provider."""
    return [each.account for each in relays() if each.account and each.account.provider == provider]


def set_up_hook(*, provider: str, at: datetime, actor: Actor) -> str:
    """Have a provider report to us, and read back what stands there; answers the fault, if any.

    Refuses a provider without an account here, and an Akkoord that nobody outside can reach.
    """
    accounts = accounts_of(provider)
    if not accounts:
        raise ServerRefused("provider", _("Choose one of the providers."))
    if not is_public_https(settings.BASE_URL):
        raise ServerRefused(
            "provider",
            _("Providers cannot reach this Akkoord. First give it a public https address."),
        )
    secret = secrets.token_urlsafe(24)
    known = _begin(provider, secret, at)
    caller = Caller(PATIENCE)
    try:
        proof = _proof(provider, accounts, caller) or known.proof
        # SNS asks us to confirm while we are still busy: all must be known before.
        keep_hook_secret(provider, HookSecret(known.digest, proof, digest_of(secret)))
        _make(provider, accounts, hook_prefix(provider) + secret + "/", caller)
        keep_hook_secret(provider, HookSecret(digest_of(secret), proof))
        fault = _look(provider, accounts, caller)
    except HookFault as problem:
        fault = problem.code
    finally:
        caller.close()
    _end(provider, fault, at=at, actor=actor)
    return fault


def look_at_hook(*, provider: str, at: datetime) -> str:
    """Whether a provider's reports still stand as we set them up; answers the fault, if any.

    Once a report came in, deliveries are no longer asked for: they are of no use to us.
    """
    hook = ProviderHook.objects.filter(provider=provider, set_up_at__isnull=False).first()
    accounts = accounts_of(provider)
    if hook is None or not accounts:
        return ""
    caller = Caller(PATIENCE)
    try:
        fault = _look(provider, accounts, caller)
        if not fault and hook.is_testing and hook.last_event_at is not None:
            _settle(provider, accounts, caller)
            hook.is_testing = False
    except HookFault as problem:
        fault = problem.code
    finally:
        caller.close()
    ProviderHook.objects.filter(provider=provider).update(
        looked_at=at, fault=fault, is_testing=hook.is_testing
    )
    return fault


def fault_now(provider: str) -> str:
    """What is wrong with a provider's reports at this moment; it is asked, and nothing is kept."""
    caller = Caller(PATIENCE)
    try:
        return _look(provider, accounts_of(provider), caller)
    except HookFault as problem:
        return problem.code
    finally:
        caller.close()


def look_at_hooks(*, at: datetime) -> int:
    """Look at all that we set up; how many are not as they should be."""
    names = ProviderHook.objects.filter(set_up_at__isnull=False).values_list("provider", flat=True)
    return sum(bool(look_at_hook(provider=each, at=at)) for each in list(names))


@transaction.atomic
def _begin(provider: str, secret: str, at: datetime) -> HookSecret:
    """Answer the new address, too, before the provider hears of it."""
    known = hook_secret(provider) or HookSecret(digest_of(secret))
    keep_hook_secret(provider, HookSecret(known.digest, known.proof, digest_of(secret)))
    ProviderHook.objects.get_or_create(provider=provider, defaults={"made_at": at})
    return known


def _proof(provider: str, accounts: list[Account], caller: Caller) -> str:
    """What our accounts sign with, each once."""
    talk = Talk(caller, ADAPTERS[provider].judge)
    found = [SETTINGS[provider].proof(talk, each) for each in accounts]
    return " ".join(dict.fromkeys(each for each in found if each))


def _make(provider: str, accounts: list[Account], address: str, caller: Caller) -> None:
    talk, prefix = Talk(caller, ADAPTERS[provider].judge), hook_prefix(provider)
    for account in accounts:
        SETTINGS[provider].make(talk, account, address, prefix=prefix, testing=True)


def _settle(provider: str, accounts: list[Account], caller: Caller) -> None:
    """The same address, without the deliveries that were asked for the test."""
    kept, prefix = hook_secret(provider), hook_prefix(provider)
    for account in accounts:
        talk = Talk(caller, ADAPTERS[provider].judge)
        there = SETTINGS[provider].found(talk, account, prefix=prefix).addresses
        for address in there:
            if kept and kept.fits(address.removeprefix(prefix).strip("/")):
                SETTINGS[provider].make(talk, account, address, prefix=prefix, testing=False)


def _look(provider: str, accounts: list[Account], caller: Caller) -> str:
    """The first fault of any account."""
    kept, prefix = hook_secret(provider), hook_prefix(provider)
    for account in accounts:
        talk = Talk(caller, ADAPTERS[provider].judge)
        found = SETTINGS[provider].found(talk, account, prefix=prefix)
        if found.fault:
            return found.fault
        tails = (each.removeprefix(prefix).strip("/") for each in found.addresses)
        if kept is None or not any(kept.fits(each) for each in tails):
            return words.MISSING
    needs = provider in NEEDS_PROOF and not (kept and kept.proof)
    return words.NO_PROOF if needs else ""


@transaction.atomic
def _end(provider: str, fault: str, *, at: datetime, actor: Actor) -> None:
    hook = ProviderHook.objects.select_for_update().get(provider=provider)
    hook.looked_at, hook.fault = at, fault
    if not fault or fault == words.NO_PROOF:
        hook.set_up_at, hook.is_testing, hook.last_event_at = at, True, None
    hook.save(update_fields=["looked_at", "fault", "set_up_at", "is_testing", "last_event_at"])
    record_hook("mail-hook.set-up", provider, at=at, actor=actor)
