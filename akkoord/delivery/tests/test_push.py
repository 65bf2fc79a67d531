"""Hand-over to a push service that checks and opens everything, and that misbehaves."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from akkoord.datamap.keys import vapid_public_key
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing
from akkoord.delivery.push import PushPool, retry_after
from akkoord.delivery.push_crypto import encrypt
from akkoord.delivery.tests.push_service import DROP, Browser, PushService, push_service

HEADERS = {"TTL": "3600", "Urgency": "normal", "Topic": "abc"}


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service(vapid_public_key()) as found:
        yield found


def outgoing(key: str, browser: Browser, text: str = "Dag", **values: object) -> Outgoing:
    content = json.dumps({"title": text}).encode()
    return Outgoing(
        key,
        "info@example.nl",
        browser.endpoint,
        lambda: encrypt(content, **browser.keys, pad_to=512),
        headers=HEADERS,
        **values,  # type: ignore[arg-type]
    )


def send(*messages: Outgoing, pool: PushPool | None = None) -> dict[object, Outcome]:
    own = pool or PushPool(3, timeout=5, loopback=True)
    outcomes: list[Outcome] = []
    report = own.send_many(iter(messages), outcomes.append)
    if pool is None:
        own.close()
    assert len(outcomes) == len(messages) == sum(report.counts.values())
    return {each.key: each for each in outcomes}


def test_a_browser_reads_what_was_sent(service: PushService) -> None:
    anna = service.subscribe()
    found = send(outgoing("1", anna, "Dag Anna"))
    assert found["1"].kind is OutcomeKind.SENT
    assert found["1"].code == "201"
    assert [each.text for each in service.received] == [{"title": "Dag Anna"}]
    assert service.received[0].headers["ttl"] == "3600"
    assert service.received[0].headers["topic"] == "abc"
    assert service.received[0].headers["urgency"] == "normal"
    assert service.faults == []


def test_lines_are_used_again(service: PushService) -> None:
    browsers = [service.subscribe() for _ in range(30)]
    pool = PushPool(3, timeout=5, loopback=True)
    send(*(outgoing(str(n), each) for n, each in enumerate(browsers)), pool=pool)
    send(*(outgoing(str(n), each) for n, each in enumerate(browsers)), pool=pool)
    pool.close()
    assert len(service.received) == 60
    assert service.connections <= 3


def test_it_keeps_the_contract(service: PushService) -> None:
    """As every transport: one outcome each, the caller's no counts, nothing old leaves."""
    anna = service.subscribe()
    old = time.monotonic() - 1

    def broken() -> bytes:
        raise RuntimeError

    messages = [
        outgoing("good", anna),
        Outgoing("broken", "info@example.nl", anna.endpoint, broken, headers=HEADERS),
        outgoing("refused", anna),
        outgoing("old", anna, hand_over_by=old),
    ]
    outcomes: list[Outcome] = []
    pool = PushPool(3, timeout=5, loopback=True)
    report = pool.send_many(iter(messages), outcomes.append, lambda each: each.key != "refused")
    pool.close()
    assert {each.key: (each.kind.value, each.code) for each in outcomes} == {
        "good": ("sent", "201"),
        "broken": ("rejected", "not-built"),
        "refused": ("not-handed", "stale"),
        "old": ("not-handed", "stale"),
    }
    assert report.unavailable == ""
    assert len(service.received) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, "sent"),
        (202, "sent"),
        (400, "rejected"),
        (403, "rejected"),
        (404, "rejected"),
        (410, "rejected"),
        (413, "rejected"),
        (301, "rejected"),
        (429, "deferred"),
        (500, "deferred"),
        (503, "deferred"),
    ],
)
def test_what_an_answer_means(service: PushService, status: int, kind: str) -> None:
    anna = service.subscribe()
    service.answers[anna.endpoint] = [status]
    found = send(outgoing("1", anna))["1"]
    assert (found.kind.value, found.code) == (kind, str(status))


def test_a_redirect_is_not_followed(service: PushService) -> None:
    anna = service.subscribe()
    service.answers[anna.endpoint] = [(307, {"Location": service.subscribe().endpoint})]
    assert send(outgoing("1", anna))["1"].kind is OutcomeKind.REJECTED
    assert service.received == []


def test_a_service_that_asks_for_rest_gets_it(service: PushService) -> None:
    anna, bo = service.subscribe(), service.subscribe()
    service.answers[anna.endpoint] = [(429, {"Retry-After": "120"})]
    pool = PushPool(1, timeout=5, loopback=True)
    found = send(outgoing("1", anna), outgoing("2", bo), pool=pool)
    pool.close()
    assert (found["1"].kind, found["1"].wait) == (OutcomeKind.DEFERRED, 120)
    assert found["2"].kind is OutcomeKind.NOT_HANDED  # nothing was sent, so no attempt is used
    assert 115 < found["2"].wait <= 120
    assert service.received == []


def test_a_line_cut_after_the_message_is_uncertain_and_not_sent_again(
    service: PushService,
) -> None:
    anna = service.subscribe()
    service.answers[anna.endpoint] = [DROP]
    assert send(outgoing("1", anna))["1"].kind is OutcomeKind.UNCERTAIN
    assert service.received == []


def test_an_idle_line_that_was_closed_is_not_used(service: PushService) -> None:
    anna, bo = service.subscribe(), service.subscribe()
    service.answers[anna.endpoint] = [(201, {"Connection": "close"})]
    pool = PushPool(1, timeout=5, loopback=True)
    found = send(outgoing("1", anna), outgoing("2", bo), pool=pool)
    pool.close()
    assert {each.kind for each in found.values()} == {OutcomeKind.SENT}


def test_nobody_answers() -> None:
    browser = Browser("http://127.0.0.1:9/push/1")
    assert send(outgoing("1", browser))["1"].kind is OutcomeKind.DEFERRED


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:9/push/1", "https://10.0.0.1/x", "https://printer.local/x", "x"]
)
def test_without_the_setting_nothing_inside_is_reached(endpoint: str) -> None:
    pool = PushPool(1, timeout=5)
    found = send(outgoing("1", Browser(endpoint)), pool=pool)["1"]
    pool.close()
    assert (found.kind, found.code) == (OutcomeKind.REJECTED, "address-refused")


def test_a_message_for_somebody_else_is_caught_by_the_stub(service: PushService) -> None:
    """The stub opens what comes in: a message sealed for another browser would show."""
    anna, bo = service.subscribe(), service.subscribe()
    wrong = Outgoing(
        "1", "info@example.nl", anna.endpoint, encrypt(b"{}", **bo.keys), headers=HEADERS
    )
    assert send(wrong)["1"].code == "400"
    assert service.faults


NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("", 0),
        ("-5", 0),
        ("soon", 0),
        ("99999999", 24 * 3600),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), 120),
        (format_datetime(NOW - timedelta(minutes=2), usegmt=True), 0),
    ],
)
def test_retry_after_in_both_spellings(text: str, seconds: float) -> None:
    assert retry_after(text, at=NOW.timestamp()) == seconds
