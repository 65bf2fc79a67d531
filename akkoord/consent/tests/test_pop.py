"""A mailbox by POP3: read for real, and nothing deleted before it was dealt with."""

from collections.abc import Iterator

import pytest

from akkoord.config.environment import BadEnvironment, read_environment
from akkoord.consent.models import IncomingMail, Standing
from akkoord.consent.poll import Visit, poll_mailbox
from akkoord.consent.tests.factories import NOW, make_organisation, make_point, make_topic
from akkoord.consent.tokens import withdrawal_address
from akkoord.delivery import pop
from akkoord.delivery.pop import PopProblem
from akkoord.delivery.tests.pop_server import PopServer, pop_server
from akkoord.permission.tests.factories import give

pytestmark = pytest.mark.django_db
NEWS = b"From: b@example.com\r\nTo: a@example.org\r\nSubject: Factuur\r\n\r\n.Zie de bijlage.\r\n"


@pytest.fixture
def server() -> Iterator[PopServer]:
    pop.forget_seen()
    with pop_server() as found:
        yield found
    pop.forget_seen()


@pytest.fixture
def stop() -> bytes:
    make_organisation()
    topic, point = make_topic(), make_point()
    give(point, topic)
    to = withdrawal_address(point_id=point.id, purpose_id=topic.id, domain="example.org")
    return f"From: x@example.com\r\nTo: {to}\r\nSubject: x\r\n\r\nx\r\n".encode()


def stopped() -> int:
    return Standing.objects.filter(state="withdrawn").count()


def test_what_is_done_is_deleted_and_the_rest_stays(server: PopServer, stop: bytes) -> None:
    server.put(stop)
    kept = server.put(NEWS)
    assert poll_mailbox(server.url, at=NOW) == Visit(read=2, stopped=1, put_away=1)
    assert list(server.mails) == [kept]
    assert server.mails[kept] == NEWS
    assert stopped() == 1
    assert poll_mailbox(server.url, at=NOW) == Visit()  # looked at already
    assert server.log.count("RETR") == 2


def test_a_line_that_breaks_deletes_nothing_and_counts_nothing_twice(
    server: PopServer, stop: bytes
) -> None:
    name = server.put(stop)
    server.drop_at = "QUIT"
    poll_mailbox(server.url, at=NOW)
    assert list(server.mails) == [name]
    server.drop_at = ""
    assert poll_mailbox(server.url, at=NOW) == Visit(read=1, stopped=0, put_away=1)
    assert not server.mails
    assert IncomingMail.objects.count() == 1


def test_a_server_that_breaks_off_at_the_deletion_keeps_all(server: PopServer, stop: bytes) -> None:
    name = server.put(stop)
    server.put(stop + b"two\r\n")
    server.drop_at = "DELE"
    with pytest.raises(PopProblem):
        poll_mailbox(server.url, at=NOW)
    assert name in server.mails
    assert len(server.mails) == 2


def test_a_line_longer_than_the_standard_allows_stops_nobody(
    server: PopServer, stop: bytes
) -> None:
    server.put(NEWS + b"y" * 50_000 + b"\r\n")
    server.put(stop)
    assert poll_mailbox(server.url, at=NOW).stopped == 1


def test_a_wrong_password_says_so_without_it(server: PopServer) -> None:
    with pytest.raises(PopProblem) as problem:
        poll_mailbox(server.url.replace("geheim", "verraden"), at=NOW)
    assert "verraden" not in str(problem.value)
    with pytest.raises(PopProblem):
        poll_mailbox("pop3://anna:x@127.0.0.1:1", at=NOW)


def test_a_password_goes_over_a_sealed_line_only() -> None:
    with pytest.raises(BadEnvironment, match="AKKOORD_POP_URL would send a password in the open"):
        read_environment({"AKKOORD_POP_URL": "pop3://a:b@mail.example.nl"})
    with pytest.raises(BadEnvironment, match="AKKOORD_POP_URL must look like pop3s://"):
        read_environment({"AKKOORD_POP_URL": "pop3s://mail.example.nl"})
    found = read_environment({"AKKOORD_POP_URL": "pop3s://a:b@mail.example.nl"})
    assert pop.read_url(found.pop_url).port == 995
