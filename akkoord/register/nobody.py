"""The register names nobody: its texts are looked through before they are written (INV-30).

One rule in one place. What points to a person by its form (mail, phone, address, number) the law
finds; whether a name is somebody's only the room of people knows, which plugs in here.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.register_rules import Trace, possible_names, traces_in
from akkoord.register.refused import RegisterRefused

# Given possible full names: those that somebody in the database has.
NameCheck = Callable[[Collection[str]], Collection[str]]
_checks: list[NameCheck] = []
LONGEST = 100_000  # characters that are looked through at once; more is refused

_WORDS: Mapping[Trace, Promise] = {
    Trace.MAIL: gettext_lazy("This holds a mail address: “%(found)s”."),
    Trace.PHONE: gettext_lazy("This holds a phone number: “%(found)s”."),
    Trace.DOOR: gettext_lazy("This holds an address: “%(found)s”."),
    Trace.NUMBER: gettext_lazy("This holds a number of a person, such as a BSN or an account."),
    Trace.NAME: gettext_lazy("This names somebody whom you know: “%(found)s”."),
}


def know_names_by(check: NameCheck) -> None:
    """Let the room of people say which names are somebody's."""
    if check not in _checks:
        _checks.append(check)


def persons_in(text: str) -> Iterator[tuple[Trace, str, int]]:
    """What in a text points to a person: what, which words, at which place."""
    for each in traces_in(text):
        yield each.trace, text[each.start : each.end], each.start
    candidates = dict(possible_names(text))
    if not candidates:
        return
    known = {name for check in _checks for name in check(candidates.keys())}
    for name in sorted(known, key=lambda each: candidates[each]):
        yield Trace.NAME, name, candidates[name]


def sentence_about(text: str) -> str:
    """Why a text may not stand in the register, with the place; empty: it may."""
    if len(text) > LONGEST:
        return _("This is too long. At most 100,000 characters.")
    for trace, found, place in persons_in(text):
        where = _(" It stands at character %(place)s.") % {"place": place + 1}
        return (
            str(_WORDS[trace]) % {"found": found[:60]}
            + where
            + _(" The register describes groups of people and names nobody.")
        )
    return ""


def refuse_persons(texts: Mapping[str, str | Collection[str]]) -> None:
    """Raise RegisterRefused at the field whose text points to a person (INV-30)."""
    for name, given in texts.items():
        for text in [given] if isinstance(given, str) else given:
            if sentence := sentence_about(text):
                raise RegisterRefused(name, sentence)
