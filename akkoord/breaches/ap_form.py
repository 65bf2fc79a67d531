"""What the form of the AP asks, in its order, answered from the record of the leak (art. 33(3)).

To copy field by field, and as a PDF; what was sent is kept word for word with the notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akkoord.accounts.queries import member
from akkoord.breaches.facts import people_of, records_of
from akkoord.breaches.models import Breach, BreachNotice
from akkoord.breaches.queries import decision_word, severity_shown, words_of
from akkoord.datamap.dpv import CATEGORIES
from akkoord.law.breach_rules import Decision
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation


@dataclass(frozen=True, slots=True)
class ApField:
    """One question with our answer; `section` as the form numbers it."""

    section: int
    question: str
    answer: str


def ap_fields(breach: Breach, *, is_follow_up: bool, by: object = None) -> list[ApField]:
    """Every field, in the form's order; an empty answer says that it is not known yet."""
    sections = (
        _kind(breach, is_follow_up),
        _contacts(breach, by),
        _timeline(breach),
        _nature(breach),
        _data(breach),
        _groups(breach),
        [
            (_("Were the data made unreadable beforehand?"), _yes(breach.is_unintelligible)),
            (_("How were they protected?"), breach.protection),
        ],
        _consequences(breach),
        _telling(breach),
        [(_("Anything else"), breach.found_how)],
    )
    return [
        ApField(number, question, answer.strip() or _("Not known yet; follows."))
        for number, rows in enumerate(sections)
        for question, answer in rows
    ]


Rows = Sequence[tuple[str, str]]


def _yes(is_so: bool) -> str:
    return _("Yes") if is_so else _("No")


def _moment(moment: object) -> str:
    return date_format(localtime(moment), "j F Y H:i") if moment else ""  # type: ignore[arg-type]


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def _kind(breach: Breach, is_follow_up: bool) -> Rows:
    first = breach.notices.filter(kind=BreachNotice.Kind.FIRST).first()
    kind = _("Addition to an earlier notice") if is_follow_up else _("New notice")
    rows = [(_("Kind of notice"), kind), (_("Our reference"), breach.reference)]
    if first is not None and first.number:
        rows.append((_("Number that the AP gave"), first.number))
    return rows


def _contacts(breach: Breach, by: object) -> Rows:
    house = organisation() or Organisation()
    staff = member(by) if by else None  # type: ignore[arg-type]
    words = words_of(breach)
    return [
        (_("Organisation"), house.name),
        (_("Address"), ", ".join(each for each in house.address.split("\n") if each.strip())),
        (_("Who tells it"), staff.name if staff else ""),
        (_("Function"), str(staff.get_role_display()) if staff else ""),
        (_("E-mail"), house.contact_email),
        # The form takes no notice without it, and nothing about a leak makes it known later.
        (_("Phone"), house.contact_phone or _("Still missing: the AP asks for it.")),
        (
            _("Data protection officer"),
            " ".join(filter(None, (house.officer_name, house.officer_email))) or _("None"),
        ),
        (
            _("Others involved"),
            "; ".join(filter(None, (str(words["recipient"]), breach.other_parties))) or _("None"),
        ),
    ]


def _timeline(breach: Breach) -> Rows:
    ended = _("It still goes on") if breach.is_ongoing else _moment(breach.happened_to)
    late = [(_("Why the notice is later than 72 hours"), breach.delay_reason)]
    return [
        (_("When it began"), _moment(breach.happened_from)),
        (_("When it ended"), ended),
        (_("When you noticed"), _moment(breach.aware_at)),
        *(late if breach.delay_reason else []),
    ]


def _nature(breach: Breach) -> Rows:
    words = words_of(breach)
    return [
        (_("What happened"), breach.what),
        (_("Kind of leak"), "; ".join(words["natures"])),
        (_("How it came about"), str(words["cause"])),
        (_("Where the data stood"), ", ".join(words["systems"])),
    ]


def _data(breach: Breach) -> Rows:
    kinds = [str(CATEGORIES[key].label) for key in breach.categories if key in CATEGORIES]
    special = [
        str(CATEGORIES[key].label)
        for key in breach.categories
        if key in CATEGORIES and CATEGORIES[key].special
    ]
    return [
        (_("Kinds of data"), ", ".join(kinds)),
        (_("Special or sensitive data"), ", ".join(special) or _("None")),
        (_("How many records, about"), _number(records_of(breach))),
    ]


def _groups(breach: Breach) -> Rows:
    return [
        (_("Kinds of people"), breach.groups),
        (_("How many people, about"), _number(people_of(breach))),
    ]


def _consequences(breach: Breach) -> Rows:
    severity = severity_shown(breach)
    score = str(severity.advice.score.normalize()).replace(".", ",") if severity else ""
    return [
        (_("What it can mean for people"), breach.consequences),
        (_("How bad it is"), f"{severity.level} (ENISA {score})" if severity else ""),
    ]


def _telling(breach: Breach) -> Rows:
    told = breach.notices.filter(kind__in=["people", "post", "public"]).order_by("id").first()
    if told is not None:
        people = _("Yes, on %(moment)s") % {"moment": _moment(told.at)}
    elif breach.decision == Decision.PERSONS:
        people = _("They will be told.")
    else:
        people = _("No") if breach.decision else ""
    why = breach.decision_reason if breach.decision and breach.decision != Decision.PERSONS else ""
    rows = [(_("Were the people told?"), people)]
    if why:
        rows.append((_("Why not"), why))
    return [
        *rows,
        (_("What you did already"), breach.taken),
        (_("What you will still do"), breach.planned or _("Nothing more")),
        (_("People in other countries"), breach.abroad or _("None known")),
        (_("Decision"), decision_word(breach.decision)),
    ]


SECTIONS = 10


def section_titles() -> list[str]:
    """The form's sections by their number."""
    return [
        _("The notice"),
        _("Who tells it"),
        _("When"),
        _("What happened"),
        _("Which data"),
        _("Which people"),
        _("Protection"),
        _("What it can mean"),
        _("Telling people, and measures"),
        _("Other"),
    ]


def changed_since(fields: Sequence[ApField], before: Sequence[Sequence[str]]) -> set[str]:
    """Questions whose answer differs from what was told before (art. 33(4): in phases)."""
    told = {question: answer for question, answer, *_rest in before}
    return {each.question for each in fields if told.get(each.question) != each.answer}
