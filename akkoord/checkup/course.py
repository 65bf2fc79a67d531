"""A short course for a new member of staff: ten cards, with the law where it is stricter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Card:
    """A card: what holds, an example, and the article."""

    title: Any
    text: Any
    example: Any
    article: str


CARDS: Final[Sequence[Card]] = (
    Card(
        _("What is data of somebody?"),
        _(
            "Everything that says something about one person: a name, an address, what they "
            "bought, also an IP address."
        ),
        _(
            "“info@” of a company is nobody. The address with a name before the @ is somebody, "
            "also at work."
        ),
        "AVG 4(1)",
    ),
    Card(
        _("There must be a reason"),
        _(
            "You may keep data only with a reason that the law knows. A yes is one of six; an "
            "order or a duty of law are others."
        ),
        _(
            "Somebody buys a bicycle: you may keep the invoice. For a newsletter you need "
            "something more."
        ),
        "AVG 6",
    ),
    Card(
        _("A yes is a real yes"),
        _(
            "Asked apart, for one thing, in an empty box, with a link to what you do. And as easy"
            " to take back as it was to give."
        ),
        _("“By ordering you agree to our offers” is no yes, however small the letters are."),
        "AVG 7",
    ),
    Card(
        _("Customers are an exception, and a narrow one"),
        _(
            "You may mail customers about something like what they bought, if they could say no "
            "when they bought it and can in every mail."
        ),
        _(
            "Akkoord knows who bought what and what they saw. It stops two years after the last "
            "purchase."
        ),
        "Tw 11.7",
    ),
    Card(
        _("No means no, at once and everywhere"),
        _(
            "Who stops, stops in the same second: mail, push and post, also letters that wait. "
            "Nobody has to say why or who they are."
        ),
        _(
            "Somebody says it on the phone? Write it down in Akkoord while you talk. It counts as"
            " much."
        ),
        "AVG 21(3)",
    ),
    Card(
        _("People may ask"),
        _(
            "See it, correct it, take it along, have it erased. An answer within a month, for "
            "nothing. The AVG does not say “only wrong data”: almost everybody may ask to be "
            "forgotten."
        ),
        _("Never ask for a copy of a passport. A link to the mailbox that we know is enough."),
        "AVG 12, 15-21",
    ),
    Card(
        _("Some things you do not write down"),
        _(
            "Health, faith, politics, union, origin, sex life, crimes and the citizen number: not"
            " in a note, not in a tag, not as a group."
        ),
        _("“Was ill” in a note is already too much. “Call back next week” is enough."),
        "AVG 9, 10",
    ),
    Card(
        _("A friend of a customer"),
        _(
            "Tell-a-friend only when the customer writes and sends it, once, without a reward. "
            "The address goes at once."
        ),
        _("“Ten euros for five friends” is not allowed, though many shops do it."),
        "Tw 11.7",
    ),
    Card(
        _("Something went wrong?"),
        _(
            "A lost phone, a mail to the wrong person, a stranger in the system: say it at once, "
            "also when you are not sure. There are 72 hours."
        ),
        _(
            "Not every leak is told to the authority. Every leak is written down. Who says it is "
            "never to blame for saying it."
        ),
        "AVG 33, 34",
    ),
    Card(
        _("Less is better"),
        _(
            "Ask only what you need, keep it only as long as you need it, show it only to who "
            "needs it. What is not there cannot leak."
        ),
        _("Before you add a field: what will you do with it next month? Nothing? Leave it out."),
        "AVG 5, 25",
    ),
)
