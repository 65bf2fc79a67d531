"""A push service on loopback as RFC 8030 and 8292 describe it, and browsers that open its messages.

It checks what a real one checks: the signature, whom it is for, its time, the headers; and it
opens each message with the private key of the browser that it is for, by its own reading of
RFC 8291, which shares no code with the product. `answers` makes it misbehave.
"""

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DROP = 0  # an answer: the connection is cut without one


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF with one block, by RFC 5869's two formulas."""
    key = hmac.digest(salt, secret, "sha256")
    return hmac.digest(key, info + b"\x01", sha256)[:length]


@dataclass
class Browser:
    """A browser that subscribed."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": b64(self.point), "auth": b64(self.auth)}

    def open(self, body: bytes) -> bytes:
        """The text in a message, by RFC 8188 and 8291; raises when it is not for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert length == 65
        assert 18 <= len(sealed) <= size
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), public)
        ikm = derive(shared, self.auth, b"WebPush: info\0" + self.point + theirs, 32)
        key = derive(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(ikm, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded[-1:] == b"\x02"  # the last record
        return padded[:-1]


@dataclass
class Received:
    """One message that was taken."""

    endpoint: str
    text: dict[str, object]
    headers: dict[str, str]
    claims: dict[str, object]


@dataclass
class PushService:
    """The stub. `answers`: per end-point, status codes to give before it behaves."""

    vapid_key: bytes
    url: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    answers: dict[str, list[int | tuple[int, dict[str, str]]]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    connections: int = 0
    before: Callable[[], None] = lambda: None

    def subscribe(self, name: str = "") -> Browser:
        """A browser asks for a subscription."""
        endpoint = f"{self.url}/push/{name or secrets.token_urlsafe(16)}"
        browser = Browser(endpoint)
        self.browsers[endpoint] = browser
        return browser

    def judge(self, endpoint: str, headers: dict[str, str], body: bytes) -> int:
        """The status for a message, and what was in it when it is taken."""
        try:
            claims = self.check_sender(headers)
        except (AssertionError, InvalidSignature, ValueError, KeyError) as problem:
            self.faults.append(f"sender: {problem!r}")
            return 403
        browser = self.browsers.get(endpoint)
        if browser is None:
            return 404
        if "ttl" not in headers or headers.get("content-encoding") != "aes128gcm":
            self.faults.append("headers")
            return 400
        if len(body) > 4096:
            return 413
        try:
            text = json.loads(browser.open(body))
        except Exception as problem:
            self.faults.append(f"content: {problem!r}")
            return 400
        self.received.append(Received(endpoint, text, headers, claims))
        return 201

    def check_sender(self, headers: dict[str, str]) -> dict[str, object]:
        """RFC 8292: the token is signed by the key that was subscribed to, for us, for now."""
        scheme, _, rest = headers["authorization"].partition(" ")
        assert scheme == "vapid"
        words = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert unb64(words["k"]) == self.vapid_key, "another key"
        head, body, signature = words["t"].split(".")
        assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
        raw = unb64(signature)
        assert len(raw) == 64
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.vapid_key).verify(
            encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
            f"{head}.{body}".encode(),
            ec.ECDSA(hashes.SHA256()),
        )
        claims: dict[str, object] = json.loads(unb64(body))
        assert claims["aud"] == self.url, "for another service"
        assert time.time() < float(str(claims["exp"])) <= time.time() + 24 * 3600, "time"
        assert str(claims["sub"]).startswith("mailto:")
        return claims


@contextmanager
def push_service(vapid_key: bytes) -> Iterator[PushService]:
    """The stub on a free port of this machine."""
    service = PushService(vapid_key)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            service.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            endpoint = service.url + self.path
            service.before()
            planned = service.answers.get(endpoint)
            answer = planned.pop(0) if planned else service.judge(endpoint, headers, body)
            status, extra = answer if isinstance(answer, tuple) else (answer, {})
            if status == DROP:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
