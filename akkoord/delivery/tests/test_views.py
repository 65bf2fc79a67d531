"""The built-in mailbox on the screen; a mail in it can do nothing to whoever reads it."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from akkoord.datamap.ids import uuid7
from akkoord.delivery import views
from akkoord.delivery.models import MailboxMessage
from akkoord.delivery.outgoing import Outgoing
from akkoord.delivery.queries import PAGE, mailbox_page, opened_mail
from akkoord.delivery.transports import MailboxTransport

pytestmark = pytest.mark.django_db
CONTENT = (
    b"From: Winkel <a@example.nl>\r\nTo: b@example.nl\r\nSubject: Nieuws %d\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><head></head><body><script>alert(1)</script><p>Hallo</p></body></html>\r\n"
)


def by_the_owner(url: str = "/") -> WSGIRequest:
    """A request of somebody who may read all of the mailbox."""
    request = RequestFactory().get(url)
    request.may = {"change-settings"}  # type: ignore[attr-defined]
    return request


def fill(count: int) -> None:
    messages = [Outgoing(n, "a@example.nl", f"b{n}@example.nl", CONTENT % n) for n in range(count)]
    MailboxTransport().send_many(messages, lambda _outcome: None)


def test_paging_by_key_goes_over_every_mail_once() -> None:
    fill(2 * PAGE + 3)
    seen: list[str] = []
    page = mailbox_page()
    assert page.newer is None
    while True:
        seen += [mail.recipient for mail in page.mails]
        if page.older is None:
            break
        page = mailbox_page(before=page.older)
    assert len(seen) == len(set(seen)) == 2 * PAGE + 3
    assert page.newer is not None
    back = mailbox_page(after=page.newer)
    assert len(back.mails) == PAGE
    assert mailbox_page(text="b7@").mails[0].recipient == "b7@example.nl"


def test_the_mail_itself_stands_in_a_sandbox() -> None:
    fill(1)
    mail = mailbox_page().mails[0]
    response = views.mail_document(by_the_owner(), mail.id)
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_is_taken_apart() -> None:
    fill(1)
    opened = opened_mail(mailbox_page().mails[0].id)
    assert opened is not None
    assert opened.subject == "Nieuws 0"
    assert ("From", "Winkel <a@example.nl>") in opened.headers
    assert "<p>Hallo</p>" in opened.html
    assert opened.text == ""


def test_only_reading_and_only_what_is_there() -> None:
    fill(1)
    mail = mailbox_page().mails[0]
    assert views.index(RequestFactory().post("/")).status_code == 405
    with pytest.raises(Http404):
        views.mail(by_the_owner("/?toon=anders"), mail.id)


def test_every_page_renders(settings: Settings, client: Client) -> None:
    """With the real frame, but for the access table and the wizard: those are proven above us."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if ".config." not in each]
    assert client.get(reverse("delivery:index")).status_code == 200
    fill(PAGE + 1)
    MailboxMessage.objects.update(subject_id=uuid7())  # mails to people, which all staff may read
    index = client.get(reverse("delivery:index"))
    assert f"Nieuws {PAGE}" in index.content.decode()
    mail = mailbox_page().mails[0]
    for tab in ("", "?toon=text", "?toon=source", "?toon=headers"):
        response = client.get(reverse("delivery:mail", args=[mail.id]) + tab)
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    document = client.get(reverse("delivery:document", args=[mail.id]))
    assert document["Content-Security-Policy"].startswith("sandbox")
