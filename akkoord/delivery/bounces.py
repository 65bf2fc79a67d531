"""What a mail that came back says: a bounce, a complaint, an automatic answer, or nothing of that.

Standard reports say it by themselves (delivery status, RFC 3464; abuse, RFC 5965). Servers that
write prose are read by the words they use, and `flufl.bounce` finds the address in their forms.
Nothing is stored here, and whom it means is decided higher up: anybody can send us anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses, parseaddr
from itertools import islice
from uuid import UUID

from flufl.bounce import all_failures

from akkoord.delivery.bounce_parts import (
    COPY,
    bare,
    blocks,
    fields,
    line,
    line_of,
    one_address,
    text,
    text_of,
    typed,
    words_of,
)
from akkoord.delivery.bounce_words import (
    LISTED,
    BounceKind,
    best_status,
    judge,
    says_something,
)
from akkoord.delivery.incoming import LARGEST

MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back, as far as it says so itself.

    `recipient`: whom we wrote to; `status`: the enhanced code (RFC 3463), else the reply code.
    `message_id`: which of our messages came back, by our own Message-ID; `way_out`: the mail
    address of the returned letter's List-Unsubscribe, whose tag is signed. `asks`: a challenge,
    that wants to know whether a person writes.
    """

    kind: BounceKind
    recipient: str = ""
    status: str = ""
    message_id: UUID | None = None
    way_out: str = ""
    asks: bool = False


_OUR_ID = re.compile(r"([0-9a-f]{32})@")
_MAILTO = re.compile(r"<mailto:([^?>\s]+)", re.IGNORECASE)
_DAEMON = re.compile(
    r"mailer-?daemon|^postmaster\b|mail delivery (sub)?system|^mailerdaemon|^bounces?\b|^mdaemon\b",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"(undeliver|delivery (status|failure|notification|has failed|incomplete|delayed|problem)"
    r"|mail delivery|returned mail|failure notice|non[- ]?deliver|could not be delivered"
    r"|message delayed|warning: could not send|mail system error|rejected:|bounced?\b"
    r"|onbestelbaar|niet (bezorgd|afgeleverd)|bezorg(ing|fout)|nicht zugestellt|unzustellbar"
    r"|non remis|délivr)",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"(auto(matic|matisch|matische|matically)?[- ]?(reply|response|antwoord|generated|svar)"
    r"|out of (the )?office|\booo\b|vacation|holiday|away from|afwezig|niet aanwezig|vakantie"
    r"|met verlof|on leave|abwesen|abwesend|absence|ik ben (er )?(niet|even|op)|i am (currently )?"
    r"(out|away)|bedankt voor uw (bericht|e-?mail)|thank you for (your (message|e-?mail)|contact)"
    r"|we hebben uw (bericht|e-?mail) ontvangen|ontvangstbevestiging)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"(confirm(ation)? (that )?(you|your (message|e-?mail)|is required)|verify (that )?(you|your)"
    r"|spam ?arrest|boxbe|challenge|click (on )?the (link|button) (below )?(to|so) .{0,60}deliver"
    r"|prove (that )?you|sender verification|waiting for (your )?(confirmation|verification)"
    r"|bevestig(en)? dat u|geen robot|not a robot)",
    re.IGNORECASE | re.DOTALL,
)
# So plain that it needs no header beside it: press here, and show that you are a person.
_ROBOT = re.compile(
    r"(klik|druk|click|press).{0,120}(geen|not a|kein) robot", re.IGNORECASE | re.DOTALL
)
_COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"})


def read_bounce(raw: bytes) -> Bounce:
    """What a mail says of one that we sent. However broken it is, this never raises."""
    try:
        return _read(message_from_bytes(raw[:LARGEST], policy=policy.compat32))
    except Exception:  # the library raises anything on mails that were made to hurt
        return Bounce(BounceKind.NONE)


def _read(message: Message) -> Bounce:
    parts = list(islice(message.walk(), MOST_PARTS))
    ours = _Returned.of(message, parts)
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return _complaint(fields(part), ours)
    if ours.complains:
        return ours.bounce(BounceKind.COMPLAINT)
    reports = [each for each in parts if each.get_content_type() == "message/delivery-status"]
    words = words_of(parts)
    for part in reports:
        found = _report(part, words, ours)
        if found is not None:
            return found
    sender = parseaddr(line(message, "From"))
    is_daemon = any(_DAEMON.search(each) for each in sender if each)
    if not is_daemon and _is_automatic(message):
        asks = bool(_CHALLENGE.search(line(message, "Subject") + "\n" + words))
        return ours.bounce(BounceKind.AUTO_REPLY, recipient=sender[1], asks=asks)
    if not is_daemon and (_CHALLENGE.search(line(message, "Subject")) or _ROBOT.search(words)):
        return ours.bounce(BounceKind.AUTO_REPLY, recipient=sender[1], asks=True)
    return _prose(message, words, ours, is_daemon=is_daemon)


@dataclass(frozen=True, slots=True)
class _Returned:
    """What came back of our own letter: its head, when it is there."""

    recipient: str = ""
    message_id: UUID | None = None
    way_out: str = ""
    complains: bool = False  # the old form of a provider that knows no standard report

    @classmethod
    def of(cls, message: Message, parts: list[Message]) -> _Returned:
        heads = _heads(parts)
        said = [line(each, "Message-ID") for each in heads]
        said += [line(message, "In-Reply-To"), line(message, "References")]
        identity = next((found.group(1) for each in said if (found := _OUR_ID.search(each))), None)
        ways = [_MAILTO.search(line(each, "List-Unsubscribe")) for each in heads]
        complained = line_of([*heads, message], "X-HmXmrOriginalRecipient")
        return cls(
            complained or next((to for each in heads if (to := one_address(each))), ""),
            UUID(identity) if identity else None,
            next((found.group(1) for found in ways if found), ""),
            bool(complained),
        )

    def bounce(
        self, kind: BounceKind, *, recipient: str = "", status: str = "", asks: bool = False
    ) -> Bounce:
        """A finding, with whom we wrote to when the report itself does not say."""
        whom = bare(recipient) or bare(self.recipient)
        return Bounce(kind, whom, status, self.message_id, self.way_out, asks)


def _heads(parts: list[Message]) -> list[Message]:
    """The head of our letter: attached, as headers only, or repeated in the text."""
    found: list[Message] = []
    for part in parts[1:]:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            found.append(part.get_payload(0))  # type: ignore[arg-type]
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            found.append(HeaderParser().parsestr(text(part)))
    own = text_of(parts)
    if not found and (copied := COPY.search(own)):
        repeated = own[copied.start() :]
        found = [
            HeaderParser().parsestr(each) for each in (repeated.partition("\n\n")[2], repeated)
        ]
    return found


def _complaint(report: Message, ours: _Returned) -> Bounce:
    """An abuse report (RFC 5965); one about failed authentication is about our set-up."""
    kind = line(report, "Feedback-Type").lower()
    is_complaint = kind in _COMPLAINTS or not kind
    whom = line(report, "Original-Rcpt-To") or line(report, "Removal-Recipient")
    return ours.bounce(BounceKind.COMPLAINT if is_complaint else BounceKind.NONE, recipient=whom)


def _report(part: Message, words: str, ours: _Returned) -> Bounce | None:
    """A delivery status (RFC 3464); None: it speaks of nobody."""
    groups = [each for each in blocks(part) if line(each, "Action") or line(each, "Status")]
    if not groups:
        return None
    order = {"failed": 0, "delayed": 1}
    block = min(groups, key=lambda each: order.get(line(each, "Action").lower(), 2))
    action = line(block, "Action").lower().split(" ")[0]
    diagnostic = line(block, "Diagnostic-Code")
    status = best_status(line(block, "Status"), diagnostic)
    whom = typed(line(block, "Original-Recipient")) or typed(line(block, "Final-Recipient"))
    if action == "delayed":
        kind = BounceKind.SOFT
    elif action in ("delivered", "relayed", "expanded"):
        kind = BounceKind.NONE
    else:
        said = diagnostic if says_something(diagnostic) else f"{diagnostic}\n{words}"
        kind = judge(status, said)
    return ours.bounce(kind, recipient=whom, status=status)


def _prose(message: Message, words: str, ours: _Returned, *, is_daemon: bool) -> Bounce:
    """A server that writes in its own words."""
    subject = line(message, "Subject")
    failed = [address for _, address in getaddresses(message.get_all("X-Failed-Recipients", []))]
    temporary, permanent = all_failures(message)
    if not (is_daemon or failed or temporary or permanent or _RETURNED.search(subject)):
        return ours.bounce(BounceKind.NONE)
    found = [each.decode("ascii", "replace") for each in (*permanent, *temporary)]
    whom = next((each for each in (*failed, *found) if "@" in each), "")
    status = best_status("", words)
    says = bool(status) or says_something(words)
    if not whom and not says:
        return ours.bounce(BounceKind.NONE)
    if temporary and not permanent and not failed and not status.startswith("5"):
        kind = BounceKind.BLOCK if LISTED.search(words) else BounceKind.SOFT
    elif says:
        kind = judge(status, f"{subject}\n{words}")
    else:
        kind = BounceKind.HARD if permanent or failed else BounceKind.SOFT
    return ours.bounce(kind, recipient=whom, status=status)


def _is_automatic(message: Message) -> bool:
    """RFC 3834, and what programs wrote before it."""
    submitted = line(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    precedence = line(message, "Precedence").lower()
    if precedence in ("auto_reply", "auto-reply"):
        return True
    names = (
        "X-Autoreply",
        "X-Autorespond",
        "X-Autoresponder",
        "X-Auto-Reply-From",
        "X-Mail-Autoreply",
    )
    return any(message.get(name) for name in names) or bool(
        _AUTOMATIC.match(line(message, "Subject").removeprefix("Re: "))
    )
