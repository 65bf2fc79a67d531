"""What differs between channels when a worker hands over: what is made, by which way it goes.

Claiming, asking the gate, recording and counting are the same for all (`deliver`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from akkoord.consent.devices import drop_devices
from akkoord.consent.tokens import (
    preference_link,
    renewal_link,
    return_address,
    why_link,
    withdrawal_address,
    withdrawal_link,
)
from akkoord.delivery.cores import usable_cores
from akkoord.delivery.outgoing import Outgoing, Transport
from akkoord.delivery.push import GONE, PushPool
from akkoord.delivery.signing import signer_for
from akkoord.delivery.transports import way_out
from akkoord.law.states import Channel
from akkoord.messages.asking import MEASURED, Asking
from akkoord.messages.claims import Going
from akkoord.messages.compile import Compiled, Envelope, MessageSource
from akkoord.messages.conditions import made_conditions
from akkoord.messages.dispatch import DispatchRefused, compile_under, hash_of
from akkoord.messages.gate_of import kind_fits
from akkoord.messages.measured import click_token
from akkoord.messages.models import Dispatch
from akkoord.messages.push import TTL_SECONDS, PushSource, compile_push, sealed
from akkoord.messages.template import CLICK_KEY, RENEWAL
from akkoord.messages.topics import topics_in
from akkoord.register.queries import measuring_purpose

SESSIONS = 10  # connections to a mail server
TOGETHER = 8  # letters that one thread makes at once
NO_SUCH_ADDRESS = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")


class Way(Protocol):
    """One channel's part of a run."""

    content_hash: str
    asking: Asking
    no_such_address: tuple[str, ...]  # how codes end that say: this address is no more
    sending_domain: str  # whose pace counts; empty: no mail

    def open(self, *, is_shared: bool) -> Transport:
        """The transport of this channel; `is_shared`: another process hands over beside it."""
        ...

    def outgoing(self, going: Sequence[Going], at: datetime, limit: float) -> list[Outgoing]:
        """A message for each person, made shortly before it leaves. Uses no database."""
        ...

    def bury(self, dead: Mapping[str, Sequence[UUID]], *, at: datetime) -> bool:
        """Deal with addresses that are no more; False: they are only to be marked."""
        ...

    def close(self) -> None:
        """Let go of what was kept for the run."""
        ...


def way_of(dispatch: Dispatch) -> Way:
    """The way of a dispatch, compiled. Raises CompileError, GroupRefused, DkimKeyError.

    Raises DispatchRefused for a run that calls itself something else than its template (INV-26).
    """
    if not kind_fits(dispatch):
        raise DispatchRefused("kind-not-of-template", "")
    return PushWay(dispatch) if dispatch.channel == Channel.PUSH else MailWay(dispatch)


class MailWay:
    """Mail: a compiled letter, signed, to the mail server."""

    no_such_address: tuple[str, ...] = NO_SUCH_ADDRESS

    def __init__(self, dispatch: Dispatch) -> None:
        source = MessageSource.from_json(dispatch.template)
        self.sending_domain = source.domain
        self._purpose_id = dispatch.purpose_id
        self._letters = _letters(dispatch, source)
        self._compiled = next(iter(self._letters.values()))
        self._renews = source.renews
        self._sender, self._domain = source.sender.address, source.domain
        self._signer = signer_for(source.domain)
        # OpenSSL signs outside Python's lock, so that threads sign on every core.
        is_slow = self._signer is not None and self._signer.is_slow
        self._makers = ThreadPoolExecutor(usable_cores(), "sign") if is_slow else None
        self.content_hash = hash_of(list(self._letters.values()))
        measuring = measuring_purpose() if source.counting else None
        # Who lets us see what they read gets links of their own (INV-28): compiled beside it.
        self._measured = _letters(dispatch, source, is_measured=True) if measuring else None
        # What is relative to today is so on the day that it leaves.
        conditions = made_conditions(self._compiled.conditions, dispatch.purpose, timezone.now())
        slots = sorted(self._compiled.slots)
        self.asking = Asking.prepare(dispatch, slots, source.language, conditions, measuring)

    def open(self, *, is_shared: bool) -> Transport:
        """The mail servers, or the built-in mailbox; two processes share the connections."""
        return way_out(connections=SESSIONS // 2 if is_shared else SESSIONS)

    def outgoing(self, going: Sequence[Going], at: datetime, limit: float) -> list[Outgoing]:
        """A letter for each person; with a slow key their making begins at once, a few a time."""
        contents: list[Callable[[], bytes]] = [partial(self._content, each, at) for each in going]
        if self._makers is not None:
            parts = [contents[n : n + TOGETHER] for n in range(0, len(contents), TOGETHER)]
            contents = [
                partial(_made, made, n)
                for part, made in [(part, self._makers.submit(_make, part)) for part in parts]
                for n in range(len(part))
            ]
        return [
            Outgoing(
                each.id,
                self._sender,
                each.address,
                content,
                limit,
                each.person_id,
                True,
                return_path=partial(self._return_path, each),
            )
            for each, content in zip(going, contents, strict=True)
        ]

    def _return_path(self, going: Going) -> str:
        """The envelope sender of one letter, for a server that keeps it."""
        topic = going.purpose_id or self._purpose_id
        return return_address(point_id=going.point_id, purpose_id=topic, domain=self._domain)

    def close(self) -> None:
        """Let the threads go; letters that nobody waits for are not made any more."""
        if self._makers is not None:
            self._makers.shutdown(cancel_futures=True)

    def _content(self, going: Going, at: datetime) -> bytes:
        """The bytes for one person, with their own ways out."""
        purpose, point = going.purpose_id or self._purpose_id, going.point_id
        if self._compiled.is_service:
            return self._service(going, at)
        stop = withdrawal_link(point_id=point, purpose_id=purpose, message_id=going.id)
        values = going.values | {
            "unsubscribe_url": stop,
            "preferences_url": preference_link(point_id=point, at=at),
            "why_url": why_link(point_id=point, purpose_id=purpose, at=at, message_id=going.id),
        }
        if self._renews:
            values[RENEWAL] = renewal_link(point_id=point, purpose_id=purpose, at=at)
        envelope = Envelope(
            message=going.id,
            to_address=going.address,
            at=at,
            one_click_url=stop,
            unsubscribe_mailto=withdrawal_address(
                point_id=point, purpose_id=purpose, domain=self._domain
            ),
        )
        letters = self._letters
        if self._measured is not None and values.get(MEASURED):
            letters, values[CLICK_KEY] = self._measured, click_token(going.id)
        compiled = letters[going.purpose_id]
        content = compiled.render(values, envelope)
        return self._signer.sign(content) if self._signer else content

    def _service(self, going: Going, at: datetime) -> bytes:
        """The bytes of a service message: one's own choices, and nothing to stop."""
        own = {"preferences_url": preference_link(point_id=going.point_id, at=at)}
        envelope = Envelope(message=going.id, to_address=going.address, at=at, one_click_url="")
        content = self._compiled.render(going.values | own, envelope)
        return self._signer.sign(content) if self._signer else content

    def bury(self, dead: Mapping[str, Sequence[UUID]], *, at: datetime) -> bool:  # noqa: ARG002
        """A mailbox that is no more is marked: it may come back."""
        return False


def _letters(
    dispatch: Dispatch, source: MessageSource, *, is_measured: bool = False
) -> dict[UUID | None, Compiled]:
    """The letter by the topic that somebody gets it under; under None the only one."""
    made = compile_under(
        dispatch.purpose,
        source,
        is_measured=is_measured,
        also=topics_in(dispatch.also),
        heads=source.topics,
    )
    topics: list[UUID | None] = [UUID(each.purpose) for each in source.topics]
    return dict(zip(topics or [None], made, strict=True))


def _make(contents: Sequence[Callable[[], bytes]]) -> list[bytes | Exception]:
    """Some letters; one that cannot be made does not stop the others."""
    made: list[bytes | Exception] = []
    for content in contents:
        try:
            made.append(content())
        except Exception as problem:
            made.append(problem)
    return made


def _made(making: Future[list[bytes | Exception]], number: int) -> bytes:
    """One of them, waited for."""
    found = making.result()[number]
    if isinstance(found, Exception):
        raise found
    return found


class PushWay:
    """Push: a short text, sealed for one browser, to that browser's push service."""

    no_such_address: tuple[str, ...] = GONE
    sending_domain = ""

    def __init__(self, dispatch: Dispatch) -> None:
        source = PushSource.from_json(dispatch.template)
        self._dispatch = dispatch
        self._compiled = compile_push(source)
        self._contact = source.contact
        self._headers = {
            "TTL": str(TTL_SECONDS),
            "Urgency": "normal",
            # A message that still waits there is replaced by its repeat (RFC 8030 5.4).
            "Topic": dispatch.id.hex,
        }
        self.content_hash = self._compiled.content_hash
        self.asking = Asking.prepare_push(dispatch, source.language)

    def open(self, *, is_shared: bool) -> Transport:  # noqa: ARG002 - not limited by servers
        """The push services of the world."""
        return PushPool(loopback=settings.PUSH_LOOPBACK)

    def outgoing(self, going: Sequence[Going], at: datetime, limit: float) -> list[Outgoing]:
        """A message for each device."""
        return [
            Outgoing(
                key=each.id,
                sender=self._contact,
                recipient=each.address or "",
                content=partial(self._content, each, at),
                hand_over_by=limit,
                subject_id=each.person_id,
                headers=self._headers,
            )
            for each in going
        ]

    def close(self) -> None:
        """Nothing was kept."""

    def _content(self, going: Going, at: datetime) -> bytes:
        payload = self._compiled.payload(
            dispatch_id=self._dispatch.id,
            purpose_id=self._dispatch.purpose_id,
            point_id=going.point_id,
            message_id=going.id,
            at=at,
        )
        return sealed(payload, p256dh=going.values["p256dh"], auth=going.values["auth"])

    def bury(self, dead: Mapping[str, Sequence[UUID]], *, at: datetime) -> bool:
        """A subscription that is no more is dropped with its keys (RFC 8030 7.3)."""
        for code, points in dead.items():
            drop_devices(point_ids=points, why=code, at=at)
        return True
