"""The field catalogue: a field that nobody used goes, and another purpose asks its questions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_fields(shop: Any, now: datetime) -> str:
    """Two fields of the shop's own with an answer of Anna, a topic of offers, and cameras."""
    from akkoord.people.models import OwnFieldValue
    from akkoord.register import hand
    from akkoord.register.actions import TopicWords, create_topic
    from akkoord.register.models import PersonalDataField
    from akkoord.register.own_fields import OwnFieldFacts, make_own_field
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people, point_of

    make_people(shop)
    actor, long_ago = Actor.staff(shop.owner.pk), now - timedelta(days=400)
    for name, english in (("Soort fiets", "Kind of bicycle"), ("Framemaat", "Frame size")):
        made = make_own_field(
            facts=OwnFieldFacts(name, english, "text", "Om te tonen wat past.", "To show it."),
            activity_key=shop.topic.activity_key,
            at=long_ago,
            actor=actor,
        )
        field = PersonalDataField.objects.get(id=made.id)
        anna = point_of("Anna Bakker").person
        OwnFieldValue.objects.create(person=anna, field=field, value="Groot", updated_at=now)
    words = TopicWords("Aanbod", "Offers", "Aanbiedingen van de winkel.", "Offers of the shop.")
    create_topic(slug="aanbod", words=words, at=now, actor=actor)
    entry = hand.make_from_example(example_key="cameras", at=now, actor=actor)
    hand.publish_activity(key=entry.key, at=now, actor=actor)
    return entry.key


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_an_unused_field_goes_and_another_purpose_is_asked_about(
    journey: Journey, shop: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.people.models import OwnFieldValue
    from akkoord.register.models import ActivityField, PurposeChange

    cameras = make_fields(shop, timezone.now())
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/bewaren/velden/")
    journey.look(page)
    page.get_by_role("link", name="Kan weg?").click()
    journey.look(page)
    page.get_by_role("link", name="Soort fiets").click()
    expect(page.get_by_text("Om te tonen wat past.")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Veld en antwoorden wissen").first.click()
    expect(page.get_by_text("Het antwoord van 1 mens gaat nu weg.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Veld en antwoorden wissen").click()
    expect(page.get_by_text("Het veld is weg, met het antwoord van 1 mens.")).to_be_visible()
    assert OwnFieldValue.objects.count() == 1
    page.goto(journey.base + "/bewaren/velden/alles/")
    journey.look(page)

    # What people said yes to: a new yes, and nothing to weigh.
    page.goto(journey.base + "/register/topic-aanbod/velden/")
    page.get_by_label("Welk veld?").select_option(label="Framemaat")
    page.get_by_label("Waarom hebt u het nodig? In het Nederlands").fill("Voor wat past.")
    page.get_by_label("Waarom hebt u het nodig? In het Engels").fill("For what fits.")
    page.get_by_role("button", name="Toestaan").click()
    expect(page.get_by_text("Mensen zeiden ja tegen iets anders.")).to_be_visible()
    journey.look(page)
    page.get_by_label("Waarom wilt u dit?").fill("Klanten vragen om hun eigen maat.")
    page.get_by_role("button", name="Toestaan").click()
    expect(page.get_by_text("Alleen van wie hier sinds").first).to_be_visible()
    assert ActivityField.objects.get(activity_key="topic-aanbod", field__key="framemaat").yes_since

    # Another purpose of what rests on something else: the five questions.
    page.goto(f"{journey.base}/register/{cameras}/stap/1/")
    page.get_by_label("Waarvoor doet u het?").fill("Zien hoe druk het in de winkel is.")
    page.get_by_label("Waarom verandert dit?").fill("Wij willen het rooster verbeteren.")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.get_by_text("Verwachten mensen dit").first).to_be_visible()
    journey.look(page)
    page.get_by_text("Het doel wordt anders").click()
    for name in ("link", "context", "nature", "consequences", "safeguards"):
        page.locator(f"label[for=id_{name}_0]").click()
    page.get_by_label("Waarom wilt u dit?").fill("Zo staan er genoeg mensen in de winkel.")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    page.wait_for_url(f"{journey.base}/register/{cameras}/")
    assert PurposeChange.objects.get(activity_key=cameras).outcome == "compatible"
    page.goto(f"{journey.base}/register/{cameras}/geschiedenis/")
    expect(page.get_by_text("Het past bij waarvoor mensen het gaven")).to_be_visible()
    page.get_by_text("Wat er is geantwoord").click()
    journey.look(page)
