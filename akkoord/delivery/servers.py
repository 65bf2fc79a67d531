"""Which mail servers there are: those of the environment, and those that the owner entered."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from django.conf import settings

from akkoord.delivery.dns_check import Leaving
from akkoord.delivery.hook_models import Provider
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.server_models import MailServer
from akkoord.delivery.smtp_opening import SCHEMES, read_url
from akkoord.delivery.spf import above

MOST_WEIGHT = 100
_LONGEST_HOST = 253  # RFC 1035, 2.3.4
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_APART = re.compile(r"[\s,]+(?=[a-z+]+://)")


@dataclass(frozen=True, slots=True)
class Relay:
    """One mail server as letters leave by it. `server_id`: entered by the owner; else None.

    `account`: of a provider that is spoken to by its own interface; then there is no `url`.
    """

    key: str
    url: str = field(repr=False)  # may hold a password
    label: str
    weight: int = 1
    user: str = ""
    server_id: UUID | None = None
    account: Account | None = None


def split_urls(text: str) -> list[str]:
    """Addresses that stand behind each other, parted by spaces or commas."""
    return [each.strip(" ,\t\r\n") for each in _APART.split(text.strip()) if each.strip(" ,")]


def weight_of(url: str) -> int:
    """The share that an address asks for with `?weight=2`. Raises ValueError for none of 1-100."""
    values = parse_qs(urlsplit(url).query, keep_blank_values=True)
    unknown = set(values) - {"weight"}
    text = values.get("weight", ["1"])[-1]
    if unknown or not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_WEIGHT:
        raise ValueError("a mail server's weight is a number from 1 to 100: ?weight=2")
    return int(text)


def relays() -> list[Relay]:
    """Every mail server, those of the environment first; none: the built-in mailbox."""
    found = [_of_environment(url) for url in split_urls(settings.SMTP_URL or "")]
    entered = MailServer.objects.order_by("created_at")
    # One that cannot be read must not stop the mail that goes by the others.
    return found + [_of_settings(server) for server in entered if is_host(server.host)]


def is_host(text: str) -> bool:
    """Whether a text is the name of a machine or its IP address, without a port."""
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        labels = text.removesuffix(".").split(".")
        return len(text) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, labels))


def _of_environment(url: str) -> Relay:
    if url.startswith("memory://"):
        return Relay("memory", url, "memory")
    server = read_url(url)
    return Relay(
        key=_key(server.scheme, server.host, server.port, server.user),
        url=url,
        label=f"{server.host}:{server.port}",
        weight=weight_of(url),
        user=server.user,
    )


def _of_settings(server: MailServer) -> Relay:
    if server.kind != MailServer.Kind.SMTP:
        return _of_provider(server)
    login = ""
    if server.user:
        login = f"{quote(server.user, safe='')}:{quote(_password(server.id), safe='')}@"
    host = f"[{server.host}]" if ":" in server.host else server.host
    return Relay(
        key=_key(server.scheme, server.host, server.port, server.user),
        url=f"{server.scheme}://{login}{host}:{server.port}",
        label=f"{server.host}:{server.port}",
        weight=server.weight,
        user=server.user,
        server_id=server.id,
    )


def _of_provider(server: MailServer) -> Relay:
    account = Account(server.kind, server.host, server.user, _password(server.id))
    place = account.region if server.kind == MailServer.Kind.SES else account.name
    return Relay(
        key=_key(server.scheme, server.host, server.port, server.user),
        url="",
        label=f"{server.get_kind_display()} ({place})" if place else server.get_kind_display(),
        weight=server.weight,
        user=server.user,
        server_id=server.id,
        account=account,
    )


def _key(scheme: str, host: str, port: int, user: str) -> str:
    """What a server is called where its state is kept: says nothing of its password."""
    words = f"{scheme}\n{host.lower()}\n{port}\n{user}"
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def has_relay() -> bool:
    """Whether mail goes to a mail server at all, and not to the built-in mailbox."""
    return bool(settings.SMTP_URL) or MailServer.objects.exists()


def hosts_away() -> list[str]:
    """Hosts of mail servers that are not this machine: mail handed there has left it."""
    return [each.host for each in ways_away()]


def ways_away() -> list[Leaving]:
    """By which servers mail leaves this machine, and what the envelope says there."""
    return ways_of(relays())


def ways_of(found: Sequence[Relay]) -> list[Leaving]:
    """The same of servers that were asked for already."""
    servers = [read_url(each.url) for each in found if each.key != "memory" and not each.account]
    away = [Leaving(server.host) for server in servers if not server.is_loopback]
    accounts = [each.account for each in found if each.account]
    return away + [Leaving(each.host, _envelope(each)) for each in accounts]


def _envelope(account: Account) -> str:
    """The domain that a provider writes on the envelope: of Mailgun the account's, else theirs."""
    return account.name if account.provider == Provider.MAILGUN else above(account.host)


# ---- passwords: in the data folder beside the keys, 0600; never in the database or its backup


def _path(server_id: UUID) -> Path:
    return Path(settings.DATA_DIR) / "keys" / f"mail-server-{server_id.hex}"


def _password(server_id: UUID) -> str:
    try:
        return _path(server_id).read_text(encoding="utf-8")
    except FileNotFoundError:  # after a restore on another machine: it is to be typed once more
        return ""


def has_password(server_id: UUID) -> bool:
    """Whether the password is there; after a restore elsewhere it is not."""
    return _path(server_id).exists()


def misses_password(relay: Relay) -> bool:
    """Whether a server that the owner entered cannot log in, since its password is not here."""
    if relay.server_id is None or not (relay.user or relay.account):
        return False
    return not has_password(relay.server_id)


def keep_password(server_id: UUID, password: str) -> None:
    """Write a password into the data folder, readable by Akkoord alone."""
    path = _path(server_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(password)
    Path(draft).replace(path)


def drop_password(server_id: UUID) -> None:
    """Remove a password."""
    with contextlib.suppress(FileNotFoundError):
        _path(server_id).unlink()


def default_port(scheme: str) -> int:
    """The port that belongs to a way of securing the line."""
    return SCHEMES[scheme]
