"""A small real IMAP server on loopback (RFC 3501, UIDPLUS, MOVE): folders, flags and literals."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Stored:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """One user, any number of folders; `capabilities` and `keywords` can be taken away."""

    def __init__(self, capabilities: str = "UIDPLUS MOVE", keywords: bool = True) -> None:
        self.folders: dict[str, list[Stored]] = {"INBOX": []}
        self.capabilities, self.keywords = capabilities, keywords
        self.next_uid = 1
        self.log: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://anna:geheim%20woord@127.0.0.1:{self.port}/INBOX"

    def put(self, raw: bytes, folder: str = "INBOX") -> int:
        self.folders.setdefault(folder, []).append(Stored(self.next_uid, raw))
        self.next_uid += 1
        return self.next_uid - 1

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as lines:
            peer.sendall(f"* OK [CAPABILITY IMAP4rev1 {self.capabilities}] ready\r\n".encode())
            self.chosen = "INBOX"
            for line in lines:
                text = line.decode().rstrip("\r\n")
                tag, _, command = text.partition(" ")
                self.log.append(re.sub(r"LOGIN .*", "LOGIN", command))
                peer.sendall(self._answer(tag, command))
                if command.upper() == "LOGOUT":
                    return

    def _answer(self, tag: str, command: str) -> bytes:
        words = command.split(" ", 1)
        name, rest = words[0].upper(), words[1] if len(words) > 1 else ""
        if name == "UID":
            name, _, rest = rest.partition(" ")
            name = "UID " + name.upper()
        handler = getattr(self, "_" + name.lower().replace(" ", "_"), None)
        body = handler(rest) if handler else b""
        if body is None:
            return f"{tag} NO not possible\r\n".encode()
        return body + f"{tag} OK done\r\n".encode()

    def _capability(self, _rest: str) -> bytes:
        return f"* CAPABILITY IMAP4rev1 {self.capabilities}\r\n".encode()

    def _login(self, rest: str) -> bytes | None:
        return b"" if '"geheim woord"' in rest else None

    def _select(self, rest: str) -> bytes:
        self.chosen = rest.strip('"')
        keywords = " \\*" if self.keywords else ""
        count = len(self.folders[self.chosen])
        return (
            f"* {count} EXISTS\r\n* OK [PERMANENTFLAGS (\\Deleted \\Seen{keywords})] ok\r\n"
        ).encode()

    def _create(self, rest: str) -> bytes | None:
        name = rest.strip('"')
        if name in self.folders:
            return None
        self.folders[name] = []
        return b""

    def _uid_search(self, rest: str) -> bytes:
        unwanted = set(re.findall(r"UNKEYWORD (\S+)", rest)) | {"\\Deleted"}
        found = [each for each in self.folders[self.chosen] if not unwanted & each.flags]
        return f"* SEARCH {' '.join(str(each.uid) for each in found)}\r\n".encode()

    def _find(self, uid: str) -> Stored:
        return next(each for each in self.folders[self.chosen] if each.uid == int(uid))

    def _uid_fetch(self, rest: str) -> bytes:
        mail = self._find(rest.split()[0])
        head = f"* 1 FETCH (UID {mail.uid} BODY[]<0> {{{len(mail.raw)}}}\r\n".encode()
        return head + mail.raw + b")\r\n"

    def _uid_store(self, rest: str) -> bytes:
        uid, _, what = rest.partition(" ")
        self._find(uid).flags |= set(re.search(r"\((.*)\)", what).group(1).split())
        return b""

    def _uid_copy(self, rest: str) -> bytes:
        uid, _, folder = rest.partition(" ")
        self.put(self._find(uid).raw, folder.strip('"'))
        return b""

    def _uid_move(self, rest: str) -> bytes:
        self._uid_copy(rest)
        self.folders[self.chosen].remove(self._find(rest.split()[0]))
        return b""

    def _expunge(self, _rest: str) -> bytes:
        kept = [each for each in self.folders[self.chosen] if "\\Deleted" not in each.flags]
        self.folders[self.chosen] = kept
        return b""

    _uid_expunge = _expunge


@contextmanager
def imap_server(**options: object) -> Iterator[ImapServer]:
    server = ImapServer(**options)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a peer
        server.socket.close()
