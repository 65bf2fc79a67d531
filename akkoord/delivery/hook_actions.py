"""Verbs of providers: say whose a server is, make the address for its reports, name its proof."""

import secrets
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.delivery.hook_models import HookSeen, Provider, ProviderHook, ServerProvider
from akkoord.delivery.hook_secrets import (
    HookSecret,
    digest_of,
    drop_hook_secret,
    hook_secret,
    keep_hook_secret,
)
from akkoord.delivery.hooks import sendgrid, ses
from akkoord.delivery.hooks.readers import READERS
from akkoord.delivery.hooks.told import OLDEST
from akkoord.delivery.providers.talk import NO_PROOF
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.servers import relays
from akkoord.trail.actions import Actor, record_change

KEEP = 30 * OLDEST  # longer than any provider goes on trying


@transaction.atomic
def say_provider(*, key: str, provider: str, at: datetime, actor: Actor) -> None:
    """A mail server is of this provider, or of nobody we know (empty); letters count anew.

    Refuses a server that is not there and a provider that we do not know.
    """
    if key not in {each.key for each in relays()}:
        raise ServerRefused("provider", _("This mail server is no longer there."))
    if provider and provider not in Provider.values:
        raise ServerRefused("provider", _("Choose one of the providers."))
    ServerProvider.objects.filter(key=key).exclude(provider=provider).delete()
    if provider:
        ServerProvider.objects.get_or_create(
            key=key, defaults={"provider": provider, "said_at": at}
        )
    record_hook("mail-server.provider", key, at=at, actor=actor)


@transaction.atomic
def make_hook(*, provider: str, at: datetime, actor: Actor) -> str:
    """A new secret for the address to which a provider reports; the old one stops at once.

    Answers the secret: it is shown once and kept as a hash only. What the provider signs with
    stays. Refuses a provider that does not report.
    """
    if provider not in READERS:
        raise ServerRefused("provider", _("Choose one of the providers."))
    secret = secrets.token_urlsafe(24)
    known = hook_secret(provider)
    ProviderHook.objects.update_or_create(
        provider=provider, defaults={"made_at": at, "last_event_at": None, "confirmed_at": None}
    )
    ServerProvider.objects.filter(provider=provider).update(letters=0)
    keep_hook_secret(provider, HookSecret(digest_of(secret), known.proof if known else ""))
    record_hook("mail-hook.make", provider, at=at, actor=actor)
    return secret


@transaction.atomic
def name_proof(*, provider: str, proof: str, at: datetime, actor: Actor) -> None:
    """What the provider signs with: the topic of SES, SendGrid's public key, Mailgun's own key.

    Kept in the data folder. Refuses what cannot be one, and a provider without an address yet.
    """
    proof, known = proof.strip(), hook_secret(provider)
    if known is None:
        raise ServerRefused("proof", _("First make the address for this provider."))
    if provider == Provider.SES and not ses.is_topic(proof):
        raise ServerRefused("proof", _("A topic looks like arn:aws:sns:eu-west-1:123456789012:x."))
    if provider == Provider.SENDGRID and sendgrid.key_of(proof) is None:
        raise ServerRefused("proof", _("This is not the verification key that SendGrid shows."))
    if provider not in NEEDS_PROOF or not proof:
        raise ServerRefused("proof", _("Fill in what the provider shows."))
    keep_hook_secret(provider, HookSecret(known.digest, proof, known.also))
    ProviderHook.objects.filter(provider=provider, fault=NO_PROOF).update(fault="")
    record_hook("mail-hook.proof", provider, at=at, actor=actor)


@transaction.atomic
def remove_hook(*, provider: str, at: datetime, actor: Actor) -> None:
    """The address of a provider no longer answers; its secrets go."""
    if ProviderHook.objects.filter(provider=provider).delete()[0]:
        record_hook("mail-hook.remove", provider, at=at, actor=actor)
        transaction.on_commit(lambda: drop_hook_secret(provider))


def forget_seen(*, at: datetime) -> int:
    """Events that no provider tells again; how many went."""
    return HookSeen.objects.filter(seen_at__lte=at - KEEP).delete()[0]


NEEDS_PROOF = frozenset({Provider.SES, Provider.SENDGRID, Provider.MAILGUN})


def record_hook(action: str, name: str, *, at: datetime, actor: Actor) -> None:
    """Write down who did what to a provider's reports."""
    record_change(
        actor=actor, action=action, object_kind="mail-server", object_id=_number(name), at=at
    )


def _number(name: str) -> UUID:
    """A number for the trail of what has a name only."""
    return uuid5(NAMESPACE_URL, f"mail-server:{name}")
