"""What the presets say of terms is what the law's table says."""

from datetime import date

import pytest
from django.test import Client

from akkoord.law.parameters import parameter
from akkoord.register.presets import SYSTEM_ACTIVITIES

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
def test_the_first_run_has_as_many_steps_as_it_says(client: Client) -> None:
    page = client.get("/begin/", headers={"accept-language": "en"}).content.decode()
    assert "Five short steps" in page
    assert page.count("<legend>") == 5
