"""The ready letters against what Outlook on Windows, Gmail and Apple Mail are known to need.

What is checked is what leaves: the compiled HTML, in both languages, in every style of letters.
"""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import product

import pytest

from akkoord.composing.making import make_letter
from akkoord.composing.ready import READY
from akkoord.composing.style import StyleFacts, look_of
from akkoord.composing.tests.test_making import HOUSE, LINKS
from akkoord.messages.assembling import MAX_HTML
from akkoord.messages.compile import BLOCKS, compile_message
from akkoord.messages.look import FONTS
from akkoord.messages.template import FieldFact
from akkoord.messages.tests.factories import make_source

VOID = {"img", "br", "hr", "meta", "link", "input", "col"}
GMAIL_STYLE = 8_192  # a longer style element is dropped as a whole
# Tables carry the columns; Word's engine and Gmail leave these out or do other things with them.
NOT_KNOWN = ("flex", "grid", "position:", "float:", "transform", "background-image", "calc(")
# Our footer lies on top of everything (INV-21), which harms no program.
ON_TOP = "position:relative !important;"


@dataclass(slots=True)
class Seen(HTMLParser):
    """Every element with its attributes and its parents."""

    tags: list[tuple[str, dict[str, str], tuple[str, ...]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    outlook: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}, tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.unclosed.append(tag)

    def handle_comment(self, data: str) -> None:
        if data.startswith("[if"):
            self.outlook.append(data)

    def of(self, tag: str) -> list[dict[str, str]]:
        return [values for name, values, _parents in self.tags if name == tag]


def made(key: str, language: str, font: str = "source") -> str:
    ready = next(each for each in READY if each.key == key)
    tree = ready.tree(language, house="Fietsen", site="https://fietsen.example.nl/")
    house = replace(HOUSE, look=look_of(StyleFacts(font=font, heading_font=font)))
    letter = make_letter(tree, house, is_half=True)
    source = make_source(body=letter.body, body_format=BLOCKS, language=language)
    source = replace(source, look=house.look, for_programs=True)
    compiled = compile_message(source, allowed_fields={"first_name": FieldFact(True)})
    return compiled.preview(LINKS | {"first_name": "Anna"}).html


def seen(page: str) -> Seen:
    found = Seen()
    found.feed(page)
    found.close()
    return found


LETTERS = list(product([each.key for each in READY], ["nl", "en"]))


@pytest.mark.parametrize(("key", "language"), LETTERS)
def test_columns_are_tables_and_no_style_is_unknown_to_outlook(key: str, language: str) -> None:
    found = seen(made(key, language))
    assert not found.unclosed
    for tag, values, _parents in found.tags:
        style = values.get("style", "").replace(ON_TOP, "").replace("text-transform", "")
        assert not [word for word in NOT_KNOWN if word in style], (tag, style)
    for table in found.of("table"):
        assert table["role"] == "presentation"
        assert table["cellpadding"] == table["cellspacing"] == table["border"] == "0"
    fixed = [each for each in found.outlook if "<table" in each]
    assert fixed
    for each in fixed:  # Word's engine knows no max-width
        width = re.search(r' width="(\d+)(?:px)?"', each)
        assert width is None or int(width[1]) <= 600
        assert width or 'align="center"' not in each, each


@pytest.mark.parametrize(("key", "language"), LETTERS)
def test_pictures_have_a_width_of_their_own_and_words(key: str, language: str) -> None:
    for picture in seen(made(key, language)).of("img"):
        assert 0 < int(picture["width"]) <= 600, "Outlook knows no max-width"
        assert "alt" in picture
        assert "display: block" in picture["style"], "else Gmail leaves a gap under it"


@pytest.mark.parametrize(("key", "language"), LETTERS)
def test_a_button_is_a_coloured_cell_with_room_in_it(key: str, language: str) -> None:
    page = made(key, language)
    buttons = re.findall(r'<td([^>]*)><a [^>]*style="([^"]*inline-block[^"]*)"', page)
    for cell, style in buttons:
        assert re.search(r'bgcolor="#[0-9a-f]{6}"', cell), "Outlook colours cells, not links"
        assert re.search(r"mso-padding-alt: \d+px", cell), "and gives room to cells, not links"
        assert re.search(r"[^-]padding: \d+px", style)
    assert len(buttons) == len(re.findall(r"inline-block;background", page))


@pytest.mark.parametrize(("key", "language"), LETTERS)
def test_gmail_cuts_nothing_and_drops_no_style(key: str, language: str) -> None:
    page = made(key, language)
    assert len(page.encode()) < MAX_HTML
    for style in re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL):
        assert len(style) < GMAIL_STYLE
        assert style.count("{") == style.count("}")
    # Where a program drops the styles of the head, colours and sizes stand at the elements.
    for tag, values, _parents in seen(page).tags:
        if tag in ("h1", "h2", "p", "a"):
            assert re.search(r"font-size|margin|color", values.get("style", "")), tag


@pytest.mark.parametrize(("key", "language"), LETTERS)
def test_there_is_a_dark_side_and_programs_are_told(key: str, language: str) -> None:
    page = made(key, language)
    metas = {each.get("name"): each.get("content") for each in seen(page).of("meta")}
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"
    assert "@media (prefers-color-scheme: dark)" in page
    assert metas["viewport"] == "width=device-width, initial-scale=1"


@pytest.mark.parametrize("font", FONTS)
def test_every_letter_type_is_there_on_windows(font: str) -> None:
    page = made("newsletter", "nl", font)
    assert "<link" not in page, "no letter type is fetched (INV-28)"
    assert "@font-face" not in page
    first = FONTS[font].split(",")[0].strip("' ")
    told = re.search(r"\[if mso\]><style>[^<]*font-family:'Segoe UI'", page)
    assert bool(told) == (first == "Source Sans 3")


def test_what_was_approved_before_keeps_its_hash() -> None:
    before = make_source()
    assert "for_programs" not in before.as_json()
    facts = {"first_name": FieldFact(True)}
    now = replace(before, for_programs=True)
    hashes = {compile_message(each, allowed_fields=facts).content_hash for each in (before, now)}
    assert len(hashes) == 2
