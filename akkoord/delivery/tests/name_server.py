"""A name server on loopback that speaks the protocol, with the records of a test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset

from akkoord.delivery.dns_check import texts_by_resolver
from akkoord.delivery.spf import Lookup

QUICK = 0.1  # seconds; a silent server is not waited for


class NameServer:
    """Called with records, it answers a way to ask them; what it does not know does not exist.

    TXT records stand under their name (`example.nl.`), others under kind and name
    (`mx example.nl.`). `asked`: the questions, in order.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.records: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self._sock = sock
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = ["127.0.0.1"]
        self._resolver.port = sock.getsockname()[1]

    def __call__(self, records: dict[str, list[str]]) -> Lookup:
        """The way to ask these records, beside those that it knows already."""
        self.records.update(records)
        return texts_by_resolver(self._resolver)

    def hurry(self) -> None:
        """Ask for a moment only."""
        self._resolver.timeout = QUICK

    def serve(self) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                wire, caller = self._sock.recvfrom(4096)
            except OSError:
                return
            self._sock.sendto(self._answer(dns.message.from_wire(wire)).to_wire(), caller)

    def _answer(self, question: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(question)
        name = question.question[0].name
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        key = str(name).lower() if kind == "TXT" else f"{kind} {name}".lower()
        self.asked.append(key)
        texts = self.records.get(key)
        if texts is None:
            answer.set_rcode(3)  # NXDOMAIN
        else:
            quoted = [f'"{text}"' if kind == "TXT" else text for text in texts]
            answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", kind, quoted))
        return answer


@contextmanager
def name_server(*, is_silent: bool = False) -> Iterator[NameServer]:
    """One on a port of its own; `is_silent`: it hears every question and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        server = NameServer(sock)
        if is_silent:
            server.hurry()
        else:
            threading.Thread(target=server.serve, daemon=True).start()
        yield server
