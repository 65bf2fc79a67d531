"""Letters that are ready to begin from, in Dutch and English, in the organisation's own style.

Their words are examples in the language of the letter, not of the screen, so they stand here and
not in the translations. Links lead to the organisation's site; drawings are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akkoord.composing.tree import Tree, new_block

Row = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A beginning: its name on the page, and per language a subject, preview line and blocks."""

    key: str
    name: str | Promise
    about: str | Promise
    words: Mapping[str, tuple[str, str, tuple[Row, ...]]]

    def subject(self, language: str) -> str:
        """The example of a subject."""
        return self.words[_known(language)][0]

    def preheader(self, language: str) -> str:
        """The example of a preview line."""
        return self.words[_known(language)][1]

    def tree(self, language: str, *, house: str, site: str) -> Tree:
        """The blocks, with the organisation's name and site filled in."""
        blocks = []
        for kind, values in self.words[_known(language)][2]:
            filled = {
                key: value.replace("HOUSE", house).replace("SITE", site)
                if isinstance(value, str)
                else value
                for key, value in values.items()
            }
            blocks.append(new_block(kind, filled))
        return Tree(tuple(blocks))


def _known(language: str) -> str:
    return "en" if language == "en" else "nl"


def _h(text: str, **more: Any) -> Row:
    return "heading", {"text": text, **more}


def _t(text: str, **more: Any) -> Row:
    return "text", {"text": text, **more}


def _b(words: str, **more: Any) -> Row:
    return "button", {"words": words, "link": "SITE", **more}


def _drawing(scene: str) -> Row:
    return "image", {"picture": f"art:{scene}", "ornament": True}


_LOGO: Row = ("logo", {})
_LINE: Row = ("divider", {})
_NAME_NL = '{{ first_name | default: "lezer" }}'
_NAME_EN = '{{ first_name | default: "reader" }}'

READY: tuple[Ready, ...] = (
    Ready(
        "newsletter",
        _("Newsletter"),
        _("A greeting, a main story, two short ones."),
        {
            "nl": (
                "Nieuws van HOUSE",
                "Wat er deze maand nieuw is, in twee minuten gelezen",
                (
                    _LOGO,
                    _drawing("hills"),
                    _h(f"Dag {_NAME_NL}", size="large"),
                    _t(
                        "Fijn dat u ons leest. Dit is er deze maand nieuw. Begin met wat het "
                        "belangrijkst is: **één verhaal** dat uw lezer verder helpt."
                    ),
                    _h("Het verhaal van deze maand"),
                    _t(
                        "Vertel in drie of vier zinnen wat er gebeurde en wat uw lezer eraan "
                        "heeft. De rest staat op uw site."
                    ),
                    _b("Lees verder"),
                    _LINE,
                    (
                        "columns",
                        {
                            "left_title": "Kort nieuws",
                            "left_text": "Een nieuwe collega, andere openingstijden of een tip "
                            "voor dit seizoen.",
                            "left_words": "Meer hierover",
                            "left_link": "SITE",
                            "right_title": "Vraag van een klant",
                            "right_text": "Kies een vraag die vaker komt, en geef het antwoord in "
                            "gewone woorden.",
                            "right_words": "Naar het antwoord",
                            "right_link": "SITE",
                        },
                    ),
                    _t("Tot volgende maand,\n**HOUSE**"),
                ),
            ),
            "en": (
                "News from HOUSE",
                "What is new this month, read in two minutes",
                (
                    _LOGO,
                    _drawing("hills"),
                    _h(f"Hello {_NAME_EN}", size="large"),
                    _t(
                        "Good to have you here. This is new this month. Begin with what matters "
                        "most: **one story** that helps your reader."
                    ),
                    _h("This month's story"),
                    _t(
                        "Say in three or four sentences what happened and what your reader gains. "
                        "The rest is on your site."
                    ),
                    _b("Read on"),
                    _LINE,
                    (
                        "columns",
                        {
                            "left_title": "In short",
                            "left_text": "A new colleague, other opening hours or a tip for this "
                            "season.",
                            "left_words": "More about it",
                            "left_link": "SITE",
                            "right_title": "A customer asked",
                            "right_text": "Choose a question that comes often, and answer it in "
                            "plain words.",
                            "right_words": "To the answer",
                            "right_link": "SITE",
                        },
                    ),
                    _t("Until next month,\n**HOUSE**"),
                ),
            ),
        },
    ),
    Ready(
        "offer",
        _("Offer"),
        _("One offer with a code and an end, and two products."),
        {
            "nl": (
                "Deze week: 20% korting op de hele collectie",
                "Met de code hieronder, tot en met zondag",
                (
                    _LOGO,
                    _drawing("offer"),
                    _h("Deze week is alles 20% voordeliger", size="large", align="center"),
                    _t(
                        "U hoort het als eerste, omdat u om onze aanbiedingen vroeg.",
                        align="center",
                    ),
                    (
                        "offer",
                        {
                            "title": "20% korting op de hele collectie",
                            "text": "Noem de code in de winkel of vul hem in bij het afrekenen.",
                            "code": "LENTE20",
                            "until": "Geldig tot en met zondag, zolang de voorraad strekt.",
                            "words": "Bekijk de collectie",
                            "link": "SITE",
                        },
                    ),
                    _h("Wat anderen kozen"),
                    (
                        "product",
                        {
                            "name": "Naam van uw product",
                            "text": "Zeg in één zin waarom dit fijn is.",
                            "price": "€ 39,95",
                            "old_price": "€ 49,95",
                            "words": "Naar dit product",
                            "link": "SITE",
                        },
                    ),
                    _LINE,
                    (
                        "product",
                        {
                            "name": "Nog een product",
                            "text": "Zeg wat het bijzonder maakt, of voor wie het is.",
                            "price": "€ 24,00",
                            "old_price": "€ 30,00",
                            "words": "Naar dit product",
                            "link": "SITE",
                        },
                    ),
                ),
            ),
            "en": (
                "This week: 20% off the whole collection",
                "With the code below, until Sunday",
                (
                    _LOGO,
                    _drawing("offer"),
                    _h("This week everything is 20% less", size="large", align="center"),
                    _t("You hear it first, because you asked for our offers.", align="center"),
                    (
                        "offer",
                        {
                            "title": "20% off the whole collection",
                            "text": "Name the code in the shop or fill it in when you pay.",
                            "code": "SPRING20",
                            "until": "Until Sunday, as long as stocks last.",
                            "words": "See the collection",
                            "link": "SITE",
                        },
                    ),
                    _h("What others chose"),
                    (
                        "product",
                        {
                            "name": "Name of your product",
                            "text": "Say in one sentence why it is good.",
                            "price": "€ 39.95",
                            "old_price": "€ 49.95",
                            "words": "To this product",
                            "link": "SITE",
                        },
                    ),
                    _LINE,
                    (
                        "product",
                        {
                            "name": "Another product",
                            "text": "Say what makes it special, or who it is for.",
                            "price": "€ 24.00",
                            "old_price": "€ 30.00",
                            "words": "To this product",
                            "link": "SITE",
                        },
                    ),
                ),
            ),
        },
    ),
    Ready(
        "event",
        _("An event"),
        _("When, where and what, with a button to come."),
        {
            "nl": (
                "Komt u ook? Zaterdag open dag bij HOUSE",
                "Zaterdag van 10 tot 16 uur, met koffie en iets lekkers",
                (
                    _LOGO,
                    _drawing("event"),
                    _h("U bent welkom op onze open dag", size="large", align="center"),
                    _t(
                        f"Beste {_NAME_NL},\n\nZaterdag zetten wij de deuren open. Kijk rond, stel "
                        "uw vragen en proef iets lekkers."
                    ),
                    (
                        "columns",
                        {
                            "left_title": "Wanneer",
                            "left_text": "Zaterdag 12 april\n10.00 tot 16.00 uur",
                            "right_title": "Waar",
                            "right_text": "Dorpsstraat 1, Ergens\nParkeren is gratis",
                        },
                    ),
                    _h("Wat u kunt doen"),
                    _t(
                        "- 11.00 uur: een rondleiding\n- 13.00 uur: zelf proberen\n"
                        "- De hele dag: vragen staat vrij"
                    ),
                    _b("Ik kom", align="center"),
                    _t(
                        "Kunt u niet? Dan sturen wij u de foto's na, als u dat wilt.",
                        align="center",
                    ),
                ),
            ),
            "en": (
                "Will you come? Open day at HOUSE on Saturday",
                "Saturday from 10 to 4, with coffee and something sweet",
                (
                    _LOGO,
                    _drawing("event"),
                    _h("You are welcome at our open day", size="large", align="center"),
                    _t(
                        f"Dear {_NAME_EN},\n\nOn Saturday our doors are open. Look around, ask "
                        "your questions and taste something good."
                    ),
                    (
                        "columns",
                        {
                            "left_title": "When",
                            "left_text": "Saturday 12 April\n10 am to 4 pm",
                            "right_title": "Where",
                            "right_text": "1 Village Street, Somewhere\nParking is free",
                        },
                    ),
                    _h("What you can do"),
                    _t(
                        "- 11 am: a tour\n- 1 pm: try it yourself\n- All day: ask whatever you like"
                    ),
                    _b("I will come", align="center"),
                    _t("You cannot? We send you the pictures, if you like.", align="center"),
                ),
            ),
        },
    ),
    Ready(
        "update",
        _("Product update"),
        _("What is new, what it brings, how to use it."),
        {
            "nl": (
                "Nieuw: dit kunt u vanaf vandaag",
                "Drie verbeteringen waar klanten om vroegen",
                (
                    _LOGO,
                    _drawing("update"),
                    _h("U vroeg erom, nu is het er", size="large"),
                    _t(
                        f"Dag {_NAME_NL},\n\nVanaf vandaag werkt het makkelijker. Dit is er "
                        "veranderd, en dit hebt u eraan."
                    ),
                    _h("1. Sneller klaar"),
                    _t("Wat vroeger vijf stappen kostte, doet u nu in twee."),
                    _h("2. Beter te lezen"),
                    _t("Grotere letters en meer rust, ook op uw telefoon."),
                    _h("3. Alles op één plek"),
                    _t("Uw gegevens, afspraken en facturen staan bij elkaar."),
                    _b("Bekijk wat er nieuw is"),
                    _LINE,
                    _t("Mist u nog iets? Antwoord op deze mail. Wij lezen alles."),
                ),
            ),
            "en": (
                "New: what you can do from today",
                "Three improvements that customers asked for",
                (
                    _LOGO,
                    _drawing("update"),
                    _h("You asked for it, here it is", size="large"),
                    _t(
                        f"Hello {_NAME_EN},\n\nFrom today it works more easily. This has changed, "
                        "and this is what you gain."
                    ),
                    _h("1. Done faster"),
                    _t("What took five steps before, you now do in two."),
                    _h("2. Easier to read"),
                    _t("Larger letters and more room, on your phone too."),
                    _h("3. All in one place"),
                    _t("Your details, appointments and invoices stand together."),
                    _b("See what is new"),
                    _LINE,
                    _t("Is something missing? Answer this mail. We read everything."),
                ),
            ),
        },
    ),
    Ready(
        "notice",
        _("Urgent notice"),
        _("Short and clear: what happens, what it means, what to do."),
        {
            "nl": (
                "Belangrijk: wij zijn donderdag gesloten",
                "Wat dit voor u betekent, en wat u kunt doen",
                (
                    _LOGO,
                    _h("Donderdag zijn wij gesloten", size="large"),
                    _t(
                        "**Wat is er aan de hand?**\nDonderdag wordt de straat opgebroken. Wij "
                        "zijn die dag niet te bereiken."
                    ),
                    _t(
                        "**Wat betekent dit voor u?**\nHebt u donderdag een afspraak? Dan bellen "
                        "wij u vandaag voor een nieuwe."
                    ),
                    _t("**Wat kunt u doen?**\nU hoeft niets te doen. Vragen? Bel of mail ons."),
                    _b("Neem contact op", look="outline"),
                ),
            ),
            "en": (
                "Important: we are closed on Thursday",
                "What this means for you, and what you can do",
                (
                    _LOGO,
                    _h("We are closed on Thursday", size="large"),
                    _t(
                        "**What is the matter?**\nOn Thursday the street is dug up. We cannot be "
                        "reached that day."
                    ),
                    _t(
                        "**What does it mean for you?**\nDo you have an appointment on Thursday? "
                        "Then we call you today for a new one."
                    ),
                    _t("**What can you do?**\nNothing is needed. Questions? Call or mail us."),
                    _b("Get in touch", look="outline"),
                ),
            ),
        },
    ),
    Ready(
        "season",
        _("Seasonal card"),
        _("A wish, without selling anything."),
        {
            "nl": (
                "Fijne feestdagen van HOUSE",
                "Dank u voor het afgelopen jaar",
                (
                    _drawing("season"),
                    _h("Fijne feestdagen", size="large", align="center"),
                    _t(
                        f"Beste {_NAME_NL},\n\nDank u voor het afgelopen jaar. Wij wensen u en "
                        "wie u lief zijn rustige dagen en een goed begin.",
                        align="center",
                    ),
                    _t("Namens ons allemaal,\n**HOUSE**", align="center"),
                    ("spacer", {"height": "small"}),
                    ("logo", {"align": "center"}),
                ),
            ),
            "en": (
                "Season's greetings from HOUSE",
                "Thank you for the past year",
                (
                    _drawing("season"),
                    _h("Season's greetings", size="large", align="center"),
                    _t(
                        f"Dear {_NAME_EN},\n\nThank you for the past year. We wish you and those "
                        "dear to you quiet days and a good beginning.",
                        align="center",
                    ),
                    _t("From all of us,\n**HOUSE**", align="center"),
                    ("spacer", {"height": "small"}),
                    ("logo", {"align": "center"}),
                ),
            ),
        },
    ),
)


# A card may leave as it is: it wishes, and says nothing of what the organisation does.
_WHOLE = frozenset({"season"})
_FEWEST = 25  # signs; a shorter line, such as "Lees verder", may well be one's own


@cache
def _examples() -> frozenset[str]:
    """The examples that the author is to replace, in both languages."""
    return frozenset(
        value
        for ready in READY
        if ready.key not in _WHOLE
        for _subject, _preheader, rows in ready.words.values()
        for kind, values in rows
        if kind != "heading"  # "Het verhaal van deze maand" may well stay
        for value in values.values()
        if isinstance(value, str) and len(value) >= _FEWEST and "HOUSE" not in value
    )


def still_examples(tree: Tree) -> list[int]:
    """The places, from 1, of the blocks that still hold an example of a ready letter."""
    return [
        place
        for place, block in enumerate(tree.blocks, start=1)
        if any(str(value).strip() in _examples() for value in block.values.values())
    ]


def ready_letter(key: str) -> Ready | None:
    """A beginning by its key."""
    return next((each for each in READY if each.key == key), None)
