"""Where a picture is shown. Rooms above enter their letters here; sent ones are known below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from akkoord.composing.models import KeptLetter
from akkoord.messages.models import Dispatch

MOST = 50


@dataclass(frozen=True, slots=True)
class Use:
    """A letter that shows a picture."""

    name: str
    url: str = ""
    is_sent: bool = False


UsesSource = Callable[[str], Iterable[Use]]
_sources: dict[str, UsesSource] = {}


def uses_source(room: str) -> Callable[[UsesSource], UsesSource]:
    """Enter what answers the letters of a room that show a picture, by the picture's name."""

    def enter(source: UsesSource) -> UsesSource:
        _sources[room] = source
        return source

    return enter


def uses_of(name: str) -> list[Use]:
    """Every letter that shows this picture, sent ones included; fifty at most."""
    found = [use for source in _sources.values() for use in source(name)]
    kept = KeptLetter.objects.filter(body__contains=name, ended_at=None)
    found += [Use(letter.name) for letter in kept[:MOST]]
    if not any(use.is_sent for use in found) and is_in_sent_letter(name):
        found.append(Use("", is_sent=True))
    return found[:MOST]


def is_in_sent_letter(name: str) -> bool:
    """Whether a letter that was approved shows this picture."""
    return Dispatch.objects.filter(Q(template__body__icontains=name)).exists()
