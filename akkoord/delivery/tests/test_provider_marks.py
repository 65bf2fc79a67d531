"""Letters by a server of a provider: marked so that its reports know them, counted, and VERP."""

from uuid import uuid4

import pytest
from django.utils import timezone

from akkoord.delivery.models import Provider, ServerProvider
from akkoord.delivery.outgoing import Outgoing
from akkoord.delivery.relays import RelayTransport
from akkoord.delivery.servers import Relay
from akkoord.delivery.tests.smtp_server import smtp_server

pytestmark = pytest.mark.django_db
CONTENT = b"Subject: dag\r\n\r\nDag.\r\n"
OWN = "retour+tag@example.nl"


def sent_by(provider: str, count: int = 2) -> list[tuple[str, bytes]]:
    """Sender and content of what arrives at a server of this provider."""
    letters = [
        Outgoing(
            uuid4(),
            "a@example.nl",
            f"p{number}@example.org",
            CONTENT if number else lambda: CONTENT,
            return_path=lambda: OWN,
        )
        for number in range(count)
    ]
    if provider:
        ServerProvider.objects.create(key="k", provider=provider, said_at=timezone.now())
    with smtp_server() as server:
        transport = RelayTransport([Relay("k", server.url, "test")])
        report = transport.send_many(letters, lambda _outcome: None)
        transport.close()
        assert sum(report.counts.values()) == count
        got = {to: (sender, content) for sender, to, content in server.accepted}
    found = [got[each.recipient] for each in letters]
    return [
        (sender, content.replace(each.key.hex.encode(), b"MARK"))  # type: ignore[attr-defined]
        for each, (sender, content) in zip(letters, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("provider", "head"),
    [
        (Provider.POSTMARK, b"X-PM-Metadata-akkoord: MARK\r\n"),
        (Provider.SENDGRID, b'X-SMTPAPI: {"unique_args":{"akkoord":"MARK"}}\r\n'),
        (Provider.BREVO, b"X-Mailin-custom: MARK\r\n"),
        (Provider.SES, b""),
        (Provider.MAILGUN, b""),
        ("", b""),
    ],
)
def test_each_provider_gets_the_mark_that_it_tells_again(provider: str, head: bytes) -> None:
    for sender, content in sent_by(provider):
        assert sender == "a@example.nl"
        assert content.startswith(head + b"Subject: dag")


def test_a_server_of_our_own_gets_a_return_address_per_letter() -> None:
    for sender, content in sent_by(Provider.OWN):
        assert sender == OWN
        assert content.startswith(b"Subject: dag")


def test_letters_are_counted_per_server() -> None:
    sent_by(Provider.SES, 7)
    assert ServerProvider.objects.get().letters == 7
