"""What is sent and answered, as types; an unknown field is refused, so that none is ignored."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

PLAIN = r"^[^\x00-\x1f\x7f]*$"  # a line of text: no database takes a NUL
Address = Annotated[
    str,
    Field(
        min_length=3, max_length=320, pattern=PLAIN, examples=["anna@example.nl", "+31612345678"]
    ),
]
Slug = Annotated[
    str, Field(min_length=1, max_length=80, pattern=r"^[\w-]+$", examples=["nieuwsbrief"])
]
AddressChannel = Literal["email", "phone", "sms"]
Language = Literal["nl", "en"]


class Sent(Schema):
    """Something that another system sends."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class WithdrawalIn(Sent):
    """Somebody stops: one topic, or (without a topic) everything at this address."""

    address: Address
    channel: AddressChannel = "email"
    topic: Slug | None = None


class ObjectionIn(Sent):
    """Somebody wants no marketing any more, over any channel (art. 21(2) GDPR)."""

    address: Address
    channel: AddressChannel = "email"


RequestKindIn = Literal[
    "access",
    "portability",
    "rectification",
    "erasure",
    "restriction",
    "objection",
    "withdrawal",
    "objection-use",
    "human-look",
]


class RequestIn(Sent):
    """Somebody asked your system something about their data (art. 12-22 GDPR)."""

    kinds: Annotated[list[RequestKindIn], Field(min_length=1, max_length=9)]
    address: Annotated[
        str, Field(min_length=3, max_length=320, pattern=PLAIN, examples=["anna@example.nl"])
    ]
    words: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    language: Language = "nl"
    received_at: datetime | None = None


class SignUpIn(Sent):
    """Somebody asked your system for topics of a published form. They get one mail to confirm."""

    form: Slug
    address: Annotated[
        str, Field(min_length=3, max_length=320, pattern=PLAIN, examples=["anna@example.nl"])
    ]
    topics: Annotated[list[Slug], Field(min_length=1, max_length=20)]
    language: Language = "nl"
    first_name: Annotated[str, Field(max_length=120, pattern=PLAIN)] = ""
    last_name: Annotated[str, Field(max_length=160, pattern=PLAIN)] = ""
    sixteen_or_older: bool = False
    terms_accepted: bool = False
    visitor_ip: Annotated[
        str,
        Field(
            max_length=45,
            pattern=r"^[0-9a-fA-F.:]*$",
            description="Cut to its network (/24, /48) before it is kept.",
        ),
    ] = ""


class Accepted(Schema):
    """It was taken; the same answer for every address, known or not."""

    accepted: Literal[True] = True


class TopicOut(Schema):
    """A topic that people can choose."""

    slug: str
    name: str
    description: str
    frequency: str
    channels: list[str]


class PermissionOut(Schema):
    """What the gate says of one topic at this address, now."""

    topic: str
    channel: str
    allowed: bool
    reason: str | None
    sentence: str


class HealthOut(Schema):
    """The server and its database answer."""

    status: Literal["ok"] = "ok"
