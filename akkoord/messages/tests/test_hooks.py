"""Reports of providers: signed with keys that the test makes; forged, old, replayed, many."""

import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from akkoord.consent.models import IncomingMail, PermissionEvent, Standing
from akkoord.consent.returned import SOFT_LIMIT
from akkoord.consent.tests.factories import STAFF
from akkoord.consent.tokens import withdrawal_address
from akkoord.datamap.ids import uuid7
from akkoord.delivery.hook_actions import forget_seen, make_hook, name_proof
from akkoord.delivery.hook_secrets import hook_secret
from akkoord.delivery.hooks import ses
from akkoord.delivery.hooks.told import HookRefused, HookUnreadable, Post
from akkoord.delivery.models import HookSeen, OutboxMail, ProviderHook
from akkoord.messages.hook_events import HookReport, HookUnknown, receive_post
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.tests.factories import give, make_organisation, make_point, make_topic
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
TOPIC = "arn:aws:sns:eu-west-1:123456789012:meldingen"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"
PROVIDERS = ("ses", "postmark", "sendgrid", "mailgun", "brevo")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    ses.forget_certificates()
    yield
    ses.forget_certificates()


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    make_topic("offers")
    return make_topic()


@pytest.fixture
def letter(topic: Purpose) -> Message:
    return make_letter(topic)


def make_letter(topic: Purpose, address: str = "anna@example.nl") -> Message:
    now = timezone.now()
    point = ContactPoint.objects.filter(normalised=address).first()
    if point is None:
        point = make_point(address)
        for each in Purpose.objects.filter(is_topic=True):
            give(point, each)
    run = Dispatch.objects.create(
        kind="campaign", purpose=topic, content_hash="x", rule_version="1", created_at=now
    )
    return Message.objects.create(
        dispatch=run,
        person_id=point.person_id,
        contact_point_id=point.id,
        state=Message.State.SENT,
        evidence_id=uuid7(),
        due_at=now,
    )


class World:
    """A provider with keys of its own that posts to us."""

    def __init__(self, provider: str) -> None:
        self.provider, self.now = provider, timezone.now()
        self.secret = make_hook(provider=provider, at=self.now, actor=STAFF)
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.fetched: list[str] = []
        if proof := self.proof():
            name_proof(provider=provider, proof=proof, at=self.now, actor=STAFF)

    def proof(self) -> str:
        if self.provider == "sendgrid":
            return b64encode(
                self.ec.public_key().public_bytes(
                    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            ).decode()
        return {"ses": TOPIC, "mailgun": "key-of-the-test"}.get(self.provider, "")

    def fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.rsa.public_key())
            .serial_number(1)
            .not_valid_before(datetime(2026, 1, 1))  # noqa: DTZ001 - the library's own form
            .not_valid_after(datetime(2046, 1, 1))  # noqa: DTZ001
            .sign(self.rsa, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    # ---- what each of them posts

    def post(self, kind: str, number: UUID | None, *, key: str = "e1", **facts: Any) -> Post:
        return self.signed(getattr(self, f"_{self.provider}")(kind, number, key), **facts)

    def signed(self, body: Any, **facts: Any) -> Post:
        at = facts.pop("at", self.now)
        if self.provider == "ses":
            return self._sns(body, at, **facts)
        headers: dict[str, str] = {}
        if self.provider == "mailgun":
            moment, token = str(int(at.timestamp())), facts.pop("token", uuid7().hex)
            proof = facts.pop("with_key", self.proof()).encode()
            sign = hmac.new(proof, (moment + token).encode(), sha256).hexdigest()
            body = {
                "signature": {"timestamp": moment, "token": token, "signature": sign},
                "event-data": body,
            }
        raw = json.dumps(body).encode()
        if self.provider == "sendgrid":
            moment = str(int(at.timestamp()))
            sign_key = facts.pop("with_key", self.ec)
            signature = sign_key.sign(moment.encode() + raw, ec.ECDSA(hashes.SHA256()))
            headers = {
                "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
                "x-twilio-email-event-webhook-timestamp": moment,
            }
        return Post(raw, headers, self.now)

    def _sns(self, body: Any, at: datetime, **facts: Any) -> Post:
        message = {
            "Type": "Notification",
            "MessageId": body.pop("_key", "n1"),
            "TopicArn": TOPIC,
            "Message": json.dumps(body),
            "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "SignatureVersion": "1",
            "SigningCertURL": CERTIFICATE,
            **{name: value for name, value in facts.items() if name[0].isupper()},
        }
        names = [
            each
            for each in (
                *("Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token"),
                *("TopicArn", "Type"),
            )
            if each in message
        ]
        said = "".join(f"{name}\n{message[name]}\n" for name in names).encode()
        kind = hashes.SHA1() if message["SignatureVersion"] == "1" else hashes.SHA256()
        signature = facts.get("with_key", self.rsa).sign(said, PKCS1v15(), kind)
        message["Signature"] = b64encode(signature).decode()
        return Post(json.dumps(message).encode(), {}, self.now)

    def _ses(self, kind: str, number: UUID | None, key: str) -> dict[str, Any]:
        head = {"name": "Message-ID", "value": f"<{number.hex}@example.org>"} if number else {}
        mail = {"messageId": "0000", "headers": [head] if head else []}
        hard = {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": "x@example.nl",
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
            ],
        }
        soft = {"bounceType": "Transient", "bounceSubType": "MailboxFull", "bouncedRecipients": []}
        block = {"bounceType": "Transient", "bounceSubType": "ContentRejected"}
        of_kind: dict[str, dict[str, Any]] = {
            "hard": {"notificationType": "Bounce", "bounce": hard},
            "soft": {"notificationType": "Bounce", "bounce": soft},
            "block": {"notificationType": "Bounce", "bounce": block},
            "complaint": {
                "eventType": "Complaint",
                "complaint": {"complaintFeedbackType": "abuse"},
            },
            "unknown": {"notificationType": "Delivery", "delivery": {}},
        }
        return {**of_kind[kind], "mail": mail, "_key": key}

    def _postmark(self, kind: str, number: UUID | None, key: str) -> dict[str, Any]:
        named = {"hard": "HardBounce", "soft": "SoftBounce", "block": "Blocked"}
        record = {"complaint": "SpamComplaint", "unknown": "Open"}.get(kind, "Bounce")
        return {
            "RecordType": record,
            "Type": named.get(kind, record),
            "ID": key,
            "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
            "Details": "smtp;550 5.1.1 unknown" if kind == "hard" else "",
            "Email": "x@example.nl",
            "Metadata": {"akkoord": number.hex} if number else {},
        }

    def _sendgrid(self, kind: str, number: UUID | None, key: str) -> list[dict[str, Any]]:
        event: dict[str, Any] = {
            "hard": {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 no"},
            "soft": {
                "event": "bounce",
                "type": "bounce",
                "bounce_classification": "Technical Failure",
            },
            "block": {"event": "bounce", "type": "blocked", "reason": "550 spam"},
            "complaint": {"event": "spamreport"},
            "unknown": {"event": "processed"},
        }[kind]
        identity = {"smtp-id": f"<{number.hex}@example.org>"} if number else {}
        return [{**event, **identity, "sg_event_id": key, "email": "x@example.nl"}]

    def _mailgun(self, kind: str, number: UUID | None, key: str) -> dict[str, Any]:
        failed = {"event": "failed", "severity": "permanent", "recipient": "x@example.nl"}
        event: dict[str, Any] = {
            "hard": {**failed, "delivery-status": {"code": 550, "enhanced-code": "5.1.1"}},
            "soft": {**failed, "delivery-status": {"code": 552, "bounce-type": "soft"}},
            "block": {**failed, "delivery-status": {"message": "5.7.1 listed by Spamhaus"}},
            "complaint": {"event": "complained"},
            "unknown": {"event": "opened"},
        }[kind]
        heads = {"message-id": f"{number.hex}@example.org"} if number else {}
        return {**event, "id": key, "message": {"headers": heads}}

    def _brevo(self, kind: str, number: UUID | None, key: str) -> dict[str, Any]:
        names = {
            "hard": "hard_bounce",
            "soft": "soft_bounce",
            "block": "blocked",
            "complaint": "spam",
            "unknown": "delivered",
        }
        return {
            "event": names[kind],
            "email": "x@example.nl",
            "id": 26224,
            "ts_event": key,
            "message-id": "<201798300811.5787683@relay.example.com>",
            "X-Mailin-custom": number.hex if number else "",
            "reason": "550 5.1.1 unknown" if kind == "hard" else "",
        }

    def tell(self, kind: str, number: UUID | None, **facts: Any) -> HookReport:
        return self.send(self.post(kind, number, **facts))

    def send(self, post: Post) -> HookReport:
        return receive_post(self.provider, self.secret, post, fetch=self.fetch)

    def hook(self) -> ProviderHook:
        return ProviderHook.objects.get(provider=self.provider)


def point_of(letter: Message) -> ContactPoint:
    return ContactPoint.objects.get(id=letter.contact_point_id)


def stopped() -> set[str]:
    return set(Standing.objects.filter(state="withdrawn").values_list("purpose__slug", flat=True))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_address_that_is_no_more_is_marked_at_once(provider: str, letter: Message) -> None:
    world = World(provider)
    assert world.tell("hard", letter.id) == HookReport(undeliverable=1)
    point = point_of(letter)
    assert point.undeliverable_at is not None
    assert point.undeliverable_why == "5.1.1"
    assert not stopped()
    hook = world.hook()
    assert (hook.done, hook.last_event_at) == (1, world.now)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_inv24_a_complaint_ends_the_topic_of_that_letter_only(
    provider: str, letter: Message, topic: Purpose
) -> None:
    assert World(provider).tell("complaint", letter.id).stopped == 1
    assert stopped() == {topic.slug}
    event = PermissionEvent.objects.get(state="withdrawn")
    assert (event.method, event.actor_kind) == ("complaint", "person")
    assert event.evidence == {"message": str(letter.id)}
    assert point_of(letter).undeliverable_at is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_soft_ones_are_counted_and_a_refusal_of_us_says_nothing_of_the_address(
    provider: str, letter: Message
) -> None:
    world = World(provider)
    assert world.tell("block", letter.id, key="b") == HookReport()
    for number in range(SOFT_LIMIT - 1):
        assert world.tell("soft", letter.id, key=f"s{number}").undeliverable == 0
    assert world.tell("soft", letter.id, key="s0").repeated == 1
    assert point_of(letter).undeliverable_at is None
    assert world.tell("soft", letter.id, key="last").undeliverable == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_event_again_changes_nothing(provider: str, letter: Message) -> None:
    world = World(provider)
    world.tell("hard", letter.id)
    ContactPoint.objects.update(undeliverable_at=None)
    assert world.tell("hard", letter.id) == HookReport(repeated=1)
    assert point_of(letter).undeliverable_at is None
    assert IncomingMail.objects.count() == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_address_alone_says_nothing_and_unknown_kinds_are_counted(
    provider: str, letter: Message
) -> None:
    """The report names a letter that is none of ours, or none at all."""
    make_point("x@example.nl")
    world = World(provider)
    assert world.tell("hard", uuid7(), key="1").not_ours == 1
    assert world.tell("complaint", None, key="2").not_ours == 1
    assert world.tell("unknown", letter.id, key="3").ignored == 1
    assert not ContactPoint.objects.exclude(undeliverable_at=None).exists()
    assert not stopped()
    assert (world.hook().not_ours, world.hook().ignored) == (2, 1)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_letter_that_never_left_is_none_of_ours(provider: str, letter: Message) -> None:
    Message.objects.update(state=Message.State.SKIPPED, reason="no-basis")
    assert World(provider).tell("hard", letter.id).not_ours == 1


@pytest.mark.parametrize("provider", ["ses", "sendgrid", "mailgun"])
def test_forged_and_old_ones_are_refused(provider: str, letter: Message) -> None:
    world, other = World(provider), rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged: Any = {
        "ses": other,
        "sendgrid": ec.generate_private_key(ec.SECP256R1()),
        "mailgun": "another key",
    }[provider]
    for facts in (
        {"with_key": forged},
        {"at": world.now - timedelta(days=2)},
        {"at": world.now + timedelta(hours=2)},
    ):
        with pytest.raises(HookRefused):
            world.tell("hard", letter.id, **facts)
    assert point_of(letter).undeliverable_at is None
    assert world.hook().refused == 3
    assert world.hook().last_event_at is None


def test_one_byte_changed_breaks_the_signature(letter: Message) -> None:
    for provider in ("ses", "sendgrid"):
        world = World(provider)
        post = world.post("unknown", letter.id)
        changed = post.body.replace(b"0000", b"0001").replace(b"processed", b"spamreport")
        assert changed != post.body
        with pytest.raises(HookRefused, match="signature"):
            world.send(Post(changed, post.headers, post.at))


def test_mailgun_a_token_that_came_in_before_is_refused(letter: Message) -> None:
    """Its signature leaves the event out: who overheard one post could write others."""
    world = World("mailgun")
    world.tell("unknown", letter.id, token="t" * 50)
    with pytest.raises(HookRefused, match="replayed"):
        world.tell("complaint", letter.id, key="other", token="t" * 50)
    assert not stopped()
    assert world.hook().refused == 1


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"TopicArn": TOPIC + "-of-another"}, "topic"),
        ({"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.example.nl/x.pem"}, "address"),
        ({"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/x.pem"}, "address"),
        ({"SigningCertURL": "https://s3.amazonaws.com/x.pem"}, "address"),
        ({"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@example.nl/x.pem"}, "address"),
        ({"SigningCertURL": "https://127.0.0.1/x.pem"}, "address"),
        ({"SignatureVersion": "3"}, "version"),
    ],
)
def test_ses_only_our_topic_and_certificates_of_sns_itself(
    letter: Message, facts: dict[str, str], why: str
) -> None:
    world = World("ses")
    with pytest.raises(HookRefused, match=why):
        world.tell("hard", letter.id, **facts)
    assert not world.fetched


def test_ses_the_certificate_is_fetched_once_and_both_versions_are_read(letter: Message) -> None:
    world = World("ses")
    world.tell("hard", letter.id)
    world.tell("unknown", letter.id, key="n2", SignatureVersion="2", Subject="Amazon SES")
    assert world.fetched == [CERTIFICATE]


def test_ses_a_subscription_is_confirmed_for_our_topic_only(topic: Purpose) -> None:
    world = World("ses")
    visit = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
    asks = {"Type": "SubscriptionConfirmation", "Token": "abc", "SubscribeURL": visit}
    with pytest.raises(HookRefused, match="topic"):
        world.send(world.signed({}, **asks, TopicArn=TOPIC + "x"))
    with pytest.raises(HookRefused, match="address"):
        world.send(world.signed({}, **{**asks, "SubscribeURL": "https://example.nl/steal"}))
    assert visit not in world.fetched
    world.send(world.signed({}, **asks))
    assert world.fetched[-1] == visit
    assert world.hook().confirmed_at == world.now


def test_ses_knows_a_letter_by_the_signed_tag_and_tells_an_automatic_answer_apart(
    letter: Message, topic: Purpose
) -> None:
    world = World("ses")
    way = withdrawal_address(
        point_id=point_of(letter).id, purpose_id=topic.id, domain="example.org"
    )
    report = world._ses("complaint", None, "tag")
    report["mail"]["headers"] = [{"name": "List-Unsubscribe", "value": f"<mailto:{way}>, <x>"}]
    assert world.send(world.signed(report)).stopped == 1
    assert stopped() == {topic.slug}
    away = world._ses("soft", letter.id, "away")
    away["bounce"] = {"bounceType": "Transient", "bounceSubType": "General"}
    assert world.send(world.signed(away)).ignored == 1
    kind = world._ses("complaint", letter.id, "not")
    kind["complaint"] = {"complaintFeedbackType": "not-spam"}
    assert world.send(world.signed(kind)).ignored == 1


def test_inv04_a_complaint_about_a_message_of_no_topic_stops_nothing(
    letter: Message, topic: Purpose
) -> None:
    """A message about a purchase goes on; an address that is no more is marked all the same."""
    Purpose.objects.filter(id=topic.id).update(is_topic=False)
    world = World("brevo")
    assert world.tell("complaint", letter.id, key="1").stopped == 0
    assert not stopped()
    assert world.tell("hard", letter.id, key="2").undeliverable == 1


def test_the_providers_own_way_out_counts_as_a_no(letter: Message, topic: Purpose) -> None:
    world = World("postmark")
    change = {
        "RecordType": "SubscriptionChange",
        "MessageID": "1",
        "ChangedAt": "2026-11-01T10:00:00Z",
        "Origin": "Recipient",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Metadata": {"akkoord": letter.id.hex},
    }
    assert world.send(world.signed(change)).stopped == 1
    assert PermissionEvent.objects.get(state="withdrawn").method == "mailto"
    assert stopped() == {topic.slug}


def test_a_single_mail_of_ours_marks_its_address(letter: Message) -> None:
    mail = OutboxMail.objects.create(
        kind="confirmation",
        recipient="Anna <Anna@example.nl>",
        subject="x",
        text="",
        state="sent",
        created_at=timezone.now(),
        next_try_at=timezone.now(),
        expires_at=timezone.now(),
        message_id="<x>",
    )
    world = World("mailgun")
    assert world.tell("hard", mail.id).undeliverable == 1
    assert world.tell("complaint", mail.id, key="c").stopped == 0


def test_inv24_a_thousand_events_are_a_few_statements(
    topic: Purpose, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    letters = [make_letter(topic, f"p{n}@example.nl") for n in range(60)]
    world = World("sendgrid")
    events = [
        event
        for n, each in enumerate(letters)
        for event in world._sendgrid(("hard", "soft", "complaint")[n % 3], each.id, f"e{n}")
    ]
    with django_assert_max_num_queries(14):
        report = world.send(world.signed(events))
    assert (report.undeliverable, report.stopped) == (20, 20)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, b"null", b"[1, 2]", b'{"event": {"a": [1]}, "ID": []}', b"\xff"],
)
def test_what_was_made_to_hurt_does_nothing(provider: str, body: bytes, letter: Message) -> None:
    world = World(provider)
    try:
        report = world.send(Post(body, {}, world.now))
    except (HookRefused, HookUnreadable):
        return
    assert not report.stopped
    assert not report.undeliverable


def test_without_the_secret_there_is_no_such_address(letter: Message) -> None:
    world = World("postmark")
    for secret in ("", world.secret[:-1], world.secret + "x", "x" * 32):
        with pytest.raises(HookUnknown):
            receive_post("postmark", secret, world.post("hard", letter.id))
    with pytest.raises(HookUnknown):
        receive_post("own", world.secret, world.post("hard", letter.id))
    old = world.secret
    world.secret = make_hook(provider="postmark", at=world.now, actor=STAFF)
    with pytest.raises(HookUnknown):
        receive_post("postmark", old, world.post("hard", letter.id))


def test_the_secrets_stand_in_the_folder_of_the_keys_and_only_there(tmp_path: Path) -> None:
    make_organisation()
    world = World("mailgun")
    file = tmp_path / "keys" / "mail-hook-mailgun"
    assert file.stat().st_mode & 0o777 == 0o600
    assert world.secret not in file.read_text()  # a hash of it
    assert hook_secret("mailgun") is not None
    assert "key-of-the-test" not in str(ProviderHook.objects.values().get())


def post_to(world: World, post: Post, **headers: str) -> int:
    found = Client(headers={**post.headers, **headers}).post(
        f"/hooks/{world.provider}/{world.secret}/", post.body, content_type="application/json"
    )
    assert found.content == b"" or found.status_code in (403, 404)
    return int(found.status_code)


def test_the_public_address_answers_at_once_and_says_nothing(letter: Message) -> None:
    world = World("sendgrid")
    post = world.post("complaint", letter.id)
    assert post_to(world, post) == 204
    assert post_to(world, post) == 204  # a repeat is welcome
    assert len(stopped()) == 1
    assert post_to(world, Post(post.body + b" ", post.headers, post.at)) == 403
    assert Client().get(f"/hooks/sendgrid/{world.secret}/").status_code == 405
    world.secret = "x" * 32
    assert post_to(world, post) == 404


def test_the_public_address_takes_nothing_large_and_no_wrong_log_in(letter: Message) -> None:
    world = World("brevo")
    post = world.post("complaint", letter.id)
    right = b64encode(f"akkoord:{world.secret}".encode()).decode()
    assert post_to(world, Post(b"x" * 2_000_001, {}, world.now)) == 413
    assert post_to(world, Post(b"{", {}, world.now)) == 400
    for wrong in ("Bearer x", "Basic eDp5", "Basic !", "Digest x"):
        assert post_to(world, post, authorization=wrong) == 403
    assert not stopped()
    assert post_to(world, post, authorization=f"Bearer {world.secret}") == 204
    assert post_to(world, post, authorization=f"Basic {right}") == 204


def test_mailgun_hears_that_it_need_not_try_again(letter: Message) -> None:
    world = World("mailgun")
    post = world.post("hard", letter.id, with_key="forged")
    assert post_to(world, post) == 406


def test_what_no_provider_tells_again_is_forgotten(letter: Message) -> None:
    world = World("brevo")
    world.tell("hard", letter.id)
    assert forget_seen(at=world.now + timedelta(days=29)) == 0
    assert forget_seen(at=world.now + timedelta(days=31)) == 1
    assert not HookSeen.objects.exists()
