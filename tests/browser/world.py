"""A small bicycle shop, made by the rooms' own actions; addresses end in example.nl."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Staff
from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.sign_up import SignUpFacts, request_sign_up
from akkoord.consent.tokens import confirmation_link
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.keys import check_keys
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint
from akkoord.register.actions import (
    OrganisationFacts,
    TopicWords,
    create_topic,
    set_up_organisation,
)
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor
from tests.browser.journey import PASSWORD

NAMES = ("Anna Bakker", "Bram Visser", "Carla Smit", "Daan Mulder", "Eva Bos")


@dataclass(frozen=True, slots=True)
class Shop:
    """What a journey starts from."""

    owner: Staff
    topic: Purpose
    form: Form
    shown: CollectionPoint


def make_shop() -> Shop:
    """An organisation with its owner, one topic, and a published form."""
    check_keys()
    now = timezone.now() - timedelta(days=2)
    owner = create_staff(
        email="anouk@example.nl",
        name="Anouk van Dam",
        role="owner",
        language="nl",
        password=PASSWORD,
    )
    actor = Actor.staff(owner.pk)
    set_up_organisation(
        facts=OrganisationFacts(
            name="Fietsen van Dam",
            address="Dorpsstraat 1\n1234 AB Ergens",
            contact_email="info@fietsenvandam.example.nl",
        ),
        at=now,
        actor=actor,
    )
    topic = create_topic(
        slug="nieuwsbrief",
        words=TopicWords(
            name_nl="Nieuwsbrief",
            name_en="Newsletter",
            description_nl="Nieuws en tips over fietsen.",
            description_en="News and tips about bicycles.",
            frequency_nl="elke maand",
            frequency_en="every month",
        ),
        at=now,
        actor=actor,
    )
    form = create_form(
        facts=FormFacts(
            name="Nieuwsbrief van Fietsen van Dam",
            slug="nieuwsbrief",
            topic_ids=(topic.id,),
            field_keys=("email", "first_name", "last_name"),
        ),
        at=now,
        actor=actor,
    )
    shown = publish_form(form_id=form.id, at=now, actor=actor)[0]
    return Shop(owner, topic, form, shown)


def address_of(name: str) -> str:
    """The address of a made-up person."""
    return name.lower().replace(" ", ".") + "@example.nl"


def sign_up(shop: Shop, name: str, *, confirmed: bool = True, at: datetime | None = None) -> None:
    """Somebody signs up at the form, and confirms unless told otherwise."""
    at = at or timezone.now() - timedelta(days=1)
    given, family = name.split(" ", 1)
    outcome = request_sign_up(
        collection_point=shop.shown,
        facts=SignUpFacts(
            email=address_of(name),
            version_ids=tuple(shop.shown.purpose_version_ids),
            given_name=given,
            family_name=family,
            said_sixteen=True,
            ip="203.0.113.0",
        ),
        at=at,
    )
    assert outcome.sign_up is not None
    if confirmed:
        token = confirmation_link(outcome.sign_up.id).rstrip("/").rpartition("/")[2]
        confirm_sign_up(token, at=at + timedelta(minutes=5))


def make_people(shop: Shop) -> None:
    """Five who said yes, one of whom stopped, and one who never confirmed."""
    for name in NAMES:
        sign_up(shop, name)
    sign_up(shop, "Fleur Jong", confirmed=False)
    withdraw(
        point_id=point_of("Eva Bos").id,
        method=Method.COUNTER,
        actor=Actor.staff(shop.owner.pk),
        at=timezone.now() - timedelta(hours=1),
    )


def point_of(name: str) -> ContactPoint:
    """The address of a made-up person as Akkoord knows it."""
    return ContactPoint.objects.get(normalised=address_of(name), ended_at=None)


def make_letter(shop: Shop) -> Campaign:
    """A letter that was not sent."""
    return create_campaign(
        purpose=shop.topic,
        text=CampaignText(
            name="Herfst",
            subject="De herfst is er, {{ first_name | default: 'lezer' }}",
            preheader="Tips voor natte dagen",
            language="nl",
            body_kind="markdown",
            body="# Dag {{ first_name | default: 'lezer' }}\n\nMaak uw fiets klaar voor de herfst.",
            segment="",
            sender_name="",
        ),
        at=timezone.now(),
        actor=Actor.staff(shop.owner.pk),
    )
