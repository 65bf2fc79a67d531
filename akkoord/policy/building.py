"""The policy made from the register, in plain words, in one language (art. 12-14).

Layered: `short` fits one screen, the sections hold the details. Our own sentences are here, for
both languages; facts come from the register alone, and words by hand stand in marked places.
"""

from collections.abc import Mapping, Sequence

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from akkoord.law.policy_rules import leaves_eea
from akkoord.law.states import Basis
from akkoord.policy.content import Content, Entry, Fact, Section
from akkoord.policy.models import OwnWords, Place
from akkoord.policy.told import Register, categories_of, receivers_of
from akkoord.policy.uses import must_be_given, uses

AUTHORITY = "autoriteitpersoonsgegevens.nl"
_FROM_OTHERS = {"bought", "other-system", "customers"}


def own_words() -> dict[str, OwnWords]:
    """The words by hand, by place; one query."""
    return {each.place: each for each in OwnWords.objects.all()}


def build(register: Register, words: Mapping[str, OwnWords], language: str) -> Content:
    """The policy as the register says it now, in `nl` or `en`; no queries."""
    house = register.house
    with translation.override(language):
        by_hand = {place: _paragraphs(words.get(place), language) for place in Place.values}
        sections = [
            _who(register, by_hand[Place.BEGINNING]),
            uses(register, language, by_hand[Place.USES]),
            _source(register),
            _recipients(register, language),
            _security(by_hand[Place.SECURITY]),
            _counting(register),
            _rights(register, by_hand[Place.RIGHTS]),
            _complaint(),
        ]
        if own := by_hand[Place.END]:
            sections.append(Section("more", _("What else we want to say"), own=own))
        return Content(
            language=language,
            title=_("Your data with us"),
            lead=_("{name} is careful with your data. Here you read what we keep and why.").format(
                name=house.name if house else ""
            ),
            short=_short(register, language),
            sections=tuple(sections),
        )


def _paragraphs(words: OwnWords | None, language: str) -> Sequence[str]:
    if words is None:
        return ()
    text = words.text_en if language == "en" else words.text_nl
    return tuple(" ".join(each.split()) for each in text.split("\n\n") if each.strip())


def _short(register: Register, language: str) -> Sequence[Fact]:
    """The first layer: what, why, how long, who, and what you can do."""
    categories = dict.fromkeys(
        name
        for activity in register.activities
        for name in categories_of(register, activity.key, language)
        if activity.key in register.uses
    )
    names = list(categories)
    shown, rest = names[:6], len(names) - 6
    what = ", ".join(shown)
    if rest > 0:
        what = _("{names} and {count} more, see below").format(names=what, count=rest)
    return (
        Fact(_("What we keep"), f"{what}."),
        Fact(_("Why"), _("To do what you ask of us, and to mail you if you said yes.")),
        Fact(_("How long"), _("No longer than needed. Each use below has its own time.")),
        Fact(_("Who receives it"), _receivers_in_short(register, language)),
        Fact(
            _("What you can do"),
            _("See it, correct it, have it erased, take it along, or stop our mail."),
        ),
    )


def _receivers_in_short(register: Register, language: str) -> str:
    if count := len(register.recipients):
        return ngettext(
            "{count} company helps us. We sell your data to nobody.",
            "{count} companies help us. We sell your data to nobody.",
            count,
        ).format(count=count)
    if _kinds_of_receivers(register, language):
        return _("Only who must have it, see below. We sell your data to nobody.")
    return _("Nobody but us. We sell your data to nobody.")


def _who(register: Register, own: Sequence[str]) -> Section:
    house = register.house
    if house is None:
        return Section("who", _("Who we are"), own=own)
    facts = [
        Fact(_("Name"), house.name),
        Fact(_("Address"), ", ".join(line.strip() for line in house.address.splitlines() if line)),
        Fact(_("E-mail"), house.contact_email),
    ]
    if house.contact_phone:
        facts.append(Fact(_("Phone"), house.contact_phone))
    if named := " ".join(each for each in (house.officer_name, house.officer_email) if each):
        facts.append(Fact(_("Who watches over your data"), named))
    if house.representative:  # art. 13(1)(a), 27: of a house outside the EU
        facts.append(Fact(_("Who you can write to in the EU"), house.representative))
    if house.joint_controllers:  # art. 26(2): what was agreed is there for who asks
        facts.append(Fact(_("Who decides together with us"), house.joint_controllers))
        facts.append(
            Fact(
                _("What we agreed with them"),
                _("Ask any of us. You may go to each of us with every question."),
            )
        )
    text = _("We decide what happens with your data. Questions? Mail or write to us.")
    return Section(
        "who", _("Who we are"), entries=(Entry("house", house.name, text, facts),), own=own
    )


def _source(register: Register) -> Section:
    paragraphs = [_("Most of it comes from you: you fill in a form, order something or ask us.")]
    if "bought" in register.sources:
        paragraphs.append(
            _("Some addresses were bought from others. Ask us from whom; we tell you at once.")
        )
    if register.sources & _FROM_OTHERS - {"bought"}:
        paragraphs.append(_("Some of it comes from what we kept of our customers before."))
    said = _("You have to give us nothing. Without an address we cannot mail you.")
    if any(must_be_given(each) for each in register.activities):
        said = _(
            "You have to give us nothing, unless it stands above at a use. "
            "Without an address we cannot mail you."
        )
    paragraphs.append(said)
    return Section("source", _("Where data comes from"), tuple(paragraphs))


def _recipients(register: Register, language: str) -> Section:
    countries = Locale.parse(language).territories
    kinds = _kinds_of_receivers(register, language)
    if register.recipients or kinds:
        said = _("We sell your data to nobody. These companies get data because they help us.")
    else:
        said = _("Nobody but us.")
    return Section(
        "recipients",
        _("Who receives it"),
        (said,),
        points=kinds,
        entries=tuple(
            Entry(
                each.key,
                each.name,
                each.service_en if language == "en" else each.service_nl,
                (
                    Fact(_("Country"), str(countries.get(each.country.upper(), each.country))),
                    *(
                        (Fact(_("Outside Europe, with"), each.safeguard),)
                        if leaves_eea(each.country) and each.safeguard
                        else ()
                    ),
                ),
            )
            for each in register.recipients
        ),
    )


def _kinds_of_receivers(register: Register, language: str) -> tuple[str, ...]:
    """Kinds of companies that the register names in words (art. 13(1)(e): or categories)."""
    named = (kind for each in register.activities for kind in receivers_of(each, language))
    return tuple(dict.fromkeys(named))


def _security(own: Sequence[str]) -> Section:
    return Section(
        "security",
        _("How we keep it safe"),
        points=(
            _("Who works here sees only what is needed for the work, and we note who looked."),
            _("Files and passwords are kept under lock: nobody can read them without a key."),
            _("A mistake with data? Then we tell you at once if it can harm you."),
        ),
        own=own,
    )


def _counting(register: Register) -> Section:
    paragraphs = [
        _("These pages follow nobody. They set no cookie that needs your yes."),
        _("A link in our mail counts how often people press it. It does not know who."),
    ]
    if register.measures:
        paragraphs.append(_("Only if you said yes to it apart, we see what you open and press."))
    return Section("counting", _("Cookies and counting"), tuple(paragraphs))


def _rights(register: Register, own: Sequence[str]) -> Section:
    uses_consent = any(each.legal_basis == Basis.CONSENT for each in register.activities)
    paragraphs = [
        _("Ask us by mail, by letter or on our page. It costs nothing. You hear within a month.")
    ]
    if uses_consent:
        paragraphs.append(
            _("You can take a yes back at any moment: by the link in each mail. It works at once.")
        )
    paragraphs.append(_("You can say no to advertising at any moment. We stop at once."))
    paragraphs.append(_("No computer takes decisions about you here. A person always looks."))
    return Section(
        "rights",
        _("Your rights"),
        tuple(paragraphs),
        points=(
            _("See what we keep of you."),
            _("Have it corrected."),
            _("Have it erased."),
            _("Have its use limited for a while."),
            _("Take it with you."),
            pgettext("your right", "Say no to a use."),
        ),
        own=own,
    )


def _complaint() -> Section:
    return Section(
        "complaint",
        _("Not satisfied?"),
        (
            _("Tell us, so that we can put it right."),
            _("You can also complain to the Dutch privacy authority: {site}.").format(
                site=AUTHORITY
            ),
        ),
    )
