"""Postmark, `email` with the parts of the message; its measuring is switched off each time.

Postmark builds the mail itself: text, HTML, subject, names and our own headers come out as they
went in. Message-ID stays ours because we ask so (`X-PM-KeepID`); Date and signature are Postmark's.
"""

from __future__ import annotations

import json

from akkoord.delivery.hooks.told import MARK
from akkoord.delivery.outgoing import OutcomeKind, Outgoing
from akkoord.delivery.providers import verdicts
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.caller import Answer, Ask
from akkoord.delivery.providers.parts import parts_of
from akkoord.delivery.providers.verdicts import Verdict

SINGLE = "outbound"  # Postmark's own stream for mails to one person; letters go by the account's
_TROUBLES = {
    10: verdicts.KEY,
    400: verdicts.SENDER,
    401: verdicts.SENDER,
    405: verdicts.CREDIT,
    412: verdicts.STOPPED,
    413: verdicts.STOPPED,
}
_INACTIVE = 406  # it came back before, or was called spam: Postmark sends it no more


def letter(account: Account, outgoing: Outgoing, content: bytes) -> Ask:
    """The question that sends a letter. Raises NotForParts."""
    parts = parts_of(content, recipient=outgoing.recipient)
    headers = {**parts.headers, "X-PM-KeepID": "true"}
    is_letter = "list-unsubscribe" in {name.lower() for name in headers}
    said = {
        "From": str(parts.sender),
        "To": str(parts.to),
        "Subject": parts.subject,
        "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        "MessageStream": account.name if is_letter else SINGLE,
        "TrackOpens": False,
        "TrackLinks": "None",
        **({"ReplyTo": str(parts.reply_to)} if parts.reply_to else {}),
        **({"TextBody": parts.text} if parts.text else {}),
        **({"HtmlBody": parts.html} if parts.html else {}),
        **({"Metadata": {MARK: parts.mark}} if parts.mark else {}),
    }
    return asked(account, "POST", "/email", said)


def asked(account: Account, method: str, path: str, said: object = None) -> Ask:
    """A question to Postmark."""
    headers = {"X-Postmark-Server-Token": account.key, "Content-Type": "application/json"}
    body = b"" if said is None else json.dumps(said).encode()
    return Ask(account.host, method, path, headers, body)


def judge(answer: Answer) -> Verdict:
    """What Postmark's answer means for the letter."""
    said = answer.said if isinstance(answer.said, dict) else {}
    number, code = str(said.get("MessageID") or ""), said.get("ErrorCode", 0)
    if answer.is_good and code == 0:
        return verdicts.taken(answer, number)
    words = str(said.get("Message") or "").lower()
    if code in _TROUBLES:
        return verdicts.trouble(_TROUBLES[code])
    if answer.status in (401, 403):
        return verdicts.trouble(verdicts.KEY)
    if isinstance(code, int) and 1_200 <= code < 1_300:
        return verdicts.trouble(verdicts.SETUP)  # its numbers for streams
    if code == 300 and "'from'" in words:
        return verdicts.trouble(verdicts.SENDER)
    if answer.is_good:  # a good status with a refusal in it
        answer = Answer(422, answer.headers, answer.body)
    if code == _INACTIVE:
        return Verdict(OutcomeKind.REJECTED, str(_INACTIVE))
    return verdicts.refused(answer, bad_address=code == 300 and "'to'" in words)
