"""Letters that come back: the address that is no more, the one that stays full, the complaint."""

from datetime import timedelta

import pytest

from akkoord.consent.models import IncomingMail, PermissionEvent, Standing
from akkoord.consent.receive import SOFT_LIMIT, Received, forget_received, receive_mail
from akkoord.consent.tests.factories import (
    NOW,
    STAFF,
    make_organisation,
    make_point,
    make_topic,
)
from akkoord.consent.tokens import return_address, trial_address, withdrawal_address
from akkoord.consent.trial import ask_trial, refuses_tests
from akkoord.people.actions import mark_deliverable
from akkoord.people.models import ContactPoint
from akkoord.permission.tests.factories import give
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    make_topic("offers")
    return make_topic()


@pytest.fixture
def point(topic: Purpose) -> ContactPoint:
    point = make_point("anna@example.nl")
    for each in Purpose.objects.filter(is_topic=True):
        give(point, each)
    return point


def came_back(
    point: ContactPoint,
    topic: Purpose,
    *,
    status: str = "5.1.1",
    number: int = 1,
    feedback: str = "",
    way_out: str = "",
) -> bytes:
    way_out = way_out or withdrawal_address(
        point_id=point.id, purpose_id=topic.id, domain="example.org"
    )
    kind = "feedback-report" if feedback else "delivery-status"
    fields = (
        f"Feedback-Type: {feedback}\nVersion: 1"
        if feedback
        else (
            f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; anna@example.nl\n"
            f"Action: failed\nStatus: {status}"
        )
    )
    return f"""From: MAILER-DAEMON@mx.example.com
To: nieuws@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

It came back.

--b
Content-Type: message/{kind}

{fields}

--b
Content-Type: message/rfc822

From: nieuws@example.org
To: anna@example.nl
List-Unsubscribe: <https://example.org/u/x/>, <mailto:{way_out}?subject=unsubscribe>

Dag Anna
--b--
""".encode()


def test_inv24_a_complaint_about_a_test_ends_the_tests(point: ContactPoint, topic: Purpose) -> None:
    trial = ask_trial(address="proef@example.nl", language="nl", at=NOW, actor=STAFF)
    way_out = trial_address(trial.id, domain="example.org")
    report = came_back(point, topic, feedback="abuse", way_out=way_out)
    assert receive_mail(report, at=NOW) == Received("stopped", 1)
    assert refuses_tests("proef@example.nl")
    assert not Standing.objects.filter(state="withdrawn").exists()


def test_an_address_that_is_no_more_is_marked_and_nobody_is_stopped(
    point: ContactPoint, topic: Purpose
) -> None:
    assert receive_mail(came_back(point, topic), at=NOW) == Received("returned")
    point.refresh_from_db()
    assert (point.undeliverable_at, point.undeliverable_why) == (NOW, "5.1.1")
    assert not Standing.objects.filter(state="withdrawn").exists()
    assert receive_mail(came_back(point, topic), at=NOW).is_double


def test_a_full_mailbox_counts_until_it_stays_full(point: ContactPoint, topic: Purpose) -> None:
    for number in range(1, SOFT_LIMIT + 1):
        point.refresh_from_db()
        assert point.undeliverable_at is None, number
        receive_mail(came_back(point, topic, status="4.2.2", number=number), at=NOW + number * DAY)
    point.refresh_from_db()
    assert point.undeliverable_why == "4.2.2"


def test_long_ago_does_not_count(point: ContactPoint, topic: Purpose) -> None:
    for number in range(SOFT_LIMIT + 2):
        receive_mail(
            came_back(point, topic, status="4.2.2", number=number), at=NOW + number * 10 * DAY
        )
    point.refresh_from_db()
    assert point.undeliverable_at is None


def test_who_refuses_us_says_nothing_of_the_address(point: ContactPoint, topic: Purpose) -> None:
    for number in range(SOFT_LIMIT + 1):
        raw = came_back(point, topic, status="5.7.1", number=number)
        assert receive_mail(raw, at=NOW).outcome == "automatic"
    point.refresh_from_db()
    assert point.undeliverable_at is None


def test_inv25_a_complaint_is_a_no_to_that_topic(point: ContactPoint, topic: Purpose) -> None:
    received = receive_mail(came_back(point, topic, feedback="abuse"), at=NOW)
    assert received == Received("stopped", 1)
    event = PermissionEvent.objects.get(state="withdrawn")
    assert (event.method, event.purpose_version.purpose_id) == ("complaint", topic.id)
    assert Standing.objects.exclude(purpose=topic).get().state != "withdrawn"


def test_nobody_can_report_the_address_of_another(point: ContactPoint, topic: Purpose) -> None:
    good = withdrawal_address(point_id=point.id, purpose_id=topic.id, domain="example.org")
    forged = good.replace("@", "A@", 1)
    for number, feedback in enumerate(("", "abuse")):
        raw = came_back(point, topic, feedback=feedback, way_out=forged, number=number)
        assert receive_mail(raw, at=NOW).outcome == "automatic"
    point.refresh_from_db()
    assert point.undeliverable_at is None
    assert not PermissionEvent.objects.filter(state="withdrawn").exists()


def test_after_an_erasure_a_letter_that_comes_back_says_nothing(
    point: ContactPoint, topic: Purpose
) -> None:
    raw = came_back(point, topic)
    point.person.delete()
    assert receive_mail(raw, at=NOW).outcome == "gone"


def test_staff_may_say_that_it_works_again(point: ContactPoint, topic: Purpose) -> None:
    receive_mail(came_back(point, topic), at=NOW)
    mark_deliverable(point_id=point.id, at=NOW + DAY, actor=STAFF)
    point.refresh_from_db()
    assert point.undeliverable_at is None


def test_what_came_back_is_not_kept_for_long(point: ContactPoint, topic: Purpose) -> None:
    receive_mail(came_back(point, topic), at=NOW)
    assert IncomingMail.objects.get().sender == ""
    forget_received(at=NOW + 91 * DAY)
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    ("subject", "text", "outcome"),
    [
        ("Re: Gratis bezorging", "Graag geen mail meer\n\n> 550 fietsen, mailbox full", "stopped"),
        ("Re: Gratis bezorging", "Ik wil geen mail meer ontvangen, dit is spam", "to-read"),
        ("Re: Gratis bezorging", "Mijn mailbox is vol", "to-read"),
    ],
)
def test_inv24_an_answer_that_looks_like_a_letter_that_came_back_is_an_answer(
    point: ContactPoint, subject: str, text: str, outcome: str
) -> None:
    raw = f"From: anna@example.nl\nTo: nieuws@example.org\nSubject: {subject}\n\n{text}\n".encode()
    assert receive_mail(raw, at=NOW).outcome == outcome
    stranger = raw.replace(b"anna@", b"mailer-daemon@mx.").replace(b"Graag geen mail", b"Geen post")
    assert receive_mail(stranger, at=NOW).outcome == "automatic"


def test_our_own_return_address_says_which_letter_came_back(
    point: ContactPoint, topic: Purpose
) -> None:
    """VERP: a server that sends nothing of our letter along is understood all the same."""
    verp = return_address(point_id=point.id, purpose_id=topic.id, domain="example.org")
    assert len(verp.partition("@")[0]) <= 64  # RFC 5321 4.5.3.1.1
    bare = b"""From: MAILER-DAEMON@mx.example.com
To: <%s>
Subject: Undelivered Mail Returned to Sender
Message-ID: <9@mx.example.com>

<anna@example.nl>: 550 5.1.1 user unknown
"""
    other = verp.replace("retour+", "retour+x")
    assert receive_mail(bare % other.encode(), at=NOW).outcome != IncomingMail.RETURNED
    raw = bare.replace(b"<9@", b"<10@") % b"nieuws@example.org"
    assert receive_mail(raw, at=NOW, recipients=[verp]).outcome == IncomingMail.RETURNED
    point.refresh_from_db()
    assert point.undeliverable_at == NOW
