"""A series to start from, per trigger, in Dutch and in English. Words to change, not to keep."""

import re
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.series_models import Series

Trigger = Series.Trigger
NL, EN = "nl", "en"


@dataclass(frozen=True, slots=True)
class ReadyLetter:
    """A letter of a ready series, so many days after the one before."""

    delay_days: int
    subject: dict[str, str]
    body: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadySeries:
    """What somebody begins with. `days`: without a purchase, or before a yes ends."""

    trigger: str
    icon: str
    promise: Promise  # what it does, in a sentence
    letters: tuple[ReadyLetter, ...]
    goal: str = ""
    days: int = 0


_HELLO = {
    NL: "Dag {{ first_name | default: 'lezer' }},",
    EN: "Hello {{ first_name | default: 'reader' }},",
}


def _letter(delay: int, dutch: tuple[str, str], english: tuple[str, str]) -> ReadyLetter:
    return ReadyLetter(
        delay,
        {NL: dutch[0], EN: english[0]},
        {
            NL: f"{_HELLO[NL]}\n\n{dutch[1]}",
            EN: f"{_HELLO[EN]}\n\n{english[1]}",
        },
    )


_WELCOME = ReadySeries(
    Trigger.WELCOME,
    "heart-handshake",
    _("Two letters to who said yes: at once, and after four days."),
    (
        _letter(
            0,
            (
                "Fijn dat u er bent",
                (
                    "Dank u voor uw aanmelding. U krijgt van ons nieuws en tips, en "
                    "niets anders.\n\n"
                    "Wilt u iets weten? Antwoord gewoon op deze mail. Wij lezen alles."
                ),
            ),
            (
                "Good to have you",
                (
                    "Thank you for signing up. You get news and tips from us, and nothing else.\n\n"
                    "Is there something you want to know? Just answer this mail. We read "
                    "everything."
                ),
            ),
        ),
        _letter(
            4,
            (
                "Drie dingen die u misschien nog niet wist",
                (
                    "Dit vragen nieuwe klanten ons het meest:\n\n1. Wanneer kan ik langskomen?\n"
                    "2. Hoe maak ik een afspraak?\n3. Wat kan ik zelf doen?\n\n"
                    "Schrijf hier uw eigen antwoorden."
                ),
            ),
            (
                "Three things you may not know yet",
                (
                    "This is what new customers ask us most:\n\n1. When can I come by?\n"
                    "2. How do I make an appointment?\n3. What can I do myself?\n\n"
                    "Write your own answers here."
                ),
            ),
        ),
    ),
)
_PURCHASE = ReadySeries(
    Trigger.PURCHASE,
    "shopping-bag",
    _("A tip three days after a purchase, and a question after three weeks."),
    (
        _letter(
            3,
            (
                "Hebt u er al plezier van?",
                (
                    "Dank u voor uw aankoop. Met deze drie tips hebt u er langer plezier van:\n\n"
                    "- Schrijf hier uw eerste tip.\n- En hier de tweede.\n- En de derde."
                ),
            ),
            (
                "Are you enjoying it?",
                (
                    "Thank you for your purchase. With these three tips it will last longer:\n\n"
                    "- Write your first tip here.\n- And the second.\n- And the third."
                ),
            ),
        ),
        _letter(
            18,
            (
                "Hoe bevalt het?",
                (
                    "Drie weken geleden kocht u iets bij ons. Bevalt het? Is er iets niet goed? "
                    "Antwoord op deze mail, dan lossen wij het op."
                ),
            ),
            (
                "How do you like it?",
                (
                    "Three weeks ago you bought something from us. Do you like it? Is something "
                    "wrong? "
                    "Answer this mail and we will put it right."
                ),
            ),
        ),
    ),
)
_BIRTHDAY = ReadySeries(
    Trigger.BIRTHDAY,
    "gift",
    _("One letter on the day itself, to whoever gave you that day for this."),
    (
        _letter(
            0,
            ("Hartelijk gefeliciteerd", "Vandaag bent u jarig. Wij wensen u een mooie dag."),
            ("Happy birthday", "It is your birthday today. We wish you a lovely day."),
        ),
    ),
)
_ANNIVERSARY = ReadySeries(
    Trigger.ANNIVERSARY,
    "calendar",
    _("One letter on the day on which somebody said yes, every year."),
    (
        _letter(
            0,
            (
                "Alweer een jaar samen",
                (
                    "Vandaag precies een jaar geleden, of al langer, meldde u zich aan. Dank u dat "
                    "u ons leest.\n\nWaarover wilt u het komende jaar meer horen?"
                ),
            ),
            (
                "Another year together",
                (
                    "On this day, a year ago or more, you signed up. Thank you for reading us.\n\n"
                    "What would you like to hear more about in the coming year?"
                ),
            ),
        ),
    ),
)
_REFRESH = ReadySeries(
    Trigger.REFRESH,
    "refresh",
    _("Two letters before a yes ends: press to go on, do nothing and it stops."),
    (
        _letter(
            0,
            (
                "Wilt u onze mails blijven krijgen?",
                (
                    "Een tijd geleden zei u ja tegen onze mails. Dat ja loopt binnenkort af.\n\n"
                    "[Ja, ga door]({{ renew_url }})\n\nDoet u niets, dan stopt het vanzelf."
                ),
            ),
            (
                "Would you like to keep our mails?",
                (
                    "Some time ago you said yes to our mails. That yes ends soon.\n\n"
                    "[Yes, go on]({{ renew_url }})\n\nDo nothing, and it stops by itself."
                ),
            ),
        ),
        _letter(
            14,
            (
                "Nog even, dan stopt het",
                (
                    "Over een paar dagen krijgt u geen mails meer van ons. Wilt u ze "
                    "toch blijven krijgen?\n\n[Ja, ga door]({{ renew_url }})\n\nDoet u "
                    "niets, dan stopt het vanzelf."
                ),
            ),
            (
                "A little longer, and it stops",
                (
                    "In a few days you will get no more mails from us. Would you like to keep "
                    "them?\n\n"
                    "[Yes, go on]({{ renew_url }})\n\nDo nothing, and it stops by itself."
                ),
            ),
        ),
    ),
    days=30,
)
_WIN_BACK = ReadySeries(
    Trigger.WIN_BACK,
    "history",
    _("Two letters to customers who did not come for a while. A purchase ends it."),
    (
        _letter(
            0,
            (
                "Dat is een tijd geleden",
                (
                    "U was een tijd niet bij ons. Er is intussen veel nieuws.\n\n"
                    "Schrijf hier wat er veranderd is."
                ),
            ),
            (
                "It has been a while",
                (
                    "You have not been with us for a while. Much is new.\n\n"
                    "Write here what has changed."
                ),
            ),
        ),
        _letter(
            14,
            (
                "Kunnen wij iets voor u doen?",
                "Misschien was er iets niet goed. Dan horen wij dat graag. Antwoord op deze mail.",
            ),
            (
                "Can we do something for you?",
                "Perhaps something was wrong. Then we would like to know. Answer this mail.",
            ),
        ),
    ),
    goal=Series.Goal.PURCHASE,
    days=180,
)
READY: dict[str, ReadySeries] = {
    each.trigger: each
    for each in (_WELCOME, _PURCHASE, _BIRTHDAY, _ANNIVERSARY, _REFRESH, _WIN_BACK)
}

# They tell the author what to write, so a reader must never see them.
_INSTRUCTION = re.compile(r"(?:Schrijf hier|En hier de|Write (?:here|your)|And the second)[^.]*\.")


@cache
def _instructions() -> frozenset[str]:
    letters = (each for ready in READY.values() for each in ready.letters)
    bodies = (body for each in letters for body in each.body.values())
    return frozenset(found for body in bodies for found in _INSTRUCTION.findall(body))


def is_still_example(body: str) -> bool:
    """Whether a letter still holds what a ready letter tells its author to write."""
    return any(each in body for each in _instructions())
