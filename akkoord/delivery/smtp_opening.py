"""Opening an SMTP connection: connect, TLS, EHLO, log in. Linear and blocking, with time-outs.

The pool runs this in a thread per connection, so one server that hangs holds up nobody else.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
MAX_REPLY_BYTES = 65_536
_REPLY_CODE = re.compile(rb"[2-5][0-9]{2}(?=[ -]|$)")


class OpeningError(Exception):
    """The connection could not be opened. `permanent`: trying again will not help."""

    def __init__(self, code: str, *, permanent: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server as its address names it."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether mail handed to this server has not left the machine yet."""
        if self.host.lower() in {"localhost", "localhost."}:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_url(url: str) -> Server:
    """Read `smtp://user:pass@host:port`, `smtps://` or `smtp+starttls://`.

    Raises ValueError, without repeating the address: it may hold a password.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("the mail server must be smtp://, smtps:// or smtp+starttls://host:port")
    return Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or SCHEMES[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


@dataclass(slots=True)
class Line:
    """An open, logged-in connection, with what the server can do."""

    sock: socket.socket
    features: Mapping[str, str]
    used_at: float = field(default_factory=time.monotonic)

    @property
    def size_limit(self) -> int:
        """The greatest message that the server takes; 0: it did not say (RFC 1870)."""
        text = self.features.get("SIZE", "")
        return int(text) if text.isascii() and text.isdigit() else 0

    def close(self) -> None:
        """Close without a word; a message half written is then void (RFC 5321 4.1.1.10)."""
        with contextlib.suppress(OSError):
            self.sock.close()


def own_name() -> str:
    """The name to greet with: our host name when it is a full one, else an address literal."""
    name = socket.gethostname()
    if "." in name and re.fullmatch(r"[A-Za-z0-9.-]+", name):
        return name
    return "[127.0.0.1]"


def open_line(server: Server, *, timeout: float, context: ssl.SSLContext | None = None) -> Line:
    """Connect, secure, greet and log in. Raises OpeningError with a short code.

    A password is never sent in the clear to another machine, and a certificate that does not
    fit is refused: mail is personal data (art. 32).
    """
    try:
        raw = socket.create_connection((server.host, server.port), timeout=timeout)
    except OSError as problem:
        raise OpeningError("connect") from problem
    dialogue = _Dialogue(server, raw, context)
    try:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return dialogue.run()
    except BaseException as problem:
        dialogue.sock.close()  # after TLS this is another object than the bare socket
        if isinstance(problem, ssl.SSLCertVerificationError):
            raise OpeningError("certificate", permanent=True) from problem
        if isinstance(problem, OSError):
            raise OpeningError("connect") from problem
        raise


_reading = threading.Lock()


def _trusted() -> ssl.SSLContext:
    """Whom we trust: the certificates of this machine, read anew each hour.

    Reading them takes some 20 ms, and ten connections open at once.
    """
    with _reading:
        return _read_trusted(int(time.monotonic() // 3600))


@functools.lru_cache(maxsize=1)
def _read_trusted(_hour: int) -> ssl.SSLContext:
    return ssl.create_default_context()


class _Dialogue:
    """The words before the first message."""

    def __init__(self, server: Server, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        self.server = server
        self.sock = sock
        self.context = context
        self.buffer = b""
        self.secured = False

    def run(self) -> Line:
        if self.server.scheme == "smtps":
            self._secure()
        self._expect(b"", 220, "greeting")
        features = self._greet()
        if self.server.scheme == "smtp+starttls":
            if "STARTTLS" not in features:
                raise OpeningError("starttls-missing", permanent=True)
            self._expect(b"STARTTLS\r\n", 220, "starttls")
            if self.buffer:  # words slipped in before TLS (CVE-2011-0411)
                raise OpeningError("starttls-injection", permanent=True)
            self._secure()
            features = self._greet()
        if self.server.user:
            self._log_in(features)
        return Line(self.sock, features)

    def _secure(self) -> None:
        context = self.context or _trusted()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.server.host)
        self.secured = True

    def _greet(self) -> dict[str, str]:
        name = own_name().encode()
        code, lines = self._ask(b"EHLO " + name + b"\r\n")
        if code == 421:
            raise OpeningError("421")
        if code != 250:  # an old server: no extension at all
            self._expect(b"HELO " + name + b"\r\n", 250, "greeting")
            return {}
        features: dict[str, str] = {}
        for line in lines[1:]:
            word, _, rest = line.decode("ascii", "replace").partition(" ")
            features[word.upper()] = rest.strip()
        return features

    def _log_in(self, features: Mapping[str, str]) -> None:
        if not self.secured and not self.server.is_loopback:
            raise OpeningError("password-needs-tls", permanent=True)
        methods = features.get("AUTH", "").upper().split()
        user, password = self.server.user.encode(), self.server.password.encode()
        if "PLAIN" in methods:
            secret = base64.b64encode(b"\0" + user + b"\0" + password)
            self._expect(b"AUTH PLAIN " + secret + b"\r\n", 235, "login")
        elif "LOGIN" in methods:
            self._expect(b"AUTH LOGIN\r\n", 334, "login")
            self._expect(base64.b64encode(user) + b"\r\n", 334, "login")
            self._expect(base64.b64encode(password) + b"\r\n", 235, "login")
        else:
            raise OpeningError("login-missing", permanent=True)

    def _expect(self, words: bytes, wanted: int, step: str) -> None:
        code, _ = self._ask(words)
        if code != wanted:
            # 4xx is for now (too many connections, too busy), 5xx for good.
            raise OpeningError(f"{step}-{code}", permanent=code >= 500)

    def _ask(self, words: bytes) -> tuple[int, list[bytes]]:
        if words:
            self.sock.sendall(words)
        lines: list[bytes] = []
        while True:
            line = self._line()
            if not _REPLY_CODE.match(line):
                raise OpeningError("not-smtp")
            lines.append(line[4:])
            if line[3:4] != b"-":
                return int(line[:3]), lines

    def _line(self) -> bytes:
        while b"\n" not in self.buffer:
            if len(self.buffer) > MAX_REPLY_BYTES:
                raise OpeningError("not-smtp")
            more = self.sock.recv(4096)
            if not more:
                raise OpeningError("connect")
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r")
