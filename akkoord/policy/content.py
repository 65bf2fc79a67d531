"""A policy as data: sections with paragraphs, points and entries, the same for page, PDF and text.

Plain text everywhere: nothing in it is markup, so nobody's words can be a script.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what is said of it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with facts of its own: a use of data, a recipient."""

    key: str
    name: str
    text: str
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; `own`: paragraphs by hand, shown after the facts."""

    key: str
    heading: str
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    entries: Sequence[Entry] = ()
    own: Sequence[str] = ()

    def lines(self) -> Iterator[str]:
        """Every line of text under the heading, in order."""
        yield from self.paragraphs
        yield from self.points
        for entry in self.entries:
            yield entry.name
            if entry.text:
                yield entry.text
            yield from (f"{fact.label}: {fact.text}" for fact in entry.facts)
        yield from self.own


@dataclass(frozen=True, slots=True)
class Content:
    """The whole policy in one language; `short`: the first layer, `sections`: the details."""

    language: str
    title: str
    lead: str
    short: Sequence[Fact]
    sections: Sequence[Section] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Plain values, as a version keeps them."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Content":
        """The content that `as_json` gave."""
        return cls(
            language=kept["language"],
            title=kept["title"],
            lead=kept["lead"],
            short=tuple(Fact(**each) for each in kept["short"]),
            sections=tuple(_section(each) for each in kept["sections"]),
        )

    def text(self) -> str:
        """All words, a line for each sentence's place: to measure how easy they read."""
        lines = [self.lead, *(fact.text for fact in self.short)]
        for section in self.sections:
            lines += [section.heading, *section.lines()]
        return "\n".join(lines)


def canonical(*contents: Content) -> bytes:
    """Bytes that are the same for the same words."""
    kept = [each.as_json() for each in contents]
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _section(kept: Mapping[str, Any]) -> Section:
    return Section(
        key=kept["key"],
        heading=kept["heading"],
        paragraphs=tuple(kept["paragraphs"]),
        points=tuple(kept["points"]),
        entries=tuple(
            Entry(
                each["key"],
                each["name"],
                each["text"],
                tuple(Fact(**fact) for fact in each["facts"]),
            )
            for each in kept["entries"]
        ),
        own=tuple(kept["own"]),
    )
