"""One HTTP line to a host outside, at an address that was looked at when it was made."""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import time

from akkoord.delivery.push_address import connect

IDLE_SECONDS = 30.0


class HttpsLine(http.client.HTTPConnection):
    """A connection that follows nothing and uses no proxy. `tls` None: only in tests, to loopback.

    It connects to public addresses only; `loopback`: to this machine's own stub, too.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        timeout: float,
        tls: ssl.SSLContext | None,
        loopback: bool = False,
    ) -> None:
        """Connects only when asked."""
        super().__init__(host, port, timeout=timeout)
        self.used_at = time.monotonic()
        self._tls = tls
        self._loopback = loopback

    def connect(self) -> None:
        """Connect and secure."""
        sock = connect(self.host, self.port, timeout=self.timeout, allow_loopback=self._loopback)  # type: ignore[arg-type]
        try:
            self.sock = (
                self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock
            )
        except OSError:
            sock.close()
            raise

    @property
    def is_usable(self) -> bool:
        """Whether it is open and quiet: a word on an idle line is a goodbye."""
        sock: socket.socket | None = self.sock
        if sock is None or time.monotonic() - self.used_at > IDLE_SECONDS:
            return False
        return not select.select([sock], [], [], 0)[0]
