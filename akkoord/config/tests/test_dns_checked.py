"""`akkoord doctor` asks the DNS what a receiver of our mail would ask it."""

from typing import Any

import pytest

from akkoord.config.finding import State
from akkoord.config.mail_health import check_dns
from akkoord.delivery.tests.name_server import name_server
from akkoord.register.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
SERVER = "smtp+starttls://mail.provider.example:587"


@pytest.fixture
def domain(settings: Any) -> str:
    settings.SMTP_URL = SERVER
    return make_organisation().sender_email.rpartition("@")[2]


def test_records_that_are_missing_are_wrong_and_those_that_stand_there_are_seen(
    domain: str,
) -> None:
    with name_server() as zone:
        missing = check_dns(zone({}))
        assert missing.state is State.WRONG
        assert "no SPF record" in missing.says
        assert "_dmarc" in missing.to_do
        records = {
            f"{domain}.": ["v=spf1 include:provider.example -all"],
            "provider.example.": ["v=spf1 a:mail.provider.example -all"],
            "a mail.provider.example.": ["192.0.2.1"],
            f"_dmarc.{domain}.": ["v=DMARC1; p=none"],
        }
        seen = check_dns(zone(records))
    assert seen.state in (State.GOOD, State.WARNING), seen.says
    assert domain in seen.says


def test_a_dns_that_gives_no_answer_is_said_with_what_to_do(domain: str) -> None:
    with name_server(is_silent=True) as zone:
        found = check_dns(zone({}))
    assert found.state is State.NOT_CHECKED
    assert "/controle/mail/" in found.to_do


def test_nothing_is_looked_up_while_no_mail_leaves(settings: Any, domain: str) -> None:
    settings.SMTP_URL = "memory://"
    with name_server() as zone:
        found = check_dns(zone({}))
        assert zone.asked == []
    assert found.state is State.NOT_CHECKED
    assert "no mail leaves" in found.says
