"""A letter through the eyes of anybody, and titles that hold no code."""

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.queries import people_to_show
from akkoord.consent.tests.factories import make_point
from akkoord.messages.template import without_values
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.people.models import Person
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
SUBJECT = "{{ first_name | default: 'Hallo' }}, kom langs"


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def campaign() -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(2, topic)
    text = CampaignText(name=SUBJECT, subject=SUBJECT, body="Dag {{ first_name }}.")
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.system())


def test_anybody_can_be_chosen_also_who_does_not_get_it(client: Client, campaign: Campaign) -> None:
    point = make_point("zeldzaam@example.nl")
    Person.objects.filter(id=point.person_id).update(
        given_name="Quirine", family_name="Xanthopoulos"
    )
    found = client.get(f"/campagnes/{campaign.id}/mensen/", {"wie": "xantho"}).content.decode()
    assert f"?als={point.id}" in found
    assert "<html" not in found, "a part of a page, for htmx"
    without_script = client.get(f"/campagnes/{campaign.id}/controle/", {"wie": "xantho"})
    assert f"?als={point.id}" in without_script.content.decode()
    page = client.get(
        f"/campagnes/{campaign.id}/controle/", {"als": str(point.id)}
    ).content.decode()
    assert "<strong>Quirine, kom langs</strong>" in page
    letter = client.get(f"/campagnes/{campaign.id}/beeld/", {"als": str(point.id)}).content.decode()
    assert "Dag Quirine." in letter
    nobody = client.get(f"/campagnes/{campaign.id}/mensen/", {"wie": "zzzz"}).content.decode()
    assert "Niemand past" in nobody


MJML = "<mj-section><mj-column><mj-text>Dag {{ first_name }}.</mj-text></mj-column></mj-section>"


@pytest.mark.parametrize(("kind", "body"), [("markdown", "Dag {{ first_name }}."), ("mjml", MJML)])
def test_the_check_shows_a_person_on_each_screen_and_by_each_light(
    client: Client, campaign: Campaign, kind: str, body: str
) -> None:
    Campaign.objects.update(body_kind=kind, body=body)
    point = people_to_show(campaign)[1]
    url = f"/campagnes/{campaign.id}/controle/"
    page = client.get(url, {"als": point.id}).content.decode()
    assert f"beeld/?licht=dag&amp;als={point.id}" in page
    assert "look-frame look-bureau" in page
    asked = {"als": point.id, "scherm": "telefoon", "licht": "donker"}
    page = client.get(url, asked).content.decode()
    assert f"beeld/?licht=donker&amp;als={point.id}" in page
    assert "look-frame look-telefoon" in page
    for way, kept in (("scherm", "telefoon"), ("licht", "donker")):
        assert f'name="{way}" value="{kept}" aria-pressed="true"' in page
        assert f'type="hidden" name="{way}" value="{kept}"' in page, "stays with another person"
    assert f'type="hidden" name="als" value="{point.id}"' in page, "stays in another light"
    found = client.get(
        f"/campagnes/{campaign.id}/mensen/", asked | {"wie": point.value[:6]}
    ).content.decode()
    assert "&amp;scherm=telefoon&amp;licht=donker#look" in found
    document = f"/campagnes/{campaign.id}/beeld/"
    dark = client.get(document, {"als": point.id, "licht": "donker"}).content.decode()
    day = client.get(document, {"als": point.id, "licht": "dag"}).content.decode()
    name = point.person.given_name
    assert f"Dag {name}." in dark
    assert "@media all" in dark
    assert "@media not all" in day
    nonsense = client.get(url, {"scherm": '"><script>', "licht": "x"}).content.decode()
    assert "look-frame look-bureau" in nonsense


def test_titles_show_the_fallback_and_never_the_field(client: Client, campaign: Campaign) -> None:
    for url in (f"/campagnes/{campaign.id}/controle/", "/campagnes/"):
        page = client.get(url).content.decode()
        assert "Hallo, kom langs" in page
        assert "| default: &#x27;Hallo" not in page
    title = client.get(f"/campagnes/{campaign.id}/controle/").content.decode()
    assert "<title>Hallo, kom langs" in title


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (SUBJECT, "Hallo, kom langs"),
        ("Dag {{ first_name }}, welkom", "Dag …, welkom"),
        ("Zonder veld", "Zonder veld"),
        ("Kapot {{ first_name", "Kapot {{ first_name"),
    ],
)
def test_a_subject_without_anybody(source: str, shown: str) -> None:
    assert without_values(source) == shown
