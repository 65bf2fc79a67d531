"""Which groups ask a field, and when a letter last left to such a group."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse

from akkoord.law.terms import law_day
from akkoord.law.use_rules import FieldUse, UseKind
from akkoord.messages.used_fields import LetterUse
from akkoord.segments.models import Group
from akkoord.segments.queries import fields_of_text
from akkoord.segments.within import names_in


def group_uses(
    letters: Sequence[LetterUse], texts: Mapping[UUID, Mapping[str, str]]
) -> Iterator[tuple[str, FieldUse]]:
    """Each field of each living group; one statement. `texts`: what groups say, by topic."""
    last = _last_used(letters)
    for group in Group.objects.filter(ended_at=None).order_by("name"):
        days = (last.get((group.purpose_id, group.name)), last.get((group.purpose_id, group.text)))
        use = FieldUse(
            UseKind.GROUP,
            group.name,
            max((each for each in days if each), default=None),
            is_live=True,
            url=reverse("segments:edit", args=[group.id]),
        )
        for key in sorted(fields_of_text(group.text, texts.get(group.purpose_id, {}))):
            yield key, use


def _last_used(letters: Sequence[LetterUse]) -> dict[tuple[UUID, str], date]:
    """By topic, and by a group's name or whole text: the last day of a letter with it."""
    found: dict[tuple[UUID, str], date] = {}
    for letter in letters:
        day = law_day(letter.at)
        for text in (letter.group, *letter.conditions):
            for name in {text, *names_in(text)} - {""}:
                key = (letter.purpose_id, name)
                found[key] = max(found.get(key, day), day)
    return found
