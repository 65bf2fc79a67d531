"""Amazon SES and SNS, Mailgun, Postmark and Brevo on loopback, as their documents describe them.

One server over real HTTP; which provider is asked follows from the Host header. It checks what the
real ones check (Amazon's signature by a computation of its own), builds the mail as a recipient
gets it, and keeps the webhooks that are made. `answers` makes it misbehave.
"""

import base64
import hmac
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.policy import default as mail_policy
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from akkoord.delivery.providers import accounts

DROP, HANG = -1, -2  # answers: the line is cut after the whole question; nothing is ever said
KEY = "geheim-en-lang-genoeg"
ACCESS = "AKIAEXAMPLEEXAMPLE00"
NAMES = {
    "ses": ACCESS,
    "mailgun": "mg.fietsen.example.nl",
    "postmark": "broadcast",
    "brevo": "",
}
REGIONS = {"ses": "eu-west-1", "mailgun": "eu", "postmark": "", "brevo": ""}
Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Letter:
    """A letter that was taken, as its recipient gets it, and the question that brought it."""

    provider: str
    to: str
    mail: EmailMessage
    asked: dict[str, Any]


@dataclass
class ProviderService:
    """The stub. `answers`: per recipient and how many came before, another answer than yes."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    answers: Callable[[str, int], Reply | int | None] = lambda _to, _count: None
    setting: Callable[[str, str], Reply | None] = lambda _method, _path: None
    hooks: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    figures: dict[str, int] = field(default_factory=dict)
    handling: str = "Custom"
    subscribed: Callable[[str, str], None] = lambda _endpoint, _topic: None
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def received(self) -> Counter[str]:
        """How often each address got something."""
        return Counter(each.to for each in self.letters)


def reply(status: int, said: object = None, **headers: str) -> Reply:
    """An answer in JSON; `Retry_After="3"` becomes a header."""
    body = b"" if said is None else json.dumps(said).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json", **names}, body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: ProviderService

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        host = self.headers.get("Host", "")
        self.service.asked[f"{self.command} {host}{urlsplit(self.path).path}"] += 1
        found = self._answer(host, body)
        if isinstance(found, int):
            if found == HANG:
                self.service.over.wait(30)
            self.close_connection = True
            self.connection.close()
            return
        status, headers, said = found
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - their names

    def _answer(self, host: str, body: bytes) -> Reply | int:
        if odd := self.service.setting(self.command, self.path):
            return odd
        if host.startswith(("email.", "sns.")):
            return self._amazon(host, body)
        if host in ("api.eu.mailgun.net", "api.mailgun.net"):
            return self._mailgun(body)
        if host == "api.postmarkapp.com":
            return self._postmark(body)
        if host == "api.brevo.com":
            return self._brevo(body)
        self.service.faults.append(f"host {host}")
        return reply(404)

    def _take(
        self, provider: str, to: str, mail: EmailMessage, asked: dict[str, Any]
    ) -> int | Reply | None:
        with self.service.lock:
            count = self.service.received()[to] + len(self.service.letters)
            found = self.service.answers(to, count)
            if found is None or found in (DROP, HANG):
                self.service.letters.append(Letter(provider, to, mail, asked))
        return found

    # -- Amazon

    def _amazon(self, host: str, body: bytes) -> Reply | int:
        service = "ses" if host.startswith("email.") else "sns"
        if not self._signature_fits(host, service, body):
            name = "SignatureDoesNotMatch"
            return reply(403, {"message": "no"}, x_amzn_ErrorType=name)
        if service == "sns":
            return self._sns(body)
        path = urlsplit(self.path).path
        if path != "/v2/email/outbound-emails":
            return self._sets(path, body)
        asked = json.loads(body)
        sets = self.service.hooks.setdefault("sets", {"akkoord": {}})
        if asked.get("ConfigurationSetName") not in sets:
            return reply(404, {"message": "no set"}, x_amzn_ErrorType="NotFoundException")
        raw = base64.b64decode(asked["Content"]["Raw"]["Data"])
        mail = cast("EmailMessage", message_from_bytes(raw, policy=mail_policy))
        (to,) = asked["Destination"]["ToAddresses"]
        odd = self._take("ses", to, mail, asked)
        return odd if odd is not None else reply(200, {"MessageId": "0100-" + to})

    def _signature_fits(self, host: str, service: str, body: bytes) -> bool:
        """Signature Version 4, computed from what came in and the secret that we know."""
        said = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([a-z0-9-]+)/(\w+)/aws4_request, "
            r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
            self.headers.get("Authorization", ""),
        )
        if said is None or said[1] != ACCESS or said[4] != service:
            return False
        moment = self.headers["X-Amz-Date"]
        url = urlsplit(self.path)
        heads = "".join(f"{name}:{self.headers[name].strip()}\n" for name in said[5].split(";"))
        path = url.path.replace("%", "%25").replace(":", "%3A")
        words = "\n".join([self.command, path, url.query, heads, said[5], sha256(body).hexdigest()])
        scope = f"{said[2]}/{said[3]}/{service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(words.encode()).hexdigest()}"
        key = f"AWS4{KEY}".encode()
        for each in scope.split("/"):
            key = hmac.digest(key, each.encode(), "sha256")
        return (
            "host" in said[5]
            and said[3] in host
            and hmac.digest(key, text.encode(), "sha256").hex() == said[6]
        )

    def _sets(self, path: str, body: bytes) -> Reply:
        sets = self.service.hooks.setdefault("sets", {})
        asked = json.loads(body) if body else {}
        parts = [unquote(each) for each in path.strip("/").split("/")[2:]]
        if parts == ["configuration-sets"]:
            name = asked["ConfigurationSetName"]
            if name in sets:
                return reply(400, {"message": "there"}, x_amzn_ErrorType="AlreadyExistsException")
            sets[name] = {}
            return reply(200, {})
        if len(parts) < 3 or parts[1] not in sets:
            return reply(404, {"message": "none"}, x_amzn_ErrorType="NotFoundException")
        found = sets[parts[1]]
        if self.command == "GET":
            listed = [{"Name": name, **each} for name, each in found.items()]
            return reply(200, {"EventDestinations": listed})
        name = parts[3] if len(parts) > 3 else asked["EventDestinationName"]
        if self.command == "POST" and name in found:
            return reply(400, {"message": "there"}, x_amzn_ErrorType="AlreadyExistsException")
        found[name] = asked["EventDestination"]
        return reply(200, {})

    def _sns(self, body: bytes) -> Reply:
        asked = {name: value[0] for name, value in parse_qs(body.decode()).items()}
        topics = self.service.hooks.setdefault("topics", {})
        arn = asked.get("TopicArn") or f"arn:aws:sns:eu-west-1:123456789012:{asked.get('Name')}"
        act = asked["Action"]
        if act == "CreateTopic":
            topics.setdefault(arn, {"subscriptions": {}})
            inside = f"<TopicArn>{arn}</TopicArn>"
        elif act == "SetTopicAttributes":
            topics[arn][asked["AttributeName"]] = asked["AttributeValue"]
            inside = ""
        elif act == "Subscribe":
            there = topics[arn]["subscriptions"]
            there[f"{arn}:{len(there) + 1}"] = asked["Endpoint"]
            self.service.subscribed(asked["Endpoint"], arn)  # SNS asks us to confirm at once
            inside = "<SubscriptionArn>pending confirmation</SubscriptionArn>"
        elif act == "Unsubscribe":
            for topic in topics.values():
                topic["subscriptions"].pop(asked["SubscriptionArn"], None)
            inside = ""
        else:
            inside = "".join(
                f"<member><Owner>123456789012</Owner><Endpoint>{endpoint}</Endpoint>"
                f"<Protocol>https</Protocol><SubscriptionArn>{name}</SubscriptionArn></member>"
                for name, endpoint in topics.get(arn, {}).get("subscriptions", {}).items()
            )
        said = f"<{act}Response><{act}Result>{inside}</{act}Result></{act}Response>"
        return 200, {"Content-Type": "text/xml"}, said.encode()

    # -- Mailgun

    def _mailgun(self, body: bytes) -> Reply | int:
        login = base64.b64encode(f"api:{KEY}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {login}":
            return 401, {"Content-Type": "text/plain"}, b"Forbidden"
        path = urlsplit(self.path).path
        if path == "/v5/accounts/http_signing_key":
            return reply(200, {"message": "success", "http_signing_key": "ondertekend"})
        fields = self._fields(body) if body else {}
        if path.startswith("/v3/domains/"):
            return self._mailgun_hooks(path, fields)
        if path != f"/v3/{NAMES['mailgun']}/messages.mime":
            return reply(404, {"message": "Domain not found"})
        mail = cast("EmailMessage", message_from_bytes(fields["message"][0], policy=mail_policy))
        asked = {name: values[0].decode() for name, values in fields.items() if name != "message"}
        odd = self._take("mailgun", asked["to"], mail, asked)
        said = {"id": str(mail["message-id"]), "message": "Queued. Thank you."}
        return odd if odd is not None else reply(200, said)

    def _fields(self, body: bytes) -> dict[str, list[bytes]]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        found: dict[str, list[bytes]] = {}
        edge = self.headers["Content-Type"].partition("boundary=")[2].encode()
        assert head
        for part in body.split(b"--" + edge)[1:-1]:
            heads, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]+)"', heads)
            assert name is not None
            found.setdefault(name[1].decode(), []).append(value.removesuffix(b"\r\n"))
        return found

    def _mailgun_hooks(self, path: str, fields: dict[str, list[bytes]]) -> Reply:
        hooks = self.service.hooks.setdefault("mailgun", {})
        name = path.partition("/webhooks")[2].strip("/")
        urls = [each.decode() for each in fields.get("url", [])]
        if self.command == "GET":
            return reply(200, {"webhooks": {each: {"urls": urls} for each, urls in hooks.items()}})
        if self.command == "POST":
            name = fields["id"][0].decode()
            if name in hooks:
                return reply(400, {"message": "Webhook already exists"})
            hooks[name] = urls
        elif name not in hooks:
            return reply(404, {"message": "Webhook not found"})
        elif self.command == "PUT":
            hooks[name] = urls
        else:
            del hooks[name]
        return reply(200, {"message": "ok"})

    # -- Postmark

    def _postmark(self, body: bytes) -> Reply | int:
        if self.headers.get("X-Postmark-Server-Token") != KEY:
            return reply(401, {"ErrorCode": 10, "Message": "Bad or missing API token"})
        asked = json.loads(body) if body else {}
        path = urlsplit(self.path).path
        if path.startswith("/webhooks"):
            return self._postmark_hooks(path, asked)
        if path.startswith("/message-streams/"):
            if self.command == "PATCH":
                told = asked["SubscriptionManagementConfiguration"]
                self.service.handling = told["UnsubscribeHandlingType"]
            told = {"UnsubscribeHandlingType": self.service.handling}
            return reply(200, {"ID": "broadcast", "SubscriptionManagementConfiguration": told})
        heads = {each["Name"]: each["Value"] for each in asked["Headers"]}
        if heads.pop("X-PM-KeepID", "") != "true":
            heads["Message-ID"] = "<postmark@mtasv.net>"
        mail = _built(
            {"From": asked["From"], "To": asked["To"], "Subject": asked["Subject"]}
            | ({"Reply-To": asked["ReplyTo"]} if "ReplyTo" in asked else {})
            | heads,
            asked.get("TextBody", ""),
            asked.get("HtmlBody", ""),
        )
        to = mail["to"].addresses[0].addr_spec
        odd = self._take("postmark", to, mail, asked)
        said = {"ErrorCode": 0, "Message": "OK", "To": to, "MessageID": f"0a-{to}"}
        return odd if odd is not None else reply(200, said)

    def _postmark_hooks(self, path: str, asked: dict[str, Any]) -> Reply:
        hooks = self.service.hooks.setdefault("postmark", {})
        number = path.removeprefix("/webhooks").strip("/")
        if self.command == "GET":
            stream = parse_qs(urlsplit(self.path).query).get("MessageStream", [""])[0]
            found = [each for each in hooks.values() if stream in ("", each["MessageStream"])]
            return reply(200, {"Webhooks": found})
        if self.command == "DELETE":
            hooks.pop(int(number))
            return reply(200, {"ErrorCode": 0})
        key = int(number) if number else len(hooks) + 1
        hooks[key] = {**hooks.get(key, {}), **asked, "ID": key}
        return reply(200, hooks[key])

    # -- Brevo

    def _brevo(self, body: bytes) -> Reply | int:
        if self.headers.get("api-key") != KEY:
            return reply(401, {"code": "unauthorized", "message": "Key not found"})
        asked = json.loads(body) if body else {}
        path = urlsplit(self.path).path
        if path.startswith("/v3/webhooks"):
            return self._brevo_hooks(path, asked)
        if path == "/v3/smtp/statistics/aggregatedReport":
            return reply(200, {"range": "7d", **self.service.figures})
        if not asked.get("htmlContent"):
            return reply(400, {"code": "missing_parameter", "message": "htmlContent is missing"})
        (to,) = asked["to"]
        sender = asked["sender"]
        name = json.dumps(sender["name"], ensure_ascii=False) if "name" in sender else ""
        heads = {
            "From": f"{name} <{sender['email']}>".strip(),
            "To": to["email"],
            "Subject": asked["subject"],
            **asked["headers"],
        }
        if "replyTo" in asked:
            heads["Reply-To"] = asked["replyTo"]["email"]
        mail = _built(heads, asked.get("textContent", ""), asked["htmlContent"])
        odd = self._take("brevo", to["email"], mail, asked)
        return odd if odd is not None else reply(201, {"messageId": "<1@smtp-relay.example>"})

    def _brevo_hooks(self, path: str, asked: dict[str, Any]) -> Reply:
        hooks = self.service.hooks.setdefault("brevo", {})
        number = path.removeprefix("/v3/webhooks").strip("/")
        if self.command == "GET":
            return reply(200, {"webhooks": list(hooks.values())})
        if self.command == "DELETE":
            hooks.pop(int(number))
            return reply(204)
        key = int(number) if number else len(hooks) + 1
        hooks[key] = {**hooks.get(key, {}), **asked, "id": key}
        return reply(204) if number else reply(201, {"id": key})


def _built(heads: dict[str, str], text: str, html: str) -> EmailMessage:
    """A mail as a provider builds it of its parts, read back from its bytes."""
    mail = EmailMessage(policy=SMTP)
    for name, value in heads.items():
        mail[name] = value
    if text:
        mail.set_content(text, cte="quoted-printable")
    if text and html:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    elif html:
        mail.set_content(html, subtype="html", cte="quoted-printable")
    return cast("EmailMessage", message_from_bytes(mail.as_bytes(), policy=mail_policy))


@contextmanager
def provider_service() -> Iterator[ProviderService]:
    """The providers for the time of a test; all hosts of the table lead to them."""
    service = ProviderService()
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    accounts.point_at_stub(service.port)
    try:
        yield service
    finally:
        accounts.point_at_stub(None)
        service.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def account(provider: str, **values: str) -> accounts.Account:
    """An account at a provider."""
    host = accounts.host_of(provider, values.pop("region", REGIONS[provider]))
    facts = {"name": NAMES[provider], "key": KEY, **values}
    return accounts.Account(provider, host, facts["name"], facts["key"])


def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
