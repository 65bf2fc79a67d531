"""The editor: every change is kept, nobody overwrites anybody, nothing half-way leaves."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import override

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign, send_campaign
from akkoord.campaigns.editing import Moment, change_blocks, fill_block, save_head
from akkoord.campaigns.models import Campaign, CampaignVersion
from akkoord.campaigns.versions import MOST, version_rows
from akkoord.composing.models import KeptLetter, Picture
from akkoord.composing.tree import Tree, as_text, new_block, read_tree
from akkoord.messages.models import Dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.segments.language import parse
from akkoord.segments.writing import in_words_of
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff() -> Any:
    return make_staff()


@pytest.fixture
def client(staff: Any) -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def campaign(staff: Any) -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(2, topic)
    tree = Tree((new_block("heading", {"text": "Dag"}), new_block("text", {"text": "Kom langs."})))
    text = CampaignText(name="Herfst", subject="Herfst", body=as_text(tree), body_kind="blocks")
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.staff(staff.pk))


def tree_of(campaign: Campaign) -> Tree:
    campaign.refresh_from_db()
    return read_tree(campaign.body)


def post(client: Client, campaign: Campaign, **values: Any) -> Any:
    return client.post(
        f"/campagnes/{campaign.id}/blokken/", {"version": campaign.version, **values}, headers=HTMX
    )


def kinds(campaign: Campaign) -> list[str]:
    return [block.kind for block in tree_of(campaign).blocks]


def test_blocks_are_added_moved_doubled_removed_and_put_back(
    client: Client, campaign: Campaign
) -> None:
    first, second = tree_of(campaign).blocks
    assert "Toegevoegd" in post(client, campaign, soort="button", na=first.id).content.decode()
    assert kinds(campaign) == ["heading", "button", "text"]
    post(client, campaign, doe="omhoog", blok=second.id)
    assert kinds(campaign) == ["heading", "text", "button"]
    post(client, campaign, doe="plaats", blok=second.id, plaats=0)
    assert kinds(campaign) == ["text", "heading", "button"]
    post(client, campaign, doe="dubbel", blok=first.id)
    assert kinds(campaign) == ["text", "heading", "heading", "button"]
    gone = post(client, campaign, doe="weg", blok=second.id)
    assert kinds(campaign) == ["heading", "heading", "button"]
    undo = gone.context["undo"]
    campaign.refresh_from_db()
    post(client, campaign, doe="terug", inhoud=undo["text"], plaats=undo["place"])
    assert tree_of(campaign).blocks[0] == second


def test_it_works_without_any_script(client: Client, campaign: Campaign) -> None:
    block = tree_of(campaign).blocks[0]
    answer = client.post(
        f"/campagnes/{campaign.id}/blokken/",
        {"version": campaign.version, "doe": "omlaag", "blok": block.id},
    )
    assert answer.status_code == 302
    assert kinds(campaign) == ["text", "heading"]
    page = client.get(f"/campagnes/{campaign.id}/blokken/?open={block.id}").content.decode()
    assert 'class="block-details" name="blok" open' in page
    assert page.count("<noscript>") >= 2


def test_a_block_is_kept_while_it_is_typed_also_half_way(
    client: Client, campaign: Campaign
) -> None:
    block = tree_of(campaign).blocks[0]
    answer = client.post(
        f"/campagnes/{campaign.id}/blokken/{block.id}/",
        {"version": campaign.version, "text": "", "size": "large", "align": "left"},
        headers=HTMX,
    )
    page = answer.content.decode()
    assert "De kop is leeg." in page
    assert "1 blok is nog niet klaar" in page
    assert json.loads(answer["HX-Trigger"])["letterKept"]["version"] == campaign.version + 1
    assert tree_of(campaign).blocks[0]["text"] == ""
    check = client.get(f"/campagnes/{campaign.id}/controle/").content.decode()
    assert "Blok 1: De kop is leeg." in check
    with pytest.raises(CampaignRefused, match="Blok 1"):
        send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=Actor.system())
    assert not Dispatch.objects.exists()
    look = client.get(f"/campagnes/{campaign.id}/beeld/?als=niemand")
    assert "De kop is leeg." in look.content.decode()
    assert "Kom langs." in look.content.decode(), "the rest of the letter is there"
    assert look["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_two_editors_do_not_overwrite_each_other(client: Client, campaign: Campaign) -> None:
    other = make_staff(email="bo@example.nl", name="Bo Jansen")
    block = tree_of(campaign).blocks[0]
    mine = campaign.version
    change_blocks(
        campaign_id=campaign.id,
        change=fill_block(block.id, {"text": "Van Bo", "size": "large", "align": "left"}, ""),
        moment=Moment(mine, timezone.now(), Actor.staff(other.pk)),
    )
    for url, values in (
        (f"/campagnes/{campaign.id}/blokken/{block.id}/", {"text": "Van mij", "size": "large"}),
        (f"/campagnes/{campaign.id}/kop/", {"subject": "x", "name": "y", "language": "nl"}),
        (f"/campagnes/{campaign.id}/blokken/", {"doe": "weg", "blok": block.id}),
    ):
        answer = client.post(url, {"version": mine, **values}, headers=HTMX)
        page = answer.content.decode()
        assert "Bo Jansen wijzigde deze brief om" in page
        assert answer["HX-Retarget"] == "#letter-state"
    assert tree_of(campaign).blocks[0]["text"] == "Van Bo"


@pytest.mark.parametrize(
    "values",
    [
        {"soort": "script"},
        {"doe": "weg", "blok": "nietdaar"},
        {"doe": "verbrand", "blok": ""},
        {"doe": "terug", "inhoud": '{"id": "abcdef", "kind": "text"}, {"x": 1}'},
        {"doe": "terug", "inhoud": '{"id":"abcdef","kind":"text","text":"x","onload":"y"}'},
        {"doe": "terug", "inhoud": "]}"},
    ],
)
def test_somebody_elses_posts_change_nothing(
    client: Client, campaign: Campaign, values: dict[str, str]
) -> None:
    answer = post(client, campaign, **values)
    assert answer["HX-Retarget"] == "#letter-state"
    assert "Niet bewaard" in answer.content.decode()
    assert kinds(campaign) == ["heading", "text"]


def test_a_thousand_blocks_are_refused(campaign: Campaign) -> None:
    body = json.dumps({"v": 1, "blocks": [{"id": f"abcdef{n}", "kind": "divider"}
                                          for n in range(1_000)]})  # fmt: skip
    text = CampaignText(name="x", subject="x", body=body, body_kind="blocks")
    with pytest.raises(CampaignRefused, match="60"):
        create_campaign(
            purpose=campaign.purpose, text=text, at=timezone.now(), actor=Actor.system()
        )


def test_nothing_breaks_out_of_the_head(client: Client, campaign: Campaign) -> None:
    values = {
        "subject": "Dag\r\nBcc: x@example.nl\u202e",
        "preheader": "</mj-preview><script>\n",
        "name": "x",
        "language": "nl",
    }
    client.post(
        f"/campagnes/{campaign.id}/kop/", {"version": campaign.version, **values}, headers=HTMX
    )
    campaign.refresh_from_db()
    assert campaign.subject == "Dag Bcc: x@example.nl"
    html = client.get(f"/campagnes/{campaign.id}/beeld/?als=niemand").content.decode()
    assert "<script" not in html


def test_what_one_person_types_within_minutes_is_one_version(
    staff: Any, campaign: Campaign
) -> None:
    block = tree_of(campaign).blocks[0]
    start = timezone.now()
    for number in range(5):
        campaign.refresh_from_db()
        change_blocks(
            campaign_id=campaign.id,
            change=fill_block(block.id, {"text": f"Dag {number}", "size": "large",
                                         "align": "left"}, ""),
            moment=Moment(campaign.version, start + timedelta(minutes=number),
                          Actor.staff(staff.pk)),
        )  # fmt: skip
    assert campaign.versions.count() == 2, "what it began with, and what was typed"
    campaign.refresh_from_db()
    save_head(
        campaign_id=campaign.id,
        values={"subject": "Nieuw"},
        moment=Moment(campaign.version, start + timedelta(minutes=30), Actor.staff(staff.pk)),
    )
    rows = version_rows(campaign)
    assert [row.version.number for row in rows] == [3, 2, 1]
    assert rows[0].changed_subject
    assert ("new", "Dag 4") in [(line.kind, line.text) for line in rows[1].lines]
    assert ("gone", "Dag") in [(line.kind, line.text) for line in rows[1].lines]


def test_a_version_is_put_back_as_a_new_one(client: Client, campaign: Campaign) -> None:
    block = tree_of(campaign).blocks[0]
    client.post(
        f"/campagnes/{campaign.id}/blokken/{block.id}/",
        {"version": campaign.version, "text": "Anders", "size": "large", "align": "left"},
    )
    campaign.refresh_from_db()
    page = client.get(f"/campagnes/{campaign.id}/versies/").content.decode()
    assert "<del>Dag</del>" in page
    assert "<ins>Anders</ins>" in page
    client.post(f"/campagnes/{campaign.id}/versies/", {"version": campaign.version, "nummer": 1})
    assert tree_of(campaign).blocks[0]["text"] == "Dag"
    newest = campaign.versions.order_by("-number")[0]
    assert (newest.number, newest.restores) == (3, 1)
    stale = client.post(
        f"/campagnes/{campaign.id}/versies/", {"version": 1, "nummer": 2}, follow=True
    )
    assert "wijzigde deze brief" in stale.content.decode()


def test_an_earlier_version_goes_for_good_and_the_newest_never(
    client: Client, campaign: Campaign
) -> None:
    block = tree_of(campaign).blocks[0]
    client.post(
        f"/campagnes/{campaign.id}/blokken/{block.id}/",
        {"version": campaign.version, "text": "Anders", "size": "large", "align": "left"},
    )
    url = f"/campagnes/{campaign.id}/versies/"
    answer = client.post(url, {"weg": "2"}, follow=True)
    assert "Wijzig de brief zelf" in answer.content.decode()
    client.post(url, {"weg": "1"})
    assert list(campaign.versions.values_list("number", flat=True)) == [2]
    assert tree_of(campaign).blocks[0]["text"] == "Anders"
    assert "niet meer" in client.post(url, {"weg": "1"}, follow=True).content.decode()


def test_no_more_than_a_hundred_versions_stay(staff: Any, campaign: Campaign) -> None:
    start = timezone.now()
    for number in range(MOST + 5):
        campaign.refresh_from_db()
        save_head(
            campaign_id=campaign.id,
            values={"subject": f"Nummer {number}"},
            moment=Moment(campaign.version, start + timedelta(hours=number), Actor.system()),
        )
    assert CampaignVersion.objects.filter(campaign=campaign).count() == MOST


def test_a_letter_begins_from_a_ready_one_with_drawings_of_its_own(
    client: Client, campaign: Campaign
) -> None:
    page = client.get("/campagnes/nieuw/").content.decode()
    assert page.count('class="gallery-card"') == 6
    assert client.get("/campagnes/nieuw/beeld/season/?taal=en").status_code == 200
    start = "/campagnes/nieuw/blokken/?vanaf=season&taal=nl"
    assert "Fijne feestdagen" in client.get(start).content.decode()
    values = {"vanaf": "season", "purpose": campaign.purpose.slug, "name": "Kerst",
              "subject": "Fijne dagen", "language": "nl"}  # fmt: skip
    answer = client.post(start, values)
    made = Campaign.objects.get(name="Kerst")
    assert answer.url == f"/campagnes/{made.id}/blokken/"
    picture = Picture.objects.get(is_ours=True)
    assert picture.name in made.body
    assert "art:" not in made.body
    found = client.get(f"/campagnes/{made.id}/controle/").context["found"]
    assert not [each.sentence for each in found.blocking if "Blok" in each.sentence]
    assert client.get("/campagnes/nieuw/blokken/?vanaf=bestaatniet").status_code == 404


def test_a_letter_is_kept_as_a_beginning_without_its_conditions(
    client: Client, campaign: Campaign
) -> None:
    block = tree_of(campaign).blocks[1]
    client.post(
        f"/campagnes/{campaign.id}/blokken/{block.id}/",
        {"version": campaign.version, "text": "Dag", "align": "left",
         "conditie": 'taal is "nl"'.replace("taal", "language")},
    )  # fmt: skip
    assert tree_of(campaign).blocks[1].condition == 'language is "nl"'
    client.post(f"/campagnes/{campaign.id}/bewaren/", {"naam": "Ons begin"})
    kept = KeptLetter.objects.get()
    assert "language is" not in kept.body
    assert "Ons begin" in client.get("/campagnes/nieuw/").content.decode()
    assert client.get(f"/campagnes/nieuw/beeld/{kept.id}/").status_code == 200
    client.post(f"/campagnes/{campaign.id}/bewaren/", {"naam": "Ons begin"})
    kept.refresh_from_db()
    assert (kept.name, kept.body) == ("", ""), "of one that was replaced no word stays"
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptLetter.objects.filter(id=kept.id).update(body="Dag")


def test_markdown_goes_on_in_blocks_and_blocks_in_mjml(client: Client, campaign: Campaign) -> None:
    text = CampaignText(name="Tekst", subject="Tekst", body="# Dag\n\nEen **tekst**.")
    plain = create_campaign(
        purpose=campaign.purpose, text=text, at=timezone.now(), actor=Actor.system()
    )
    before = client.get(f"/campagnes/{campaign.id}/beeld/?als=niemand").content.decode()
    for letter, kind in ((plain, "blocks"), (campaign, "mjml")):
        client.post(f"/campagnes/{letter.id}/anders/", {"hoe": kind, "version": letter.version})
        letter.refresh_from_db()
        assert letter.body_kind == kind
    shown = client.get(f"/campagnes/{plain.id}/beeld/?als=niemand").content.decode()
    assert "Dag</h1>" in shown
    after = client.get(f"/campagnes/{campaign.id}/beeld/?als=niemand").content.decode()
    assert before == after, "the letter looks as it did"
    client.post(f"/campagnes/{campaign.id}/anders/", {"hoe": "blocks", "version": campaign.version})
    campaign.refresh_from_db()
    assert campaign.body_kind == "mjml", "there is no way back"


def test_the_fields_of_other_purposes_are_shown_with_why_not(
    client: Client, campaign: Campaign
) -> None:
    page = client.get(f"/campagnes/{campaign.id}/blokken/").content.decode()
    assert 'data-inserts="first_name"' in page
    assert 'data-inserts="city"' not in page
    assert "is gevraagd voor een ander doel" in page or "mag" in page


def test_the_editor_asks_a_bounded_number_of_questions(
    client: Client, campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    url = f"/campagnes/{campaign.id}/blokken/"
    client.get(url)
    with django_assert_max_num_queries(40):
        client.get(url)
    many = as_text(Tree(tuple(new_block("text", {"text": "x"}) for _ in range(50))))
    Campaign.objects.filter(id=campaign.id).update(body=many)
    with django_assert_max_num_queries(40):
        client.get(url)


def test_the_letter_in_the_dark_and_by_day(client: Client, campaign: Campaign) -> None:
    url = f"/campagnes/{campaign.id}/beeld/?als=niemand"
    assert "@media all" in client.get(url + "&licht=donker").content.decode()
    assert "@media not all" in client.get(url + "&licht=dag").content.decode()


def test_numbers_in_the_page_are_numbers_of_html(client: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(id=campaign.id).update(version=1_234)
    page = client.get(f"/campagnes/{campaign.id}/blokken/").content.decode()
    assert 'data-version="1234"' in page
    assert 'name="version" value="1234"' in page
    assert 'maxlength="10000"' in page
    assert "1.234" not in page


def test_markdown_is_kept_while_it_is_typed_also_when_it_does_not_compile(
    client: Client, campaign: Campaign
) -> None:
    text = CampaignText(name="Tekst", subject="Tekst", body="Dag.")
    plain = create_campaign(
        purpose=campaign.purpose, text=text, at=timezone.now(), actor=Actor.system()
    )
    page = client.get(f"/campagnes/{plain.id}/schrijven/").content.decode()
    assert f"/campagnes/{plain.id}/kladblad/" in page
    values = {"version": plain.version, "subject": "Tekst", "body": "Dag {{ first_name",
              "name": "Tekst"}  # fmt: skip
    answer = client.post(f"/campagnes/{plain.id}/kladblad/", values, headers=HTMX)
    assert "Bewaard om" in answer.content.decode()
    plain.refresh_from_db()
    assert (plain.body, plain.name) == ("Dag {{ first_name", "Tekst")
    stale = client.post(f"/campagnes/{plain.id}/kladblad/", values, headers=HTMX)
    assert "Niet bewaard" in stale.content.decode()
    check = client.get(f"/campagnes/{plain.id}/controle/").content.decode()
    assert "accolades" in check, "the check stops it"


@pytest.mark.parametrize(
    "help_text", ["campaigns.forms.GROUP_HELP", "campaigns.editor_page.CONDITION_HELP"]
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_example_of_a_group_is_in_the_words_of_its_reader(help_text: str, language: str) -> None:
    with override(language):
        words = str(import_string(f"akkoord.{help_text}"))
    example = words.split(": ", 1)[1].split(". ")[0]
    assert in_words_of(example, language) == example
    assert parse(example)
