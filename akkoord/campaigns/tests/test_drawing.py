"""Drawing: kept as it is drawn, by one at a time, with a way back; what is half never leaves."""

from typing import Any

import pytest
from django.test import Client

from akkoord.campaigns.actions import preflight_campaign
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.tests.test_editor import campaign as campaign  # a fixture
from akkoord.campaigns.tests.test_editor import client as client
from akkoord.campaigns.tests.test_editor import staff as staff
from akkoord.campaigns.versions import MOST, keep_version
from akkoord.composing.tree import Tree, as_text, new_block
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SECTION = "<mj-section><mj-column><mj-text><p>{0}</p></mj-text></mj-column></mj-section>"


def keep(client: Client, campaign: Campaign, body: str, version: int | None = None) -> Any:
    campaign.refresh_from_db()
    values = {"version": version or campaign.version, "body": body}
    answer = client.post(f"/campagnes/{campaign.id}/tekenen/", values, headers=HTMX)
    campaign.refresh_from_db()
    return answer


def shown(client: Client, campaign: Campaign) -> str:
    return client.get(f"/campagnes/{campaign.id}/beeld/?als=niemand").content.decode()


def test_the_blocks_come_on_the_canvas_and_opening_changes_nothing(
    client: Client, campaign: Campaign
) -> None:
    page = client.get(f"/campagnes/{campaign.id}/tekenen/")
    assert "Lijst met blokken" in page.content.decode()
    canvas = client.get(f"/campagnes/{campaign.id}/tekenen/vel/")
    assert "Kom langs." in canvas.content.decode()
    campaign.refresh_from_db()
    assert campaign.is_blocks


def test_inv28_the_canvas_reaches_nothing_else(client: Client, campaign: Campaign) -> None:
    policy = client.get(f"/campagnes/{campaign.id}/tekenen/vel/")["Content-Security-Policy"]
    parts = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert parts["default-src"] == parts["connect-src"] == parts["form-action"] == "'none'"
    assert parts["script-src"] == "'self'"
    assert "unsafe-inline" in parts["style-src"]
    assert "https:" not in parts["img-src"].split()
    page = client.get(f"/campagnes/{campaign.id}/tekenen/")["Content-Security-Policy"]
    assert "unsafe-inline" not in page, "the page around it keeps the strict policy"


def test_what_is_drawn_is_kept_and_is_the_mail(client: Client, campaign: Campaign) -> None:
    answer = keep(client, campaign, SECTION.format('Dag {{ first_name | default: "lezer" }}'))
    assert "Bewaard om" in answer.content.decode()
    assert answer["HX-Trigger"]
    assert campaign.body_kind == "mjml"
    page = shown(client, campaign)
    assert "Dag Anna" in page
    assert "Afmelden" in page, "the ways out stand under it"


def test_inv21_a_drawing_cannot_hide_the_ways_out(client: Client, campaign: Campaign) -> None:
    hostile = (
        '<mj-section css-class="ak-foot"><mj-column><mj-text><style>.ak-foot{display:none}</style>'
        '<p style="position:fixed;top:0;height:9999px">Dag</p><script>alert(1)</script></mj-text>'
        "</mj-column></mj-section>"
    )
    keep(client, campaign, hostile)
    assert "script" not in campaign.body
    assert "position" not in campaign.body
    page = shown(client, campaign)
    assert "<script" not in page
    assert "Afmelden" in page


def test_a_field_outside_the_purpose_is_said_and_stops_the_letter(
    client: Client, campaign: Campaign
) -> None:
    answer = keep(client, campaign, SECTION.format('{{ birth_date | default: "x" }}'))
    assert "state-wrong" in answer.content.decode()
    with pytest.raises(Exception, match=r"unknown-field|field-not"):
        _compiled(campaign)


def _compiled(campaign: Campaign) -> None:
    from akkoord.campaigns.source import source_of
    from akkoord.messages.dispatch import compile_for

    compile_for(campaign.purpose, source_of(campaign))


def test_two_people_never_overwrite_each_other(client: Client, campaign: Campaign) -> None:
    before = campaign.version
    keep(client, campaign, SECTION.format("Van de een"))
    answer = keep(client, campaign, SECTION.format("Van de ander"), version=before)
    assert "Niet bewaard" in answer.content.decode()
    assert "Van de een" in campaign.body


def test_back_to_the_blocks_and_back_to_the_drawing(client: Client, campaign: Campaign) -> None:
    blocks = campaign.body
    keep(client, campaign, SECTION.format("Getekend"))
    page = client.get(f"/campagnes/{campaign.id}/tekenen/").content.decode()
    assert "past niet in de lijst" in page, "what cannot come along is said first"
    client.post(f"/campagnes/{campaign.id}/tekenen/terug/", {"version": campaign.version})
    campaign.refresh_from_db()
    assert campaign.body == blocks
    drawn = campaign.versions.get(body__contains="Getekend")
    client.post(
        f"/campagnes/{campaign.id}/versies/", {"nummer": drawn.number, "version": campaign.version}
    )
    campaign.refresh_from_db()
    assert "Getekend" in campaign.body


def test_the_way_back_to_the_blocks_is_never_pruned(
    client: Client, campaign: Campaign, staff: Any
) -> None:
    blocks = campaign.body
    keep(client, campaign, SECTION.format("Getekend"))
    for number in range(MOST + 5):
        campaign.body = SECTION.format(number)
        keep_version(campaign, at=campaign.updated_at, actor=Actor.staff(staff.pk), restores=1)
    client.post(f"/campagnes/{campaign.id}/tekenen/terug/", {"version": campaign.version})
    campaign.refresh_from_db()
    assert campaign.body == blocks


def test_a_letter_that_never_was_in_blocks_has_no_way_back(
    client: Client, campaign: Campaign
) -> None:
    campaign.versions.all().delete()
    Campaign.objects.filter(id=campaign.id).update(body=SECTION.format("x"), body_kind="mjml")
    page = client.get(f"/campagnes/{campaign.id}/tekenen/").content.decode()
    assert "Naar de lijst met blokken" not in page
    client.post(f"/campagnes/{campaign.id}/tekenen/terug/", {"version": campaign.version})
    campaign.refresh_from_db()
    assert campaign.body_kind == "mjml"


def test_what_is_missing_is_said_and_stops_the_letter(client: Client, campaign: Campaign) -> None:
    tree = Tree((new_block("text", {"text": "Dag"}), new_block("button", {"words": "Kom"})))
    Campaign.objects.filter(id=campaign.id).update(body=as_text(tree))
    canvas = client.get(f"/campagnes/{campaign.id}/tekenen/vel/").content.decode()
    assert "Kom" in canvas, "a button without a link comes along"
    half = SECTION.format("Dag").replace("</mj-text>", "</mj-text><mj-image></mj-image>")
    answer = keep(client, campaign, half)
    assert "Vak 1: Kies een beeld" in answer.content.decode()
    found = preflight_campaign(campaign, at=campaign.updated_at)
    assert [each.code for each in found.blocking] == ["section"]


def test_a_section_for_some_people_is_asked_of_the_database(
    client: Client, campaign: Campaign
) -> None:
    some = SECTION.format("Alleen in het Engels").replace(
        "<mj-section>", '<mj-section only-for="language is &quot;en&quot;">'
    )
    keep(client, campaign, SECTION.format("Voor wie dan ook") + some)
    assert "Alleen in het Engels" in shown(client, campaign)
    person = client.get(f"/campagnes/{campaign.id}/beeld/").content.decode()
    assert "Voor wie dan ook" in person
    assert "Alleen in het Engels" not in person


def test_a_condition_outside_the_purpose_stops_it(client: Client, campaign: Campaign) -> None:
    some = SECTION.format("x").replace("<mj-section>", '<mj-section only-for="onzin is 3">')
    answer = keep(client, campaign, SECTION.format("Dag") + some)
    assert "state-wrong" in answer.content.decode()


@pytest.mark.parametrize("body", ["", "<script>alert(1)</script>", "Dag", "x" * 500_001])
def test_what_is_no_drawing_is_refused_and_nothing_is_lost(
    client: Client, campaign: Campaign, body: str
) -> None:
    before = campaign.body
    assert "Niet bewaard" in keep(client, campaign, body).content.decode()
    assert campaign.body == before


def test_markdown_and_unknown_parts_do_not_come_on_the_canvas(
    client: Client, campaign: Campaign
) -> None:
    table = (
        "<mj-section><mj-column><mj-table><tr><td>x</td></tr></mj-table></mj-column></mj-section>"
    )
    for kind, body, word in (("markdown", "Dag", "blokken"), ("mjml", table, "mj-table")):
        Campaign.objects.filter(id=campaign.id).update(body=body, body_kind=kind)
        answer = client.get(f"/campagnes/{campaign.id}/tekenen/", follow=True)
        assert word in answer.content.decode()
        assert client.get(f"/campagnes/{campaign.id}/tekenen/vel/").status_code == 409
