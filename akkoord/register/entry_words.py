"""An entry of the register in words: what pages, documents and comparisons show, in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from akkoord.datamap.dpv import CATEGORIES
from akkoord.law.register_rules import Element, Ground, Role, elements_of, needs_ground
from akkoord.register.records import Entry, Record, text_of
from akkoord.register.version_models import HOUSE

ELEMENTS: Mapping[str, Promise] = {
    Element.CONTROLLER: gettext_lazy("Who answers for it"),
    Element.PURPOSE: gettext_lazy("What for"),
    Element.BASIS: gettext_lazy("Why this is allowed"),
    Element.PROOF: gettext_lazy("Proof of that"),
    Element.CLIENTS: gettext_lazy("For which clients"),
    Element.SUBJECTS: gettext_lazy("Of whom"),
    Element.DATA: gettext_lazy("Which data"),
    Element.RECIPIENTS: gettext_lazy("Who receives it"),
    Element.TRANSFERS: gettext_lazy("Outside Europe"),
    Element.TERMS: gettext_lazy("How long you keep it"),
    Element.SECURITY: gettext_lazy("How it is kept safe"),
}
ARTICLES: Mapping[str, str] = {
    Element.CONTROLLER: "AVG 30(1)(a)",
    Element.PURPOSE: "AVG 30(1)(b)",
    Element.BASIS: "AVG 6",
    Element.PROOF: "AVG 5(2)",
    Element.CLIENTS: "AVG 30(2)(a)",
    Element.SUBJECTS: "AVG 30(1)(c)",
    Element.DATA: "AVG 30(1)(c)",
    Element.RECIPIENTS: "AVG 30(1)(d)",
    Element.TRANSFERS: "AVG 30(1)(e)",
    Element.TERMS: "AVG 30(1)(f)",
    Element.SECURITY: "AVG 30(1)(g)",
}
OF_PROCESSOR: Mapping[str, str] = {
    Element.CONTROLLER: "AVG 30(2)(a)",
    Element.PURPOSE: "AVG 30(2)(b)",
    Element.TRANSFERS: "AVG 30(2)(c)",
    Element.SECURITY: "AVG 30(2)(d)",
}
SUBJECTS: Mapping[str, Promise] = {
    "dpv:Customer": gettext_lazy("Customers"),
    "dpv:Subscriber": gettext_lazy("Subscribers"),
    "dpv:DataSubject": gettext_lazy("Everybody in Akkoord"),
    "dpv:Employee": gettext_lazy("Staff"),
    "dpv:JobApplicant": gettext_lazy("Applicants"),
    "dpv:Member": gettext_lazy("Members"),
    "dpv:Patient": gettext_lazy("Patients"),
    "dpv:Visitor": gettext_lazy("Visitors"),
    "dpv:Client": gettext_lazy("Clients"),
    "dpv:Child": gettext_lazy("Children"),
    "dpv:ParentOfDataSubject": gettext_lazy("Parents"),
    "dpv:Tenant": gettext_lazy("Tenants"),
}
BASES: Mapping[str, Promise] = {
    "consent": pgettext_lazy("basis", "Consent"),
    "contract": pgettext_lazy("basis", "An agreement with the person"),
    "legal-obligation": pgettext_lazy("basis", "The law demands it"),
    "legitimate-interest": pgettext_lazy("basis", "Our own interest, weighed against theirs"),
    "vital-interest": pgettext_lazy("basis", "It saves somebody's life"),
    "public-task": pgettext_lazy("basis", "A public task by law"),
}
_TELECOM: Mapping[str, Promise] = {
    "consent": pgettext_lazy("basis", "who said yes"),
    "existing-customer": pgettext_lazy("basis", "customers of something similar"),
    "published-address": pgettext_lazy("basis", "companies that published their address for it"),
}
BASIS_ARTICLES: Mapping[str, str] = {
    "consent": "6(1)(a)",
    "contract": "6(1)(b)",
    "legal-obligation": "6(1)(c)",
    "vital-interest": "6(1)(d)",
    "public-task": "6(1)(e)",
    "legitimate-interest": "6(1)(f)",
}
GROUNDS: Mapping[str, Promise] = {
    Ground.ADEQUACY: gettext_lazy("The country protects data as well (decision of the EU)"),
    Ground.DPF: gettext_lazy("EU-US Data Privacy Framework"),
    Ground.CLAUSES: gettext_lazy("Standard contractual clauses of the EU (2021/914)"),
    Ground.BINDING_RULES: gettext_lazy("Binding rules of the company, approved"),
    Ground.EXCEPTION: gettext_lazy("An exception of art. 49, with a reason in the contract"),
}
ROLES: Mapping[str, Promise] = {
    "processor": gettext_lazy("Works for us (processor)"),
    "independent": gettext_lazy("Decides for itself"),
}


@dataclass(frozen=True)
class Line:
    """One part of an entry in words. `excused`: the reason that stands for what is empty."""

    element: str
    label: str
    article: str
    parts: list[str] = field(default_factory=list)
    is_lacking: bool = False
    excused: str = ""

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(self.parts)


def subject_words(subjects: Iterable[str]) -> list[str]:
    """Groups of people in the reader's language; what is no term stands as it was written."""
    return [str(SUBJECTS.get(each, each)) for each in subjects]


def ground_words(ground: str) -> str:
    """A transfer's ground in words; one typed by hand as it stands."""
    return str(GROUNDS.get(ground, ground))


def lines_of(entry: Entry, language: str = "") -> list[Line]:
    """The entry, element by element, in the reader's language or a given one."""
    with translation.override(language or translation.get_language() or "nl"):
        record, reasons = entry.content, entry.content.get("blanks") or {}
        is_ours = record.get("role") == Role.PROCESSOR
        return [
            Line(
                element=each,
                label=str(ELEMENTS[each]),
                article=OF_PROCESSOR.get(each, ARTICLES[each]) if is_ours else ARTICLES[each],
                parts=[part for part in _SAYS[each](record, entry.house) if part],
                is_lacking=each in entry.lacks,
                excused=str(reasons.get(each, "")),
            )
            for each in elements_of(str(record.get("role", "")))
        ]


def _controller(_record: Record, house: Record) -> list[str]:
    parts = [str(house.get("name", "")), str(house.get("address", "")).replace("\n", ", ")]
    parts.append(
        ", ".join(
            str(house.get(name)) for name in ("contact_email", "contact_phone") if house.get(name)
        )
    )
    officer = ", ".join(
        str(house[name]) for name in ("officer_name", "officer_email") if house.get(name)
    )
    if officer:
        parts.append(_("Privacy officer: %(who)s") % {"who": officer})
    if house.get("representative"):
        parts.append(_("Representative in the EU: %(who)s") % {"who": house["representative"]})
    if house.get("joint_controllers"):
        parts.append(_("Together with: %(who)s") % {"who": house["joint_controllers"]})
    return parts


def _purpose(record: Record, _house: Record) -> list[str]:
    topics = [
        f"{text_of(each, 'name')}: {text_of(each, 'description')}"
        for each in record.get("topics", ())
    ]
    purpose = str(text_of(record, "purpose"))
    return [purpose, *(each for each in topics if purpose not in each)]


def _basis(record: Record, _house: Record) -> list[str]:
    basis = str(record.get("legal_basis", ""))
    if not basis:
        return []
    words = f"{BASES.get(basis, basis)} ({_('art.')} {BASIS_ARTICLES.get(basis, '6')} AVG)"
    if record.get("telecom_basis"):
        words += f"; {_('for electronic messages')}: Telecommunicatiewet {_('art.')} 11.7"
        told = [str(_TELECOM.get(each, each)) for each in str(record["telecom_basis"]).split()]
        words += f" ({', '.join(told)})"
    return [words]


def _proof(record: Record, _house: Record) -> list[str]:
    parts = [str(text_of(record, "proof"))]
    if weighing := record.get("weighing"):
        parts += [
            f"{_('1. What you want')}: {weighing['interest']}",
            f"{_('2. Why it takes this')}: {weighing['necessity']}",
            f"{_('3. What it means for people')}: {weighing['balance']}",
        ]
    if record.get("published_why"):
        parts.append(
            _("For published business addresses: %(why)s") % {"why": record["published_why"]}
        )
    if record.get("legal_basis") == "consent" and record.get("topics"):
        parts.append(_("Each yes stands in the proof, with the text that people read."))
    return parts


def _data(record: Record, _house: Record) -> list[str]:
    parts = [
        f"{text_of(each, 'name')}{_special(each)}: {text_of(each, 'why')}"
        for each in record.get("fields", ())
    ]
    source = str(text_of(record, "source"))
    forms = ", ".join(record.get("forms") or ())
    parts += [str(each) for each in text_of(record, "data") or ()]
    if parts and source:
        parts.append(_("Where it comes from: %(source)s") % {"source": source})
    if parts and forms:
        parts.append(_("Asked on: %(forms)s") % {"forms": forms})
    return parts


def _special(each: Record) -> str:
    return f" ({_('sensitive')})" if each.get("is_special") else ""


def _recipients(record: Record, _house: Record) -> list[str]:
    parts = []
    for each in record.get("recipients", ()):
        words = f"{each['name']}: {text_of(each, 'service')} ({each['country']})"
        if each.get("contract_on"):
            words += f", {_('contract of %(day)s') % {'day': day_words(each['contract_on'])}}"
        parts.append(words)
    return [*parts, *(str(each) for each in text_of(record, "receivers") or ())]


def day_words(value: Any) -> str:
    """A day as the register writes it."""
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return date_format(day, "j b Y")


def company_transfer(name: str, country: str, safeguard: str) -> str:
    """How it is said that a company outside the EEA receives data, and by which ground."""
    return f"{name} ({country}): {ground_words(safeguard) or _('no ground written down')}"


def no_transfer() -> str:
    """What is said when everybody who receives data is known to be in the EEA."""
    return _("None: everything stays in the European Economic Area.")


def _transfers(record: Record, _house: Record) -> list[str]:
    parts = [
        company_transfer(str(each["name"]), str(each["country"]), str(each.get("safeguard", "")))
        for each in record.get("recipients", ())
        if needs_ground(str(each.get("country", "")))
    ]
    parts += [line for line in str(text_of(record, "transfers")).split("\n") if line.strip()]
    # Of receivers in words nobody but who wrote them knows where they are.
    is_known = not text_of(record, "receivers")
    return parts or ([no_transfer()] if is_known else [])


def rule_line(category: str, criterion: str) -> str:
    """How it is said that a rule clears by itself: of one category of data, or of all."""
    label = f"{CATEGORIES[category].label}: " if category in CATEGORIES else ""
    return label + criterion


def _terms(record: Record, _house: Record) -> list[str]:
    parts = [
        rule_line(str(each.get("category") or ""), str(text_of(each, "criterion")))
        for each in record.get("terms", ())
    ]
    return [*parts, str(text_of(record, "term"))]


def _security(record: Record, house: Record) -> list[str]:
    measures = [str(text_of(each, "name")) for each in house.get("measures") or ()]
    return [str(text_of(record, "security")), *measures]


_SAYS: Mapping[str, Any] = {
    Element.CONTROLLER: _controller,
    Element.PURPOSE: _purpose,
    Element.BASIS: _basis,
    Element.PROOF: _proof,
    Element.CLIENTS: lambda record, _house: [str(each) for each in record.get("clients") or ()],
    Element.SUBJECTS: lambda record, _house: subject_words(record.get("subjects") or ()),
    Element.DATA: _data,
    Element.RECIPIENTS: _recipients,
    Element.TRANSFERS: _transfers,
    Element.TERMS: _terms,
    Element.SECURITY: _security,
}


@dataclass(frozen=True)
class Difference:
    """One part of an entry before and after, in pieces: (`same`, `gone` or `new`, words)."""

    label: str
    before: list[tuple[str, str]]
    after: list[tuple[str, str]]


def line_differences(before: Iterable[Line], after: Iterable[Line]) -> list[Difference]:
    """What changed between two versions, word by word."""
    old = {each.label: each.text for each in before}
    new = {each.label: each.text for each in after}
    return [
        Difference(label, *compared(old.get(label, ""), new.get(label, "")))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    ]


def whole(entry: Entry) -> list[Line]:
    """What is compared: name and state besides the elements, and reasons for what is empty."""
    if entry.key == HOUSE:
        return house_lines(entry.content)
    states = {"ended": _("Ended"), "draft": _("Draft")}
    head = [
        Line("name", _("Name"), "", [entry.name]),
        Line("state", _("State"), "", [states.get(entry.state, _("In the register"))]),
    ]
    rest = [
        Line(each.element, each.label, "", [*each.parts, *([each.excused] if each.excused else [])])
        for each in lines_of(entry)
    ]
    return [*head, *rest]


def house_lines(house: Record) -> list[Line]:
    """The organisation's own part: who answers, and the measures."""
    return [
        Line(Element.CONTROLLER, str(ELEMENTS[Element.CONTROLLER]), "", _controller({}, house)),
        Line(
            Element.SECURITY,
            str(ELEMENTS[Element.SECURITY]),
            "",
            [str(text_of(each, "name")) for each in house.get("measures") or ()],
        ),
    ]


def compared(old: str, new: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Two texts word by word: pieces of the old (`same`, `gone`), of the new (`same`, `new`)."""
    words_old, words_new = _pieces(old), _pieces(new)
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(
        None, words_old, words_new, autojunk=False
    ).get_opcodes():
        is_same = kind == "equal"
        if a < b:
            left.append(("same" if is_same else "gone", "".join(words_old[a:b])))
        if c < d:
            right.append(("same" if is_same else "new", "".join(words_new[c:d])))
    return left, right


def _pieces(text: str) -> list[str]:
    """Words, each with the space behind it, so that a comparison keeps whole words."""
    pieces: list[str] = []
    for line in text.splitlines(keepends=True):
        words = line.split(" ")
        pieces += [f"{word} " for word in words[:-1]] + [words[-1]]
    return [each for each in pieces if each]
