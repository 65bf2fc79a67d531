"""What is different between two versions, line by line, and whether people must hear of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from akkoord.policy.content import Content, Section

# A change here touches what happens with somebody's data (art. 13(3); EDPB WP260, 29-31).
MEANS_SOMETHING = frozenset({"who", "uses", "source", "recipients"})


@dataclass(frozen=True, slots=True)
class Change:
    """What changed under one heading: lines that went and lines that came."""

    key: str
    heading: str
    gone: Sequence[str]
    came: Sequence[str]

    @property
    def means_something(self) -> bool:
        """Whether it touches what happens with data; words by hand alone do not say so."""
        return self.key in MEANS_SOMETHING


def differences(before: Content | None, after: Content) -> list[Change]:
    """The changes from one version to another, in the order of the newer one; none: it is alike."""
    if before is None:
        return []
    return list(_changes(before, after))


def _changes(before: Content, after: Content) -> Iterator[Change]:
    old = {each.key: each for each in before.sections}
    for section in after.sections:
        yield from _in_section(section.key, section.heading, old.pop(section.key, None), section)
    for section in old.values():
        yield from _in_section(section.key, section.heading, section, None)


def _in_section(
    key: str, heading: str, before: Section | None, after: Section | None
) -> Iterator[Change]:
    gone = _lines(before)
    came = _lines(after)
    lost = [line for line in gone if line not in set(came)]
    new = [line for line in came if line not in set(gone)]
    if lost or new:
        yield Change(key, heading, lost, new)


def _lines(section: Section | None) -> list[str]:
    """The lines of a section, each fact with the name of what it is about."""
    if section is None:
        return []
    named = [
        f"{entry.name}: {fact.label}: {fact.text}"
        for entry in section.entries
        for fact in entry.facts
    ]
    texts = [f"{entry.name}: {entry.text}" for entry in section.entries if entry.text]
    return [*section.paragraphs, *section.points, *texts, *named, *section.own]
