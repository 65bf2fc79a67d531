"""A domain's records, asked of a real resolver on loopback that speaks the protocol."""

from collections.abc import Iterator

import pytest

from akkoord.delivery.dns_check import (
    DnsFault,
    Fault,
    Leaving,
    Signing,
    dns_faults,
)
from akkoord.delivery.spf import with_host
from akkoord.delivery.tests.name_server import NameServer, name_server

SIGNING = Signing("example.nl", "akkoord", "v=DKIM1; k=rsa; p=MIIBabc")
GOOD = {
    "example.nl.": ["v=spf1 mx -all", "google-site-verification=x"],
    "akkoord._domainkey.example.nl.": ["v=DKIM1; k=rsa; p=MIIB abc"],
    "_dmarc.example.nl.": ["v=DMARC1; p=none"],
}


@pytest.fixture
def zone() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


def test_a_domain_that_is_in_order(zone: NameServer) -> None:
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
    zone: NameServer,
    name: str,
    records: list[str],
    fault: DnsFault,
) -> None:
    assert dns_faults("example.nl", SIGNING, zone(GOOD | {name: records})) == [Fault(fault)]


def test_the_policy_of_the_domain_above_counts(
    zone: NameServer,
) -> None:
    texts = zone(GOOD | {"nieuws.example.nl.": ["v=spf1 mx -all"]})
    assert dns_faults("nieuws.example.nl", SIGNING, texts) == []


def test_a_strict_policy_and_another_signing_domain(
    zone: NameServer,
) -> None:
    texts = zone(
        GOOD
        | {
            "nieuws.example.nl.": ["v=spf1 mx -all"],
            "_dmarc.example.nl.": ["v=DMARC1; p=reject; adkim=s"],
        }
    )
    assert dns_faults("nieuws.example.nl", SIGNING, texts) == [Fault(DnsFault.DMARC_STRICT)]
    assert dns_faults("example.nl", SIGNING, texts) == []


def test_without_a_network_nothing_is_said_to_be_well() -> None:
    with name_server(is_silent=True) as silent:
        found = dns_faults("example.nl", None, silent({}))
    assert found == [Fault(DnsFault.NOT_CHECKED)]


HOST = Leaving("smtp.relay.example.org")
SERVED = GOOD | {
    "a smtp.relay.example.org.": ["192.0.2.7"],
    "a mail.example.nl.": ["192.0.2.9"],
    "mx example.nl.": ["10 mail.example.nl."],
    "_spf.relay.example.org.": ["v=spf1 ip4:192.0.2.0/29 -all"],
}


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ("v=spf1 mx -all", DnsFault.SPF_WITHOUT),
        ("v=spf1 -all", DnsFault.SPF_WITHOUT),
        ("v=spf1 -ip4:192.0.2.7 -all", DnsFault.SPF_WITHOUT),
        ("v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 ~all", DnsFault.SPF_WITHOUT),
        ("v=spf1 include:elders.example.com -all", DnsFault.SPF_WITHOUT),
        ("v=spf1 include:example.nl -all", DnsFault.SPF_UNSURE),  # for ever round
        ("v=spf1 exists:%{i}.example.nl -all", DnsFault.SPF_UNSURE),
        ("v=spf1 ip4:nonsense -all", DnsFault.SPF_UNSURE),
        ("v=spf1 ip4:192.0.2.7 -all", None),
        ("v=spf1 a:smtp.relay.example.org -all", None),
        ("v=spf1 a:mail.example.nl/24 -all", None),
        ("v=spf1 mx/24 -all", None),
        ("v=spf1 include:_spf.relay.example.org -all", None),
        ("v=spf1 redirect=_spf.relay.example.org", None),
    ],
)
def test_whether_spf_names_the_server_that_sends(
    zone: NameServer, record: str, found: DnsFault | None
) -> None:
    texts = zone(SERVED | {"example.nl.": [record]})
    said = [Fault(found, HOST, record)] if found else []
    assert dns_faults("example.nl", SIGNING, texts, [HOST]) == said


def test_a_provider_is_named_by_what_it_says_to_include(
    zone: NameServer,
) -> None:
    ways = [Leaving("smtp-relay.brevo.com"), Leaving("api.mailgun.net", "example.nl")]
    texts = zone(GOOD | {"example.nl.": ["v=spf1 include:spf.brevo.com -all"]})
    said = dns_faults("example.nl", SIGNING, texts, ways)
    assert said == [Fault(DnsFault.SPF_WITHOUT, ways[1], "v=spf1 include:spf.brevo.com -all")]
    assert with_host(said[0].record, ways[1].host) == (
        "v=spf1 include:mailgun.org include:spf.brevo.com -all"
    )
    assert with_host("v=spf1 -all", "192.0.2.7") == "v=spf1 ip4:192.0.2.7 -all"
    assert with_host("v=spf1", "smtp.example.org") == "v=spf1 a:smtp.example.org"


@pytest.mark.parametrize(
    ("policy", "signs", "envelope", "found"),
    [
        ("v=DMARC1; p=none", "example.nl", "amazonaws.com", []),  # one of the two is enough
        ("v=DMARC1; p=none", "mail.example.nl", "", []),
        ("v=DMARC1; p=none; adkim=s", "mail.example.nl", "", [DnsFault.DMARC_STRICT]),
        ("v=DMARC1; p=none", "example.org", "", [DnsFault.DKIM_ASIDE]),
        ("v=DMARC1; p=none", "fakeexample.nl", "", [DnsFault.DKIM_ASIDE]),
        ("v=DMARC1; p=none", None, "", [DnsFault.DKIM_UNSEEN]),
        ("v=DMARC1; p=none", None, "mg.example.nl", [DnsFault.DKIM_UNSEEN]),
        (
            *("v=DMARC1; p=none; aspf=s", None, "mg.example.nl"),
            [DnsFault.DKIM_UNSEEN, DnsFault.SPF_ASIDE],
        ),
        (
            *("v=DMARC1; p=none", None, "amazonaws.com"),
            [DnsFault.DKIM_UNSEEN, DnsFault.SPF_ASIDE],
        ),
    ],
)
def test_whether_spf_and_dkim_fit_the_domain_that_people_see(
    zone: NameServer,
    policy: str,
    signs: str | None,
    envelope: str,
    found: list[DnsFault],
) -> None:
    signing = Signing(signs, "akkoord", SIGNING.record) if signs else None
    texts = zone(
        SERVED
        | {"_dmarc.example.nl.": [policy], "example.nl.": ["v=spf1 ip4:192.0.2.7 -all"]}
        | {f"akkoord._domainkey.{signs}.": [SIGNING.record]}
    )
    said = dns_faults("example.nl", signing, texts, [Leaving(HOST.host, envelope)])
    assert [each.what for each in said] == found
