"""Reports of Brevo: one webhook for all kinds of events; and whether Brevo measures after all."""

from __future__ import annotations

from typing import Any

from akkoord.delivery.hooks.told import inner
from akkoord.delivery.providers import talk as words
from akkoord.delivery.providers.accounts import SET, Account
from akkoord.delivery.providers.brevo import asked
from akkoord.delivery.providers.talk import Found, HookFault, Talk

_EVENTS = ("hardBounce", "softBounce", "blocked", "spam", "invalid", "unsubscribed")
_TEST = "delivered"
_MEASURING = {"opened", "uniqueOpened", "click", "proxyOpen", "uniqueProxyOpen"}
_FIGURES = ("opens", "uniqueOpens", "clicks", "uniqueClicks")


def proof(talk: Talk, account: Account) -> str:  # noqa: ARG001 - one shape for all
    """Brevo signs nothing."""
    return ""


def make(talk: Talk, account: Account, address: str, *, prefix: str, testing: bool) -> None:
    """Our address, for the kinds that we use."""
    said = {
        "url": address,
        "description": SET,
        "events": [*_EVENTS, _TEST] if testing else list(_EVENTS),
    }
    ours = _ours(talk, account, prefix)
    if ours:
        talk.good(asked(account, "PUT", f"/v3/webhooks/{ours[0]['id']}", said))
    else:
        talk.good(asked(account, "POST", "/v3/webhooks", {**said, "type": "transactional"}))
    for spare in ours[1:]:
        talk.good(asked(account, "DELETE", f"/v3/webhooks/{spare['id']}"))


def found(talk: Talk, account: Account, *, prefix: str) -> Found:
    """What stands there; and what Brevo counted today: opens or clicks mean that it measures."""
    ours = _ours(talk, account, prefix)
    addresses = frozenset(str(each["url"]) for each in ours)
    events = [set(each.get("events") or ()) for each in ours]
    if not all(set(_EVENTS) <= each for each in events):
        return Found(addresses, words.WRONG_EVENTS)
    if any(each & _MEASURING for each in events) or _measures(talk, account):
        return Found(addresses, words.MEASURES)
    return Found(addresses)


def _measures(talk: Talk, account: Account) -> bool:
    answer = talk.good(asked(account, "GET", "/v3/smtp/statistics/aggregatedReport?days=1"))
    figures = (inner(answer.said, name) for name in _FIGURES)
    return any(isinstance(each, int) and each > 0 for each in figures)


def _ours(talk: Talk, account: Account, prefix: str) -> list[dict[str, Any]]:
    answer = talk.ask(asked(account, "GET", "/v3/webhooks?type=transactional"))
    if answer.status == 404:  # how Brevo says that there are none
        return []
    listed = inner(answer.said, "webhooks") if answer.is_good else None
    if not isinstance(listed, list):
        talk.good(asked(account, "GET", "/v3/webhooks?type=transactional"))
        raise HookFault(words.REFUSED)
    return [
        each
        for each in listed
        if isinstance(each, dict) and str(each.get("url", "")).startswith(prefix) and "id" in each
    ]
