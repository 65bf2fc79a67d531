"""The text part says what the HTML part says: the same words and links, in the same order.

The comparer shares no code with what makes the parts: the HTML is read by html5lib, the text by
its words alone.
"""

import re
from collections.abc import Iterator
from typing import Any

import html5lib
import pytest

from akkoord.composing.tests.letters import leaves, sources

NOT_SAID = {"head", "style", "script", "title"}
LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"]+")
WORD = re.compile(r"[^\W_]+")
LETTERS = sources()


def said(text: str) -> Iterator[str]:
    """Words and links of a plain text, in order. A line of only signs says nothing."""
    place = 0
    for found in LINK.finditer(text):
        yield from WORD.findall(text[place : found.start()])
        yield found[0].rstrip(".,;:)")
        place = found.end()
    yield from WORD.findall(text[place:])


def shown(element: Any, *, number: int = 0) -> Iterator[str]:
    """What a reader of the HTML sees, in order: words, then where a link leads, item numbers."""
    if not isinstance(element.tag, str) or element.tag in NOT_SAID:
        return  # Outlook's own: comments
    if re.search(r"display:\s*none", element.get("style", "")):
        return  # the preview line, for the list of mails
    if number:
        yield str(number)
    if element.tag == "img":
        yield from said(element.get("alt", ""))
    yield from said(element.text or "")
    count = 0
    for child in element:
        count += child.tag == "li"
        yield from shown(child, number=count if element.tag == "ol" else 0)
        yield from said(child.tail or "")
    if element.tag == "a" and element.get("href"):
        yield element.get("href")


def without_echo(tokens: Iterator[str]) -> list[str]:
    """A link whose words are its own address stands once."""
    found: list[str] = []
    for token in tokens:
        if not (found and token == found[-1] and LINK.match(token)):
            found.append(token)
    return found


@pytest.mark.parametrize("name", LETTERS)
def test_text_and_html_say_the_same_in_the_same_order(name: str) -> None:
    text, page = leaves(LETTERS[name])
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    of_page, of_text = without_echo(shown(body)), without_echo(said(text))
    assert of_text == of_page
    assert len(of_page) > 25
    assert any(LINK.match(token) for token in of_page)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("<p>een twee</p>", "twee een"),
        ('<p><a href="https://example.nl/a">een</a></p>', "een"),
        ('<p><a href="https://example.nl/a">een</a></p>', "een <https://example.nl/b>"),
        ("<p>een</p><p>twee</p>", "een"),
        ("<p>een</p>", "een\n\ntwee"),
        ('<p><img src="a.png" alt="een fiets"></p>', "fiets"),
    ],
)
def test_the_comparer_sees_what_differs(here: str, there: str) -> None:
    body = html5lib.parse(here, namespaceHTMLElements=False).find("body")
    assert without_echo(shown(body)) != without_echo(said(there))
