"""The demo's push messages: a page, some devices that allowed them, two of them a known person's.

Every device goes through the door that a browser goes through. The end-points are nobody's: they
stand under a name that never resolves, so a message to them goes nowhere.
"""

import base64
import random
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.consent.device_link import link_device
from akkoord.consent.devices import PushFacts, Subscription, allow_push
from akkoord.consent.models import CollectionPoint
from akkoord.consent.push_pages import PushPageFacts, create_push_page, publish_push_page
from akkoord.insight import demo_texts as texts
from akkoord.law.states import Channel
from akkoord.register.actions import offer_channels
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

LEAST = 6  # devices
ONE_IN = 90  # so many people, one device
OPENED = 150  # days ago
BROWSERS = ("Firefox", "Chrome", "Safari", "Edge", "Samsung")
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def open_push(topic: Purpose, *, at: datetime, actor: Actor) -> CollectionPoint:
    """The topic comes as push message too, and there is a page on which people allow it."""
    offer_channels(purpose_id=topic.id, channels=[Channel.EMAIL, Channel.PUSH], at=at, actor=actor)
    topic.refresh_from_db()
    facts = PushPageFacts(
        name=texts.PUSH_PAGE,
        topic_ids=(topic.id,),
        slug="berichten",
        intro_nl=texts.PUSH_INTRO_NL,
        intro_en=texts.PUSH_INTRO_EN,
    )
    form = create_push_page(facts=facts, at=at, actor=actor)
    return publish_push_page(form_id=form.id, at=at, actor=actor)[0]


def allow_on_devices(
    shown: CollectionPoint, mailbox_id: UUID, *, people: int, dice: random.Random, at: datetime
) -> None:
    """Some allow it over the months; one person puts a telephone and a laptop beside their mail."""
    count = max(LEAST, people // ONE_IN)
    days = sorted((dice.uniform(1, OPENED - 10) for _ in range(count)), reverse=True)
    for place, ago in enumerate(days):
        then = at - timedelta(days=ago)
        facts = PushFacts(
            _subscription(place, dice),
            tuple(shown.purpose_version_ids),
            browser=dice.choice(BROWSERS),
            ip=f"198.51.100.{dice.randint(1, 254)}",
        )
        point = allow_push(shown=shown, facts=facts, at=then)
        if place < 2:  # the first two, weeks apart
            link_device(device_id=point.id, mailbox_id=mailbox_id, at=then + timedelta(minutes=4))


def _subscription(place: int, dice: random.Random) -> Subscription:
    """As a browser would give it; the private key is thrown away, so nobody can open a message."""
    key = ec.derive_private_key(dice.randrange(1, _ORDER), ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Subscription.read(
        f"https://push.example.com/demo/{place}", _text(point), _text(dice.randbytes(16))
    )


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def write_push(topic: Purpose, *, at: datetime, actor: Actor) -> None:
    """A push message that was not sent."""
    text = CampaignText(
        name=texts.PUSH_NAME, subject=texts.PUSH_TITLE, body=texts.PUSH_BODY, link=texts.PUSH_LINK
    )
    create_campaign(purpose=topic, text=text, at=at, actor=actor, channel=Channel.PUSH)
