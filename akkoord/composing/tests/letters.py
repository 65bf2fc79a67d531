"""Letters as they leave: the ready ones, one in Markdown, one in MJML, one of every block."""

import email
import email.policy
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from akkoord.composing.making import make_letter
from akkoord.composing.ready import READY
from akkoord.composing.tests.test_making import FULL, HOUSE
from akkoord.composing.tree import Tree, new_block
from akkoord.messages.compile import BLOCKS, Compiled, Envelope, MessageSource, compile_message
from akkoord.messages.template import FieldFact
from akkoord.messages.tests.factories import make_source

VALUES = {
    "first_name": "Zoë & co",
    "unsubscribe_url": "https://example.nl/v/abc.def?x=1&y=2",
    "preferences_url": "https://example.nl/v/abc",
    "why_url": "https://example.nl/v/abc?waarom=1&taal=nl",
}
MARKDOWN = """# Dag {{ first_name | default: "lezer" }}

De herfst is er: **bladeren**, *regen* en ~~zon~~. Kom [langs in de winkel](https://example.nl/?a=1&b=2).

> Een fiets die kraakt & piept, is < een maand oud.

1. banden op spanning
2. ketting geolied
   - ook de [derailleur](https://example.nl/derailleur)

| dag | open | dicht |
|---|---|---|
| maandag | 9.00 | 17.00 |
| zondag | nooit | altijd |

`code <b>` en https://example.nl/kaal en <https://example.nl/kaal>

---

![Een fiets](https://example.nl/fiets.png) [![Een bel](https://example.nl/bel.png)](https://example.nl/bel)
"""
MJML = """<mj-section><mj-column><mj-text><h1>Dag {{ first_name }}</h1>
<p>Links &amp; rechts, <a href="https://example.nl/een">een</a></p></mj-text>
<mj-button href="https://example.nl/knop?a=1&amp;b=2">Kom langs</mj-button></mj-column>
<mj-column><mj-text>De tweede kolom<br/>staat er <b>naast</b></mj-text>
<mj-image src="https://example.nl/f.png" alt="Een fiets" href="https://example.nl/f" />
<mj-table><tr><th>dag</th><th>open</th></tr><tr><td>maandag</td><td>tot vijf uur</td></tr>
</mj-table>
</mj-column></mj-section>
<mj-section><mj-column><mj-divider /><mj-social><mj-social-element name="instagram" alt=""
 href="https://instagram.example.nl/x">Instagram</mj-social-element></mj-social></mj-column>
</mj-section>"""


def ready(key: str, language: str) -> MessageSource:
    """A ready letter in the style of a house, with its footer, web version and counted links."""
    found = next(each for each in READY if each.key == key)
    tree = found.tree(language, house="Fietsen", site="https://fietsen.example.nl/")
    letter = make_letter(tree, HOUSE, is_half=True)
    source = make_source(
        subject=found.subject(language),
        preheader=found.preheader(language),
        body=letter.body,
        body_format=BLOCKS,
        language=language,
        web_url="https://example.nl/archief/herfst/",
    )
    return replace(source, look=HOUSE.look, for_programs=True)


def of_all_blocks() -> MessageSource:
    """A letter with every kind of block."""
    made = make_letter(Tree(tuple(new_block(kind, values) for kind, values in FULL.items())), HOUSE)
    return replace(
        make_source(body=made.body, body_format=BLOCKS), look=HOUSE.look, for_programs=True
    )


def sources() -> dict[str, MessageSource]:
    """Every letter that the proofs of what leaves go over, by name."""
    found = {
        f"{each.key}-{language}": ready(each.key, language)
        for each in READY
        for language in ("nl", "en")
    }
    return found | {
        "markdown": make_source(body=MARKDOWN, preheader="Vooraf"),
        "mjml": make_source(body=MJML, body_format="mjml"),
        "all-blocks": of_all_blocks(),
    }


def compiled(source: MessageSource) -> Compiled:
    """The letter compiled."""
    return compile_message(source, allowed_fields={"first_name": FieldFact(within_purpose=True)})


def leaves(source: MessageSource) -> tuple[str, str]:
    """The text part and the HTML part, read from the bytes that leave."""
    envelope = Envelope(
        message=uuid.UUID(int=7),
        to_address="zoe@example.org",
        to_name="Zoë",
        at=datetime(2026, 11, 24, 10, tzinfo=UTC),
        one_click_url="https://example.nl/u/token",
    )
    raw = compiled(source).render(VALUES, envelope)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    return str(text.get_content()), str(page.get_content())
