"""Reports of Mailgun: one webhook per kind of event, up to three addresses each."""

from __future__ import annotations

from typing import Any

from akkoord.delivery.hooks.told import inner
from akkoord.delivery.providers import talk as words
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.mailgun import asked, form
from akkoord.delivery.providers.talk import Found, HookFault, Talk

_EVENTS = ("permanent_fail", "complained", "unsubscribed")
_TEST = "delivered"


def proof(talk: Talk, account: Account) -> str:
    """What Mailgun signs with; empty: this key may not ask."""
    answer = talk.ask(asked(account, "GET", "/v5/accounts/http_signing_key"))
    return str(inner(answer.said, "http_signing_key") or "") if answer.is_good else ""


def make(talk: Talk, account: Account, address: str, *, prefix: str, testing: bool) -> None:
    """Our address at each kind; addresses of others stay."""
    there = _there(talk, account)
    for event in (*_EVENTS, _TEST):
        urls = there.get(event)
        wanted = [each for each in urls or () if not each.startswith(prefix)]
        if event != _TEST or testing:
            wanted = [*wanted, address]
        _put(talk, account, event, wanted, urls)


def _put(
    talk: Talk, account: Account, event: str, wanted: list[str], known: list[str] | None
) -> None:
    base = f"/v3/domains/{account.name}/webhooks"
    if wanted == (known or []):
        return
    if known is None:
        body, kind = form({"id": event, "url": wanted})
        talk.good(asked(account, "POST", base, body, kind))
    elif wanted:
        body, kind = form({"url": wanted})
        talk.good(asked(account, "PUT", f"{base}/{event}", body, kind))
    else:
        talk.good(asked(account, "DELETE", f"{base}/{event}"))


def found(talk: Talk, account: Account, *, prefix: str) -> Found:
    """What stands there."""
    there = _there(talk, account)
    ours = {
        event: frozenset(each for each in there.get(event) or () if each.startswith(prefix))
        for event in _EVENTS
    }
    everywhere = frozenset.intersection(*ours.values())
    some = frozenset.union(*ours.values())
    return Found(everywhere, words.WRONG_EVENTS if some and not everywhere else "")


def _there(talk: Talk, account: Account) -> dict[str, list[str]]:
    answer = talk.good(asked(account, "GET", f"/v3/domains/{account.name}/webhooks"))
    hooks = inner(answer.said, "webhooks")
    if not isinstance(hooks, dict):
        raise HookFault(words.REFUSED)
    return {event: _urls(each) for event, each in hooks.items() if _urls(each)}


def _urls(hook: Any) -> list[str]:
    listed = inner(hook, "urls")
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
