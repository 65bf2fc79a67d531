"""What the presets say of terms is what the law's table says."""

import re
from datetime import date

import pytest
from django.test import Client

from akkoord.law.parameters import parameter
from akkoord.register.actions import (
    OrganisationFacts,
    TopicWords,
    create_topic,
    set_up_organisation,
)
from akkoord.register.example_trades import examples_for
from akkoord.register.models import PurposeVersion, Trade
from akkoord.register.presets import SYSTEM_ACTIVITIES
from akkoord.register.presets_trades import TRADE_ACTIVITIES, TRADE_TOPICS
from akkoord.register.records import entry_now, register_now
from akkoord.register.tests.factories import NOW
from akkoord.trail.actions import Actor

TODAY = date(2026, 11, 25)
NUMBERS = {30: ("Dertig", "Thirty"), 60: ("Zestig", "Sixty")}


@pytest.mark.parametrize(
    ("key", "name"),
    [("import-to-be-judged", "import-review-term"), ("backups", "backup-cycle")],
)
def test_a_term_in_words_is_the_parameter(key: str, name: str) -> None:
    preset = next(each for each in SYSTEM_ACTIVITIES if each.key == key)
    days = parameter(name, TODAY)
    assert preset.days == days
    dutch, english = NUMBERS[days]
    assert preset.term.nl.startswith(f"{dutch} dagen")
    assert preset.term.en.startswith(f"{english} days")


@pytest.mark.django_db
@pytest.mark.parametrize("trade", Trade.values)
def test_each_trade_can_be_set_up_whole(trade: str) -> None:
    """Its activity and topics in both languages, with nothing lacking in the register (INV-29)."""
    facts = OrganisationFacts("Het Kantoor", "Kade 1", "info@kantoor.example", trade=trade)
    set_up_organisation(facts=facts, at=NOW, actor=Actor.system())
    for topic in TRADE_TOPICS[trade]:
        words = TopicWords(
            *(topic.name.nl, topic.name.en, topic.description.nl, topic.description.en),
            *(topic.frequency.nl, topic.frequency.en),
        )
        create_topic(slug=topic.slug, words=words, at=NOW, actor=Actor.system())
    assert not register_now().to_mend
    [preset] = TRADE_ACTIVITIES[trade]
    for text in (preset.name, preset.purpose, preset.term, *(use.why for use in preset.fields)):
        assert text.nl != text.en or text.nl == "Taal"
    entry = entry_now("customers")
    assert entry is not None
    assert entry.content["terms"][0]["months"] == 36


@pytest.mark.parametrize(
    ("trade", "own"),
    [
        ("bookkeeper", {"client-books", "client-payroll", "tax-returns", "identity-checks"}),
        (
            "estate-agent",
            {"house-seekers", "house-sales", "valuations", "tenants", "identity-checks"},
        ),
    ],
)
def test_bookkeepers_and_estate_agents_have_examples_of_their_own(
    trade: str, own: set[str]
) -> None:
    """And what every office does; what the other does stands among those of others."""
    mine, others = examples_for(trade)
    keys = {each.key for each in mine}
    assert keys >= own | {"payroll", "invoices", "website", "diary"}
    assert "client-payroll" not in keys or trade == "bookkeeper"
    assert not keys & {each.key for each in others}


@pytest.mark.django_db
def test_the_first_run_of_a_bookkeeper_takes_its_own_topic(client: Client) -> None:
    """Chosen in the wizard; a topic of the trade comes with its words in both languages."""
    typed = {
        "name": "Kantoor Cijfer",
        "address": "Kade 1, 1000 AA Amsterdam",
        "contact_email": "info@kantoor.example",
        "owner_name": "Anouk van Dam",
        "owner_email": "anouk@kantoor.example",
        "owner_password": "zeven groene fietsen staan",
        "trade": "bookkeeper",
        "topic_name": "Belastingnieuws",
    }
    assert client.post("/begin/", typed).status_code == 302
    topic = PurposeVersion.objects.get(purpose__slug="belastingnieuws")
    assert (topic.name_en, topic.name_nl) == ("Tax news", "Belastingnieuws")
    shown = client.get("/register/", headers={"accept-language": "nl"}).content.decode()
    assert re.search(r"<a [^>]*>\s*Opdrachten van klanten", shown)
    page = client.get("/register/nieuw/", headers={"accept-language": "nl"}).content.decode()
    own, _mark, others = page.partition("Voorbeelden voor andere bedrijven")
    assert "Lonen van klanten" in own
    assert "Taxaties" in others


@pytest.mark.django_db
def test_the_first_run_has_as_many_steps_as_it_says(client: Client) -> None:
    page = client.get("/begin/", headers={"accept-language": "en"}).content.decode()
    assert "Five short steps" in page
    assert page.count("<legend>") == 5
