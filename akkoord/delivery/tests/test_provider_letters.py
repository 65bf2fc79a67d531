"""Each provider's letter is what SMTP would have sent; its answers fall in the right class."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as mail_policy
from typing import Any, cast
from uuid import uuid4

import pytest

from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing
from akkoord.delivery.providers import accounts
from akkoord.delivery.providers.caller import Ask, Caller, NotTaken
from akkoord.delivery.providers.pool import ADAPTERS, ProviderPool
from akkoord.delivery.providers.signed import signed
from akkoord.delivery.relays import RelayTransport
from akkoord.delivery.servers import Relay
from akkoord.delivery.tests.provider_service import (
    DROP,
    HANG,
    ProviderService,
    Reply,
    account,
    provider_service,
    reply,
)
from akkoord.messages.compile import Compiled, Envelope, compile_message
from akkoord.messages.template import FieldFact
from akkoord.messages.tests.factories import make_source

pytestmark = pytest.mark.django_db
PROVIDERS = sorted(ADAPTERS)
RAW = ("ses", "mailgun")
# What a provider that builds the mail itself makes anew; nothing that a reader sees.
OWN_HEADERS = {"date", "mime-version", "content-type", "content-transfer-encoding"}


@pytest.fixture
def service() -> Iterator[ProviderService]:
    with provider_service() as found:
        yield found
        assert found.faults == []


def compiled() -> Compiled:
    source = make_source(
        subject="Nieuws voor {{ first_name | default: 'u' }} 🚲",
        body="Dag {{ first_name }},\n\nÜber-**fietsen** zijn er. [Kijk](https://fietsen.example.nl/a?b=1&c=2)\n\n.punt",
    )
    return compile_message(source, allowed_fields={"first_name": FieldFact(True)})


def letter(to: str = "zoe@example.org") -> bytes:
    stop = "https://fietsen.example.nl/af/abc/"
    envelope = Envelope(
        message=uuid4(),
        to_address=to,
        at=datetime(2026, 11, 26, tzinfo=UTC),
        one_click_url=stop,
        unsubscribe_mailto="af+tag@fietsen.example.nl",
    )
    values = {
        "first_name": "Zoë",
        "unsubscribe_url": stop,
        "preferences_url": "https://fietsen.example.nl/k/",
        "why_url": "https://fietsen.example.nl/w/",
    }
    return compiled().render(values, envelope)


def read(content: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(content, policy=mail_policy))


def seen(mail: EmailMessage) -> dict[str, Any]:
    """What a recipient sees and may press."""
    heads = {
        name.lower(): " ".join(str(value).split())
        for name, value in mail.items()
        if name.lower() not in OWN_HEADERS
    }
    for name in ("from", "to", "reply-to"):
        boxes = mail[name].addresses if name in mail else ()
        heads[name] = str([(each.display_name, each.addr_spec) for each in boxes])
    parts = {
        part.get_content_type(): str(part.get_content()).replace("\r\n", "\n").rstrip("\n")
        for part in mail.walk()
        if not part.is_multipart()
    }
    return {**heads, **parts}


class Sent:
    def __init__(self, pool: Any, messages: list[Outgoing]) -> None:
        self.outcomes: list[Outcome] = []
        self.report = pool.send_many(messages, self.outcomes.append)
        pool.close()

    @property
    def kinds(self) -> Counter[str]:
        return Counter(each.kind.value for each in self.outcomes)


def mails(count: int, content: bytes | None = None, *, seconds: float = 60) -> list[Outgoing]:
    found = content or letter()
    limit = time.monotonic() + seconds
    return [
        Outgoing(uuid4(), "info@fietsen.example.nl", f"p{number}@example.org", found, limit)
        for number in range(count)
    ]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_letter_is_what_smtp_would_have_sent(provider: str, service: ProviderService) -> None:
    content = letter()
    outgoing = Outgoing("1", "info@fietsen.example.nl", "zoe@example.org", content)
    sent = Sent(ProviderPool(account(provider)), [outgoing])
    assert sent.kinds == {"sent": 1}
    assert sent.outcomes[0].text, "the provider's own number"
    (got,) = service.letters
    assert got.to == "zoe@example.org"
    expected, found = seen(read(content)), seen(got.mail)
    assert found == expected
    for name in ("list-unsubscribe", "list-unsubscribe-post", "message-id"):
        assert found[name] == expected[name]
    if provider in RAW:
        assert dict(got.mail.items()) == dict(read(content).items())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_inv28_nothing_measures(provider: str, service: ProviderService) -> None:
    Sent(ProviderPool(account(provider)), mails(1))
    asked = service.letters[0].asked
    if provider == "mailgun":
        measuring = {name: value for name, value in asked.items() if "tracking" in name}
        assert measuring == {
            "o:tracking": "no",
            "o:tracking-clicks": "no",
            "o:tracking-opens": "no",
        }
    elif provider == "postmark":
        assert (asked["TrackOpens"], asked["TrackLinks"]) == (False, "None")
    elif provider == "ses":
        assert asked["ConfigurationSetName"] == "akkoord"


def test_a_mail_of_text_alone_goes_too(service: ProviderService) -> None:
    content = (
        b"From: Winkel <a@example.nl>\r\nTo: b@example.org\r\nSubject: Dag\r\n"
        b"Message-ID: <x@example.nl>\r\n\r\nEen < twee.\r\n"
    )
    for provider in PROVIDERS:
        sent = Sent(ProviderPool(account(provider)), mails(1, content))
        assert sent.kinds == {"sent": 1}, provider
    brevo, *others = service.letters
    assert "Een &lt; twee." in brevo.asked["htmlContent"]  # Brevo takes no mail without HTML
    assert {each.mail.get_content_type() for each in others} == {"text/plain"}
    # No way out in it: no letter to many, so Postmark's stream for single mails.
    assert next(each for each in others if each.provider == "postmark").asked["MessageStream"] == (
        "outbound"
    )


@pytest.mark.parametrize("provider", ["postmark", "brevo"])
def test_what_would_be_lost_is_not_sent(provider: str, service: ProviderService) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.nl", "b@example.org", "Dag"
    mail.set_content("Zie bijlage.")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    sent = Sent(ProviderPool(account(provider)), mails(1, mail.as_bytes()))
    assert [each.code for each in sent.outcomes] == ["parts"]
    assert service.letters == []


# ---- the signature, by Amazon's own published examples

VECTORS = {
    ("GET", "/", ()): "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ("POST", "/", ()): "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    (
        "GET",
        "/?Param2=value2&Param1=value1",
        (),
    ): "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
}


@pytest.mark.parametrize("vector", list(VECTORS))
def test_signature_version_4_as_amazon_publishes_it(vector: tuple[str, str, tuple[()]]) -> None:
    method, path, _none = vector
    found = signed(
        Ask("example.amazonaws.com", method, path),
        access_key="AKIDEXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        service="service",
        at=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    assert found.headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={VECTORS[vector]}"
    )


# ---- the classes of answers

NOT, DEF, REJ, UNC = "not-handed", "deferred", "rejected", "uncertain"


def amazon(status: int, name: str, words: str = "") -> Reply:
    return reply(status, {"message": words}, x_amzn_ErrorType=f"{name}:http://internal.example/")


def post(status: int, code: int, words: str = "") -> Reply:
    return reply(status, {"ErrorCode": code, "Message": words})


def blue(status: int, code: str, words: str = "") -> Reply:
    return reply(status, {"code": code, "message": words})


ANSWERS: list[tuple[str, Reply | int, str, str]] = [
    ("ses", amazon(400, "BadRequestException", "Missing final '@domain'"), REJ, "400 5.1.3"),
    ("ses", amazon(400, "MessageRejected", "Transaction failed"), REJ, "400"),
    ("ses", amazon(429, "TooManyRequestsException", "Maximum sending rate"), NOT, "429"),
    (
        "ses",
        amazon(400, "MessageRejected", "Email address is not verified."),
        NOT,
        "account-sender",
    ),
    ("ses", amazon(400, "MailFromDomainNotVerifiedException"), NOT, "account-sender"),
    ("ses", amazon(400, "AccountSuspendedException"), NOT, "account-stopped"),
    ("ses", amazon(400, "SendingPausedException"), NOT, "account-stopped"),
    ("ses", amazon(404, "NotFoundException"), NOT, "account-setup"),
    ("ses", amazon(403, "AccessDeniedException"), NOT, "account-key"),
    ("ses", amazon(403, "UnrecognizedClientException"), NOT, "account-key"),
    ("ses", amazon(403, "SignatureDoesNotMatch", "Signature expired: 2015"), NOT, "account-clock"),
    ("ses", amazon(500, "InternalFailure"), DEF, "500"),
    ("ses", reply(200, {}), UNC, "200 no-number"),
    ("mailgun", reply(400, {"message": "to parameter is not a valid address"}), REJ, "400 5.1.3"),
    ("mailgun", reply(400, {"message": "message is too big"}), REJ, "400"),
    ("mailgun", (401, {}, b"Forbidden"), NOT, "account-key"),
    ("mailgun", reply(402, {"message": "Request failed"}), NOT, "account-credit"),
    ("mailgun", reply(403, {"message": "Please activate your account"}), NOT, "account-stopped"),
    ("mailgun", reply(404, {"message": "Domain not found"}), NOT, "account-sender"),
    ("mailgun", reply(429, {"message": "slow"}, Retry_After="90"), NOT, "429"),
    ("postmark", post(422, 300, "Invalid 'To' address: 'x'."), REJ, "422 5.1.3"),
    ("postmark", post(422, 300, "Invalid 'From' address."), NOT, "account-sender"),
    ("postmark", post(422, 406, "inactive"), REJ, "406"),
    ("postmark", post(200, 406, "inactive"), REJ, "406"),
    ("postmark", post(401, 10), NOT, "account-key"),
    ("postmark", post(422, 400), NOT, "account-sender"),
    ("postmark", post(422, 405), NOT, "account-credit"),
    ("postmark", post(422, 412), NOT, "account-stopped"),
    ("postmark", post(422, 1235), NOT, "account-setup"),
    ("postmark", post(429, 429), NOT, "429"),
    ("postmark", post(503, 100, "Maintenance"), NOT, "503"),
    ("brevo", blue(400, "invalid_parameter", "email is not valid in to"), REJ, "400 5.1.3"),
    ("brevo", blue(400, "invalid_parameter", "sender is not valid"), NOT, "account-sender"),
    ("brevo", blue(401, "unauthorized"), NOT, "account-key"),
    ("brevo", blue(402, "not_enough_credits"), NOT, "account-credit"),
    ("brevo", blue(403, "account_under_validation"), NOT, "account-stopped"),
    ("brevo", blue(429, "too_many_requests"), NOT, "429"),
]
EVERYWHERE: list[tuple[Reply | int, str, str]] = [
    ((502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>"), UNC, "502"),
    ((504, {}, b""), UNC, "504"),
    ((503, {}, b""), UNC, "503"),
    (reply(503, {"message": "later"}, Retry_After="7"), NOT, "503"),
    ((302, {"Location": "http://127.0.0.1:1/"}, b""), NOT, "account-setup"),
    (DROP, UNC, "lost"),
]
ALL = ANSWERS + [(each, *row) for each in PROVIDERS for row in EVERYWHERE]


@pytest.mark.parametrize(("provider", "answer", "kind", "code"), ALL)
def test_each_answer_has_its_class(
    provider: str, answer: Reply | int, kind: str, code: str, service: ProviderService
) -> None:
    service.answers = lambda _to, _count: answer
    (found,) = Sent(ProviderPool(account(provider)), mails(1)).outcomes
    assert (found.kind.value, found.code) == (kind, code)
    assert sum(service.asked.values()) == 1, "one question, and no redirect followed"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_another_key_stops_everything_after_the_first(
    provider: str, service: ProviderService
) -> None:
    sent = Sent(ProviderPool(account(provider, key="een-andere-sleutel"), connections=2), mails(40))
    assert sent.kinds == {NOT: 40}
    assert sent.report.unavailable == "account-key"
    assert sum(service.asked.values()) <= 4


def test_a_provider_that_asks_for_time_gets_it(service: ProviderService) -> None:
    service.answers = lambda _to, _count: reply(429, {"message": "slow"}, Retry_After="90")
    sent = Sent(ProviderPool(account("mailgun"), connections=2), mails(40))
    assert sent.kinds == {NOT: 40}
    assert sent.report.unavailable == "429"
    assert sum(service.asked.values()) <= 4
    assert all(80 < each.wait <= 90 for each in sent.outcomes)


def test_a_provider_that_says_too_fast_gets_fewer(service: ProviderService) -> None:
    moments: list[float] = []

    def at_most_twenty_a_second(_to: str, _count: int) -> Reply | None:
        now = time.monotonic()
        if len([each for each in moments if each > now - 1]) >= 20:
            return amazon(429, "TooManyRequestsException", "Maximum sending rate exceeded.")
        moments.append(now)
        return None

    service.answers = at_most_twenty_a_second
    sent = Sent(ProviderPool(account("ses"), connections=4), mails(60))
    assert sent.kinds["sent"] >= 35
    assert sent.kinds["sent"] + sent.kinds[NOT] == 60
    assert sent.report.unavailable == ""
    assert set(service.received().values()) == {1}


def test_silence_after_the_whole_letter_is_uncertain(service: ProviderService) -> None:
    service.answers = lambda _to, _count: HANG
    (found,) = Sent(ProviderPool(account("brevo"), timeout=0.4), mails(1)).outcomes
    assert (found.kind, found.code) == (OutcomeKind.UNCERTAIN, "timeout")


def test_inv25_a_stale_letter_does_not_leave(service: ProviderService) -> None:
    sent = Sent(ProviderPool(account("mailgun")), mails(3, seconds=-1))
    assert {each.code for each in sent.outcomes} == {"stale"}
    assert service.letters == []


# ---- only the hosts of the table


def test_no_other_host_is_spoken_to(service: ProviderService) -> None:
    for host in ("169.254.169.254", "localhost", "api.mailgun.net.example.org"):
        with pytest.raises(NotTaken, match="host-refused"):
            Caller().ask(Ask(host, "GET", "/"))
    assert not service.asked


def test_without_a_stub_it_is_https_at_the_providers_own_host() -> None:
    for hosts in accounts.HOSTS.values():
        for host in hosts.values():
            assert accounts.place_of(host) == (host, 443, True)


def test_a_host_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: inside)
    with pytest.raises(NotTaken, match="host-refused"):
        Caller().ask(Ask("api.brevo.com", "GET", "/"))


def test_a_key_is_never_shown() -> None:
    found = account("postmark")
    relay = Relay("k", "", "Postmark", account=found)
    ask = ADAPTERS["postmark"].letter(found, mails(1)[0], letter())
    for each in (found, relay, ask):
        assert found.key not in repr(each)


# ---- among several servers


def relay_of(provider: str, weight: int = 1, **values: str) -> Relay:
    return Relay(provider, "", provider, weight, account=account(provider, **values))


def test_when_one_provider_stops_the_account_the_other_takes_over(
    service: ProviderService,
) -> None:
    one = relay_of("postmark", key="een-andere-sleutel")
    transport = RelayTransport([one, relay_of("ses")], connections=2)
    sent = Sent(transport, mails(30))
    assert sent.kinds == {"sent": 30}
    assert transport.breakers.why("postmark") == "account-key"
    assert {each.provider for each in service.letters} == {"ses"}
    assert set(service.received().values()) == {1}


def test_what_may_have_left_never_goes_by_the_other(service: ProviderService) -> None:
    lost: set[str] = set()

    def drop(to: str, _count: int) -> int | None:
        if to in ("p3@example.org", "p7@example.org") and to not in lost:
            lost.add(to)
            return DROP
        return None

    service.answers = drop
    transport = RelayTransport([relay_of("mailgun"), relay_of("brevo")], connections=2)
    sent = Sent(transport, mails(20))
    assert sent.kinds == {"sent": 18, UNC: 2}
    assert set(service.received().values()) == {1}


def test_the_mark_travels_where_the_provider_renames_letters(service: ProviderService) -> None:
    (message,) = mails(1)
    for provider in ("postmark", "brevo"):
        message.hand_over_by = time.monotonic() + 60
        Sent(RelayTransport([relay_of(provider)]), [message])
    postmark, brevo = service.letters
    assert postmark.asked["Metadata"] == {"akkoord": message.key.hex}  # type: ignore[attr-defined]
    assert brevo.asked["headers"]["X-Mailin-custom"] == message.key.hex  # type: ignore[attr-defined]
    assert "X-PM-Metadata-akkoord" not in str(postmark.asked["Headers"])
