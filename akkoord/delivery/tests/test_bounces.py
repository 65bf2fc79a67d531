"""What comes back, in the forms that the common servers and providers give it."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from akkoord.cli.bounce import command
from akkoord.delivery.bounce_words import BounceKind
from akkoord.delivery.bounces import Bounce, read_bounce
from akkoord.delivery.incoming import read_mail

WHO = "anna@example.nl"
OURS = UUID("01a214ce-15b3-7000-b25c-fe056ff0ef0b")
LETTER = f"""From: De Fietsenmakerij <nieuws@example.org>
To: {WHO}
Subject: Tijd voor een beurt
Message-ID: <{OURS.hex}@example.org>
List-Unsubscribe: <https://example.org/u/abc/>,
 <mailto:uitschrijven+TAG@example.org?subject=unsubscribe>

Dag Anna,
"""


def report(
    fields: str,
    *,
    words: str = "This is the mail system.",
    sender: str = "MAILER-DAEMON@mx.example.com (Mail Delivery System)",
    kind: str = "delivery-status",
    returned: str = LETTER,
) -> bytes:
    return f"""Return-Path: <>
From: {sender}
To: nieuws@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

{words}

--b
Content-Type: message/{kind}

{fields}

--b
Content-Type: message/rfc822

{returned}
--b--
""".replace("\n", "\r\n").encode()


def status(code: str, diagnostic: str, *, action: str = "failed", final: str = WHO) -> bytes:
    return report(
        f"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; {final}\n"
        f"Action: {action}\nStatus: {code}\nDiagnostic-Code: smtp; {diagnostic}"
    )


def prose(
    words: str,
    *,
    sender: str = "MAILER-DAEMON@mx.example.com",
    subject: str = "failure notice",
    head: str = "",
) -> bytes:
    return f"From: {sender}\nTo: nieuws@example.org\nSubject: {subject}\n{head}\n{words}".encode()


REPORTS = """
5.1.1 | hard | 5.1.1 | 550 5.1.1 <anna@example.nl>: Recipient rejected: User unknown in table
5.1.1 | hard | 5.1.1 | 550-5.1.1 The email account that you tried to reach does not exist.
5.2.1 | hard | 5.2.1 | 550 5.2.1 The email account that you tried to reach is disabled
5.1.10 | hard | 5.1.10 | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup
5.4.1 | hard | 5.4.1 | 550 5.4.1 Recipient address rejected: Access denied. AS(201806281)
5.4.4 | hard | 5.4.4 | Host or domain name not found. Name service error for name=exampel.nl type=A
5.0.0 | hard | 5.0.0 | 554 delivery error: dd This user doesn't have a yahoo.com account
5.0.0 | hard | 5.1.1 | 550 5.1.1 unknown or illegal alias
5.5.0 | hard | 5.5.0 | 550 5.5.0 Requested action not taken: mailbox unavailable
5.7.1 | hard | 5.7.1 | 550 5.7.1 <anna@example.nl>: user unknown
5.2.2 | soft | 5.2.2 | 552 5.2.2 The email account that you tried to reach is over quota
5.0.0 | soft | 5.0.0 | 552 Mailbox size limit exceeded
4.4.1 | soft | 4.4.1 | connect to mx.example.nl[192.0.2.1]:25: Connection timed out
4.2.2 | soft | 4.2.2 | 452 4.2.2 mailbox full
5.3.4 | soft | 5.3.4 | 552 5.3.4 Message size exceeds fixed limit
4.7.1 | soft | 4.7.1 | 450 4.7.1 <anna@example.nl>: Recipient address rejected: Greylisted
4.7.0 | block | 4.7.0 | 421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints
4.7.28 | block | 4.7.28 | 421-4.7.28 We detected an unusual rate of unsolicited mail
5.7.1 | block | 5.7.1 | 550 5.7.1 Client host [192.0.2.7] blocked using Spamhaus
5.7.26 | block | 5.7.26 | 550-5.7.26 Blocked: the sender is unauthenticated, neither SPF nor DKIM
5.7.509 | block | 5.7.509 | 550 5.7.509 Access denied, example.org does not pass DMARC
5.1.1 | block | 5.1.1 | 554 5.1.1 refused: 192.0.2.7 is listed at zen.spamhaus.org
5.6.0 | block | 5.6.0 | 554 5.6.0 Message content rejected
5.0.0 | block | 5.7.1 | 554 5.7.1 Spam message rejected
"""


@pytest.mark.parametrize(
    ("code", "kind", "found", "said"),
    [each.split(" | ") for each in REPORTS.strip().splitlines()],
)
def test_a_standard_report(code: str, kind: str, found: str, said: str) -> None:
    bounce = read_bounce(status(code, said))
    assert bounce == Bounce(BounceKind(kind), WHO, found, OURS, "uitschrijven+TAG@example.org"), (
        bounce
    )


def test_what_still_waits_is_soft_and_what_arrived_is_nothing() -> None:
    assert read_bounce(status("4.4.1", "timed out", action="delayed")).kind == "soft"
    assert read_bounce(status("2.0.0", "250 ok", action="relayed")).kind == "none"
    assert read_bounce(status("2.1.5", "250 ok", action="delivered")).kind == "none"


def test_whom_we_wrote_to_counts_not_where_it_was_forwarded() -> None:
    fields = (
        "Reporting-MTA: dns; mx.example.com\n\n"
        "Original-Recipient: rfc822;anna+2Bnieuws@example.nl\n"
        "Final-Recipient: rfc822;anna@elsewhere.example\nAction: failed\nStatus: 5.1.1"
    )
    assert read_bounce(report(fields)).recipient == "anna+nieuws@example.nl"
    utf8 = "Final-Recipient: utf-8; zoë@example.nl\nAction: failed\nStatus: 5.1.1"
    assert read_bounce(report(f"Reporting-MTA: dns; x\n\n{utf8}")).recipient == "zoë@example.nl"


def test_of_several_the_one_that_failed_counts() -> None:
    fields = (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; bo@example.nl\nAction: delivered\n"
        f"Status: 2.0.0\n\nFinal-Recipient: rfc822; {WHO}\nAction: failed\nStatus: 5.1.1"
    )
    assert read_bounce(report(fields)).recipient == WHO


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [
        ("abuse", "complaint"),
        ("fraud", "complaint"),
        ("opt-out", "complaint"),
        ("not-spam", "none"),
        ("auth-failure", "none"),
    ],
)
def test_a_complaint(feedback: str, kind: str) -> None:
    fields = f"Feedback-Type: {feedback}\nUser-Agent: X/1\nVersion: 1\nOriginal-Rcpt-To: <{WHO}>"
    bounce = read_bounce(report(fields, kind="feedback-report", sender="fbl@example.com"))
    assert (bounce.kind, bounce.recipient, bounce.message_id) == (kind, WHO, OURS)


def test_a_complaint_that_hides_whom_it_is_about_is_known_by_its_letter() -> None:
    fields = "Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1"
    hidden = LETTER.replace(f"To: {WHO}", "To: redacted@example.com")
    bounce = read_bounce(report(fields, kind="feedback-report", returned=hidden))
    assert (bounce.kind, bounce.message_id) == ("complaint", OURS)


def test_a_complaint_of_the_old_form() -> None:
    raw = f"""From: staff@hotmail.example
Subject: complaint about message from 192.0.2.7
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: message/rfc822

X-HmXmrOriginalRecipient: <{WHO}>
{LETTER}
--b--
""".encode()
    bounce = read_bounce(raw)
    assert (bounce.kind, bounce.recipient) == ("complaint", WHO)


QMAIL = f"""Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{WHO}>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Return-Path: <nieuws@example.org>
{LETTER}"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients.
This is a permanent error. The following address(es) failed:

  {WHO}
    host mx.example.nl [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{WHO}>:
    550 No such user here

------ This is a copy of the message, including all the headers. ------

{LETTER}"""


def test_servers_that_write_prose() -> None:
    found = read_bounce(prose(QMAIL))
    assert (found.kind, found.recipient, found.status) == ("hard", WHO, "5.1.1")
    assert (found.message_id, found.way_out) == (OURS, "uitschrijven+TAG@example.org")
    exim = read_bounce(
        prose(
            EXIM,
            subject="Mail delivery failed: returning message to sender",
            head=f"X-Failed-Recipients: {WHO}\nAuto-Submitted: auto-replied\n",
        )
    )
    assert (exim.kind, exim.recipient, exim.status) == ("hard", WHO, "550")
    assert exim.message_id == OURS


@pytest.mark.parametrize(
    ("words", "subject", "kind"),
    [
        ("Warning: your message to <anna@example.nl> is delayed. 4.4.7 We will keep trying.",
         "Delivery delayed", "soft"),
        ("Uw bericht aan <anna@example.nl> kon niet worden bezorgd: de mailbox is vol.",
         "Onbestelbaar: Tijd voor een beurt", "soft"),
        ("Het adres <anna@example.nl> bestaat niet.", "Onbestelbaar bericht", "hard"),
        ("<anna@example.nl>: 554 Your server is on our blacklist.", "Returned mail", "block"),
    ],
)  # fmt: skip
def test_prose_without_a_form(words: str, subject: str, kind: str) -> None:
    assert read_bounce(prose(words, subject=subject)).kind == kind


@pytest.mark.parametrize(
    ("head", "subject", "asks"),
    [
        ("Auto-Submitted: auto-replied\n", "Re: Tijd voor een beurt", False),
        ("X-Autoreply: yes\n", "Tijd voor een beurt", False),
        ("Precedence: auto_reply\n", "hallo", False),
        ("", "Automatisch antwoord: Tijd voor een beurt", False),
        ("", "Out of Office: back on Monday", False),
        ("", "Afwezig tot 3 december", False),
        ("Auto-Submitted: auto-replied\n", "Please confirm your message", True),
    ],
)
def test_automatic_answers(head: str, subject: str, asks: bool) -> None:
    found = read_bounce(
        prose("Ik ben er niet.", sender=f"Anna <{WHO}>", subject=subject, head=head)
    )
    assert (found.kind, found.recipient, found.asks) == ("auto-reply", WHO, asks)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        prose("Wanneer is mijn fiets klaar?", sender=WHO, subject="Re: Tijd voor een beurt"),
        prose("De mailbox van mijn broer is vol, zei hij.", sender=WHO, subject="vraag"),
        LETTER.encode(),
    ],
)
def test_what_is_nothing_of_that(raw: bytes) -> None:
    assert read_bounce(raw).kind == "none"


@given(st.binary(max_size=400))
def test_nothing_raises(junk: bytes) -> None:
    middle = len(QMAIL) // 2
    for raw in (
        junk,
        prose(QMAIL)[:middle] + junk,
        status("5.1.1", "550 x").replace(b"Final-Recipient", junk),
        report("Feedback-Type: abuse", kind="feedback-report").replace(b'b"', junk),
    ):
        assert read_bounce(raw).kind in BounceKind


def test_the_command_says_one_line_per_file(tmp_path: Path) -> None:
    hard, nothing = tmp_path / "hard.eml", tmp_path / "brief.eml"
    hard.write_bytes(status("5.1.1", "550 5.1.1 User unknown"))
    nothing.write_bytes(prose("Dag", sender=WHO, subject="hallo"))
    answered = CliRunner().invoke(command, ["classify", str(hard), str(nothing)])
    assert answered.exit_code == 0
    assert [json.loads(each) for each in answered.output.splitlines()] == [
        {"file": str(hard), "kind": "hard", "recipient": WHO, "status": "5.1.1"},
        {"file": str(nothing), "kind": "none", "recipient": None, "status": None},
    ]
    missing = CliRunner().invoke(command, ["classify", str(tmp_path / "none.eml")])
    assert missing.exit_code != 0


PERSONAL = "From: Anna <anna@example.nl>\nTo: nieuws@example.org\n"
MADE = {
    "hard": report("Final-Recipient: rfc822; anna@example.nl\nAction: failed\nStatus: 5.1.1"),
    "soft": report("Final-Recipient: rfc822; anna@example.nl\nAction: failed\nStatus: 4.2.2"),
    "block": report(
        "Final-Recipient: rfc822; anna@example.nl\nAction: failed\nStatus: 5.7.1\n"
        "Diagnostic-Code: smtp; 550 5.7.1 blocked, see Spamhaus"
    ),
    "complaint": report(
        "Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: anna@example.nl",
        kind="feedback-report",
    ),
    "auto-reply": (
        PERSONAL + "Subject: Re: Nieuws\nX-Autoreply: yes\n\nIk ben er volgende week weer.\n"
    ).encode(),
    "none": (PERSONAL + "Subject: Vraag\n\nBent u zaterdag open?\n").encode(),
}


def test_the_command_tells_all_kinds_apart(tmp_path: Path) -> None:
    files = []
    for kind, raw in MADE.items():
        files.append(tmp_path / f"{kind}.eml")
        files[-1].write_bytes(raw)
    found = CliRunner().invoke(command, ["classify", *map(str, files)])
    lines = [json.loads(each) for each in found.stdout.splitlines()]
    assert [each["kind"] for each in lines] == list(MADE)
    assert {each["recipient"] for each in lines[:4]} == {"anna@example.nl"}


@pytest.mark.parametrize(
    "text",
    [
        "Subject: Uw bericht\n\nKlik hier om te bevestigen dat u geen robot bent: https://x.example",
        "Subject: Bevestig dat u een mens bent\n\nAnders komt uw bericht niet aan.",
        "Subject: Re: Nieuws\nAuto-Submitted: auto-replied\n\nClick here: you are not a robot",
    ],
)
def test_a_challenge_is_no_bounce_and_says_that_it_asks(text: str) -> None:
    found = read_bounce((PERSONAL + text).encode())
    assert (found.kind, found.asks) == (BounceKind.AUTO_REPLY, True)


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "X-Autorespond: 1",
        "Precedence: auto_reply",
    ],
)
def test_an_automatic_answer_is_no_bounce_and_asks_nothing(head: str) -> None:
    raw = f"{PERSONAL}Subject: Re: Nieuws\n{head}\n\nIk ben er niet. User unknown.\n".encode()
    found = read_bounce(raw)
    assert (found.kind, found.asks) == (BounceKind.AUTO_REPLY, False)


ARC = """ARC-Seal: i=1; a=rsa-sha256; t=1795514400; cv=none; d=forwarder.example; s=arc;
 b=Zm9yd2FyZGVkIGFuZCBzZWFsZWQ=
ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=forwarder.example; s=arc;
 h=from:to:subject:message-id; bh=Ym9keQ==; b=c2lnbmF0dXJl
ARC-Authentication-Results: i=1; mx.forwarder.example; dkim=pass header.d=example.org;
 spf=fail smtp.mailfrom=example.org; dmarc=fail (blocked, listed at zen.spamhaus.org)
"""


def test_a_report_about_a_letter_that_was_forwarded_with_arc() -> None:
    fields = (
        "Reporting-MTA: dns; mx.example.com\n\n"
        f"Final-Recipient: rfc822; {WHO}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown"
    )
    expected = Bounce(BounceKind.HARD, WHO, "5.1.1", OURS, "uitschrijven+TAG@example.org")
    bounced = report(fields, returned=ARC + LETTER)
    assert read_bounce(bounced) == expected
    # The report came by a forwarder too, that sealed it.
    sealed = ARC.replace("\n", "\r\n").encode() + bounced
    assert read_bounce(sealed) == expected
    assert read_mail(sealed).sender == "MAILER-DAEMON@mx.example.com"


def test_a_complaint_about_a_letter_that_was_forwarded_with_arc() -> None:
    feedback = f"Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\nOriginal-Rcpt-To: <{WHO}>"
    raw = report(feedback, kind="feedback-report", returned=ARC + LETTER)
    found = read_bounce(ARC.replace("\n", "\r\n").encode() + raw)
    assert (found.kind, found.recipient, found.message_id) == ("complaint", WHO, OURS)


def test_what_arc_says_of_the_way_here_is_not_why_it_came_back() -> None:
    """Prose that repeats our letter, whose first lines are a forwarder's seals."""
    found = read_bounce(prose(f"<{WHO}>: the mailbox is full.\n\n{ARC}{LETTER}"))
    assert (found.kind, found.recipient, found.message_id) == ("soft", WHO, OURS)
