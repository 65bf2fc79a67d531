"""Several mail servers as one way out: shares, servers that fail, and nobody gets it twice."""

import socket
import stat
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as current
from django.utils import timezone

from akkoord.delivery import breaker
from akkoord.delivery.breaker import Breakers
from akkoord.delivery.models import MailServer, OutboxMail, ServerState
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing
from akkoord.delivery.relays import SERVERS_AWAY, RelayTransport
from akkoord.delivery.server_actions import (
    ServerRefused,
    enter_server,
    remove_server,
    try_server,
)
from akkoord.delivery.server_queries import server_rows, servers_away
from akkoord.delivery.servers import Relay, has_password, relays, split_urls, weight_of
from akkoord.delivery.tests.smtp_server import DROP, HANG, SmtpServer, fine, smtp_server
from akkoord.delivery.transports import MailboxTransport, way_out
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
CONTENT = b"Subject: dag\r\n\r\nDag.\r\n"


def mails(count: int, *, seconds: float = 60) -> list[Outgoing]:
    limit = time.monotonic() + seconds
    return [
        Outgoing(number, "a@example.nl", f"p{number}@example.org", CONTENT, limit)
        for number in range(count)
    ]


def relay(server: SmtpServer | str, weight: int = 1) -> Relay:
    url = server if isinstance(server, str) else server.url
    return Relay(url.rpartition(":")[2], url, url.rpartition("/")[2], weight)


def received(*servers: SmtpServer) -> Counter[str]:
    return Counter(to for server in servers for _from, to, _content in server.accepted)


class Sent:
    """What became of a few batches."""

    def __init__(self, transport: RelayTransport, *batches: list[Outgoing]) -> None:
        self.outcomes: list[Outcome] = []
        self.unavailable = ""
        for batch in batches:
            self.unavailable = transport.send_many(batch, self.outcomes.append).unavailable
        transport.close()

    def kinds(self) -> Counter[OutcomeKind]:
        return Counter(each.kind for each in self.outcomes)


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"smtp://127.0.0.1:{free.getsockname()[1]}"


def test_shares_are_by_weight() -> None:
    with smtp_server() as one, smtp_server() as two:
        transport = RelayTransport([relay(one, 1), relay(two, 3)], connections=2)
        found = Sent(transport, *[mails(10) for _ in range(8)])
        assert found.kinds() == {OutcomeKind.SENT: 80}
        assert (len(one.accepted), len(two.accepted)) == (20, 60)


FAILURES = {
    "refused": None,
    "421 at the greeting": {"greeting": fine("421 4.3.2 not now")},
    "wrong password": {"auth": "PLAIN", "greeting": fine("535 5.7.8 no")},
    "drops": {"greeting": fine(DROP)},
    "breaks at the recipient": {"rcpt": fine(DROP)},
    "421 at the recipient": {"rcpt": fine("421 4.7.0 later")},
}


@pytest.mark.parametrize("how", list(FAILURES))
def test_a_server_that_fails_is_set_aside_and_the_other_takes_over(how: str) -> None:
    behaviour = FAILURES[how]
    with smtp_server() as good, smtp_server(**(behaviour or {})) as bad:
        first = relay(closed_port() if behaviour is None else bad)
        transport = RelayTransport([first, relay(good)], connections=2)
        found = Sent(transport, mails(20), mails(20), mails(20))
        assert found.kinds() == {OutcomeKind.SENT: 60}
        assert found.unavailable == ""
        assert set(received(good).values()) == {3}
        state = ServerState.objects.get()
        assert state.key == first.key
        assert state.set_aside_until > timezone.now()


def test_a_server_that_hangs_is_set_aside_and_nothing_is_lost() -> None:
    with smtp_server() as good, smtp_server(mail=fine(HANG)) as bad:
        transport = RelayTransport([relay(bad), relay(good)], connections=2, timeout=1.2)
        found = Sent(transport, mails(4, seconds=1), mails(4), mails(4))
        bad.over.set()
        assert found.kinds() == {OutcomeKind.NOT_HANDED: 4, OutcomeKind.SENT: 8}
        assert {each.code for each in found.outcomes[:4]} == {"stale"}  # INV-25: its check is old
        assert ServerState.objects.get().key == relay(bad).key


def test_a_server_that_dies_in_the_middle_gives_nobody_two() -> None:
    def until_the_middle(_argument: str, count: int) -> str:
        return "250 2.0.0 queued" if count <= 7 else DROP

    with smtp_server() as good, smtp_server(content=until_the_middle) as bad:
        transport = RelayTransport([relay(bad), relay(good)], connections=1)
        found = Sent(transport, mails(30))
        got = received(good, bad)
        assert set(got.values()) <= {1}
        kinds = found.kinds()
        assert kinds[OutcomeKind.SENT] + kinds[OutcomeKind.UNCERTAIN] == 30
        # Written whole and never answered: it may have arrived, so nobody sends it again.
        uncertain = {each.key for each in found.outcomes if each.kind is OutcomeKind.UNCERTAIN}
        assert uncertain
        assert not uncertain & {int(to[1:].partition("@")[0]) for to in received(good)}
        assert len(good.accepted) >= 10


def test_when_all_are_gone_everything_comes_back_untouched() -> None:
    transport = RelayTransport([relay(closed_port()), relay(closed_port())], connections=2)
    found = Sent(transport, mails(5), mails(5))
    assert found.kinds() == {OutcomeKind.NOT_HANDED: 10}
    assert found.unavailable == SERVERS_AWAY
    assert {each.code for each in found.outcomes} == {"unavailable"}


def test_one_is_tried_again_when_all_are_gone_and_it_is_back() -> None:
    now = timezone.now()
    with smtp_server() as back:
        one, other = relay(back), relay(closed_port())
        for each in (one, other):
            ServerState.objects.create(
                key=each.key,
                failures=5,
                why="connect",
                set_aside_until=now + timedelta(minutes=30),
                changed_at=now - timedelta(minutes=2),
            )
        transport = RelayTransport([one, other], connections=1)
        found = Sent(transport, mails(5), mails(5))
        assert found.kinds()[OutcomeKind.SENT] >= 5
    assert not ServerState.objects.filter(key=one.key).exists()


def test_a_refusal_is_no_failure_of_the_server() -> None:
    with smtp_server(rcpt=fine("550 5.1.1 nobody")) as server, smtp_server() as other:
        found = Sent(RelayTransport([relay(server), relay(other)], connections=1), mails(5))
        assert found.kinds() == {OutcomeKind.REJECTED: 5}
    assert not ServerState.objects.exists()


def test_the_back_off_grows_and_a_wrong_password_waits_longest() -> None:
    breakers, now = Breakers(), timezone.now()
    waits = []
    for _ in range(7):
        breakers.failed("a", "connect", at=now)
        waits.append(breakers._failing["a"].until - now)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=breaker.BACK_OFF_MINUTES[0])
    breakers.failed("b", "login-535", at=now)
    assert breakers._failing["b"].until == now + timedelta(minutes=30)
    assert breakers.available(["a", "b"], at=now) == []
    assert breakers.available(["a", "b", "c"], at=now) == ["c"]


def test_two_workers_share_what_they_learnt() -> None:
    mine, yours, now = Breakers(), Breakers(), timezone.now()
    mine.failed("a", "connect", at=now)
    mine.sync()
    yours.sync()
    assert yours.available(["a", "b"], at=now) == ["b"]
    yours.worked("a")
    yours.sync()
    mine.sync()
    assert mine.available(["a", "b"], at=now) == ["a", "b"]


# ---- which servers there are


def test_addresses_behind_each_other() -> None:
    text = "smtp://a.example:25?weight=2, smtps://u:p%2Cq@b.example  smtp://[::1]:2525"
    assert split_urls(text) == [
        "smtp://a.example:25?weight=2",
        "smtps://u:p%2Cq@b.example",
        "smtp://[::1]:2525",
    ]
    assert [weight_of(each) for each in split_urls(text)] == [2, 1, 1]
    for wrong in ("?weight=0", "?weight=101", "?weight=two", "?wait=2"):
        with pytest.raises(ValueError, match="weight"):
            weight_of(f"smtp://a.example{wrong}")


def enter(**more: object) -> MailServer:
    facts = {
        "scheme": "smtp",
        "host": "127.0.0.1",
        "port": 2525,
        "user": "",
        "password": "",
        "weight": 1,
        **more,
    }
    return enter_server(at=timezone.now(), actor=Actor.system(), **facts)  # type: ignore[arg-type]


def test_a_password_stands_in_the_data_folder_alone(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    server = enter(user="anna", password="heel: geheim/@", scheme="smtps", host="mail.example.nl")
    found = relays()[0]
    assert found.url == "smtps://anna:heel%3A%20geheim%2F%40@mail.example.nl:2525"
    assert "geheim" not in repr(found)
    path = next((tmp_path / "keys").iterdir())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "geheim" not in str(MailServer.objects.values().get())
    path.unlink()
    assert not has_password(server.id)
    assert server_rows()[0].misses_password
    assert try_server(key=found.key, recipient="a@example.nl", at=timezone.now()) is None


def test_removing_a_server_removes_its_password(
    settings: object, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    server = enter(user="anna", password="geheim")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove_server(server_id=server.id, at=timezone.now(), actor=Actor.system())
    assert not has_password(server.id)
    assert not relays()


def test_what_cannot_be_entered() -> None:
    enter()
    with pytest.raises(ServerRefused, match="staat er al"):
        enter()
    with pytest.raises(ServerRefused, match="leesbaar"):
        enter(user="anna", password="geheim", host="mail.example.nl")


def test_which_way_out(settings: object) -> None:
    settings.SMTP_URL = ""  # type: ignore[attr-defined]
    assert isinstance(way_out(), MailboxTransport)
    settings.SMTP_URL = "smtp://127.0.0.1:1 smtp://127.0.0.1:2?weight=3"  # type: ignore[attr-defined]
    enter(weight=4)
    rows = server_rows()
    assert [row.share for row in rows] == [12, 38, 50]
    assert [row.server_id is None for row in rows] == [True, True, False]
    assert current.SMTP_URL


def test_a_test_goes_by_that_very_server(settings: object) -> None:
    from akkoord.delivery.jobs import send_outbox

    with smtp_server() as one, smtp_server() as two:
        settings.SMTP_URL = f"{one.url} {two.url}"  # type: ignore[attr-defined]
        for server, found in zip((one, two), relays(), strict=True):
            mail = try_server(key=found.key, recipient="anouk@example.nl", at=timezone.now())
            assert mail is not None
            send_outbox(str(mail.id))
            assert [to for _from, to, _content in server.accepted] == ["anouk@example.nl"]
        assert {mail.state for mail in OutboxMail.objects.all()} == {"sent"}
        assert {row.tried for row in server_rows()} == {"sent"}


def test_what_is_away_is_said_in_words(settings: object) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1 smtp://127.0.0.1:2"  # type: ignore[attr-defined]
    assert servers_away() is None
    first, second = relays()
    moment = datetime.now().astimezone()
    ServerState.objects.create(
        key=first.key, why="login-535", set_aside_until=moment, changed_at=moment
    )
    away = servers_away()
    assert away is not None
    assert (len(away.rows), away.all_away) == (1, False)
    assert "wachtwoord" in away.rows[0].why
    ServerState.objects.create(
        key=second.key, why="connect", set_aside_until=moment, changed_at=moment
    )
    assert servers_away().all_away  # type: ignore[union-attr]
