"""Log-in: locked out after wrong passwords, without a name or a full address being kept."""

import re

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.test import Client

from akkoord.accounts.models import Role, Staff
from akkoord.config.log_in import SecondFactorAdapter
from akkoord.consent.tests.factories import make_organisation
from akkoord.delivery.models import OutboxMail

PASSWORD = "een lang wachtwoord 42"


@pytest.fixture
def owner(db: None) -> Staff:
    return Staff.objects.create_user("els@example.nl", PASSWORD, role=Role.OWNER, name="Els")


def log_in(client: Client, password: str, email: str = "els@example.nl") -> int:
    answer = client.post(
        "/account/login/",
        {"login": email, "password": password},
        REMOTE_ADDR="192.0.2.77",
        HTTP_USER_AGENT="test",
    )
    return answer.status_code


def test_the_right_password_opens(client: Client, owner: Staff) -> None:
    assert log_in(client, PASSWORD, "Els@Example.nl") == 302
    assert "_auth_user_id" in client.session


def test_wrong_passwords_lock_out_and_keep_no_name(client: Client, owner: Staff) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, "fout")
    assert log_in(client, PASSWORD) in (403, 429)
    assert "_auth_user_id" not in client.session
    kept = str(list(AccessAttempt.objects.values()))
    assert AccessAttempt.objects.exists()
    for secret in ("els", "example.nl", "192.0.2.77", "fout"):
        assert secret not in kept
    assert "192.0.2.0" in kept
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_a_forwarded_address_is_believed_only_behind_a_https_address(
    client: Client, owner: Staff
) -> None:
    client.post(
        "/account/login/",
        {"login": "els@example.nl", "password": "fout"},
        REMOTE_ADDR="192.0.2.77",
        HTTP_X_FORWARDED_FOR="198.51.100.9",
    )
    assert AccessAttempt.objects.get().ip_address == "192.0.2.0"


def test_second_factor_secrets_are_sealed() -> None:
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY" not in sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_a_new_password_is_mailed_to_staff_by_the_outbox(client: Client, owner: Staff) -> None:
    client.post("/account/password/reset/", {"email": "els@example.nl"})
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("staff", "els@example.nl")
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", mail.text)
    assert link
    assert client.get(link.group(1), follow=True).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Een nieuw wachtwoord voor Akkoord", "Dag Els,", "Akkoord, voor")),
        ("en", ("A new password for Akkoord", "Hello Els,", "Akkoord, for")),
    ],
)
def test_the_mail_about_a_new_password_is_ours(
    client: Client, owner: Staff, language: str, words: tuple[str, ...]
) -> None:
    """In the language of the member of staff, whatever the browser asks, from our own address."""
    house = make_organisation()
    Staff.objects.filter(pk=owner.pk).update(name="Els", language=language)
    other = {"nl": "en", "en": "nl"}[language]
    client.post(
        "/account/password/reset/",
        {"email": "els@example.nl"},
        headers={"accept-language": other},
    )
    mail = OutboxMail.objects.get()
    for each in words:
        assert each in f"{mail.subject}\n{mail.text}"
    assert "!" not in mail.subject + mail.text
    assert house.name in mail.text
    assert house.sender_email in mail.headers["From"]


def test_nobody_else_gets_a_mail_about_a_new_password(client: Client, owner: Staff) -> None:
    client.post("/account/password/reset/", {"email": "niemand@example.nl"})
    assert not OutboxMail.objects.exists()
