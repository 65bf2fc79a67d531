"""Brevo, `smtp/email` with the parts of the message.

Brevo builds the mail itself, and wants HTML: a mail of text alone gets the same text as HTML. It
has no way to switch its measuring off for one mail, so the owner switches it off in Brevo and says
so before the first letter; whether that is so is looked up in Brevo's own figures (`watching`).
"""

from __future__ import annotations

import json
from html import escape

from akkoord.delivery.outgoing import Outgoing
from akkoord.delivery.providers import verdicts
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.caller import Answer, Ask
from akkoord.delivery.providers.parts import Mailbox, parts_of
from akkoord.delivery.providers.verdicts import Verdict

_TROUBLES = {
    "unauthorized": verdicts.KEY,
    "permission_denied": verdicts.KEY,
    "not_enough_credits": verdicts.CREDIT,
    "account_under_validation": verdicts.STOPPED,
    "account_suspended": verdicts.STOPPED,
}
_BY_STATUS = {401: verdicts.KEY, 402: verdicts.CREDIT, 403: verdicts.STOPPED}


def letter(account: Account, outgoing: Outgoing, content: bytes) -> Ask:
    """The question that sends a letter. Raises NotForParts."""
    parts = parts_of(content, recipient=outgoing.recipient)
    said = {
        "sender": _mailbox(parts.sender),
        "to": [_mailbox(parts.to)],
        "subject": parts.subject,
        "htmlContent": parts.html or _as_html(parts.text),
        "headers": parts.headers,
        **({"textContent": parts.text} if parts.text else {}),
        **({"replyTo": _mailbox(parts.reply_to)} if parts.reply_to else {}),
    }
    return asked(account, "POST", "/v3/smtp/email", said)


def asked(account: Account, method: str, path: str, said: object = None) -> Ask:
    """A question to Brevo."""
    headers = {"api-key": account.key, "Content-Type": "application/json"}
    body = b"" if said is None else json.dumps(said).encode()
    return Ask(account.host, method, path, headers, body)


def _mailbox(box: Mailbox) -> dict[str, str]:
    return {"email": box.address} | ({"name": box.name} if box.name else {})


def _as_html(text: str) -> str:
    style = "white-space: pre-wrap; font-family: sans-serif"
    return f'<!doctype html><html><body><div style="{style}">{escape(text)}</div></body></html>'


def judge(answer: Answer) -> Verdict:
    """What Brevo's answer means for the letter."""
    said = answer.said if isinstance(answer.said, dict) else {}
    if answer.is_good:
        return verdicts.taken(answer, str(said.get("messageId") or ""))
    code, words = str(said.get("code") or ""), str(said.get("message") or "").lower()
    if code in _TROUBLES or answer.status in _BY_STATUS:
        return verdicts.trouble(_TROUBLES.get(code) or _BY_STATUS[answer.status])
    if answer.status == 400 and "sender" in words:
        return verdicts.trouble(verdicts.SENDER)
    reset = answer.headers.get("x-sib-ratelimit-reset", "")
    wait = float(reset) if reset.isascii() and reset.isdigit() and len(reset) < 7 else 0.0
    is_bad = answer.status == 400 and "email is not valid in to" in words
    return verdicts.refused(answer, bad_address=is_bad, wait=wait)
