"""Mailgun, `messages.mime` with the whole message; its measuring is switched off each time."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from secrets import token_hex

from akkoord.delivery.outgoing import Outgoing
from akkoord.delivery.providers import verdicts
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.caller import Answer, Ask
from akkoord.delivery.providers.verdicts import Verdict

# These win over the settings of the domain: no picture, no rewritten link.
_UNMEASURED = {"o:tracking": "no", "o:tracking-clicks": "no", "o:tracking-opens": "no"}
_STOPPED = ("activate", "disabled", "suspended", "test purposes", "not allowed to send")


def letter(account: Account, outgoing: Outgoing, content: bytes) -> Ask:
    """The question that sends a letter."""
    fields = {"to": outgoing.recipient, **_UNMEASURED}
    body, kind = form(fields, message=content)
    return asked(account, "POST", f"/v3/{account.name}/messages.mime", body, kind)


def asked(account: Account, method: str, path: str, body: bytes = b"", kind: str = "") -> Ask:
    """A question to Mailgun."""
    login = b64encode(f"api:{account.key}".encode()).decode()
    headers = {"Authorization": f"Basic {login}"} | ({"Content-Type": kind} if kind else {})
    return Ask(account.host, method, path, headers, body)


def form(fields: Mapping[str, str | list[str]], *, message: bytes = b"") -> tuple[bytes, str]:
    """Fields as a form (RFC 7578), and its content type; a list is one field several times."""
    edge = f"akkoord-{token_hex(16)}"
    parts = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            parts.append(head.encode() + value.encode() + b"\r\n")
    if message:
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="message"; filename="message.mime"'
            "\r\nContent-Type: message/rfc822\r\n\r\n"
        )
        parts.append(head.encode() + message + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def judge(answer: Answer) -> Verdict:
    """What Mailgun's answer means for the letter."""
    said = answer.said if isinstance(answer.said, dict) else {}
    if answer.is_good:
        return verdicts.taken(answer, str(said.get("id") or ""))
    words = str(said.get("message") or "").lower()
    if answer.status == 401:
        return verdicts.trouble(verdicts.KEY)
    if answer.status == 402:
        return verdicts.trouble(verdicts.CREDIT)
    if answer.status in (400, 403) and any(each in words for each in _STOPPED):
        return verdicts.trouble(verdicts.STOPPED)
    if answer.status == 403:
        return verdicts.trouble(verdicts.KEY)
    if answer.status == 404:
        return verdicts.trouble(verdicts.SENDER)
    return verdicts.refused(answer, bad_address="to parameter" in words)
