"""What only people know: one sentence each, so that yes is the good answer."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from akkoord.checkup.points import Question
from akkoord.law.duties import Duty

QUESTIONS: Final[Sequence[Question]] = (
    Question(
        "other-forms",
        Duty.FAIRNESS,
        2,
        _("Do your other forms and sites ask for a yes in the same way?"),
        _("A box that is ticked beforehand is no yes, on any site of yours."),
        "AVG 7",
    ),
    Question(
        "cookies",
        Duty.FAIRNESS,
        2,
        _("Does your own site follow nobody before they said yes?"),
        _("Cookies and pixels that follow people need a yes first."),
        "Tw 11.7a",
    ),
    Question(
        "no-other-use",
        Duty.PURPOSE,
        2,
        _("Do colleagues use data only for what it was given for?"),
        _("An address for a delivery is no address for advertising."),
        "AVG 5(1)(b)",
    ),
    Question(
        "outside-lists",
        Duty.PURPOSE,
        2,
        _("Are there no lists of people outside Akkoord that nobody knows of?"),
        _("A sheet on somebody's laptop is forgotten when somebody asks to be forgotten."),
        "AVG 30",
        6,
    ),
    Question(
        "ask-less",
        Duty.MINIMISATION,
        2,
        _("Did you look in the past year at what you can stop asking?"),
        _("What you do not have cannot leak, and costs nothing to keep."),
        "AVG 5(1)(c), 25",
    ),
    Question(
        "paper-and-mail",
        Duty.STORAGE,
        2,
        _("Do you also throw away what is on paper and in mailboxes?"),
        _("A term holds for every copy, also in a folder or an inbox."),
        "AVG 5(1)(e)",
    ),
    Question(
        "locked-devices",
        Duty.SECURITY,
        3,
        _("Are laptops and phones locked and encrypted?"),
        _("A lost laptop is a data leak, unless nobody can read it."),
        "AVG 32(1)(a)",
    ),
    Question(
        "updates",
        Duty.SECURITY,
        2,
        _("Are computers brought up to date by themselves?"),
        _("Most break-ins use a hole that was mended long ago."),
        "AVG 32",
    ),
    Question(
        "leavers",
        Duty.SECURITY,
        2,
        _("Does somebody who leaves lose every access the same day?"),
        _("Old accounts are open doors."),
        "AVG 32(4)",
        6,
    ),
    Question(
        "leak-plan",
        Duty.SECURITY,
        3,
        _("Does everybody know whom to call when data leaks?"),
        _("You have 72 hours from the moment that somebody knows."),
        "AVG 33",
        6,
    ),
    Question(
        "trained",
        Duty.ACCOUNTABILITY,
        2,
        _("Did everybody who works with data learn the rules in the past year?"),
        _("People make more leaks than thieves do."),
        "AVG 39(1)(b), 32(4)",
    ),
    Question(
        "outside-contracts",
        Duty.ACCOUNTABILITY,
        2,
        _("Do your bookkeeper, host and other helpers have a contract about data?"),
        _("Who works with data for you must have promised how."),
        "AVG 28(3)",
    ),
    Question(
        "officer",
        Duty.ACCOUNTABILITY,
        1,
        _("Did you look whether you need a data protection officer?"),
        _("Public bodies and who follows people or their health at large scale need one."),
        "AVG 37",
        24,
    ),
)
