"""Reports of Postmark: a webhook per stream, of ours for letters and of its own for single mails.

Postmark can put a way out of its own in letters of a stream; ours is the one that counts, so the
stream is told to leave that to us.
"""

from __future__ import annotations

from typing import Any

from akkoord.delivery.hooks.told import inner
from akkoord.delivery.providers import talk as words
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.postmark import SINGLE, asked
from akkoord.delivery.providers.talk import Found, HookFault, Talk

_CONFIGURATION, _HANDLING = "SubscriptionManagementConfiguration", "UnsubscribeHandlingType"
_OWN = "Postmark"


def proof(talk: Talk, account: Account) -> str:  # noqa: ARG001 - one shape for all
    """Postmark signs nothing."""
    return ""


def make(talk: Talk, account: Account, address: str, *, prefix: str, testing: bool) -> None:
    """Our address at both streams, and ways out left to us."""
    for stream in _streams(account):
        said = {"Url": address, "Triggers": _triggers(testing=testing)}
        known = [each for each in _there(talk, account, stream) if _is_ours(each, prefix)]
        if known:
            talk.good(asked(account, "PUT", f"/webhooks/{known[0]['ID']}", said))
        else:
            talk.good(asked(account, "POST", "/webhooks", {**said, "MessageStream": stream}))
        for spare in known[1:]:
            talk.good(asked(account, "DELETE", f"/webhooks/{spare['ID']}"))
    if _handling(talk, account) == _OWN:
        change = {_CONFIGURATION: {_HANDLING: "Custom"}}
        answer = talk.ask(asked(account, "PATCH", f"/message-streams/{account.name}", change))
        if not answer.is_good:
            raise HookFault(words.ADDS_WAY_OUT)


def found(talk: Talk, account: Account, *, prefix: str) -> Found:
    """What stands there."""
    per_stream = []
    for stream in _streams(account):
        ours = [each for each in _there(talk, account, stream) if _is_ours(each, prefix)]
        if any(_triggers_on(each, "Open", "Click") for each in ours):
            return Found(frozenset(), words.MEASURES)
        if ours and not all(_has_all(each) for each in ours):
            return Found(frozenset(), words.WRONG_EVENTS)
        per_stream.append(frozenset(str(each["Url"]) for each in ours))
    fault = words.ADDS_WAY_OUT if _handling(talk, account) == _OWN else ""
    return Found(frozenset.intersection(*per_stream), fault)


def _streams(account: Account) -> list[str]:
    return sorted({account.name, SINGLE})


def _triggers(*, testing: bool) -> dict[str, dict[str, bool]]:
    return {
        "Bounce": {"Enabled": True, "IncludeContent": False},
        "SpamComplaint": {"Enabled": True, "IncludeContent": False},
        "SubscriptionChange": {"Enabled": True},
        "Delivery": {"Enabled": testing},
        "Open": {"Enabled": False},
        "Click": {"Enabled": False},
    }


def _there(talk: Talk, account: Account, stream: str) -> list[dict[str, Any]]:
    answer = talk.good(asked(account, "GET", f"/webhooks?MessageStream={stream}"))
    listed = inner(answer.said, "Webhooks")
    if not isinstance(listed, list):
        raise HookFault(words.REFUSED)
    return [each for each in listed if isinstance(each, dict) and "ID" in each]


def _is_ours(hook: dict[str, Any], prefix: str) -> bool:
    return str(hook.get("Url", "")).startswith(prefix)


def _triggers_on(hook: dict[str, Any], *names: str) -> bool:
    return any(inner(hook, "Triggers", name, "Enabled") is True for name in names)


def _has_all(hook: dict[str, Any]) -> bool:
    names = ("Bounce", "SpamComplaint", "SubscriptionChange")
    return all(_triggers_on(hook, name) for name in names)


def _handling(talk: Talk, account: Account) -> str:
    answer = talk.good(asked(account, "GET", f"/message-streams/{account.name}"))
    return str(inner(answer.said, _CONFIGURATION, _HANDLING) or "")
