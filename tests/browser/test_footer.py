"""The ways out of a letter in a real browser, whatever its author writes (INV-21)."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from akkoord.messages.compile import compile_message
from akkoord.messages.template import CompileError
from akkoord.messages.tests.test_compile import FIELDS, SOURCE, VALUES

pytestmark = pytest.mark.browser

# What somebody could try, as a style of an element, as an attribute of MJML, and as a rule.
STYLES = (
    "display:none",
    "max-height:0;overflow:hidden",
    "position:fixed;top:0;left:0;width:9999px;height:9999px;background:#fff;z-index:2147483647",
    "margin-bottom:-9999px",
    "margin:0 0 -999em",
    "height:0;width:0",
    "font-size:0;color:#fff",
    "box-shadow:0 0 0 9999px #fff",
    "outline:9999px solid #fff",
    "transform:scale(200)",
    "border-bottom:9999px solid #fff",
    "float:left;height:5000px;width:100%",
    "letter-spacing:-99px",
    "opacity:0",
    "filter:opacity(0)",
)
TAGS = ("div", "p", "span", "table", "body", "html", "dialog open", "details", "template", "a")
RULES = (
    "@media screen{.ak-foot{display:none !important}}",
    ".ak-foot{max-height:0;overflow:hidden}",
    ".ak-foot *{font-size:0 !important}",
    "a{color:#fbf9f4 !important}",
    "body>*:last-child{clip-path:inset(50%)}",
)
ATTRIBUTES = (
    ("mj-body", "background-color"),
    ("mj-body", "width"),
    ("mj-section", "padding"),
    ("mj-section", "background-color"),
    ("mj-text", "color"),
    ("mj-text", "height"),
    ("mj-text", "font-size"),
)


def _page(pairs: dict[tuple[str, str], str], head: str, text: str) -> str:
    def tag(name: str) -> str:
        found = [f'{key}="{value}"' for (each, key), value in pairs.items() if each == name]
        return " ".join([name, *found])

    return (
        f"<mjml><mj-head>{head}</mj-head><{tag('mj-body')}><{tag('mj-section')}><mj-column>"
        f"<{tag('mj-text')}>{text}</mj-text></mj-column></mj-section></mj-body></mjml>"
    )


rules = st.sampled_from(RULES)
heads = st.one_of(
    st.just(""),
    rules.map(lambda rule: f"<mj-style>{rule}</mj-style>"),
    rules.map(lambda rule: f"<mj-title></title><style>{rule}</style></mj-title>"),
    rules.map(lambda rule: f'<mj-breakpoint width="1px){{}} {rule} @media (min-width:1px" />'),
    st.just('<mj-attributes><mj-all font-size="0px" line-height="0px" color="#fbf9f4" />'
            '<mj-text height="0px" /></mj-attributes>'),
)  # fmt: skip
texts = st.one_of(
    rules.map(lambda rule: f"<style>{rule}</style>x"),
    st.tuples(st.sampled_from(TAGS), st.sampled_from(STYLES)).map(
        lambda made: f'<{made[0]} style="{made[1]}">x</{made[0].split()[0]}>'
    ),
    st.sampled_from(STYLES).map(lambda style: f"<div style='{style}'><p>Dag</p>"),
)
attributes = st.dictionaries(
    st.sampled_from(ATTRIBUTES),
    st.one_of(
        st.sampled_from(STYLES).map(lambda style: f"#fff;{style}"),
        st.sampled_from(("0px", "1px", "#fbf9f4", "-999px", "99999px")),
    ),
    max_size=2,
)
letters = st.builds(_page, attributes, heads, texts)


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Page:
    return chromium.new_page(viewport={"width": 600, "height": 800})


def _can_be_pressed(page: Page, href: str) -> bool:
    """Whether a reader who scrolls to this link sees it on top, at a size that can be read."""
    found = page.evaluate(
        """(href) => {
            const link = [...document.querySelectorAll('a')].find(
                each => each.getAttribute('href') === href);
            link.scrollIntoView({block: 'center', inline: 'center'});
            const box = link.getBoundingClientRect();
            const on = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            const style = getComputedStyle(link);
            return on === link && box.width > 20 && parseFloat(style.fontSize) >= 12
                && style.color === 'rgb(95, 90, 80)' && style.opacity === '1';
        }""",
        href,
    )
    return bool(found)


@given(letters)
@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_inv21_what_compiles_shows_its_ways_out(reader: Page, body: str) -> None:
    source = dataclasses.replace(SOURCE, body=body, body_format="mjml")
    try:
        shown = compile_message(source, allowed_fields=FIELDS).preview(VALUES)
    except CompileError:
        return
    reader.set_content(shown.html)
    assert _can_be_pressed(reader, VALUES["unsubscribe_url"]), body
    assert _can_be_pressed(reader, VALUES["preferences_url"]), body


def test_inv21_a_plain_letter_shows_its_ways_out(reader: Page) -> None:
    reader.set_content(compile_message(SOURCE, allowed_fields=FIELDS).preview(VALUES).html)
    assert _can_be_pressed(reader, VALUES["unsubscribe_url"])
