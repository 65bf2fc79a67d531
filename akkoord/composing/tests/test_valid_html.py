"""What leaves is valid HTML: parsed by html5lib, which follows the standard, without one error.

Once as every program but Outlook on Windows reads it, and once as Word's engine does, for which
comments open. Attributes are those of the standard, and a short list that mail programs need.
"""

import re
from typing import Any

import html5lib
import pytest

from akkoord.composing.tests.letters import leaves, sources

LETTERS = sources()
# Word's engine draws by these; the standard calls them obsolete, every mail program knows them.
FOR_MAIL = {"align", "valign", "bgcolor", "border", "cellpadding", "cellspacing", "width", "height"}
EVERYWHERE = {"style", "class", "id", "lang", "dir", "role", "title"}
OWN = {
    "html": {"xmlns", "xmlns:v", "xmlns:o"},
    "meta": {"name", "content", "charset", "http-equiv"},
    "style": {"type", "media"},
    "a": {"href", "target", "rel"},
    "img": {"src", "alt"},
    # MJML writes the last one beside the style of that name; no program acts on it
    "td": {"colspan", "rowspan", "vertical-align"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "html head title meta style body div table tbody thead tfoot tr td th p a img br hr h1 h2 "
        "h3 ul ol li strong em s b i u code pre blockquote span small sup sub",
    )
)
INSIDE_OUTLOOK = re.compile(r"<!--\[if (?!!)[^\]]*\bmso\b[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
OUTSIDE_OUTLOOK = re.compile(r"<!--\[if !mso[^\]]*\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
# What Word reads and the standard does not know: its own settings, in the head.
SETTINGS = re.compile(r"<noscript>\s*<xml>.*?</xml>\s*</noscript>", re.DOTALL)


def errors(page: str) -> list[str]:
    """What the standard calls a parse error, with its place."""
    parser = html5lib.HTMLParser()
    parser.parse(page)
    lines = page.split("\n")
    return [
        f"{code} {values} at {line}:{column}: {lines[line - 1][max(0, column - 60) : column + 20]}"
        for (line, column), code, values in parser.errors
    ]


def as_outlook(page: str) -> str:
    """The page as Word's engine reads it: its comments open, what is not for it gone."""
    return SETTINGS.sub("", INSIDE_OUTLOOK.sub(r"\1", OUTSIDE_OUTLOOK.sub("", page)))


def elements(page: str) -> list[Any]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [each for each in tree.iter() if isinstance(each.tag, str)]


@pytest.mark.parametrize("name", LETTERS)
def test_no_error_as_most_programs_read_it(name: str) -> None:
    page = leaves(LETTERS[name])[1]
    assert page.lower().startswith("<!doctype html>")
    assert errors(page) == []


@pytest.mark.parametrize("name", LETTERS)
def test_no_error_as_outlook_reads_it(name: str) -> None:
    page = as_outlook(leaves(LETTERS[name])[1])
    assert "[if mso" not in page
    assert errors(page) == []


@pytest.mark.parametrize("name", LETTERS)
def test_elements_and_attributes_are_those_of_the_standard(name: str) -> None:
    found = elements(leaves(LETTERS[name])[1])
    for each in found:
        assert each.tag in ELEMENTS, each.tag
        unknown = set(each.attrib) - EVERYWHERE - FOR_MAIL - OWN.get(each.tag, set())
        assert not {key for key in unknown if not key.startswith("aria-")}, (each.tag, unknown)
    ids = [each.get("id") for each in found if each.get("id")]
    assert len(ids) == len(set(ids)), "an id stands once"
    assert all(each.get("alt") is not None for each in found if each.tag == "img")
    assert next(each.get("lang") for each in found if each.tag == "html") in ("nl", "en")
    assert "".join(each.text or "" for each in found if each.tag == "title").strip()


@pytest.mark.parametrize(
    "wrong",
    [
        "<p>een</div>",
        "<table><p>een</p></table>",
        "<p>een & twee &nbsp drie</p>",
        "<b>een",
        "<p a='1' a='2'>",
    ],
)
def test_the_parser_sees_what_is_wrong(wrong: str) -> None:
    page = "<!doctype html><html><head><title>x</title></head><body>%s</body></html>"
    assert not errors(page % "<p>een</p>")
    assert errors(page % wrong)
