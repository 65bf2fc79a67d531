"""An address that people type: a page, and nothing that runs."""

import pytest
from django import forms

from akkoord.web.links import LinkField, is_link


@pytest.mark.parametrize(
    "text",
    [
        "https://fietsen.example.nl/voorwaarden",
        "http://x.example",
        "/privacy/",
        "https://x.example/a?b=c#d",
    ],
)
def test_a_page_is_a_link(text: str) -> None:
    assert is_link(text)
    assert LinkField().clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//elders.example/x",
        "/\\elders.example",
        "https://bank.example@elders.example/",
        "https://",
        "ftp://x.example/",
        "mailto:a@example.nl",
        "voorwaarden.html",
        "https://x.example/ a",
        "https://[x/",
        "/\u202eprivacy",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert not is_link(text)
    with pytest.raises(forms.ValidationError):
        LinkField().clean(text)


def test_a_site_of_their_own_is_no_path_of_ours() -> None:
    assert not is_link("/privacy/", own_pages=False)
