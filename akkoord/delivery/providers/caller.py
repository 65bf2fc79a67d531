"""One question to a provider, and its answer; or how far it came."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from akkoord.delivery.https_line import HttpsLine
from akkoord.delivery.providers.accounts import UnknownHost, place_of
from akkoord.delivery.push_address import BadEndpoint

MOST_ANSWER = 256 * 1024
AGENT = "Akkoord"


class NotTaken(Exception):
    """It did not leave whole, so the provider has nothing; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unanswered(Exception):
    """It left whole and no answer came: the provider may have it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Ask:
    """What a provider is asked. `headers` and `body` hold keys and addresses: never logged."""

    host: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said. `headers`: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)

    @property
    def is_good(self) -> bool:
        """Whether it did what was asked; a redirect is none, and is not followed."""
        return 200 <= self.status < 300

    @property
    def said(self) -> Any:
        """Its JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Caller:
    """Lines to providers, kept open for the next question. May be used from several threads."""

    def __init__(self, timeout: float = 30.0) -> None:
        """Connects only when asked."""
        self._timeout = timeout
        self._tls = ssl.create_default_context()
        self._lock = threading.Lock()
        self._idle: dict[str, list[HttpsLine]] = {}

    def ask(self, ask: Ask, *, by: float = float("inf")) -> Answer:
        """Ask, and wait for the answer. `by`: the moment after which it may not leave any more.

        Raises NotTaken and Unanswered.
        """
        try:
            line = self._take(ask.host)
        except (UnknownHost, BadEndpoint):
            raise NotTaken("host-refused") from None
        except (OSError, UnicodeError):
            raise NotTaken("connect") from None
        if time.monotonic() > by:  # connecting took too long
            self._keep(ask.host, line)
            raise NotTaken("stale")
        headers = {"Host": ask.host, "User-Agent": AGENT, "Accept": "application/json"}
        try:
            line.request(ask.method, ask.path, ask.body or None, {**headers, **ask.headers})
        except (OSError, http.client.HTTPException, ValueError):
            line.close()
            raise NotTaken("lost") from None
        return self._answer(line, ask.host)

    def _answer(self, line: HttpsLine, host: str) -> Answer:
        try:
            got = line.getresponse()
            body = got.read(MOST_ANSWER)
        except TimeoutError:
            line.close()
            raise Unanswered("timeout") from None
        except (OSError, http.client.HTTPException):
            line.close()
            raise Unanswered("lost") from None
        if got.will_close or not got.isclosed():
            line.close()
        else:
            self._keep(host, line)
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, body)

    def _take(self, host: str) -> HttpsLine:
        where, port, is_https = place_of(host)
        while True:
            with self._lock:
                idle = self._idle.get(host)
                line = idle.pop() if idle else None
            if line is None:
                break
            if line.is_usable:
                return line
            line.close()
        tls = self._tls if is_https else None
        line = HttpsLine(where, port, timeout=self._timeout, tls=tls, loopback=not is_https)
        line.connect()
        return line

    def _keep(self, host: str, line: HttpsLine) -> None:
        line.used_at = time.monotonic()
        with self._lock:
            self._idle.setdefault(host, []).append(line)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            for line in (each for lines in self._idle.values() for each in lines):
                with contextlib.suppress(OSError):
                    line.close()
            self._idle.clear()
