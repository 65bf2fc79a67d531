"""A small real POP3 server on loopback (RFC 1939): deletes only at QUIT, and can break off."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class PopServer:
    """One user. `drop_at`: the command at which the line is cut."""

    def __init__(self) -> None:
        self.mails: dict[str, bytes] = {}  # by the name that stays (UIDL)
        self.drop_at = ""
        self.log: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"pop3://anna:geheim%20woord@127.0.0.1:{self.port}"

    def put(self, raw: bytes) -> str:
        name = f"u{len(self.mails)}-{len(raw)}"
        self.mails[name] = raw
        return name

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer, peer.makefile("rb") as lines:
            peer.sendall(b"+OK ready\r\n")
            names, deleted = list(self.mails), set[str]()
            for line in lines:
                command, _, rest = line.decode().strip().partition(" ")
                self.log.append(command)
                if command == self.drop_at:
                    return
                if command == "QUIT":
                    for name in deleted:
                        del self.mails[name]
                    peer.sendall(b"+OK bye\r\n")
                    return
                peer.sendall(self._answer(command, rest, names, deleted))

    def _answer(self, command: str, rest: str, names: list[str], deleted: set[str]) -> bytes:
        if command == "PASS" and rest != "geheim woord":
            return b"-ERR no\r\n"
        if command == "UIDL":
            listed = "".join(f"{n} {name}\r\n" for n, name in enumerate(names, 1))
            return f"+OK\r\n{listed}.\r\n".encode()
        if command == "LIST":
            return f"+OK {rest} {len(self.mails[names[int(rest) - 1]])}\r\n".encode()
        if command == "RETR":
            raw = self.mails[names[int(rest) - 1]].replace(b"\r\n", b"\n").split(b"\n")
            dotted = (b"." + each if each.startswith(b".") else each for each in raw)
            return b"+OK\r\n" + b"\r\n".join(dotted) + b"\r\n.\r\n"
        if command == "DELE":
            deleted.add(names[int(rest) - 1])
        elif command == "RSET":
            deleted.clear()
        return b"+OK\r\n"


@contextmanager
def pop_server() -> Iterator[PopServer]:
    """A server for one test."""
    server = PopServer()
    try:
        yield server
    finally:
        server.socket.close()
