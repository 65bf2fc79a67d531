"""The library's own sentences address people as ours do: u, never je."""

import re

import pytest
from django.utils.translation import gettext, override

SHOWN = (
    "The email address and/or password you specified are not correct.",
    "Please type your current password.",
    "You must type the same password each time.",
    "Be patient, you are sending too many requests.",
    "Your password has been changed.",
    "You have signed out.",
    "Successfully signed in as %(name)s.",
)


@pytest.mark.parametrize("text", SHOWN)
def test_nobody_is_called_je(text: str) -> None:
    with override("nl"):
        dutch = gettext(text)
    assert dutch != text
    assert not re.search(r"\b(je|jij|jou|jouw)\b", dutch, re.IGNORECASE)
