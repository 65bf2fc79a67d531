"""What an author and the organisation put into a message, and what of it is refused at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from akkoord.messages import mime
from akkoord.messages.conditions import Conditions
from akkoord.messages.footer import Footer
from akkoord.messages.look import PLAIN, Look
from akkoord.messages.template import RENEWAL, CompileError, Slot
from akkoord.messages.topics import TopicHead, heads_in

BLOCKS = "blocks"  # MJML of ours, one block on a line
FORMATS = ("markdown", "mjml", "html", BLOCKS)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_FEEDBACK = re.compile(r"[A-Za-z0-9._:-]*")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who it comes from: a real name and an address that answers."""

    name: str
    address: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class MessageSource:
    """All that an author and the organisation put in; kept as JSON with what was approved.

    `list_id`: `news.example.nl` (RFC 2919); `domain`: right side of the Message-ID;
    `feedback_id`: `campaign:topic:kind:sender` for the providers' complaint figures;
    `counting`: what the address of a counted link begins with, empty: none are counted;
    `web_url`: where the letter stands in the browser.
    """

    subject: str
    body: str
    body_format: str
    language: str
    sender: Sender
    footer: Footer
    list_id: str
    domain: str
    list_name: str = ""
    feedback_id: str = ""
    preheader: str = ""
    renews: bool = False  # asks whether a yes still stands: the only letter with that button
    counting: str = ""
    web_url: str = ""
    look: Look = PLAIN
    conditions: Conditions = ()  # of blocks: the line, and which people get it
    is_service: bool = False  # about a purchase: no way out of a contract, so none is offered
    about: str = ""  # of a service message: `agreement`, `leak`, else it is about a purchase
    evidence: str = ""  # of a letter that is a duty: the id of what it rests on
    # The title says a field's fallback. What was approved before keeps its hash: it left them out.
    fills_title: bool = False
    # Says to mail programs that it has a dark side, and to Outlook a letter type that it has; what
    # was approved before keeps its hash here too.
    for_programs: bool = False
    topics: tuple[TopicHead, ...] = ()  # of a letter about several: what differs by topic

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a JSON column; what is as always is left out."""
        plain = asdict(self)
        if self.look == PLAIN:
            del plain["look"]
        if not self.conditions:
            del plain["conditions"]
        if not self.is_service:
            del plain["is_service"]
        if not self.about:
            del plain["about"]
        if not self.evidence:
            del plain["evidence"]
        if not self.fills_title:
            del plain["fills_title"]
        if not self.for_programs:
            del plain["for_programs"]
        if not self.topics:
            del plain["topics"]
        return plain

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> MessageSource:
        """The source again from what `as_json` gave."""
        plain = dict(values)
        if "look" in plain:
            plain["look"] = Look(**plain["look"])
        if "conditions" in plain:
            plain["conditions"] = tuple((line, text) for line, text in plain["conditions"])
        plain["topics"] = heads_in(plain.get("topics", ()))
        return cls(
            **plain | {"sender": Sender(**plain["sender"]), "footer": Footer(**plain["footer"])}
        )

    def under(self, head: TopicHead) -> MessageSource:
        """The letter as somebody gets it who gets it under this topic."""
        return replace(
            self,
            footer=replace(self.footer, topic=head.name),
            list_id=head.list_id,
            list_name=head.list_name,
            feedback_id=head.feedback_id,
            topics=(),
        )


def check_renewal(source: MessageSource, body: list[str | Slot]) -> None:
    """The button that carries a yes on stands in the letter that asks for it, and in no other."""
    found = [piece for piece in body if not isinstance(piece, str) and piece.name == RENEWAL]
    if found and not source.renews:
        raise CompileError("unknown-field", part="body", line=found[0].line, field=RENEWAL)
    if source.renews and not found:
        raise CompileError("way-out-hidden", part="body", field=RENEWAL)


def check_head(source: MessageSource) -> None:  # noqa: C901 -- one check after another
    """The sender is real and can be reached, and nothing breaks out of a header."""
    if source.body_format not in FORMATS:
        raise CompileError("unknown-format", part="body")
    if not source.subject.strip():
        raise CompileError("empty-subject", part="subject")
    if not source.body.strip():
        raise CompileError("empty-body", part="body")
    for name in ("organisation", "postal_address", "contact"):
        if not getattr(source.footer, name).strip():
            raise CompileError("footer-incomplete", part="footer", field=name)
    sender = source.sender
    if not sender.name.strip():
        raise CompileError("sender-incomplete", part="sender", field="name")
    for address in (sender.address, sender.reply_to or sender.address):
        try:
            mime.ascii_domain(address)
        except (ValueError, UnicodeError) as problem:
            raise CompileError("bad-address", part="sender") from problem
        if re.match(r"no-?reply|niet-?beantwoorden|donotreply", address, re.IGNORECASE):
            raise CompileError("no-reply-sender", part="sender")  # Reclame Code e-mail
    for label, what in ((source.list_id, "list_id"), (source.domain, "domain")):
        if not _LABEL.fullmatch(label):
            raise CompileError("bad-address", part="sender", field=what)
    if not _FEEDBACK.fullmatch(source.feedback_id):
        raise CompileError("bad-address", part="sender", field="feedback_id")
