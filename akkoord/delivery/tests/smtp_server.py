"""A real SMTP server on loopback that misbehaves on demand, each connection in a thread."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

DROP = "drop"
HANG = "hang"
Answer = Callable[[str, int], str]  # (argument, count so far on the server) -> reply line


def fine(reply: str) -> Answer:
    """Always this reply."""
    return lambda _argument, _count: reply


@dataclass
class Behaviour:
    """What the server says at each step; DROP closes, HANG falls silent."""

    greeting: Answer = field(default_factory=lambda: fine("220 loopback"))
    features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SIZE 1000000")
    mail: Answer = field(default_factory=lambda: fine("250 2.1.0 ok"))
    rcpt: Answer = field(default_factory=lambda: fine("250 2.1.5 ok"))
    data: Answer = field(default_factory=lambda: fine("354 go on"))
    content: Answer = field(default_factory=lambda: fine("250 2.0.0 queued"))
    starttls: ssl.SSLContext | None = None
    auth: str = ""
    read_content: bool = True
    careless: bool = False  # answers 354 without a valid recipient


class SmtpServer:
    """Counts everything that it accepted."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.accepted: list[tuple[str, str, bytes]] = []
        self.commands: list[str] = []
        self.connections = 0
        self.over = threading.Event()
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.over.set()
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(sock)
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        talk = _Talk(self, sock)
        with contextlib.suppress(OSError, _Gone):
            talk.run()
        with contextlib.suppress(OSError):
            talk.reader.close()
            talk.sock.close()
            sock.close()

    def answer(self, step: str, argument: str) -> str:
        with self._lock:
            count = self._counts.get(step, 0)
            self._counts[step] = count + 1
        reply: str = getattr(self.behaviour, step)(argument, count)
        if reply == HANG:
            self.over.wait(30)
            raise _Gone
        if reply == DROP:
            raise _Gone
        return reply


class _Gone(Exception):
    pass


class _Talk:
    def __init__(self, server: SmtpServer, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.reader = sock.makefile("rb")

    def say(self, line: str) -> None:
        self.sock.sendall(line.encode() + b"\r\n")

    def run(self) -> None:  # noqa: C901 -- the verbs of a protocol, one after another
        behaviour = self.server.behaviour
        self.say(self.server.answer("greeting", ""))
        sender = recipient = ""
        while line := self.reader.readline():
            words = line.decode("utf-8").rstrip("\r\n")
            verb, _, rest = words.partition(" ")
            self.server.commands.append(words)
            verb = verb.upper()
            if verb == "EHLO":
                names = ["loopback", *behaviour.features]
                if behaviour.starttls and not isinstance(self.sock, ssl.SSLSocket):
                    names.append("STARTTLS")
                for index, name in enumerate(names):
                    self.say(f"250{' ' if index == len(names) - 1 else '-'}{name}")
            elif verb == "STARTTLS" and behaviour.starttls:
                self.say("220 go")
                self.sock = behaviour.starttls.wrap_socket(self.sock, server_side=True)
                self.reader = self.sock.makefile("rb")
            elif verb == "AUTH":
                self._auth(rest)
            elif verb == "MAIL":
                sender = _inside(rest)
                self.say(self.server.answer("mail", sender))
            elif verb == "RCPT":
                reply = self.server.answer("rcpt", _inside(rest))
                recipient = _inside(rest) if reply.startswith("2") else ""
                self.say(reply)
            elif verb == "DATA":
                self._data(sender, recipient)
                recipient = ""
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def _data(self, sender: str, recipient: str) -> None:
        if not recipient and not self.server.behaviour.careless:
            self.say("554 5.5.1 no valid recipients")
            return
        reply = self.server.answer("data", recipient)
        self.say(reply)
        if not reply.startswith("354"):
            return
        if not self.server.behaviour.read_content:
            self.server.over.wait(30)
            raise _Gone
        content = b""
        while (line := self.reader.readline()) != b".\r\n":
            if not line:
                raise _Gone
            content += line[1:] if line.startswith(b".") else line
        reply = self.server.answer("content", recipient)
        if reply.startswith("2"):
            self.server.accepted.append((sender, recipient, content))
        self.say(reply)

    def _auth(self, rest: str) -> None:
        if rest.upper() == "LOGIN":
            self.say("334 VXNlcm5hbWU6")
            user = self.reader.readline().strip()
            self.say("334 UGFzc3dvcmQ6")
            word = self.reader.readline().strip()
            given = f"LOGIN {user.decode()} {word.decode()}"
        else:
            given = rest
        fits = given == self.server.behaviour.auth
        self.say("235 2.7.0 welcome" if fits else "535 5.7.8 no")


def _inside(text: str) -> str:
    return text[text.index("<") + 1 : text.index(">")]


@contextlib.contextmanager
def smtp_server(**behaviour: object) -> Iterator[SmtpServer]:
    """A server for the time of a test."""
    server = SmtpServer(Behaviour(**behaviour))  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.close()
