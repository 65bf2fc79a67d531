"""A field of one's own: made with its reason, put on a form, chosen by a visitor, seen by staff."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_an_own_choice_from_its_reason_to_the_person(
    journey: Journey, shop: Any, width: int
) -> None:
    from akkoord.consent.confirm import confirm_sign_up
    from akkoord.consent.models import SignUp
    from akkoord.consent.tests.factories import confirmation_token

    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/velden/")
    journey.look(page)
    page.get_by_role("link", name="Nieuw veld").first.click()
    page.get_by_label("Wat vraagt u? In het Nederlands").fill("Geloof")
    page.get_by_label("Wat vraagt u? In het Engels").fill("Kind of bicycle")
    page.get_by_text("Een keuze uit een lijst").first.click()
    page.get_by_label("Waaruit kunnen mensen kiezen?").fill(
        "Racefiets | Racing bicycle\nBakfiets | Cargo bicycle"
    )
    page.get_by_label("Waarvoor hebt u het nodig?").select_option(label="Nieuwsbrief")
    page.get_by_label("Waarom hebt u het nodig? In het Nederlands").fill("Om te tonen wat past.")
    page.get_by_label("Waarom hebt u het nodig? In het Engels").fill("To show what suits you.")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("gevoelige gegevens").first).to_be_visible()
    journey.look(page)
    page.get_by_label("Wat vraagt u? In het Nederlands").fill("Soort fiets")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("Racefiets, Bakfiets")).to_be_visible()
    journey.look(page)
    page.goto(journey.base + "/register/topic-nieuwsbrief/velden/")
    expect(page.get_by_text("Om te tonen wat past.")).to_be_visible()
    journey.look(page)

    page.goto(f"{journey.base}/formulieren/{shop.form.id}/wijzigen/")
    page.locator("label", has_text="Soort fiets").first.click()
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Publiceren").click()
    visitor = journey.page(width)
    visitor.goto(f"{journey.base}/f/{shop.form.slug}/")
    journey.look(visitor)
    visitor.get_by_label("Soort fiets").select_option(label="Bakfiets")
    visitor.locator("label[for=id_topics_0]").click()
    visitor.get_by_label("E-mailadres").fill("gerda@example.nl")
    visitor.get_by_role("button", name="Aanmelden").click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    sign_up = SignUp.objects.get(typed__has_key="soort-fiets")
    token = confirmation_token(sign_up)
    confirm_sign_up(token, at=sign_up.requested_at)

    page.goto(f"{journey.base}/mensen/{sign_up.contact_point.person_id}/")
    expect(page.get_by_text("Bakfiets").first).to_be_visible()
    journey.look(page)
    page.get_by_role("link", name="Verbeteren").click()
    page.get_by_label("Soort fiets").select_option(label="Racefiets")
    journey.look(page)
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Racefiets").first).to_be_visible()


LONG = {"text": "Welkesoort" * 12, "choice": "Langekeuze" * 12}  # as long as a name may be
LONG_CHOICES = (("Fietsachtig" * 7, "Bicyclelike" * 7), ("Anders", "Other"))


def make_long_fields(shop: Any) -> None:
    """Own fields with the longest names and choices that there can be, without a blank."""
    from django.utils import timezone

    from akkoord.register.own_fields import OwnFieldFacts, make_own_field
    from akkoord.trail.actions import Actor

    for kind, name in LONG.items():
        make_own_field(
            facts=OwnFieldFacts(
                name,
                name[::-1],
                kind,
                "Omdat" * 60,
                "Since" * 60,
                LONG_CHOICES if kind == "choice" else (),
            ),
            activity_key=shop.topic.activity_key,
            at=timezone.now(),
            actor=Actor.staff(shop.owner.pk),
        )


def test_the_longest_names_scroll_no_page_sideways_on_a_phone(journey: Journey, shop: Any) -> None:
    from django.utils import timezone

    from akkoord.consent.forms_publishing import publish_form
    from akkoord.consent.models import Form
    from akkoord.consent.tokens import fresh_link
    from akkoord.people.models import OwnFieldValue
    from akkoord.register.models import PersonalDataField
    from akkoord.segments.actions import create_group
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people, point_of

    make_people(shop)
    make_long_fields(shop)
    now, actor = timezone.now(), Actor.staff(shop.owner.pk)
    keys = [name.lower()[:80] for name in LONG.values()]
    Form.objects.filter(id=shop.form.id).update(field_keys=["email", "first_name", *keys])
    shown = publish_form(form_id=shop.form.id, at=now, actor=actor)[0]
    anna = point_of("Anna Bakker")
    for key, value in zip(keys, ("Antwoord" * 25, LONG_CHOICES[0][0]), strict=True):
        field = PersonalDataField.objects.get(key=key)
        OwnFieldValue.objects.create(person=anna.person, field=field, value=value, updated_at=now)
    group = create_group(
        purpose=shop.topic,
        name="Groepsnaam" * 12,
        text=f'{keys[0]} is "{"waarde" * 20}" and {keys[1]} is "{LONG_CHOICES[0][0]}"',
        at=now,
        actor=actor,
    )
    page = journey.page(PHONE)
    journey.log_in(page)
    for path in (
        "/velden/",
        f"/velden/{keys[1]}/keuzes/",
        "/register/topic-nieuwsbrief/velden/",
        "/formulieren/",
        f"/formulieren/{shop.form.id}/",
        f"/formulieren/{shop.form.id}/wijzigen/",
        f"/formulieren/versie/{shown.id}/",
        f"/formulieren/{shop.form.id}/plaatsen/",
        f"/f/{shop.form.slug}/",
        "/groepen/",
        f"/groepen/{group.id}/",
        f"/mensen/{anna.person_id}/",
        f"/mensen/{anna.person_id}/corrigeren/",
        journey.here(fresh_link(point_id=anna.id, at=now)).removeprefix(journey.base),
    ):
        answer = page.goto(journey.base + path)
        assert answer is not None
        assert answer.status == 200, path
        journey.look(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_somebody_corrects_an_answer_and_then_turns_out_to_be_a_child(
    journey: Journey, shop: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.consent.tokens import fresh_link
    from akkoord.people.models import OwnFieldValue
    from akkoord.permission.queries import audience
    from akkoord.register.models import PersonalDataField
    from akkoord.register.own_fields import OwnFieldFacts, make_own_field
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people, point_of

    make_people(shop)
    now, anna = timezone.now(), point_of("Anna Bakker")
    choices = (("Racefiets", "Racing bicycle"), ("Bakfiets", "Cargo bicycle"))
    facts = ("Soort fiets", "Kind of bicycle", "choice", "Om te tonen wat past.", "To show it.")
    make_own_field(
        facts=OwnFieldFacts(*facts, choices),
        activity_key=shop.topic.activity_key,
        at=now,
        actor=Actor.staff(shop.owner.pk),
    )
    field = PersonalDataField.objects.get(key="soort-fiets")
    OwnFieldValue.objects.create(person=anna.person, field=field, value="Racefiets", updated_at=now)

    centre = journey.page(width)
    centre.goto(journey.here(fresh_link(point_id=anna.id, at=now)))
    centre.get_by_label("Soort fiets").select_option(label="Bakfiets")
    journey.look(centre)
    centre.get_by_role("button", name="Mijn gegevens verbeteren").click()
    expect(centre.get_by_role("status").first).to_be_visible()
    expect(centre.get_by_label("Soort fiets")).to_have_value("Bakfiets")
    assert OwnFieldValue.objects.get().value == "Bakfiets"

    staff = journey.page(width)
    journey.log_in(staff)
    staff.goto(f"{journey.base}/mensen/{anna.person_id}/")
    expect(staff.get_by_text("Bakfiets").first).to_be_visible()
    staff.goto(f"{journey.base}/formulieren/mens/{anna.person_id}/leeftijd/")
    journey.look(staff)
    reached = audience(shop.topic, "email", at=timezone.now()).values_list("id", flat=True)
    assert anna.id in reached
    staff.get_by_text("Ja, jonger dan 16").click()
    staff.get_by_text("Dat zei een ouder").click()
    staff.get_by_role("button", name="Dit vastleggen").click()
    expect(staff.get_by_text("Alleen waar een ouder ja op zei").first).to_be_visible()
    journey.look(staff)
    reached = audience(shop.topic, "email", at=timezone.now()).values_list("id", flat=True)
    assert anna.id not in reached
