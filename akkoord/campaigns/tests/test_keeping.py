"""What is kept while somebody writes: the whole form, and the group of a block from the list."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.editor_page import chosen_condition
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.tests.test_editor import campaign as campaign  # a fixture
from akkoord.campaigns.tests.test_editor import client as client
from akkoord.campaigns.tests.test_editor import staff as staff
from akkoord.campaigns.tests.test_editor import tree_of
from akkoord.composing.tree import Tree, as_text, new_block
from akkoord.segments.models import Group
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WHOLE = {
    "name": "Tekst",
    "subject": "Tekst",
    "preheader": "",
    "body": "Dag",
    "sender_name": "",
    "language": "en",
    "segment": 'taal is "en"',
}


@pytest.fixture
def letter(campaign: Campaign, staff: Any) -> Campaign:
    text = CampaignText(name="Tekst", subject="Tekst", body="Dag")
    actor = Actor.staff(staff.pk)
    return create_campaign(purpose=campaign.purpose, text=text, at=timezone.now(), actor=actor)


def draft(client: Client, letter: Campaign, **values: str) -> str:
    letter.refresh_from_db()
    posted = {"version": letter.version, **values}
    answer = client.post(f"/campagnes/{letter.id}/kladblad/", posted, headers=HTMX)
    letter.refresh_from_db()
    return answer.content.decode()


def test_group_language_and_clicks_are_kept_while_one_writes(
    client: Client, letter: Campaign
) -> None:
    assert "Bewaard om" in draft(client, letter, **WHOLE)
    assert (letter.language, letter.count_clicks) == ("en", False)
    assert letter.segment == 'language is "en"', "kept in English, whatever words were typed"
    draft(client, letter, **WHOLE, count_clicks="on")
    assert letter.count_clicks


def test_a_part_of_the_form_changes_nothing_else(client: Client, letter: Campaign) -> None:
    draft(client, letter, body="Dag dag")
    assert (letter.body, letter.language, letter.count_clicks) == ("Dag dag", "nl", True)


def test_a_group_that_cannot_be_is_said_and_the_rest_is_kept(
    client: Client, letter: Campaign
) -> None:
    said = draft(client, letter, **WHOLE | {"segment": "onzin is 3", "body": "Nieuw"})
    assert "De groep is niet bewaard" in said
    assert (letter.body, letter.segment) == ("Nieuw", "")
    assert "Kies Nederlands" in draft(client, letter, **WHOLE | {"language": "xx"})


def test_a_group_of_a_block_is_chosen_from_the_list(client: Client, campaign: Campaign) -> None:
    now = timezone.now()
    Group.objects.create(
        name="Engelstaligen",
        purpose=campaign.purpose,
        text='language is "en"',
        created_at=now,
        updated_at=now,
    )
    block = tree_of(campaign).blocks[1]
    page = client.get(f"/campagnes/{campaign.id}/blokken/?open={block.id}").content.decode()
    assert ">Engelstaligen</option>" in page
    url = f"/campagnes/{campaign.id}/blokken/{block.id}/"
    values = {"version": campaign.version, "text": "Dag", "groep": 'taal is "en"', "conditie": ""}
    client.post(url, values, headers=HTMX)
    assert tree_of(campaign).blocks[1].condition == 'language is "en"'
    page = client.get(f"/campagnes/{campaign.id}/blokken/?open={block.id}").content.decode()
    assert "selected>Engelstaligen" in page
    values |= {"version": campaign.version, "groep": "", "conditie": 'taal is "en"'}
    client.post(url, values, headers=HTMX)
    assert tree_of(campaign).blocks[1].condition == "", "everybody again"


def test_a_part_of_a_column_goes_to_the_other_one(client: Client, campaign: Campaign) -> None:
    values = {"left_text": "Links", "right_text": "Rechts", "left_words": "Kom", "left_link": "x"}
    tree = Tree((new_block("columns", values), new_block("text", {"text": "Dag"})))
    Campaign.objects.filter(id=campaign.id).update(body=as_text(tree))
    columns, text = tree.blocks
    url = f"/campagnes/{campaign.id}/blokken/"
    page = client.get(f"{url}?open={columns.id}").content.decode()
    assert "Naar de andere kolom" in page
    for part in ("text", "words"):
        posted = {"version": campaign.version, "blok": columns.id, "oversteek": part}
        assert "andere kolom" in client.post(url, posted, headers=HTMX).content.decode()
        campaign.refresh_from_db()
    block = tree_of(campaign).blocks[0]
    assert (block["left_text"], block["right_text"]) == ("Rechts", "Links")
    assert (block["right_words"], block["right_link"], block["left_link"]) == ("Kom", "x", "")
    posted = {"version": campaign.version, "blok": text.id, "oversteek": "text"}
    assert "Niet bewaard" in client.post(url, posted, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("old", "group", "words", "chosen"),
    [
        ("", "a", "", "a"),
        ("", "", "b", "b"),
        ("a", "", "a", ""),
        ("a", "a", "b", "b"),
        ("a", "b", "a", "b"),
        ("a", "-", "c", "c"),
        ("c", "-", "", ""),
        ("", None, "b", "b"),
    ],
)
def test_the_list_and_the_words_never_contradict(
    old: str, group: str | None, words: str, chosen: str
) -> None:
    assert chosen_condition(old, group, words) == chosen
