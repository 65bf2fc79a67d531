"""The organisation's style: chosen once, readable, used by every letter from then on."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.queries import preview_as
from akkoord.campaigns.source import source_of
from akkoord.composing.models import HouseStyle
from akkoord.composing.queries import house_now
from akkoord.composing.style import (
    StyleFacts,
    StyleRefused,
    check_style,
    choose_style,
    look_of,
    style_now,
)
from akkoord.composing.tests.test_pictures import png
from akkoord.messages.compile import MessageSource
from akkoord.messages.dispatch import compile_for, start_dispatch
from akkoord.messages.look import PLAIN
from akkoord.messages.tests.factories import NOW, make_organisation, make_topic
from akkoord.register.logo import keep_logo, read_logo
from akkoord.register.models import Organisation
from akkoord.trail.actions import Actor
from akkoord.web.colours import ENOUGH, contrast

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS, COLOURS, COLOURS, COLOURS)
def test_what_is_accepted_can_be_read(ink: str, paper: str, card: str, accent: str) -> None:
    style = StyleFacts(ink=ink, paper=paper, card=card, accent=accent)
    try:
        check_style(style)
    except StyleRefused:
        return
    look = look_of(style)
    for one, other in (
        (look.ink, look.card),
        (look.accent, look.card),
        (look.on_accent, look.accent),
        (look.quiet, look.paper),
        (look.night_link, "#201f1b"),
    ):
        assert contrast(one, other) >= ENOUGH


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"accent": "#ffe08a"}, "accent", "niet goed te lezen"),
        ({"ink": "#cccccc"}, "ink", "minstens 4,5"),
        ({"accent": "red"}, "accent", "Kies een kleur"),
        ({"font": "comic"}, "font", "lettertype"),
        ({"card": "#fff"}, "card", "Kies een kleur"),
    ],
)
def test_the_refusal_says_what_would_do(changed: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(StyleRefused) as refusal:
        check_style(StyleFacts(**changed))
    assert refusal.value.field == field
    assert words in refusal.value.sentence


@pytest.mark.django_db
def test_every_letter_follows_and_what_was_approved_stays() -> None:
    make_organisation()
    topic = make_topic()
    text = CampaignText(name="x", subject="x", body="# Dag\n\n[link](https://example.nl/)")
    campaign = create_campaign(purpose=topic, text=text, at=NOW, actor=Actor.system())
    dispatch = start_dispatch(
        purpose=topic, source=source_of(campaign), segment="", approved_by=None, at=NOW
    )
    assert "#8a3b12" not in preview_as(campaign, None).html
    style = StyleFacts(accent="#8a3b12", font="georgia", is_round=False)
    choose_style(style=style, at=NOW, actor=Actor.system())
    assert style_now() == style
    shown = preview_as(campaign, None).html
    assert "#8a3b12" in shown
    assert "Georgia" in shown
    again = compile_for(topic, MessageSource.from_json(dispatch.template))
    assert again.content_hash == dispatch.content_hash, "what was approved keeps its look"


@pytest.mark.django_db
def test_before_a_choice_it_is_the_organisations_own_colour_made_readable() -> None:
    make_organisation()
    assert look_of(style_now()) == PLAIN
    Organisation.objects.update(accent="#ffcc00")
    assert contrast(style_now().accent, PLAIN.card) >= ENOUGH


@pytest.mark.django_db
def test_the_logo_comes_from_the_settings() -> None:
    make_organisation()
    assert house_now().logo is None
    keep_logo(read_logo(png((900, 240))), at=NOW, actor=Actor.system())
    logo = house_now().logo
    assert logo is not None
    assert logo[0].startswith("http")
    assert 40 <= logo[1] <= 240
    assert Client().get(logo[0]).status_code == 200


@pytest.mark.django_db
def test_the_page_refuses_at_its_field(client: Any) -> None:
    make_organisation()
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    values = {"ink": "#1c1b18", "paper": "#fbf9f4", "card": "#ffffff", "accent": "#ffe08a",
              "font": "arial", "heading_font": "georgia", "is_round": "on"}  # fmt: skip
    page = client.post("/campagnes/stijl/", values)
    assert "niet goed te lezen" in " ".join(page.context["form"].errors["accent"])
    assert not HouseStyle.objects.exists()
    assert client.post("/campagnes/stijl/", values | {"accent": "#8A3B12"}).status_code == 302
    assert HouseStyle.objects.get().accent == "#8a3b12"
