"""Named reads of the policy: what is published, what would be, and what is different."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from akkoord.law.policy_rules import Gap
from akkoord.policy.building import build, own_words
from akkoord.policy.content import Content, canonical
from akkoord.policy.differences import Change, differences
from akkoord.policy.models import PolicyVersion
from akkoord.policy.told import policy_gaps, read_register

LANGUAGES = ("nl", "en")


def current_version() -> PolicyVersion | None:
    """The version that is published now; None: none ever was."""
    return PolicyVersion.objects.order_by("-number").first()


def versions() -> QuerySet[PolicyVersion]:
    """Every published version, the newest first."""
    return PolicyVersion.objects.order_by("-number").select_related("telling")


def content_of(version: PolicyVersion, language: str) -> Content:
    """What a version says in a language."""
    return Content.from_json(version.content_en if language == "en" else version.content_nl)


def changes_of(version: PolicyVersion, language: str) -> list[Change]:
    """What was different from the version before; none: it was the first."""
    before = PolicyVersion.objects.filter(number__lt=version.number).order_by("-number").first()
    if before is None:
        return []
    return differences(content_of(before, language), content_of(version, language))


def built_now(language: str) -> Content:
    """The policy as the register says it now."""
    return build(read_register(), own_words(), language)


@dataclass(frozen=True, slots=True)
class Draft:
    """The policy as it would be published now."""

    nl: Content
    en: Content
    gaps: Sequence[Gap]
    current: PolicyVersion | None

    def content(self, language: str) -> Content:
        """The draft in one language."""
        return self.en if language == "en" else self.nl

    def changes(self, language: str) -> list[Change]:
        """What is different from what is published."""
        if self.current is None:
            return []
        return differences(content_of(self.current, language), self.content(language))

    @property
    def is_published(self) -> bool:
        """Whether exactly this is published."""
        if self.current is None:
            return False
        kept = (content_of(self.current, "nl"), content_of(self.current, "en"))
        return canonical(*kept) == canonical(self.nl, self.en)

    @property
    def means_something(self) -> bool:
        """Whether a change touches what happens with people's data."""
        return any(each.means_something for each in self.changes("nl"))


def draft() -> Draft:
    """What would be published now, what it lacks, and what is published; ten queries."""
    register, words = read_register(), own_words()
    return Draft(
        nl=build(register, words, "nl"),
        en=build(register, words, "en"),
        gaps=policy_gaps(register),
        current=current_version(),
    )
