"""Words of the closed lists of a leak: questions, choices with an example, steps of the log."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.breach_rules import Cause, Decision, LetterPart, Nature, Part, System
from akkoord.law.severity import Severity, SeverityFlag

PART_WORDS: Mapping[Part, Promise] = {
    Part.WHAT: _("what happened"),
    Part.NATURES: _("what kind of leak it is"),
    Part.SYSTEMS: _("where the data stood"),
    Part.WHO: _("who is affected"),
    Part.SEVERITY: _("how bad it is"),
    Part.CONSEQUENCES: _("what it can mean for people"),
    Part.MEASURES: _("what you do about it"),
}
NATURES: Mapping[str, Promise] = {
    Nature.CONFIDENTIALITY: _("Somebody saw or got data who should not"),
    Nature.INTEGRITY: _("Data were changed that should not be"),
    Nature.AVAILABILITY: _("Data are lost or cannot be reached"),
}
NATURE_EXAMPLES: Mapping[str, Promise] = {
    Nature.CONFIDENTIALITY: _("For example a list mailed to the wrong person, or a stolen laptop."),
    Nature.INTEGRITY: _("For example addresses of two customers that were mixed up."),
    Nature.AVAILABILITY: _("For example ransomware, or a disk without a backup."),
}
CAUSES: Mapping[str, Promise] = {
    Cause.WRONG_RECIPIENT: _("Sent or given to the wrong person"),
    Cause.LOST: _("Device, stick or paper lost"),
    Cause.STOLEN: _("Device, stick or paper stolen"),
    Cause.PHISHING: _("Somebody was tricked (phishing)"),
    Cause.HACKED: _("Somebody broke in"),
    Cause.MALWARE: _("Virus or ransomware"),
    Cause.SNOOPING: _("Somebody of your own looked without a reason"),
    Cause.PUBLISHED: _("Put on line or shown by mistake"),
    Cause.PROCESSOR: _("It happened at a company that works for you"),
    Cause.FAULT: _("A fault in a program"),
    Cause.OTHER: _("Something else"),
}
SYSTEMS: Mapping[str, Promise] = {
    System.AKKOORD: _("Akkoord"),
    System.MAILBOX: _("Mailbox"),
    System.COMPUTER: _("Computer or laptop"),
    System.PHONE: _("Phone or tablet"),
    System.STORAGE: _("Stick, disk or shared folder"),
    System.PAPER: _("Paper"),
    System.WEBSITE: _("Website or web shop"),
    System.PROCESSOR: _("A company that works for you"),
    System.OTHER: _("Somewhere else"),
}
DECISIONS: Mapping[str, Promise] = {
    Decision.NO_LEAK: _("It was no data leak"),
    Decision.RECORD: _("Only keep it in our own list"),
    Decision.AUTHORITY: _("Tell the AP"),
    Decision.PERSONS: _("Tell the AP and the people"),
}
LETTER_PARTS: Mapping[LetterPart, Promise] = {
    LetterPart.NATURE: _("What happened"),
    LetterPart.CONSEQUENCES: _("What it can mean for you"),
    LetterPart.MEASURES: _("What we did and do"),
    LetterPart.YOURSELF: _("What you can do yourself"),
    LetterPart.CONTACT: _("Whom you can ask"),
}
SEVERITIES: Mapping[Severity, Promise] = {
    Severity.LOW: pgettext_lazy("severity", "Low"),
    Severity.MEDIUM: pgettext_lazy("severity", "Medium"),
    Severity.HIGH: pgettext_lazy("severity", "High"),
    Severity.VERY_HIGH: pgettext_lazy("severity", "Very high"),
}
SEVERITY_MEANS: Mapping[Severity, Promise] = {
    Severity.LOW: _("People notice little of it: some trouble, an unwanted mail."),
    Severity.MEDIUM: _("People can have real trouble that they get over: costs, stress, fear."),
    Severity.HIGH: _("People can be hurt badly: money taken, refused somewhere, fraud."),
    Severity.VERY_HIGH: _("People can be hurt for good: debts, illness, danger."),
}
FLAGS: Mapping[SeverityFlag, Promise] = {
    SeverityFlag.MANY_PERSONS: _("More than a hundred people: weigh it more heavily."),
    SeverityFlag.UNINTELLIGIBLE: _("Nobody can read the data: weigh it more lightly."),
}
# The questions of ENISA's formula, each choice with an example.
CONTEXTS: Mapping[int, Promise] = {
    1: _("Plain data"),
    2: _("What people do"),
    3: _("Money"),
    4: _("Sensitive data"),
}
CONTEXT_EXAMPLES: Mapping[int, Promise] = {
    1: _("For example name, mail address, phone, what they are subscribed to."),
    2: _("For example what they bought or read, where they were, what they prefer."),
    3: _("For example account numbers, income, invoices, debts."),
    4: _("For example health, belief, a passport, passwords, a citizen service number."),
}
IDENTIFICATIONS: Mapping[Decimal, Promise] = {
    Decimal("0.25"): _("Hardly"),
    Decimal("0.5"): _("With effort"),
    Decimal("0.75"): _("Quite easily"),
    Decimal(1): _("At once"),
}
IDENTIFICATION_EXAMPLES: Mapping[Decimal, Promise] = {
    Decimal("0.25"): _("For example only a first name, or a customer number without the list."),
    Decimal("0.5"): _("For example a full name that many people have."),
    Decimal("0.75"): _("For example a full name with a town or a birthday."),
    Decimal(1): _("For example name with mail address, phone or street."),
}
CONFIDENTIALITIES: Mapping[Decimal, Promise] = {
    Decimal(0): _("No, or nobody saw it"),
    Decimal("0.25"): _("Yes, and you know who"),
    Decimal("0.5"): _("Yes, and you do not know who"),
}
CONFIDENTIALITY_EXAMPLES: Mapping[Decimal, Promise] = {
    Decimal(0): _("For example a laptop that came back unopened."),
    Decimal("0.25"): _("For example one customer who got the list and says to have deleted it."),
    Decimal("0.5"): _("For example on line for everybody, stolen, or in the hands of a hacker."),
}
INTEGRITIES: Mapping[Decimal, Promise] = {
    Decimal(0): _("No"),
    Decimal("0.25"): _("Yes, and it can be put right"),
    Decimal("0.5"): _("Yes, and it cannot be put right"),
}
INTEGRITY_EXAMPLES: Mapping[Decimal, Promise] = {
    Decimal(0): _("Nothing was changed."),
    Decimal("0.25"): _("For example from a backup."),
    Decimal("0.5"): _("For example nobody knows any more what it was."),
}
AVAILABILITIES: Mapping[Decimal, Promise] = {
    Decimal(0): _("No, they are there"),
    Decimal("0.25"): _("Yes, for a while"),
    Decimal("0.5"): _("Yes, for good"),
}
AVAILABILITY_EXAMPLES: Mapping[Decimal, Promise] = {
    Decimal(0): _("You can still reach everything."),
    Decimal("0.25"): _("For example a day without the appointments."),
    Decimal("0.5"): _("For example a disk that is gone, without a backup."),
}
STEP_WORDS: Mapping[str, Promise] = {
    "begin": _("Leak written down"),
    "drill-begin": _("Drill begun"),
    "write-what": _("What happened: written"),
    "write-kind": _("What kind of leak: written"),
    "write-who": _("Who is affected: written"),
    "write-severity": _("How bad it is: written"),
    "scope-add": _("Affected people added"),
    "scope-remove": _("Affected people taken out"),
    "count": _("Affected people counted"),
    "person-add": _("One affected person added"),
    "people-read": _("List of affected people looked at"),
    "decide": _("Decided about a leak"),
    "notice-first": _("AP told"),
    "notice-follow-up": _("AP told more"),
    "letter-write": _("Letter written"),
    "letter-send": _("Letters sent to the people"),
    "letter-resume": _("Letters to the people go on"),
    "letter-cancel": _("Letters to the people stopped"),
    "mail-back": _("Letters came back: these people are not told"),
    "post-choose": _("Letters by post chosen, where a mail is uncertain"),
    "post-read": _("Letters by post downloaded"),
    "post-handed": _("Letters posted"),
    "public-write": _("Public notice written"),
    "public-open": _("Public notice put on line"),
    "public-close": _("Public notice taken off line"),
    "close": _("Leak closed"),
    "reopen": _("Leak opened again"),
    "lesson": _("Lesson written down"),
    "lesson-done": _("Lesson done"),
    "reminded-24": _("Reminded: 24 hours left"),
    "reminded-8": _("Reminded: 8 hours left"),
    "reminded-late": _("Reminded: the time is over"),
}
