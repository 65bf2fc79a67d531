"""Every message gets exactly one outcome, whatever the server does."""

import base64
import datetime
import gc
import ipaddress
import itertools
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from akkoord.delivery import smtp_opening
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing, SendReport
from akkoord.delivery.smtp import MAX_FAILURES, SmtpPool, _Run, safe_content
from akkoord.delivery.smtp_opening import Line, read_url
from akkoord.delivery.smtp_session import Session
from akkoord.delivery.tests.smtp_server import DROP, HANG, Answer, smtp_server

K = OutcomeKind
POOLS: list[SmtpPool] = []
CONTENT = b"Subject: hello\r\n\r\nHello\r\n"


def mails(count: int, **more: object) -> list[Outgoing]:
    return [
        Outgoing(n, "from@example.nl", f"r{n}@example.nl", CONTENT, **more)  # type: ignore[arg-type]
        for n in range(count)
    ]


def send(
    pool: SmtpPool,
    messages: Iterable[Outgoing],
    may_hand_over: Callable[[Outgoing], bool] = lambda _m: True,
) -> tuple[dict[object, Outcome], SendReport]:
    outcomes: dict[object, Outcome] = {}

    def note(outcome: Outcome) -> None:
        assert outcome.key not in outcomes, "two outcomes for one message"
        outcomes[outcome.key] = outcome

    report = pool.send_many(messages, note, may_hand_over)
    assert sum(report.counts.values()) == len(outcomes)
    return outcomes, report


def kinds(outcomes: dict[object, Outcome]) -> Counter[OutcomeKind]:
    return Counter(outcome.kind for outcome in outcomes.values())


def first(then: str, otherwise: str) -> Answer:
    return lambda _argument, count: then if count == 0 else otherwise


def pool_for(url: str, connections: int = 1, **more: object) -> SmtpPool:
    pool = SmtpPool(
        url,
        connections=connections,
        **{"timeout": 5.0, "content_timeout": 5.0, **more},  # type: ignore[arg-type]
    )
    POOLS.append(pool)
    return pool


@pytest.fixture(autouse=True)
def closed_pools() -> Iterator[None]:
    """No connection outlives its test."""
    yield
    while POOLS:
        POOLS.pop().close()


@pytest.mark.parametrize("features", [("PIPELINING", "8BITMIME"), ("8BITMIME",), ()])
def test_all_arrive_once_over_many_connections(features: tuple[str, ...]) -> None:
    with smtp_server(features=features) as server:
        outcomes, report = send(pool_for(server.url, 4), mails(200))
        assert kinds(outcomes) == {K.SENT: 200}
        assert Counter(r for _, r, _ in server.accepted) == Counter(
            f"r{n}@example.nl" for n in range(200)
        )
        assert {content for _, _, content in server.accepted} == {CONTENT}
        assert report.unavailable == ""
        assert 1 <= server.connections <= 4


def test_the_end_of_one_mail_and_the_next_envelope_leave_together() -> None:
    with smtp_server() as server:
        send(pool_for(server.url), mails(3))
        assert [c.split()[0] for c in server.commands if not c.startswith("EHLO")] == [
            "MAIL", "RCPT", "DATA"
        ] * 3  # fmt: skip


@pytest.mark.parametrize("features", [("PIPELINING",), ()])
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "content"])
def test_a_refusal_is_of_one_message_only(step: str, features: tuple[str, ...]) -> None:
    answers = {
        step: lambda _a, n: {0: "550 5.1.1 no such user", 1: "451 4.7.1 greylisted"}.get(
            n, "354 go" if step == "data" else "250 ok"
        )
    }
    with smtp_server(features=features, **answers) as server:
        outcomes, _ = send(pool_for(server.url), mails(6))
        assert [outcomes[n].kind for n in range(6)] == [K.REJECTED, K.DEFERRED] + [K.SENT] * 4
        assert outcomes[0].code == "550 5.1.1"
        assert outcomes[1].code == "451 4.7.1"
        assert len(server.accepted) == 4


def test_a_server_that_wants_content_after_refusing_the_recipient_gets_none() -> None:
    """A lone dot could be delivered as an empty letter: the connection is dropped instead."""
    with smtp_server(rcpt=first("550 5.1.1 no", "250 ok"), careless=True) as server:
        outcomes, _ = send(pool_for(server.url), mails(3))
        assert kinds(outcomes) == {K.REJECTED: 1, K.SENT: 2}
        assert [content for _, _, content in server.accepted] == [CONTENT] * 2
        assert server.connections == 2


@pytest.mark.parametrize("features", [("PIPELINING",), ()])
def test_421_in_mid_session_sends_the_rest_over_another_connection(
    features: tuple[str, ...],
) -> None:
    answer: Answer = lambda _a, n: "421 4.3.2 closing" if n == 2 else "250 ok"  # noqa: E731
    with smtp_server(mail=answer, features=features) as server:
        outcomes, _ = send(pool_for(server.url), mails(6))
        assert kinds(outcomes) == {K.SENT: 6}
        assert server.connections == 2


def test_421_after_the_content_is_a_deferral() -> None:
    with smtp_server(content=first("421 4.3.2 closing", "250 ok")) as server:
        outcomes, _ = send(pool_for(server.url), mails(4))
        assert outcomes[0].kind is K.DEFERRED
        assert kinds(outcomes) == {K.DEFERRED: 1, K.SENT: 3}


@pytest.mark.parametrize("how", [DROP, HANG])
def test_silence_after_the_content_is_uncertain_and_never_sent_again(how: str) -> None:
    with smtp_server(content=first(how, "250 ok")) as server:
        outcomes, _ = send(pool_for(server.url, content_timeout=0.4), mails(5))
        assert outcomes[0].kind is K.UNCERTAIN
        assert kinds(outcomes) == {K.UNCERTAIN: 1, K.SENT: 4}
        assert "r0@example.nl" not in {r for _, r, _ in server.accepted}
        assert sum(c.startswith("RCPT TO:<r0@") for c in server.commands) == 1


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("how", [DROP, HANG])
def test_a_loss_before_the_content_is_tried_over_another_connection(step: str, how: str) -> None:
    good = "354 go" if step == "data" else "250 ok"
    with smtp_server(**{step: first(how, good)}) as server:
        outcomes, _ = send(pool_for(server.url, timeout=0.4), mails(3))
        assert kinds(outcomes) == {K.SENT: 3}
        assert len(server.accepted) == 3


def test_a_server_that_always_drops_gives_everything_back() -> None:
    with smtp_server(mail=lambda _a, _n: DROP) as server:
        outcomes, report = send(pool_for(server.url, 2), mails(60))
        assert kinds(outcomes) == {K.NOT_HANDED: 60}
        assert report.unavailable == "drops-connections"


def test_who_waits_for_an_answer_is_not_hung_up_on_when_the_others_give_up() -> None:
    """A letter handed over whole by one connection is sent, not in doubt, when all others drop."""
    dropped = threading.Event()

    def all_but_the_first(_argument: str, count: int) -> str:
        if count < 1:
            return "250 ok"
        if count == 2 * 3 + MAX_FAILURES + 6:
            dropped.set()
        return DROP

    def when_the_others_gave_up(_argument: str, _count: int) -> str:
        dropped.wait(10)
        time.sleep(0.3)
        return "250 ok"

    answers = {"mail": all_but_the_first, "content": when_the_others_gave_up}
    with smtp_server(features=("SIZE 1000000",), **answers) as server:
        outcomes, report = send(pool_for(server.url, 3, content_timeout=20.0), mails(60))
        assert report.unavailable == "drops-connections"
        assert kinds(outcomes) == {K.SENT: 1, K.NOT_HANDED: 59}
        assert len(server.accepted) == 1


def test_what_the_server_said_before_it_hung_up_counts() -> None:
    """It took the message, said so, and closed while the next words were on their way."""
    here, there = socket.socketpair()
    told: list[Outcome] = []
    pool = pool_for("smtp://127.0.0.1:1")
    run = _Run(pool, iter(mails(1)), told.append, lambda _m: True)
    session = Session(Line(here, {}), run)
    with there:
        assert session.start()
        for reply in (b"250 ok", b"250 ok", b"354 go on"):
            there.recv(4096)
            there.sendall(reply + b"\r\n")
            session.read()
        there.recv(4096)
        there.sendall(b"250 2.0.0 queued\r\n421 4.3.2 bye\r\n")
    session._write(b"MAIL FROM:<a@example.nl>\r\n")
    session.read()
    assert [each.kind for each in told] == [K.SENT]
    assert session.closed
    run.abort()


def test_content_that_was_not_written_whole_is_not_handed() -> None:
    big = b"Subject: x\r\n\r\n" + (b"y" * 70 + b"\r\n") * 200_000
    with smtp_server(read_content=False, features=("PIPELINING",)) as server:
        message = Outgoing(0, "a@example.nl", "b@example.nl", big)
        outcomes, _ = send(pool_for(server.url, content_timeout=0.4), [message])
        assert outcomes[0].kind is K.NOT_HANDED


def test_what_is_still_being_written_after_its_time_is_pulled_back() -> None:
    big = b"Subject: x\r\n\r\n" + (b"y" * 70 + b"\r\n") * 200_000
    with smtp_server(read_content=False, features=("PIPELINING",)) as server:
        message = Outgoing(0, "a@example.nl", "b@example.nl", big, time.monotonic() + 0.5)
        outcomes, _ = send(pool_for(server.url), [message])
        assert (outcomes[0].kind, outcomes[0].code) == (K.NOT_HANDED, "stale")


def test_inv25_what_is_withdrawn_meanwhile_does_not_leave() -> None:
    """The caller's answer counts up to the write that commits, also for what was pipelined."""
    withdrawn: set[object] = set()

    def accept(_argument: str, count: int) -> str:
        withdrawn.add(count + 1)  # while the server thinks, the next one withdraws
        time.sleep(0.02)
        return "250 ok"

    with smtp_server(content=accept) as server:
        outcomes, _ = send(
            pool_for(server.url), mails(3), lambda message: message.key not in withdrawn
        )
        assert outcomes[0].kind is K.SENT
        assert (outcomes[1].kind, outcomes[1].code) == (K.NOT_HANDED, "stale")
        assert "r1@example.nl" not in {r for _, r, _ in server.accepted}


def test_a_gate_check_that_is_too_old_stops_the_message() -> None:
    with smtp_server() as server:
        old = mails(2, hand_over_by=time.monotonic() - 0.01)
        outcomes, _ = send(pool_for(server.url), old)
        assert [o.code for o in outcomes.values()] == ["stale", "stale"]
        assert server.accepted == []


def test_a_slow_server_never_gets_what_grew_old_in_line() -> None:
    def slow(_argument: str, _count: int) -> str:
        time.sleep(1)
        return "250 ok"

    with smtp_server(content=slow) as server:
        messages = mails(4, hand_over_by=time.monotonic() + 1.6)
        outcomes, _ = send(pool_for(server.url), messages)
        assert kinds(outcomes) == {K.SENT: 2, K.NOT_HANDED: 2}
        assert len(server.accepted) == 2


def test_no_server_gives_everything_back_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcomes, report = send(pool_for(f"smtp://127.0.0.1:{port}", 3), mails(5))
    assert kinds(outcomes) == {K.NOT_HANDED: 5}
    assert {o.code for o in outcomes.values()} == {"unavailable"}
    assert report.unavailable == "connect"


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [("554 no", "greeting-554"), ("421 busy", "greeting-421"), ("hello", "not-smtp")],
)
def test_a_server_that_does_not_greet(greeting: str, reason: str) -> None:
    with smtp_server(greeting=lambda _a, _n: greeting) as server:
        outcomes, report = send(pool_for(server.url), mails(2))
        assert kinds(outcomes) == {K.NOT_HANDED: 2}
        assert report.unavailable == reason


def test_a_connection_that_hangs_at_the_greeting_holds_up_nobody() -> None:
    with smtp_server(greeting=first(HANG, "220 ok")) as server:
        started = time.monotonic()
        outcomes, _ = send(pool_for(server.url, 3, timeout=10.0), mails(20))
        assert kinds(outcomes) == {K.SENT: 20}
        assert time.monotonic() - started < 5


def test_connections_are_kept_for_the_next_batch() -> None:
    with smtp_server() as server:
        pool = pool_for(server.url)
        send(pool, mails(2))
        send(pool, mails(2))
        assert server.connections == 1
        pool.close()


def test_a_short_batch_loses_no_connection() -> None:
    """Not those that it has no message for, and none when it is empty."""
    with smtp_server() as server:
        pool = pool_for(server.url, 3)
        send(pool, mails(60))
        opened = {line.sock.fileno() for line in pool._kept}
        for count in (1, 0, 2):
            outcomes, _ = send(pool, mails(count))
            assert len(outcomes) == count
            assert {line.sock.fileno() for line in pool._kept} == opened
        pool.close()


def test_a_kept_connection_that_the_server_closed_costs_nothing() -> None:
    with smtp_server() as server:
        pool = pool_for(server.url)
        send(pool, mails(1))
        for sock in server._open:
            sock.shutdown(socket.SHUT_RDWR)
        outcomes, _ = send(pool, mails(2))
        assert kinds(outcomes) == {K.SENT: 2}
        pool.close()


@pytest.mark.parametrize(
    "address",
    ["a@b.nl>\r\nRCPT TO:<x@y.nl", "no-at", "a b@c.nl", "", "a\x00@b.nl", "@example.nl", "a@"],
)
def test_an_address_cannot_end_a_command(address: str) -> None:
    with smtp_server() as server:
        messages = [Outgoing(0, "a@example.nl", address, CONTENT), *mails(2)[1:]]
        outcomes, _ = send(pool_for(server.url), messages)
        if address:
            assert (outcomes[0].kind, outcomes[0].code) == (K.REJECTED, "bad-address")
        assert outcomes[1].kind is K.SENT


def test_addresses_beyond_ascii() -> None:
    message = Outgoing(0, "a@example.nl", "zoë@exämple.nl", CONTENT)
    domain_only = Outgoing(1, "a@example.nl", "zoe@exämple.nl", CONTENT)
    with smtp_server() as server:
        outcomes, _ = send(pool_for(server.url), [message, domain_only])
        assert outcomes[0].code == "smtputf8-missing"
        assert server.accepted[0][1] == "zoe@xn--exmple-cua.nl"
    with smtp_server(features=("PIPELINING", "SMTPUTF8", "8BITMIME")) as server:
        outcomes, _ = send(pool_for(server.url), [message])
        assert outcomes[0].kind is K.SENT
        assert any(c.startswith("MAIL") and c.endswith("SMTPUTF8") for c in server.commands)


def test_a_message_that_is_too_big_is_refused_here() -> None:
    with smtp_server(features=("PIPELINING", "SIZE 1000")) as server:
        big = Outgoing(0, "a@example.nl", "b@example.nl", CONTENT * 100)
        outcomes, _ = send(pool_for(server.url), [big])
        assert (outcomes[0].kind, outcomes[0].code) == (K.REJECTED, "552 5.3.4")
        assert server.accepted == []


def test_a_message_that_cannot_be_built_stops_no_other() -> None:
    def broken() -> bytes:
        raise RuntimeError

    with smtp_server() as server:
        messages = [Outgoing(0, "a@example.nl", "b@example.nl", broken), *mails(2)[1:]]
        outcomes, _ = send(pool_for(server.url), messages)
        assert outcomes[0].code == "not-built"
        assert outcomes[1].kind is K.SENT


def test_an_error_of_the_caller_is_not_swallowed() -> None:
    def fail(_outcome: Outcome) -> None:
        raise RuntimeError("caller")

    with smtp_server() as server, pytest.raises(RuntimeError, match="caller"):
        pool_for(server.url).send_many(mails(3), fail)


def test_bare_line_ends_and_dots_cannot_smuggle_a_second_message() -> None:
    evil = b"Subject: x\n\n.\r\nhello\n.\nMAIL FROM:<evil@example.nl>\r.\rend"
    safe = safe_content(evil)
    assert safe == (
        b"Subject: x\r\n\r\n..\r\nhello\r\n..\r\nMAIL FROM:<evil@example.nl>\r\n..\r\nend\r\n.\r\n"
    )


def test_content_outside_ascii_needs_8bitmime() -> None:
    message = Outgoing(0, "a@example.nl", "b@example.nl", "Subject: x\r\n\r\né\r\n".encode())
    with smtp_server(features=("PIPELINING",)) as server:
        outcomes, _ = send(pool_for(server.url), [message])
        assert outcomes[0].code == "8bitmime-missing"
    with smtp_server(features=("8BITMIME",)) as server:
        outcomes, _ = send(pool_for(server.url), [message])
        assert outcomes[0].kind is K.SENT


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN"])
def test_logging_in(method: str) -> None:
    def secret(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    auth = (
        f"PLAIN {secret(chr(0) + 'user' + chr(0) + 'p:w')}"
        if method == "PLAIN"
        else f"LOGIN {secret('user')} {secret('p:w')}"
    )
    with smtp_server(features=(f"AUTH {method}",), auth=auth) as server:
        good = f"smtp://user:p%3Aw@127.0.0.1:{server.port}"
        assert kinds(send(pool_for(good), mails(2))[0]) == {K.SENT: 2}
        bad = f"smtp://user:wrong@127.0.0.1:{server.port}"
        outcomes, report = send(pool_for(bad), mails(2))
        assert kinds(outcomes) == {K.NOT_HANDED: 2}
        assert report.unavailable == "login-535"


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's context that trust each other."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(
        cadata=made.public_bytes(serialization.Encoding.PEM).decode()
    )
    return server, client


def test_whom_we_trust_is_read_once_and_only_for_tls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Reading the machine's certificates takes 20 ms; a pool opens ten connections at once."""
    server_tls, _ = certificate(tmp_path)
    read: list[int] = []
    true = ssl.create_default_context

    def counted() -> ssl.SSLContext:
        read.append(1)
        return true()

    monkeypatch.setattr(ssl, "create_default_context", counted)
    smtp_opening._read_trusted.cache_clear()
    with smtp_server() as server:
        send(pool_for(f"smtp://127.0.0.1:{server.port}"), mails(20))
        assert not read
    with smtp_server(starttls=server_tls) as server:
        _, report = send(pool_for(f"smtp+starttls://127.0.0.1:{server.port}"), mails(20))
        assert report.unavailable == "certificate"
    assert len(read) == 1
    smtp_opening._read_trusted.cache_clear()


def test_starttls_and_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    server_tls, client_tls = certificate(tmp_path)
    with smtp_server(starttls=server_tls) as server:
        url = f"smtp+starttls://127.0.0.1:{server.port}"
        big = b"Subject: x\r\n\r\n" + (b"y" * 70 + b"\r\n") * 5000
        messages = [Outgoing(n, "a@example.nl", "b@example.nl", big) for n in range(30)]
        outcomes, _ = send(pool_for(url, 2, tls=client_tls), messages)
        assert kinds(outcomes) == {K.SENT: 30}
        assert {content for _, _, content in server.accepted} == {big}
    with smtp_server(starttls=server_tls) as server:
        url = f"smtp+starttls://127.0.0.1:{server.port}"
        _, report = send(pool_for(url), mails(1))
        assert report.unavailable == "certificate"


def test_no_falling_back_to_a_line_in_the_clear() -> None:
    with smtp_server() as server:
        _, report = send(pool_for(f"smtp+starttls://127.0.0.1:{server.port}"), mails(1))
        assert report.unavailable == "starttls-missing"
        assert server.accepted == []


# The library leaves its own ends of the connections to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_smtps_against_aiosmtpd(tmp_path: Path) -> None:
    server_tls, client_tls = certificate(tmp_path)
    received: list[bytes] = []

    class Handler:
        async def handle_DATA(  # noqa: N802 -- the library's name
            self, _server: object, _session: object, envelope: object
        ) -> str:
            received.append(envelope.content)  # type: ignore[attr-defined]
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port, ssl_context=server_tls)
    controller.start()
    try:
        outcomes, _ = send(pool_for(f"smtps://127.0.0.1:{port}", 2, tls=client_tls), mails(40))
        POOLS[-1].close()
        gc.collect()
    finally:
        controller.stop()
    gc.collect()  # while the warning above is still not an error
    assert kinds(outcomes) == {K.SENT: 40}
    assert len(received) == 40


def test_an_endless_source_is_pulled_only_as_fast_as_it_leaves() -> None:
    pulled = 0

    def source() -> Iterable[Outgoing]:
        nonlocal pulled
        for message in itertools.islice(itertools.cycle(mails(1)), 500):
            pulled += 1
            assert pulled - done <= 5  # a message and the next one per connection, and one
            message.key = pulled
            yield message

    done = 0

    def note(_outcome: Outcome) -> None:
        nonlocal done
        done += 1

    with smtp_server() as server:
        pool_for(server.url, 2).send_many(source(), note)
    assert done == 500


@pytest.mark.parametrize("url", ["http://x", "smtp://", "mailto:x@example.nl", "smtp://x:99999"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"mail server|[Pp]ort"):
        read_url(url)


def test_the_password_is_not_shown() -> None:
    server = read_url("smtps://user:geheim@mail.example.nl")
    assert (server.port, server.password) == (465, "geheim")
    assert "geheim" not in repr(server)
    assert not server.is_loopback
    assert read_url("smtp://localhost:25").is_loopback
