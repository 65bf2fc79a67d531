"""What higher rooms add to a person's page: sections and timeline entries.

Rooms register in their `sections.py`, found by autodiscovery; this room names none of them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from akkoord.people.models import Person


@dataclass(frozen=True, slots=True)
class PersonSection:
    """A part of the person's page: a template and what it needs."""

    key: str
    order: int
    template: str
    build: Callable[[Person], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: when, what (finished sentences), an icon, links.

    `series`: its steps, oldest first, when it took more than one.
    """

    at: datetime
    icon: str
    title: str
    detail: str = ""
    url: str = ""
    proof_url: str = ""
    kind: str = ""
    series: tuple["TimelineEntry", ...] = ()


@dataclass(frozen=True, slots=True)
class PersonAct:
    """An entry in the page's menu: a link to a page of a higher room."""

    order: int
    label: str
    url: Callable[[Person], str]
    is_destructive: bool = False
    needs: str = ""  # what one must be allowed to do (`accounts.access`); empty: all staff


TimelineSource = Callable[[Sequence[UUID], int], list[TimelineEntry]]

_sections: dict[str, PersonSection] = {}
_timeline: dict[str, TimelineSource] = {}
_acts: dict[str, PersonAct] = {}


def add_section(section: PersonSection) -> None:
    """Plug a section into the person's page."""
    _sections[section.key] = section


def add_timeline_source(key: str, source: TimelineSource) -> None:
    """Plug a source of timeline entries in: (ids of the person, how many) to newest entries."""
    _timeline[key] = source


def add_act(key: str, act: PersonAct) -> None:
    """Plug an entry into the menu of the person's page."""
    _acts[key] = act


def sections_for(person: Person) -> list[tuple[str, dict[str, Any]]]:
    """Templates with their context, in order."""
    ordered = sorted(_sections.values(), key=lambda each: each.order)
    return [(each.template, each.build(person)) for each in ordered]


def acts_for(person: Person, may: Collection[str]) -> list[tuple[str, str, bool]]:
    """Menu entries for who may do this: label, address, destructive or not."""
    ordered = sorted(_acts.values(), key=lambda each: each.order)
    return [
        (str(each.label), each.url(person), each.is_destructive)
        for each in ordered
        if not each.needs or each.needs in may
    ]


def act_url(key: str, person: Person) -> str:
    """The address of one entry; empty when no room plugged it in."""
    return _acts[key].url(person) if key in _acts else ""


def timeline_of(person_ids: Sequence[UUID], limit: int = 50) -> list[TimelineEntry]:
    """The newest entries of all sources together."""
    entries = [entry for source in _timeline.values() for entry in source(person_ids, limit)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


_list_links: dict[str, tuple[Callable[[], str], str]] = {}


def add_list_link(name: str, url: Callable[[], str], *, needs: str = "") -> None:
    """Plug an act of a higher room into the list of people: `add` or `import`."""
    _list_links[name] = url, needs


def list_links(may: Collection[str]) -> dict[str, str]:
    """The addresses of those acts, for who may do this."""
    return {name: url() for name, (url, needs) in _list_links.items() if not needs or needs in may}
