"""The register names nobody: its texts are looked through before they are written (INV-30).

One rule in one place. What points to a person by its form (mail, phone, address, number) the law
finds; whether a name is somebody's only the room of people knows, which plugs in here.
"""

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.person_traces import Trace, possible_names, traces_in
from akkoord.register.models import Organisation
from akkoord.register.refused import RegisterRefused

# Given possible full names: those that somebody in the database has.
NameCheck = Callable[[Collection[str]], Collection[str]]
_checks: list[NameCheck] = []
LONGEST = 100_000  # characters that are looked through at once; more is refused

_WORDS: Mapping[Trace, Promise] = {
    Trace.MAIL: gettext_lazy("This holds a mail address: “%(found)s”."),
    Trace.PHONE: gettext_lazy("This holds a phone number: “%(found)s”."),
    Trace.DOOR: gettext_lazy("This holds an address: “%(found)s”."),
    Trace.ACCOUNT: gettext_lazy("This holds a bank account: “%(found)s”."),
    Trace.NUMBER: gettext_lazy("This holds a number of a person, such as a BSN or an account."),
    Trace.NAME: gettext_lazy("This names somebody whom you know: “%(found)s”."),
}


def know_names_by(check: NameCheck) -> None:
    """Let the room of people say which names are somebody's."""
    if check not in _checks:
        _checks.append(check)


def persons_in(text: str) -> Iterator[tuple[Trace, str, int]]:
    """What in a text points to a person: what, which words, at which place."""
    yield from _found_in(text, _known_among([text]))


def sentence_about(text: str) -> str:
    """Why a text may not stand in the register, with the place; empty: it may."""
    return sentences_about([text])[text]


def sentences_about(texts: Iterable[str]) -> dict[str, str]:
    """The same of many texts, such as the cells of a file: one question for all their names."""
    asked = set(texts)
    known = _known_among(text for text in asked if len(text) <= LONGEST)
    return {text: _sentence(text, known) for text in asked}


def refuse_persons(texts: Mapping[str, str | Collection[str]]) -> None:
    """Raise RegisterRefused at the field whose text points to a person (INV-30)."""
    parts = {name: [text] if isinstance(text, str) else list(text) for name, text in texts.items()}
    about = sentences_about(itertools.chain.from_iterable(parts.values()))
    for name, given in parts.items():
        if sentence := next((about[text] for text in given if about[text]), ""):
            raise RegisterRefused(name, sentence)


def _known_among(texts: Iterable[str]) -> set[str]:
    """The names in these texts that are somebody's; the organisation's own name is nobody's."""
    candidates = {name for text in texts for name, _place in possible_names(text)}
    known = {name for check in _checks if candidates for name in check(candidates)}
    if not known:
        return set()
    own = _own_names()
    return {name for name in known if f" {name} " not in own}


def _own_names() -> str:
    """What the organisation itself is called, between spaces: it stands on every form (art. 13)."""
    found = Organisation.objects.filter(id=1).values_list("name", "sender_name", "seller_names")
    lines = (line for name, sender, sellers in found for line in (name, sender, *sellers))
    return "".join(f" {line} \n" for line in lines)


def _found_in(text: str, known: Collection[str]) -> Iterator[tuple[Trace, str, int]]:
    for each in traces_in(text):
        yield each.trace, text[each.start : each.end], each.start
    candidates = dict(possible_names(text)) if known else {}
    for name in sorted(candidates.keys() & set(known), key=lambda each: candidates[each]):
        yield Trace.NAME, name, candidates[name]


def _sentence(text: str, known: Collection[str]) -> str:
    if len(text) > LONGEST:
        return _("This is too long. At most 100,000 characters.")
    for trace, found, place in _found_in(text, known):
        where = _(" It stands at character %(place)s.") % {"place": place + 1}
        return (
            str(_WORDS[trace]) % {"found": found[:60]}
            + where
            + _(" The register describes groups of people and names nobody.")
        )
    return ""
