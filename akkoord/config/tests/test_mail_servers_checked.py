"""`akkoord doctor` looks at the mail servers of the page Sending, too."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from akkoord.config.finding import State
from akkoord.config.mail_health import check_mail
from akkoord.delivery.models import MailServer
from akkoord.delivery.tests.smtp_server import SmtpServer, smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as found:
        yield found


def enter(port: int, host: str = "127.0.0.1") -> None:
    MailServer.objects.create(scheme="smtp", host=host, port=port, created_at=timezone.now())


def test_a_server_of_the_page_that_answers_is_good(server: SmtpServer) -> None:
    enter(server.port)
    assert check_mail().state is State.GOOD
    assert server.connections == 1


def test_one_of_several_that_does_not_answer_is_named(server: SmtpServer) -> None:
    enter(server.port)
    enter(1, "localhost")
    found = check_mail()
    assert found.state is State.WRONG
    assert "localhost" in found.says
    assert "page Sending" in found.to_do


def test_without_any_server_mail_goes_to_the_mailbox() -> None:
    assert "/mailbox/" in check_mail().says
