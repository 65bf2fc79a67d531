"""A domain's records, asked of a real resolver on loopback that speaks the protocol."""

import socket
import threading
from collections.abc import Callable, Iterator

import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from akkoord.delivery.dns_check import DnsFault, Signing, Texts, dns_faults, texts_by_resolver

SIGNING = Signing("example.nl", "akkoord", "v=DKIM1; k=rsa; p=MIIBabc")
GOOD = {
    "example.nl.": ["v=spf1 mx -all", "google-site-verification=x"],
    "akkoord._domainkey.example.nl.": ["v=DKIM1; k=rsa; p=MIIB abc"],
    "_dmarc.example.nl.": ["v=DMARC1; p=none"],
}


@pytest.fixture
def zone() -> Iterator[Callable[[dict[str, list[str]]], Texts]]:
    """A name server with these TXT records; what it does not know does not exist."""
    records: dict[str, list[str]] = {}
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                wire, caller = sock.recvfrom(4096)
            except OSError:
                return
            question = dns.message.from_wire(wire)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            texts = records.get(str(name).lower())
            if texts is None:
                answer.set_rcode(3)  # NXDOMAIN
            else:
                quoted = [f'"{text}"' for text in texts]
                answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", quoted))
            sock.sendto(answer.to_wire(), caller)

    threading.Thread(target=serve, daemon=True).start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = sock.getsockname()[1]

    def with_records(found: dict[str, list[str]]) -> Texts:
        records.update(found)
        return texts_by_resolver(resolver)

    yield with_records
    sock.close()


def test_a_domain_that_is_in_order(zone: Callable[[dict[str, list[str]]], Texts]) -> None:
    assert dns_faults("example.nl", SIGNING, zone(GOOD)) == []


@pytest.mark.parametrize(
    ("name", "records", "fault"),
    [
        ("example.nl.", ["no spf"], DnsFault.NO_SPF),
        ("example.nl.", ["v=spf10 all"], DnsFault.NO_SPF),
        ("example.nl.", ["v=spf1 -all", "v=spf1 mx -all"], DnsFault.TWO_SPF),
        ("akkoord._domainkey.example.nl.", ["v=DKIM1; p="], DnsFault.OTHER_DKIM),  # revoked
        ("akkoord._domainkey.example.nl.", ["v=DKIM1; p=MIIBother"], DnsFault.OTHER_DKIM),
        ("akkoord._domainkey.example.nl.", ["something else"], DnsFault.NO_DKIM),
        ("_dmarc.example.nl.", ["v=spf1"], DnsFault.NO_DMARC),
    ],
)
def test_what_is_wrong(
    zone: Callable[[dict[str, list[str]]], Texts],
    name: str,
    records: list[str],
    fault: DnsFault,
) -> None:
    assert dns_faults("example.nl", SIGNING, zone(GOOD | {name: records})) == [fault]


def test_the_policy_of_the_domain_above_counts(
    zone: Callable[[dict[str, list[str]]], Texts],
) -> None:
    texts = zone(GOOD | {"nieuws.example.nl.": ["v=spf1 mx -all"]})
    assert dns_faults("nieuws.example.nl", SIGNING, texts) == []


def test_a_strict_policy_and_another_signing_domain(
    zone: Callable[[dict[str, list[str]]], Texts],
) -> None:
    texts = zone(
        GOOD
        | {
            "nieuws.example.nl.": ["v=spf1 mx -all"],
            "_dmarc.example.nl.": ["v=DMARC1; p=reject; adkim=s"],
        }
    )
    assert dns_faults("nieuws.example.nl", SIGNING, texts) == [DnsFault.DMARC_STRICT]
    assert dns_faults("example.nl", SIGNING, texts) == []


def test_without_a_network_nothing_is_said_to_be_well() -> None:
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = silent.getsockname()[1]
    resolver.timeout = 0.1
    try:
        assert dns_faults("example.nl", None, texts_by_resolver(resolver)) == [DnsFault.NOT_CHECKED]
    finally:
        silent.close()
