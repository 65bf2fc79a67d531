"""Amazon SES, API v2 `SendEmail` with the whole message.

Our own configuration set is named each time: it has no event for opens or clicks, so that SES puts
in no picture and rewrites no link, whatever the account has as its default.
"""

from __future__ import annotations

import json
from base64 import b64encode

from django.utils import timezone

from akkoord.delivery.outgoing import Outgoing
from akkoord.delivery.providers import verdicts
from akkoord.delivery.providers.accounts import SET, Account
from akkoord.delivery.providers.caller import Answer, Ask
from akkoord.delivery.providers.signed import signed
from akkoord.delivery.providers.verdicts import Verdict

_TROUBLES = {
    "AccountSuspendedException": verdicts.STOPPED,
    "SendingPausedException": verdicts.STOPPED,
    "MailFromDomainNotVerifiedException": verdicts.SENDER,
    "NotFoundException": verdicts.SETUP,
    "UnrecognizedClientException": verdicts.KEY,
    "InvalidClientTokenId": verdicts.KEY,
    "InvalidClientTokenIdException": verdicts.KEY,
    "AccessDeniedException": verdicts.KEY,
    "RequestExpired": verdicts.CLOCK,
}
_BAD_ADDRESS = ("illegal address", "final '@domain'", "local address", "domain contains")
_DAY = 3_600.0  # a day's quota is counted over the last 24 hours: some comes free each hour


def letter(account: Account, outgoing: Outgoing, content: bytes) -> Ask:
    """The question that sends a letter."""
    said = {
        "Destination": {"ToAddresses": [outgoing.recipient]},
        "Content": {"Raw": {"Data": b64encode(content).decode()}},
        "ConfigurationSetName": SET,
    }
    return asked(account, "POST", "/v2/email/outbound-emails", said)


def asked(account: Account, method: str, path: str, said: object = None) -> Ask:
    """A signed question to SES."""
    body = b"" if said is None else json.dumps(said).encode()
    ask = Ask(account.host, method, path, {"Content-Type": "application/json"}, body)
    return signed(
        ask,
        access_key=account.name,
        secret=account.key,
        region=account.region,
        service="ses",
        at=timezone.now(),
    )


def judge(answer: Answer) -> Verdict:
    """What SES's answer means for the letter."""
    said = answer.said if isinstance(answer.said, dict) else {}
    if answer.is_good:
        return verdicts.taken(answer, str(said.get("MessageId") or ""))
    kind = kind_of(answer)
    words = str(said.get("message") or said.get("Message") or "").lower()
    if kind == "SignatureDoesNotMatch" or kind == "InvalidSignatureException":
        return verdicts.trouble(verdicts.CLOCK if "expired" in words else verdicts.KEY)
    if kind in _TROUBLES:
        return verdicts.trouble(_TROUBLES[kind])
    if kind == "MessageRejected" and "not verified" in words:
        return verdicts.trouble(verdicts.SENDER)
    if answer.status in (401, 403):
        return verdicts.trouble(verdicts.KEY)
    is_bad = kind == "BadRequestException" and any(each in words for each in _BAD_ADDRESS)
    return verdicts.refused(answer, bad_address=is_bad, wait=_DAY if "daily" in words else 0.0)


def kind_of(answer: Answer) -> str:
    """The name of what went wrong."""
    said = answer.said if isinstance(answer.said, dict) else {}
    name = answer.headers.get("x-amzn-errortype") or str(said.get("__type") or "")
    return name.partition(":")[0].rpartition("#")[2]
